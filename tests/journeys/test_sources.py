"""From a token to a number that somebody chooses: opened on a page, pushed by a machine, then settled."""

import json
import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from core.enums import Role
from riskmap.models import DailyCount
from tests.factories import PASSWORD, GrantFactory
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.journeys.test_people import log_in
from tests.riskmap.province import day

pytestmark = [pytest.mark.browser]


@pytest.fixture
def officer(province):
    return GrantFactory(area=province.area, role=Role.HEALTH, user__username="so-y-te").user


def push(live_server, secret, *rows):
    request = urllib.request.Request(
        f"{live_server.url}/api/v1/counts/",
        json.dumps({"rows": rows}).encode(),
        {
            "Authorization": f"Bearer {secret}",
            "Idempotency-Key": rows[0]["day"],
            "Content-Type": "application/json",
        },
    )
    try:
        return urllib.request.urlopen(request, timeout=30).status
    except urllib.error.HTTPError as refusal:
        return refusal.code


@pytest.mark.parametrize(
    "context", [PHONE, DESKTOP | {"java_script_enabled": False}], ids=["phone", "no scripts"]
)
def test_machine_speaks_and_a_person_settles(officer, province, open_page, live_server, context):
    page = open_page("/sources/", **context)
    log_in(page, "so-y-te", PASSWORD)
    page.get_by_role("link", name="Cấp khóa").click()
    page.get_by_label("Nguồn số liệu").select_option("new")
    page.get_by_label("Tên nguồn mới").fill("CDC tỉnh")
    page.get_by_label("Hệ thống được cấp khóa").fill("Phần mềm giám sát")
    page.get_by_role("button", name="Cấp khóa").click()
    secret = re.fullmatch(r"vx_[A-Za-z0-9_-]{43}", page.locator("code.secret").inner_text())[0]

    assert push(live_server, secret, {"code": "22700", "day": str(day(4)), "isolated": 8}) == 200
    page.get_by_role("link", name="Đã chép xong").click()
    expect(page.get_by_text("1 lần gửi")).to_be_visible()
    expect(page.get_by_text(secret)).to_have_count(0)

    page.get_by_role("link", name="Nguồn lệch nhau").click()
    page.get_by_role("link", name="Chọn nguồn Phường Đô Vinh").click()
    page.get_by_role("radio", name="huyện").check()
    page.get_by_label("Lý do").fill("tám ca là của khu cách ly tập trung")
    page.get_by_role("button", name="Chọn nguồn này").click()
    expect(page.get_by_text("Đã chọn nguồn.")).to_be_visible()
    expect(page.get_by_text("Không có ngày nào chờ chọn")).to_be_visible()
    counted = DailyCount.objects.get(area__code="22700", day=day(4))
    assert (counted.unknown_source, counted.isolated) == (2, None)

    page.get_by_role("link", name="Nguồn số liệu", exact=True).click()
    page.get_by_role("link", name="Thu hồi").click()
    page.get_by_role("button", name="Thu hồi khóa").click()
    expect(page.get_by_text("Đã thu hồi khóa của Phần mềm giám sát.")).to_be_visible()
    assert push(live_server, secret, {"code": "22700", "day": str(day(5)), "isolated": 1}) == 401


def test_pages_fit_everybody(officer, province, open_page):
    province.post({("22700", 4): 9, ("22711", 5): 7}, source="CDC tỉnh", reason="phiếu điều tra")
    page = open_page("/sources/")
    log_in(page, "so-y-te", PASSWORD)
    assert_fits_everybody(page)
    page.goto("/sources/58/tokens/new/")
    page.get_by_role("button", name="Cấp khóa").click()
    page.wait_for_selector("[role=alert]")
    assert_fits_everybody(page)
    page.get_by_label("Nguồn số liệu").select_option(label="CDC tỉnh")
    page.get_by_label("Hệ thống được cấp khóa").fill("Phần mềm giám sát")
    page.get_by_role("button", name="Cấp khóa").click()
    page.wait_for_selector("code.secret")
    assert_fits_everybody(page)
    for address in (
        "/sources/",
        "/sources/58/policy/",
        "/disagreements/",
        "/disagreements/22711/2021-08-06/",
    ):
        page.goto(address)
        assert_fits_everybody(page)
    page.goto("/sources/")
    page.get_by_role("link", name="Thu hồi").click()
    assert_fits_everybody(page)
