"""Documents: opened again, they say what the sheet says, on paper of the right size, byte for byte."""

import io
import re
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from core.models import Area, BoundarySet
from core.people import system_user
from riskmap.enums import RiskLevel
from riskmap.levels import reassess
from riskmap.paper.contents import Seal
from riskmap.paper.documents import CannotDraw, typeset
from riskmap.paper.inks import INKS
from riskmap.paper.sheets import sheet_of
from riskmap.policies import set_policy
from tests.riskmap.decided import decide
from tests.riskmap.paper.ground import NOW, province_on_paper, put_out
from tests.riskmap.province import day, make_province

SEAL = Seal("23456-789AC", "bando.example/xac-minh", "https://bando.example/xac-minh?code=23456-789AC")
MM_PER_POINT = 25.4 / 72
SVG = "{http://www.w3.org/2000/svg}"


def draw(sheet, file_format="pdf", page_size="a4"):
    return typeset(sheet, file_format=file_format, page_size=page_size, seal=SEAL)


def text_of(pdf: bytes) -> str:
    """All words of all pages, one space between them."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def size_of(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in hundredths of a millimetre."""
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(pdf)).pages]
    return [
        (round(float(box.width) * MM_PER_POINT, 2), round(float(box.height) * MM_PER_POINT, 2))
        for box in boxes
    ]


def test_pdf_says_in_real_text_what_the_sheet_says(sheet, edition):
    text = text_of(draw(sheet))

    for words in (
        "Bản đồ mức độ nguy cơ COVID-19 tỉnh 90",
        "Tính đến 17:00 ngày 04/08/2021",
        "Bản công bố số 1",
        "Nguy cơ rất cao (đỏ) 1 (16,7%)",
        "Nguy cơ cao (cam) 2 (33,3%)",
        "Nguy cơ (vàng) 2 (33,3%)",
        "Bình thường mới (xanh) 1 (16,7%)",
        "Tổng số đơn vị 6",
        "Quyết định số 2686/QĐ-BCĐQG",
        "Ranh giới: Sở Tài nguyên (giấy phép: nội bộ).",
        "23456-789AC",
        edition.hash[:16],
        "Phường Đô Vinh",
        "@Xã Ẵng",
    ):
        assert words in text, words
    assert edition.hash in text.replace(" ", "")


def test_every_area_stands_in_the_list_under_its_district(sheet):
    text = text_of(draw(sheet))

    assert [text.index(name) for name in ("Huyện 901", "Phường Đô Vinh", "Huyện 902", "Xã 00010")]
    listed = text[text.rindex("Huyện 901") :]
    assert listed.index("Phường Đô Vinh") < listed.index("Huyện 902") < listed.index("Xã 00010")


@pytest.mark.parametrize(("page_size", "millimetres"), [("a4", (210, 297)), ("a3", (297, 420))])
@pytest.mark.parametrize(("width", "height", "landscape"), [(2, 1, True), (1, 4, False)])
def test_page_is_exactly_of_its_size_and_lies_as_the_province_does(
    db, tmp_path, page_size, millimetres, width, height, landscape
):
    put_out(province_on_paper(tmp_path, width=width, height=height), 3)
    sheet = sheet_of(province="90", day=day(3), layer="commune", view="published", on=day(30))

    sizes = size_of(draw(sheet, page_size=page_size))

    assert sizes == [millimetres[::-1] if landscape else millimetres] * 2  # the map, and the list behind it


@pytest.mark.parametrize("file_format", ["pdf", "svg", "png"])
def test_same_sheet_gives_the_same_bytes(sheet, file_format):
    again = sheet_of(province="90", day=day(3), layer="commune", view="published", on=day(200))

    assert draw(sheet, file_format) == draw(again, file_format)


def test_pdf_is_an_archive_of_its_own_time_and_language(sheet, edition):
    body = draw(sheet)
    read = PdfReader(io.BytesIO(body))

    assert read.metadata.creation_date == edition.published_at
    assert read.metadata.title == "Bản đồ mức độ nguy cơ COVID-19 tỉnh 90"
    assert "23456-789AC" in read.metadata["/Keywords"]
    assert read.trailer["/Root"]["/Lang"] == "vi-VN"
    assert b"pdfaid:part>2<" in body
    assert b"pdfuaid:part>1<" in body
    assert all(
        font.get_object()["/BaseFont"].split("+")[-1].startswith("Roboto")
        for page in read.pages
        for font in page["/Resources"]["/Font"].values()
    )


@pytest.mark.parametrize(("page_size", "across"), [("a4", 2000), ("a3", 2829)])
def test_png_is_large_enough_and_its_qr_code_leads_to_the_check(sheet, page_size, across):
    picture = Image.open(io.BytesIO(draw(sheet, "png", page_size)))

    found = zxingcpp.read_barcodes(picture)

    assert max(picture.size) >= picture.width == pytest.approx(across, abs=1)
    assert [code.text for code in found] == [SEAL.link]


def test_png_shows_every_level_in_its_colour(sheet):
    picture = Image.open(io.BytesIO(draw(sheet, "png"))).convert("RGB")

    seen = {colour for _count, colour in picture.getcolors(2**24)}

    for level in (1, 2, 3, 4):
        assert tuple(bytes.fromhex(INKS[level].fill[1:])) in seen


def test_svg_is_whole_in_itself_and_carries_its_code(sheet, edition):
    body = draw(sheet, "svg").decode()
    root = ElementTree.fromstring(body)

    assert root.find(f"{SVG}title").text == "Bản đồ mức độ nguy cơ COVID-19 tỉnh 90"
    assert "23456-789AC" in root.find(f"{SVG}desc").text
    assert edition.hash in root.find(f"{SVG}desc").text
    assert list(root.iter(f"{SVG}image")) == []
    assert not re.search(r"(?:href|src)=\"(?!#)", body)
    assert not re.search(r"<script|<foreignObject|\son\w+=", body)


def test_svg_names_nothing_twice(sheet):
    body = draw(sheet, "svg").decode()

    identities = re.findall(r'\bid="([^"]+)"', body)

    assert len(identities) == len(set(identities))
    assert set(re.findall(r"url\(#([^)]+)\)", body)) <= set(identities)


def test_area_without_a_report_is_hatched_and_counted(province):
    province.post({(code, 4): 0 for code in province.communes if code != "00010"})
    reassess(on=day(4), at=NOW)
    sheet = sheet_of(province="90", day=day(4), layer="commune", view="known", on=day(4))

    assert sheet.provisional_count == 1
    assert "do thiếu báo cáo 1 " in text_of(draw(sheet)) + " "


def test_decided_level_is_marked_counted_and_listed(province):
    decide(province.communes["00010"], RiskLevel.HIGH, since=3, until=4, at=NOW.replace(month=8, day=4))
    reassess(on=day(4), at=NOW)
    sheet = sheet_of(province="90", day=day(3), layer="commune", view="known", on=day(4))

    text = text_of(draw(sheet))

    assert sheet.decided_count == 1
    assert "Trong đó do Sở Y tế quyết định 1 " in text + " "
    assert "theo quyết định · 1 ngày" in text


def test_simulated_schematic_says_so(db, tmp_path):
    province = province_on_paper(tmp_path, schematic=True)
    set_policy(province=province.area, simulated=True, by=system_user())
    sheet = sheet_of(province="90", day=day(3), layer="commune", view="known", on=day(30))

    text = text_of(draw(sheet))

    assert "SỐ LIỆU MÔ PHỎNG" in text
    assert "sơ đồ do cổng tự vẽ, không phải ranh giới thật" in text
    assert "km" not in text


def test_name_is_text_and_never_markup(edition):
    name = '#panic("x") *đậm* $x$ <b>&amp; // @a \\u'
    Area.objects.filter(code__in=("90", "90103")).update(name=name)
    sheet = sheet_of(province="90", day=day(3), layer="commune", view="known", on=day(30))

    assert name in text_of(draw(sheet))
    assert name in ElementTree.fromstring(draw(sheet, "svg")).find(f"{SVG}title").text


def test_districts_have_a_map_of_their_own(edition):
    sheet = sheet_of(province="90", day=day(3), layer="district", view="published", on=day(30))

    text = text_of(draw(sheet))

    assert "Số quận, huyện" in text
    assert "Tổng số đơn vị 2" in text


def test_province_without_shapes_cannot_be_drawn(db):
    province = make_province("91")
    province.post(complete=(0, 3))
    reassess(on=day(3), at=NOW)
    sheet = sheet_of(province="91", day=day(3), layer="commune", view="known", on=day(3))

    with pytest.raises(CannotDraw, match="ranh giới"):
        draw(sheet)


def test_newer_boundaries_are_those_on_paper(sheet, tmp_path):
    first = BoundarySet.objects.get()
    BoundarySet.objects.create(
        province=first.province, source="Bản vẽ mới", licence="x", file_name="x", file_sha256="1" * 64,
        topology=first.topology, imported_at=NOW, imported_by=system_user(),
    )  # fmt: skip

    newer = sheet_of(province="90", day=day(3), layer="commune", view="published", on=day(30))

    assert "Bản vẽ mới" in text_of(draw(newer))
