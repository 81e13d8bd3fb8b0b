"""Changes: which areas changed colour between two days, and where what is known now is not what was shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db import connection

from core.enums import AreaKind
from core.finding import province_of
from core.models import Area, AreaNeighbour
from riskmap.enums import RiskLevel
from riskmap.history import DayLevel, level_matrix, spans_of
from riskmap.in_force import COUNT_COLUMNS
from riskmap.models import MapEdition
from riskmap.policies import rule_set_of
from riskmap.published import edition_of, levels_published, published_matrix
from riskmap.viewpoint import Viewpoint, levels_of_days, levels_seen


@dataclass(frozen=True, slots=True)
class Change:
    """An area whose level differs between two days. ``after.criteria`` are what moved it there."""

    before: DayLevel
    after: DayLevel

    @property
    def worse(self) -> bool:
        return self.after.level > self.before.level


def changes_between(
    *,
    province: Area,
    first: date,
    last: date,
    viewpoint: Viewpoint,
    on: date,
    kinds: Sequence[AreaKind] = (AreaKind.COMMUNE,),
) -> list[Change]:
    """Areas whose level on ``last`` is not that on ``first``: those that got worse first, by new level.

    An area that is on one of the days alone (a new unit, a first report) counts when it has a level on
    both. Raises ``DayNotKnown``.
    """
    before, after = levels_of_days(
        province=province, days=[first, last], viewpoint=viewpoint, on=on, kinds=kinds
    )
    return changes_among(before, after)


def changes_among(before: Iterable[DayLevel], after: Iterable[DayLevel]) -> list[Change]:
    """Areas with a level in both lists that is not the same: those that got worse first, by new level."""
    was = {(row.kind, row.code): row for row in before if row.level}
    changes = [
        Change(was[row.kind, row.code], row)
        for row in after
        if row.level and (row.kind, row.code) in was and row.level != was[row.kind, row.code].level
    ]
    return sorted(changes, key=lambda change: (not change.worse, -change.after.level))


@dataclass(frozen=True, slots=True)
class Correction:
    """What was recorded after an edition's cut-off and bears on one of its squares."""

    area_code: str
    area_name: str
    day: date
    recorded_at: datetime
    source: str
    reason: str
    before: int | None  # all F0 the source had given by the cut-off; None where it had given none
    after: int


@dataclass(frozen=True, slots=True)
class Difference:
    """An area shown with one level and known today to have had another."""

    published: DayLevel
    known: DayLevel
    corrections: tuple[Correction, ...]


def differing_cells(*, province: Area, kind: AreaKind, first: date, last: date) -> list[tuple[str, date]]:
    """Codes and days whose published level is not the one known today; days without edition do not count."""
    published = published_matrix(province=province, kind=kind, first=first, last=last)
    known = level_matrix(province=province, kind=kind, first=first, last=last)
    row_of = {code: row for row, code in enumerate(known.codes)}
    both = [(row, row_of[code]) for row, code in enumerate(published.codes) if code in row_of]
    if not both:
        return []
    here, there = np.array(both).T
    shown, now = published.cells[here] & 7, known.cells[there] & 7
    rows, columns = ((shown != now) & (published.cells.any(axis=0))).nonzero()
    return sorted(
        (
            (published.codes[here[row]], first + timedelta(days=int(column)))
            for row, column in zip(rows, columns, strict=True)
        ),
        key=lambda cell: (cell[1], cell[0]),
    )


def differences_on(
    *, province: Area, day: date, on: date, kinds: Sequence[AreaKind] = (AreaKind.COMMUNE,)
) -> list[Difference]:
    """Where the day's edition and today's knowledge differ, each with the corrections that bear on it.

    A correction bears on a square when it was recorded after the cut-off, speaks of the window that ends on
    the day, and of the area itself, of a unit below it, or of a commune within two borders, nearest first:
    those farther away are left out where nearer ones are found. Raises ``DayNotKnown`` without an edition.
    """
    edition = edition_of(province=province, day=day)
    known = {
        (row.kind, row.code): row
        for row in levels_seen(province=province, day=day, viewpoint=Viewpoint(), on=on, kinds=kinds)
    }
    pairs = [
        (row, known[row.kind, row.code])
        for row in levels_published(province=province, day=day, kinds=tuple(kinds))
        if (row.kind, row.code) in known and known[row.kind, row.code].level != row.level
    ]
    if not pairs:
        return []
    window = rule_set_of([province.pk])[province.pk].look_back
    corrected = _corrections(province, edition, day - timedelta(days=window), day)
    rings = _rings([shown.area_id for shown, _ in pairs])
    return [Difference(shown, now, _nearest(rings[shown.area_id], corrected)) for shown, now in pairs]


@dataclass(frozen=True, slots=True)
class DayDifference:
    """A day on which one area was shown with one level and is known now to have had another."""

    day: date
    edition: int  # its number
    published: RiskLevel
    known: RiskLevel
    corrections: tuple[Correction, ...]


def differences_of(*, area: Area, first: date, last: date) -> list[DayDifference]:
    """The days of the period on which the area's published level is not the one known now, oldest first.

    Corrections bear on a day as in ``differences_on``; ``before`` is what the source said just before each.
    The number of queries does not depend on the days. Editions hold no hamlets: of those nothing differs.
    """
    if area.kind == AreaKind.HAMLET:
        return []
    province = province_of(area)
    matrix = published_matrix(province=province, kind=AreaKind(area.kind), first=first, last=last)
    if area.code not in matrix.codes:
        return []
    shown = matrix.cells[matrix.codes.index(area.code)] & 7
    known = np.zeros(len(shown), np.uint8)
    for span in spans_of(area=area, first=first, last=last):
        known[(span.first_day - first).days : (span.last_day - first).days + 1] = span.level
    differs = (shown != known) & matrix.cells.any(axis=0)
    if not differs.any():
        return []
    days = [first + timedelta(days=int(column)) for column in differs.nonzero()[0]]
    editions = {
        day: (number, cut_off)
        for day, number, cut_off in MapEdition.objects.filter(province=province, day__in=days)
        .order_by("day", "-number")
        .distinct("day")
        .values_list("day", "number", "cut_off")
    }
    window = timedelta(days=rule_set_of([province.pk])[province.pk].look_back)
    rings = _rings([area.pk])[area.pk]
    late = _late_words(rings, {day: cut_off for day, (_, cut_off) in editions.items()}, window)

    def bearing_on(day: date) -> tuple[Correction, ...]:
        corrected: dict[int, list[Correction]] = {}
        for area_id, each in late:
            if day - window <= each.day <= day and each.recorded_at > editions[day][1]:
                corrected.setdefault(area_id, []).append(each)
        return _nearest(rings, corrected)

    return [
        DayDifference(
            day,
            editions[day][0],
            RiskLevel(int(shown[(day - first).days])),
            RiskLevel(int(known[(day - first).days])),
            bearing_on(day),
        )
        for day in days
    ]


_TOTAL = " + ".join(f"coalesce({{e}}.{name}, 0)" for name in COUNT_COLUMNS[:4])
_LATE_WORDS = f"""
    select e.area_id, a.code, a.name, e.day, p.posted_at, s.name, p.reason, before.total,
        {_TOTAL.format(e="e")}
    from unnest(%(days)s::date[], %(cut_offs)s::timestamptz[]) as shown (day, cut_off)
    join riskmap_countentry e on e.day = shown.day and e.area_id = any(%(areas)s)
    join riskmap_countpost p on p.id = e.post_id and p.posted_at > shown.cut_off
    join riskmap_countsource s on s.id = e.source_id
    join core_area a on a.id = e.area_id
    left join lateral (
        select {_TOTAL.format(e="b")} as total, ({", ".join(f"b.{name}" for name in COUNT_COLUMNS)}) as said
        from riskmap_countentry b
        where b.area_id = e.area_id and b.day = e.day and b.source_id = e.source_id and b.id < e.id
        order by b.id desc limit 1
    ) before on true
    where before.said is distinct from ({", ".join(f"e.{name}" for name in COUNT_COLUMNS)})
    order by p.posted_at, e.id
"""


def _late_words(
    rings: list[set[int]], cut_offs: dict[date, datetime], window: timedelta
) -> list[tuple[int, Correction]]:
    """What was said anew about days of the windows after the first cut-off it bears on, with area ids."""
    looked_at: dict[date, datetime] = {}
    for day, cut_off in sorted(cut_offs.items()):
        for back in range(window.days + 1):
            looked_at.setdefault(day - timedelta(days=back), cut_off)
    with connection.cursor() as cursor:
        cursor.execute(
            _LATE_WORDS,
            {
                "days": list(looked_at),
                "cut_offs": list(looked_at.values()),
                "areas": sorted(set().union(*rings)),
            },
        )
        return [(area_id, Correction(*facts)) for area_id, *facts in cursor.fetchall()]


_CORRECTIONS = """
    select e.area_id, a.code, a.name, e.day, p.posted_at, s.name, p.reason,
        (
            select coalesce(b.unclassified, 0) + coalesce(b.unknown_source, 0) + coalesce(b.known_source, 0)
                + coalesce(b.isolated, 0)
            from riskmap_countentry b join riskmap_countpost bp on bp.id = b.post_id
            where b.area_id = e.area_id and b.day = e.day and b.source_id = e.source_id
                and bp.posted_at <= %(cut_off)s
            order by b.id desc limit 1
        ),
        coalesce(e.unclassified, 0) + coalesce(e.unknown_source, 0) + coalesce(e.known_source, 0)
            + coalesce(e.isolated, 0)
    from riskmap_countpost p
    join riskmap_countentry e on e.post_id = p.id
    join riskmap_countsource s on s.id = e.source_id
    join core_area a on a.id = e.area_id
    where p.posted_at > %(cut_off)s and e.day between %(first)s and %(last)s
    order by p.posted_at, e.id
"""


def _corrections(province: Area, edition: MapEdition, first: date, last: date) -> dict[int, list[Correction]]:
    """What was recorded of each area (id) in the window after the edition's cut-off, oldest first."""
    found: dict[int, list[Correction]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CORRECTIONS, {"cut_off": edition.cut_off, "first": first, "last": last})
        for area_id, *facts in cursor.fetchall():
            found.setdefault(area_id, []).append(Correction(*facts))
    return found


def _rings(ids: Sequence[int]) -> dict[int, list[set[int]]]:
    """For each area (id): itself and what lies below it, then its neighbours, then theirs."""
    below = Area.objects.filter(parent__in=ids) | Area.objects.filter(parent__parent__in=ids)
    rings = {pk: [{pk}, set(), set()] for pk in ids}
    for pk, parent, grandparent in below.values_list("pk", "parent", "parent__parent"):
        for above in (parent, grandparent):
            if above in rings:
                rings[above][0].add(pk)
    near: dict[int, set[int]] = {}
    for _ in range(2):
        asked = {pk for ring in rings.values() for members in ring for pk in members} - near.keys()
        for pk in asked:
            near[pk] = set()
        links = AreaNeighbour.objects.filter(area__in=asked).values_list("area", "neighbour")
        for area, neighbour in links:
            near[area].add(neighbour)
        for ring in rings.values():
            ring[1] |= {other for pk in ring[0] for other in near.get(pk, ())} - ring[0]
            ring[2] |= {other for pk in ring[1] for other in near.get(pk, ())} - ring[0] - ring[1]
    return rings


def _nearest(rings: list[set[int]], corrected: dict[int, list[Correction]]) -> tuple[Correction, ...]:
    for ring in rings:
        if found := [each for pk in ring for each in corrected.get(pk, ())]:
            return tuple(sorted(found, key=lambda each: (each.recorded_at, each.day, each.area_code)))
    return ()
