"""What the page of changes shows: who changed colour and why, who is silent, what was corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import Area
from riskmap.changes import Difference, changes_among, differences_on
from riskmap.history import DayNotKnown, check_day, period_of
from riskmap.models import Assessment, MapEdition, ProvincePolicy
from riskmap.moves import Move, moves_of
from riskmap.policies import rule_set_of
from riskmap.published import edition_of
from riskmap.silence import Silent, silent_on
from riskmap.viewpoint import PUBLISHED, Viewpoint, levels_of_days

#: How far back the quick links look, in days.
LOOK_BACKS = (1, 7, 14)


@dataclass(frozen=True, slots=True)
class Period:
    """The days that can be chosen from a viewpoint, oldest first, and those that were chosen."""

    days: Sequence[date]
    first: date | None  # none where the last is the only day there is
    last: date

    def before(self, days: int) -> date | None:
        """The newest day that can be chosen and lies at least so many days before the last."""
        return next(
            (day for day in reversed(self.days) if day <= self.last - timedelta(days=days)),
            None,
        )


@dataclass(frozen=True)
class ChangePage:
    """The changes of one province between two days, as seen from a viewpoint."""

    assessment: Assessment
    viewpoint: Viewpoint
    period: Period
    moves: Sequence[Move]
    silent: Sequence[Silent]
    edition: MapEdition | None
    differences: Sequence[Difference] | None  # None: what is known today does not reach the day
    simulated: bool

    @property
    def province(self):
        return self.assessment.province

    @cached_property
    def worse(self) -> list[Move]:
        return [move for move in self.moves if move.change.worse]

    @cached_property
    def better(self) -> list[Move]:
        return [move for move in self.moves if not move.change.worse]

    @cached_property
    def quick_spans(self) -> list[tuple[str, date]]:
        """Words and first day of the spans offered, each span once."""
        words = {1: _("hôm trước"), 7: _("7 ngày trước"), 14: _("14 ngày trước")}
        spans: dict[date, str] = {}
        for days in LOOK_BACKS:
            if begin := self.period.before(days):
                spans.setdefault(begin, words[days])
        if self.period.days and self.period.days[0] < self.period.last:
            spans.setdefault(self.period.days[0], _("ngày đầu"))
        return [(word, begin) for begin, word in spans.items()]


def period_seen(
    *, assessment: Assessment, viewpoint: Viewpoint, first: date | None, last: date | None, on: date
) -> Period:
    """The days asked for, or the last one and the one before it. Raises ``DayNotKnown``.

    As published, "the one before" is the last that was published before it.
    """
    province = assessment.province
    if is_published(viewpoint):
        editions = MapEdition.objects.filter(province=province)
        days = list(editions.order_by("day").values_list("day", flat=True).distinct())
        if not days:
            raise DayNotKnown(
                _("%(province)s chưa công bố bản đồ nào.") % {"province": province.name}, code="not_published"
            )
    else:
        begin, end = period_of(assessment, on=on)
        if viewpoint.instant:
            end = min(end, timezone.localtime(viewpoint.instant).date())
        days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
        for day in (first, last):
            if day:
                check_day(assessment, day, on=period_of(assessment, on=on)[1])
    last = last or (days[-1] if days else begin)
    period = Period(days, first, last)
    return period if first else Period(days, period.before(1), last)


def is_published(viewpoint: Viewpoint) -> bool:
    return viewpoint.word == PUBLISHED and viewpoint.instant is None


def page_of_changes(
    *, assessment: Assessment, viewpoint: Viewpoint, period: Period, at: datetime
) -> ChangePage:
    """The page of a period. ``at`` is now. Raises ``DayNotKnown`` for days that cannot be seen from there."""
    province, on = assessment.province, timezone.localtime(at).date()
    days = [period.first, period.last] if period.first else [period.last]
    levels = levels_of_days(province=province, days=days, viewpoint=viewpoint, on=on)
    try:
        edition = edition_of(province=province, day=period.last)
    except DayNotKnown:
        edition = None
    instant = viewpoint.instant or (edition.cut_off if edition and is_published(viewpoint) else at)
    return ChangePage(
        assessment=assessment,
        viewpoint=viewpoint,
        period=period,
        moves=moves_of(
            changes_among(levels[0], levels[-1]),
            rule_set=rule_set_of([province.pk])[province.pk],
        ),
        silent=silent_on(levels[-1], day=period.last, instant=instant),
        edition=edition,
        differences=differences_today(province, period.last, on=on) if edition else None,
        simulated=ProvincePolicy.objects.filter(province=province, simulated=True).exists(),
    )


def differences_today(province: Area, day: date, *, on: date) -> list[Difference] | None:
    """Where the day's edition and today's knowledge differ; ``None`` while the day is not computed yet."""
    try:
        return differences_on(province=province, day=day, on=on)
    except DayNotKnown:
        return None
