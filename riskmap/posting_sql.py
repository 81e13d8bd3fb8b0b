"""The statements that write the ledger: a posting against what its sources said before."""

# ``last`` is the source's last word on the area and day. ``stated`` is its word from now on.
_GIVEN = """
WITH given AS MATERIALIZED (
    SELECT * FROM unnest(%(row_source)s::bigint[], %(area_id)s::bigint[], %(day)s::date[],
        %(unclassified)s::int[], %(unknown_source)s::int[], %(known_source)s::int[], %(isolated)s::int[],
        %(close_contacts)s::int[]
    ) AS g (source_id, area_id, day, unclassified, unknown_source, known_source, isolated, close_contacts)
),
complete AS MATERIALIZED (
    SELECT * FROM unnest(%(scope_source)s::bigint[], %(scope)s::bigint[], %(path)s::text[], %(kind)s::text[],
        %(first_day)s::date[], %(last_day)s::date[], %(contacts)s::bool[]
    ) AS c (source_id, scope_id, path, kind, first_day, last_day, contacts)
),
stated AS (
    SELECT g.source_id, g.area_id, g.day, last.id AS last_id,
        CASE WHEN f0.said THEN g.unclassified ELSE last.unclassified END AS unclassified,
        CASE WHEN f0.said THEN g.unknown_source ELSE last.unknown_source END AS unknown_source,
        CASE WHEN f0.said THEN g.known_source ELSE last.known_source END AS known_source,
        CASE WHEN f0.said THEN g.isolated ELSE last.isolated END AS isolated,
        coalesce(g.close_contacts, last.close_contacts) AS close_contacts,
        (last.unclassified, last.unknown_source, last.known_source, last.isolated, last.close_contacts)
            AS before
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
        CASE WHEN c.contacts THEN last.close_contacts * 0 ELSE last.close_contacts END AS close_contacts
    FROM complete c
    JOIN riskmap_dailycount d ON d.day BETWEEN c.first_day AND c.last_day
        AND d.day BETWEEN %(complete_from)s AND %(complete_to)s  -- implied, and known to the planner
    JOIN core_area a ON a.id = d.area_id AND a.kind = c.kind
        AND split_part(a.path, '/', 1) = split_part(c.path, '/', 1)
        AND starts_with(a.path || '/', c.path || '/')
    CROSS JOIN LATERAL (
        SELECT * FROM riskmap_countentry e
        WHERE e.area_id = d.area_id AND e.day = d.day AND e.source_id = c.source_id ORDER BY e.id DESC LIMIT 1
    ) last
    WHERE (greatest(last.unclassified, last.unknown_source, last.known_source, last.isolated) > 0
            OR (c.contacts AND last.close_contacts > 0))
        AND NOT EXISTS (
            SELECT FROM given g WHERE g.source_id = c.source_id AND g.area_id = d.area_id AND g.day = d.day
        )
    ORDER BY 1, 2, 3
),
differing AS MATERIALIZED (
    SELECT source_id, area_id, day, CASE WHEN last_id IS NULL THEN 'new' ELSE 'corrected' END AS how,
        unclassified, unknown_source, known_source, isolated, close_contacts
    FROM stated
    WHERE last_id IS NULL
        OR (unclassified, unknown_source, known_source, isolated, close_contacts) IS DISTINCT FROM before
    UNION ALL
    SELECT source_id, area_id, day, 'zeroed',
        unclassified, unknown_source, known_source, isolated, close_contacts
    FROM silent
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
    + """,
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
    INSERT INTO riskmap_countpost (province_id, source_id, batch_id, reason, posted_at, posted_by_id)
    SELECT province_id, source_id, batch_id, %(reason)s, greatest(%(at)s, (
        -- what an edition showed as known at its cut-off stays so: later posts are known later
        SELECT max(m.cut_off) + interval '1 microsecond' FROM riskmap_mapedition m
        WHERE m.province_id = posting.province_id
    )), %(by)s FROM posting
    WHERE source_id IN (SELECT source_id FROM differing UNION SELECT source_id FROM wider)
    RETURNING id, source_id
),
entry AS (
    INSERT INTO riskmap_countentry (post_id, source_id, area_id, day,
        unclassified, unknown_source, known_source, isolated, close_contacts)
    SELECT post.id, source_id, area_id, day,
        unclassified, unknown_source, known_source, isolated, close_contacts
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
