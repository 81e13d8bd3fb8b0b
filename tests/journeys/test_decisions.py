"""Two people of Sở Y tế in a browser: a fact, and a level decided against the computed one."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.enums import Role
from riskmap.levels import reassess
from riskmap.models import DeclaredFact, LevelOverride
from tests.factories import PASSWORD, GrantFactory
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.journeys.test_people import log_in

pytestmark = [pytest.mark.browser]


@pytest.fixture
def health(province):
    """Who declares and decides, and the second person."""
    for username, name in (("so-y-te", "Nguyễn Thị Hạnh"), ("so-y-te-2", "Trương Công Định")):
        GrantFactory(area=province.area, role=Role.HEALTH, user__username=username, user__full_name=name)
    return province


def open_as(open_page, username: str, address: str, **context) -> Page:
    page = open_page(f"/login/?next={address}", **context)
    log_in(page, username, PASSWORD)
    return page


@pytest.mark.parametrize(
    "context", [PHONE, DESKTOP | {"java_script_enabled": False}], ids=["phone", "no scripts"]
)
def test_fact_is_declared_by_one_and_confirmed_by_another(health, open_page, context):
    first = open_as(open_page, "so-y-te", "/facts/", **context)
    first.get_by_role("link", name="Khai báo yếu tố").click()
    first.get_by_role("link", name="Chọn nguồn lây ở nơi tập trung đông người").click()
    first.get_by_label("Đơn vị").fill("loi hai")
    first.get_by_label("Từ ngày").fill("15/08/2021")
    first.get_by_label("Số văn bản").fill("125/BC-SYT ngày 15/08/2021")
    first.get_by_role("button", name="Khai báo").click()
    expect(first.get_by_text("Đã khai báo.")).to_be_visible()
    expect(first.get_by_text("Bạn là người đề nghị")).to_be_visible()

    second = open_as(open_page, "so-y-te-2", "/inbox/", **context)
    second.get_by_role(
        "link", name="Chờ bạn xác nhận: nguồn lây ở nơi tập trung đông người, Xã Lợi Hải"
    ).click()
    second.get_by_role("button", name="Xác nhận", exact=True).click()
    expect(second.get_by_text("Xin đối chiếu với văn bản")).to_be_visible()
    second.get_by_label("Tôi đã đối chiếu với văn bản.").check()
    second.get_by_role("button", name="Xác nhận", exact=True).click()
    expect(second.get_by_text("Đã xác nhận.")).to_be_visible()

    first.goto("/inbox/")
    first.get_by_role("link", name="Đã được xác nhận: nguồn lây ở nơi tập trung đông người").click()
    first.get_by_label("Ngày cuối còn hiệu lực").fill("20/08/2021")
    first.get_by_role("button", name="Kết thúc yếu tố").click()
    expect(first.get_by_text("15/08/2021 – 20/08/2021")).to_be_visible()
    assert DeclaredFact.objects.get().ended_by.username == "so-y-te"


def test_level_is_decided_by_one_and_confirmed_by_another(health, open_page):
    today = timezone.localdate()
    first = open_as(open_page, "so-y-te", "/areas/22723/")
    first.get_by_role("link", name="Quyết định mức").click()
    assert first.get_by_label("Đơn vị").input_value() == "22723"
    first.get_by_role("radio", name="Bình thường mới").check()
    first.get_by_label("Đến hết ngày").fill(f"{today:%d/%m/%Y}")
    first.get_by_label("Lý do").fill("Ca bệnh đã chuyển đi, người tiếp xúc đã xét nghiệm ba lần âm tính")
    first.get_by_label("Số văn bản").fill("99/QĐ-SYT")
    first.get_by_role("button", name="Xem mức được tính").click()
    expect(first.get_by_role("heading", name="Mức được tính mà quyết định này gác lại")).to_be_visible()
    expect(first.get_by_text("Có ca F0 trong cộng đồng chưa rõ nguồn lây trong vòng 14 ngày")).to_be_visible()
    assert_fits_everybody(first)

    first.get_by_role("button", name="Sửa lại").click()
    first.get_by_role("radio", name="Nguy cơ", exact=True).check()
    first.get_by_role("button", name="Xem mức được tính").click()
    first.get_by_role("button", name="Gửi cho người thứ hai").click()
    expect(first.get_by_text("Quyết định chưa có hiệu lực")).to_be_visible()

    second = open_as(open_page, "so-y-te-2", "/inbox/")
    second.get_by_role("link", name="Chờ bạn xác nhận: mức “Nguy cơ” cho Xã Công Hải").click()
    second.get_by_label("Tôi đã đối chiếu với văn bản.").check()
    second.get_by_role("button", name="Xác nhận quyết định").click()
    expect(second.get_by_text("đang có hiệu lực")).to_be_visible()
    second.goto("/decisions/")
    expect(second.get_by_role("link", name="Xã Công Hải")).to_be_visible()
    decision = LevelOverride.objects.get()
    assert (decision.decided_by.username, decision.confirmed_by.username, decision.level) == (
        "so-y-te", "so-y-te-2", 2,
    )  # fmt: skip


def test_pages_of_facts_and_decisions_fit_everybody(health, open_page):
    page = open_as(open_page, "so-y-te", "/facts/new/?kind=crowded_place_source")
    assert_fits_everybody(page)
    page.get_by_role("button", name="Khai báo").click()
    expect(page.get_by_text("Chưa ghi được.")).to_be_visible()
    assert_fits_everybody(page)
    page.get_by_label("Đơn vị").fill("22701")
    page.get_by_label("Từ ngày").fill("04/08/2021")
    page.get_by_label("Số văn bản").fill("12/BC-SYT")
    page.get_by_role("button", name="Khai báo").click()
    reassess(on=timezone.localdate(), at=timezone.now())

    fact, today = DeclaredFact.objects.get(), f"{timezone.localdate():%d/%m/%Y}"
    for address in (f"/facts/{fact.pk}/", "/facts/", "/facts/?state=refused"):
        page.goto(address)
        assert_fits_everybody(page)
    for address in ("/facts/new/", "/decisions/", "/areas/22701/", "/decisions/new/?area=22701"):
        page.goto(address)
        assert_fits_everybody(page)
    page.get_by_role("button", name="Xem mức được tính").click()
    assert_fits_everybody(page)
    page.get_by_role("radio", name="Nguy cơ cao").check()
    page.get_by_label("Đến hết ngày").fill(today)
    page.get_by_label("Lý do").fill("Chờ kết quả xét nghiệm")
    page.get_by_label("Số văn bản").fill("99/QĐ-SYT")
    page.get_by_role("button", name="Xem mức được tính").click()
    page.get_by_role("button", name="Gửi cho người thứ hai").click()
    expect(page.get_by_text("Đã gửi.")).to_be_visible()

    second = open_as(open_page, "so-y-te-2", f"/decisions/{LevelOverride.objects.get().pk}/")
    assert_fits_everybody(second)
    second.get_by_text("Không đồng ý").first.click()
    second.get_by_role("button", name="Không đồng ý").click()
    expect(second.get_by_text("Chưa ghi được.")).to_be_visible()
    assert_fits_everybody(second)
    second.get_by_label("Lý do không xác nhận").fill("Chưa đủ ba lần xét nghiệm")
    second.get_by_role("button", name="Không đồng ý").click()
    expect(second.get_by_text("không được đồng ý", exact=True)).to_be_visible()
    assert_fits_everybody(second)
    second.goto("/decisions/?state=refused")
    assert_fits_everybody(second)
    second.goto(f"/facts/{fact.pk}/")
    assert_fits_everybody(second)
