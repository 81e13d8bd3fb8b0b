"""The scores of a phase as a workbook: both scores of each nominee, every sheet, and the criteria."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone, translation
from openpyxl import Workbook

from awards.criteria import criteria_for
from awards.models import Criterion
from awards.scoring_page import ScoreRow
from campaign.models import Phase
from core.models import User
from riskmap.paper.books import as_bytes, put, set_widths

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOTH = {
    "Hồ sơ của": 24,
    "Đối tượng": 34,
    "Đơn vị": 34,
    "Trạng thái": 18,
    "Số phiếu đủ": 9,
    "Phiếu dở": 9,
    "Phiếu theo lần nộp trước": 12,
    "Điểm người chấm: trung bình": 13,
    "Trung vị": 10,
    "Độ lệch chuẩn": 10,
    "Điểm máy": 10,
    "Điểm máy thấp nhất khi thử": 13,
    "Điểm máy cao nhất khi thử": 13,
    "Cách tính điểm máy": 70,
    "Ghi chú": 44,
}
SHEETS = {"Hồ sơ của": 24, "Đối tượng": 34, "Người chấm": 24, "Tiêu chí": 50, "Điểm": 8, "Tối đa": 8,
          "Trọng số": 8, "Nhận xét": 60, "Chấm lúc": 18}  # fmt: skip
CRITERIA = {"Tiêu chí": 60, "Chấm cho": 22, "Điểm tối đa": 10, "Trọng số": 10}
HIDDEN = "Chưa hiện: bạn chưa chấm xong và hồ sơ chưa thẩm định xong."


def file_name(phase: Phase) -> str:
    return f"diem-cham-{phase.campaign.slug}-{phase.code}.xlsx"


def make_workbook(
    *, phase: Phase, rows: Sequence[ScoreRow], criteria: Sequence[Criterion], by: User, at: datetime
) -> bytes:
    """What the person may see; texts that people wrote are never formulas."""
    book = Workbook()
    with translation.override("vi"):
        about = [
            ("Điểm chấm", f"{phase.campaign.short_title}, {phase.name}"),
            ("Xuất lúc", f"{timezone.localtime(at):%H:%M:%S %d/%m/%Y}, {by}"),
            (
                "Cách tính",
                "Mỗi phiếu: tỷ lệ điểm đạt được theo trọng số, từ 0 đến 100. Điểm người chấm và điểm máy "
                "để riêng, không cộng vào nhau.",
            ),
        ]
        _write(book.active, "Hai loại điểm", BOTH, map(_both, rows), about)
        _write(book.create_sheet(), "Từng phiếu", SHEETS, _sheets(rows, criteria))
        _write(book.create_sheet(), "Tiêu chí", CRITERIA, map(_criterion, criteria))
    return as_bytes(book, moment=at)


def _both(row: ScoreRow) -> tuple:
    nominee, human, machine = row.nominee, row.human, row.machine
    people = (None,) * 6
    if human is not None:
        people = (human.count, human.begun, human.outdated, human.mean, human.median, human.deviation)
    return (
        nominee.dossier.area.name, str(nominee), nominee.unit.name, nominee.get_status_display(), *people,
        machine.value, machine.low, machine.high, machine.words,
        row.conflict or ("" if human is not None else HIDDEN),
    )  # fmt: skip


def _sheets(rows: Iterable[ScoreRow], criteria: Sequence[Criterion]) -> Iterable[tuple]:
    for row in rows:
        asked = criteria_for(row.nominee, criteria)
        for sheet in row.sheets:
            given = {score.criterion_id: score for score in sheet.scores}
            for criterion in asked:
                score = given.get(criterion.pk)
                said = (None, criterion.maximum, criterion.weight, "", "")
                if score is not None:
                    when = f"{timezone.localtime(score.scored_at):%H:%M %d/%m/%Y}"
                    said = (score.points, criterion.maximum, criterion.weight, score.note, when)
                who = str(sheet.scores[0].scored_by)
                yield (row.nominee.dossier.area.name, str(row.nominee), who, criterion.label, *said)


def _criterion(row: Criterion) -> tuple:
    return (row.label, row.get_recipient_display() or "tập thể và cá nhân", row.maximum, row.weight)


def _write(page, title: str, columns: dict[str, int], rows: Iterable[tuple], about=()) -> None:
    page.title = title
    set_widths(page, columns.values())
    for number, (name, value) in enumerate(about, start=1):
        put(page, number, 1, name, head=True)
        put(page, number, 2, value)
    top = len(about) + 2 if about else 1
    for column, name in enumerate(columns, start=1):
        put(page, top, column, name, head=True)
    for number, values in enumerate(rows, start=top + 1):
        for column, value in enumerate(values, start=1):
            put(page, number, column, value)
    page.freeze_panes = page.cell(top + 1, 1)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage = 0, True
