"""The register: what was awarded, to whom, by which decision. Public; no more of a person than the award."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from awards.models import DecisionLine
from campaign.enums import GroupKind
from campaign.models import Phase
from core.codes import read_code
from core.vietnamese import fold
from riskmap.paper.books import as_bytes, put, set_widths

_NEVER = datetime(2021, 1, 1, tzinfo=UTC)
_PHASE = "decision__proposal__phase"
COLUMNS = {
    "STT": 6,
    "Tên": 36,
    "Đơn vị": 44,
    "Hình thức khen": 36,
    "Đợt": 20,
    "Số quyết định": 20,
    "Ngày ký": 12,
}
STATISTICS_COLUMNS = {
    "Phong trào": 40,
    "Đợt": 20,
    "Theo": 20,
    "Tên": 40,
    "Tập thể": 10,
    "Cá nhân": 10,
    "Cộng": 10,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many collectives and persons were awarded, of one kind, group or district."""

    name: str
    collectives: int
    people: int

    @property
    def total(self) -> int:
        return self.collectives + self.people


@dataclass(frozen=True, slots=True)
class Statistic:
    """The awards of a phase: by kind, by group of the units, by the district whose dossier it was."""

    phase: Phase
    kinds: tuple[Counted, ...]
    groups: tuple[Counted, ...]
    districts: tuple[Counted, ...]

    @property
    def collectives(self) -> int:
        return sum(each.collectives for each in self.kinds)

    @property
    def people(self) -> int:
        return sum(each.people for each in self.kinds)

    @property
    def total(self) -> int:
        return self.collectives + self.people


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
    phases = Phase.objects.select_related("campaign").filter(pk__in=lines.order_by().values(_PHASE))
    kinds = _counted(lines, "award")
    groups = _counted(lines, "nominee__unit__kind")
    districts = _counted(lines, "nominee__dossier__area__name", "nominee__dossier__area__sort_key")
    return [
        Statistic(
            row,
            kinds[row.pk],
            tuple(replace(each, name=str(GroupKind(each.name).label)) for each in groups[row.pk]),
            districts[row.pk],
        )
        for row in sorted(phases, key=lambda row: (row.first_day, row.pk), reverse=True)
    ]


def _counted(lines: QuerySet[DecisionLine], name: str, order: str = "") -> dict[int, tuple[Counted, ...]]:
    """By phase (id), the names with their counts, in the order of ``order`` or of the names."""
    of_person = ~Q(nominee__person="")
    columns = [_PHASE, *([order] if order else []), name]
    rows = lines.order_by().values_list(*columns).order_by(*columns)
    rows = rows.annotate(collectives=Count("pk", filter=~of_person), people=Count("pk", filter=of_person))
    counted: dict[int, list[Counted]] = {}
    for pk, *_order, named, collectives, people in rows:
        counted.setdefault(pk, []).append(Counted(named, collectives, people))
    return {pk: tuple(each) for pk, each in counted.items()}


def certificate_of(text: str) -> DecisionLine | None:
    """The line of a certificate, by the code that somebody copied from it; also of a corrected decision."""
    code = read_code(text)
    rows = DecisionLine.objects.filter(awarded=True).select_related("decision__proposal__phase__campaign")
    return rows.filter(code=code).first() if code else None


def address_of_certificate(code: str) -> str | None:
    """The page that checks the code, where it is a certificate's."""
    known = DecisionLine.objects.filter(awarded=True, code=code).exists()
    return f"{reverse('awards:certificate')}?code={code}" if known else None


def register_book(lines: QuerySet[DecisionLine]) -> bytes:
    """The lines and their statistics as a workbook; the same lines give the same bytes."""
    book, rows = Workbook(), list(lines)
    with translation.override("vi"):
        _write_lines(book.active, rows)
        _write_statistics(book.create_sheet("Thống kê"), statistics(lines))
    moment = max((row.decision.entered_at for row in rows), default=None)
    return as_bytes(book, moment=moment or _NEVER)


def _write_lines(page: Worksheet, lines: Iterable[DecisionLine]) -> None:
    page.title = "Khen thưởng"
    _write_heads(page, COLUMNS)
    for number, line in enumerate(lines, 1):
        decision = line.decision
        cells = (
            number, line.name, line.unit_name, line.award, decision.proposal.phase.name,
            decision.number, decision.signed_on,
        )  # fmt: skip
        for column, value in enumerate(cells, 1):
            put(page, number + 1, column, value)


def _write_statistics(page: Worksheet, told: Iterable[Statistic]) -> None:
    _write_heads(page, STATISTICS_COLUMNS)
    row = 1
    for each in told:
        where = (each.phase.campaign.short_title, each.phase.name)
        whole = Counted("", each.collectives, each.people)
        parts = [("Cả đợt", whole)]
        parts += [("Hình thức khen", one) for one in each.kinds]
        parts += [("Đối tượng", one) for one in each.groups]
        parts += [("Địa bàn lập hồ sơ", one) for one in each.districts]
        for by, one in parts:
            row += 1
            cells = (*where, by, one.name, one.collectives, one.people, one.total)
            for column, value in enumerate(cells, 1):
                put(page, row, column, value)


def _write_heads(page: Worksheet, columns: dict[str, int]) -> None:
    set_widths(page, columns.values())
    for column, head in enumerate(columns, 1):
        put(page, 1, column, head, head=True)
    page.freeze_panes = "A2"
