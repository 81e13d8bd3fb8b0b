"""The pages of who reported, as staff of a commune, of a district and of Sở Y tế see them."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.enums import Role
from core.people import system_user
from riskmap.due_words import time_in_words
from riskmap.enums import ReportStatus
from riskmap.levels import reassess
from riskmap.models import DayReport, ProvincePolicy
from tests.factories import GrantFactory
from tests.riskmap.province import day, make_province

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def on(hour: int, minute: int = 0, number: int = 5) -> datetime:
    return datetime.combine(day(number), time(hour, minute), tzinfo=HERE)


@pytest.fixture
def clock(monkeypatch):
    """``clock(instant)``: what time it is."""
    return lambda at: monkeypatch.setattr(timezone, "now", lambda: at)


@pytest.fixture
def province(db, clock):
    made = make_province(districts={"901": ["90101", "90102", "90103"], "902": ["90201"]})
    made.post({("90101", 4): 1, ("90102", 4): 2}, at=on(9, number=4))
    made.post({("90101", 5): 1}, at=on(9, 30))
    made.post({("90102", 5): 0}, at=on(16, 25))
    reassess(on=day(5), at=on(16, 30))
    clock(on(17, 10))
    return made


@pytest.fixture
def log_in(client):
    def as_(role: Role, area):
        user = GrantFactory(area=area, role=role).user
        client.force_login(user)
        return client

    return as_


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# --- A day ----------------------------------------------------------------------------------------------


def test_due_has_the_missing_first_and_the_others_by_the_hour(province, log_in):
    answer = log_in(Role.HEALTH, province.area).get("/reports/due/")

    page = text(answer)
    assert answer.status_code == 200
    assert "Ai chưa báo cáo ngày 06/08/2021" in page
    assert "Tỉnh 90: 2/4 xã, phường, thị trấn đã báo cáo , 1 muộn (lâu nhất 25 phút). Hạn nộp: 16:00." in page
    assert [hour.label for hour in answer.context["hours"]] == ["Chưa báo cáo", "Trước 14:00", "16:00–17:00"]
    assert "Xã 90103 Huyện 901 chưa báo cáo, quá hạn 1 giờ 10 phút – Nhập số" in page
    assert "Xã 90101 Huyện 901 09:30 đúng hạn Mở số" in page
    assert "Xã 90102 Huyện 901 16:25 muộn 25 phút Mở số" in page
    assert page.index("Xã 90201") < page.index("Xã 90101")


def test_due_of_another_day_tells_what_came_days_later(province, log_in, clock):
    province.post({("90103", 4): 1}, at=on(8, number=6))
    clock(on(9, number=6))

    page = text(log_in(Role.HEALTH, province.area).get("/reports/due/?day=05/08/2021"))

    assert "Ngày 07/08/2021 1 đơn vị" in page
    assert "08:00 07/08/2021 muộn 1 ngày 16 giờ" in page
    assert "Xã 90201 Huyện 902 chưa báo cáo, quá hạn 1 ngày 17 giờ –" in page


def test_due_before_the_hour_says_how_long_there_is(province, log_in, clock):
    clock(on(15, 20))

    page = text(log_in(Role.DISTRICT_STAFF, province.districts["901"]).get("/reports/due/"))

    assert "Xã 90103 chưa báo cáo, còn 40 phút" in page
    assert "Xã 90102 chưa báo cáo, còn 40 phút 05/08/2021 Nhập số" in page


def test_due_shows_ones_own_areas_and_no_others(province, log_in):
    client = log_in(Role.DISTRICT_STAFF, province.districts["901"])

    page = text(client.get("/reports/due/"))

    assert "Huyện 901: 2/3" in page
    assert "Xã 90201" not in page
    assert "Huyện 902" not in page
    for code in ("902", "90201", "90", "nothing", "\0"):
        assert client.get("/reports/due/", {"area": code}).status_code == 404
    assert client.get("/reports/due/?area=90103").status_code == 200


def test_due_of_commune_staff_is_their_commune(province, log_in):
    page = text(log_in(Role.COMMUNE_STAFF, province.communes["90103"]).get("/reports/due/"))

    assert "Xã 90103: 0/1 xã, phường, thị trấn đã báo cáo" in page
    assert "Xã 90101" not in page


def test_due_leads_to_the_numbers_only_those_who_enter_them(province, log_in):
    watching = log_in(Role.VIEWER, province.area).get("/reports/due/").content.decode()
    entering = log_in(Role.DISTRICT_STAFF, province.districts["901"]).get("/reports/due/").content.decode()

    assert "/counts/" not in watching.split("<main")[1]
    assert 'href="/counts/90103/2021-08-06/"' in entering


def test_due_opens_on_the_last_reported_day_once_nothing_comes_in(province, log_in, clock):
    clock(on(9, number=5 + 14))
    assert "báo cáo ngày 20/08/2021" in text(log_in(Role.HEALTH, province.area).get("/reports/due/"))

    clock(on(9, number=5 + 15))
    assert "báo cáo ngày 06/08/2021" in text(log_in(Role.HEALTH, province.area).get("/reports/due/"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("07/08/2021", "Chưa đến ngày này"),
        ("01/01/0001", "trước khi có dịch"),
        ("31/02/2021", "Ngày không đúng"),
        ("x", "Ngày không đúng"),
    ],
)
@pytest.mark.parametrize("page", ["due", "overview"])
def test_day_that_cannot_be_is_refused_and_the_latest_shown(province, log_in, page, typed, said):
    answer = log_in(Role.HEALTH, province.area).get(f"/reports/{page}/", {"day": typed})

    assert answer.status_code == 400
    assert said in text(answer)
    assert f'value="{typed}"' in answer.content.decode()
    assert "2/4" in text(answer)


def test_due_without_an_hour_speaks_of_no_lateness(province, log_in):
    ProvincePolicy.objects.create(province=province.area, report_by=None)

    page = text(log_in(Role.HEALTH, province.area).get("/reports/due/"))

    assert "Tỉnh không đặt giờ nộp." in page
    assert "muộn" not in page
    assert "16:25 đã báo cáo" in page


@pytest.mark.parametrize("page", ["due", "overview"])
def test_place_that_has_nothing_says_so(db, log_in, page):
    empty = make_province("93", districts={"931": []})

    for area in (empty.area, empty.districts["931"]):
        answer = log_in(Role.HEALTH, area).get(f"/reports/{page}/")
        assert answer.status_code == 200
        assert "Không có xã, phường, thị trấn nào của bạn" in text(answer)


# --- Two weeks ------------------------------------------------------------------------------------------


def test_overview_says_in_words_and_numbers_what_is_missing_and_late(province, log_in):
    DayReport.objects.create(
        scope=province.districts["901"], day=day(5), status=ReportStatus.SENT, sent_at=on(16, 40),
        sent_by=system_user(),
    )  # fmt: skip

    page = text(log_in(Role.HEALTH, province.area).get("/reports/overview/"))

    assert (
        "ngày 06/08/2021: 2/4 xã, phường, thị trấn đã báo cáo , thiếu 2, muộn 1; đã duyệt 0/2 báo cáo."
        in page
    )
    first = page[page.index("Huyện 901 ", page.index("06/08 05/08")) :]
    assert first.startswith(
        "Huyện 901 66,7% thiếu 2 muộn 1 lâu nhất 25 phút 2/3 thiếu 1 muộn 1 chờ duyệt 2/3"
    )
    assert "Huyện 902 0,0% thiếu 2 0/1" not in page  # a district of one commune speaks of that commune
    assert "Huyện 902 0,0% thiếu 2 – thiếu" in page


def test_overview_is_by_commune_within_a_district(province, log_in):
    answer = log_in(Role.DISTRICT_STAFF, province.districts["901"]).get("/reports/overview/")

    page = text(answer)
    assert [row.area.code for row, _cells in answer.context["lines"]] == ["90101", "90102", "90103"]
    assert "Xã 90101 100,0% đủ 09:30 đúng hạn 09:00 đúng hạn" in page
    assert "Xã 90102 100,0% muộn 1 lâu nhất 25 phút 16:25 muộn 25 phút 09:00 đúng hạn" in page
    assert "Huyện 902" not in page
    assert "đã duyệt" not in page


def test_overview_begins_with_the_first_report_and_is_of_two_weeks(province, log_in, clock):
    province.post({("90101", 30): 1}, at=on(9, number=30))
    reassess(on=day(30), at=on(10, number=30))
    clock(on(17, number=30))
    client = log_in(Role.HEALTH, province.area)

    def days(question: str) -> list:
        return client.get(f"/reports/overview/{question}").context["overview"].days

    assert days("") == [day(number) for number in range(30, 16, -1)]
    assert days(f"?day={day(6)}") == [day(6), day(5), day(4)]
    assert days(f"?day={day(2)}") == [day(2)]


def test_overview_of_others_is_not_found(province, log_in):
    client = log_in(Role.DISTRICT_STAFF, province.districts["901"])

    assert client.get("/reports/overview/?area=902").status_code == 404
    assert client.get("/reports/overview/?area=901").status_code == 200


def test_overview_leads_to_the_day_of_each_cell(province, log_in):
    page = log_in(Role.HEALTH, province.area).get("/reports/overview/").content.decode()

    assert 'href="/reports/due/?area=901&amp;day=2021-08-05"' in page


@pytest.mark.parametrize("page", ["due", "overview"])
def test_pages_take_as_many_queries_for_many_communes_as_for_few(db, log_in, clock, page):
    counted = []
    for code, communes in (("94", 3), ("95", 30)):
        codes = [f"{code}1{number:02d}" for number in range(communes)]
        made = make_province(code, districts={f"{code}1": codes[::2], f"{code}2": codes[1::2]})
        made.post({(each, 5): 1 for each in codes}, at=on(9))
        clock(on(17))
        client = log_in(Role.HEALTH, made.area)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/reports/{page}/").status_code == 200
        counted.append(len(queries))

    assert counted[0] == counted[1] <= 25


# --- Words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "chưa đầy một phút"),
        (timedelta(seconds=59), "chưa đầy một phút"),
        (timedelta(minutes=1, seconds=59), "1 phút"),
        (timedelta(minutes=60), "1 giờ"),
        (timedelta(hours=2, minutes=5), "2 giờ 5 phút"),
        (timedelta(days=1, minutes=5), "1 ngày 5 phút"),
        (timedelta(days=6, hours=23, minutes=59), "6 ngày 23 giờ"),
        (timedelta(days=7, hours=23), "7 ngày"),
        (timedelta(days=1786), "1.786 ngày"),
    ],
)
def test_time_is_told_by_its_two_largest_units(span, words):
    assert time_in_words(span) == words
