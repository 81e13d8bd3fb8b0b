"""A browser that may only speak to the portal, and a small province to look at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from core.boundaries.imports import import_boundaries
from core.people import system_user
from riskmap.editions import publish
from riskmap.levels import reassess
from riskmap.maps import draw_frames
from riskmap.policies import set_policy
from tests.factories import CommuneFactory, DistrictFactory, ProvinceFactory
from tests.riskmap.province import AT, Province, day

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1366, "height": 850}}

#: Names of the communes as they lie on the ground, west to east, row by row from the north.
ROWS = [
    ["Phường Đô Vinh", "Phường Bảo An", "Phường 01", "Xã Lợi Hải"],
    ["Phường Phủ Hà", "Phường Mỹ Hương", "Xã Bắc Phong", "Phường 01"],
    ["Phường Tấn Tài", "Phường Kinh Dinh", "Xã Bắc Sơn", "Xã Công Hải"],
]
CITY, COUNTRY = "Thành phố Phan Rang – Tháp Chàm", "Huyện Thuận Bắc"


@pytest.fixture(scope="package")
def browser(chromium_path: str) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread for as long as it runs, and Django takes the whole thread
    # for asynchronous; the tests use the database beside that loop, not from inside it.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, live_server) -> Iterator[Callable[..., Page]]:
    """``open_page(address, **context)``: a page of the portal in a browser window of its own.

    Requests to any other origin are stopped, and fail the test at its end, as do errors of scripts and
    of the Content-Security-Policy; with ``may_fail`` requests to the portal may go wrong.
    """
    elsewhere: list[str] = []
    errors: list[str] = []
    contexts = []

    def guard(route):
        if route.request.url.startswith(live_server.url + "/"):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    def open_(address: str = "/", *, may_fail: bool = False, **context) -> Page:
        window = browser.new_context(base_url=live_server.url, locale="vi-VN", **(context or DESKTOP))
        contexts.append(window)
        # Without scripts the preloaded bytes stay unused, and the browser warns of it.
        told = ("error", "warning") if context.get("java_script_enabled", True) else ("error",)
        window.route("**/*", guard)
        page = window.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                errors.append(message.text)
                if message.type in told and not (may_fail and "Failed to load resource" in message.text)
                else None
            ),
        )
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert elsewhere == []
    assert errors == []


@pytest.fixture
def province(transactional_db, tmp_path) -> Province:
    """Twelve communes of two districts, drawn as squares, with counts of 01–20/08/2021.

    Phường Đô Vinh has two cases on the 5th and is red from then to the 18th; Xã Công Hải has one on the
    10th and is orange from then on; Xã Lợi Hải did not report on the 20th.
    """
    made = lay_ground(tmp_path)
    made.post({("22700", 4): 2, ("22723", 9): 1}, complete=(0, 18))
    made.post({(code, 19): 0 for code in made.communes if code != "22703"})
    _compute(made)
    return made


@pytest.fixture
def published(transactional_db, tmp_path) -> Province:
    """The same communes with one case in Phường Đô Vinh on the 5th; 05, 06 and 08/08/2021 are published.

    Published, Phường Đô Vinh is orange and its neighbours yellow. A second case of the 5th came in
    afterwards: known today, it is red, its neighbours orange and theirs yellow.
    """
    made = lay_ground(tmp_path)
    for last in (4, 5, 7):
        evening = datetime.combine(day(last), time(17), AT.tzinfo)
        made.post({("22700", 4): 1}, complete=(0, last), at=evening - timedelta(hours=1))
        publish(province=made.area, cut_off=evening, at=evening, by=system_user())
    made.post({("22700", 4): 2}, reason="bổ sung ca của ngày 05/8")
    _compute(made)
    return made


def _compute(made: Province) -> None:
    set_policy(province=made.area, simulated=True, by=system_user())
    reassess(on=day(40), at=AT, provinces=[made.area])
    draw_frames(province=made.area, on=day(40), at=AT)


def lay_ground(tmp_path) -> Province:
    """The twelve communes and their squares, without any count."""
    area = ProvinceFactory(code="58", name="Tỉnh Ninh Thuận", valid_from=day(0))
    districts = {
        "582": DistrictFactory(code="582", name=CITY, parent=area, valid_from=day(0)),
        "588": DistrictFactory(code="588", name=COUNTRY, parent=area, valid_from=day(0)),
    }
    communes, features = {}, []
    for row, names in enumerate(ROWS):
        for column, name in enumerate(names):
            code = f"227{row}{column}"
            communes[code] = CommuneFactory(
                code=code,
                name=name,
                parent=districts["582" if column < 2 else "588"],
                valid_from=day(0),
                population=10_000,
                population_year=2019,
            )
            features.append(_square(code, 108.9 + 0.05 * column, 11.7 - 0.05 * row))
    path = tmp_path / "squares.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    import_boundaries(
        path=path,
        code_field="code",
        source="tự vẽ",
        licence="CC0-1.0",
        schematic=True,
        by=system_user(),
        at=AT,
        commit=True,
    )
    return Province(area, districts, communes)


def _square(code: str, west: float, north: float, side: float = 0.05) -> dict:
    east, south = west + side, north - side
    ring = [[west, north], [west, south], [east, south], [east, north], [west, north]]
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[round(lon, 4), round(lat, 4)] for lon, lat in ring]],
        },
    }


def wait_for_map(page: Page) -> Page:
    """The map is coloured and its controls work."""
    page.wait_for_selector("[data-risk-map][data-ready]")
    return page


def commune_point(page: Page, row: int, column: int) -> dict[str, float]:
    """The middle of a commune's square, in px from the corner of the map; the map must show all of it.

    The outline is found by its colours on the canvas, so that nothing is assumed of zoom or padding.
    """
    left, top, right, bottom = page.evaluate(
        """() => {
            const canvas = document.querySelector("[data-map] .area-sheets canvas");
            const { width, height } = canvas;
            const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const pixels = copy.getImageData(0, 0, width, height).data;
            let box = [width, height, 0, 0];
            for (let y = 0; y < height; y++) for (let x = 0; x < width; x++)
                if (pixels[4 * (y * width + x) + 3] > 200)
                    box = [Math.min(box[0], x), Math.min(box[1], y),
                           Math.max(box[2], x), Math.max(box[3], y)];
            const scale = width / canvas.clientWidth;
            const at = canvas.getBoundingClientRect();
            const map = document.querySelector("[data-map]").getBoundingClientRect();
            return [box[0] / scale + at.x - map.x, box[1] / scale + at.y - map.y,
                    box[2] / scale + at.x - map.x, box[3] / scale + at.y - map.y];
        }"""
    )
    return {
        "x": left + (right - left) * (column + 0.3) / 4,
        "y": top + (bottom - top) * (row + 0.3) / 3,
    }


def colour_at(page: Page, point: dict[str, float]) -> str:
    """The colour painted at a point of the map, as #rrggbb."""
    red, green, blue = page.evaluate(
        """({ x, y }) => {
            const canvas = document.querySelector("[data-map] .area-sheets canvas");
            const at = canvas.getBoundingClientRect();
            const map = document.querySelector("[data-map]").getBoundingClientRect();
            const scale = canvas.width / canvas.clientWidth;
            const [px, py] = [(x + map.x - at.x) * scale, (y + map.y - at.y) * scale];
            const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
            copy.drawImage(canvas, -Math.floor(px), -Math.floor(py));
            return [...copy.getImageData(0, 0, 1, 1).data.slice(0, 3)];
        }""",
        point,
    )
    return f"#{red:02x}{green:02x}{blue:02x}"
