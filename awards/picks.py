"""Units that a dossier may pick: of its area, eligible on the latest shortlist, with rank, class and reasons.

Before there is a shortlist the current standing says who would be eligible. Others can be named by the
form; the check before handing in says why they are not on the list (``doubts_about``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from awards.candidates import withdrawn_units
from awards.dossier_papers import Fault, kinds_of, proposed
from awards.dossiers import DossierRefused
from awards.enums import NomineeStatus
from awards.law import AwardKind
from awards.models import Dossier, Nominee
from awards.nominees import PERSON, Proposal, add_nominees, units_of
from awards.shortlist_making import why_not_eligible
from awards.shortlist_table import BECAUSE, Flag, ShortlistLine, ShortlistTable, office_reading
from awards.shortlists import latest_shortlist
from campaign.models import Campaign, Unit
from campaign.scoring.facts import KEPT_GREEN
from campaign.standing import standing_of
from campaign.standing_page import CLASSES
from campaign.standing_table import GroupTable, Line, StandingTable
from campaign.standing_words import CLASS_LABELS
from core.models import User
from riskmap.enums import MapView


@dataclass(frozen=True, slots=True)
class Pick:
    """A unit of the area. ``why_not`` is empty where it is eligible; ``is_picked``: the dossier has it."""

    unit_id: int
    name: str
    place: str  # of what it lies in
    class_label: str
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    reasons: tuple[str, ...]
    flags: tuple[Flag, ...]
    why_not: str
    is_picked: bool


@dataclass(frozen=True, slots=True)
class PickGroup:
    """A group of the plan: the eligible by class, those with a rank first, and the others."""

    name: str
    classes: list[tuple[str, str, list[Pick]]]  # with the office's reading where it is one
    left_out: list[Pick]


@dataclass(frozen=True)
class Picks:
    """Taken from ``shortlist``, from ``standing`` before there is one; nothing before either."""

    groups: list[PickGroup]
    shortlist: ShortlistTable | None
    standing: StandingTable | None
    award: AwardKind | None

    @property
    def day(self) -> date | None:
        if self.shortlist:
            return self.shortlist.through
        return self.standing.day if self.standing else None

    @property
    def offered(self) -> list[Pick]:
        return [pick for group in self.groups for _label, _note, picks in group.classes for pick in picks]


def picks_of(dossier: Dossier) -> Picks:
    """The units of the dossier's area, from the latest shortlist; as many queries for many as for one."""
    units = set(units_of(dossier).values_list("pk", flat=True))
    standing_nominees = dossier.nominees.exclude(status=NomineeStatus.WITHDRAWN).filter(person="")
    picked = set(standing_nominees.values_list("unit", flat=True))
    table = latest_shortlist(dossier.phase)
    standing = None if table else _standing(dossier)
    if table:
        withdrawn = withdrawn_units(table.shortlist)
        found = [
            (group.name, [_of_list(line, withdrawn, picked) for line in group.lines if line.unit_id in units])
            for group in table.groups
        ]
    else:
        required = dossier.phase.campaign.registration_required
        found = [
            (group.name, [_of_standing(*each, picked) for each in _rows(group, units, required)])
            for group in (standing.groups if standing else ())
        ]
    groups = [_group(name, picks) for name, picks in found if picks]
    return Picks(groups, table, standing, collective_kind(dossier.phase.campaign))


def pick(*, dossier: Dossier, units: Collection[int], by: User, at: datetime) -> list[Nominee]:
    """Propose the units (ids) for the award of collectives, in the list's order: all of them or none.

    Raises ``DossierRefused`` for one that is not eligible: such a unit is named by the form; and
    ``NomineesRefused`` for one that is in the dossier.
    """
    if not units:
        raise DossierRefused(_("Xin đánh dấu ít nhất một đơn vị."))
    picks = picks_of(dossier)
    if picks.award is None:
        raise DossierRefused(_("Quy định của phong trào không có hình thức khen cho tập thể."))
    order = [each.unit_id for each in picks.offered if each.unit_id in set(units)]
    if len(order) != len(set(units)):
        raise DossierRefused(
            _("Có đơn vị không còn đủ điều kiện trong danh sách; xin tải lại trang, hoặc thêm bằng mẫu nhập.")
        )
    rows = Unit.objects.in_bulk(order)
    proposals = [Proposal(rows[unit], picks.award.code) for unit in order]
    return add_nominees(dossier=dossier, proposals=proposals, by=by, at=at)


def doubts_about(dossier: Dossier) -> list[Fault]:
    """The nominees whose unit is not eligible, with why; they may be handed in all the same."""
    nominees = proposed(dossier)
    if not nominees:
        return []
    picks = picks_of(dossier)
    if picks.day is None:
        return []
    known = {each.unit_id: each for group in picks.groups for each in group.left_out}
    eligible = {each.unit_id for each in picks.offered}
    doubts = []
    for nominee in nominees:
        if nominee.unit_id in eligible:
            continue
        left_out = known.get(nominee.unit_id)
        why = left_out.why_not if left_out else _("không có trong danh sách")
        said = {"name": str(nominee), "unit": nominee.unit.name, "why": why}
        words = (
            _("%(name)s: đơn vị đề cử, %(unit)s, chưa đủ điều kiện: %(why)s.") % said
            if nominee.person
            else _("%(name)s chưa đủ điều kiện: %(why)s.") % said
        )
        doubts.append(Fault(words, reverse("awards:nominee_edit", args=[dossier.pk, nominee.pk])))
    return doubts


def collective_kind(campaign: Campaign) -> AwardKind | None:
    """The award of the province's chairman for collectives."""
    return next((kind for kind in kinds_of(campaign) if kind.recipient != PERSON), None)


def _standing(dossier: Dossier) -> StandingTable | None:
    """As known, which holds the corrections; else as published."""
    known = standing_of(phase=dossier.phase, view=MapView.KNOWN)
    return known or standing_of(phase=dossier.phase, view=MapView.PUBLISHED)


def _rows(group: GroupTable, units: set[int], required: bool) -> Iterable[tuple[Line, list[str]]]:
    for unit_class in CLASSES:
        rows = [row for row in group.rows_of_class(unit_class).tolist() if group.units[row].unit_id in units]
        for row, line in zip(rows, group.lines(rows), strict=True):
            yield line, why_not_eligible(group, row, line.facts, required=required)


def _of_list(line: ShortlistLine, withdrawn: set[int], picked: set[int]) -> Pick:
    is_out = line.unit_id in withdrawn
    said = (line.ground_words, line.words, line.registration_words, line.rank_words)
    return Pick(
        unit_id=line.unit_id,
        name=line.name,
        place=line.parent_name,
        class_label=line.class_label,
        rank=line.rank,
        rank_low=line.rank_low,
        rank_high=line.rank_high,
        reasons=tuple(filter(None, said)),
        flags=line.flags,
        why_not=_("đã bị rút khi kiểm tra lại cuối đợt") if is_out else line.ineligible_because,
        is_picked=line.unit_id in picked,
    )


def _of_standing(line: Line, because: list[str], picked: set[int]) -> Pick:
    rank = line.rank or None
    reasons = (line.words, line.registration_words, line.rank_words)
    return Pick(
        unit_id=line.unit_id,
        name=line.name,
        place=line.parent_name,
        class_label=str(CLASS_LABELS[line.unit_class]),
        rank=rank,
        rank_low=rank,
        rank_high=rank,
        reasons=tuple(each for each in reasons if each),
        flags=(),
        why_not="; ".join(str(BECAUSE[each]) for each in because),
        is_picked=line.unit_id in picked,
    )


def _group(name: str, picks: list[Pick]) -> PickGroup:
    classes: dict[str, list[Pick]] = {}
    for each in picks:
        if not each.why_not:
            classes.setdefault(each.class_label, []).append(each)
    found = [
        (label, office_reading() if label == CLASS_LABELS[KEPT_GREEN] else "", eligible)
        for label, eligible in classes.items()
    ]
    return PickGroup(name, found, [each for each in picks if each.why_not])
