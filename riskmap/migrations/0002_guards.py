"""What the database itself watches over: the ledger, the journal, and spans that never overlap."""

from django.db import migrations

from core.governance import GovernLedger, GovernTable

# Row-level foreign keys and a GiST exclusion on spans cost more than recomputing a nation (docs/adr/0003);
# one statement-level check keeps the same promise at set-based cost. Two writers of one province are kept
# apart by the stage's own lock; this one makes overlap impossible even for those who go around it.
SPANS = r"""
CREATE FUNCTION spans_hold_together() RETURNS trigger LANGUAGE plpgsql
SET work_mem = '64MB' AS $$
DECLARE
    wrong bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(2686, 0);
    SELECT area_id INTO wrong FROM (
        SELECT area_id, last_day, lead(first_day) OVER (PARTITION BY area_id ORDER BY first_day) AS next_first_day
        FROM riskmap_levelspan WHERE area_id IN (SELECT area_id FROM written)
    ) spans WHERE next_first_day <= last_day LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Hai khoảng mức độ nguy cơ của đơn vị % trùng ngày nhau.', wrong
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'span_never_overlaps_another';
    END IF;
    SELECT area_id INTO wrong FROM (SELECT DISTINCT area_id FROM written) named
        WHERE NOT EXISTS (SELECT FROM core_area a WHERE a.id = area_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Không có đơn vị hành chính %.', wrong
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'span_area_exists';
    END IF;
    SELECT grounds_id INTO wrong FROM (SELECT DISTINCT grounds_id FROM written) used
        WHERE NOT EXISTS (SELECT FROM riskmap_grounds g WHERE g.id = grounds_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Không có căn cứ %.', wrong
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'span_grounds_exist';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER spans_inserted AFTER INSERT ON riskmap_levelspan
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION spans_hold_together();
CREATE TRIGGER spans_updated AFTER UPDATE ON riskmap_levelspan
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION spans_hold_together();

CREATE FUNCTION area_keeps_its_spans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM riskmap_levelspan s JOIN gone ON gone.id = s.area_id) THEN
        RAISE EXCEPTION 'Đơn vị hành chính đã có mức độ nguy cơ thì không xóa được.'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'span_area_exists';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER area_keeps_its_spans AFTER DELETE ON core_area
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION area_keeps_its_spans();

CREATE FUNCTION grounds_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Căn cứ đã ghi thì không sửa, không xóa.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER grounds_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON riskmap_grounds
    FOR EACH STATEMENT EXECUTE FUNCTION grounds_stay();
"""

NO_SPANS = """
DROP TRIGGER grounds_stay ON riskmap_grounds;
DROP FUNCTION grounds_stay();
DROP TRIGGER area_keeps_its_spans ON core_area;
DROP FUNCTION area_keeps_its_spans();
DROP TRIGGER spans_updated ON riskmap_levelspan;
DROP TRIGGER spans_inserted ON riskmap_levelspan;
DROP FUNCTION spans_hold_together();
"""


class Migration(migrations.Migration):
    dependencies = [("riskmap", "0001_initial"), ("core", "0002_audit")]

    operations = [
        GovernTable("riskmap_provincepolicy"),
        GovernTable("riskmap_declaredfact"),
        GovernTable("riskmap_countsource"),
        GovernTable("riskmap_countpost"),
        GovernTable("riskmap_importbatch"),
        GovernLedger("riskmap_countentry", group="post_id"),
        GovernLedger("riskmap_reportcoverage", group="post_id"),
        migrations.RunSQL(SPANS, NO_SPANS),
    ]
