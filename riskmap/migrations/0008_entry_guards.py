"""What the database itself watches over: accepted days stay, and nobody accepts what they entered."""

from django.db import migrations

from core.governance import GovernLedger, GovernTable

# An accepted day is written to only under an exception in force, and with a document. Statement-level, as the
# other guards of the ledger: a large file pays one look at the accepted days it speaks of.
LOCKS = r"""
CREATE FUNCTION accepted_days_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    IF NOT EXISTS (
        SELECT FROM riskmap_dayreport r WHERE r.accepted_post_id IS NOT NULL
            AND r.day BETWEEN (SELECT min(day) FROM written) AND (SELECT max(day) FROM written)
    ) THEN
        RETURN NULL;
    END IF;
    SELECT a.name, w.day INTO wrong
    FROM written w
    JOIN core_area a ON a.id = w.area_id
    LEFT JOIN core_area up ON up.id = a.parent_id
    JOIN riskmap_countpost p ON p.id = w.post_id
    JOIN riskmap_dayreport r ON r.day = w.day AND r.accepted_post_id IS NOT NULL
        AND r.scope_id = CASE a.kind WHEN 'hamlet' THEN up.parent_id ELSE a.parent_id END
    WHERE p.document = '' OR NOT EXISTS (
        SELECT FROM riskmap_lockexception x
        WHERE x.day = w.day AND x.area_id IN (a.id, a.parent_id, up.parent_id)
            AND x.granted_at <= p.posted_at AND p.posted_at < x.expires_at
            AND (x.ended_at IS NULL OR x.ended_at > p.posted_at)
    )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Số liệu ngày % của % đã duyệt và khóa: cần phép sửa còn hiệu lực và số văn bản.',
            to_char(wrong.day, 'DD/MM/YYYY'), wrong.name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accepted_days_stay';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER accepted_days_stay AFTER INSERT ON riskmap_countentry
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION accepted_days_stay();
CREATE TRIGGER accepted_days_stay AFTER INSERT ON riskmap_sourcechoice
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION accepted_days_stay();
"""

NO_LOCKS = """
DROP TRIGGER accepted_days_stay ON riskmap_sourcechoice;
DROP TRIGGER accepted_days_stay ON riskmap_countentry;
DROP FUNCTION accepted_days_stay();
"""

SECOND_PERSON = r"""
CREATE FUNCTION report_accepted_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seen bigint;
BEGIN
    SELECT coalesce(max(last_post_id), 0) INTO seen FROM riskmap_dayreportstep
        WHERE scope_id = NEW.scope_id AND day = NEW.day AND act = 'accepted';
    IF EXISTS (
        SELECT FROM core_area a
        LEFT JOIN core_area up ON up.id = a.parent_id
        JOIN riskmap_countentry e ON e.area_id = a.id AND e.day = NEW.day
        JOIN riskmap_countpost p ON p.id = e.post_id
        WHERE NEW.scope_id IN (a.parent_id, up.parent_id) AND p.posted_by_id = NEW.taken_by_id
            AND p.id > seen AND p.id <= NEW.last_post_id
    ) OR EXISTS (
        SELECT FROM core_area a
        JOIN riskmap_sourcechoice c ON c.area_id = a.id AND c.day = NEW.day
        JOIN riskmap_countpost p ON p.id = c.post_id
        WHERE a.parent_id = NEW.scope_id AND p.posted_by_id = NEW.taken_by_id
            AND p.id > seen AND p.id <= NEW.last_post_id
    ) OR EXISTS (
        SELECT FROM core_area s
        JOIN core_area within ON within.id IN (s.id, s.parent_id) OR within.parent_id = s.id
        JOIN riskmap_reportcoverage c ON c.scope_id = within.id
            AND NEW.day BETWEEN c.first_day AND c.last_day
        JOIN riskmap_countpost p ON p.id = c.post_id
        WHERE s.id = NEW.scope_id AND p.posted_by_id = NEW.taken_by_id
            AND p.id > seen AND p.id <= NEW.last_post_id
    ) THEN
        RAISE EXCEPTION 'Không ai duyệt số liệu do chính mình nhập.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_accepted_by_another_than_who_entered';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_accepted_by_another BEFORE INSERT ON riskmap_dayreportstep
    FOR EACH ROW WHEN (NEW.act = 'accepted') EXECUTE FUNCTION report_accepted_by_another();
"""

NO_SECOND_PERSON = """
DROP TRIGGER report_accepted_by_another ON riskmap_dayreportstep;
DROP FUNCTION report_accepted_by_another();
"""

CHOICES = r"""
CREATE FUNCTION choice_holds_together() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM riskmap_countpost p
        JOIN core_area province ON province.id = p.province_id
        JOIN core_area a ON a.id = NEW.area_id AND a.kind IN ('commune', 'hamlet')
            AND starts_with(a.path, province.path || '/')
        LEFT JOIN riskmap_countsource s ON s.id = NEW.source_id
        WHERE p.id = NEW.post_id AND (NEW.source_id IS NULL OR s.province_id = p.province_id)
    ) THEN
        RAISE EXCEPTION 'Nguồn được chọn và đơn vị phải thuộc cùng một tỉnh.'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'choice_lies_in_the_province_of_its_post';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER choice_holds_together BEFORE INSERT ON riskmap_sourcechoice
    FOR EACH ROW EXECUTE FUNCTION choice_holds_together();
"""

NO_CHOICES = """
DROP TRIGGER choice_holds_together ON riskmap_sourcechoice;
DROP FUNCTION choice_holds_together();
"""


class Migration(migrations.Migration):
    dependencies = [("riskmap", "0007_entry")]

    operations = [
        GovernTable("riskmap_dayreport"),
        GovernLedger("riskmap_dayreportstep", group="scope_id"),
        GovernTable("riskmap_lockexception"),
        GovernTable("riskmap_guardedperiod"),
        GovernTable("riskmap_correctionrequest"),
        GovernTable("riskmap_sourcetoken", secrets=("digest",)),
        GovernLedger("riskmap_pushreceipt", group="token_id"),
        GovernLedger("riskmap_sourcechoice", group="post_id"),
        GovernLedger("riskmap_cellnote", group="area_id"),
        # Drafts (riskmap_draftcell) are not governed: they say nothing until they are sent.
        migrations.RunSQL(LOCKS, NO_LOCKS),
        migrations.RunSQL(SECOND_PERSON, NO_SECOND_PERSON),
        migrations.RunSQL(CHOICES, NO_CHOICES),
    ]
