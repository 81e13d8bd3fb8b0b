"""Letters for tests, and papers opened again as a reader's program opens them."""

import io
from datetime import UTC, date, datetime

from docx import Document
from pypdf import PdfReader

from core.letters import (
    Align,
    Column,
    Issuer,
    Letter,
    LetterFormat,
    Paragraph,
    Signature,
    Table,
    print_letter,
)
from core.letters.wording import closed, recipients, written_day, written_number

MM_PER_POINT = 25.4 / 72
EMU_PER_MM = 36000
MOMENT = datetime(2021, 2, 5, 1, 30, tzinfo=UTC)
LONG = "Kiểm soát người ra vào địa bàn, giữ liên lạc với từng hộ và báo cáo ngay khi có người nghi mắc bệnh. "
#: What people may write that must come out as written: markup, templates, addresses, other directions.
HOSTILE = (
    '#import "@preview/x:1.0.0": *',
    '#read("/etc/passwd")',
    '#panic("x") *đậm* _nghiêng_ $x^2$ <nhãn> @a \\u{41} // hết',
    "{{ 7*7 }} {% load x %} ${7*7}",
    '<w:t>&amp;</w:t> <!ENTITY a SYSTEM "file:///etc/passwd">',
    '=cmd|"/c calc"!A1',
    "שלום עולם",
)


def make_letter(**said) -> Letter:
    """A decision of one article, to be changed by what the test says."""
    usual = {
        "issuer": Issuer(("Ủy ban nhân dân", "Huyện Ninh Phước"), superior=("UBND tỉnh Ninh Thuận",)),
        "number": written_number(5, "QĐ-UBND"),
        "place": "Ninh Phước",
        "day": written_day(date(2021, 2, 5)),
        "kind": "Quyết định",
        "subject": "Về việc giữ vùng xanh",
        "blocks": (Paragraph(closed("Các xã, thị trấn thực hiện")),),
        "signatures": (Signature(("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "Nguyễn Thị Sáu"),),
        "recipients": recipients(["Như trên", "Lưu: VT"]),
        "moment": MOMENT,
    }
    return Letter(**usual | said)


def long_table(rows: int) -> Table:
    """A table over several pages."""
    columns = (Column("STT", 1, Align.CENTRE), Column("Đơn vị", 6), Column("Ghi chú", 3, Align.RIGHT))
    return Table(columns, tuple((str(n), f"Xã Số {n}", LONG) for n in range(1, rows + 1)))


def read_pdf(letter: Letter) -> PdfReader:
    return PdfReader(io.BytesIO(print_letter(letter, LetterFormat.PDF)))


def text_of(reader: PdfReader, page: int | None = None) -> str:
    """The words of a page, or of all, with one space between them."""
    pages = reader.pages if page is None else [reader.pages[page]]
    return " ".join(" ".join(each.extract_text() for each in pages).replace("\u200b", "").split())


def read_docx(letter: Letter):
    return Document(io.BytesIO(print_letter(letter, LetterFormat.DOCX)))


def words_of(document) -> list[str]:
    """Every line of a Word document in the order of reading, those in tables as well."""
    lines = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                seen = []
                for cell in row.cells:
                    if cell._tc not in seen:
                        seen.append(cell._tc)
                        lines += [paragraph.text for paragraph in cell.paragraphs]
        else:
            lines.append(block.text)
    return [line for line in lines if line]


def places_of(reader: PdfReader, page: int = 0) -> list[tuple[str, float, float, float]]:
    """Each piece of text on a page: the words, millimetres from the left and from the top, and points."""
    found = []
    high = float(reader.pages[page].mediabox.height)

    def see(text, matrix, at, _font, size) -> None:
        x, y = (
            at[4] * matrix[0] + at[5] * matrix[2] + matrix[4],
            at[4] * matrix[1] + at[5] * matrix[3] + matrix[5],
        )
        if text.strip():
            scale = abs(at[3] * matrix[3])
            found.append(
                (
                    text.strip(),
                    round(x * MM_PER_POINT, 2),
                    round((high - y) * MM_PER_POINT, 2),
                    round(size * scale, 2),
                )
            )

    reader.pages[page].extract_text(visitor_text=see)
    return found
