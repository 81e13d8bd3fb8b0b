"""What the database itself watches over: the journal, secret ballots, and who may be nominated."""

from django.db import migrations

from core.governance import GovernTable

#: Ballots are not journalled, or they would be secret no longer; nor are reads and printed bytes.
TABLES = (
    "awards_nomination",
    "awards_papertemplate",
    "awards_paperbatch",
    "awards_councilsession",
    "awards_agendaline",
    "awards_councilmember",
)

GUARDS = r"""
CREATE FUNCTION ballot_while_the_vote_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ballot awards_ballot := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF NOT EXISTS (
        SELECT FROM awards_councilsession s JOIN awards_agendaline l ON l.session_id = s.id
        WHERE s.id = ballot.session_id AND l.nominee_id = ballot.nominee_id
            AND s.opened_at IS NOT NULL AND s.closed_at IS NULL
    ) THEN
        RAISE EXCEPTION 'Chỉ bỏ phiếu cho đối tượng trong nội dung họp, khi cuộc bỏ phiếu đang mở.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ballot_while_the_vote_is_open';
    END IF;
    RETURN ballot;
END $$;
CREATE TRIGGER ballot_while_the_vote_is_open BEFORE INSERT OR UPDATE OR DELETE ON awards_ballot
    FOR EACH ROW EXECUTE FUNCTION ballot_while_the_vote_is_open();

CREATE FUNCTION nomination_lies_in_its_province() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM campaign_unit u, campaign_phase f JOIN campaign_campaign c ON c.id = f.campaign_id
        WHERE u.id = NEW.unit_id AND f.id = NEW.phase_id AND u.province_id = c.province_id
    ) THEN
        RAISE EXCEPTION 'Chỉ đơn vị trong tỉnh của phong trào mới đề cử được.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nomination_lies_in_its_province';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nomination_lies_in_its_province BEFORE INSERT OR UPDATE OF unit_id, phase_id ON awards_nomination
    FOR EACH ROW EXECUTE FUNCTION nomination_lies_in_its_province();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON awards_dossierread
    FOR EACH ROW EXECUTE FUNCTION awards_refuses_change();
"""

NO_GUARDS = """
DROP TRIGGER append_only ON awards_dossierread;
DROP TRIGGER nomination_lies_in_its_province ON awards_nomination;
DROP FUNCTION nomination_lies_in_its_province();
DROP TRIGGER ballot_while_the_vote_is_open ON awards_ballot;
DROP FUNCTION ballot_while_the_vote_is_open();
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0008_councils_nominations_papers")]

    operations = [
        *(GovernTable(table) for table in TABLES),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
