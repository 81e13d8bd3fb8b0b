"""Lists of a proposal and of a decision as workbooks: the same bytes for the same list, and no formula."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from openpyxl import Workbook

from awards.enums import Verdict
from awards.paper.wording import Content, split
from core.codes import written
from core.issued_papers import Statement
from core.letters import Seal
from core.letters.letter import DRAFT
from riskmap.paper.books import as_bytes, put, set_widths

Cells = tuple[str | int | None, ...]
#: Heads of the columns and their widths in characters.
WHO = {
    "STT": 6,
    "Đối tượng": 11,
    "Tên": 36,
    "Chức vụ, nơi công tác": 34,
    "Đơn vị": 30,
    "Địa bàn": 24,
    "Hình thức khen": 36,
}
PROPOSED = {"Việc đã làm": 60, "Ý kiến Sở Y tế": 16, "Văn bản của Sở Y tế": 20, "Vì sao vẫn trình": 40}
DECIDED = {"Kết quả": 14, "Vì sao không khen": 40, "Tiền thưởng (đồng)": 16, "Mã trên bằng khen": 16}
ABOUT = {"Mục": 28, "Nội dung": 90}


def proposed_book(says: Statement, *, seal: Seal | None) -> bytes:
    """The list that goes with a submission to the chairman; without a seal a draft."""
    return _book(says, {**WHO, **PROPOSED}, _proposed, seal)


def decided_book(says: Statement, *, seal: Seal) -> bytes:
    """The list that goes with a decision: who is awarded, and who is not, with the reason."""
    return _book(says, {**WHO, **DECIDED}, _decided, seal)


def _book(
    says: Statement, columns: dict[str, int], rest: Callable[[Content], Cells], seal: Seal | None
) -> bytes:
    book = Workbook()
    page = book.active
    page.title = "Danh sách"
    rows = [_who(number, row) + rest(row) for number, row in _numbered(says.content["lines"])]
    _fill(page, columns, rows)
    page.freeze_panes = "D2"
    page.auto_filter.ref = page.dimensions
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage = 0, True
    _fill(book.create_sheet("Thông tin"), ABOUT, _about(says, seal))
    return as_bytes(book, moment=says.moment)


def _fill(page, columns: dict[str, int], rows: Iterable[Cells]) -> None:
    set_widths(page, columns.values())
    for column, head in enumerate(columns, 1):
        put(page, 1, column, head, head=True)
    for number, cells in enumerate(rows, 2):
        for column, value in enumerate(cells, 1):
            put(page, number, column, value)


def _numbered(lines: Iterable[Content]) -> list[tuple[int, Content]]:
    """Collectives first, each part counted from one, as on paper."""
    return [pair for part in split(lines) for pair in enumerate(part, 1)]


def _who(number: int, row: Content) -> Cells:
    kind = "cá nhân" if row["recipient"] == "person" else "tập thể"
    return number, kind, row["name"], row["post"], row["unit"], row["district"], row["award"]


def _proposed(row: Content) -> Cells:
    opinion = row["opinion"] or {"verdict": "", "document": ""}
    verdict = str(Verdict(opinion["verdict"]).label) if opinion["verdict"] else ""
    return row["deeds"], verdict, opinion["document"], row["reason"]


def _decided(row: Content) -> Cells:
    code = written(row["code"]) if row["awarded"] else ""
    return (
        "được khen" if row["awarded"] else "không khen",
        row["reason"],
        row["money"] if row["awarded"] else None,
        code,
    )


def _about(says: Statement, seal: Seal | None) -> Iterable[Cells]:
    yield "Văn bản", says.title
    yield from zip(says.facts[::2], says.facts[1::2], strict=True)
    if seal is None:
        yield "Tình trạng", DRAFT
    else:
        yield "Mã xác minh", seal.code
        yield "Kiểm tra tại", seal.check_at
