"""Steps of follow-ups are journalled, and only ever added to."""

from django.db import migrations

from core.governance import GovernTable


class Migration(migrations.Migration):
    dependencies = [("campaign", "0005_pledges_and_follow_ups")]

    operations = [
        GovernTable("campaign_followupstep"),
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON campaign_followupstep "
            "FOR EACH ROW EXECUTE FUNCTION campaign_refuses_change()",
            "DROP TRIGGER append_only ON campaign_followupstep",
        ),
    ]
