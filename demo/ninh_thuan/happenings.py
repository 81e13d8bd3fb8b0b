"""What can happen in the demo's story. Units are named by their code, people by their account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from zoneinfo import ZoneInfo

from demo.ninh_thuan.simulate import KINDS

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

Numbers = tuple[int, ...]  # in the order of KINDS; F1 is left out where the source does not say
NOTHING: Numbers = (0,) * len(KINDS)
Cell = tuple[str, date]  # a commune or hamlet, and a day
DayOfDistrict = tuple[str, date]


class Source(Enum):
    """Who speaks."""

    DISTRICTS = "districts"
    CDC = "cdc"


@dataclass(frozen=True)
class Report:
    """What was sent at once. ``by`` is empty where it came in one file for many districts.

    ``day`` is none for a correction. ``waits``: a correction that nobody confirms within the story.
    """

    at: datetime
    by: str
    reason: str
    rows: dict[Cell, Numbers]
    day: date | None = None
    document: str = ""
    source: Source = Source.DISTRICTS
    waits: bool = False


@dataclass(frozen=True)
class Declaration:
    at: datetime
    commune: str
    kind: str
    since: date
    until: date
    document: str


@dataclass(frozen=True)
class Decision:
    at: datetime
    commune: str
    level: str
    since: date
    until: date
    reason: str
    document: str


@dataclass(frozen=True)
class Confirmation:
    """The second person confirms a declaration or decision; without one, all corrections that wait."""

    at: datetime
    of: Declaration | Decision | None = None


@dataclass(frozen=True)
class Acceptance:
    """Sở Y tế accepts days of districts, all at once."""

    at: datetime
    days: tuple[DayOfDistrict, ...]


@dataclass(frozen=True)
class Return:
    """Sở Y tế sends a day back to its district."""

    at: datetime
    day: DayOfDistrict
    reason: str


@dataclass(frozen=True)
class Leave:
    """Sở Y tế lets accepted numbers of communes and days be changed for a time."""

    at: datetime
    cells: tuple[Cell, ...]
    reason: str
    expires_at: datetime


@dataclass(frozen=True)
class CutOff:
    """The map of ``at`` is published some minutes later."""

    at: datetime
    published_at: datetime


@dataclass(frozen=True)
class Reading:
    """Everybody has read what is in their inbox."""

    at: datetime


Event = Report | Declaration | Decision | Confirmation | Acceptance | Return | Leave | CutOff | Reading
