"""What the database itself watches over: the journal, and that units and registrations lie where they say."""

from django.db import migrations

from core.governance import GovernTable

TABLES = (
    "campaign_unit",
    "campaign_registration",
    "campaign_registrationstep",
    "campaign_pledgecount",
    "campaign_conditionanswer",
    "campaign_conditionevidence",
    "campaign_recognisedzone",
    "campaign_inspection",
    "campaign_followup",
    "campaign_standing",
    "campaign_diaryentry",
    "campaign_diaryphoto",
)

PLACES = r"""
CREATE FUNCTION unit_sits_in_its_province() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seat core_area;
BEGIN
    SELECT * INTO seat FROM core_area WHERE id = NEW.seat_id;
    IF NOT EXISTS (
        SELECT FROM core_area p
        WHERE p.id = NEW.province_id AND p.kind = 'province'
            AND (seat.path = p.path OR seat.path LIKE p.path || '/%')
    ) THEN
        RAISE EXCEPTION 'Đơn vị phải đóng trên địa bàn của tỉnh.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_sits_in_its_province';
    END IF;
    IF NEW.kind IN ('hamlet', 'commune', 'district') AND NEW.kind <> seat.kind THEN
        RAISE EXCEPTION 'Loại đơn vị phải đúng cấp của địa bàn.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_is_of_the_tier_of_its_area';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER unit_sits_in_its_province BEFORE INSERT OR UPDATE OF province_id, seat_id, kind ON campaign_unit
    FOR EACH ROW EXECUTE FUNCTION unit_sits_in_its_province();

CREATE FUNCTION registration_fits_its_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM campaign_unit u, campaign_campaign c, campaign_targetgroup g
        WHERE u.id = NEW.unit_id AND c.id = NEW.campaign_id AND g.id = NEW.group_id
            AND u.province_id = c.province_id AND g.campaign_id = c.id AND g.kind = u.kind
    ) THEN
        RAISE EXCEPTION 'Đối tượng thi đua phải thuộc phong trào và đúng loại của đơn vị.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_fits_its_unit';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER registration_fits_its_unit
    BEFORE INSERT OR UPDATE OF unit_id, campaign_id, group_id ON campaign_registration
    FOR EACH ROW EXECUTE FUNCTION registration_fits_its_unit();

CREATE FUNCTION pledge_is_of_a_commune_or_hamlet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM core_area a, campaign_campaign c JOIN core_area p ON p.id = c.province_id
        WHERE a.id = NEW.area_id AND c.id = NEW.campaign_id
            AND a.kind IN ('commune', 'hamlet') AND a.path LIKE p.path || '/%'
    ) THEN
        RAISE EXCEPTION 'Số cam kết được nhập cho xã, phường, thị trấn hoặc thôn, khu phố của tỉnh.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_is_of_a_commune_or_hamlet';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pledge_is_of_a_commune_or_hamlet BEFORE INSERT OR UPDATE ON campaign_pledgecount
    FOR EACH ROW EXECUTE FUNCTION pledge_is_of_a_commune_or_hamlet();

CREATE FUNCTION campaign_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Dòng đã ghi không sửa, không xóa được; xin ghi dòng mới.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_ledger_is_append_only';
END $$;
"""

NO_PLACES = """
DROP FUNCTION campaign_refuses_change();
DROP TRIGGER pledge_is_of_a_commune_or_hamlet ON campaign_pledgecount;
DROP FUNCTION pledge_is_of_a_commune_or_hamlet();
DROP TRIGGER registration_fits_its_unit ON campaign_registration;
DROP FUNCTION registration_fits_its_unit();
DROP TRIGGER unit_sits_in_its_province ON campaign_unit;
DROP FUNCTION unit_sits_in_its_province();
"""

#: What is only ever added to.
LEDGERS = (
    "campaign_registrationstep",
    "campaign_pledgecount",
    "campaign_conditionanswer",
    "campaign_standing",
)


class Migration(migrations.Migration):
    dependencies = [("campaign", "0003_competing"), ("core", "0006_file_guards")]

    operations = [
        *(GovernTable(table) for table in TABLES),
        # What people write of others is nobody's to read in the journal.
        GovernTable("campaign_feedback", secrets=("text", "contact", "code")),
        migrations.RunSQL(PLACES, NO_PLACES),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION campaign_refuses_change()",
                f"DROP TRIGGER append_only ON {table}",
            )
            for table in LEDGERS
        ),
    ]
