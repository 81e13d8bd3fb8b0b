"""Certificates on stock: a sheet for each who is awarded, the same words in both forms and sizes."""

import io

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from pypdf import PdfReader

from awards.paper import certificates_word
from awards.paper.certificates import MEASURES, as_pdf, certificates_of
from tests.awards.paper.contents import decided_content
from tests.core.letters.samples import HOSTILE, MM_PER_POINT, MOMENT, places_of, text_of, words_of

A4, A3 = (297, 210), (420, 297)
LONG = "Trạm Y tế lưu động số 3 thuộc Trung tâm Y tế huyện đặt tại Trường Trung học cơ sở " * 3


def pdf(content=None, size="a4") -> PdfReader:
    made = certificates_of(content or decided_content())
    return PdfReader(io.BytesIO(as_pdf(made, size=size, code="7KQ2M-X4TRA", moment=MOMENT)))


def word(content=None, size="a4") -> bytes:
    made = certificates_of(content or decided_content())
    return certificates_word.as_docx(made, size=size, code="7KQ2M-X4TRA", moment=MOMENT)


@pytest.mark.parametrize(("size", "wanted"), [("a4", A4), ("a3", A3)])
def test_stock_lies_and_each_who_is_awarded_has_a_sheet(size, wanted):
    reader = pdf(size=size)
    [section] = Document(io.BytesIO(word(size=size))).sections

    sizes = {
        (round(float(page.mediabox.width) * MM_PER_POINT), round(float(page.mediabox.height) * MM_PER_POINT))
        for page in reader.pages
    }
    assert (len(reader.pages), sizes) == (2, {wanted})
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.mm), round(section.page_height.mm)) == wanted
    assert round(section.top_margin.mm / section.page_height.mm, 2) == round(62 / 210, 2)


def test_sheet_says_who_for_what_by_which_decision_under_its_own_code():
    collective, person = (text_of(pdf(), page) for page in (0, 1))

    for text in (collective, person):
        assert "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH NINH THUẬN" in text
        assert "TẶNG BẰNG KHEN" in text
        assert "Đã có thành tích trong đợt 1, Phong trào giữ vùng xanh" in text
        assert "Quyết định số 512/QĐ-UBND Ngày 20/09/2021" in text
        assert "Ninh Thuận, ngày 20 tháng 9 năm 2021" in text
        assert "KT. CHỦ TỊCH PHÓ CHỦ TỊCH Lê Văn Chín" in text
    assert "Xã Phước Hậu Huyện Ninh Phước" in collective
    assert "Mã: 23456-789AC" in collective
    assert "Đặng Thị Bảy Trạm trưởng Trạm Y tế" in person
    assert "Mã: 23456-789AD" in person
    assert "Trần Văn Không" not in collective + person


def test_word_says_the_same_words_in_the_same_order():
    document = Document(io.BytesIO(word()))

    for page, table in enumerate(document.tables):
        written = " ".join(line for row in table.rows for cell in _cells(row) for line in cell)
        assert sorted(written.split()) == sorted(text_of(pdf(), page).split())
    assert len(document.tables) == 2
    breaks = [line.paragraph_format.page_break_before for line in document.paragraphs]
    assert breaks == [True, None]


def _cells(row) -> list[list[str]]:
    seen = {id(cell._tc): [line.text for line in cell.paragraphs] for cell in row.cells}
    return list(seen.values())


def test_everything_of_a_sheet_is_larger_on_a3_by_one_scale():
    small, large = places_of(pdf()), places_of(pdf(size="a3"))

    assert [line[0] for line in small] == [line[0] for line in large]
    for (_words, x, y, points), (_same, wide, low, big) in zip(small, large, strict=True):
        assert big / points == pytest.approx(2**0.5, abs=0.02)
        assert (wide / x, low / y) == (
            pytest.approx(2**0.5, abs=0.02),
            pytest.approx(2**0.5, abs=0.02),
        )


def test_longest_name_stays_on_one_sheet_in_smaller_letters():
    content = decided_content(name=LONG[:200])
    reader = pdf(content)
    name = next(
        line for line in Document(io.BytesIO(word(content))).tables[0].cell(0, 0).paragraphs
        if line.text.startswith("Trạm")
    )  # fmt: skip

    assert len(reader.pages) == 2
    assert name.runs[0].font.size.pt < 24
    assert all(MEASURES["aside"] <= x <= 297 - MEASURES["aside"] for _w, x, _y, _p in places_of(reader))


def test_same_decision_is_the_same_bytes_and_carries_its_code_among_the_properties():
    assert word() == word()
    assert pdf().metadata["/Keywords"] == "7KQ2M-X4TRA"
    assert Document(io.BytesIO(word())).core_properties.keywords == "7KQ2M-X4TRA"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_name_is_written_as_it_is_and_never_run(hostile):
    content = decided_content(name=hostile)

    assert hostile in " ".join(words_of(Document(io.BytesIO(word(content)))))
    assert len(pdf(content).pages) == 2
