"""The review of a phase on paper: opened again, both forms say the numbers of its content, field by field."""

import copy
import io

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from awards.paper.report import facts_of, report_of, title_of
from awards.paper.report_words import percent
from awards.report_content import moment_of, report_content
from core.letters import LetterFormat, print_letter
from core.letters.wording import short_day
from tests.awards.phase_reports import LAST, lived_phase
from tests.core.letters.samples import text_of
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def content():
    return report_content(lived_phase().phase, on=day(LAST + 20))


def letter(content):
    return report_of(content, moment=moment_of(content))


def opened(content):
    """The Word file, and its tables by the caption before each."""
    document = Document(io.BytesIO(print_letter(letter(content), LetterFormat.DOCX)))
    tables, caption = {}, ""
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            tables[caption.partition(". ")[2]] = [[cell.text for cell in row.cells] for row in block.rows]
        elif block.text:
            caption = block.text
    return document, tables


def printed(content) -> str:
    return text_of(PdfReader(io.BytesIO(print_letter(letter(content), LetterFormat.PDF))))


def test_tables_of_the_document_are_the_numbers_of_the_content(content):
    _document, tables = opened(content)
    first, last = short_day(day(0)), short_day(day(LAST))

    assert tables["Số xã, phường, thị trấn theo màu"] == [
        ["Màu", f"Ngày {first}", f"Ngày {last}", "Tăng, giảm"],
        ["xanh", "2", "3", "+1"],
        ["đỏ", "1", "0", "−1"],
    ]
    assert tables["Số xã, phường, thị trấn từ màu đầu đợt đến màu cuối đợt"] == [
        ["Đầu đợt \\ cuối đợt", "xanh", "đỏ", "Tổng đầu đợt"],
        ["xanh", "2", "0", "2"],
        ["đỏ", "1", "0", "1"],
        ["Tổng cuối đợt", "3", "0", "3"],
    ]
    places = tables["Các xã, phường, thị trấn của từng địa bàn"]
    assert places[1:] == [
        [each["name"], str(each["places"]), str(each["start"][1]), str(each["end"][1]), str(each["lowered"]),
         str(each["raised"]), str(each["cases"])]
        for each in content["districts"]
    ]  # fmt: skip
    [registered] = tables["Đăng ký thi đua theo đối tượng"][1:]
    assert registered == ["Xã, phường, thị trấn", "3", "1", "33,3%", "0", "0", "2"]
    assert tables["Cam kết theo loại"][1] == ["Hộ gia đình", "102", "120", "85%", "1"]
    assert [row[1] for row in tables["Tỷ lệ cam kết theo địa bàn"][1:]] == ["95%", "35%"]
    assert tables["Khen thưởng theo đối tượng"][1:] == [["Xã, phường, thị trấn", "1", "1", "2"]]
    assert [row[1:] for row in tables["Khen thưởng theo địa bàn"][1:]] == [["1", "1", "2"]]


def test_pdf_says_the_same_and_names_where_it_is_from(content):
    words = printed(content)
    edition = content["sources"]["edition"]

    assert "Số: /BC-SNV" in words
    assert "BÁO CÁO Sơ kết đợt 1" in words
    assert "I. TÌNH HÌNH VÀ KẾT QUẢ" in words
    assert f"hết ngày {short_day(day(LAST))} có 3/3 (100%) nơi xanh" in words
    assert "1 nơi giảm mức nguy cơ, 2 nơi giữ nguyên, 0 nơi tăng mức" in words
    assert f"các bản từ số 1 đến số {edition['number']}" in words
    for digest in (edition["hash"], content["sources"]["standing"], content["shortlist"]["hash"]):
        assert digest in words.replace(" ", "")
    assert "Theo Quyết định số 512/QĐ-UBND" in words
    assert "01 tập thể và 01 cá nhân, tổng tiền thưởng 4.470.000 đồng" in words
    assert f"Đặng Thị Bảy, {content['awards']['lines'][1]['unit']}" in words
    assert "Trạm trưởng" not in words
    assert "Lê Văn Tám" not in words


def test_document_and_pdf_have_the_same_sentences(content):
    document, _tables = opened(content)
    words = printed(content)

    texts = [line.text for line in document.paragraphs if line.text]
    assert len(texts) > 30
    missing = [text for text in texts if " ".join(text.split()) not in words]
    assert missing == []


def test_document_has_headings_pictures_with_words_and_blanks_to_fill(content):
    document, _tables = opened(content)

    levels = [
        (line.text, line.style.element.pPr.find(qn("w:outlineLvl")).get(qn("w:val")))
        for line in document.paragraphs
        if line.style.element.pPr.find(qn("w:outlineLvl")) is not None
    ]
    assert [text.partition(".")[0] for text, level in levels if level == "0"] == ["I", "II", "III", "IV", "V"]
    words = [picture._inline.docPr.get("descr") for picture in document.inline_shapes]
    assert len(words) == 2
    assert f"ngày {short_day(day(LAST))} xanh 3" in words[0]
    assert f"{content['districts'][0]['name']}: xanh 2." in words[1]
    notes = [line.text for line in document.paragraphs if line.text.startswith("[Cơ quan soạn")]
    assert len(notes) == 2


def test_shortcomings_are_counted_and_named(content):
    words = printed(content)

    assert "Xã, phường, thị trấn chưa đăng ký thi đua: 2/3" in words
    assert "1 xã, phường, thị trấn chưa báo số cam kết" in words
    for name, _district in content["groups"][0]["missing_names"]:
        assert name in words


@pytest.mark.parametrize("form", list(LetterFormat))
def test_same_content_gives_the_same_bytes(content, form):
    again = copy.deepcopy(content)

    assert print_letter(letter(content), form) == print_letter(letter(again), form)


def test_places_that_lie_in_no_district_are_listed_first(content):
    content["places"][2]["district"] = ""

    document, _tables = opened(content)

    [listed] = [
        table for table in document.tables if "Đầu đợt" in [cell.text for cell in table.rows[0].cells]
    ]
    assert [row.cells[1].text for row in listed.rows[1:3]] == [
        content["places"][2]["name"],
        content["districts"][0]["name"],
    ]


def test_interim_report_says_as_of_which_day():
    content = report_content(lived_phase(decided=False).phase, on=day(10))
    words = printed(content)

    assert f"(số liệu đến ngày {short_day(day(10))})" in words
    assert "các số dưới đây là tạm tính" in words
    assert "Chưa có quyết định khen thưởng." in words
    assert "số liệu đến ngày" in title_of(content)


def test_who_checks_the_code_is_told_no_name_of_a_person(content):
    facts = facts_of(content)

    assert len(facts) == 12
    assert dict(zip(facts[::2], facts[1::2], strict=True))["Được khen"] == "1 tập thể, 1 cá nhân"
    assert "Bảy" not in " ".join(facts)


def test_share_is_rounded_down():
    assert [percent(2, 3), percent(999, 1000), percent(3, 3), percent(0, 0)] == [
        "66,6%",
        "99,9%",
        "100%",
        "–",
    ]
