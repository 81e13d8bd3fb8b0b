"""Notices to people. Kept for ever, but not governed.

A notice decides nothing: it tells what a governed write did, and that write is in the journal. Its marks
"read" and "mailed" are the person's and the mailer's own. And the place of the journal is what says that public
bytes are out of date: reminders, some hundreds an hour, would have all of them made anew for nothing.
"""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

REFUSE = """
CREATE TRIGGER notice_is_kept_delete BEFORE DELETE ON core_notice
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER notice_is_kept_truncate BEFORE TRUNCATE ON core_notice
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
ALLOW = """
DROP TRIGGER notice_is_kept_truncate ON core_notice;
DROP TRIGGER notice_is_kept_delete ON core_notice;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_area_tree")]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                ("subject", models.CharField(max_length=200, verbose_name="tiêu đề")),
                ("body", models.TextField(blank=True, verbose_name="nội dung")),
                ("link", models.CharField(max_length=300, verbose_name="trang cần mở")),
                ("created_at", models.DateTimeField(verbose_name="gửi lúc")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="đọc lúc")),
                ("mailed_at", models.DateTimeField(blank=True, null=True, verbose_name="gửi thư lúc")),
                (
                    "recipient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.RESTRICT,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhận",
                    ),
                ),
            ],
            options={
                "verbose_name": "thông báo",
                "verbose_name_plural": "thông báo",
                "indexes": [
                    models.Index(
                        fields=["recipient", "-created_at", "-id"], name="notice_newest_of_recipient"
                    ),
                    models.Index(
                        condition=Q(read_at__isnull=True),
                        fields=["recipient", "-created_at", "-id"],
                        name="notice_unread_of_recipient",
                    ),
                    models.Index(
                        condition=Q(mailed_at__isnull=True, read_at__isnull=True),
                        fields=["created_at"],
                        name="notice_to_be_mailed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recipient", "key"),
                        name="notice_sent_once",
                        violation_error_message="Người này đã nhận thông báo đó.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(subject=""),
                        name="notice_has_a_subject",
                        violation_error_message="Thông báo phải có tiêu đề.",
                    ),
                    models.CheckConstraint(
                        condition=Q(link__regex=r"^/([^/\\[:space:]][^\\[:space:]]*)?$"),
                        name="notice_link_is_a_page_of_this_site",
                        violation_error_message=(
                            "Liên kết phải là một trang của cổng này, bắt đầu bằng một dấu “/”."
                        ),
                    ),
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
