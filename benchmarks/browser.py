"""The city's map in Chromium: from nothing to colours, and one step of the slider."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.http import serve_portal
from benchmarks.report import Row, median, row, spread

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WINDOW = {"width": 1366, "height": 850}

SCRIPT_REACH = 2.0  # ms
FIRST_MAP_REACH = 1000  # ms

#: Milliseconds from navigation to the frame after the map said it was ready, if its canvases hold colours.
_FIRST_MAP = """() => new Promise((done, fail) => {
    setTimeout(() => fail(new Error("no map after twenty seconds")), 20000);
    const coloured = () => [...document.querySelectorAll("[data-map] canvas")].some((canvas) => {
        const { width, height } = canvas;
        const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
        const coloured = (i) => pixels[i + 3] && pixels[i] !== pixels[i + 2];
        for (let i = 0; i < pixels.length; i += 4096) if (coloured(i)) return true;
        return false;
    });
    const look = () => {
        if (document.querySelector("[data-risk-map][data-ready]")) {
            requestAnimationFrame(() => setTimeout(() => {
                const shown = performance.now();
                done(coloured() ? shown : -1);
            }));
        } else requestAnimationFrame(look);
    };
    look();
})"""

#: One step: how long scripts ran, and whether the next frame the browser drew has the new colours.
_STEPS = """async (days) => {
    const slider = document.querySelector("[data-slider]");
    const frame = () => new Promise(requestAnimationFrame);
    const drawn = async () => {
        await frame();
        await new Promise((done) => setTimeout(done));
        return performance.now();
    };
    const sheets = [...document.querySelectorAll("[data-map] canvas")];
    const picture = () => sheets.map((sheet) => sheet.toDataURL()).join();
    const step = (day) => {
        slider.value = day;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const script = [], painted = [], idle = [];
    let changed = 0;
    for (const day of days) {
        const before = picture();
        await frame(); await frame();
        const since = performance.now();
        step(day);
        script.push(performance.now() - since);
        painted.push((await drawn()) - since);
        if (picture() !== before) changed += 1;
        await frame(); await frame();
        const nothing = performance.now();
        idle.push((await drawn()) - nothing);
    }
    return { script, painted, idle, changed };
}"""


def chromium() -> str | None:
    """The path of the Chromium to measure with: that of ``CHROMIUM``, or the system's."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else CHROMIUM_NAMES
    return next((path for path in map(shutil.which, names) if path), None)


def measure_browser(*, province: str, rounds: int, steps: int = 60) -> list[Row]:
    """Raises ``NotImplementedError`` where there is no Chromium."""
    if not chromium():
        raise NotImplementedError("no Chromium here; get it with: apt-get install chromium")
    with serve_portal() as address, _browser() as new_page:
        page = f"{address}/?province={province}"
        first = []
        for number in range(rounds + 1):
            with new_page() as window:  # a context of its own: nothing is cached
                window.goto(page, wait_until="commit")
                shown = window.evaluate(_FIRST_MAP)
                assert shown > 0, "the map is ready and shows no colours"
            if number:
                first.append(shown)
        with new_page() as window:
            window.goto(page)
            window.wait_for_selector("[data-risk-map][data-ready]")
            last = int(window.get_attribute("[data-slider]", "max"))
            days = [last - 1 - number % last for number in range(steps)]
            step = window.evaluate(_STEPS, days)
    assert step["changed"] > steps / 2, "the slider moves and the map does not"
    later = median(step["painted"]) - median(step["idle"])
    return [
        row(
            "first coloured map of the city in Chromium, cold",
            f"median of {rounds} ({spread(first)} ms), from navigation to the frame with colours",
            median(first),
            "ms",
            reach=f"<= {FIRST_MAP_REACH}",
            met=median(first) <= FIRST_MAP_REACH,
        ),
        row(
            "one slider step over the city's communes: script",
            f"median of {steps} ({spread(step['script'])} ms)",
            median(step["script"]),
            "ms",
            reach=f"<= {SCRIPT_REACH:g}",
            met=median(step["script"]) <= SCRIPT_REACH,
        ),
        row(
            "one slider step: until the next frame is drawn with it",
            f"median of {steps} ({spread(step['painted'])} ms); {step['changed']} steps changed a colour",
            median(step["painted"]),
            "ms",
            against=f"the browser's own next frame: {median(step['idle']):.1f} ms",
            ratio=median(step["painted"]) / median(step["idle"]),
            reach="the next frame",
            met=later < 1000 / 60,
        ),
    ]


@contextmanager
def _browser() -> Iterator[Callable]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)

        @contextmanager
        def new_page():
            window = browser.new_context(viewport=WINDOW, locale="vi-VN")
            yield window.new_page()
            window.close()

        yield new_page
        browser.close()
