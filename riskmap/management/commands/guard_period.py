"""Set the days on which a competition rests: correcting a colour of theirs takes a second person."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.errors import DomainError
from core.finding import find_province
from core.people import system_user
from riskmap.guarded import guard_period


class Command(BaseCommand):
    help = (
        "Đặt thời gian thi đua: đính chính làm đổi màu trong những ngày này phải có người thứ hai xác nhận. "
        "Gọi lại với cùng tên thì đổi ngày. Không có --commit thì chỉ kiểm tra. "
        "Kết thúc: 0 tốt, 2 không đặt được."
    )

    def add_arguments(self, parser):
        parser.add_argument("province", metavar="PROVINCE", help="mã tỉnh")
        parser.add_argument("name", metavar="NAME", help="tên, ví dụ “Đợt 1”")
        parser.add_argument("first_day", type=date.fromisoformat, metavar="FROM", help="YYYY-MM-DD")
        parser.add_argument("last_day", type=date.fromisoformat, metavar="TO", help="YYYY-MM-DD, ngày cuối")
        parser.add_argument("--commit", action="store_true", help="ghi; không có thì chỉ kiểm tra")

    def handle(self, *, province, name, first_day, last_day, commit, **options):
        try:
            with transaction.atomic():
                guarded = guard_period(
                    province=find_province(province),
                    name=name,
                    first_day=first_day,
                    last_day=last_day,
                    by=system_user(),
                )
                if not commit:
                    transaction.set_rollback(True)
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self.stdout.write(f"{guarded.period}{'' if guarded.changed else ': đã như vậy'}.")
        self.stdout.write("Đã ghi." if commit else "Mới kiểm tra, chưa ghi gì. Thêm --commit để ghi.")
