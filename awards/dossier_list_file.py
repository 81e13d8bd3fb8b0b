"""The list that goes with a submission as a workbook: the rows of the paper, with their figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from awards.paper.achievements import level_of
from awards.paper.dossiers import achievement_words
from core.letters import Seal
from riskmap.paper.books import as_bytes, put, set_widths

COLUMNS = {
    "STT": 6,
    "Loại": 10,
    "Tên tập thể, họ và tên cá nhân": 34,
    "Chức vụ, nơi công tác": 30,
    "Đơn vị": 30,
    "Địa bàn": 24,
    "Hình thức khen": 30,
    "Thành tích": 60,
    "Hạng": 8,
    "Mức đầu đợt": 20,
    "Mức lúc lập": 20,
    "Số ngày xanh": 10,
    "Số F0": 8,
    "F0 trên 100.000 dân": 12,
    "Bản đồ công bố số": 12,
}


def make_list(content: dict[str, Any], *, moment: datetime, seal: Seal | None = None) -> bytes:
    """The same content gives the same bytes. A draft has no seal."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Danh sách đề nghị khen"
    set_widths(sheet, COLUMNS.values())
    top = _write_head(sheet, content, seal) + 1
    for column, name in enumerate(COLUMNS, 1):
        put(sheet, top, column, name, head=True)
    for row, values in enumerate(_rows(content), top + 1):
        for column, value in enumerate(values, 1):
            put(sheet, row, column, value)
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    return as_bytes(book, moment=moment)


def _write_head(sheet: Worksheet, content: dict[str, Any], seal: Seal | None) -> int:
    rows = list(_head(content))
    if seal:
        rows.append(("Mã xác minh", f"{seal.code}, kiểm tra tại {seal.check_at}"))
    for number, (name, value) in enumerate(rows, 1):
        put(sheet, number, 1, name, head=True)
        put(sheet, number, 3, value)
    return len(rows) + 1


def _head(content: dict[str, Any]) -> Iterable[tuple[str, object]]:
    heading, words = content["about"], (content["submission"] or {}).get("words", {})
    phase = heading["phase"]
    first, last = (date.fromisoformat(phase[name]) for name in ("first_day", "last_day"))
    yield "Danh sách", f"kèm theo Tờ trình số {words.get('number', '')} của {content['area']['called']}"
    yield "Phong trào", heading["campaign"]["title"]
    yield "Đợt", f"{phase['name']}, từ ngày {first:%d/%m/%Y} đến hết ngày {last:%d/%m/%Y}"
    if "received_at" not in content:
        yield "Tình trạng", "DỰ THẢO: hồ sơ chưa nộp"
        return
    received = timezone.localtime(datetime.fromisoformat(content["received_at"]))
    late = f"; nộp muộn, theo phép: {content['permit']['reason']}" if content.get("permit") else ""
    yield "Nhận lúc", f"{received:%H:%M:%S %d/%m/%Y}, lần nộp {content['number']}{late}"
    yield "Mã biên nhận", content["receipt"]
    yield "Mã băm", content["sha256"]


def _rows(content: dict[str, Any]) -> Iterable[tuple]:
    nominees = sorted(content["nominees"], key=lambda each: bool(each["person"]))  # as on paper
    for number, each in enumerate(nominees, 1):
        evidence = each["evidence"]
        standing, edition = evidence["standing"], evidence["edition"]
        facts = standing["facts"] if standing else {}
        yield (
            number,
            "cá nhân" if each["person"] else "tập thể",
            each["person"] or each["unit"]["name"],
            each["person_post"],
            each["unit"]["name"],
            each["unit"]["seat"],
            each["kind"]["name"],
            achievement_words(each),
            (standing["rank"] or None) if standing else None,
            level_of(facts["level_at_start"]) if facts else None,
            level_of(facts["level_at_end"]) if facts else None,
            facts.get("days_green"),
            facts.get("cases"),
            facts.get("cases_per_100k"),
            edition and edition["number"],
        )
