"""Disagreements: units and days of which sources say different numbers, until a person has chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from riskmap.count_days import Counted
from riskmap.enums import SourcePolicy
from riskmap.in_force import COUNT_COLUMNS
from riskmap.models import ProvincePolicy

_F0 = COUNT_COLUMNS[:4]
_DEFAULTS = ProvincePolicy()


class Cell(NamedTuple):
    """An area (id) and a day. ``spread``: F0 between the largest and the smallest number of its sources."""

    area_id: int
    day: date
    spread: int


@dataclass(frozen=True, slots=True)
class Side:
    """What one source says now. ``silent``: it said to be complete and gave no number: zero."""

    source_id: int
    source: str
    counted: Counted
    silent: bool
    in_force: bool
    chosen: bool  # by a person
    said_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The last choice a person made of the day; ``source`` is empty for the policy again."""

    source: str
    reason: str
    document: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A unit and day with what each source says of it, the source asked first at the head.

    ``locked``: the day was accepted; ``excepted``: it may be changed all the same now.
    """

    area_id: int
    code: str
    name: str
    parent_name: str
    day: date
    policy: SourcePolicy
    choice: Choice | None
    locked: bool
    excepted: bool
    sides: tuple[Side, ...]

    @property
    def by_choice(self) -> bool:
        """Whether a person's choice decides which number counts, and not the policy."""
        return any(side.in_force and side.chosen for side in self.sides)


# Reads the CTE ``touched (area_id, day)``. As in ``riskmap.in_force``, a source's word is its latest entry
# unless it withdrew it, and zero where it said to be complete and has no entry.
_WORDS = f"""
line AS MATERIALIZED (
    SELECT a.id AS area_id, a.kind, scope.id AS scope_id
    FROM core_area a
    LEFT JOIN core_area first ON first.id = a.parent_id
    LEFT JOIN core_area second ON second.id = first.parent_id
    CROSS JOIN LATERAL (VALUES (a.id), (a.parent_id), (first.parent_id), (second.parent_id)) AS scope (id)
    WHERE a.id IN (SELECT area_id FROM touched) AND scope.id IS NOT NULL
),
written AS MATERIALIZED (
    SELECT DISTINCT ON (t.area_id, t.day, e.source_id)
        t.area_id, t.day, e.source_id, e.id AS entry_id, e.post_id, e.withdrawn,
        {", ".join(f"e.{name}" for name in COUNT_COLUMNS)}
    FROM touched t JOIN riskmap_countentry e ON e.area_id = t.area_id AND e.day = t.day
    ORDER BY t.area_id, t.day, e.source_id, e.id DESC
),
word AS MATERIALIZED (
    SELECT area_id, day, source_id, entry_id, post_id, {", ".join(COUNT_COLUMNS)}
    FROM written WHERE NOT withdrawn
    UNION ALL
    SELECT t.area_id, t.day, c.source_id, NULL, min(c.post_id), 0, {", ".join(["NULL"] * 6)}
    FROM touched t
    JOIN line ON line.area_id = t.area_id
    JOIN riskmap_reportcoverage c ON c.scope_id = line.scope_id AND c.kind = line.kind
        AND t.day BETWEEN c.first_day AND c.last_day
    WHERE NOT EXISTS (
        SELECT FROM riskmap_countentry e
        WHERE e.area_id = t.area_id AND e.day = t.day AND e.source_id = c.source_id AND NOT e.withdrawn
    )
    GROUP BY 1, 2, 3
)
"""
_SUM_OF_ENTRY = " + ".join(f"coalesce(e.{name}, 0)" for name in _F0)
_SUM_OF_WORD = " + ".join(f"coalesce(w.{name}, 0)" for name in _F0)

# Only where a source says as many F0 as the threshold can two be so far apart.
_FIND = f"""
WITH several AS MATERIALIZED (
    SELECT s.id, coalesce(p.disagreement_cases, %(default)s) AS threshold
    FROM riskmap_countsource s LEFT JOIN riskmap_provincepolicy p ON p.province_id = s.province_id
    WHERE s.province_id IN (SELECT province_id FROM riskmap_countsource GROUP BY 1 HAVING count(*) > 1)
),
touched AS MATERIALIZED (
    SELECT DISTINCT e.area_id, e.day
    FROM riskmap_countentry e JOIN several s ON s.id = e.source_id
    WHERE e.area_id = ANY (%(areas)s) AND e.day BETWEEN %(first)s AND %(last)s
        AND {_SUM_OF_ENTRY} >= s.threshold
),
{_WORDS},
told AS (
    SELECT w.area_id, w.day, max({_SUM_OF_WORD}) - min({_SUM_OF_WORD}) AS spread,
        max(w.post_id) AS last_post, min(s.threshold) AS threshold
    FROM word w JOIN several s ON s.id = w.source_id
    WHERE num_nonnulls({", ".join(f"w.{name}" for name in _F0)}) > 0
    GROUP BY 1, 2
)
SELECT told.area_id, told.day, told.spread
FROM told
JOIN core_area a ON a.id = told.area_id
LEFT JOIN LATERAL (
    SELECT * FROM riskmap_sourcechoice c
    WHERE c.area_id = told.area_id AND c.day = told.day ORDER BY c.id DESC LIMIT 1
) choice ON true
WHERE told.spread >= told.threshold AND (choice.source_id IS NULL OR choice.post_id < told.last_post)
ORDER BY told.day DESC, a.sort_key, a.code
"""

_GIVEN = """
WITH touched AS MATERIALIZED (
    SELECT * FROM unnest(%(areas)s::bigint[], %(days)s::date[]) AS t (area_id, day)
)
"""
_SIDES = f"""
{_GIVEN},
{_WORDS}
SELECT w.area_id, w.day, s.id, s.name, w.entry_id, d.area_id IS NOT NULL, d.entry_id, p.posted_at, p.reason,
    {", ".join(f"w.{name}" for name in COUNT_COLUMNS)}
FROM word w
JOIN riskmap_countsource s ON s.id = w.source_id
JOIN riskmap_countpost p ON p.id = w.post_id
LEFT JOIN riskmap_dailycount d ON d.area_id = w.area_id AND d.day = w.day
ORDER BY s.rank
"""
_ABOUT = f"""
{_GIVEN}
SELECT t.area_id, t.day, a.code, a.name, up.name, coalesce(policy.source_policy, %(default)s),
    c.id IS NOT NULL, c.source_id, s.name, p.reason, p.document, p.posted_at,
    coalesce(nullif(u.full_name, ''), u.username),
    EXISTS (
        SELECT FROM riskmap_dayreport r
        WHERE r.scope_id = CASE a.kind WHEN 'hamlet' THEN up.parent_id ELSE a.parent_id END
            AND r.day = t.day AND r.accepted_post_id IS NOT NULL
    ),
    EXISTS (
        SELECT FROM riskmap_lockexception x
        WHERE x.area_id IN (a.id, a.parent_id, up.parent_id) AND x.day = t.day
            AND x.granted_at <= %(at)s AND %(at)s < x.expires_at
            AND (x.ended_at IS NULL OR x.ended_at > %(at)s)
    )
FROM touched t
JOIN core_area a ON a.id = t.area_id
LEFT JOIN core_area up ON up.id = a.parent_id
LEFT JOIN core_area above ON above.id = up.parent_id
LEFT JOIN riskmap_provincepolicy policy ON policy.province_id IN (up.id, up.parent_id, above.parent_id)
LEFT JOIN LATERAL (
    SELECT * FROM riskmap_sourcechoice c
    WHERE c.area_id = t.area_id AND c.day = t.day ORDER BY c.id DESC LIMIT 1
) c ON true
LEFT JOIN riskmap_countsource s ON s.id = c.source_id
LEFT JOIN riskmap_countpost p ON p.id = c.post_id
LEFT JOIN core_user u ON u.id = p.posted_by_id
"""


def disagreements(*, areas: Sequence[int], first: date, last: date) -> list[Cell]:
    """Days of these areas (ids) of which two sources differ by the province's threshold of F0 or more, and
    for which no source was chosen after the last of them spoke. Newest first. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND,
            {
                "areas": list(areas),
                "first": first,
                "last": last,
                "default": _DEFAULTS.disagreement_cases,
            },
        )
        return [Cell(*values) for values in cursor.fetchall()]


def sides_of(cells: Sequence[tuple[int, date]], *, at: datetime) -> list[Disagreement]:
    """What every source says of the areas (ids) and days, in the order given. Two queries."""
    asked = {"areas": [area for area, _ in cells], "days": [day for _, day in cells]}
    with connection.cursor() as cursor:
        cursor.execute(_SIDES, asked)
        words = defaultdict(list)
        for area, day, *word in cursor.fetchall():
            words[area, day].append(word)
        cursor.execute(_ABOUT, asked | {"default": _DEFAULTS.source_policy, "at": at})
        about = {(area, day): facts for area, day, *facts in cursor.fetchall()}
    return [_disagreement(area, day, about[area, day], words[area, day]) for area, day in cells]


def _disagreement(area: int, day: date, about: list, words: list[list]) -> Disagreement:
    code, name, parent_name, policy, has_choice, chosen_id, *choice, locked, excepted = about
    source_name, reason, document, made_at, made_by = choice
    silent = [source_id for source_id, _source, entry, *_rest in words if entry is None]
    # A zero in force has no entry: it is that of the source chosen, or else of the one asked first.
    zero = chosen_id if chosen_id in silent else next(iter(silent), None)
    sides = [
        Side(
            source_id=source_id,
            source=source,
            counted=Counted(*numbers),
            silent=entry is None,
            in_force=counts and entry == in_force and (entry is not None or source_id == zero),
            chosen=source_id == chosen_id,
            said_at=said_at,
            reason=why,
        )
        for source_id, source, entry, counts, in_force, said_at, why, *numbers in words
    ]
    return Disagreement(
        area_id=area,
        code=code,
        name=name,
        parent_name=parent_name or "",
        day=day,
        policy=SourcePolicy(policy),
        choice=Choice(source_name or "", reason, document, made_at, made_by) if has_choice else None,
        locked=locked,
        excepted=excepted,
        sides=tuple(sides),
    )
