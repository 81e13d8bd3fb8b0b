"""Who has an interest in a dossier does not review it, and who took it up does not end its review alone."""

from django.db import migrations

GUARD = r"""
CREATE FUNCTION review_step_by_a_stranger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM awards_nominee n
        WHERE n.dossier_id = NEW.dossier_id AND awards_conflict(
            n.id, NEW.taken_by_id, (NEW.taken_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
        ) IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'Người thẩm định có liên quan đến hồ sơ này; xin để người khác thẩm định.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_step_without_conflict';
    END IF;
    IF NEW.act = 'finish' AND NEW.taken_by_id = (
        SELECT s.taken_by_id FROM awards_dossierstep s
        WHERE s.dossier_id = NEW.dossier_id AND s.act = 'take_up' ORDER BY s.id DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'Người nhận thẩm định không tự kết thúc; xin để người thứ hai.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_finished_by_a_second_person';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_step_by_a_stranger BEFORE INSERT ON awards_dossierstep
    FOR EACH ROW WHEN (NEW.act IN ('take_up', 'return', 'finish', 'reopen'))
    EXECUTE FUNCTION review_step_by_a_stranger();
"""

NO_GUARD = """
DROP TRIGGER review_step_by_a_stranger ON awards_dossierstep;
DROP FUNCTION review_step_by_a_stranger();
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0011_council_rules")]

    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
