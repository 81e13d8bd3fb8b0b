"""Tables: opened again, codes are text, days are days, and nothing is a formula."""

import csv
import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import load_workbook

from core.models import Area
from riskmap.models import ProvincePolicy
from riskmap.paper.sheets import sheet_of
from riskmap.paper.tables import STARTS_A_FORMULA, as_csv, as_xlsx
from tests.riskmap.paper.ground import province_on_paper, put_out
from tests.riskmap.province import day
from tests.riskmap.test_editions import at

CODE = "23456-789AC"


def rows_of(body: bytes) -> dict[str, dict[str, str]]:
    return {row["Mã"]: row for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))}


def workbook(sheet):
    return load_workbook(io.BytesIO(as_xlsx(sheet, code=CODE, verify_at="https://bando.example/xac-minh")))


def test_csv_begins_with_the_mark_that_tells_spreadsheets_it_is_utf_8(sheet):
    body = as_csv(sheet, code=CODE)

    assert body.startswith(b'\xef\xbb\xbf"M\xc3\xa3",')
    assert body.count(b"\r\n") == 7
    assert body.count(b"\n") == 7


def test_csv_holds_every_area_with_leading_zeros_and_the_code_of_the_file(sheet):
    rows = rows_of(as_csv(sheet, code=CODE))

    assert list(rows) == [row.code for row in sheet.shown]
    assert rows["00010"] == {
        "Mã": "00010",
        "Tên": "Xã 00010",
        "Loại": "Xã",
        "Trực thuộc": "Huyện 902",
        "Mức độ": "Bình thường mới",
        "Màu": "xanh",
        "Tạm tính": "không",
        "Từ ngày": "2021-08-04",
        "Số ngày": "1",
        "Tiêu chí": "",
        "Chưa duyệt": "có",
        "Mã xác minh": CODE,
    }
    assert (rows["90101"]["Mức độ"], rows["90101"]["Tiêu chí"]) == ("Nguy cơ rất cao", "xa.do.1")


@pytest.mark.parametrize("start", STARTS_A_FORMULA)
def test_name_that_begins_like_a_formula_is_no_formula(edition, start):
    name = f'{start}HYPERLINK("http://x")'
    Area.objects.filter(code="901").update(name=name)
    sheet = sheet_of(province="90", day=day(3), layer="district", view="known", on=day(30))

    in_csv = rows_of(as_csv(sheet, code=CODE))["901"]["Tên"]
    cell = workbook(sheet)["Mức độ nguy cơ"]["B2"]

    assert in_csv == f"'{name}"
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert cell.value == name.replace("\r", "\n")  # as XML reads it


def test_workbook_keeps_codes_as_text_and_days_as_days(sheet):
    page = workbook(sheet)["Mức độ nguy cơ"]
    heads = [cell.value for cell in page[1]]
    rows = {row[0].value: dict(zip(heads, row, strict=True)) for row in page.iter_rows(min_row=2)}

    zero, red = rows["00010"], rows["90101"]

    assert (zero["Mã"].data_type, zero["Mã"].number_format) == ("s", "@")
    assert (zero["Từ ngày"].value, zero["Từ ngày"].number_format) == (datetime(2021, 8, 4), "dd/mm/yyyy")
    assert (zero["Số ngày"].value, zero["Số ngày"].data_type) == (1, "n")
    assert [red[head].value for head in ("Mức độ", "Màu", "Tạm tính", "Tiêu chí")] == [
        "Nguy cơ rất cao",
        "đỏ",
        "không",
        "xa.do.1",
    ]
    assert red["Màu"].fill.fgColor.rgb == "00BE0D00"
    assert rows["90102"]["Tên"].value == "=1+1"
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "d"}


def test_workbook_can_be_read_down_and_filtered(sheet):
    page = workbook(sheet)["Mức độ nguy cơ"]

    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref == "A1:K7"
    assert page.column_dimensions["B"].width == 30


def test_workbook_says_what_it_is(sheet, edition):
    said = {row[0].value: row[1].value for row in workbook(sheet)["Thông tin"].iter_rows()}

    assert said["Tỉnh, thành phố"] == "Tỉnh 90"
    assert said["Ngày của số liệu"] == datetime(2021, 8, 4)
    assert said["Loại bản"] == "Bản công bố số 1"
    assert said["Chốt số liệu lúc"] == "17:00:00 04/08/2021"
    assert said["Mã băm bản công bố"] == edition.hash
    assert said["Số đơn vị: Nguy cơ rất cao (đỏ)"] == 1
    assert said["Mã xác minh"] == CODE


def test_same_sheet_gives_the_same_tables_whenever_they_are_written(sheet, monkeypatch):
    first = as_xlsx(sheet, code=CODE, verify_at="x"), as_csv(sheet, code=CODE)
    monkeypatch.setattr("time.localtime", lambda *_arguments: (2031, 1, 2, 3, 4, 5, 0, 1, 0))

    second = as_xlsx(sheet, code=CODE, verify_at="x"), as_csv(sheet, code=CODE)

    assert first == second
    with zipfile.ZipFile(io.BytesIO(first[0])) as book:
        assert {entry.date_time for entry in book.infolist()} == {(2021, 8, 4, 10, 5, 0)}
        assert book.read("docProps/core.xml").count(b"2021-08-04T10:05:00Z") == 2


@pytest.mark.django_db
def test_file_of_an_edition_that_does_not_speak_of_approval_has_no_column_of_it(tmp_path):
    province = province_on_paper(tmp_path)
    ProvincePolicy.objects.create(province=province.area, approval=False)
    put_out(province, 3)
    sheet = sheet_of(province="90", day=day(3), layer="commune", view="published", on=day(30))

    assert "Chưa duyệt" not in rows_of(as_csv(sheet, code=CODE))["90101"]
    assert workbook(sheet)["Mức độ nguy cơ"].auto_filter.ref == "A1:J7"


@pytest.mark.django_db
def test_files_say_which_communes_rest_on_numbers_nobody_accepted(tmp_path):
    province = province_on_paper(tmp_path)
    province.accept(0, 1, 2, 3, districts=["902"], at=at(3, 16, 30))
    put_out(province, 3)
    communes, districts = (
        sheet_of(province="90", day=day(3), layer=layer, view="published", on=day(30))
        for layer in ("commune", "district")
    )

    rows = rows_of(as_csv(communes, code=CODE))
    about = {row[0].value: row[1].value for row in workbook(communes)["Thông tin"].iter_rows()}

    assert {code: row["Chưa duyệt"] for code, row in rows.items()} == {
        "90101": "có", "90102": "có", "90103": "có", "90201": "không", "90202": "không", "00010": "không",
    }  # fmt: skip
    assert about["Số đơn vị dựa trên số chưa duyệt"] == 3
    assert "Chưa duyệt" not in rows_of(as_csv(districts, code=CODE))["901"]
