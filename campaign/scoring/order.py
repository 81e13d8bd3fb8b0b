"""Order: who stands before whom, by the facts a plan names.

Units of a class are compared by the facts of the order one after another, then by those that part who are
equal. Which of two numbers is better belongs to the fact: nobody is put first for relapsing more. A unit of
which there is nothing to say stands after all others in that fact. Who are equal in all of them share a
rank, and as many ranks are left out after it: 1, 2, 2, 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from campaign.scoring.facts import CLASS_KEYS, Facts
from campaign.scoring.spans import NONE
from campaign.scoring.targets import NO_TARGET
from core.errors import DomainError
from riskmap.rules.scale import NO_DATA

ORDER, TIE = "order", "tie"


class ScoringRefused(DomainError):
    """The order of a plan cannot be used."""

    code = "scoring_refused"


@dataclass(frozen=True, slots=True)
class Comparison:
    """``read`` gives float64 (units,), NaN where there is nothing to say; the most or the least is best."""

    read: Callable[[Facts], np.ndarray]
    most_is_best: bool = False

    def key(self, facts: Facts) -> np.ndarray:
        """Ascending from the best; who has nothing to say comes last."""
        values = self.read(facts).astype(np.float64)
        return np.where(np.isnan(values), np.inf, -values if self.most_is_best else values)


def _of_levels(name: str, *, nothing: int = NONE) -> Callable[[Facts], np.ndarray]:
    def read(facts: Facts) -> np.ndarray:
        values = getattr(facts.levels, name)
        return np.where(values == nothing, np.nan, values)

    return read


def _target_met(facts: Facts) -> np.ndarray:
    said = facts.registered
    return np.where(said.target_state == NO_TARGET, np.nan, said.target_met)


#: All that a plan may order by.
VOCABULARY = {
    "level_at_end": Comparison(_of_levels("level_at_end", nothing=NO_DATA)),
    "lowest_level": Comparison(_of_levels("lowest_level", nothing=NO_DATA)),
    "steps_lowered": Comparison(_of_levels("steps_lowered"), most_is_best=True),
    "days_to_green": Comparison(_of_levels("days_to_green")),
    "days_from_very_high": Comparison(_of_levels("days_from_very_high")),
    "days_green": Comparison(_of_levels("days_green"), most_is_best=True),
    "longest_green": Comparison(_of_levels("longest_green"), most_is_best=True),
    "green_run": Comparison(_of_levels("green_run"), most_is_best=True),
    "climbs": Comparison(_of_levels("climbs")),
    "relapses": Comparison(_of_levels("relapses")),
    "provisional_days": Comparison(_of_levels("provisional_days")),
    "cases": Comparison(lambda facts: facts.cases),
    "cases_per_100k": Comparison(lambda facts: facts.cases_per_100k),
    "target_met": Comparison(_target_met, most_is_best=True),
}


@dataclass(frozen=True, slots=True)
class Scoring:
    """How a plan orders the units of a class: words of the vocabulary."""

    order: tuple[str, ...]
    ties: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        return self.order + self.ties


def read_scoring(rules: Iterable[tuple[str, str]]) -> Scoring:
    """The order from the plan's rules, each a fact and its role (``order`` or ``tie``), in their order.

    Raises ``ScoringRefused`` with what to put right.
    """
    named: dict[str, str] = {}
    for fact, role in rules:
        if fact not in VOCABULARY:
            raise ScoringRefused(
                f"Không có tiêu chí xếp hạng “{fact}”: hãy chọn trong {', '.join(VOCABULARY)}."
            )
        if role not in (ORDER, TIE):
            raise ScoringRefused(
                f"Tiêu chí “{fact}”: cách dùng “{role}” không có; hãy ghi “{ORDER}” (xếp thứ tự) hoặc"
                f" “{TIE}” (khi bằng nhau)."
            )
        if fact in named:
            raise ScoringRefused(f"Tiêu chí “{fact}” được nêu hai lần: hãy giữ một lần.")
        named[fact] = role
    order, ties = (tuple(fact for fact in named if named[fact] == role) for role in (ORDER, TIE))
    if not order:
        raise ScoringRefused("Thứ tự xếp hạng còn trống: hãy nêu ít nhất một tiêu chí để xếp thứ tự.")
    return Scoring(order, ties)


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Arrays (units,) of int32. Ranks count within a group and class; a unit that does not compete has 0.

    ``sharing`` is how many units have the rank, this one included. ``after`` is the row of a unit of the next
    better rank and ``decided_by`` the place in ``Scoring.facts`` of the first fact in which the two
    differ: -1 both for the first.
    """

    rank: np.ndarray
    sharing: np.ndarray
    after: np.ndarray
    decided_by: np.ndarray


def rank_units(
    facts: Facts, scoring: Scoring, *, group: np.ndarray | None = None, competing: np.ndarray | None = None
) -> Ranking:
    """Rank the units of each class, and of each ``group`` (units,) of whole numbers apart.

    ``competing`` (units,) of bool leaves out those that are only shown. The order of rows changes no rank.
    """
    units = facts.units
    ranking = Ranking(*(np.full(units, empty, np.int32) for empty in (0, 0, -1, -1)))
    rows = np.arange(units) if competing is None else np.flatnonzero(competing)
    if not len(rows):
        return ranking
    league = facts.unit_class.astype(np.int64)
    if group is not None:
        league = np.asarray(group, np.int64) * len(CLASS_KEYS) + league
    keys = [VOCABULARY[fact].key(facts) for fact in scoring.facts]
    order = rows[np.lexsort([key[rows] for key in (*reversed(keys), league)])]
    # Row by row of the order, whether it differs from the one before: in league, then in each key.
    opens = np.append(True, league[order][1:] != league[order][:-1])
    differs = np.stack([np.append(True, key[order][1:] != key[order][:-1]) for key in keys])
    leads = opens | differs.any(axis=0)
    place = np.arange(len(order))
    league_start = np.maximum.accumulate(np.where(opens, place, 0))
    block_start = np.maximum.accumulate(np.where(leads, place, 0))
    starts = np.flatnonzero(leads)
    ranking.rank[order] = block_start - league_start + 1
    ranking.sharing[order] = np.repeat(np.diff(starts, append=len(order)), np.diff(starts, append=len(order)))
    follows = block_start > league_start
    ranking.after[order] = np.where(follows, order[block_start - 1], -1)
    ranking.decided_by[order] = np.where(follows, differs.argmax(axis=0)[block_start], -1)
    return ranking
