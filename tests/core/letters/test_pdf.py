"""PDF: opened again, it says what the letter says, where the decree wants it, byte for byte the same."""

import io
from collections import Counter

import pytest
from pypdf import PdfReader

from core.letters import Appendix, Facts, Items, LetterFormat, Paragraph, Sign, Signature, Style, print_letter
from core.letters.typeface import width_mm
from tests.core.letters.samples import (
    HOSTILE,
    LONG,
    MM_PER_POINT,
    MOMENT,
    long_table,
    make_letter,
    places_of,
    read_pdf,
    text_of,
)


def sizes_of(reader):
    return [
        (round(float(page.mediabox.width) * MM_PER_POINT), round(float(page.mediabox.height) * MM_PER_POINT))
        for page in reader.pages
    ]


def test_letter_says_everything_in_the_order_of_the_decree():
    text = text_of(read_pdf(make_letter(addressees=("Sở Nội vụ",))))

    said = [
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
    places = [text.index(words) for words in said]
    assert places == sorted(places)


def test_every_line_stands_within_the_margins_in_its_size():
    reader = read_pdf(make_letter(blocks=(Paragraph(LONG * 30), long_table(40))))

    sizes = {words: points for words, _x, _y, points in places_of(reader)}
    assert sizes["UBND TỈNH NINH THUẬN"] == sizes["HUYỆN NINH PHƯỚC"] == sizes["Số: 05/QĐ-UBND"] == 13
    assert sizes["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"] == 12
    assert sizes["Độc lập - Tự do - Hạnh phúc"] == sizes["Ninh Phước, ngày 05 tháng 02 năm 2021"] == 13
    assert sizes["QUYẾT ĐỊNH"] == sizes["Về việc giữ vùng xanh"] == 14
    for page in range(len(reader.pages)):
        inner = [line for line in places_of(reader, page) if line[0] != str(page + 1) or line[3] != 13]
        assert all(30 <= x < 195 for _words, x, _y, _points in inner)
        assert all(20 <= y <= 277 for _words, _x, y, _points in inner)


def test_page_number_stands_in_the_middle_of_the_top_margin_from_page_two_on():
    reader = read_pdf(make_letter(blocks=(long_table(60),)))

    first = [line for line in places_of(reader) if line[2] < 20]
    assert first == []
    for page in range(1, len(reader.pages)):
        [(words, x, y, points)] = [line for line in places_of(reader, page) if line[2] < 20]
        assert words == str(page + 1)
        assert points == pytest.approx(13)
        assert x == pytest.approx(30 + 165 / 2, abs=2.5)
        assert 10 < y < 20


def test_head_of_a_table_stands_again_on_each_page():
    reader = read_pdf(make_letter(blocks=(long_table(60),)))

    assert len(reader.pages) >= 4
    for page in range(len(reader.pages) - 1):
        assert "STT Đơn vị Ghi chú" in text_of(reader, page)
    assert [f"Xã Số {n} " in text_of(reader) for n in (1, 30, 60)] == [True] * 3


@pytest.mark.parametrize(("landscape", "size"), [(False, (210, 297)), (True, (297, 210))])
def test_page_is_a4(landscape, size):
    assert sizes_of(read_pdf(make_letter(landscape=landscape))) == [size]


def test_appendix_lies_on_pages_of_its_own_that_count_from_one():
    one = Appendix("Danh sách", (long_table(30),), "Kèm theo Quyết định số 05/QĐ-UBND", landscape=True)
    reader = read_pdf(make_letter(blocks=(long_table(20),), appendices=(one, Appendix("Bảng", ()))))

    sizes = sizes_of(reader)
    lying = [page for page, size in enumerate(sizes) if size == (297, 210)]
    assert sizes[0] == sizes[-1] == (210, 297)
    assert len(lying) >= 2
    first = text_of(reader, lying[0])
    assert first.startswith("Phụ lục I DANH SÁCH (Kèm theo Quyết định số 05/QĐ-UBND) STT")
    assert text_of(reader, lying[1]).startswith("2 STT")
    assert text_of(reader, -1) == "Phụ lục II BẢNG"


def test_only_appendix_has_no_number():
    assert "Phụ lục BẢNG" in text_of(read_pdf(make_letter(appendices=(Appendix("Bảng", ()),))))


def test_letter_without_a_kind_says_below_its_number_what_it_is_about():
    text = text_of(read_pdf(make_letter(kind="", subject="giữ vùng xanh", addressees=("Sở A", "Sở B"))))

    assert "Số: 05/QĐ-UBND V/v giữ vùng xanh CỘNG HÒA" in text
    assert "Kính gửi: - Sở A - Sở B" in text


def test_parts_items_facts_and_grounds_are_set():
    blocks = (
        Paragraph("Căn cứ Luật A;", Style.GROUND),
        Paragraph("Quyết định:", Style.ACT),
        Paragraph("I. Kết quả", Style.PART),
        Paragraph("Tặng Bằng khen.", lead="Điều 1."),
        Items(("một", "hai"), Sign.LETTER, first=4),
        Facts((("Đơn vị:", "Xã Phước Hải"),)),
        Paragraph("Ghi ở đây.", Style.NOTE),
    )

    text = text_of(read_pdf(make_letter(blocks=blocks)))

    assert (
        "Căn cứ Luật A; Quyết định: I. KẾT QUẢ Điều 1. Tặng Bằng khen. d) một đ) hai Đơn vị: Xã Phước Hải "
        "Ghi ở đây." in text
    )


def test_two_who_sign_stand_side_by_side_and_a_third_at_the_right():
    names = ("Người Trái", "Người Phải", "Người Thứ Ba")
    capacities = (("THƯ KÝ",), ("KT. CHỦ TỌA", "PHÓ CHỦ TỌA"), ("GIÁM SÁT",))
    reader = read_pdf(make_letter(signatures=tuple(map(Signature, capacities, names))))

    places = {words: (x, y) for words, x, y, _points in places_of(reader) if words in names}
    assert places["Người Trái"][0] < 110 < places["Người Phải"][0]
    assert places["Người Trái"][1] == pytest.approx(places["Người Phải"][1])
    assert places["Người Thứ Ba"][0] > 110
    assert places["Người Thứ Ba"][1] > places["Người Phải"][1] + 24


def test_signature_is_never_alone_on_its_page():
    alone = []
    for lines in range(20, 44):
        reader = read_pdf(make_letter(blocks=tuple(Paragraph("Một dòng.") for _ in range(lines))))
        if "CHỦ TỊCH" in text_of(reader, -1):
            alone.append("Một dòng." not in text_of(reader, -1))

    assert len(alone) == 24
    assert not any(alone)


def test_same_letter_gives_the_same_bytes_and_another_day_others():
    blocks = (long_table(30),)

    first = print_letter(make_letter(blocks=blocks), LetterFormat.PDF)

    assert print_letter(make_letter(blocks=blocks), LetterFormat.PDF) == first
    assert print_letter(make_letter(blocks=blocks, number="06/QĐ-UBND"), LetterFormat.PDF) != first


def test_file_is_for_the_archive_and_carries_its_own_letters():
    body = print_letter(make_letter(blocks=(long_table(3),)), LetterFormat.PDF)
    reader = PdfReader(io.BytesIO(body))

    assert b"pdfaid:part>2<" in body
    assert b"pdfuaid:part>1<" in body
    assert reader.metadata.title == "Quyết định Về việc giữ vùng xanh"
    assert reader.metadata.author == "Ủy ban nhân dân Huyện Ninh Phước"
    assert reader.metadata.creation_date == MOMENT
    assert reader.trailer["/Root"]["/Lang"] == "vi-VN"
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.split("+")[-1].split("-")[0] for name in fonts} == {"LiberationSerif"}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_is_printed_and_never_evaluated(hostile):
    letter = make_letter(
        subject=hostile,
        place=hostile,
        number=hostile,
        blocks=(Paragraph(hostile, lead=hostile), Facts(((hostile, hostile),)), Items((hostile,))),
        signatures=(Signature((hostile,), hostile),),
        recipients=(hostile,),
        appendices=(Appendix(hostile, (), hostile),),
    )

    text = text_of(read_pdf(letter)).replace(" ", "")

    letters = hostile.replace(" ", "")
    if any("\u0590" < c < "\u0600" for c in hostile):  # which a reader hands out in another order
        assert all(text.count(word) >= 8 for word in hostile.split())
    else:
        assert text.count(letters) >= 8


def test_controls_and_letters_of_other_scripts_stop_nothing():
    text = text_of(read_pdf(make_letter(blocks=(Paragraph("a\x00\x07b \u202eđảo\u202c 中ا😀 c"),))))

    assert "ab đảo □□□ c" in text


@pytest.mark.parametrize("name", ["M" * 2000, "Xã Phước Hải " * 150, "a-b/c" * 400])
def test_name_of_two_thousand_letters_stays_within_its_column(name):
    table = long_table(2)
    rows = (*table.rows, ("3", name, name))
    letter = make_letter(blocks=(Facts((("Đơn vị:", name),)), type(table)(table.columns, rows)), subject=name)

    reader = read_pdf(letter)

    seen, written = Counter(text_of(reader)), Counter(name.replace(" ", ""))
    assert all(seen[letter] >= 4 * times for letter, times in written.items())
    for page in range(len(reader.pages)):
        for words, x, y, points in places_of(reader, page):
            assert 30 <= x < 195
            assert x + width_mm(words, points=points) < 195 + 2  # the spaces of a full line may shrink
            assert y <= 277
