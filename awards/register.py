"""The register: what was awarded, to whom, by which decision. Public; no more of a person than the award."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import translation
from openpyxl import Workbook

from awards.models import DecisionLine
from campaign.enums import GroupKind, Recipient
from campaign.models import Phase
from core.codes import read_code
from core.vietnamese import fold
from riskmap.paper.books import as_bytes, put, set_widths

_NEVER = datetime(2021, 1, 1, tzinfo=UTC)
COLUMNS = {
    "STT": 6,
    "Tên": 36,
    "Đơn vị": 44,
    "Hình thức khen": 36,
    "Đợt": 20,
    "Số quyết định": 20,
    "Ngày ký": 12,
}


@dataclass(frozen=True, slots=True)
class Statistic:
    """How many awards of a phase there are of a kind, a group and a district."""

    phase: Phase
    total: int
    kinds: tuple[tuple[str, int], ...]
    groups: tuple[tuple[str, int], ...]
    districts: tuple[tuple[str, int], ...]


def awarded_lines() -> QuerySet[DecisionLine]:
    """The awards in force: of decisions that no further one corrects; latest first."""
    lines = DecisionLine.objects.filter(awarded=True, decision__corrections__isnull=True)
    lines = lines.select_related("decision__proposal__phase__campaign")
    lines = lines.defer("decision__content")
    return lines.order_by("-decision__signed_on", "-decision_id", "place")


def narrowed(
    lines: QuerySet[DecisionLine], *, q: str = "", campaign: str = "", phase: str = "", year: str = ""
) -> QuerySet[DecisionLine]:
    """The lines that match every word (without diacritics), of a campaign (slug), phase (code), year."""
    for word in fold(q).split():
        lines = lines.filter(search_text__contains=word)
    if campaign:
        lines = lines.filter(decision__proposal__phase__campaign__slug=campaign)
    if phase:
        lines = lines.filter(decision__proposal__phase__code=phase)
    if year:
        lines = lines.filter(decision__signed_on__year=int(year))
    return lines


def statistics(lines: QuerySet[DecisionLine]) -> list[Statistic]:
    """By phase, the latest first; four queries, however many."""
    phase = "decision__proposal__phase"
    phases = Phase.objects.select_related("campaign").filter(pk__in=lines.order_by().values(phase))
    by = {
        "kinds": _counted(lines.annotate(of_person=~Q(nominee__person="")), phase, "award", "of_person"),
        "groups": _counted(lines, phase, "nominee__unit__kind"),
        "districts": _counted(lines, phase, "nominee__dossier__area__name"),
    }
    told = []
    for row in sorted(phases, key=lambda row: (row.first_day, row.pk), reverse=True):
        kinds = tuple(
            (f"{award}, {Recipient.PERSON.label if person else Recipient.COLLECTIVE.label}", count)
            for (award, person), count in by["kinds"][row.pk]
        )
        groups = tuple((str(GroupKind(kind).label), count) for (kind,), count in by["groups"][row.pk])
        districts = tuple((name, count) for (name,), count in by["districts"][row.pk])
        told.append(Statistic(row, sum(count for _kind, count in kinds), kinds, groups, districts))
    return told


def _counted(lines: QuerySet[DecisionLine], phase: str, *names: str) -> dict[int, list[tuple[Any, int]]]:
    counted: dict[int, list[tuple[Any, int]]] = {}
    rows = lines.order_by().values_list(phase, *names).annotate(count=Count("pk")).order_by(phase, *names)
    for pk, *values, count in rows:
        counted.setdefault(pk, []).append((tuple(values), count))
    return counted


def certificate_of(text: str) -> DecisionLine | None:
    """The line of a certificate, by the code that somebody copied from it; also of a corrected decision."""
    code = read_code(text)
    rows = DecisionLine.objects.filter(awarded=True).select_related("decision__proposal__phase__campaign")
    return rows.filter(code=code).first() if code else None


def register_book(lines: Iterable[DecisionLine]) -> bytes:
    """The lines as a workbook; the same lines give the same bytes."""
    book, rows = Workbook(), list(lines)
    with translation.override("vi"):
        page = book.active
        page.title = "Khen thưởng"
        set_widths(page, COLUMNS.values())
        for column, head in enumerate(COLUMNS, 1):
            put(page, 1, column, head, head=True)
        for number, line in enumerate(rows, 1):
            decision = line.decision
            cells = (
                number, line.name, line.unit_name, line.award, decision.proposal.phase.name,
                decision.number, decision.signed_on,
            )  # fmt: skip
            for column, value in enumerate(cells, 1):
                put(page, number + 1, column, value)
        page.freeze_panes = "A2"
    moment = max((row.decision.entered_at for row in rows), default=None)
    return as_bytes(book, moment=moment or _NEVER)
