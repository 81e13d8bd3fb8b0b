"""The value in force: which source's word counts for an area and day."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from core.models import Area

COUNT_COLUMNS = (
    "unclassified",
    "unknown_source",
    "known_source",
    "isolated",
    "close_contacts",
    "tests",
    "suspected",
)

# The ledger as it stands now. A reader of an earlier instant names what was there then instead.
_NOW = {
    "entries": "riskmap_countentry",
    "coverages": "riskmap_reportcoverage",
    "choices": "riskmap_sourcechoice",
}
_THEN = {
    name: f"(SELECT r.* FROM {table} r JOIN riskmap_countpost p ON p.id = r.post_id"
    " WHERE p.posted_at <= %(instant)s)"
    for name, table in _NOW.items()
}

# Reads the CTE ``touched (area_id, day)``. A source's word is its latest entry, unless it withdrew it; a
# source that said it was complete and has no entry said zero. The source a person chose comes first. Then
# "largest" is the largest number of F0, then the larger part without a known source, then the source that
# is asked first; "priority" is the source that is asked first.
_CHOOSING = """
several AS MATERIALIZED (
    SELECT province_id FROM riskmap_countsource GROUP BY province_id HAVING count(*) > 1
),
covered AS MATERIALIZED (
    SELECT c.source_id, c.scope_id, c.kind,
        unnest(range_agg(daterange(c.first_day, c.last_day, '[]'))) AS days
    FROM {coverages} c
    JOIN riskmap_countsource s ON s.id = c.source_id
    JOIN several ON several.province_id = s.province_id
    WHERE c.last_day >= (SELECT min(day) FROM touched) AND c.first_day <= (SELECT max(day) FROM touched)
    GROUP BY 1, 2, 3
),
line AS MATERIALIZED (
    SELECT a.id AS area_id, a.kind, scope.id AS scope_id
    FROM core_area a
    LEFT JOIN core_area first ON first.id = a.parent_id
    LEFT JOIN core_area second ON second.id = first.parent_id
    CROSS JOIN LATERAL (VALUES (a.id), (a.parent_id), (first.parent_id), (second.parent_id)) AS scope (id)
    WHERE EXISTS (SELECT FROM covered) AND a.id IN (SELECT area_id FROM touched) AND scope.id IS NOT NULL
),
written AS (
    SELECT DISTINCT ON (t.area_id, t.day, e.source_id)
        t.area_id, t.day, e.source_id, e.id AS entry_id, e.withdrawn, {e_columns}
    FROM touched t JOIN {entries} e ON e.area_id = t.area_id AND e.day = t.day
    ORDER BY t.area_id, t.day, e.source_id, e.id DESC
),
word AS (
    SELECT area_id, day, source_id, entry_id, {columns} FROM written WHERE NOT withdrawn
    UNION ALL
    SELECT DISTINCT t.area_id, t.day, c.source_id, NULL::bigint, 0, {nulls}
    FROM touched t
    JOIN line ON line.area_id = t.area_id
    JOIN covered c ON c.scope_id = line.scope_id AND c.kind = line.kind AND c.days @> t.day
    WHERE NOT EXISTS (
        SELECT FROM {entries} e
        WHERE e.area_id = t.area_id AND e.day = t.day AND e.source_id = c.source_id AND NOT e.withdrawn
    )
),
choice AS MATERIALIZED (
    SELECT DISTINCT ON (c.area_id, c.day) c.area_id, c.day, c.source_id
    FROM {choices} c JOIN touched t ON t.area_id = c.area_id AND t.day = c.day
    ORDER BY c.area_id, c.day, c.id DESC
),
chosen AS MATERIALIZED (
    SELECT DISTINCT ON (w.area_id, w.day) s.province_id, w.area_id, w.day, w.entry_id, {w_columns}
    FROM word w
    JOIN riskmap_countsource s ON s.id = w.source_id
    LEFT JOIN riskmap_provincepolicy p ON p.province_id = s.province_id
    LEFT JOIN choice ON choice.area_id = w.area_id AND choice.day = w.day AND choice.source_id = w.source_id
    ORDER BY w.area_id, w.day, choice.source_id,  -- nulls last
        CASE WHEN p.source_policy = 'priority' THEN 0 ELSE coalesce(w.unclassified, 0)
            + coalesce(w.unknown_source, 0) + coalesce(w.known_source, 0) + coalesce(w.isolated, 0) END DESC,
        CASE WHEN p.source_policy = 'priority' THEN 0
            ELSE coalesce(w.unclassified, 0) + coalesce(w.unknown_source, 0) END DESC,
        s.rank
)
"""
_STORED = """,
stored AS (
    INSERT INTO riskmap_dailycount AS d (area_id, day, entry_id, {columns})
    SELECT area_id, day, entry_id, {columns} FROM chosen
    ON CONFLICT (area_id, day) DO UPDATE SET (entry_id, {columns}) = (EXCLUDED.entry_id, {excluded})
    WHERE d.entry_id IS DISTINCT FROM EXCLUDED.entry_id
)
"""
_COLUMNS = {
    "columns": ", ".join(COUNT_COLUMNS),
    "nulls": ", ".join(["NULL::int"] * (len(COUNT_COLUMNS) - 1)),
    "e_columns": ", ".join(f"e.{name}" for name in COUNT_COLUMNS),
    "w_columns": ", ".join(f"w.{name}" for name in COUNT_COLUMNS),
    "excluded": ", ".join(f"EXCLUDED.{name}" for name in COUNT_COLUMNS),
}
_CHOOSE = (_CHOOSING + _STORED).format(**_COLUMNS, **_NOW)

#: CTE ``chosen``, as it would be with the entries of the CTE ``would_say`` (as the ledger's) added to it.
CHOSEN_IF = _CHOOSING.format(
    **_COLUMNS,
    **_NOW
    | {
        "entries": f"(SELECT id, area_id, day, source_id, withdrawn, {_COLUMNS['columns']}"
        " FROM riskmap_countentry UNION ALL SELECT * FROM would_say)"
    },
)

#: CTE ``chosen``, as it would be if ``source`` were chosen for the area and day now.
CHOSEN_IF_CHOSEN = _CHOOSING.format(
    **_COLUMNS,
    **_NOW
    | {
        "choices": "(SELECT id, area_id, day, source_id FROM riskmap_sourcechoice UNION ALL"
        f" SELECT {2**62}, %(area)s::bigint, %(day)s::date, %(source)s::bigint)"
    },
)

#: CTEs ``touched`` and ``chosen``: the values in force at an earlier ``instant`` of the areas, from a day on.
CHOSEN_THEN = (
    """
WITH touched AS MATERIALIZED (
    SELECT DISTINCT e.area_id, e.day FROM {entries} e
    WHERE e.area_id = ANY (%(areas)s::bigint[]) AND e.day >= %(first)s
),
"""
    + _CHOOSING
).format(**_COLUMNS, **_THEN)

# A posting touches what it wrote, and what others wrote where it now says to be complete. A day also goes
# stale when its first report comes, be it of zero. The statement sees DailyCount as it was before.
_AFTER_POSTS = f"""
WITH coverage AS MATERIALIZED (
    SELECT c.*, scope.path, scope.parent_id, above.parent_id AS grandparent_id
    FROM riskmap_reportcoverage c
    JOIN core_area scope ON scope.id = c.scope_id
    LEFT JOIN core_area above ON above.id = scope.parent_id
    WHERE c.post_id = ANY (%(posts)s)
),
touched AS MATERIALIZED (
    SELECT area_id, day FROM riskmap_countentry WHERE post_id = ANY (%(posts)s)
    UNION
    SELECT area_id, day FROM riskmap_sourcechoice WHERE post_id = ANY (%(posts)s)
    UNION
    SELECT d.area_id, d.day
    FROM coverage c
    JOIN riskmap_dailycount d ON d.day BETWEEN c.first_day AND c.last_day
        AND d.day BETWEEN %(complete_from)s AND %(complete_to)s  -- implied, and known to the planner
    JOIN core_area a ON a.id = d.area_id AND a.kind = c.kind
        AND split_part(a.path, '/', 1) = split_part(c.path, '/', 1)
        AND starts_with(a.path || '/', c.path || '/')
),
{_CHOOSE},
gone AS (
    DELETE FROM riskmap_dailycount d USING riskmap_countentry e, riskmap_countpost p
    WHERE e.post_id = ANY (%(posts)s) AND e.withdrawn AND p.id = e.post_id
        AND d.area_id = e.area_id AND d.day = e.day
        AND NOT EXISTS (SELECT FROM chosen c WHERE c.area_id = e.area_id AND c.day = e.day)
    RETURNING p.province_id, d.day
),
moved AS (
    SELECT chosen.province_id, min(chosen.day) AS since
    FROM chosen LEFT JOIN riskmap_dailycount was ON was.area_id = chosen.area_id AND was.day = chosen.day
    WHERE was.area_id IS NULL
        OR ({", ".join(f"chosen.{name}" for name in COUNT_COLUMNS)})
        IS DISTINCT FROM ({", ".join(f"was.{name}" for name in COUNT_COLUMNS)})
    GROUP BY 1
    UNION ALL
    SELECT gone.province_id, min(gone.day) FROM gone GROUP BY 1
    UNION ALL
    SELECT s.province_id, lower(datemultirange(daterange(c.first_day, c.last_day, '[]')) - coalesce((
        SELECT range_agg(daterange(o.first_day, o.last_day, '[]'))
        FROM riskmap_reportcoverage o
        WHERE o.scope_id IN (c.scope_id, c.parent_id, c.grandparent_id) AND o.kind = c.kind
            AND o.last_day >= c.first_day AND o.post_id <> ALL (%(posts)s)
    ), '{{}}'))
    FROM coverage c JOIN riskmap_countsource s ON s.id = c.source_id
)
SELECT province_id, min(since) FROM moved WHERE since IS NOT NULL GROUP BY province_id
"""

_REBUILD = f"""
WITH touched AS MATERIALIZED (
    SELECT DISTINCT e.area_id, e.day
    FROM riskmap_countsource s JOIN riskmap_countentry e ON e.source_id = s.id
    WHERE s.province_id = %(province)s
),
{_CHOOSE}
SELECT count(*) FROM chosen
"""


def apply_posts(*, posts: Sequence[int], complete: tuple[date | None, date | None]) -> dict[int, date]:
    """Choose again wherever the posts (ids) could change what is in force, and store it.

    ``complete`` are the first and last day that any of their coverages speaks of. Returns, by province id,
    the earliest day whose value in force or report state changed; a province where nothing did is absent.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _AFTER_POSTS, {"posts": list(posts), "complete_from": complete[0], "complete_to": complete[1]}
        )
        return dict(cursor.fetchall())


def choose_all(*, province: Area) -> int:
    """Throw away the values in force of ``province`` and choose all again from the ledger: how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM riskmap_dailycount d USING core_area a, core_area p"
            " WHERE p.id = %s AND d.area_id = a.id AND starts_with(a.path || '/', p.path || '/')",
            [province.pk],
        )
        cursor.execute(_REBUILD, {"province": province.pk})
        return cursor.fetchone()[0]
