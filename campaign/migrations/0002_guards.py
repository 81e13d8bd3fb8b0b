"""What the database itself watches over: every change of a plan leaves a row in the journal."""

from django.db import migrations

from core.governance import GovernTable

TABLES = (
    "campaign_campaign",
    "campaign_phase",
    "campaign_targetgroup",
    "campaign_greencondition",
    "campaign_awardground",
    "campaign_scoringrule",
    "campaign_duty",
)

PROVINCE = r"""
CREATE FUNCTION campaign_is_of_a_province() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM core_area WHERE id = NEW.province_id AND kind = 'province') THEN
        RAISE EXCEPTION 'Phong trào thi đua phải thuộc một tỉnh, thành phố trực thuộc trung ương.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_is_of_a_province';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER campaign_is_of_a_province BEFORE INSERT OR UPDATE OF province_id ON campaign_campaign
    FOR EACH ROW EXECUTE FUNCTION campaign_is_of_a_province();
"""

NO_PROVINCE = """
DROP TRIGGER campaign_is_of_a_province ON campaign_campaign;
DROP FUNCTION campaign_is_of_a_province();
"""


class Migration(migrations.Migration):
    dependencies = [("campaign", "0001_initial")]

    operations = [
        *(GovernTable(table) for table in TABLES),
        migrations.RunSQL(PROVINCE, NO_PROVINCE),
    ]
