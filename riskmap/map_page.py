"""What the map page of one day shows: rows, totals, differences, and where its bytes lie. Reads only."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import AreaKind
from core.models import Area, BoundarySet, User
from core.models.scoping import granted_paths
from core.permissions import Permission
from riskmap.as_of import Knowledge, known_at
from riskmap.colours import LOOKS, Look
from riskmap.enums import MapView, RiskLevel
from riskmap.history import LIVE_DAYS, DayLevel, DayNotKnown, levels_on, period_of
from riskmap.maps import LAYERS as DRAWN_LAYERS
from riskmap.maps import frames_at
from riskmap.models import Assessment, LevelSpan, MapEdition, ProvincePolicy, PublishedMap
from riskmap.published import levels_published
from riskmap.viewpoint import levels_at

LAYERS = (AreaKind.COMMUNE, AreaKind.DISTRICT)
#: A table of more rows begins with a few, and shows others when asked; as in static/js/twin_table.js.
ALL_ROWS_UP_TO = 500
FIRST_ROWS = 100

#: By layer and code, the level of an area and whether it is provisional.
Levels = Mapping[tuple[str, str], tuple[RiskLevel, bool]]
#: How many areas of the layer shown have each level.
Counts = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Total:
    """How many areas have a level, and how many more than the last time (``None`` on the first day)."""

    look: Look
    count: int
    change: int | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the table. ``other``: its level in the other view where that differs; ``compared``: on the
    second day, where there is one."""

    level: DayLevel
    other: Look | None
    compared: Look | None


@dataclass(frozen=True, slots=True)
class EditionOfDay:
    """The last edition of a published day."""

    pk: int
    day: date
    number: int
    cut_off: datetime


@dataclass
class MapOfDay:
    """One province on one day; ``rows`` are all its communes and districts, in Vietnamese order.

    ``district`` and ``chosen`` are the rows of the places that are looked at.

    ``knowledge`` is what an instant knew, where the known view is of then rather than of now; its frames go
    with the page, since no asset holds them. ``editions`` are the published days, oldest first. ``other``
    are the levels of the other view, ``before`` the totals these are held against, ``compared`` the levels
    of the second day; ``None`` where there is nothing to hold against.
    """

    assessment: Assessment
    published: PublishedMap | None
    editions: Sequence[EditionOfDay]
    boundaries: BoundarySet | None
    simulated: bool
    first_day: date
    last_day: date
    day: date
    compare: date | None
    layer: AreaKind
    view: MapView
    rows: Sequence[DayLevel]
    other: Levels | None
    before: Counts | None
    compared: Levels | None
    with_hamlets: frozenset[int]  # communes, by id
    knowledge: Knowledge | None = None
    district: DayLevel | None = None
    chosen: DayLevel | None = None

    @property
    def province(self):
        return self.assessment.province

    @property
    def shows_published(self) -> bool:
        return self.view == MapView.PUBLISHED

    @property
    def other_view(self) -> MapView:
        return MapView.KNOWN if self.shows_published else MapView.PUBLISHED

    @cached_property
    def edition(self) -> EditionOfDay | None:
        """The edition of the day shown, if the day was published."""
        return next((each for each in self.editions if each.day == self.day), None)

    @property
    def can_be_drawn(self) -> bool:
        """Whether the bytes of the map exist already."""
        return bool(self.boundaries and (self.frames_id or self.knowledge))

    @property
    def frames_id(self) -> str | None:
        """Of the view shown; ``None`` where it is that of an instant."""
        if self.shows_published:
            return self.published.frames_id
        return None if self.knowledge else self.assessment.frames_id

    @cached_property
    def frames(self) -> dict:
        """The frames of the instant, as the asset of what is known now would hold them."""
        return json.loads(frames_at(self.knowledge))

    @property
    def known_at(self) -> datetime:
        """What was recorded until then is what the known view shows."""
        return self.knowledge.instant if self.knowledge else self.assessment.computed_at

    @property
    def other_frames_id(self) -> str | None:
        return (
            self.assessment.frames_id if self.shows_published else self.published and self.published.frames_id
        )

    @property
    def has_day(self) -> bool:
        """Whether the view shown has the day at all."""
        return any(row.level for row in self.rows)

    @property
    def upper(self) -> DayLevel | None:
        """The district that is looked at, or else that of the commune chosen."""
        if self.district or not self.chosen or self.chosen.kind != AreaKind.COMMUNE:
            return self.district
        return self.row_of(self.chosen.parent_code, AreaKind.DISTRICT)

    @property
    def usual_second_day(self) -> date:
        """What the day is compared with before another is chosen: a week earlier, within what there is."""
        earlier = max(self.first_day, self.day - timedelta(days=7))
        return earlier if earlier < self.day else self.last_day

    @cached_property
    def districts(self) -> list[DayLevel]:
        return [row for row in self.rows if row.kind == AreaKind.DISTRICT]

    @cached_property
    def layers(self) -> list[tuple[AreaKind, list[TableRow]]]:
        """The first rows of each layer; communes only of the district chosen, where one is.

        The layer that is not shown has one row, which the script makes the others from.
        """
        layers = []
        for layer in LAYERS:
            rows = [row for row in self.rows if row.kind == layer and self._in_scope(row)]
            first = 1 if layer != self.layer else len(rows) if len(rows) <= ALL_ROWS_UP_TO else FIRST_ROWS
            layers.append((layer, [self._table_row(row) for row in rows[:first]]))
        return layers

    @property
    def rows_left_out(self) -> int:
        """How many rows of the layer shown the page begins without."""
        rows = sum(row.kind == self.layer and self._in_scope(row) for row in self.rows)
        return rows - len(dict(self.layers)[self.layer])

    @cached_property
    def units(self) -> dict[str, list[list[str | int]]]:
        """By layer, code and name of every area; of communes also the district's code and a 1 where hamlets
        are listed."""
        return {
            str(layer): [
                [row.code, row.name, row.parent_code, int(row.area_id in self.with_hamlets)]
                if layer == AreaKind.COMMUNE
                else [row.code, row.name]
                for row in self.rows
                if row.kind == layer
            ]
            for layer in LAYERS
        }

    @cached_property
    def published_days(self) -> dict[str, list[str | int]]:
        """By day, the number of its edition and the time of its cut-off: for the script."""
        return {
            each.day.isoformat(): [each.number, f"{timezone.localtime(each.cut_off):%H:%M}"]
            for each in self.editions
        }

    @cached_property
    def totals(self) -> list[Total]:
        """Of the layer shown, by level, no data first."""
        counts = Counter(row.level for row in self.rows if row.kind == self.layer)
        before = self.before
        return [
            Total(LOOKS[level], counts[level], None if before is None else counts[level] - before[level])
            for level in LOOKS
        ]

    @cached_property
    def provisional_count(self) -> int:
        return sum(row.provisional for row in self.rows if row.kind == self.layer)

    @cached_property
    def decided_count(self) -> int:
        return sum(row.decided for row in self.rows if row.kind == self.layer)

    @cached_property
    def unapproved_count(self) -> int:
        return sum(row.unapproved for row in self.rows if row.kind == self.layer)

    @cached_property
    def difference_count(self) -> int:
        """Areas of the layer shown whose level is another in the other view."""
        return sum(self._other_look(row) is not None for row in self.rows if row.kind == self.layer)

    def row_of(self, code: str, layer: str | None = None) -> DayLevel | None:
        """The row of a code, in the layer shown unless told otherwise."""
        kind = layer or self.layer
        return next((row for row in self.rows if row.code == code and row.kind == kind), None)

    @property
    def chosen_has_hamlets(self) -> bool:
        return bool(self.chosen and self.chosen.area_id in self.with_hamlets)

    def _in_scope(self, row: DayLevel) -> bool:
        return row.kind != AreaKind.COMMUNE or not self.district or row.parent_code == self.district.code

    def _table_row(self, row: DayLevel) -> TableRow:
        nothing = (RiskLevel.NO_DATA, False)
        compared = self.compared and LOOKS[self.compared.get((row.kind, row.code), nothing)[0]]
        return TableRow(row, self._other_look(row), compared)

    def _other_look(self, row: DayLevel) -> Look | None:
        level, _provisional = (self.other or {}).get((row.kind, row.code), (RiskLevel.NO_DATA, False))
        return LOOKS[level] if level and row.level and level != row.level else None


def assessed_provinces() -> list[Assessment]:
    """Every province whose levels are known, in Vietnamese order; the one with the latest report first
    where a code has had several validities."""
    known = Assessment.objects.select_related("province").order_by(
        "province__sort_key", "province__code", "-last_reported_day"
    )
    return list({each.province.code: each for each in reversed(known)}.values())[::-1]


def choose_province(
    provinces: Sequence[Assessment], *, code: str | None, user: User | AnonymousUser, on: date
) -> Assessment | None:
    """The province of ``code``; without one, that of the person's grants, or else the first."""
    if code:
        return next((each for each in provinces if each.province.code == code), None)
    own = {path.split("/")[0] for path in granted_paths(user, Permission.VIEW_WORKING, on=on)}
    first = provinces[0] if provinces else None
    return next((each for each in provinces if each.province.code in own), first)


def own_place(province_code: str, *, user: User | AnonymousUser, on: date) -> tuple[str, str]:
    """Codes of the district and of the commune below which all the person's grants in the province lie.

    Either is empty where they lie in several, or where the person's reach is wider.
    """
    paths = [path.split("/") for path in granted_paths(user, Permission.VIEW_WORKING, on=on)]
    own = [path for path in paths if path[0] == province_code]
    places = []
    for tier in (1, 2):
        codes = {path[tier] if len(path) > tier else "" for path in own}
        places.append(codes.pop() if len(codes) == 1 else "")
    return places[0], places[1]


def map_of_day(
    *,
    assessment: Assessment,
    day: date | None,
    layer: str,
    on: date,
    view: str | None = None,
    compare: date | None = None,
    instant: datetime | None = None,
) -> MapOfDay:
    """The map of ``day``, or of the last day of the view; as published, unless told otherwise or nothing was.

    With ``instant`` the known view is what was known then, and is shown. A day that only the other view has
    is shown without levels. Raises ``DayNotKnown`` for a day (or second day) that neither has, for the
    published view of a province that never published, and for an instant that knew nothing.
    """
    province = assessment.province
    published = PublishedMap.objects.filter(province=province).select_related("edition").first()
    view = MapView(view or (MapView.PUBLISHED if published and not instant else MapView.KNOWN))
    if view == MapView.PUBLISHED and published is None:
        raise DayNotKnown(
            _("%(province)s chưa công bố bản đồ nào.") % {"province": province.name}, code="not_published"
        )
    editions = _editions(published)
    knowledge = _known_then(province, instant) if instant else None
    first, last = known = _period_of(knowledge) if knowledge else period_of(assessment, on=on)
    if editions:
        first, last = min(first, editions[0].day), max(last, editions[-1].day)
    if day is None:
        day = editions[-1].day if view == MapView.PUBLISHED else known[1]
    for asked in (day, compare):
        if asked:
            _check_shown(province, asked, first, last)
    known_rows = levels_on(province=province, day=day, kinds=LAYERS)
    as_known = _without_levels(known_rows)
    if known[0] <= day <= known[1]:
        as_known = _levels_known(province, knowledge, day) if knowledge else known_rows
    of_day = {each.day: each for each in editions}
    if view == MapView.PUBLISHED:
        rows = _without_levels(known_rows)
        if day in of_day:
            rows = levels_published(province=province, day=day, kinds=LAYERS)
        earlier = [each.day for each in editions if each.day < day]
        other, before = _levels_of(as_known), None
        if earlier and day in of_day:
            before = _count_levels(_cells_of(of_day[earlier[-1]].pk), AreaKind(layer))
    else:
        rows = as_known
        other, before = _cells_of(of_day[day].pk) if day in of_day else None, None
        if known[0] < day <= known[1]:
            yesterday = day - timedelta(days=1)
            if knowledge:
                then = _levels_of(_levels_known(province, knowledge, yesterday))
                before = _count_levels(then, AreaKind(layer))
            else:
                before = _count_known(rows, AreaKind(layer), yesterday)
    compared = None
    if compare:
        compared = _levels_seen(province, knowledge, view=view, known=known, of_day=of_day, day=compare)
    return MapOfDay(
        assessment=assessment,
        published=published,
        editions=editions,
        boundaries=BoundarySet.objects.filter(province=province).order_by("-id").first(),
        simulated=ProvincePolicy.objects.filter(province=province, simulated=True).exists(),
        first_day=first,
        last_day=last,
        day=day,
        compare=compare,
        layer=AreaKind(layer),
        view=view,
        rows=rows,
        other=other,
        before=before,
        compared=compared,
        knowledge=knowledge,
        with_hamlets=frozenset(
            Area.objects.filter(kind=AreaKind.HAMLET, parent__parent__parent=province)
            .valid_on(day)
            .values_list("parent", flat=True)
        ),
    )


def _known_then(province: Area, instant: datetime) -> Knowledge:
    knowledge = known_at(province=province, instant=instant)
    if knowledge is None:
        raise DayNotKnown(
            _("Lúc %(instant)s chưa biết gì về %(province)s.")
            % {"instant": f"{timezone.localtime(instant):%H:%M %d/%m/%Y}", "province": province.name}
        )
    return knowledge


def _period_of(knowledge: Knowledge) -> tuple[date, date]:
    """The days an instant knew, as ``riskmap.history.period_of`` ends them."""
    last, today = knowledge.last_reported_day, timezone.localtime(knowledge.instant).date()
    return knowledge.first_reported_day, max(last, today) if today <= last + timedelta(LIVE_DAYS) else last


def _levels_known(province: Area, knowledge: Knowledge | None, day: date) -> list[DayLevel]:
    """The communes and districts of a day, as known now or by what an instant knew."""
    if knowledge:
        return levels_at(knowledge, province=province, day=day, kinds=LAYERS)
    return levels_on(province=province, day=day, kinds=LAYERS)


def _editions(published: PublishedMap | None) -> list[EditionOfDay]:
    """The last edition of each published day, oldest day first."""
    if published is None:
        return []
    editions = MapEdition.objects.filter(province=published.province_id).order_by("day", "-number")
    facts = editions.distinct("day").values_list("pk", "day", "number", "cut_off")
    return [EditionOfDay(*each) for each in facts]


def _check_shown(province, day: date, first: date, last: date) -> None:
    if not first <= day <= last:
        raise DayNotKnown(
            _("Không có mức độ nguy cơ ngày %(day)s: số liệu của %(province)s có từ %(first)s đến %(last)s.")
            % {
                "day": f"{day:%d/%m/%Y}",
                "province": province.name,
                "first": f"{first:%d/%m/%Y}",
                "last": f"{last:%d/%m/%Y}",
            }
        )


def _without_levels(rows: Sequence[DayLevel]) -> list[DayLevel]:
    return [replace(row, level=RiskLevel.NO_DATA, provisional=False, criteria=(), since=None) for row in rows]


def _levels_of(rows: Sequence[DayLevel]) -> Levels:
    return {(row.kind, row.code): (row.level, row.provisional) for row in rows}


def _levels_seen(
    province: Area,
    knowledge: Knowledge | None,
    *,
    view: MapView,
    known: tuple[date, date],
    of_day: Mapping[date, EditionOfDay],
    day: date,
) -> Levels:
    """The levels of a day in a view; empty for a day that it does not have."""
    if view == MapView.PUBLISHED:
        return _cells_of(of_day[day].pk) if day in of_day else {}
    if known[0] <= day <= known[1]:
        return _levels_of(_levels_known(province, knowledge, day))
    return {}


def _count_levels(levels: Levels, layer: AreaKind) -> Counts:
    return Counter(level for (kind, _code), (level, _provisional) in levels.items() if kind == layer)


def _count_known(areas: Sequence[DayLevel], layer: AreaKind, day: date) -> Counts:
    """How many of the layer's areas had each level on a day as it is known. One query."""
    ids = [row.area_id for row in areas if row.kind == layer]
    spans = LevelSpan.objects.filter(area__in=ids, first_day__lte=day, last_day__gte=day)
    counts = Counter(dict(spans.order_by().values_list("level").annotate(areas=Count("area"))))
    counts[RiskLevel.NO_DATA] = len(ids) - counts.total()
    return counts


def _cells_of(edition: int) -> Levels:
    """The levels of an edition (by id)."""
    codes, cells = MapEdition.objects.values_list("codes", "cells").get(pk=edition)
    return _unpack(codes, bytes(cells))


def _unpack(codes: str, cells: bytes) -> Levels:
    keys = [
        (str(layer), code)
        for layer, names in zip(DRAWN_LAYERS, codes.split("|"), strict=True)
        for code in names.split()
    ]
    return {key: (RiskLevel(cell & 7), bool(cell & 8)) for key, cell in zip(keys, cells, strict=True)}
