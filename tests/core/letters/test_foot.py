"""The foot of a paper: its code and where to check it, or that it is a draft; below the text of all pages."""

import io

from docx import Document
from pypdf import PdfReader

from core.letters import Appendix, LetterFormat, Paragraph, Seal, print_letter
from tests.core.letters.samples import LONG, long_table, make_letter, places_of, read_docx, read_pdf, text_of

SEAL = Seal("7KQ2M-X4TRA", "bando.example/xac-minh")
WORDS = "Mã xác minh: 7KQ2M-X4TRA. Kiểm tra tại bando.example/xac-minh"


def sealed(**said):
    usual = {
        "seal": SEAL,
        "blocks": (Paragraph(LONG * 20), long_table(20)),
        "appendices": (Appendix("Danh sách", (long_table(30),), landscape=True),),
    }
    return make_letter(**usual | said)


def test_code_stands_on_every_page_below_the_text_in_small_letters():
    reader = read_pdf(sealed())

    assert len(reader.pages) >= 4
    for page in reader.pages:
        lines = places_of(reader, page.page_number)
        high = float(page.mediabox.height) * 25.4 / 72
        foot = [line for line in lines if line[2] > high - 20]
        assert " ".join(words for words, *_place in foot) == WORDS
        assert all(x >= 30 and points == 9 for _words, x, _y, points in foot)
        assert all(high - 15 < y < high - 10 for _words, _x, y, _points in foot)


def test_foot_moves_no_line_of_the_letter():
    plain, reader = read_pdf(sealed(seal=None)), read_pdf(sealed())

    for page in range(len(plain.pages)):
        said = [line for line in places_of(reader, page) if line[3] != 9]
        assert said == places_of(plain, page)


def test_code_stands_among_the_properties_of_both_forms():
    assert read_pdf(sealed()).metadata["/Keywords"] == SEAL.code
    assert read_docx(sealed()).core_properties.keywords == SEAL.code
    assert "/Keywords" not in read_pdf(sealed(seal=None)).metadata


def test_word_has_it_below_the_first_page_and_all_others():
    document = read_docx(sealed())

    first, *later = document.sections
    for footer in (first.first_page_footer, first.footer):
        assert [line.text for line in footer.paragraphs] == [WORDS]
        assert footer.paragraphs[0].style.font.size.pt == 9
    assert later
    assert all(
        each.footer.is_linked_to_previous and each.first_page_footer.is_linked_to_previous for each in later
    )
    assert round(first.footer_distance.mm) == 10


def test_letter_without_a_seal_has_no_foot():
    [page, *_rest] = read_pdf(make_letter()).pages

    assert "Mã xác minh" not in page.extract_text()
    assert all(section.footer.is_linked_to_previous for section in read_docx(make_letter()).sections)


def test_draft_says_so_under_its_number_and_at_its_foot():
    letter = sealed(seal=None, draft=True)
    text = text_of(read_pdf(letter))

    assert text.index("Số: 05/QĐ-UBND") < text.index("DỰ THẢO") < text.index("QUYẾT ĐỊNH")
    assert all(
        "DỰ THẢO: chưa có mã xác minh" in text_of(read_pdf(letter), page)
        for page in range(len(read_pdf(letter).pages))
    )
    document = read_docx(letter)
    assert "DỰ THẢO" in [line.text for line in document.tables[0].cell(0, 0).paragraphs]
    assert document.sections[0].first_page_footer.paragraphs[0].text == "DỰ THẢO: chưa có mã xác minh"


def test_long_address_breaks_within_the_text_and_stays_on_the_page():
    long = Seal("7KQ2M-X4TRA", "x" * 200 + "/xac-minh")
    reader = read_pdf(make_letter(seal=long))

    feet = [line for line in places_of(reader) if line[3] == 9]
    assert len(feet) > 1
    assert all(x >= 30 and y < 297 for _words, x, y, _points in feet)


def test_same_letter_and_code_are_the_same_bytes():
    for form in LetterFormat:
        assert print_letter(sealed(), form) == print_letter(sealed(), form)
        assert print_letter(sealed(), form) != print_letter(
            sealed(seal=Seal("7KQ2M-X4TRC", SEAL.check_at)), form
        )
    assert PdfReader(io.BytesIO(print_letter(sealed(), LetterFormat.PDF))).pages
    assert Document(io.BytesIO(print_letter(sealed(), LetterFormat.DOCX))).sections
