"""Bring in provinces, districts and communes from a CSV file."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.area_files import UnusableAreaFile
from core.areas import AreaImport
from core.people import system_user
from riskmap.ground import take_areas

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Nhập đơn vị hành chính từ tệp CSV: province_code,province,district_code,district,code,name,type"
        "[,population_2019]. Không có --commit thì chỉ xem trước. "
        "Kết thúc: 0 tốt, 2 tệp không dùng được, 3 có dòng bị từ chối."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--valid-from", type=date.fromisoformat, help="ngày có hiệu lực, NĂM-THÁNG-NGÀY")
        parser.add_argument("--legal-basis", default="", help="căn cứ pháp lý")
        parser.add_argument("--strict", action="store_true", help="có dòng bị từ chối thì không ghi gì")
        parser.add_argument("--commit", action="store_true", help="ghi; không có thì chỉ xem trước")

    def handle(self, *, file, valid_from, legal_basis, strict, commit, **options):
        try:
            result = take_areas(
                path=file,
                valid_from=valid_from,
                legal_basis=legal_basis,
                by=system_user(),
                at=timezone.localtime(),
                commit=commit,
                strict=strict,
            )
        except UnusableAreaFile as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self.report(result, asked_to_write=commit)
        if result.refused:
            raise CommandError(f"{len(result.refused)} dòng bị từ chối.", returncode=3)

    def report(self, result: AreaImport, *, asked_to_write: bool) -> None:
        kinds = [area.kind for area in result.created]
        corrected = len({change.code for change in result.changes})
        self.stdout.write(
            f"Đọc {result.rows_read} dòng: mới {kinds.count('province')} tỉnh, "
            f"{kinds.count('district')} huyện, {kinds.count('commune')} xã; "
            f"sửa {corrected} đơn vị; giữ nguyên {result.unchanged} đơn vị."
        )
        for change in result.changes[:SHOWN]:
            self.stdout.write(f"  {change.code} {change.field}: {change.before} → {change.after}")
        if len(result.changes) > SHOWN:
            self.stdout.write(f"  … và {len(result.changes) - SHOWN} thay đổi nữa")
        for refused in result.refused:
            place = f"Dòng {refused.row}" + (f", cột {refused.column}" if refused.column else "")
            value = f" “{refused.value}”" if refused.value else ""
            self.stderr.write(f"{place}{value}: {refused.message} {refused.hint}")
        if result.written:
            self.stdout.write(self.style.SUCCESS("Đã ghi."))
        elif asked_to_write:
            self.stdout.write("Không ghi gì (--strict).")
        else:
            self.stdout.write("Mới xem trước, chưa ghi gì. Thêm --commit để ghi.")
