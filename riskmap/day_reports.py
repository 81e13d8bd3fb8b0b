"""Reports of a day: sent by a district or its communes, returned or accepted by Sở Y tế."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection

from core.models import User

# A report is sent when numbers of its day are posted. It is complete when every commune of the scope that is
# valid that day has a number, or was covered by a report of zero.
_MARK_SENT = """
WITH cell AS (
    SELECT * FROM unnest(%(areas)s::bigint[], %(days)s::date[]) AS c (area_id, day)
),
report AS (
    SELECT DISTINCT CASE a.kind WHEN 'hamlet' THEN up.parent_id ELSE a.parent_id END AS scope_id, cell.day
    FROM cell JOIN core_area a ON a.id = cell.area_id LEFT JOIN core_area up ON up.id = a.parent_id
),
state AS (
    SELECT report.*, NOT EXISTS (
        SELECT FROM core_area c JOIN core_area s ON s.id = c.parent_id
        WHERE c.parent_id = report.scope_id AND c.kind = 'commune'
            AND c.valid_from <= report.day AND coalesce(c.valid_to, 'infinity') >= report.day
            AND NOT EXISTS (
                SELECT FROM riskmap_dailycount d WHERE d.area_id = c.id AND d.day = report.day
            )
            AND NOT EXISTS (
                SELECT FROM riskmap_reportcoverage o
                WHERE o.scope_id IN (c.id, s.id, s.parent_id) AND o.kind = 'commune'
                    AND report.day BETWEEN o.first_day AND o.last_day
            )
    ) AS complete
    FROM report
),
step AS (
    INSERT INTO riskmap_dayreportstep (scope_id, day, act, reason, taken_at, taken_by_id)
    SELECT scope_id, day, 'sent', %(reason)s, %(at)s, %(by)s FROM state ORDER BY day, scope_id
)
INSERT INTO riskmap_dayreport AS r (scope_id, day, status, complete, reason, sent_at, sent_by_id)
SELECT scope_id, day, 'sent', complete, '', %(at)s, %(by)s FROM state ORDER BY day, scope_id
ON CONFLICT (scope_id, day) DO UPDATE SET
    (status, complete, reason, sent_at, sent_by_id, decided_at, decided_by_id)
    = ('sent', EXCLUDED.complete, '', EXCLUDED.sent_at, EXCLUDED.sent_by_id, NULL, NULL)
"""


def mark_sent(*, cells: Iterable[tuple[int, date]], by: User, at: datetime, reason: str = "") -> int:
    """The reports of these areas (ids) and days are sent, again where they were returned or accepted.

    Part of the transaction that posts the numbers; returns how many reports. A day that was accepted stays
    locked: what is new in it waits for acceptance. ``reason`` is what the sender says to it.
    """
    cells = sorted(set(cells))
    with connection.cursor() as cursor:
        cursor.execute(
            _MARK_SENT,
            {
                "areas": [area for area, _ in cells],
                "days": [day for _, day in cells],
                "reason": reason,
                "at": at,
                "by": by.pk,
            },
        )
        return cursor.rowcount
