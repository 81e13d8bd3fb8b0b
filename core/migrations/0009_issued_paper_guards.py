"""What was issued is only added to, and leaves a row in the journal."""

from django.db import migrations

from core.governance import GovernLedger


class Migration(migrations.Migration):
    dependencies = [("core", "0008_issued_papers")]

    operations = [GovernLedger("core_issuedpaper", group="id")]
