"""A province as seen from a viewpoint: which days there are, and their levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import AreaKind
from core.models import Area
from riskmap.area_history import Span, spans_at, spans_known, spans_published
from riskmap.as_of import Knowledge, known_at
from riskmap.history import LIVE_DAYS, DayLevel, DayNotKnown, assessment_of, check_day, levels_on, period_of
from riskmap.models import Assessment, MapEdition
from riskmap.published import edition_of, levels_published
from riskmap.viewpoint import PUBLISHED, Viewpoint, levels_at


@dataclass(frozen=True)
class Seen:
    """``version`` is that of the levels known now, or the number of the newest edition."""

    province: Area
    viewpoint: Viewpoint
    first_day: date
    last_day: date
    rule_set: str
    version: int | None

    def day(self, asked: date | None) -> date:
        """``asked``, or the last day seen. Raises ``DayNotKnown`` for a day that is not seen."""
        raise NotImplementedError

    def levels(self, day: date, kinds: Sequence[AreaKind]) -> list[DayLevel]:
        """Every unit of the kinds on a day that ``day`` let pass, in Vietnamese order."""
        raise NotImplementedError

    def spans(self, area: Area, first: date, last: date) -> list[Span]:
        """The levels of one unit over a period that ``period`` let pass, oldest first."""
        raise NotImplementedError

    def period(self, since: date | None, until: date | None) -> tuple[date, date]:
        """First and last day asked for, or all days seen. Raises ``DayNotKnown`` for days that are not."""
        for day in filter(None, (since, until)):
            if not self.first_day <= day <= self.last_day:
                raise DayNotKnown(
                    _("Không có mức độ nguy cơ ngày %(day)s: chỉ xem được từ %(first)s đến %(last)s.")
                    % {
                        "day": f"{day:%d/%m/%Y}",
                        "first": f"{self.first_day:%d/%m/%Y}",
                        "last": f"{self.last_day:%d/%m/%Y}",
                    }
                )
        return since or self.first_day, until or self.last_day

    def day_before(self, day: date) -> date | None:
        """The day a total is compared with; ``None`` on the first."""
        return day - timedelta(days=1) if day > self.first_day else None


@dataclass(frozen=True)
class SeenNow(Seen):
    assessment: Assessment

    def day(self, asked: date | None) -> date:
        if asked is None:
            return self.last_day
        check_day(self.assessment, asked, on=self.last_day)
        return asked

    def levels(self, day: date, kinds: Sequence[AreaKind]) -> list[DayLevel]:
        return levels_on(province=self.province, day=day, kinds=kinds)

    def spans(self, area: Area, first: date, last: date) -> list[Span]:
        return spans_known(area=area, first=first, last=last)


class SeenPublished(Seen):
    def day(self, asked: date | None) -> date:
        if asked is None:
            return self.last_day
        return edition_of(province=self.province, day=asked).day

    def levels(self, day: date, kinds: Sequence[AreaKind]) -> list[DayLevel]:
        return levels_published(province=self.province, day=day, kinds=tuple(kinds))

    def spans(self, area: Area, first: date, last: date) -> list[Span]:
        return spans_published(area=area, province=self.province, first=first, last=last)

    def day_before(self, day: date) -> date | None:
        """The published day before: a day without an edition showed nothing new."""
        before = MapEdition.objects.filter(province=self.province, day__lt=day).order_by("-day")
        return before.values_list("day", flat=True).first()


@dataclass(frozen=True)
class SeenThen(Seen):
    knowledge: Knowledge

    def day(self, asked: date | None) -> date:
        if asked is None:
            return self.last_day
        if not self.first_day <= asked <= timezone.localdate(self.viewpoint.instant):
            raise _nothing_known(self.viewpoint, asked)
        return asked

    def levels(self, day: date, kinds: Sequence[AreaKind]) -> list[DayLevel]:
        return levels_at(self.knowledge, province=self.province, day=day, kinds=kinds)

    def spans(self, area: Area, first: date, last: date) -> list[Span]:
        return spans_at(self.knowledge, area=area, first=first, last=last)


def see(province: Area, viewpoint: Viewpoint, *, on: date) -> Seen:
    """The province from there. ``on`` is today. Raises ``DayNotKnown`` where nothing is seen at all."""
    if viewpoint.instant:
        return _then(province, viewpoint)
    if viewpoint.word == PUBLISHED:
        return _published(province, viewpoint)
    assessment = assessment_of(province)
    first, last = period_of(assessment, on=on)
    version = assessment.version
    return SeenNow(assessment.province, viewpoint, first, last, assessment.rule_set, version, assessment)


def _published(province: Area, viewpoint: Viewpoint) -> Seen:
    editions = MapEdition.objects.filter(province=province).only("day", "rule_set", "number")
    newest = editions.order_by("-number").first()
    if newest is None:
        raise nothing_published(province)
    first = editions.order_by("day").values_list("day", flat=True)[0]
    return SeenPublished(province, viewpoint, first, newest.day, newest.rule_set, newest.number)


def _then(province: Area, viewpoint: Viewpoint) -> Seen:
    today = timezone.localdate(viewpoint.instant)
    knowledge = known_at(province=province, instant=viewpoint.instant)
    if knowledge is None:
        raise _nothing_known(viewpoint, today)
    reported = knowledge.last_reported_day
    last = reported if today > reported + timedelta(days=LIVE_DAYS) else max(reported, today)
    first = knowledge.first_reported_day
    return SeenThen(province, viewpoint, first, min(last, today), knowledge.rule_set.name, None, knowledge)


def nothing_published(province: Area) -> DayNotKnown:
    """The refusal of a province without any edition."""
    return DayNotKnown(
        _("%(province)s chưa có bản đồ công bố.") % {"province": province.name}, code="not_published"
    )


def _nothing_known(viewpoint: Viewpoint, day: date) -> DayNotKnown:
    return DayNotKnown(
        _("Lúc %(instant)s chưa biết gì về ngày %(day)s.")
        % {"instant": f"{timezone.localtime(viewpoint.instant):%H:%M %d/%m/%Y}", "day": f"{day:%d/%m/%Y}"}
    )
