"""Bring in a file of daily counts: a preview, or with ``--commit`` the ledger."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import DomainError
from core.finding import find_province
from core.people import system_user
from riskmap.counts import Posted
from riskmap.imports import Preview, commit_batch, preview_batch
from riskmap.imports.rejects import write_rejects

SHOWN = 20


def period(text: str) -> tuple[date, date]:
    """``FROM..TO`` as two days."""
    try:
        first, last = map(date.fromisoformat, text.split(".."))
    except ValueError as error:
        raise ArgumentTypeError("phải ghi TỪ..ĐẾN, ví dụ 2021-04-27..2021-07-12") from error
    return first, last


class Command(BaseCommand):
    help = (
        "Nhập số ca theo ngày từ tệp CSV (UTF-8) hoặc XLSX: code,date và một số cột trong cases, "
        "unknown_source, known_source, isolated, close_contacts, tests, suspected. "
        "Không có --commit thì chỉ xem trước. "
        "Kết thúc: 0 tốt, 2 tệp hay tham số không dùng được, 3 có dòng bị từ chối, các dòng khác vẫn ghi."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--province", required=True, metavar="CODE", help="mã tỉnh")
        parser.add_argument("--source", required=True, metavar="NAME", help="tên nguồn số liệu")
        parser.add_argument(
            "--zero-fill",
            type=period,
            metavar="FROM..TO",
            help="tệp đầy đủ cho các ngày này: đơn vị và ngày không có dòng là báo cáo 0 ca",
        )
        parser.add_argument("--rejects", type=Path, metavar="OUT.csv", help="ghi các dòng bị từ chối ra tệp")
        parser.add_argument("--strict", action="store_true", help="có dòng bị từ chối thì không ghi gì")
        parser.add_argument("--commit", action="store_true", help="ghi; không có thì chỉ xem trước")

    def handle(self, *, file, province, source, zero_fill, rejects, strict, commit, **options):
        now = timezone.localtime()
        by = system_user()
        try:
            with file.open("rb") as content:
                preview = preview_batch(
                    file=content,
                    name=file.name,
                    province=find_province(province),
                    source=source,
                    zero_fill=zero_fill,
                    by=by,
                    at=now,
                )
            if rejects:
                with rejects.open("w", encoding="utf-8", newline="") as out:
                    write_rejects(preview.refusals, out)
            refused = preview.batch.rows_refused
            posted = None
            if commit and not (strict and refused):
                posted = commit_batch(batch=preview.batch, by=by, at=now)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.", returncode=2) from error
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self.report(preview, posted)
        if commit and posted is None:
            self.stdout.write("Không ghi gì (--strict).")
        elif not commit:
            self.stdout.write("Mới xem trước, chưa ghi gì. Thêm --commit để ghi.")
        if refused:
            raise CommandError(f"{refused} dòng bị từ chối.", returncode=3)

    def report(self, preview: Preview, posted: Posted | None) -> None:
        batch, outcome = preview.batch, posted or preview.outcome
        days = "không có ngày nào"
        if preview.days:
            days = f"{preview.days} ngày, từ {preview.first_day:%d/%m/%Y} đến {preview.last_day:%d/%m/%Y}"
        self.stdout.write(
            f"Đọc {batch.rows_read} dòng ({days}): "
            f"nhận {batch.rows_accepted}, từ chối {batch.rows_refused}.\n"
            f"Số mới {outcome.new}, sửa số cũ {outcome.corrected}, "
            f"về 0 vì tệp đầy đủ không còn {outcome.zeroed}, giữ nguyên {outcome.unchanged}."
        )
        if preview.withheld:
            self.stdout.write(
                f"Không coi là báo cáo 0 ca: {preview.withheld} đơn vị-ngày "
                "mà dòng bị từ chối có thể nói đến."
            )
        for refusal in preview.refusals[:SHOWN]:
            place = f"Dòng {refusal.row}" + (f", cột {refusal.column}" if refusal.column else "")
            value = f" “{refusal.value}”" if refusal.value else ""
            self.stderr.write(f"{place}{value}: {refusal.message} {refusal.hint}")
        if len(preview.refusals) > SHOWN:
            self.stderr.write(f"… và {len(preview.refusals) - SHOWN} lỗi nữa: xem bằng --rejects OUT.csv.")
        if posted is not None:
            since = f" Tính lại từ {posted.stale_since:%d/%m/%Y}." if posted.stale_since else ""
            self.stdout.write(self.style.SUCCESS("Đã ghi.") + since)
