"""Recompute the levels of a province from its counts and declared facts."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import DomainError
from core.finding import find_province
from riskmap.levels import reassess
from riskmap.maps import draw_frames


class Command(BaseCommand):
    help = "Recompute the risk levels of a province. Running it twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--province", required=True, metavar="CODE")
        parser.add_argument("--since", type=date.fromisoformat, metavar="DATE", help="default: the first day")
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            metavar="DATE",
            help="what is wanted; levels of later days rest on it and are computed with it, through today",
        )

    def handle(self, *, province, since, until, **options):
        now = timezone.localtime()
        today = now.date()
        if until and until > today:
            raise CommandError(f"--until {until:%d/%m/%Y} là ngày chưa đến.", returncode=2)
        if since and since > (until or today):
            raise CommandError("--since phải từ --until trở về trước.", returncode=2)
        try:
            area = find_province(province)
            done = reassess(provinces=[area], since=since, on=today, at=now)
            draw_frames(province=area, on=today, at=now)
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self.stdout.write(
            f"{area}: {done.opened} khoảng mới, {done.resized} khoảng đổi độ dài, {done.removed} khoảng bỏ."
        )
