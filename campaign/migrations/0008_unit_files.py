"""Files of units, kept as they came."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.governance import GovernTable


class Migration(migrations.Migration):
    dependencies = [
        ("campaign", "0007_standing_inputs"),
        ("core", "0007_unit_files"),
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
        migrations.RemoveConstraint(
            model_name="diaryentry",
            name="diary_status_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="diaryentry",
            name="diary_approved_by_a_second_person",
        ),
        migrations.RemoveConstraint(
            model_name="diaryentry",
            name="diary_returned_for_a_reason",
        ),
        migrations.AddField(
            model_name="diaryentry",
            name="taken_down_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="gỡ lúc"),
        ),
        migrations.AddField(
            model_name="diaryentry",
            name="taken_down_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="diaryentry",
            name="reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="lý do trả lại hoặc gỡ"),
        ),
        migrations.AlterField(
            model_name="diaryentry",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "đang soạn"),
                    ("submitted", "chờ duyệt"),
                    ("returned", "trả lại để sửa"),
                    ("approved", "đã duyệt"),
                    ("taken_down", "đã gỡ"),
                ],
                default="draft",
                max_length=10,
                verbose_name="trạng thái",
            ),
        ),
        migrations.AddConstraint(
            model_name="diaryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "submitted", "returned", "approved", "taken_down"])
                ),
                name="diary_status_is_known",
                violation_error_message="Trạng thái nhật ký không hợp lệ.",
            ),
        ),
        migrations.AddConstraint(
            model_name="diaryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_down_at__isnull", True), ("taken_down_by__isnull", True)),
                    models.Q(("taken_down_at__isnull", False), ("taken_down_by__isnull", False)),
                    _connector="OR",
                ),
                name="diary_taken_down_with_when_and_who",
                violation_error_message="Việc đã làm phải ghi cả người làm và thời điểm.",
            ),
        ),
        migrations.AddConstraint(
            model_name="diaryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "taken_down"), ("taken_down_at__isnull", False)),
                    models.Q(
                        models.Q(("status", "taken_down"), _negated=True), ("taken_down_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="diary_taken_down_as_its_status_says",
                violation_error_message="Nhật ký đã gỡ phải ghi lúc gỡ; nhật ký chưa gỡ thì không.",
            ),
        ),
        migrations.AddConstraint(
            model_name="diaryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["approved", "taken_down"]), _negated=True),
                    models.Q(
                        ("decided_at__isnull", False),
                        models.Q(("decided_by", models.F("submitted_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="diary_approved_by_a_second_person",
                violation_error_message="Người gửi nhật ký không tự duyệt được.",
            ),
        ),
        migrations.AddConstraint(
            model_name="diaryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["returned", "taken_down"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="diary_returned_for_a_reason",
                violation_error_message="Trả lại hoặc gỡ nhật ký phải ghi lý do.",
            ),
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
