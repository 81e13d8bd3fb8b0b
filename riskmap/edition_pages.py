"""What the pages of editions show: the list, one edition, and what publishing now would freeze."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import AreaKind
from core.models import Area
from core.people import SYSTEM_USERNAME
from core.permissions import Permission, roles_with
from riskmap.change_page import differences_today
from riskmap.changes import Difference, changes_among
from riskmap.edition_totals import provisional_in, totals_between, totals_of, unapproved_in
from riskmap.editions import (
    GENESIS,
    CannotPublish,
    hash_of,
    known_for_publication,
    must_be_approved,
    unapproved_communes,
)
from riskmap.history import LIVE_DAYS, DayLevel
from riskmap.map_page import Total
from riskmap.models import Assessment, MapEdition, ProvincePolicy
from riskmap.moves import Move, moves_of
from riskmap.policies import rule_set_of
from riskmap.published import levels_in
from riskmap.rules.ruleset import Criterion, RuleSet, load_rule_set
from riskmap.viewpoint import levels_at


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition in the list. ``office`` is who published it: an office, never a person."""

    edition: MapEdition
    totals: Sequence[Total]
    provisional: int
    unapproved: int
    office: str


def edition_line(edition: MapEdition, earlier: MapEdition | None) -> EditionLine:
    """The line of an edition against the one before it; needs ``published_by``."""
    return EditionLine(
        edition,
        totals_of(edition, earlier),
        provisional_in(edition),
        unapproved_in(edition),
        office_of(edition),
    )


def office_of(edition: MapEdition) -> str:
    """The office behind the edition; needs ``published_by``."""
    if edition.published_by.username == SYSTEM_USERNAME:
        return _("hệ thống, tự động")
    return ", ".join(str(role.label) for role in roles_with(Permission.PUBLISH))


def edition_lines(editions: Sequence[MapEdition]) -> list[EditionLine]:
    """Lines of consecutive editions, newest first, each against the edition before it. One query."""
    if not editions:
        return []
    oldest = editions[-1]
    before = MapEdition.objects.filter(province=oldest.province_id, number=oldest.number - 1).first()
    return [
        edition_line(edition, earlier)
        for edition, earlier in zip(editions, [*editions[1:], before], strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Square:
    """An area as an edition shows it, its grounds in words."""

    row: DayLevel
    criteria: Sequence[Criterion]


@dataclass(frozen=True, slots=True)
class EditionPage:
    """One edition with the two beside it in the chain. ``replaced_by`` is a later one of the same day."""

    line: EditionLine
    earlier: MapEdition | None
    later: MapEdition | None
    replaced_by: MapEdition | None
    moves: Sequence[Move]
    squares: Sequence[Square]
    differences: Sequence[Difference] | None  # None: what is known today does not reach the day
    hash_holds: bool
    approval: bool  # whether it says which numbers nobody had accepted
    rule_set: RuleSet
    simulated: bool

    @property
    def edition(self) -> MapEdition:
        return self.line.edition

    @property
    def unapproved(self) -> list[DayLevel]:
        """The communes whose level rested on a number that nobody had accepted."""
        return [square.row for square in self.squares if square.row.unapproved]

    @property
    def is_first(self) -> bool:
        return self.edition.previous_hash == GENESIS


def find_edition(*, province: Area, number: int) -> MapEdition | None:
    """The edition with its province, publisher and payload."""
    editions = MapEdition.objects.select_related("province", "published_by", "payload")
    return editions.filter(province=province, number=number).first()


def page_of_edition(*, edition: MapEdition, on: date) -> EditionPage:
    """The page of an edition; ``on`` is today."""
    province = edition.province
    chain = MapEdition.objects.filter(province=province).select_related("province", "payload")
    earlier = chain.filter(number=edition.number - 1).first()
    later = chain.filter(number=edition.number + 1).first()
    replaced_by = chain.filter(day=edition.day, number__gt=edition.number).order_by("-number").first()
    rows = levels_in(edition)
    rule_set = rule_set_of([province.pk])[province.pk]
    if rule_set.name != edition.rule_set:
        rule_set = load_rule_set(edition.rule_set)
    known = {criterion.id: criterion for criterion in rule_set.criteria}
    return EditionPage(
        line=edition_line(edition, earlier),
        earlier=earlier,
        later=later,
        replaced_by=replaced_by,
        moves=moves_of(changes_among(levels_in(earlier), rows), rule_set=rule_set) if earlier else (),
        squares=[Square(row, [known[each] for each in row.criteria if each in known]) for row in rows],
        differences=None if replaced_by else differences_today(province, edition.day, on=on),
        hash_holds=hash_of(edition) == edition.hash,
        approval=json.loads(bytes(edition.payload.body)).get("approval", False),
        rule_set=rule_set,
        simulated=ProvincePolicy.objects.filter(province=province, simulated=True).exists(),
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """What an edition of ``cut_off`` would hold. ``silent_days`` have passed since the last report."""

    cut_off: datetime
    day: date
    earlier: MapEdition | None
    totals: Sequence[Total]
    provisional: int
    unapproved: int
    moves: Sequence[Move]
    last_reported_day: date
    silent_days: int


def refuse_long_silence(*, province: Area, cut_off: datetime) -> None:
    """Raise ``CannotPublish`` for a day so long after the last report that the map does not reach it."""
    assessment = Assessment.objects.filter(province=province).first()
    last_shown = assessment and assessment.last_reported_day + timedelta(days=LIVE_DAYS)
    if last_shown and timezone.localtime(cut_off).date() > last_shown:
        raise CannotPublish(
            _(
                "Báo cáo gần nhất là của ngày %(day)s, đã quá %(count)s ngày. "
                "Xin nhập báo cáo mới rồi công bố."
            )
            % {"day": f"{assessment.last_reported_day:%d/%m/%Y}", "count": LIVE_DAYS}
        )


def preview_of(*, province: Area, cut_off: datetime, at: datetime) -> Preview:
    """What ``publish`` would freeze for ``cut_off``. Raises ``CannotPublish``; writes nothing."""
    refuse_long_silence(province=province, cut_off=cut_off)
    knowledge, earlier = known_for_publication(province=province, cut_off=cut_off, at=at)
    day = timezone.localtime(cut_off).date()
    rows = levels_at(knowledge, province=province, day=day, kinds=[AreaKind.COMMUNE])
    before = levels_in(earlier) if earlier else None
    unapproved = unapproved_communes(knowledge, day) if must_be_approved(province) else ()
    return Preview(
        cut_off=cut_off,
        day=day,
        earlier=earlier,
        totals=totals_between(
            (row.level for row in rows), None if before is None else (row.level for row in before)
        ),
        provisional=sum(row.provisional for row in rows),
        unapproved=sum(row.level > 0 and row.area_id in unapproved for row in rows),
        moves=moves_of(changes_among(before or (), rows), rule_set=knowledge.rule_set),
        last_reported_day=knowledge.last_reported_day,
        silent_days=(day - knowledge.last_reported_day).days,
    )
