"""Accept days of counts of a whole province at once: those that came in before anybody approved them here."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from core.enums import AreaKind
from core.errors import DomainError
from core.finding import find_province
from core.models import Area, User
from riskmap.day_numbers import DayOf, numbers_of
from riskmap.day_reports import Decided, Seen, accept_days
from riskmap.enums import ReportStatus
from riskmap.models import DayReport

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Duyệt số liệu của mọi huyện trong tỉnh, từ ngày đến ngày, dưới tên một người không nhập số nào "
        "trong đó; ngày đã trả lại thì để nguyên. Không có --commit thì chỉ kiểm tra. "
        "Kết thúc: 0 tốt, 2 không duyệt được, 3 có ngày không duyệt được, các ngày khác vẫn duyệt."
    )

    def add_arguments(self, parser):
        parser.add_argument("province", metavar="CODE", help="mã tỉnh")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="DATE")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="DATE")
        parser.add_argument("--by", required=True, metavar="USER", help="tên đăng nhập của người duyệt")
        parser.add_argument("--commit", action="store_true", help="ghi; không có thì chỉ kiểm tra")

    def handle(self, *, province, first, last, by, commit, **options):
        person = User.objects.filter(username=by, is_active=True).first()
        if person is None:
            raise CommandError(f"Không có tài khoản “{by}”.", returncode=2)
        if last < first:
            raise CommandError("Ngày cuối phải từ ngày đầu trở đi.", returncode=2)
        try:
            items = [*with_numbers(find_province(province), first, last)]
            with transaction.atomic():
                decided = accept_days(items=items, by=person, at=timezone.now()) if items else Decided((), ())
                if not commit:
                    transaction.set_rollback(True)
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self.report(decided)
        self.stdout.write("Đã ghi." if commit else "Mới kiểm tra, chưa ghi gì. Thêm --commit để ghi.")
        if decided.refused:
            raise CommandError(f"{len(decided.refused)} báo cáo ngày không duyệt được.", returncode=3)

    def report(self, decided: Decided) -> None:
        incomplete = sum(bool(each.missing) for each in decided.accepted)
        self.stdout.write(
            f"Duyệt {len(decided.accepted)} báo cáo ngày, trong đó {incomplete} còn thiếu xã; "
            f"{len(decided.unchanged)} đã duyệt từ trước."
        )
        for scope, day, sentence in decided.refused[:SHOWN]:
            self.stderr.write(f"{scope.name}, {day:%d/%m/%Y}: {sentence}")
        if len(decided.refused) > SHOWN:
            self.stderr.write(f"… và {len(decided.refused) - SHOWN} báo cáo ngày nữa.")


def with_numbers(province: Area, first: date, last: date) -> Iterable[Seen]:
    """The days of the province's scopes with any posting, but for those that were returned."""
    communes = Area.objects.hanging_from(province).of_kind(AreaKind.COMMUNE)
    scopes = communes.values_list("parent", flat=True).distinct()
    returned = set(
        DayReport.objects.filter(scope__in=scopes, status=ReportStatus.RETURNED).values_list("scope", "day")
    )
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    for item, numbers in numbers_of(DayOf(scope, day) for scope in scopes for day in days).items():
        if numbers.last_post_id and item not in returned:
            yield Seen(*item, numbers.last_post_id)
