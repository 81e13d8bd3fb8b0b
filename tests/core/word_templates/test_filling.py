"""A checked template is filled with texts as they are: never evaluated, the same bytes each time."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from docx import Document

from core.letters import LetterFormat, print_letter
from core.word_templates import Placeholder, TemplateTooLarge, check_template, fill
from core.word_templates.filling import TagForbidden
from tests.core.letters.samples import HOSTILE, make_letter
from tests.core.word_templates.files import (
    CONTEXT,
    PLACEHOLDERS,
    as_bytes,
    lines_of,
    rewritten,
    with_relation,
    word,
)

MOMENT = datetime(2021, 9, 1, 1, tzinfo=UTC)


def filled(body, **said):
    assert check_template(body, PLACEHOLDERS) == ()
    return fill(body, PLACEHOLDERS, CONTEXT | said, title="Tờ trình", author="Sở Nội vụ", moment=MOMENT)


def test_texts_rows_paragraphs_and_conditions_are_filled():
    body = word(
        "Số: {{ số_ký_hiệu }}, {{ TỈNH }}",
        "{%p for t in tập_thể %}", "- {{ t.tên }}", "{%p endfor %}",
        "{%p if ghi_chú %}", "Ghi chú: {{ ghi_chú }}", "{%p endif %}",
        "Có{% if ghi_chú %} ghi chú{% else %} gì{% endif %}?",
        rows=[
            ("STT", "Tên"), ("{%tr for t in tập_thể %}", ""), ("{{ t.stt }}", "{{ t.TÊN }}"),
            ("{%tr endfor %}", ""),
        ],
    )  # fmt: skip

    lines = lines_of(filled(body))

    assert lines[:4] == ["Số: 05/QĐ-UBND, TỈNH NINH THUẬN", "- Xã Phước Hải", "- Xã Cà Ná", "Có gì?"]
    assert lines[4:] == ["STT", "Tên", "1", "XÃ PHƯỚC HẢI", "2", "XÃ CÀ NÁ"]
    assert "Ghi chú: Gấp." in lines_of(filled(body, ghi_chú="Gấp."))


def test_tag_that_word_split_is_filled_in_the_look_of_its_first_letter():
    document = Document()
    paragraph = document.add_paragraph()
    for text, bold in (("Của {", True), ("{ tỉ", False), ("nh }", False), ("} nhé", False)):
        paragraph.add_run(text).bold = bold

    (made,) = Document(io.BytesIO(filled(as_bytes(document)))).paragraphs

    assert made.text == "Của tỉnh Ninh Thuận nhé"
    assert [run.text for run in made.runs if run.bold] == ["Của tỉnh Ninh Thuận"]


def test_names_typed_in_parts_of_letters_are_the_same_names():
    decomposed = "{{ ti\u0309nh }}"  # as a Mac writes ỉ

    assert lines_of(filled(word(decomposed))) == ["tỉnh Ninh Thuận"]


@pytest.mark.parametrize(
    "said", [*HOSTILE, "{_{ tỉnh }_}", "{% for x in tập_thể %}", "a & b < c > d \" '", "{{ tỉnh }}"]
)
def test_text_of_people_is_written_and_never_evaluated(said):
    made = lines_of(filled(word("{{ ghi_chú }}|{{ tỉnh }}"), ghi_chú=said))

    assert made == [f"{said}|tỉnh Ninh Thuận"]


def test_lines_and_marks_in_a_text_become_spaces():
    made = lines_of(filled(word("[{{ ghi_chú }}]"), ghi_chú="một\nhai\tba\x07\x0c\u202ebốn"))

    assert made == ["[một hai ba bốn]"]


def test_same_texts_give_the_same_bytes_and_nothing_of_who_made_the_template():
    document = Document()
    document.add_paragraph("{{ tỉnh }}")
    document.core_properties.author = "Người soạn"
    document.core_properties.comments = "{{ tỉnh }}"
    body = as_bytes(document)

    once, again = filled(body), filled(body)

    said = Document(io.BytesIO(once)).core_properties
    assert once == again
    assert (said.title, said.author, said.comments) == ("Tờ trình", "Sở Nội vụ", "")
    assert said.created == said.modified == MOMENT
    with zipfile.ZipFile(io.BytesIO(once)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_headers_and_footers_are_filled():
    document = Document()
    document.add_paragraph("a")
    document.sections[0].header.paragraphs[0].text = "Đầu {{ tỉnh }}"
    document.sections[0].footer.paragraphs[0].text = "Chân {{ số_ký_hiệu }}"

    section = Document(io.BytesIO(filled(as_bytes(document)))).sections[0]

    assert section.header.paragraphs[0].text == "Đầu tỉnh Ninh Thuận"
    assert section.footer.paragraphs[0].text == "Chân 05/QĐ-UBND"


def test_table_and_cell_that_are_left_empty_stay_good_word():
    rows = [("{%tr for t in tập_thể %}",), ("{{ t.tên }}",), ("{%tr endfor %}",)]
    in_cell = Document(io.BytesIO(word("{{ tỉnh }}", rows=[("x",)])))
    cell = in_cell.tables[0].cell(0, 0)
    cell.text = "{%p if ghi_chú %}"
    cell.add_paragraph("{{ ghi_chú }}")
    cell.add_paragraph("{%p endif %}")

    without_rows = Document(io.BytesIO(filled(word("{{ tỉnh }}", rows=rows), tập_thể=[])))
    empty_cell = Document(io.BytesIO(filled(as_bytes(in_cell))))

    assert without_rows.tables == []
    assert [paragraph.text for paragraph in empty_cell.tables[0].cell(0, 0).paragraphs] == [""]


def test_template_that_repeats_too_much_is_stopped():
    long_row = word(
        "x", rows=[("{%tr for t in tập_thể %}",), ("dài " * 5000 + "{{ t.tên }}",), ("{%tr endfor %}",)]
    )

    with pytest.raises(TemplateTooLarge):
        filled(long_row, tập_thể=CONTEXT["tập_thể"] * 2000)


def test_missing_text_is_an_error_and_not_a_gap():
    with pytest.raises(KeyError, match="tỉnh"):
        fill(word("{{ tỉnh }}"), PLACEHOLDERS, {}, title="", author="", moment=MOMENT)


@pytest.mark.parametrize(
    "body",
    [
        word("{{ ''.__class__ }}"),
        word("{{ tỉnh.__class__ }} {{ 7*7 }}"),
        word("{% include 'x' %}"),
        word("{% for i in range(9) %}{% endfor %}"),
        rewritten(
            word("{{ tỉnh }}"), word_document_xml=(b"<w:sectPr", b'<w:p w:rsidR="{{ 7*7 }}"/><w:sectPr')
        ),
        with_relation("image", "http://203.0.113.1/x.png", "External"),
    ],
    ids=["class", "attribute", "include", "for", "attribute of markup", "relation"],
)
def test_template_that_was_never_checked_is_not_run_either(body):
    with pytest.raises(TagForbidden):
        fill(body, PLACEHOLDERS, CONTEXT, title="", author="", moment=MOMENT)


def test_letter_with_tags_in_place_of_its_words_makes_a_template():
    letter = make_letter(number="{{ số_ký_hiệu }}", place="{{ tỉnh }}")

    lines = lines_of(filled(print_letter(letter, LetterFormat.DOCX)))

    assert any("Số: 05/QĐ-UBND" in line for line in lines)


def test_name_of_a_placeholder_is_one_word_in_small_letters():
    for name in ("Tỉnh", "hai từ", "_x", "1a", "a.b", "ti\u0309nh"):
        with pytest.raises(ValueError, match="placeholder"):
            Placeholder(name, "")
