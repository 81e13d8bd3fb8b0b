"""The review of a phase on the screen, from the same values as the paper. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from awards.paper.report_parts import shortcomings
from campaign.enums import GroupKind, PledgeKind
from campaign.league_page import ProgressPage, page_of_progress
from campaign.models import Phase
from campaign.pledge_page import KIND_HEADS
from core.letters import Items
from riskmap.colours import LOOKS, Look
from riskmap.enums import MapView, RiskLevel

Content = dict[str, Any]
SHOWN = (
    RiskLevel.NEW_NORMAL,
    RiskLevel.ELEVATED,
    RiskLevel.HIGH,
    RiskLevel.VERY_HIGH,
    RiskLevel.NO_DATA,
)


@dataclass(frozen=True, slots=True)
class ColourRow:
    """How many places had a colour on the first day and on the last told; ``ends``: where they went."""

    look: Look
    start: int
    end: int
    ends: Sequence[int]

    @property
    def change(self) -> int:
        return self.end - self.start

    @property
    def fell(self) -> int:
        return -self.change


@dataclass(frozen=True, slots=True)
class Part:
    """A colour of a district's bar; places in per cent of the longest."""

    look: Look
    count: int
    x: str
    width: str
    middle: str
    wide: bool


@dataclass(frozen=True, slots=True)
class DistrictRow:
    told: Content
    parts: Sequence[Part]
    own_start: Look | None
    own_end: Look | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    label: str
    told: Content


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What the page shows; ``chart`` is that of the standings' page of the whole map."""

    phase: Phase
    content: Content
    through: date
    computed_at: datetime
    colours: Sequence[ColourRow]
    districts: Sequence[DistrictRow]
    groups: Sequence[GroupRow]
    pledges: Sequence[tuple[str, Content]]
    zones: Sequence[tuple[Content, date]]
    decisions: Sequence[tuple[Content, date]]
    shortcomings: Sequence[str]
    chart: ProgressPage

    @property
    def looks(self) -> list[Look]:
        return [row.look for row in self.colours]

    @property
    def green(self) -> int:
        return self.content["colours"]["end"][RiskLevel.NEW_NORMAL]

    @property
    def green_at_start(self) -> int:
        return self.content["colours"]["start"][RiskLevel.NEW_NORMAL]

    @property
    def units(self) -> int:
        return sum(row.told["units"] for row in self.groups)

    @property
    def registered(self) -> int:
        return sum(row.told["confirmed"] for row in self.groups)


def page_of_report(phase: Phase, content: Content) -> ReportPage:
    """The page of the values ``awards.report_content`` told."""
    through = date.fromisoformat(content["through"])
    return ReportPage(
        phase=phase,
        content=content,
        through=through,
        computed_at=datetime.fromisoformat(content["sources"]["computed_at"]),
        colours=_colours(content["colours"]),
        districts=_districts(content["districts"]),
        groups=[
            GroupRow(str(GroupKind(each["kind"]).label), each) for each in content["groups"] if each["units"]
        ],
        pledges=[(str(KIND_HEADS[PledgeKind(each["kind"])]), each) for each in content["pledges"]["kinds"]],
        zones=[(each, date.fromisoformat(each["since"])) for each in content["zones"]["standing"]],
        decisions=[(each, date.fromisoformat(each["signed_on"])) for each in content["awards"]["decisions"]],
        shortcomings=[
            item for block in shortcomings(content) if isinstance(block, Items) for item in block.items
        ],
        chart=page_of_progress(phase=phase, view=MapView(content["sources"]["view"]), on=through),
    )


def _colours(told: Content) -> list[ColourRow]:
    there = [level for level in SHOWN if told["start"][level] or told["end"][level]]
    return [
        ColourRow(
            LOOKS[level],
            told["start"][level],
            told["end"][level],
            [told["matrix"][level][end] for end in there],
        )
        for level in there
    ]


def _districts(told: Sequence[Content]) -> list[DistrictRow]:
    most = max((each["places"] for each in told), default=1)
    return [
        DistrictRow(
            each,
            _parts(each["end"], most),
            None if each["own_start"] is None else LOOKS[RiskLevel(each["own_start"])],
            None if each["own_end"] is None else LOOKS[RiskLevel(each["own_end"])],
        )
        for each in told
    ]


def _parts(counts: Sequence[int], most: int) -> list[Part]:
    parts, x = [], 0.0
    for level in SHOWN:
        if count := counts[level]:
            width = 100 * count / most
            middle = x + width / 2
            parts.append(
                Part(LOOKS[level], count, f"{x:.3f}%", f"{width:.3f}%", f"{middle:.3f}%", wide=width >= 12)
            )
            x += width
    return parts
