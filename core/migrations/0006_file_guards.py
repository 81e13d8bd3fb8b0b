"""What the database itself watches over: every file handed in, or taken away, leaves a row in the journal."""

from django.db import migrations

from core.governance import GovernTable


class Migration(migrations.Migration):
    dependencies = [("core", "0005_files")]

    operations = [GovernTable("core_storedfile", secrets=("token",))]
