"""The five colours of the map are told apart by every eye, and never stand alone."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from riskmap.colours import LOOKS
from riskmap.enums import RiskLevel
from riskmap.paper.inks import INKS
from tests.house.vision import EYES, ciede2000, seen

ROOT = Path(__file__).resolve().parent.parent.parent
TOLD_APART, TOLD_APART_IN_GREY = 14, 8
READABLE = 4.5  # WCAG 2.2 AA, text
TOKENS = dict(
    re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})\b", (ROOT / "static/css/tokens.css").read_text().lower())
)
PALETTE = {level: TOKENS[f"level-{level.key.replace('_', '-')}"] for level in RiskLevel}

# All pairs that Sharma, Wu and Dalal published to try an implementation with (2005, table 1).
PUBLISHED = """
50 2.6772 -79.7751  50 0 -82.7485  2.0425
50 3.1571 -77.2803  50 0 -82.7485  2.8615
50 2.8361 -74.0200  50 0 -82.7485  3.4412
50 -1.3802 -84.2814  50 0 -82.7485  1.0000
50 -1.1848 -84.8006  50 0 -82.7485  1.0000
50 -0.9009 -85.5211  50 0 -82.7485  1.0000
50 0 0  50 -1 2  2.3669
50 -1 2  50 0 0  2.3669
50 2.49 -0.0010  50 -2.49 0.0009  7.1792
50 2.49 -0.0010  50 -2.49 0.0010  7.1792
50 2.49 -0.0010  50 -2.49 0.0011  7.2195
50 2.49 -0.0010  50 -2.49 0.0012  7.2195
50 -0.0010 2.49  50 0.0009 -2.49  4.8045
50 -0.0010 2.49  50 0.0010 -2.49  4.8045
50 -0.0010 2.49  50 0.0011 -2.49  4.7461
50 2.5 0  50 0 -2.5  4.3065
50 2.5 0  73 25 -18  27.1492
50 2.5 0  61 -5 29  22.8977
50 2.5 0  56 -27 -3  31.9030
50 2.5 0  58 24 15  19.4535
50 2.5 0  50 3.1736 0.5854  1.0000
50 2.5 0  50 3.2972 0  1.0000
50 2.5 0  50 1.8634 0.5757  1.0000
50 2.5 0  50 3.2592 0.3350  1.0000
60.2574 -34.0099 36.2677  60.4626 -34.1751 39.4387  1.2644
63.0109 -31.0961 -5.8663  62.8187 -29.7946 -4.0864  1.2630
61.2901 3.7196 -5.3901  61.4292 2.2480 -4.9620  1.8731
35.0831 -44.1164 3.7933  35.0232 -40.0716 1.5901  1.8645
22.7233 20.0904 -46.6940  23.0331 14.9730 -42.5619  2.0373
36.4612 47.8580 18.3852  36.2715 50.5065 21.2231  1.4146
90.8027 -2.0831 1.4410  91.1528 -1.6435 0.0447  1.4441
90.9257 -0.5406 -0.9208  88.6381 -0.8985 -0.7239  1.5381
6.7747 -0.2908 -2.4247  5.8714 -0.0985 -2.2286  0.6377
2.0776 0.0795 -1.1350  0.9033 -0.0636 -0.5514  0.9082
"""


@pytest.mark.parametrize("line", PUBLISHED.strip().splitlines())
def test_difference_is_the_published_one(line):
    l1, a1, b1, l2, a2, b2, published = map(float, line.split())

    assert ciede2000((l1, a1, b1), (l2, a2, b2)) == pytest.approx(published, abs=5e-5)


@pytest.mark.parametrize("eyes", EYES)
def test_white_and_grey_are_the_same_to_every_eye(eyes):
    for grey in ("#ffffff", "#767676"):
        assert ciede2000(seen(grey, eyes), seen(grey, "normal")) < 0.02


@pytest.mark.parametrize(
    ("eyes", "confused"),
    [("protan", "#9b3c00 #3d5a00"), ("deutan", "#b34700 #6b6b00"), ("tritan", "#3b846e #4a82a0")],
)
def test_eyes_that_see_fewer_colours_bring_them_nearer(eyes, confused):
    one, other = confused.split()

    assert (
        ciede2000(seen(one, eyes), seen(other, eyes))
        < ciede2000(seen(one, "normal"), seen(other, "normal")) / 2
    )


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize(("one", "other"), list(combinations(RiskLevel, 2)), ids=lambda level: level.key)
def test_two_levels_are_told_apart(one, other, eyes):
    difference = ciede2000(seen(PALETTE[one], eyes), seen(PALETTE[other], eyes))

    assert difference >= (TOLD_APART_IN_GREY if eyes == "grey" else TOLD_APART)


def test_paper_has_the_colours_of_the_screen():
    assert {level: ink.fill for level, ink in INKS.items()} == PALETTE
    assert INKS[RiskLevel.VERY_HIGH].on_fill == TOKENS["on-level-very-high"]
    assert {ink.on_fill for level, ink in INKS.items() if level != RiskLevel.VERY_HIGH} == {
        TOKENS["on-level"]
    }


def test_colours_of_levels_are_written_nowhere_else():
    written = re.compile("|".join(PALETTE[level] for level in RiskLevel if level != RiskLevel.NO_DATA), re.I)

    assert [
        path.relative_to(ROOT).as_posix()
        for room in ("core", "riskmap", "static", "templates", "config")
        for path in sorted((ROOT / room).rglob("*"))
        if path.suffix in (".py", ".css", ".js", ".html") and written.search(path.read_text())
    ] == ["riskmap/paper/inks.py", "static/css/tokens.css"]


@pytest.mark.parametrize("level", RiskLevel, ids=lambda level: level.key)
def test_letter_is_read_on_its_colour(level):
    on = TOKENS["on-level-very-high" if level == RiskLevel.VERY_HIGH else "on-level"]
    dark, light = sorted(_luminance(colour) for colour in (on, PALETTE[level]))

    assert (light + 0.05) / (dark + 0.05) >= READABLE


def test_each_level_has_a_letter_of_its_own_on_screen_and_paper():
    assert [LOOKS[level].letter for level in RiskLevel] == ["–", "X", "V", "C", "Đ"]
    assert [INKS[level].letter for level in RiskLevel] == [str(LOOKS[level].letter) for level in RiskLevel]
    assert all(INKS[level].stroke for level in RiskLevel if level != RiskLevel.NO_DATA)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
