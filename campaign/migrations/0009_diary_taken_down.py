"""An entry of a diary that should not have become public is taken down, by whom and why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaign", "0008_unit_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
    ]
