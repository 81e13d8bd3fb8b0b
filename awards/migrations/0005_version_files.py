"""Files that were handed in stay with what was handed in."""

import django.db.models.deletion
from django.db import migrations, models

from core.governance import GovernTable

APPEND_ONLY = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON awards_dossierversionfile "
    "FOR EACH ROW EXECUTE FUNCTION awards_refuses_change()"
)


class Migration(migrations.Migration):
    dependencies = [("awards", "0004_review_guards"), ("core", "0007_photo_sizes")]

    operations = [
        migrations.CreateModel(
            name="DossierVersionFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="core.storedfile"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="files",
                        to="awards.dossierversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "tệp của lần nộp",
                "verbose_name_plural": "tệp của lần nộp",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "file"),
                        name="version_file_once",
                        violation_error_message="Lần nộp đã có tệp này.",
                    )
                ],
            },
        ),
        GovernTable("awards_dossierversionfile"),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER append_only ON awards_dossierversionfile"),
    ]
