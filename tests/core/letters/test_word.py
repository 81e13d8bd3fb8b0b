"""Word: opened again field by field, the document says what the PDF says, by the same measures."""

import io
import zipfile

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from core.letters import (
    Appendix,
    Band,
    Column,
    Facts,
    Items,
    LetterFormat,
    Paragraph,
    Sign,
    Signature,
    Style,
    Table,
    print_letter,
)
from tests.core.letters.samples import (
    EMU_PER_MM,
    HOSTILE,
    MOMENT,
    long_table,
    make_letter,
    read_docx,
    read_pdf,
    text_of,
    words_of,
)


def mm(length) -> int:
    return round(length / EMU_PER_MM)


def styled(document, name):
    """The paragraphs of a style, those in tables as well."""
    cells = [paragraph for table in document.tables for cell in table._cells for paragraph in cell.paragraphs]
    return [each for each in [*document.paragraphs, *cells] if each.style.name == name]


def test_document_says_line_by_line_what_the_letter_says():
    assert words_of(read_docx(make_letter(addressees=("Sở Nội vụ",)))) == [
        "UBND TỈNH NINH THUẬN",
        "ỦY BAN NHÂN DÂN",
        "HUYỆN NINH PHƯỚC",
        "Số: 05/QĐ-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Ninh Phước, ngày 05 tháng 02 năm 2021",
        "QUYẾT ĐỊNH",
        "Về việc giữ vùng xanh",
        "Kính gửi: Sở Nội vụ",
        "Các xã, thị trấn thực hiện./.",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT.",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        "Nguyễn Thị Sáu",
    ]


def test_document_and_pdf_say_the_same():
    appendix = Appendix("Danh sách", (long_table(3),), "Kèm theo Quyết định", landscape=True)
    blocks = (
        Paragraph("Căn cứ Luật A;", Style.GROUND),
        Paragraph("Quyết định:", Style.ACT),
        Paragraph("Tặng Bằng khen.", lead="Điều 1."),
        Items(("một", "hai"), Sign.DASH),
        Facts((("Đơn vị:", "Xã Phước Hải"),)),
        Table((Column("STT", 1), Column("Tên", 4)), (Band("Huyện Ninh Phước"), ("1", "Xã Phước Hải"))),
    )
    letter = make_letter(blocks=blocks, appendices=(appendix,), addressees=("Sở A", "Sở B"))

    assert " ".join(words_of(read_docx(letter))) == text_of(read_pdf(letter))


@pytest.mark.parametrize(("landscape", "size"), [(False, (210, 297)), (True, (297, 210))])
def test_page_is_a4_with_the_margins_of_the_decree(landscape, size):
    section = read_docx(make_letter(landscape=landscape)).sections[0]

    assert (mm(section.page_width), mm(section.page_height)) == size
    assert 20 <= mm(section.top_margin) <= 25
    assert 20 <= mm(section.bottom_margin) <= 25
    assert 30 <= mm(section.left_margin) <= 35
    assert 15 <= mm(section.right_margin) <= 20


def test_each_style_has_its_size_face_and_room():
    styles = read_docx(make_letter()).styles
    text = styles["VB Nội dung"]

    assert (text.font.size.pt, text.font.bold, text.font.italic) == (14, False, False)
    assert text.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert text.paragraph_format.first_line_indent.mm == pytest.approx(12.7, abs=0.05)
    assert text.paragraph_format.space_before.pt == 6
    assert 1 <= text.paragraph_format.line_spacing <= 1.5
    assert styles["VB Căn cứ"].font.italic
    assert styles["VB Tên loại"].font.bold
    assert (styles["VB Nơi nhận"].font.size.pt, styles["VB Danh sách nơi nhận"].font.size.pt) == (12, 11)
    assert styles["VB Số trang"].font.size.pt == 13
    assert all(
        style.font.size is None or 11 <= style.font.size.pt <= 14
        for style in styles
        if style.name.startswith("VB ") and style.name not in ("VB Đường kẻ", "VB Chân trang")
    )


def test_every_letter_is_times_new_roman():
    document = read_docx(make_letter(blocks=(long_table(2), Facts((("a", "b"),)))))
    body = zipfile.ZipFile(io.BytesIO(print_letter(make_letter(), LetterFormat.DOCX))).read("word/styles.xml")

    fonts = {
        element.get(qn(f"w:{script}"))
        for element in document.styles.element.iter(qn("w:rFonts"))
        for script in ("ascii", "hAnsi", "eastAsia", "cs")
    }
    assert fonts == {"Times New Roman"}
    assert b"asciiTheme" not in body
    assert list(document.element.iter(qn("w:rFonts"))) == []


def test_heading_has_its_sizes_and_its_lines():
    heading = read_docx(make_letter()).tables[0]

    sizes = {run.text: run.font.size.pt for cell in heading._cells for p in cell.paragraphs for run in p.runs}
    assert sizes["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"] == 12
    assert sizes["Độc lập - Tự do - Hạnh phúc"] == 13
    assert sizes["HUYỆN NINH PHƯỚC"] == sizes["UBND TỈNH NINH THUẬN"] == 13
    left, right = heading.columns[0].width, heading.columns[1].width
    assert mm(left + right) == 165
    short, long = styled(read_docx(make_letter()), "VB Đường kẻ")[-2:]
    assert [each._p.find(qn("w:pPr")).find(qn("w:pBdr")) is not None for each in (short, long)] == [True] * 2
    assert mm(right) - 2 * mm(long.paragraph_format.left_indent) == pytest.approx(56, abs=2)  # as the motto
    words = mm(left) - 2 * mm(short.paragraph_format.left_indent)
    assert words == pytest.approx(0.4 * 45, abs=4)  # a third to a half of the name above


def test_number_of_the_page_stands_in_the_header_from_page_two_on():
    section = read_docx(make_letter(appendices=(Appendix("Bảng", ()),))).sections[0]

    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == ""
    header = section.header.paragraphs[0]
    assert header.style.name == "VB Số trang"
    assert header.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert "PAGE" in header._p.xml
    assert mm(section.header_distance) == 10


def test_appendix_is_a_section_that_counts_from_one():
    one = Appendix("Danh sách", (long_table(2),), "Kèm theo Quyết định", landscape=True)
    document = read_docx(make_letter(appendices=(one, Appendix("Bảng", ()))))

    assert [mm(section.page_width) for section in document.sections] == [210, 297, 210]
    starts = [section._sectPr.find(qn("w:pgNumType")) for section in document.sections]
    assert starts[0] is None
    assert [start.get(qn("w:start")) for start in starts[1:]] == ["1", "1"]
    assert all(section.different_first_page_header_footer for section in document.sections)
    assert [each.text for each in styled(document, "VB Tên loại")][2:] == [
        "Phụ lục I", "DANH SÁCH", "Phụ lục II", "BẢNG",
    ]  # fmt: skip


def test_table_repeats_its_head_and_fills_the_width_of_the_text():
    table = read_docx(make_letter(blocks=(long_table(2),))).tables[1]

    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert [column.width.mm for column in table.columns] == pytest.approx([16.5, 99, 49.5], abs=0.05)
    assert [cell.text for cell in table.rows[0].cells] == ["STT", "Đơn vị", "Ghi chú"]
    assert [cell.paragraphs[0].alignment for cell in table.rows[1].cells] == [
        WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT,
    ]  # fmt: skip


def test_band_goes_across_the_table():
    table = Table((Column("STT", 1), Column("Tên", 4)), (Band("Huyện Ninh Phước"), ("1", "Xã A")))
    rows = read_docx(make_letter(blocks=(table,))).tables[1].rows

    assert len({cell._tc for cell in rows[1].cells}) == 1
    assert rows[1].cells[0].text == "Huyện Ninh Phước"
    assert rows[1].cells[0].paragraphs[0].style.name == "VB Nhóm trong bảng"


def test_two_who_sign_stand_side_by_side():
    signing = (Signature(("THƯ KÝ",), "Người Trái"), Signature(("CHỦ TỌA",), "Người Phải", "(Đã ký)"))
    table = read_docx(make_letter(signatures=signing)).tables[-1]

    assert [[[p.text for p in cell.paragraphs] for cell in row.cells] for row in table.rows] == [
        [["THƯ KÝ"], ["CHỦ TỌA", "(Đã ký)"]],
        [["Người Trái"], ["Người Phải"]],
    ]
    assert words_of(read_docx(make_letter(signatures=signing)))[-3:] == [
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT.",
    ]


def test_same_letter_gives_the_same_bytes_whatever_the_time():
    letter = make_letter(blocks=(long_table(5),), appendices=(Appendix("Bảng", ()),))

    first = print_letter(letter, LetterFormat.DOCX)

    assert print_letter(letter, LetterFormat.DOCX) == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_file_says_who_and_when_and_nothing_of_the_program():
    body = print_letter(make_letter(), LetterFormat.DOCX)
    said = read_docx(make_letter()).core_properties

    assert (said.title, said.author) == (
        "Quyết định Về việc giữ vùng xanh",
        "Ủy ban nhân dân Huyện Ninh Phước",
    )
    assert said.created == said.modified == MOMENT
    assert said.comments == said.last_modified_by == ""
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        assert not [name for name in parts.namelist() if "thumbnail" in name]
        assert b"python-docx" not in b"".join(parts.read(name) for name in parts.namelist())
        assert all(b'Target="http' not in parts.read(n) for n in parts.namelist() if n.endswith(".rels"))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_is_written_and_never_evaluated(hostile):
    letter = make_letter(
        place=hostile, blocks=(Paragraph(hostile, lead=hostile), Facts(((hostile, hostile),))), number=hostile
    )

    words = words_of(read_docx(letter))

    assert words.count(hostile) == 2
    assert f"Số: {hostile}" in words
    assert f"{hostile} {hostile}" in words


def test_controls_stop_nothing():
    words = words_of(read_docx(make_letter(blocks=(Paragraph("a\x00\x07b \u202eđảo\ud800 \uffff中ا😀 c"),))))

    assert "ab đảo 中ا😀 c" in words


def test_who_signs_stays_on_the_page_of_the_last_words():
    document = read_docx(make_letter())

    blocks = list(document.iter_inner_content())
    signing = max(place for place, block in enumerate(blocks) if hasattr(block, "rows"))
    last, room = blocks[signing - 2], blocks[signing - 1]
    assert last.text.endswith("./.")
    assert last.paragraph_format.keep_with_next
    assert room.paragraph_format.keep_with_next
