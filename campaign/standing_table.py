"""A standing as people read it: groups, lines with their sentences, and who moved since the day before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
from django.utils.translation import gettext as _

from campaign.models import Phase
from campaign.scoring.facts import Facts
from campaign.scoring.order import Ranking, Scoring
from campaign.scoring.unit import UnitFacts, unit_facts
from campaign.standing_units import NOT_ASSESSED, NOT_PUBLISHED, STATE_KEYS, SUSPENDED, WITHDRAWN
from campaign.standing_words import describe, describe_rank, describe_registration
from riskmap.enums import MapView
from riskmap.models import MapEdition


class UnitRow(NamedTuple):
    """A unit as it was called then. ``unit_id`` is 0 should its code no longer be in use."""

    unit_id: int
    code: str
    name: str
    seat_code: str
    seat_path: str
    seat_name: str
    parent_name: str
    district_code: str  # of the district it lies in, or is; empty for a province's own
    district_name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a group; who does not compete has rank 0. ``registered`` is how its registration stood on
    the standing's day: ``None`` without one, else ``confirmed``, ``suspended`` or ``withdrawn``."""

    unit_id: int
    code: str
    name: str
    seat_code: str
    seat_name: str
    parent_name: str  # of what the seat lies in: two hamlets may share a name
    district_code: str
    district_name: str
    registered: str | None
    competing: bool
    unit_class: int
    rank: int
    sharing: int
    facts: UnitFacts
    words: str
    registration_words: str
    rank_words: str


@dataclass(frozen=True, slots=True, eq=False)
class GroupTable:
    """The units of a group: parallel rows. ``empty`` says why there are none, where it is not by chance."""

    code: str
    kind: str
    name: str
    empty: str
    first_day: date
    scoring: Scoring
    units: tuple[UnitRow, ...]
    competing: np.ndarray  # bool (units,)
    registered: np.ndarray  # uint8, one of STATE_KEYS
    facts: Facts
    ranking: Ranking

    @property
    def empty_words(self) -> str:
        """A sentence where there is nobody to show."""
        if self.units:
            return ""
        return {
            NOT_ASSESSED: _(
                "Tỉnh chưa đánh giá mức độ nguy cơ đến thôn, khu phố, nên chưa xếp hạng cấp này."
            ),
            NOT_PUBLISHED: _(
                "Bản đồ công bố không có thôn, khu phố; xin xem bảng xếp hạng theo số biết hiện nay."
            ),
        }.get(self.empty, _("Chưa có đơn vị nào thuộc nhóm này."))

    def rows_of_class(self, unit_class: int) -> np.ndarray:
        """The rows of a class: the ranked by rank and then by name, the others after them."""
        rows = np.flatnonzero(self.facts.unit_class == unit_class)
        rank = self.ranking.rank[rows]
        return rows[np.lexsort((rows, np.where(rank > 0, rank, len(self.units) + 1)))]

    def lines(self, rows: Iterable[int] | None = None) -> list[Line]:
        """The rows named, or all of them, in Vietnamese order."""
        return [self._line(int(row)) for row in (range(len(self.units)) if rows is None else rows)]

    def _line(self, row: int) -> Line:
        unit, facts = self.units[row], unit_facts(self.facts, row, first_day=self.first_day)
        state = int(self.registered[row])
        return Line(
            unit_id=unit.unit_id,
            code=unit.code,
            name=unit.name,
            seat_code=unit.seat_code,
            seat_name=unit.seat_name,
            parent_name=unit.parent_name,
            district_code=unit.district_code,
            district_name=unit.district_name,
            registered=STATE_KEYS[state] or None,
            competing=bool(self.competing[row]),
            unit_class=facts.unit_class,
            rank=int(self.ranking.rank[row]),
            sharing=int(self.ranking.sharing[row]),
            facts=facts,
            words=describe(facts),
            registration_words=describe_registration(facts),
            rank_words=self._rank_words(row, facts, state),
        )

    def _rank_words(self, row: int, facts: UnitFacts, state: int) -> str:
        if state == SUSPENDED:
            return _("không xếp hạng: đăng ký đang tạm dừng")
        if state == WITHDRAWN:
            return _("không xếp hạng: đã rút đăng ký")
        if not self.competing[row]:
            return _("không xếp hạng: chưa có đăng ký được xác nhận")
        above, by = int(self.ranking.after[row]), int(self.ranking.decided_by[row])
        return describe_rank(
            facts,
            rank=int(self.ranking.rank[row]),
            sharing=int(self.ranking.sharing[row]),
            above=None if above < 0 else unit_facts(self.facts, above, first_day=self.first_day),
            by=None if by < 0 else self.scoring.facts[by],
        )


@dataclass(frozen=True, slots=True, eq=False)
class StandingTable:
    """All groups of a campaign on one day of a phase. ``hash`` is empty until it is stored."""

    phase: Phase
    day: date
    view: MapView
    edition: MapEdition | None
    scoring: Scoring
    inputs: str
    groups: tuple[GroupTable, ...]
    computed_at: datetime | None = None
    hash: str = field(default="")

    def group(self, code: str) -> GroupTable | None:
        return next((group for group in self.groups if group.code == code), None)


def movements(now: GroupTable, before: GroupTable | None) -> dict[int, int | None]:
    """By unit (id), how many ranks it rose since; ``None`` where it was not ranked in this class before."""
    was = {}
    if before is not None:
        was = {
            unit.unit_id: (int(before.facts.unit_class[row]), int(before.ranking.rank[row]))
            for row, unit in enumerate(before.units)
        }
    found: dict[int, int | None] = {}
    for row, unit in enumerate(now.units):
        rank = int(now.ranking.rank[row])
        old_class, old = was.get(unit.unit_id, (-1, 0))
        same = old_class == now.facts.unit_class[row] and old > 0 and rank > 0
        found[unit.unit_id] = old - rank if same else None
    return found
