"""Files of one scope: the same file may come for two of them; what a commit came to, and its undoing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("riskmap", "0008_entry_guards")]

    operations = [
        migrations.RemoveConstraint(model_name="importbatch", name="batch_file_committed_once"),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "committed")),
                fields=("province", "scope", "source_name", "file_sha256", "zero_fill_from", "zero_fill_to"),
                name="batch_file_committed_once",
                nulls_distinct=False,
                violation_error_message="Tệp này đã được nhập từ trước; không ghi lần nữa.",
            ),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="rows_new",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="rows_corrected",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="cells_zeroed",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="held",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="batch",
                to="riskmap.correctionrequest",
            ),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="undo_post",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="undone_batch",
                to="riskmap.countpost",
            ),
        ),
    ]
