"""Declare a fact the rule needs and no number tells."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import DomainError
from core.finding import find_area
from core.people import system_user
from riskmap.declarations import check_declaration, declare_fact
from riskmap.enums import FactKind


class Command(BaseCommand):
    help = (
        "Khai báo một yếu tố dịch tễ kèm số văn bản. Không có --commit thì chỉ kiểm tra. "
        "Kết thúc: 0 tốt, 2 không khai báo được."
    )

    def add_arguments(self, parser):
        parser.add_argument("--area", required=True, metavar="CODE", help="mã đơn vị")
        parser.add_argument("--kind", required=True, choices=FactKind.values, metavar="KIND", help="nội dung")
        parser.add_argument("--since", required=True, type=date.fromisoformat, metavar="DATE")
        parser.add_argument(
            "--until", type=date.fromisoformat, metavar="DATE", help="ngày cuối; không ghi là chưa định"
        )
        parser.add_argument("--document", required=True, metavar="TEXT", help="số văn bản")
        parser.add_argument("--commit", action="store_true", help="ghi; không có thì chỉ kiểm tra")

    def handle(self, *, area, kind, since, until, document, commit, **options):
        kind = FactKind(kind)
        try:
            place = find_area(area, on=since)
            fact = {"area": place, "kind": kind, "since": since, "until": until, "document": document}
            if commit:
                declare_fact(**fact, by=system_user(), at=timezone.localtime())
            else:
                check_declaration(**fact)
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        end = f"{until:%d/%m/%Y}" if until else "chưa định ngày kết thúc"
        self.stdout.write(f"{place.name}: {kind.label}, từ {since:%d/%m/%Y} đến {end}.")
        self.stdout.write("Đã khai báo." if commit else "Mới kiểm tra, chưa ghi gì. Thêm --commit để ghi.")
