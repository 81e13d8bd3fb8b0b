"""The map in another site's page: it may be framed, and nothing else may."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client

from core.people import system_user
from riskmap.editions import publish
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.riskmap.province import AT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def published(province):
    """Editions as they would have been, had everything been known at once: of the last day there is."""
    publish(province=province.area, cut_off=AT, at=AT, by=system_user())
    return province


@pytest.fixture
def elsewhere(live_server):
    """Another origin, whose page frames the addresses it is asked for: ``/?<address of the portal>``."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            framed = self.path.partition("?")[2]
            head = '<!doctype html><title>Báo</title><link rel="icon" href="data:,">'
            page = f'{head}<iframe src="{framed}" width="100%" height="600"></iframe>'
            self.send_response(200 if self.path.startswith("/?") else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/?{live_server.url}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def framed(browser, elsewhere, live_server):
    """``framed(address, **context)``: the page elsewhere that frames an address, and its console's words."""
    windows = []

    def open_(address, **context):
        window = browser.new_context(locale="vi-VN", **(context or DESKTOP))
        windows.append(window)
        page = window.new_page()
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(elsewhere + address)
        return page, said

    yield open_
    for window in windows:
        window.close()


class TestHeaders:
    @pytest.mark.parametrize(
        ("path", "status"),
        [("", 200), ("?slider=1&view=known", 200), ("?day=1900-01-01", 404), ("?view=x", 400)],
    )
    def test_embedded_map_may_be_framed_and_sets_no_cookie(self, client, published, path, status):
        answer = client.get(f"/embed/58/{path}")

        assert answer.status_code == status
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")

    @pytest.mark.parametrize("path", ["/", "/areas/58/", "/login/", "/api/v1/docs/", "/embed/"])
    def test_nothing_else_may(self, client, published, path):
        answer = client.get(path)

        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"

    def test_cookies_change_nothing(self, published):
        plain, english = Client(), Client()
        english.cookies["django_language"] = "en"

        assert plain.get("/embed/58/").content == english.get("/embed/58/").content
        assert plain.get("/embed/58/?lang=en")["Content-Language"] == "en"

    @pytest.mark.parametrize(
        ("path", "status"),
        [("99/", 404), ("58/?day=x", 400), ("58/?day=2021-02-30", 400), ("58/?lang=fr", 400),
         ("58/?layer=hamlet", 400), ("58/?slider=2", 400), ("58/?day=2021-08-05&view=published", 404),
         ("58/?day=2999-01-01", 404)],
    )  # fmt: skip
    def test_bad_address_is_said_inside_the_frame(self, client, published, path, status):
        answer = client.get(f"/embed/{path}")

        assert answer.status_code == status
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert "Không hiện được bản đồ" in answer.content.decode()

    def test_published_is_shown_first_and_known_where_nothing_was_published(self, client, province):
        assert 'data-view="known"' in client.get("/embed/58/").content.decode()
        publish(province=province.area, cut_off=AT, at=AT, by=system_user())
        answer = client.get("/embed/58/").content.decode()
        assert 'data-view="published"' in answer
        assert "Tính đến 08:00 ngày" in answer

    def test_invented_counts_are_said_to_be(self, client, published):
        assert "số liệu mô phỏng" in client.get("/embed/58/").content.decode()


@pytest.mark.browser
class TestInAFrame:
    @pytest.mark.parametrize("context", [DESKTOP, PHONE], ids=["desktop", "phone"])
    def test_map_of_another_origins_page_is_coloured_and_walked(self, framed, published, context):
        page, said = framed("/embed/58/?view=known&slider=1&day=2021-08-06", **context)
        inside = page.frame_locator("iframe")
        inside.locator("[data-embed][data-ready]").wait_for()

        assert inside.locator("[data-day-shown]").inner_text() == "06/08/2021"
        assert inside.locator('[data-total="4"]').inner_text() == "1"
        inside.locator("[data-next]").click()
        assert inside.locator("[data-day-shown]").inner_text() == "07/08/2021"
        inside.locator("[data-canvas]").focus()
        page.keyboard.press("ArrowLeft")
        assert "vùng" in inside.locator("[data-spoken]").inner_text()
        assert "day=2021-08-07" in inside.locator("[data-back]").get_attribute("href")
        frame = page.frames[1]
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert said == []
        assert page.context.cookies() == []

    def test_front_page_refuses_to_be_framed(self, framed, published):
        page, said = framed("/")

        page.wait_for_timeout(500)
        assert any("frame-ancestors" in text or "X-Frame-Options" in text for text in said)
        assert page.frames[1].locator("[data-risk-map]").count() == 0

    @pytest.mark.parametrize("context", [DESKTOP, PHONE], ids=["desktop", "phone"])
    def test_slider_is_there_only_where_it_is_asked_for(self, open_page, published, context):
        page = open_page("/embed/58/", **context)
        page.wait_for_selector("[data-embed][data-ready]")

        assert page.locator("[data-timeline]").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") == context["viewport"]["width"]

    @pytest.mark.parametrize("address", ["/embed/58/?view=known&slider=1", "/embed/58/"])
    def test_embedded_map_fits_everybody(self, open_page, published, address):
        page = open_page(address)
        page.wait_for_selector("[data-embed][data-ready]")

        assert_fits_everybody(page)

    def test_script_of_another_site_reads_what_is_published_and_no_page(self, framed, published, live_server):
        page, _ = framed("/embed/58/")
        read = "(address) => fetch(address).then((answer) => answer.json()).then((said) => said.url)"

        url = page.evaluate(read, f"{live_server.url}/api/v1/frames/?province=58")
        assert url.startswith("/assets/")
        assert page.evaluate(f"fetch('{live_server.url}{url}').then((answer) => answer.status)") == 200
        assert page.evaluate(f"fetch('{live_server.url}/').then(() => 'read', () => 'refused')") == "refused"

    def test_without_scripts_the_numbers_are_there(self, open_page, published):
        page = open_page("/embed/58/?view=known", java_script_enabled=False)

        assert page.locator('[data-total="1"]').inner_text() != ""
        assert page.locator("noscript").count() == 1
