"""Who has an interest in a nominee neither scores nor ticks it: asked by pages, held by the database."""

from django.db import migrations

#: By table, who acts there, and when.
TABLES = {
    "awards_score": ("scored_by_id", "scored_at"),
    "awards_tick": ("ticked_by_id", "ticked_at"),
    "awards_flagseen": ("seen_by_id", "seen_at"),
}

CONFLICTS = r"""
CREATE FUNCTION awards_folded(said text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT btrim(regexp_replace(lower(regexp_replace(
        normalize(translate(said, 'Đđ', 'Dd'), NFD), '[\u0300-\u036f]', '', 'g'
    )), '[^a-z0-9]+', ' ', 'g'))
$$;

-- Why the person may not review the nominee on the day; NULL where nothing stands against it.
CREATE FUNCTION awards_conflict(which bigint, who bigint, on_day date) RETURNS text
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

CREATE FUNCTION reviewer_without_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said jsonb := to_jsonb(NEW);
BEGIN
    IF awards_conflict(
        NEW.nominee_id, (said ->> TG_ARGV[0])::bigint,
        ((said ->> TG_ARGV[1])::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    ) IS NOT NULL THEN
        RAISE EXCEPTION 'Người thẩm định có liên quan đến đối tượng này; xin để người khác thẩm định.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reviewer_without_conflict';
    END IF;
    RETURN NEW;
END $$;
"""

NO_CONFLICTS = """
DROP FUNCTION reviewer_without_conflict();
DROP FUNCTION awards_conflict(bigint, bigint, date);
DROP FUNCTION awards_folded(text);
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0005_version_files")]

    operations = [
        migrations.RunSQL(CONFLICTS, NO_CONFLICTS),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER reviewer_without_conflict BEFORE INSERT OR UPDATE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION reviewer_without_conflict('{who}', '{when}')",
                f"DROP TRIGGER reviewer_without_conflict ON {table}",
            )
            for table, (who, when) in TABLES.items()
        ),
    ]
