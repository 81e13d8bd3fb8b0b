"""Letters: what a paper says, in plain values and in the order of Decree 30/2020/NĐ-CP, annex I."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.letters.wording import sign_of

DRAFT = "DỰ THẢO"


class Style(StrEnum):
    """How a paragraph is set."""

    TEXT = "text"  # both edges straight, the first line indented
    GROUND = "ground"  # "Căn cứ …": the same in italics
    ACT = "act"  # "QUYẾT ĐỊNH:", bold in the middle
    PART = "part"  # "I. KẾT QUẢ": capitals, bold
    CLAUSE = "clause"  # "1. Kết quả theo địa bàn": bold
    NOTE = "note"  # small, beside the matter itself
    CENTRED = "centred"  # italics in the middle: "(Kèm theo …)"
    CAPTION = "caption"  # "Bảng 1. …": small, bold, in the middle, with what follows it


class Sign(StrEnum):
    """What stands before each of several items."""

    NUMBER = "number"  # 1. 2. 3.
    LETTER = "letter"  # a) b) c) d) đ)
    DASH = "dash"


class Align(StrEnum):
    """Where the words of a column stand."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues the paper, line by line, and whom it is under; set in capitals."""

    name: tuple[str, ...]
    superior: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``lead`` opens it in bold: "Điều 1."."""

    text: str
    style: Style = Style.TEXT
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """Points one below the other, each with its sign; numbers and letters go on from ``first``."""

    items: tuple[str, ...]
    sign: Sign = Sign.NUMBER
    first: int = 1

    @property
    def signed(self) -> list[tuple[str, str]]:
        """Each with what stands before it."""
        return [(sign_of(self.sign, number), item) for number, item in enumerate(self.items, self.first)]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values, as a form has them."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` is its share of the width of the page's text, by comparison with the others."""

    title: str
    width: float
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Band:
    """A line across a table, over the rows that belong to it."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """The head stands again on each page. A row has as many cells as there are columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...] | Band, ...]

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if not isinstance(row, Band) and len(row) != len(self.columns)]
        if wrong:
            raise ValueError(f"{len(self.columns)} columns, but a row of {len(wrong[0])} cells: {wrong[0]!r}")


@dataclass(frozen=True, slots=True)
class Series:
    """A part that every bar may have: its name in the key, and the letter that stands in it for who sees no
    colour. ``fill`` and ``ink`` are colours as "#204060"."""

    name: str
    letter: str
    fill: str
    ink: str = "#000000"


@dataclass(frozen=True, slots=True)
class Bar:
    """Whole numbers, as many as the figure has series."""

    label: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """Bars parted by series: lying one below the other, or ``upright`` side by side as days are.

    ``alt`` says in words what is seen.
    """

    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    alt: str
    upright: bool = False

    def __post_init__(self) -> None:
        if not self.bars or any(len(bar.values) != len(self.series) for bar in self.bars):
            raise ValueError(f"A figure has bars, each of {len(self.series)} values.")


Block = Paragraph | Items | Facts | Table | Figure


@dataclass(frozen=True, slots=True)
class Signature:
    """``capacity`` is line by line: "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"; ``note`` stands below it in italics."""

    capacity: tuple[str, ...]
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Appendix:
    """On pages of its own, which count from 1. ``reference`` is what it belongs to: "Kèm theo …"."""

    title: str
    blocks: tuple[Block, ...]
    reference: str = ""
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Seal:
    """By what anybody may check a paper: its code, as printed, and where to."""

    code: str
    check_at: str

    @property
    def words(self) -> str:
        return f"Mã xác minh: {self.code}. Kiểm tra tại {self.check_at}"


@dataclass(frozen=True, slots=True)
class Letter:
    """One paper. ``number`` and ``day`` are words as they stand on it: ``core.letters.wording`` makes them.

    ``kind`` names it ("Quyết định") and is empty for a công văn, whose ``subject`` then stands below the
    number after "V/v". ``moment`` is when what it says was fixed: the time that stands in the file itself.
    One signature stands at the right, beside ``recipients``; of several, two stand side by side. At the foot
    of every page stands the ``seal``, or of a ``draft`` that it is one.
    """

    issuer: Issuer
    number: str
    place: str
    day: str
    kind: str
    subject: str
    blocks: tuple[Block, ...]
    signatures: tuple[Signature, ...]
    moment: datetime
    addressees: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    appendices: tuple[Appendix, ...] = ()
    landscape: bool = False
    seal: Seal | None = None
    draft: bool = False

    @property
    def title(self) -> str:
        """The name of the file: what it is, and about what."""
        return " ".join(part for part in (self.kind, self.subject) if part)

    @property
    def foot(self) -> str:
        """What stands at the foot of every page."""
        if self.draft:
            return f"{DRAFT}: chưa có mã xác minh"
        return self.seal.words if self.seal else ""
