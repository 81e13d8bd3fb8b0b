"""What changed since yesterday and why; what was published; finding one's own place."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.enums import Role
from core.people import system_user
from riskmap.counts import CountRow, post_counts
from riskmap.editions import publish
from riskmap.levels import reassess
from riskmap.models import MapEdition
from tests.factories import PASSWORD, GrantFactory, HamletFactory, UserFactory
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.riskmap.province import AT, day, make_province
from tests.riskmap.test_editions import at

pytestmark = [pytest.mark.browser]


@pytest.fixture
def published(transactional_db):
    """Two days as published; a correction afterwards; a commune that fell silent; a hamlet with a case."""
    made = make_province("90", districts={"901": ["90101", "90102", "90103"]}, borders=[("90101", "90102")],
                         valid_from=day(0))  # fmt: skip
    made.post({}, complete=(0, 2), at=at(2, 16))
    publish(province=made.area, cut_off=at(2), at=at(2, 17, 5), by=system_user())
    made.post({("90101", 3): 2, ("90102", 3): 0}, at=at(3, 16))
    publish(province=made.area, cut_off=at(3), at=at(3, 17, 5), by=system_user())
    made.post({("90102", 3): 3}, reason="bệnh viện báo bổ sung", at=at(3, 20))
    hamlet = HamletFactory(code="90101-1", name="Khu phố 1", parent=made.communes["90101"], valid_from=day(0))
    post_counts(
        source=made.source(),
        rows=[CountRow(hamlet.pk, day(number), unknown_source=number // 2) for number in range(4)],
        coverages=[],
        reason="khu phố báo cáo",
        by=system_user(),
        at=at(3, 21),
    )
    reassess(on=day(3), at=AT, provinces=[made.area])
    return made


def test_official_reads_on_a_phone_what_turned_red_and_why(published, open_page):
    page = open_page("/changes/", **PHONE)

    row = page.get_by_role("row").filter(has_text="Xã 90101").first
    expect(row).to_contain_text("Bình thường mới")
    expect(row).to_contain_text("Nguy cơ rất cao")
    expect(row).to_contain_text("Có từ 2 ca F0 trong cộng đồng chưa rõ nguồn lây")
    row.get_by_role("link").click()

    expect(page).to_have_url(re.compile(r"/areas/90101/\?day=2021-08-04"))


@pytest.mark.parametrize("script", [True, False])
def test_viewpoint_and_span_are_chosen_with_and_without_scripts(published, open_page, script):
    page = open_page("/changes/", **DESKTOP, java_script_enabled=script)

    page.get_by_role("link", name="Như đã công bố").click()
    expect(page.get_by_role("row").filter(has_text="Xã 90102").first).to_contain_text("Tiếp giáp")
    page.get_by_role("link", name="Như biết hiện nay").click()
    page.get_by_label("Từ hết ngày").fill("01/08/2021")
    page.get_by_role("button", name="Xem").last.click()

    expect(page.locator(".page-head")).to_contain_text("Từ hết ngày 01/08/2021 đến hết ngày 04/08/2021")
    expect(page.get_by_role("row").filter(has_text="Xã 90102").first).to_contain_text("Nguy cơ rất cao")


def test_instant_is_asked_for_by_keyboard_alone(published, open_page):
    page = open_page("/changes/")

    page.get_by_text("Như đã biết lúc…").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Ngày và giờ").fill("2021-08-04T18:00")
    page.get_by_label("Ngày và giờ").press("Enter")

    expect(page.locator(".page-head")).to_contain_text("như đã biết lúc 18:00 ngày 04/08/2021")
    expect(page.get_by_role("row").filter(has_text="Xã 90102").first).to_contain_text("Nguy cơ cao")


def test_health_office_publishes_what_it_was_shown(transactional_db, open_page):
    now, today = timezone.now(), timezone.localdate()
    made = make_province(borders=[("90101", "90102")], valid_from=today - timedelta(days=30))
    ago = (today - day(0)).days
    made.post({}, complete=(ago - 9, ago - 3), at=now - timedelta(days=3, hours=1))
    earlier = now - timedelta(days=3)
    publish(province=made.area, cut_off=earlier, at=earlier, by=system_user())
    made.post({("90101", ago - 1): 2}, complete=(ago - 2, ago - 1), at=now - timedelta(hours=1))
    reassess(on=today, at=now, provinces=[made.area])
    GrantFactory(user=UserFactory(username="so-y-te"), role=Role.HEALTH, area=made.area)
    page = open_page("/login/?next=/editions/")
    page.fill("[name=username]", "so-y-te")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()

    page.get_by_role("link", name="Công bố ngay").click()
    expect(page.get_by_role("row").filter(has_text="Xã 90101")).to_contain_text("Nguy cơ rất cao")
    assert_fits_everybody(page)
    page.get_by_role("button", name="Công bố bản này").click()

    expect(page.get_by_role("status")).to_contain_text("Đã công bố bản số 2.")
    assert MapEdition.objects.count() == 2
    page.get_by_role("link", name="Bản số 1").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tính đến")


def test_place_is_found_without_diacritics_and_leads_to_its_page(province, open_page):
    page = open_page("/search/", **PHONE)

    page.get_by_role("searchbox").fill("do vinh")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Phường Đô Vinh").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Phường Đô Vinh")


@pytest.mark.parametrize(
    "address",
    [
        "/changes/",
        "/changes/?as_of=published",
        "/changes/?as_of=2021-08-04T18:00",
        "/changes/?first=2021-08-01&last=2021-08-03",
        "/editions/",
        "/editions/90/2/",
        "/editions/90/1/",
        "/search/",
        "/search/?q=xa",
        "/search/?q=zz",
        "/areas/90101/hamlets/",
        "/areas/90102/hamlets/",
    ],
)
def test_page_fits_everybody(published, open_page, address):
    assert_fits_everybody(open_page(address))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/changes/?first=hom-qua", 400),
        ("/changes/?as_of=hom-qua", 400),
        ("/changes/?last=2022-01-01", 404),
        ("/editions/90/99/", 404),
        ("/search/?q=a", 400),
    ],
)
def test_refusal_fits_everybody(published, browser, live_server, address, status):
    window = browser.new_context(base_url=live_server.url, **DESKTOP)
    page = window.new_page()  # the browser itself complains of the status in its console

    assert page.goto(address).status == status

    assert_fits_everybody(page)
    window.close()
