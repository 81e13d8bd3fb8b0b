"""The share a nominee must reach, who does not vote on whom, and what the database keeps of a secret vote."""

import django.contrib.postgres.fields
from django.db import migrations, models

RULES = r"""
-- For each nominee of the agenda as many ballots as there are members who voted and may.
CREATE FUNCTION council_ballots_agree(which bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT FROM awards_agendaline l
        WHERE l.session_id = which AND (
            SELECT count(*) FROM awards_ballot b WHERE b.session_id = which AND b.nominee_id = l.nominee_id
        ) <> (
            SELECT count(*) FROM awards_councilmember m
            WHERE m.session_id = which AND m.has_voted AND NOT l.nominee_id = ANY (m.barred)
        )
    )
$$;

CREATE FUNCTION council_keeps_to_its_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'Phiên họp đã kết thúc bỏ phiếu; không sửa, không xóa được nữa.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'council_closed_for_good';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF OLD.opened_at IS NULL AND NEW.opened_at IS NOT NULL THEN
        IF (SELECT count(*) FROM awards_councilmember m WHERE m.session_id = NEW.id AND m.present) < NEW.quorum THEN
            RAISE EXCEPTION 'Chưa đủ số thành viên có mặt để bỏ phiếu.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'council_opens_with_a_quorum';
        END IF;
        UPDATE awards_councilmember m SET has_voted = false, barred = ARRAY(
            SELECT l.nominee_id FROM awards_agendaline l
            WHERE l.session_id = NEW.id AND awards_conflict(
                l.nominee_id, m.member_id, (NEW.opened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
            ) IS NOT NULL
            ORDER BY l.nominee_id
        ) WHERE m.session_id = NEW.id;
    END IF;
    IF OLD.opened_at IS NOT NULL AND NEW.opened_at IS NULL
        AND EXISTS (SELECT FROM awards_ballot b WHERE b.session_id = NEW.id) THEN
        RAISE EXCEPTION 'Hủy lượt bỏ phiếu thì phải hủy hết phiếu đã bỏ.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'council_annulled_without_ballots';
    END IF;
    IF NEW.closed_at IS NOT NULL THEN
        IF (SELECT count(*) FROM awards_councilmember m WHERE m.session_id = NEW.id AND m.has_voted) < NEW.quorum THEN
            RAISE EXCEPTION 'Chưa đủ số thành viên đã bỏ phiếu.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'council_closes_with_a_quorum';
        END IF;
        IF NOT council_ballots_agree(NEW.id) THEN
            RAISE EXCEPTION 'Số phiếu không khớp số thành viên đã bỏ phiếu.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ballots_agree_with_who_voted';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER council_keeps_to_its_rules BEFORE UPDATE OR DELETE ON awards_councilsession
    FOR EACH ROW EXECUTE FUNCTION council_keeps_to_its_rules();

CREATE FUNCTION council_agenda_before_the_vote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line awards_agendaline := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF EXISTS (
        SELECT FROM awards_councilsession s WHERE s.id = line.session_id AND s.opened_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'Đã mở bỏ phiếu; không sửa nội dung họp được nữa.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'council_agenda_before_the_vote';
    END IF;
    IF TG_OP <> 'DELETE' AND NOT EXISTS (
        SELECT FROM awards_councilsession s JOIN awards_dossier d ON d.phase_id = s.phase_id
            JOIN awards_nominee n ON n.dossier_id = d.id
        WHERE s.id = line.session_id AND n.id = line.nominee_id
    ) THEN
        RAISE EXCEPTION 'Nội dung họp chỉ gồm đối tượng của đợt.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'council_agenda_of_its_phase';
    END IF;
    RETURN line;
END $$;
CREATE TRIGGER council_agenda_before_the_vote BEFORE INSERT OR UPDATE OR DELETE ON awards_agendaline
    FOR EACH ROW EXECUTE FUNCTION council_agenda_before_the_vote();

-- Once the vote is open a seat changes in one way only: who is present votes, once.
CREATE FUNCTION council_seats_before_the_vote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seat awards_councilmember := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    opened boolean;
    closed boolean;
BEGIN
    SELECT s.opened_at IS NOT NULL, s.closed_at IS NOT NULL INTO opened, closed
        FROM awards_councilsession s WHERE s.id = seat.session_id;
    IF TG_OP = 'UPDATE' AND opened AND NOT closed AND OLD.present AND NOT OLD.has_voted AND NEW.has_voted
        AND (NEW.id, NEW.session_id, NEW.member_id, NEW.present, NEW.barred)
            IS NOT DISTINCT FROM (OLD.id, OLD.session_id, OLD.member_id, OLD.present, OLD.barred) THEN
        RETURN NEW;
    END IF;
    IF opened OR (TG_OP <> 'DELETE' AND NEW.has_voted) THEN
        RAISE EXCEPTION 'Chỉ người có mặt bỏ phiếu, một lần, khi cuộc bỏ phiếu đang mở.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'council_seats_before_the_vote';
    END IF;
    RETURN seat;
END $$;
CREATE TRIGGER council_seats_before_the_vote BEFORE INSERT OR UPDATE OR DELETE ON awards_councilmember
    FOR EACH ROW EXECUTE FUNCTION council_seats_before_the_vote();

CREATE FUNCTION ballots_agree_with_who_voted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.has_voted AND NOT OLD.has_voted AND NOT council_ballots_agree(NEW.session_id) THEN
        RAISE EXCEPTION 'Số phiếu không khớp số thành viên đã bỏ phiếu.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ballots_agree_with_who_voted';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ballots_agree_with_who_voted AFTER UPDATE ON awards_councilmember
    FOR EACH ROW EXECUTE FUNCTION ballots_agree_with_who_voted();
"""

NO_RULES = """
DROP TRIGGER ballots_agree_with_who_voted ON awards_councilmember;
DROP FUNCTION ballots_agree_with_who_voted();
DROP TRIGGER council_seats_before_the_vote ON awards_councilmember;
DROP FUNCTION council_seats_before_the_vote();
DROP TRIGGER council_agenda_before_the_vote ON awards_agendaline;
DROP FUNCTION council_agenda_before_the_vote();
DROP TRIGGER council_keeps_to_its_rules ON awards_councilsession;
DROP FUNCTION council_keeps_to_its_rules();
DROP FUNCTION council_ballots_agree(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0010_criteria_of_recipients")]

    operations = [
        migrations.AddField(
            model_name="councilsession",
            name="pass_percent",
            field=models.PositiveSmallIntegerField(default=90, verbose_name="tỷ lệ tán thành tối thiểu (%)"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="councilsession",
            name="counted_of",
            field=models.CharField(
                choices=[("members", "tổng số thành viên hội đồng"), ("present", "số thành viên có mặt")],
                default="members",
                max_length=10,
                verbose_name="tính tỷ lệ trên",
            ),
        ),
        migrations.AddField(
            model_name="councilmember",
            name="barred",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, editable=False, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="councilsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("pass_percent__gte", 1), ("pass_percent__lte", 100)),
                name="council_share_is_a_percentage",
                violation_error_message="Tỷ lệ tán thành phải từ 1 đến 100 %.",
            ),
        ),
        migrations.AddConstraint(
            model_name="councilsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted_of__in", ["members", "present"])),
                name="council_counted_of_is_known",
                violation_error_message="Cách tính tỷ lệ không hợp lệ.",
            ),
        ),
        migrations.RunSQL(RULES, NO_RULES),
    ]
