"""Publish the map of a province as it was known at a cut-off."""

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from core.errors import DomainError
from core.finding import find_province
from core.people import system_user
from riskmap.editions import due_cut_offs, publish


def instant(text: str) -> datetime:
    """An ISO instant; local time where no offset is given."""
    moment = parse_datetime(text)
    if moment is None:
        raise ValueError(text)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


class Command(BaseCommand):
    help = (
        "Freezes the levels of a province, as known at the cut-off, into the next edition. Without "
        "--commit it only says what would be published. Exit 0: done; 2: refused, nothing written."
    )

    def add_arguments(self, parser):
        parser.add_argument("--province", required=True, metavar="CODE")
        parser.add_argument(
            "--cut-off", type=instant, metavar="INSTANT", help="default: those that are due by the daily hour"
        )
        parser.add_argument("--commit", action="store_true")

    def handle(self, *, province, cut_off, commit, **options):
        now = timezone.localtime()
        try:
            area = find_province(province)
            cut_offs = [cut_off] if cut_off else due_cut_offs(province=area, at=now)
            for each in cut_offs:
                words = f"{area}: chốt số liệu {timezone.localtime(each):%H:%M %d/%m/%Y}"
                if commit:
                    edition = publish(province=area, cut_off=each, at=now, by=system_user())
                    self.stdout.write(f"{words}, bản số {edition.number}, mã {edition.hash[:16]}.")
                else:
                    self.stdout.write(f"{words}. Thêm --commit để công bố.")
            if not cut_offs:
                self.stdout.write(f"{area}: không có bản nào đến hạn công bố.")
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
