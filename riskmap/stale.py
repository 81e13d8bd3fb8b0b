"""Stale marks: from which day on the levels of a province may be out of date."""

from collections.abc import Mapping
from datetime import date

from django.db import connection, transaction

from core.models import Area
from riskmap.bell import ring

# Red spreads orange and orange yellow, each over one border: what changes in a province is felt by every
# commune within two borders of it. Communes hang from a district or, since 1/7/2025, from the province.
MARK_SQL = """
WITH given AS (
    SELECT * FROM unnest(%(provinces)s::bigint[], %(days)s::date[]) AS given (province_id, since)
),
commune AS (
    SELECT c.id, CASE p.kind WHEN 'province' THEN p.id ELSE p.parent_id END AS province_id
    FROM core_area c JOIN core_area p ON p.id = c.parent_id
    WHERE c.kind = 'commune'
),
first_border AS (
    SELECT link.neighbour_id AS area_id, there.province_id, min(given.since) AS since
    FROM given
    JOIN commune here ON here.province_id = given.province_id
    JOIN core_areaneighbour link ON link.area_id = here.id
    JOIN commune there ON there.id = link.neighbour_id AND there.province_id <> here.province_id
    -- When the whole nation is stale from one day, no province is left to be reached.
    WHERE EXISTS (SELECT FROM core_area WHERE kind = 'province' AND id <> ALL (%(first_stale)s))
    GROUP BY 1, 2
),
reached AS (
    SELECT province_id, since FROM given
    UNION ALL
    SELECT province_id, since FROM first_border
    UNION ALL
    SELECT there.province_id, first_border.since
    FROM first_border
    JOIN core_areaneighbour link ON link.area_id = first_border.area_id
    JOIN commune there ON there.id = link.neighbour_id
)
INSERT INTO riskmap_stalemark (province_id, since, cause)
SELECT province_id, min(since), %(cause)s FROM reached GROUP BY province_id
"""


def mark_stale(*, province: Area, since: date, cause: str) -> None:
    """Mark ``province`` and every province within two borders of it stale from ``since`` on.

    The mark commits with the caller's own writes or not at all; the bell rings after that commit.
    ``cause`` is a few words for the log (60 characters at most).
    """
    mark_provinces_stale(since_by_province={province.pk: since}, cause=cause)


@transaction.atomic(savepoint=False)
def mark_provinces_stale(*, since_by_province: Mapping[int, date], cause: str) -> None:
    """As ``mark_stale`` for many provinces at once (ids to first stale days): one statement, one bell."""
    if not since_by_province:
        return
    first = min(since_by_province.values())
    with connection.cursor() as cursor:
        cursor.execute(
            MARK_SQL,
            {
                "provinces": list(since_by_province),
                "days": list(since_by_province.values()),
                "cause": cause,
                "first_stale": [province for province, since in since_by_province.items() if since == first],
            },
        )
    transaction.on_commit(ring, robust=True)
