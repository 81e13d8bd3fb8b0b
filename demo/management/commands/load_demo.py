"""Load the demo: Ninh Thuận of 2021 with simulated counts, a sample account of each role, and the city."""

from datetime import date
from itertools import chain
from time import perf_counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import DomainError
from core.people import system_user
from demo.accounts import PASSWORD, SAMPLES
from demo.ho_chi_minh import load_city
from demo.loading import load_demo
from demo.ninh_thuan.simulate import LAST_DAY


class Command(BaseCommand):
    help = "Nạp bản trình diễn: Ninh Thuận năm 2021, số ca mô phỏng, tài khoản mẫu. Chạy lại được."

    def add_arguments(self, parser):
        parser.add_argument(
            "--through",
            type=date.fromisoformat,
            default=LAST_DAY,
            metavar="YYYY-MM-DD",
            help="the last day to live; a later run goes on from there (default: the whole story)",
        )

    def handle(self, *, through, **options):
        if settings.PRODUCTION:
            raise CommandError(
                "Đây là hệ thống thật (DEBUG và TRIAL đều tắt): không nạp số liệu mô phỏng và tài khoản mẫu.",
                returncode=2,
            )
        begin, now = perf_counter(), timezone.localtime()
        try:
            steps = (
                load_demo(by=system_user(), at=now, through=through),
                load_city(folder=settings.SHARED_DATA, by=system_user(), at=now),
            )
            for line in chain.from_iterable(steps):
                self.stdout.write(f"  {line}")
                self.stdout.flush()
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self.stdout.write(f"Bản trình diễn sẵn sàng ({perf_counter() - begin:.1f} giây).")
        self.stdout.write(f"Tài khoản mẫu, mật khẩu {PASSWORD}:")
        for sample in SAMPLES:
            self.stdout.write(f"  {sample.username:<12} {sample.role.label}")
