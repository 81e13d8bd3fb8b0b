"""Who touches whom in a province, as CSV on standard output."""

import csv

from django.core.management.base import BaseCommand, CommandError

from core.enums import AreaKind
from core.models import Area, AreaNeighbour


class Command(BaseCommand):
    help = "Xuất các cặp xã giáp ranh của một tỉnh ra CSV: code,neighbour (cả hai chiều)."

    def add_arguments(self, parser):
        parser.add_argument("--province", required=True, metavar="CODE", help="mã tỉnh")

    def handle(self, *, province, **options):
        communes = Area.objects.of_kind(AreaKind.COMMUNE).filter(path__startswith=f"{province}/")
        if not communes.exists():
            raise CommandError(f"Không có tỉnh nào mang mã “{province}” có xã.", returncode=2)
        pairs = AreaNeighbour.objects.filter(area__in=communes).order_by("area__code", "neighbour__code")
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(["code", "neighbour"])
        writer.writerows(pairs.values_list("area__code", "neighbour__code"))
