"""The page of the API: it works under the Content-Security-Policy and asks only our own origin."""

import pytest

from config.api import operations
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DOCS = "/api/v1/docs/"


def test_every_address_is_listed_and_can_be_tried(open_page, province):
    page = open_page(DOCS)
    levels = page.locator("#operations-map-levels")

    levels.locator(".opblock-summary-control").click()
    levels.get_by_role("button", name="Try it out").click()
    levels.get_by_placeholder("province").fill("58")
    levels.get_by_role("button", name="Execute").click()

    answer = levels.locator(".live-responses-table")
    answer.wait_for()
    assert "Xã Công Hải" in answer.inner_text()
    assert page.locator(".opblock").count() == len(operations)


def test_page_fits_a_phone(open_page, province):
    page = open_page(DOCS, **PHONE)
    page.locator(".opblock").first.wait_for()

    assert page.evaluate("document.documentElement.scrollWidth") == 360
