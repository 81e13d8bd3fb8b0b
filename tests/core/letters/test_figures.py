"""Figures: the same bars on both papers, with letters and words for who sees no colour."""

import io

import pytest
from docx.oxml.ns import qn
from PIL import Image

from core.letters import Bar, Figure, LetterFormat, Paragraph, Series, Style, print_letter
from core.letters.figures import HIGH, LABEL, TOTAL, as_png, drawn
from core.letters.geometry import text_width
from tests.core.letters.samples import EMU_PER_MM, HOSTILE, make_letter, read_docx, read_pdf, text_of

SERIES = (Series("xanh", "X", "#3b846e"), Series("đỏ", "Đ", "#be0d00", "#ffffff"))
ALT = "Phước Dân: xanh 7, đỏ 2. Phước Hải: xanh 3."
WIDTH = text_width(landscape=False)


def lying(**said) -> Figure:
    bars = (Bar("Phước Dân", (7, 2)), Bar("Phước Hải", (3, 0)))
    return Figure(**{"series": SERIES, "bars": bars, "alt": ALT} | said)


def upright(days: int) -> Figure:
    bars = tuple(Bar(f"{day:02d}/8", (day, days - day)) for day in range(1, days + 1))
    return lying(bars=bars, upright=True)


def lengths(bar) -> list[float]:
    return [round(part["long"], 3) for part in bar["parts"]]


def test_lying_bars_share_a_scale_and_leave_out_what_is_nothing():
    first, second = drawn(lying(), width=WIDTH)["bars"]

    whole = WIDTH - LABEL - TOTAL
    assert lengths(first) == [round(whole * 7 / 9, 3), round(whole * 2 / 9, 3)]
    assert lengths(second) == [round(whole * 3 / 9, 3)]
    assert (first["total"], second["total"]) == ("9", "3")
    assert [part["said"] for part in first["parts"]] == ["X 7", "Đ 2"]


def test_part_too_narrow_for_its_letter_has_none():
    [bar] = drawn(lying(bars=(Bar("A", (200, 1)),)), width=WIDTH)["bars"]

    assert [part["said"] for part in bar["parts"]] == ["X 200", ""]


def test_upright_bars_fill_the_width_and_name_as_many_as_have_room():
    month = drawn(upright(31), width=WIDTH)

    assert sum(lengths(month["bars"][9])) == pytest.approx(HIGH)
    named = [bar["label"] for bar in month["bars"] if bar["label"]]
    assert named[:2] == ["01/8", "03/8"]
    assert len(drawn(upright(5), width=WIDTH)["bars"]) == sum(
        bool(bar["label"]) for bar in drawn(upright(5), width=WIDTH)["bars"]
    )


@pytest.mark.parametrize("figure", [lying(), upright(31)])
def test_figure_is_the_same_in_every_printing(figure):
    letter = make_letter(blocks=(Paragraph("Hình 1", Style.CAPTION), figure))

    for form in LetterFormat:
        assert print_letter(letter, form) == print_letter(letter, form)


def test_pdf_draws_the_bars_with_names_numbers_and_words_beside():
    reader = read_pdf(make_letter(blocks=(Paragraph("Hình 1. Màu", Style.CAPTION), lying())))

    assert "Hình 1. Màu Phước Dân X 7 Đ 2 9 Phước Hải X 3 3 X xanh Đ đỏ" in text_of(reader)
    assert ALT in _alternatives(reader)


def test_document_has_a_picture_as_wide_as_the_text_with_words_beside():
    document = read_docx(make_letter(blocks=(Paragraph("Hình 1. Màu", Style.CAPTION), lying())))

    [picture] = document.inline_shapes
    assert round(picture.width / EMU_PER_MM) == WIDTH
    assert picture._inline.docPr.get("descr") == ALT
    [caption] = [line for line in document.paragraphs if line.text == "Hình 1. Màu"]
    assert caption.style.name == "VB Tên bảng"
    assert caption.style.paragraph_format.keep_with_next


def test_picture_shows_the_colours_of_its_series():
    colours = Image.open(io.BytesIO(as_png(lying(), width=WIDTH))).convert("RGB").getcolors(1 << 24)

    assert {(0x3B, 0x84, 0x6E), (0xBE, 0x0D, 0x00)} <= {colour for _count, colour in colours}


def test_words_in_a_figure_are_only_words():
    bars = tuple(Bar(words, (1, 1)) for words in HOSTILE)
    series = tuple(Series(words, "#", "#3b846e") for words in HOSTILE[:2])

    text = text_of(read_pdf(make_letter(blocks=(Figure(series, bars, HOSTILE[0]),))))

    assert HOSTILE[0].split()[0] in text


def test_bar_needs_a_number_for_each_series():
    with pytest.raises(ValueError, match="2 values"):
        lying(bars=(Bar("A", (1,)),))
    with pytest.raises(ValueError, match="has bars"):
        lying(bars=())


def test_parts_and_clauses_are_headings_of_both_papers():
    blocks = (Paragraph("I. Kết quả", Style.PART), Paragraph("1. Màu", Style.CLAUSE), Paragraph("Hết./."))
    letter = make_letter(blocks=blocks)
    document, reader = read_docx(letter), read_pdf(letter)

    levels = {
        line.text: line.style.element.pPr.find(qn("w:outlineLvl")).get(qn("w:val"))
        for line in document.paragraphs
        if line.style.element.pPr.find(qn("w:outlineLvl")) is not None
    }
    assert levels == {"I. KẾT QUẢ": "0", "1. Màu": "1"}
    assert _tags(reader) >= {"/H1", "/H2", "/H3"}


def _elements(reader):
    seen, left = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while left:
        each = left.pop().get_object()
        if isinstance(each, dict):
            seen.append(each)
            inner = each.get("/K", [])
            inner = inner.get_object() if hasattr(inner, "get_object") else inner
            left += [
                kid for kid in (inner if isinstance(inner, list) else [inner]) if hasattr(kid, "get_object")
            ]
    return seen


def _alternatives(reader) -> list[str]:
    return [str(each["/Alt"]) for each in _elements(reader) if "/Alt" in each]


def _tags(reader) -> set[str]:
    return {str(each.get("/S")) for each in _elements(reader)}
