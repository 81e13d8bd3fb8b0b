"""Criteria say whom they are for, fit the nominee they score, and are fixed once there is a score."""

from django.db import migrations, models

GUARDS = r"""
CREATE OR REPLACE FUNCTION score_within_its_criterion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Criteria change alone, scores are given side by side: the one waits for the others.
    PERFORM pg_advisory_xact_lock_shared(2762, c.phase_id::int) FROM awards_criterion c
        WHERE c.id = NEW.criterion_id;
    IF NOT EXISTS (
        SELECT FROM awards_criterion c, awards_nominee n JOIN awards_dossier d ON d.id = n.dossier_id
        WHERE c.id = NEW.criterion_id AND n.id = NEW.nominee_id AND c.phase_id = d.phase_id
            AND NEW.points <= c.maximum
            AND c.recipient IN ('', CASE WHEN n.person = '' THEN 'collective' ELSE 'person' END)
    ) THEN
        RAISE EXCEPTION 'Điểm chấm phải theo tiêu chí của đợt, đúng đối tượng và không quá điểm tối đa.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'score_within_its_criterion';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION criteria_fixed_once_scored() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_phase bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.phase_id ELSE OLD.phase_id END;
BEGIN
    PERFORM pg_advisory_xact_lock(2762, of_phase::int);
    IF EXISTS (
        SELECT FROM awards_score s JOIN awards_criterion c ON c.id = s.criterion_id
        WHERE c.phase_id = of_phase
    ) OR (TG_OP = 'UPDATE' AND NEW.phase_id <> OLD.phase_id) THEN
        RAISE EXCEPTION 'Đợt đã có điểm chấm nên tiêu chí không đổi được nữa.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'criteria_fixed_once_scored';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER criteria_fixed_once_scored BEFORE INSERT OR UPDATE OR DELETE ON awards_criterion
    FOR EACH ROW EXECUTE FUNCTION criteria_fixed_once_scored();
"""

NO_GUARDS = r"""
DROP TRIGGER criteria_fixed_once_scored ON awards_criterion;
DROP FUNCTION criteria_fixed_once_scored();
CREATE OR REPLACE FUNCTION score_within_its_criterion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM awards_criterion c, awards_nominee n JOIN awards_dossier d ON d.id = n.dossier_id
        WHERE c.id = NEW.criterion_id AND n.id = NEW.nominee_id AND c.phase_id = d.phase_id
            AND NEW.points <= c.maximum
    ) THEN
        RAISE EXCEPTION 'Điểm chấm phải theo tiêu chí của đợt và không quá điểm tối đa.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'score_within_its_criterion';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0009_council_guards")]

    operations = [
        migrations.AddField(
            model_name="criterion",
            name="recipient",
            field=models.CharField(
                blank=True,
                choices=[("collective", "tập thể"), ("person", "cá nhân")],
                default="",
                max_length=12,
                verbose_name="chấm cho",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.CheckConstraint(
                condition=models.Q(("recipient__in", ["", "collective", "person"])),
                name="criterion_recipient_is_known",
                violation_error_message="Tiêu chí phải chấm cho tập thể, cá nhân, hoặc cả hai.",
            ),
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
