"""Heading: the upper part of a letter, line by line, and what else both printers must say alike."""

from __future__ import annotations

from dataclasses import dataclass

from core.letters import geometry
from core.letters.letter import DRAFT, Letter, Signature
from core.letters.typeface import width_mm
from core.letters.wording import roman

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
RECIPIENTS = "Nơi nhận:"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the heading; ``rule`` is the length in millimetres of the line drawn below it."""

    text: str
    points: float
    bold: bool = False
    italic: bool = False
    rule: float = 0
    above: float = 0  # points of room

    def drawn_as(self) -> dict:
        return {
            "text": self.text,
            "points": self.points,
            "bold": self.bold,
            "italic": self.italic,
            "rule": self.rule,
            "above": self.above,
        }


def columns_of_heading(*, landscape: bool) -> tuple[float, float]:
    """The widths of the issuer's half and the nation's, as on an upright page also on a lying one."""
    width = geometry.text_width(landscape=landscape)
    left = geometry.ISSUER_WIDTH * geometry.text_width(landscape=False)
    return left, width - left


def issuer_lines(letter: Letter) -> list[Line]:
    """Left: whom the issuer is under, the issuer, the number, a draft its word, what a công văn is about."""
    room = columns_of_heading(landscape=letter.landscape)[0]
    names = [name.upper() for name in letter.issuer.name]
    widest = max(width_mm(name, points=geometry.ISSUER, bold=True) for name in names)
    lines = [Line(name.upper(), geometry.SUPERIOR) for name in letter.issuer.superior]
    lines += [Line(name, geometry.ISSUER, bold=True) for name in names[:-1]]
    rule = geometry.SHARE_OF_LINE * min(widest, room)
    lines.append(Line(names[-1], geometry.ISSUER, bold=True, rule=rule))
    lines.append(Line(f"Số: {letter.number}", geometry.NUMBER, above=geometry.BETWEEN))
    if letter.draft:
        lines.append(Line(DRAFT, geometry.NUMBER, bold=True, above=geometry.BETWEEN))
    if not letter.kind and letter.subject:
        about = f"V/v {letter.subject}"
        lines.append(Line(about, geometry.SUBJECT_OF_LETTER, above=geometry.BETWEEN))
    return lines


def nation_lines(letter: Letter) -> list[Line]:
    """Right: the nation, its motto over a line as long, the place and the day."""
    return [
        Line(NATION, geometry.NATION, bold=True),
        Line(MOTTO, geometry.MOTTO, bold=True, rule=width_mm(MOTTO, points=geometry.MOTTO, bold=True)),
        Line(f"{letter.place}, {letter.day}", geometry.PLACE, italic=True, above=geometry.BETWEEN),
    ]


def title_lines(letter: Letter) -> list[Line]:
    """In the middle: the name of the kind over what it is about, with a line below. None for a công văn."""
    if not letter.kind:
        return []
    if not letter.subject:
        return [Line(letter.kind.upper(), geometry.TEXT, bold=True)]
    wide = min(
        width_mm(letter.subject, points=geometry.TEXT, bold=True), geometry.text_width(landscape=False)
    )
    return [
        Line(letter.kind.upper(), geometry.TEXT, bold=True),
        Line(letter.subject, geometry.TEXT, bold=True, rule=geometry.SHARE_OF_LINE * wide),
    ]


def appendix_titles(letter: Letter) -> list[str]:
    """“Phụ lục”, or “Phụ lục I”, “Phụ lục II” where there are several."""
    if len(letter.appendices) == 1:
        return ["Phụ lục"]
    return [f"Phụ lục {roman(number)}" for number in range(1, len(letter.appendices) + 1)]


def signature_rows(letter: Letter) -> list[tuple[Signature | None, Signature | None]]:
    """Who signs at the left and at the right; the left is free where there is one, or one too many."""
    signing = list(letter.signatures)
    rows = [(signing[place], signing[place + 1]) for place in range(0, len(signing) - 1, 2)]
    return rows if len(signing) % 2 == 0 else [*rows, (None, signing[-1])]
