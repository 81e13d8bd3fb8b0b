"""Write the levels of a province, day by day, as CSV on standard output."""

import csv
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.enums import AreaKind
from core.errors import DomainError
from core.finding import find_province
from riskmap.enums import RiskLevel
from riskmap.history import assessment_of, levels_by_day

HEADER = ["date", "code", "level", "provisional", "criteria"]


class Command(BaseCommand):
    help = (
        "Levels as CSV: date,code,level,provisional,criteria (criteria met at the level, joined by "
        "spaces; decided where people decided the level)."
    )

    def add_arguments(self, parser):
        parser.add_argument("--province", required=True, metavar="CODE")
        parser.add_argument("--since", type=date.fromisoformat, required=True, metavar="DATE")
        parser.add_argument("--until", type=date.fromisoformat, required=True, metavar="DATE")
        parser.add_argument("--kind", choices=["commune", "district", "province"], default="commune")

    def handle(self, *, province, since, until, kind, **options):
        today = timezone.localdate()
        if since > until:
            raise CommandError("--since phải từ --until trở về trước.", returncode=2)
        if until > today:
            raise CommandError(f"--until {until:%d/%m/%Y} là ngày chưa đến.", returncode=2)
        try:
            area = find_province(province)
            assessment = assessment_of(area)
            rows = levels_by_day(
                province=area, kind=AreaKind(kind), first=since, last=min(until, assessment.known_through)
            )
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        if assessment.known_through < until:
            self.stderr.write(
                f"Mới tính đến {assessment.known_through:%d/%m/%Y}; các ngày sau không có trong tệp."
            )
        writer = csv.writer(self.stdout)
        writer.writerow(HEADER)
        for day, code, level, provisional, criteria in rows:
            writer.writerow(
                [day.isoformat(), code, RiskLevel(level).key, str(provisional).lower(), " ".join(criteria)]
            )
