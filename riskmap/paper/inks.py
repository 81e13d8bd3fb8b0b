"""Inks: the colours, letters and words of the levels on paper. The colours are those of tokens.css."""

from dataclasses import dataclass

from riskmap.enums import RiskLevel


@dataclass(frozen=True, slots=True)
class Ink:
    """``stroke`` draws the letter in a square of 1, y down, so that no drawing depends on a font."""

    fill: str
    on_fill: str
    letter: str
    colour: str
    stroke: str


INKS = {
    RiskLevel.NO_DATA: Ink("#e6e6e6", "#000000", "–", "", ""),
    RiskLevel.NEW_NORMAL: Ink("#3b846e", "#000000", "X", "xanh", "M.12 0L.88 1M.88 0L.12 1"),
    RiskLevel.ELEVATED: Ink("#ebbd00", "#000000", "V", "vàng", "M.08 0L.5 1L.92 0"),
    RiskLevel.HIGH: Ink(
        "#d27a2c",
        "#000000",
        "C",
        "cam",
        "M.9 .22C.8 .06 .66 0 .54 0C.27 0 .1 .22 .1 .5C.1 .78 .27 1 .54 1C.66 1 .8 .94 .9 .78",
    ),
    RiskLevel.VERY_HIGH: Ink(
        "#be0d00",
        "#ffffff",
        "Đ",
        "đỏ",
        "M.2 0V1H.5C.78 1 .94 .8 .94 .5C.94 .2 .78 0 .5 0ZM.02 .5H.52",
    ),
}
