"""Bring in the shapes of communes from GeoJSON, Shapefile or GeoPackage."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.boundaries.imports import BoundaryImport
from core.boundaries.shapes import UnusableShapeFile
from core.people import system_user
from riskmap.ground import take_boundaries

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Nhập ranh giới xã từ GeoJSON, Shapefile hoặc GeoPackage; huyện và tỉnh được ghép từ xã. "
        "Không có --commit thì chỉ xem trước. Kết thúc: 0 tốt, 2 tệp không dùng được, 3 có hình bị từ chối."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="nguồn của ranh giới")
        parser.add_argument("--licence", required=True, help="giấy phép sử dụng")
        parser.add_argument("--code-field", default="code", help="trường chứa mã xã (mặc định: code)")
        parser.add_argument(
            "--on", type=date.fromisoformat, help="đơn vị có hiệu lực ngày này, NĂM-THÁNG-NGÀY"
        )
        parser.add_argument("--schematic", action="store_true", help="là sơ đồ, không phải ranh giới thật")
        parser.add_argument("--strict", action="store_true", help="có hình bị từ chối thì không ghi gì")
        parser.add_argument("--commit", action="store_true", help="ghi; không có thì chỉ xem trước")

    def handle(self, *, file, source, licence, code_field, on, schematic, strict, commit, **options):
        try:
            result = take_boundaries(
                path=file,
                code_field=code_field,
                source=source,
                licence=licence,
                schematic=schematic,
                on=on,
                by=system_user(),
                at=timezone.localtime(),
                commit=commit,
                strict=strict,
            )
        except UnusableShapeFile as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self.report(result, asked_to_write=commit)
        if result.refused:
            raise CommandError(f"{len(result.refused)} hình bị từ chối.", returncode=3)

    def report(self, result: BoundaryImport, *, asked_to_write: bool) -> None:
        self.stdout.write(f"Đọc {result.shapes_read} hình.")
        if result.mended:
            self.stdout.write("Các hình hở hoặc chồng nhau; đã khép lại trước khi tìm xã giáp ranh.")
        for found in result.provinces:
            self.stdout.write(
                f"{found.province.name}: {len(found.communes)} xã, {found.neighbour_pairs} cặp giáp ranh, "
                f"bản đồ {len(found.topology) / 1000:.0f} kB" + (" (không đổi)." if found.unchanged else ".")
            )
            for area in found.missing[:SHOWN]:
                self.stdout.write(f"  chưa có hình: {area.name}, {area.parent.name} (mã {area.code})")
            if len(found.missing) > SHOWN:
                self.stdout.write(f"  … và {len(found.missing) - SHOWN} xã nữa")
        for refused in result.refused:
            self.stderr.write(f"Hình {refused.number} “{refused.code}”: {refused.message} {refused.hint}")
        if result.written:
            self.stdout.write(self.style.SUCCESS("Đã ghi."))
        elif asked_to_write:
            self.stdout.write("Không ghi gì (--strict).")
        else:
            self.stdout.write("Mới xem trước, chưa ghi gì. Thêm --commit để ghi.")
