"""Words and numbers that all parts of the review of a phase share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, groupby

from core.letters import Align, Paragraph, Series, Style
from core.vietnamese import sort_key
from riskmap.enums import RiskLevel
from riskmap.paper.inks import INKS

COMMUNES = "xã, phường, thị trấn"
NO_DATA = "chưa có số liệu"
#: As many places are named in a sentence; more are counted by district.
NAMED = 40
#: The levels as bars stack them and tables have them.
SHOWN = (
    RiskLevel.NEW_NORMAL,
    RiskLevel.ELEVATED,
    RiskLevel.HIGH,
    RiskLevel.VERY_HIGH,
    RiskLevel.NO_DATA,
)
SERIES = {
    level: Series(INKS[level].colour or NO_DATA, INKS[level].letter, INKS[level].fill, INKS[level].on_fill)
    for level in SHOWN
}
NUMBER = Align.RIGHT


class Captions:
    """“Bảng 1. …”, “Hình 1. …”: each kind counted for itself."""

    def __init__(self) -> None:
        self._tables, self._figures = count(1), count(1)

    def table(self, words: str) -> Paragraph:
        return Paragraph(f"Bảng {next(self._tables)}. {words}", Style.CAPTION)

    def figure(self, words: str) -> Paragraph:
        return Paragraph(f"Hình {next(self._figures)}. {words}", Style.CAPTION)


def colour(level: int) -> str:
    """“xanh”."""
    return INKS[RiskLevel(level)].colour or NO_DATA


def percent(part: int, whole: int) -> str:
    """“95,3%”, rounded down, so that only all is 100."""
    return percent_words(part * 1000 // whole / 10 if whole else None)


def percent_words(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}%".replace(".", ",").replace(",0%", "%")


def share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({percent(part, whole)})"


def signed(number: int) -> str:
    return f"+{number}" if number > 0 else str(number).replace("-", "−")


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def names_of(places: Sequence[Sequence[str]]) -> str:
    """“: Huyện Bác Ái (Xã Phước Chính, Xã Phước Đại)”; of many, how many of each district."""
    if all(name == district for name, district in places):
        return f": {', '.join(name for name, _district in places)}"
    ordered = sorted(places, key=lambda each: sort_key(each[1]))
    told = []
    for district, rows in groupby(ordered, key=lambda each: each[1]):
        names = [name for name, _district in rows]
        said = ", ".join(names) if len(places) <= NAMED else str(len(names))
        told.append(f"{district} ({said})" if district else said)
    return f": {', '.join(told)}" if told else ""
