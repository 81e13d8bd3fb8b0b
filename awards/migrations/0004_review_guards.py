"""What the database itself watches over: the journal, and that decisions are never changed."""

from django.db import migrations

from core.governance import GovernTable

TABLES = (
    "awards_criterion",
    "awards_tick",
    "awards_flagseen",
    "awards_score",
    "awards_opinionrequest",
    "awards_opinion",
    "awards_proposal",
    "awards_proposalline",
    "awards_decision",
    "awards_decisionline",
)
#: What is only ever added to.
LEDGERS = ("awards_tick", "awards_flagseen", "awards_decision", "awards_decisionline")

PLACES = r"""
CREATE FUNCTION score_within_its_criterion() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER score_within_its_criterion BEFORE INSERT OR UPDATE ON awards_score
    FOR EACH ROW EXECUTE FUNCTION score_within_its_criterion();

CREATE FUNCTION proposal_line_of_its_phase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM awards_proposal p, awards_nominee n JOIN awards_dossier d ON d.id = n.dossier_id
        WHERE p.id = NEW.proposal_id AND n.id = NEW.nominee_id AND d.phase_id = p.phase_id
    ) THEN
        RAISE EXCEPTION 'Tờ trình chỉ nêu đối tượng của đợt mình.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_line_of_its_phase';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proposal_line_of_its_phase BEFORE INSERT OR UPDATE ON awards_proposalline
    FOR EACH ROW EXECUTE FUNCTION proposal_line_of_its_phase();
"""

NO_PLACES = """
DROP TRIGGER proposal_line_of_its_phase ON awards_proposalline;
DROP FUNCTION proposal_line_of_its_phase();
DROP TRIGGER score_within_its_criterion ON awards_score;
DROP FUNCTION score_within_its_criterion();
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0003_reviews_and_decisions")]

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
