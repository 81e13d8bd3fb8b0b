"""What the database itself watches over: the ledger's ties, and declarations that fit their unit."""

from django.db import migrations

LEDGER = r"""
CREATE FUNCTION ledger_holds_together() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong bigint;
BEGIN
    SELECT w.post_id INTO wrong FROM (SELECT DISTINCT post_id, source_id FROM written) w
    WHERE NOT EXISTS (SELECT FROM riskmap_countpost p WHERE p.id = w.post_id AND p.source_id = w.source_id)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Bút toán phải thuộc một lần ghi (%) và mang nguồn của lần ghi đó.', wrong
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entry_source_is_that_of_its_post';
    END IF;
    SELECT w.area_id INTO wrong FROM (SELECT DISTINCT post_id, area_id FROM written) w
    JOIN riskmap_countpost p ON p.id = w.post_id
    JOIN core_area province ON province.id = p.province_id
    WHERE NOT EXISTS (
        SELECT FROM core_area a WHERE a.id = w.area_id AND a.kind IN ('commune', 'hamlet')
            AND starts_with(a.path, province.path || '/')
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Đơn vị % không phải là xã, phường, thị trấn, thôn, khu phố của tỉnh đang ghi.', wrong
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entry_area_lies_in_the_province_of_its_post';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_holds_together AFTER INSERT ON riskmap_countentry
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION ledger_holds_together();

CREATE FUNCTION ledger_keeps_what_it_names() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM riskmap_countentry e JOIN gone ON gone.id = e.%I)', TG_ARGV[0])
        INTO named;
    IF named THEN
        RAISE EXCEPTION 'Sổ số ca còn nhắc đến dòng này của bảng %: không xóa được.', TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_keeps_what_it_names';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_keeps_its_areas AFTER DELETE ON core_area
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ledger_keeps_what_it_names('area_id');
CREATE TRIGGER ledger_keeps_its_posts AFTER DELETE ON riskmap_countpost
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ledger_keeps_what_it_names('post_id');
CREATE TRIGGER ledger_keeps_its_sources AFTER DELETE ON riskmap_countsource
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ledger_keeps_what_it_names('source_id');
"""

NO_LEDGER = """
DROP TRIGGER ledger_keeps_its_sources ON riskmap_countsource;
DROP TRIGGER ledger_keeps_its_posts ON riskmap_countpost;
DROP TRIGGER ledger_keeps_its_areas ON core_area;
DROP FUNCTION ledger_keeps_what_it_names();
DROP TRIGGER ledger_holds_together ON riskmap_countentry;
DROP FUNCTION ledger_holds_together();
"""

# The tiers are those of riskmap/rules/scale.py; a test holds the two together.
FACTS = r"""
CREATE FUNCTION fact_fits_its_area() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT kind FROM core_area WHERE id = NEW.area_id) IS DISTINCT FROM
        (CASE NEW.kind
            WHEN 'crowded_place_source' THEN 'commune'
            WHEN 'entry_or_quarantine_pressure' THEN 'commune'
            WHEN 'uncontrolled_spread_over_half' THEN 'district'
            WHEN 'uncontrolled_spread_over_fifth' THEN 'district'
            WHEN 'critical_industry_near_uncontrolled' THEN 'district'
            WHEN 'large_outbreak_beyond' THEN 'province'
        END)
    THEN
        RAISE EXCEPTION 'Nội dung % không khai báo cho cấp của đơn vị này.', NEW.kind
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_fits_its_area';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fact_fits_its_area BEFORE INSERT OR UPDATE ON riskmap_declaredfact
    FOR EACH ROW EXECUTE FUNCTION fact_fits_its_area();
"""

NO_FACTS = """
DROP TRIGGER fact_fits_its_area ON riskmap_declaredfact;
DROP FUNCTION fact_fits_its_area();
"""


class Migration(migrations.Migration):
    dependencies = [("riskmap", "0002_guards")]

    operations = [migrations.RunSQL(LEDGER, NO_LEDGER), migrations.RunSQL(FACTS, NO_FACTS)]
