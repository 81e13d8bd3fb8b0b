"""What the database itself watches over: the journal, what is only added to, and who may be in a dossier."""

from django.db import migrations

from core.governance import GovernTable

TABLES = (
    "awards_shortlist",
    "awards_candidate",
    "awards_dossier",
    "awards_nominee",
    "awards_dossieritem",
    "awards_latepermit",
    "awards_dossierversion",
    "awards_dossierstep",
)
#: What is only ever added to.
LEDGERS = ("awards_shortlist", "awards_dossierversion", "awards_dossierstep")

PLACES = r"""
CREATE FUNCTION awards_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Dòng đã ghi không sửa, không xóa được; xin ghi dòng mới.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'awards_ledger_is_append_only';
END $$;

CREATE FUNCTION dossier_lies_in_its_province() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM core_area a, campaign_phase f
            JOIN campaign_campaign c ON c.id = f.campaign_id JOIN core_area p ON p.id = c.province_id
        WHERE a.id = NEW.area_id AND f.id = NEW.phase_id AND a.kind IN ('province', 'district')
            AND (a.path = p.path OR a.path LIKE p.path || '/%')
    ) THEN
        RAISE EXCEPTION 'Hồ sơ phải của một huyện hoặc của cấp tỉnh, trong tỉnh của phong trào.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dossier_lies_in_its_province';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dossier_lies_in_its_province BEFORE INSERT OR UPDATE OF area_id, phase_id ON awards_dossier
    FOR EACH ROW EXECUTE FUNCTION dossier_lies_in_its_province();

CREATE FUNCTION nominee_lies_in_its_dossier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM awards_dossier d JOIN core_area a ON a.id = d.area_id, campaign_unit u
            JOIN core_area seat ON seat.id = u.seat_id
        WHERE d.id = NEW.dossier_id AND u.id = NEW.unit_id
            AND (seat.path = a.path OR (a.kind = 'district' AND seat.path LIKE a.path || '/%'))
    ) THEN
        RAISE EXCEPTION 'Hồ sơ chỉ đề nghị đơn vị trên địa bàn của mình.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nominee_lies_in_its_dossier';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nominee_lies_in_its_dossier BEFORE INSERT OR UPDATE OF dossier_id, unit_id ON awards_nominee
    FOR EACH ROW EXECUTE FUNCTION nominee_lies_in_its_dossier();
"""

NO_PLACES = """
DROP TRIGGER nominee_lies_in_its_dossier ON awards_nominee;
DROP FUNCTION nominee_lies_in_its_dossier();
DROP TRIGGER dossier_lies_in_its_province ON awards_dossier;
DROP FUNCTION dossier_lies_in_its_province();
DROP FUNCTION awards_refuses_change();
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0001_initial")]

    operations = [
        *(GovernTable(table) for table in TABLES),
        migrations.RunSQL(PLACES, NO_PLACES),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION awards_refuses_change()",
                f"DROP TRIGGER append_only ON {table}",
            )
            for table in LEDGERS
        ),
    ]
