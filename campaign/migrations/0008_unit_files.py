"""Files of units, kept as they came."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.governance import GovernTable


class Migration(migrations.Migration):
    dependencies = [
        ("campaign", "0007_standing_inputs"),
        ("core", "0006_file_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UnitBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=255, verbose_name="tên tệp")),
                ("file_sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("created_at", models.DateTimeField(verbose_name="đưa lên lúc")),
                ("committed_at", models.DateTimeField(blank=True, null=True, verbose_name="ghi lúc")),
                ("rows_new", models.PositiveIntegerField(blank=True, null=True, verbose_name="đơn vị mới")),
                (
                    "rows_changed",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="đơn vị sửa"),
                ),
                (
                    "rows_refused",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="dòng bị từ chối"),
                ),
            ],
            options={
                "verbose_name": "tệp đơn vị thi đua",
                "verbose_name_plural": "tệp đơn vị thi đua",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="unitbatch",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="core.area",
                verbose_name="địa bàn",
            ),
        ),
        migrations.AddField(
            model_name="unitbatch",
            name="committed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="unitbatch",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="unitbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("committed_at__isnull", True), ("committed_by__isnull", True)),
                    models.Q(("committed_at__isnull", False), ("committed_by__isnull", False)),
                    _connector="OR",
                ),
                name="unit_batch_committed_with_when_and_who",
                violation_error_message="Việc đã làm phải ghi cả người làm và thời điểm.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("committed_at__isnull", True),
                        ("rows_changed__isnull", True),
                        ("rows_new__isnull", True),
                    ),
                    models.Q(
                        ("committed_at__isnull", False),
                        ("rows_changed__isnull", False),
                        ("rows_new__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="unit_batch_committed_with_its_rows",
                violation_error_message="Tệp đã ghi phải có số đơn vị mới và số đơn vị sửa.",
            ),
        ),
        GovernTable("campaign_unitbatch"),
    ]
