"""A map in Chromium: from nothing to colours, and one step of the slider."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.http import serve_portal
from benchmarks.report import Row, median, row, spread

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WINDOW = {"width": 1366, "height": 850}

FRAME = 1000 / 60  # ms

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


@dataclass(frozen=True, slots=True)
class Reach:
    """What is promised of a map, in ms; where ``drawn`` is not said, the next frame is."""

    first_map: float = 1000
    script: float | None = 2.0
    drawn: float | None = None


def chromium() -> str | None:
    """The path of the Chromium to measure with: that of ``CHROMIUM``, or the system's."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else CHROMIUM_NAMES
    return next((path for path in map(shutil.which, names) if path), None)


def measure_browser(
    *, province: str, place: str, rounds: int, reach: Reach = Reach(), steps: int = 60
) -> list[Row]:
    """``place`` names the map in the table. Raises ``NotImplementedError`` where there is no Chromium."""
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
    return describe(place=place, first=first, step=step, reach=reach)


def describe(*, place: str, first: list[float], step: dict, reach: Reach) -> list[Row]:
    """Rows of what was measured; ``step`` is what ``_STEPS`` gives. All in ms."""
    steps = len(step["script"])
    script, drawn, idle = (median(step[name]) for name in ("script", "painted", "idle"))
    return [
        row(
            f"first coloured map of {place} in Chromium, cold",
            f"median of {len(first)} ({spread(first)} ms), from navigation to the frame with colours",
            median(first),
            "ms",
            reach=f"<= {reach.first_map:g}",
            met=median(first) <= reach.first_map,
        ),
        row(
            f"one slider step over {place}: script",
            f"median of {steps} ({spread(step['script'])} ms)",
            script,
            "ms",
            reach=f"<= {reach.script:g}" if reach.script else None,
            met=script <= reach.script if reach.script else None,
        ),
        row(
            f"one slider step over {place}: until the next frame is drawn with it",
            f"median of {steps} ({spread(step['painted'])} ms); {step['changed']} steps changed a colour",
            drawn,
            "ms",
            against=f"the browser's own next frame: {idle:.1f} ms",
            ratio=drawn / idle,
            reach=f"<= {reach.drawn:g}" if reach.drawn else "the next frame",
            met=drawn <= reach.drawn if reach.drawn else drawn - idle < FRAME,
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
