"""Who nominated somebody of a dossier prepared it: the same person does not review it."""

from django.db import migrations

CONFLICTS = r"""
CREATE OR REPLACE FUNCTION awards_conflict(which bigint, who bigint, on_day date) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN d.opened_by_id = who
            OR EXISTS (SELECT FROM awards_nominee o WHERE o.dossier_id = d.id AND o.added_by_id = who)
            OR EXISTS (
                SELECT FROM awards_nominee o JOIN awards_nomination m ON m.nominee_id = o.id
                WHERE o.dossier_id = d.id AND m.nominated_by_id = who
            )
            OR EXISTS (SELECT FROM awards_dossieritem i WHERE i.dossier_id = d.id AND i.saved_by_id = who)
            OR EXISTS (
                SELECT FROM awards_dossierversion v WHERE v.dossier_id = d.id AND v.received_by_id = who
            )
            THEN 'prepared'
        WHEN n.person <> '' AND awards_folded(n.person) = (
            SELECT awards_folded(p.full_name) FROM core_user p WHERE p.id = who
        ) THEN 'same_person'
        WHEN EXISTS (
            SELECT FROM core_grant g JOIN core_area a ON a.id = g.area_id
            WHERE g.user_id = who AND a.parent_id IS NOT NULL AND g.valid_from <= on_day
                AND (g.valid_to IS NULL OR g.valid_to >= on_day)
                AND (g.ended_at IS NULL
                    OR g.ended_at >= (on_day + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')
                AND (s.path = a.path OR s.path LIKE a.path || '/%')
        ) THEN 'own_area'
    END
    FROM awards_nominee n JOIN awards_dossier d ON d.id = n.dossier_id
        JOIN campaign_unit u ON u.id = n.unit_id JOIN core_area s ON s.id = u.seat_id
    WHERE n.id = which
$$;
"""

NO_CONFLICTS = r"""
CREATE OR REPLACE FUNCTION awards_conflict(which bigint, who bigint, on_day date) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN d.opened_by_id = who
            OR EXISTS (SELECT FROM awards_nominee o WHERE o.dossier_id = d.id AND o.added_by_id = who)
            OR EXISTS (SELECT FROM awards_dossieritem i WHERE i.dossier_id = d.id AND i.saved_by_id = who)
            OR EXISTS (
                SELECT FROM awards_dossierversion v WHERE v.dossier_id = d.id AND v.received_by_id = who
            )
            THEN 'prepared'
        WHEN n.person <> '' AND awards_folded(n.person) = (
            SELECT awards_folded(p.full_name) FROM core_user p WHERE p.id = who
        ) THEN 'same_person'
        WHEN EXISTS (
            SELECT FROM core_grant g JOIN core_area a ON a.id = g.area_id
            WHERE g.user_id = who AND a.parent_id IS NOT NULL AND g.valid_from <= on_day
                AND (g.valid_to IS NULL OR g.valid_to >= on_day)
                AND (g.ended_at IS NULL
                    OR g.ended_at >= (on_day + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')
                AND (s.path = a.path OR s.path LIKE a.path || '/%')
        ) THEN 'own_area'
    END
    FROM awards_nominee n JOIN awards_dossier d ON d.id = n.dossier_id
        JOIN campaign_unit u ON u.id = n.unit_id JOIN core_area s ON s.id = u.seat_id
    WHERE n.id = which
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0012_step_conflicts")]

    operations = [migrations.RunSQL(CONFLICTS, NO_CONFLICTS)]
