"""Load a campaign's plan from its file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from campaign.plans import has_begun, load_plan, read_plan
from core.errors import DomainError
from core.people import system_user


class Command(BaseCommand):
    help = (
        "Nạp kế hoạch thi đua từ tệp TOML và cho thấy từng dòng khác với kế hoạch đang có. Nạp lại thì không "
        "đổi gì. Ngày, hạn và thứ tự do Sở Nội vụ đặt được giữ nguyên. Không có --commit thì chỉ kiểm tra. "
        "Kết thúc: 0 tốt, 2 không nạp được."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="tệp kế hoạch, ví dụ campaign/plans/….toml"
        )
        parser.add_argument("--reason", default="", help="lý do; phải có khi đổi kế hoạch đã bắt đầu")
        parser.add_argument("--commit", action="store_true", help="ghi; không có thì chỉ kiểm tra")

    def handle(self, *, file, reason, commit, **options):
        now = timezone.now()
        try:
            plan = read_plan(file)
            with transaction.atomic():
                # A check writes nothing, so that it needs no reason; it says that writing will.
                done = load_plan(
                    plan=plan, by=system_user(), at=now, reason=reason or ("" if commit else "kiểm tra")
                )
                if not commit:
                    transaction.set_rollback(True)
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        for line in done.lines:
            self.stdout.write(str(line))
        self.stdout.write(f"{done.values['short_title']}: {len(done.lines) or 'không có'} dòng thay đổi.")
        if commit:
            self.stdout.write("Đã ghi.")
            return
        self.stdout.write("Mới kiểm tra, chưa ghi gì. Thêm --commit để ghi.")
        if done.lines and done.campaign and has_begun(done.campaign, on=timezone.localdate(now)):
            self.stdout.write("Phong trào đã bắt đầu: khi ghi phải thêm --reason “lý do”.")
