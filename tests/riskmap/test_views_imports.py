"""The pages of imported files: from the file to the ledger and back, and all that people complain about."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.utils import timezone

from core.enums import Role
from riskmap.entry_source import ENTRY_SOURCE
from riskmap.imports.sheets import MAX_BYTES
from riskmap.lock_exceptions import grant_exception
from riskmap.models import CountEntry, CountPost, CountSource, DailyCount, GuardedPeriod, ImportBatch
from riskmap.views_imports import LARGEST_BODY
from tests.factories import UserFactory
from tests.riskmap.imports.ground import FIXTURES, csv_of, make_ground, workbook_of
from tests.riskmap.imports.pages import client_of, commit, text, upload, uploaded

pytestmark = pytest.mark.django_db
FIRST = date(2021, 8, 1)


@pytest.fixture
def province():
    return make_ground()


@pytest.fixture
def insider(province):
    return client_of(province.districts["001"])


# --- From the file to the ledger and back


def test_file_is_previewed_confirmed_and_undone(insider):
    batch = uploaded(insider, csv_of("00001,2021-08-01,3", "00004,2021-08-01,0", "99999,2021-08-01,1"))
    shown = text(insider.get(f"/imports/{batch.pk}/"))
    assert "Đã đọc 3 dòng: nhận 2, từ chối 1." in shown
    assert "số mới 2, đính chính 0, không đổi 0" in shown
    assert "Chưa ghi số nào." in shown
    assert not CountEntry.objects.exists()

    answer = commit(insider, batch)
    result = text(insider.get(answer.url))
    assert "Đã đọc 3 dòng: ghi mới 2, đính chính 0, không đổi 0, từ chối 1." in result
    assert dict(DailyCount.objects.values_list("area__code", "unclassified")) == {"00001": 3, "00004": 0}
    assert CountSource.objects.get().name == ENTRY_SOURCE

    answer = insider.post(f"/imports/{batch.pk}/undo/", {"reason": "nhầm tệp"})
    result = text(insider.get(answer.url))
    assert "Đã hoàn tác 2 số." in result
    assert "Tất cả đã được hoàn tác" in result
    assert "nhầm tệp" in result
    assert not DailyCount.objects.exists()


def test_correction_is_shown_before_and_after_and_asks_for_a_reason(insider):
    commit(insider, uploaded(insider, csv_of("00001,2021-08-01,3")))
    batch = uploaded(insider, csv_of("00004,2021-08-01,1", "00001,2021-08-01,5"))

    shown = text(insider.get(f"/imports/{batch.pk}/"))
    assert "3 Xã 00001 01/08/2021 F0 chưa phân loại: 3 → 5" in shown
    assert "Số văn bản" not in shown
    refused = text(commit(insider, batch, reason=" "))
    assert "phải nêu lý do đính chính" in refused
    assert "Lý do đính chính Ghi vào" in refused  # and it is not said to be optional
    assert CountEntry.objects.count() == 1

    commit(insider, batch, reason="đếm lại")
    assert CountPost.objects.latest("pk").reason == "đếm lại"
    assert "ghi mới 1, đính chính 1" in text(insider.get(f"/imports/{batch.pk}/"))


def test_number_of_another_source_in_force_is_shown_beside_a_new_one(province, insider):
    province.post({("00001", 0): {"unclassified": 9, "tests": 0}}, source="khác")

    batch = uploaded(insider, csv_of("00001,2021-08-01,3"))

    assert "2 Xã 00001 01/08/2021 số mới F0 chưa phân loại: 9 → 3" in text(
        insider.get(f"/imports/{batch.pk}/")
    )


def test_locked_day_is_refused_with_its_row_and_an_excepted_one_asks_for_a_document(province, insider):
    commit(insider, uploaded(insider, csv_of("00001,2021-08-01,3", "00004,2021-08-01,3")))
    province.accept(0, districts=["001"], at=timezone.now())
    now = timezone.now()
    grant_exception(
        area=province.communes["00004"], day=FIRST, reason="soát", expires_at=now + timedelta(hours=1),
        by=UserFactory(), at=now,
    )  # fmt: skip

    batch = uploaded(insider, csv_of("00001,2021-08-01,5", "00004,2021-08-01,5"))

    shown = text(insider.get(f"/imports/{batch.pk}/"))
    assert "2 date 01/08/2021 Số liệu ngày 01/08/2021 của Xã 00001 đã duyệt và khóa" in shown
    assert "ngày đã duyệt" in shown
    assert "phải ghi số văn bản" in text(commit(insider, batch, reason="soát"))
    commit(insider, batch, reason="soát", document="12/BC-TTYT")
    assert CountPost.objects.latest("pk").document == "12/BC-TTYT"


def test_rows_that_wait_for_a_second_person_are_told(province, insider):
    day = timezone.localdate() - timedelta(days=1)
    GuardedPeriod.objects.create(province=province.area, name="đợt 1", first_day=FIRST, last_day=day)
    commit(insider, uploaded(insider, csv_of(f"00001,{day},40", f"00007,{day},0")))

    batch = uploaded(insider, csv_of(f"00001,{day},0", f"00004,{day},2"))
    answer = commit(insider, batch, reason="nhầm xã")

    result = text(insider.get(answer.url))
    assert "ghi mới 1, đính chính 0, không đổi 0, từ chối 0. Giữ lại 1 dòng chờ người thứ hai." in result


def test_zeros_are_told_before_and_after(insider):
    batch = uploaded(
        insider, csv_of("00001,2021-08-01,3"), complete_from="01/08/2021", complete_to="02/08/2021"
    )

    shown = text(insider.get(f"/imports/{batch.pk}/"))
    assert (
        "Đơn vị không có trong tệp, từ 01/08/2021 đến hết 02/08/2021: ghi 0 ca vào 5 ô (đơn vị và ngày)."
        in shown
    )
    commit(insider, batch)
    assert "Ghi 0 ca vào 5 ô" in text(insider.get(f"/imports/{batch.pk}/"))


def test_button_pressed_twice_writes_once_and_says_so(insider):
    batch = uploaded(insider, csv_of("00001,2021-08-01,3"))
    commit(insider, batch)

    again = commit(insider, batch)

    assert "Tệp này đã được nhập lúc" in text(again)
    assert CountPost.objects.count() == 1


def test_file_that_went_stale_can_only_be_chosen_again(province, insider):
    batch = uploaded(insider, csv_of("00004,2021-08-01,3"))
    commit(insider, uploaded(insider, csv_of("00001,2021-08-01,3")))
    province.accept(0, districts=["001"], at=timezone.now())

    shown = text(insider.get(f"/imports/{batch.pk}/"))

    assert "khóa số liệu đã thay đổi sau khi xem trước" in shown
    assert "Ghi vào sổ" not in shown


def test_file_of_an_accepted_day_offers_no_undoing_and_says_why(province, insider):
    batch = uploaded(insider, csv_of("00001,2021-08-01,3"))
    commit(insider, batch)
    province.accept(0, districts=["001"], at=timezone.now())

    shown = text(insider.get(f"/imports/{batch.pk}/"))

    assert "đã được duyệt nên không hoàn tác được" in shown
    assert "Lý do hoàn tác" not in shown
    refused = insider.post(f"/imports/{batch.pk}/undo/", {"reason": "nhầm"})
    assert "đã được duyệt nên không hoàn tác được" in text(refused)


def test_cells_that_an_undoing_left_are_listed(insider):
    batch = uploaded(insider, csv_of("00001,2021-08-01,3", "00004,2021-08-01,1"))
    commit(insider, batch)
    commit(insider, uploaded(insider, csv_of("00004,2021-08-01,2")), reason="đếm lại")

    answer = insider.post(f"/imports/{batch.pk}/undo/", {"reason": "nhầm"})

    assert "Xã 00004, 01/08/2021" in text(insider.get(answer.url))


# --- What people complain about elsewhere (product.md 2), through the page


@pytest.mark.parametrize(
    ("fixture", "accepted", "places"),
    [
        ("point_zero_added.csv", 1, ["2 code 00001.0", "3 code 4.0"]),
        ("leading_zeros_lost.csv", 1, ["2 code", "3 code"]),
        ("serial_date.csv", 1, ["2 date 44409", "3 date"]),
        ("unknown_code.csv", 1, ["3 code 00002", "4 code 99999", "5 code Phường 00004"]),
        ("negative_count.csv", 1, ["2 cases -3", "3 cases"]),
        ("empty_rows.csv", 2, ["3 – – Dòng trống.", "4 – – Dòng trống."]),
        ("another_province_or_tier.csv", 1, ["2 code", "3 code", "4 code"]),
        ("total_line.csv", 1, ["3 code"]),
    ],
)
def test_one_bad_row_stops_no_other_and_each_is_told_with_row_and_column(insider, fixture, accepted, places):
    batch = uploaded(insider, (FIXTURES / fixture).read_bytes(), name=fixture)

    shown = text(insider.get(f"/imports/{batch.pk}/"))
    assert f"nhận {accepted}," in shown
    for place in places:
        assert place in shown
    commit(insider, batch)
    assert CountEntry.objects.count() == accepted


def test_workbook_whose_codes_and_days_became_numbers_is_refused_row_by_row(insider):
    content = workbook_of((1.0, 44409, 3), ("00004", FIRST, 2), ("00007", "2021-08-01", "=1+1"))

    batch = uploaded(insider, content, name="tep.xlsx")

    shown = text(insider.get(f"/imports/{batch.pk}/"))
    assert "2 code 1 Mã mất số 0 ở đầu" in shown
    assert "2 date 44409 Ngày bị đổi thành số của bảng tính." in shown
    assert "4 cases =1+1 Ô C4 là công thức." in shown


def test_report_of_a_place_outside_the_own_area_is_refused(insider):
    batch = uploaded(insider, csv_of("00037,2021-08-01,9", "00001,2021-08-01,3"))

    assert "2 code 00037 Xã 00037 không thuộc Huyện 001." in text(insider.get(f"/imports/{batch.pk}/"))
    commit(insider, batch)
    assert list(DailyCount.objects.values_list("area__code", flat=True)) == ["00001"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("missing_header.csv", "Dòng 1 không phải dòng tiêu đề"),
        ("utf_16.csv", "UTF-16"),
        ("web_page.xls", "trang web"),
        ("header_only.csv", "chỉ có dòng tiêu đề"),
        (b"", "Tệp trống"),
        (b"%PDF-1.7 x", "PDF"),
        (b"PK\x03\x04" + b"x" * 200, "tệp hỏng"),
    ],
)
def test_file_that_is_no_table_is_refused_beside_its_field_with_the_other_answers_kept(
    insider, content, words
):
    content = (FIXTURES / content).read_bytes() if isinstance(content, str) else content

    answer = upload(insider, content, area="00004 – Xã 00004", complete_from="01/08/2021")

    page = answer.content.decode()
    assert 'value="00004 – Xã 00004"' in page
    assert 'value="01/08/2021"' in page
    answer = upload(insider, content, area="00004")
    assert words in text(answer)
    assert 'value="00004"' in answer.content.decode()
    assert "xin chọn lại tệp" in text(answer)
    assert not ImportBatch.objects.exists()


def test_own_export_comes_back_without_a_change(insider):
    commit(insider, uploaded(insider, csv_of("00001,2021-08-01,3", "00004,2021-08-02,0")))
    exported = insider.get("/counts/001/export.xlsx?from=01/08/2021&to=2021-08-09")

    batch = uploaded(insider, exported.content, name="xuat.xlsx")

    assert (batch.rows_read, batch.rows_unchanged) == (2, 2)
    assert "không có gì để ghi" in text(insider.get(f"/imports/{batch.pk}/"))
    commit(insider, batch)
    assert CountPost.objects.count() == 1


def test_template_that_was_filled_is_taken(insider):
    book = openpyxl.load_workbook(
        io.BytesIO(insider.get("/imports/template/001.xlsx?day=01/08/2021").content)
    )
    for row in range(2, 5):
        book["Số ca"].cell(row, 4, row)
    out = io.BytesIO()
    book.save(out)

    batch = uploaded(insider, out.getvalue(), name="mau.xlsx")

    assert (batch.rows_accepted, batch.rows_refused) == (3, 0)


def test_refused_rows_are_taken_away_as_files_that_run_nothing(insider):
    batch = uploaded(insider, csv_of("=1+1,2021-08-01,3", "+84,2021-08-01,3", "\x02,2021-08-01,1"))

    as_csv = insider.get(f"/imports/{batch.pk}/rows.csv")
    as_xlsx = insider.get(f"/imports/{batch.pk}/rows.xlsx")

    rows = list(csv.reader(io.StringIO(as_csv.content.decode("utf-8-sig"))))
    assert rows[0] == ["dòng", "cột", "giá trị", "lỗi", "cách sửa"]
    assert [row[:3] for row in rows[1:3]] == [["2", "code", "'=1+1"], ["3", "code", "'+84"]]
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx.content)).active
    assert [cell.value for cell in sheet[2]][:3] == [2, "code", "'=1+1"]
    assert "f" not in {cell.data_type for row in sheet["B2:E4"] for cell in row}
    assert as_csv["Content-Disposition"] == f'attachment; filename="dong-bi-tu-choi-{batch.pk}.csv"'
    assert insider.get(f"/imports/{batch.pk}/rows.pdf").status_code == 404


def test_all_changes_are_in_the_file_where_the_page_shows_the_first(insider, monkeypatch):
    monkeypatch.setattr("riskmap.import_page.SHOWN", 1)
    commit(insider, uploaded(insider, csv_of("00001,2021-08-01,3", "00004,2021-08-01,3")))
    batch = uploaded(insider, csv_of("00001,2021-08-01,4", "00004,2021-08-01,5", "x,1,1", "y,1,1"))

    shown = text(insider.get(f"/imports/{batch.pk}/"))
    book = openpyxl.load_workbook(io.BytesIO(insider.get(f"/imports/{batch.pk}/rows.xlsx").content))

    assert "… và 1 dòng nữa" in shown
    assert "… và 3 lỗi nữa" in shown
    assert [row[3].value for row in book["Thay đổi"]["A2:D3"]] == [
        "F0 chưa phân loại: 3 → 4", "F0 chưa phân loại: 3 → 5",
    ]  # fmt: skip


# --- Too large


def test_file_above_the_limit_is_refused_with_the_other_answers_kept(insider, monkeypatch):
    monkeypatch.setattr("riskmap.forms_imports.MAX_BYTES", 10)

    answer = upload(insider, csv_of("00001,2021-08-01,3"), complete_from="01/08/2021")

    assert "Tệp lớn hơn" in text(answer)
    assert 'value="01/08/2021"' in answer.content.decode()


def test_body_far_above_the_limit_is_refused_unread(insider):
    answer = insider.generic(
        "POST", "/imports/new/", b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(LARGEST_BODY + 1)
    )

    assert answer.status_code == 413
    assert f"Tệp lớn hơn {MAX_BYTES // 1_000_000} MB" in text(answer)


def test_upload_without_its_token_is_refused(insider):
    insider.handler.enforce_csrf_checks = True

    assert upload(insider, csv_of("00001,2021-08-01,3")).status_code == 403
    assert not ImportBatch.objects.exists()


# --- The list, the days


def test_list_tells_each_file_newest_first_and_offers_the_own_area(insider):
    uploaded(insider, csv_of("00001,2021-08-01,3", "x,2021-08-01,3"), name="mot.csv")
    commit(insider, uploaded(insider, csv_of("00001,2021-08-02,3"), name="hai.csv"))

    page = text(insider.get("/imports/"))

    assert page.index("hai.csv") < page.index("mot.csv")
    assert "mot.csv Huyện 001 Báo cáo của cấp huyện, cấp xã đã xem trước 2 1 1 0" in page
    assert "hai.csv Huyện 001 Báo cáo của cấp huyện, cấp xã đã ghi 1 1 0 0" in page
    assert 'action="/imports/template/001.xlsx"' in insider.get("/imports/").content.decode()


def test_list_says_what_to_do_while_it_is_empty(insider, province):
    assert "Tải tệp mẫu của địa bàn" in text(insider.get("/imports/"))
    assert "Chưa ai nhập tệp nào" in text(client_of(province.area, Role.VIEWER).get("/imports/"))


def test_list_costs_the_same_with_one_file_and_with_many(
    insider, django_assert_num_queries, django_assert_max_num_queries
):
    uploaded(insider, csv_of("00001,2021-08-01,3"))
    with django_assert_max_num_queries(16) as one:
        insider.get("/imports/")
    asked = len(one)
    for number in range(4, 9):
        uploaded(insider, csv_of(f"00001,2021-08-01,{number}"))

    with django_assert_num_queries(asked):
        insider.get("/imports/")


@pytest.mark.parametrize(
    "address",
    [
        "/imports/template/001.xlsx?day=31/02/2021",
        "/imports/template/001.xlsx?day=2999-01-01",
        "/imports/template/001.xlsx?day=01/08/1921",
        "/counts/001/export.xlsx?from=x",
        "/counts/001/export.xlsx?from=02/08/2021&to=01/08/2021",
    ],
)
def test_day_that_cannot_be_is_refused(insider, address):
    assert insider.get(address).status_code == 400


def test_export_of_too_much_says_what_to_do(insider, monkeypatch):
    commit(insider, uploaded(insider, csv_of("00001,2021-08-01,3")))
    monkeypatch.setattr("riskmap.imports.export.MOST_ROWS", 0)

    answer = insider.get("/counts/001/export.xlsx?from=01/08/2021&to=01/08/2021")

    assert answer.status_code == 400
    assert "Hãy xuất ít ngày hơn" in text(answer)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"complete_from": "01/08/2021"}, "Ghi cả ngày đầu và ngày cuối"),
        ({"complete_to": "01/08/2021"}, "Ghi cả ngày đầu và ngày cuối"),
        ({"complete_from": "x", "complete_to": "01/08/2021"}, "Ngày không đúng"),
        ({"complete_from": "02/08/2021", "complete_to": "01/08/2021"}, "ngày đầu phải trước"),
        ({"complete_from": "01/08/2021", "complete_to": "01/08/2999"}, "chưa tới"),
    ],
)
def test_days_said_to_be_complete_are_checked(insider, said, words):
    answer = upload(insider, csv_of("00001,2021-08-01,3"), **said)

    assert answer.status_code == 200
    assert words in text(answer)
    assert not ImportBatch.objects.exists()
