"""The statements that write the ledger: a posting against what its sources said before."""

from riskmap.in_force import CHOSEN_IF, CHOSEN_IF_CHOSEN, COUNT_COLUMNS

_COLUMNS = ", ".join(COUNT_COLUMNS)

# ``last`` is the source's last word on the area and day. ``stated`` is its word from now on.
_GIVEN = f"""
WITH given AS MATERIALIZED (
    SELECT * FROM unnest(%(row_source)s::bigint[], %(area_id)s::bigint[], %(day)s::date[],
        %(unclassified)s::int[], %(unknown_source)s::int[], %(known_source)s::int[], %(isolated)s::int[],
        %(close_contacts)s::int[], %(tests)s::int[], %(suspected)s::int[]
    ) AS g (source_id, area_id, day, unclassified, unknown_source, known_source, isolated, close_contacts,
        tests, suspected)
),
complete AS MATERIALIZED (
    SELECT * FROM unnest(%(scope_source)s::bigint[], %(scope)s::bigint[], %(path)s::text[], %(kind)s::text[],
        %(first_day)s::date[], %(last_day)s::date[], %(contacts)s::bool[]
    ) AS c (source_id, scope_id, path, kind, first_day, last_day, contacts)
),
stated AS (
    SELECT g.source_id, g.area_id, g.day, last.id AS last_id, last.withdrawn,
        CASE WHEN f0.said THEN g.unclassified ELSE last.unclassified END AS unclassified,
        CASE WHEN f0.said THEN g.unknown_source ELSE last.unknown_source END AS unknown_source,
        CASE WHEN f0.said THEN g.known_source ELSE last.known_source END AS known_source,
        CASE WHEN f0.said THEN g.isolated ELSE last.isolated END AS isolated,
        coalesce(g.close_contacts, last.close_contacts) AS close_contacts,
        coalesce(g.tests, last.tests) AS tests,
        coalesce(g.suspected, last.suspected) AS suspected,
        (last.unclassified, last.unknown_source, last.known_source, last.isolated, last.close_contacts,
            last.tests, last.suspected) AS before
    FROM given g
    CROSS JOIN LATERAL (
        SELECT num_nonnulls(g.unclassified, g.unknown_source, g.known_source, g.isolated) > 0 AS said
    ) f0
    LEFT JOIN LATERAL (
        SELECT * FROM riskmap_countentry e
        WHERE e.area_id = g.area_id AND e.day = g.day AND e.source_id = g.source_id ORDER BY e.id DESC LIMIT 1
    ) last ON true
),
silent AS (
    SELECT DISTINCT ON (c.source_id, d.area_id, d.day) c.source_id, d.area_id, d.day, last.id AS last_id,
        last.unclassified * 0 AS unclassified, last.unknown_source * 0 AS unknown_source,
        last.known_source * 0 AS known_source, last.isolated * 0 AS isolated,
        CASE WHEN c.contacts THEN last.close_contacts * 0 ELSE last.close_contacts END AS close_contacts,
        last.tests, last.suspected
    FROM complete c
    JOIN riskmap_dailycount d ON d.day BETWEEN c.first_day AND c.last_day
        AND d.day BETWEEN %(complete_from)s AND %(complete_to)s  -- implied, and known to the planner
    JOIN core_area a ON a.id = d.area_id AND a.kind = c.kind
        AND split_part(a.path, '/', 1) = split_part(c.path, '/', 1)
        AND starts_with(a.path || '/', c.path || '/')
    LEFT JOIN core_area up ON up.id = a.parent_id
    CROSS JOIN LATERAL (
        SELECT * FROM riskmap_countentry e
        WHERE e.area_id = d.area_id AND e.day = d.day AND e.source_id = c.source_id ORDER BY e.id DESC LIMIT 1
    ) last
    WHERE (greatest(last.unclassified, last.unknown_source, last.known_source, last.isolated) > 0
            OR (c.contacts AND last.close_contacts > 0))
        AND NOT EXISTS (
            SELECT FROM given g WHERE g.source_id = c.source_id AND g.area_id = d.area_id AND g.day = d.day
        )
        AND NOT EXISTS (  -- an accepted day is not zeroed by silence
            SELECT FROM riskmap_dayreport r
            WHERE r.scope_id IN (a.parent_id, up.parent_id) AND r.day = d.day
                AND r.accepted_post_id IS NOT NULL
        )
    ORDER BY 1, 2, 3
),
differing AS MATERIALIZED (
    SELECT source_id, area_id, day,
        CASE WHEN last_id IS NULL OR withdrawn THEN 'new' ELSE 'corrected' END AS how, {_COLUMNS}
    FROM stated WHERE last_id IS NULL OR ({_COLUMNS}) IS DISTINCT FROM before
    UNION ALL
    SELECT source_id, area_id, day, 'zeroed', {_COLUMNS} FROM silent
),
tally AS (
    SELECT source_id, count(*) FILTER (WHERE how = 'new') AS new,
        count(*) FILTER (WHERE how = 'corrected') AS corrected,
        count(*) FILTER (WHERE how = 'zeroed') AS zeroed
    FROM differing GROUP BY 1
)
"""

COMPARE = (
    _GIVEN
    + """
SELECT coalesce(sum(new), 0), coalesce(sum(corrected), 0), coalesce(sum(zeroed), 0) FROM tally
"""
)

# Nothing is written for a source that says nothing new: neither a row, nor a coverage within its own, nor
# the posting itself.
POST = (
    _GIVEN
    + f""",
wider AS MATERIALIZED (
    SELECT c.* FROM complete c
    WHERE NOT coalesce((
        SELECT range_agg(daterange(o.first_day, o.last_day, '[]'))
        FROM riskmap_reportcoverage o
        WHERE o.source_id = c.source_id AND o.scope_id = c.scope_id AND o.kind = c.kind
            AND o.last_day >= c.first_day
    ) @> daterange(c.first_day, c.last_day, '[]'), false)
),
posting AS (
    SELECT p.source_id, p.batch_id, s.province_id
    FROM unnest(%(source)s::bigint[], %(batch)s::bigint[]) AS p (source_id, batch_id)
    JOIN riskmap_countsource s ON s.id = p.source_id
),
post AS (
    INSERT INTO riskmap_countpost
        (province_id, source_id, batch_id, reason, document, posted_at, posted_by_id)
    SELECT province_id, source_id, batch_id, %(reason)s, %(document)s, greatest(%(at)s, (
        -- what an edition showed as known at its cut-off stays so: later posts are known later
        SELECT max(m.cut_off) + interval '1 microsecond' FROM riskmap_mapedition m
        WHERE m.province_id = posting.province_id
    )), %(by)s FROM posting
    WHERE source_id IN (SELECT source_id FROM differing UNION SELECT source_id FROM wider)
    RETURNING id, source_id
),
entry AS (
    INSERT INTO riskmap_countentry (post_id, source_id, area_id, day, {_COLUMNS})
    SELECT post.id, source_id, area_id, day, {_COLUMNS}
    FROM differing JOIN post USING (source_id) ORDER BY area_id, day
),
coverage AS (
    INSERT INTO riskmap_reportcoverage (post_id, source_id, scope_id, kind, first_day, last_day)
    SELECT post.id, source_id, scope_id, kind, first_day, last_day FROM wider JOIN post USING (source_id)
)
SELECT posting.source_id, post.id,
    coalesce(tally.new, 0), coalesce(tally.corrected, 0), coalesce(tally.zeroed, 0),
    (SELECT count(*) FROM given g WHERE g.source_id = posting.source_id)
        - coalesce(tally.new, 0) - coalesce(tally.corrected, 0),
    (SELECT count(*) FROM wider w WHERE w.source_id = posting.source_id)
FROM posting LEFT JOIN post USING (source_id) LEFT JOIN tally USING (source_id)
"""
)

# Of the cell ``d`` of the area ``a`` (``up``: its parent): whether the day was accepted, and whether it may
# be changed all the same at the instant ``at``.
_LOCK = """EXISTS (
        SELECT FROM riskmap_dayreport r
        WHERE r.scope_id = CASE a.kind WHEN 'hamlet' THEN up.parent_id ELSE a.parent_id END
            AND r.day = d.day AND r.accepted_post_id IS NOT NULL
    ),
    EXISTS (
        SELECT FROM riskmap_lockexception x
        WHERE x.area_id IN (a.id, a.parent_id, up.parent_id) AND x.day = d.day
            AND x.granted_at <= %(at)s AND %(at)s < x.expires_at
            AND (x.ended_at IS NULL OR x.ended_at > %(at)s)
    )"""

_OR_ZERO = ", ".join(
    ["CASE WHEN {zero} THEN 0 ELSE {row}." + COUNT_COLUMNS[0] + " END"]
    + [f"{{row}}.{name}" for name in COUNT_COLUMNS[1:]]
)
_MORE_THAN_ZERO = f"greatest({', '.join(f'd.{name}' for name in COUNT_COLUMNS)}) > 0"

#: Cell by cell what would be new or changed: what the source said before, what is in force, and whether the
#: day was accepted and may be changed all the same at the instant ``at``.
COMPARE_CELLS = (
    _GIVEN
    + f"""
SELECT d.area_id, d.day, CASE WHEN said.zero THEN 'corrected' ELSE d.how END,
    {", ".join(f"d.{name}" for name in COUNT_COLUMNS)},
    e.id IS NOT NULL OR said.zero, {_OR_ZERO.format(row="e", zero="said.zero")},
    f.area_id IS NOT NULL OR said.zero, {_OR_ZERO.format(row="f", zero="f.area_id IS NULL AND said.zero")},
    a.name, {_LOCK}
FROM differing d
JOIN stated s USING (source_id, area_id, day)
JOIN core_area a ON a.id = d.area_id
LEFT JOIN core_area up ON up.id = a.parent_id
LEFT JOIN riskmap_countentry e ON e.id = s.last_id AND NOT e.withdrawn
CROSS JOIN LATERAL (  -- a number over the silent zero of a source that was complete
    SELECT e.id IS NULL AND {_MORE_THAN_ZERO} AND EXISTS (
        SELECT FROM riskmap_reportcoverage o
        WHERE o.source_id = d.source_id AND o.scope_id IN (a.id, a.parent_id, up.parent_id)
            AND o.kind = a.kind AND d.day BETWEEN o.first_day AND o.last_day
    ) AS zero
) said
LEFT JOIN riskmap_dailycount f ON f.area_id = d.area_id AND f.day = d.day
WHERE d.how <> 'zeroed'
ORDER BY d.day, a.sort_key, a.code
"""
)

#: What would be in force of the areas and days where the posting says something new.
WOULD_BE_IN_FORCE = (
    _GIVEN
    + f""",
would_say AS MATERIALIZED (
    SELECT {2**62} + row_number() OVER () AS id, area_id, day, source_id, false AS withdrawn, {_COLUMNS}
    FROM differing WHERE how <> 'zeroed'
),
touched AS MATERIALIZED (SELECT DISTINCT area_id, day FROM would_say),
{CHOSEN_IF}
SELECT area_id, day, {_COLUMNS} FROM chosen
"""
)

#: What is in force of one area and day, and what would be if the source of that id were chosen (null: none).
WOULD_BE_CHOSEN = f"""
WITH touched AS MATERIALIZED (SELECT %(area)s::bigint AS area_id, %(day)s::date AS day),
{CHOSEN_IF_CHOSEN}
SELECT d.area_id, d.day,
    f.area_id IS NOT NULL, {", ".join(f"f.{name}" for name in COUNT_COLUMNS)},
    c.area_id IS NOT NULL, {", ".join(f"c.{name}" for name in COUNT_COLUMNS)},
    a.name, {_LOCK}
FROM touched d
JOIN core_area a ON a.id = d.area_id
LEFT JOIN core_area up ON up.id = a.parent_id
LEFT JOIN riskmap_dailycount f ON f.area_id = d.area_id AND f.day = d.day
LEFT JOIN chosen c ON c.area_id = d.area_id AND c.day = d.day
"""

#: Undo what a batch's posting said, where nobody has spoken since: the earlier word, or none.
WITHDRAW = f"""
WITH written AS MATERIALIZED (
    SELECT e.id, e.area_id, e.day, e.source_id,
        EXISTS (
            SELECT FROM riskmap_countentry l
            WHERE l.area_id = e.area_id AND l.day = e.day AND l.source_id = e.source_id AND l.id > e.id
        ) AS spoken_since
    FROM riskmap_countentry e WHERE e.post_id = %(undone)s
),
entry AS (
    INSERT INTO riskmap_countentry (post_id, source_id, area_id, day, withdrawn, {_COLUMNS})
    SELECT %(post)s, w.source_id, w.area_id, w.day, coalesce(before.withdrawn, true),
        {", ".join(f"before.{name}" for name in COUNT_COLUMNS)}
    FROM written w
    LEFT JOIN LATERAL (
        SELECT * FROM riskmap_countentry b
        WHERE b.area_id = w.area_id AND b.day = w.day AND b.source_id = w.source_id AND b.id < w.id
        ORDER BY b.id DESC LIMIT 1
    ) before ON true
    WHERE NOT w.spoken_since
    ORDER BY w.area_id, w.day
    RETURNING 1
)
SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM written WHERE spoken_since)
"""
