"""The pages of a campaign at both widths, for whoever works on them: what axe finds, and what fits."""

import pytest

from campaign.standing import compute_standings
from tests.campaign.units import make_registration
from tests.journeys.competing import CITY, SLUG, TOWN, Competition, Desk
from tests.journeys.test_accessibility import assert_fits_everybody

pytestmark = [pytest.mark.browser]


def test_pages_of_a_campaign(transactional_db, tmp_path, open_page):
    competition = Competition(tmp_path)
    compute_standings(campaign=competition.campaign, at=competition.now)
    page = open_page(f"/campaigns/{SLUG}/")

    for address in (
        "/campaigns/",
        f"/campaigns/{SLUG}/",
        f"/campaigns/{SLUG}/standings/",
        f"/campaigns/{SLUG}/standings/dot-1/league/",
        f"/campaigns/{SLUG}/standings/dot-1/progress/",
        f"/campaigns/{SLUG}/registrations/",
        f"/campaigns/{SLUG}/pledges/?area={TOWN}",
        f"/campaigns/{SLUG}/zones/",
        f"/campaigns/{SLUG}/practices/",
        f"/units/{competition.units[TOWN].pk}/",
        f"/feedback/{TOWN}/new/",
        "/feedback/receipt/",
    ):
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        assert_fits_everybody(page)


def test_rooms_of_those_who_compete(transactional_db, tmp_path, open_page):
    competition = Competition(tmp_path)
    unit = competition.units[TOWN].pk
    registration = make_registration(competition.campaign, competition.units[CITY])
    desk = Desk(open_page, "can-bo-tp")

    for address in (
        "/units/",
        "/units/new/",
        "/units/import/",
        f"/units/{unit}/edit/",
        "/registrations/",
        registration.get_absolute_url(),
        f"/campaigns/{SLUG}/registrations/new/?unit={unit}",
        f"/campaigns/{SLUG}/registrations/due/",
        f"/campaigns/{SLUG}/registrations/import/",
        "/pledges/",
        f"/campaigns/{SLUG}/pledges/{CITY}/",
        "/conditions/",
        f"/campaigns/{SLUG}/conditions/{unit}/",
        f"/campaigns/{SLUG}/conditions/{unit}/dk-1/answer/",
        "/diary/",
        f"/campaigns/{SLUG}/diary/new/",
        "/feedback/",
        "/inspections/",
    ):
        desk.goes(address)
        assert desk.page.locator("h1").count() == 1, address
        assert_fits_everybody(desk.page)
    desk.goes(f"/campaigns/{SLUG}/registrations/new/").presses("Ghi và gửi cấp trên")
    desk.page.wait_for_selector("[role=alert]")
    assert_fits_everybody(desk.page)


def test_rooms_of_those_who_inspect(transactional_db, tmp_path, open_page):
    competition = Competition(tmp_path)
    desk = Desk(open_page, "so-noi-vu").goes("/inspections/new/")
    assert_fits_everybody(desk.page)
    desk.types(
        unit=TOWN, purpose="Chốt kiểm soát ra vào, sổ theo dõi người đến", planned_on=competition.in_days(1)
    )
    desk.presses("Lập kế hoạch")
    desk.page.get_by_role("link", name="Ghi kết quả").wait_for()
    assert_fits_everybody(desk.page)

    desk.follows("Ghi kết quả").presses("Ghi kết quả")
    desk.page.wait_for_selector("[role=alert]")
    assert_fits_everybody(desk.page)
    for address in (f"/campaigns/{SLUG}/edit/", f"/campaigns/{SLUG}/plan/phases/new/", "/campaigns/new/"):
        desk.goes(address)
        assert_fits_everybody(desk.page)
