"""Who touches whom in a province, as CSV on standard output."""

import csv

from django.core.management.base import BaseCommand, CommandError

from core.enums import AreaKind
from core.errors import DomainError
from core.finding import find_province
from core.models import Area, AreaNeighbour


class Command(BaseCommand):
    help = "Xuất các cặp xã giáp ranh của một tỉnh ra CSV: code,neighbour (cả hai chiều)."

    def add_arguments(self, parser):
        parser.add_argument("--province", required=True, metavar="CODE", help="mã tỉnh")

    def handle(self, *, province, **options):
        try:
            communes = Area.objects.hanging_from(find_province(province)).of_kind(AreaKind.COMMUNE)
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        pairs = AreaNeighbour.objects.filter(area__in=communes).order_by("area__code", "neighbour__code")
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(["code", "neighbour"])
        writer.writerows(pairs.values_list("area__code", "neighbour__code"))
