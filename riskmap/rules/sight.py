"""Sight: what some areas of one tier see of the facts and of the levels found so far."""

from __future__ import annotations

import numpy as np

from riskmap.rules import days
from riskmap.rules.facts import NEVER, UNKNOWN, Facts
from riskmap.rules.ruleset import RuleSet
from riskmap.rules.scale import CASCADE, COMMUNE, DISTRICT, HAMLET, PROVINCE

#: The tier whose shares a tier is judged by.
TIER_BELOW = {PROVINCE: DISTRICT, DISTRICT: COMMUNE}


def rows_of_tier(facts: Facts, tier: int) -> np.ndarray:
    return np.flatnonzero(facts.tier == tier)


def levels_before(facts: Facts) -> dict[int, np.ndarray]:
    """For each level of the cascade, bits of the look-back days spent at or above it; later days are no."""
    found = {}
    for level in CASCADE:
        flags = np.zeros((facts.areas, facts.days), bool)
        flags[:, : facts.lead] = facts.previous >= level
        found[level] = days.pack(flags)
    return found


class Sight:
    """Readings for ``rows`` (areas of one tier), over the whole axis, one row of each array per area.

    ``found[level]`` are bits, over all areas, of the days at or above a level: known on the look-back days
    from the start and on the others as the cascade goes. Counts of cases are exact, or, when ``enough``
    tells how many of a kind are enough to decide, counted no further than that (much faster).
    """

    def __init__(
        self,
        rule_set: RuleSet,
        facts: Facts,
        rows: np.ndarray,
        found: dict[int, np.ndarray],
        enough: dict[str, int] | None = None,
    ) -> None:
        self.rule_set, self.facts, self.rows, self.found = rule_set, facts, rows, found
        self.tier = int(facts.tier[rows[0]])
        self.place = np.full(facts.areas + 1, -1, np.int32)  # the last one answers parent -1
        self.place[rows] = np.arange(len(rows), dtype=np.int32)
        self._enough = enough
        self._kept: dict[object, np.ndarray] = {}

    def _once(self, key: object, make) -> np.ndarray:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    # ---- the areas themselves

    def valid(self) -> np.ndarray:
        """Bits: the area exists."""
        at = self.rows
        return days.spans(self.facts.valid_from[at], self.facts.valid_to[at], self.facts.days)

    def assessed(self) -> np.ndarray:
        """Bits: the area exists and it, or any commune of it, has reported already."""
        facts, at = self.facts, self.rows
        first_report = facts.first_report[at]
        if self.tier not in (COMMUNE, HAMLET):
            below, group = self._communes_below()
            np.minimum.at(first_report, group, facts.first_report[below])
        return days.spans(np.maximum(facts.valid_from[at], first_report), facts.valid_to[at], facts.days)

    def provisional(self, of_communes: np.ndarray | None) -> np.ndarray:
        """Bits: the area exists and a report of its window is missing, or a commune of it is provisional.

        ``of_communes`` are the bits of all areas with those of the communes filled in.
        """
        facts, at = self.facts, self.rows
        if self.tier in (COMMUNE, HAMLET):
            due = days.spans(facts.series_start[at], np.full(len(at), NEVER), facts.days)
            missing = due & ~days.pack(facts.reported[in_place(at)])
            return days.any_of_last(missing, self.rule_set.window_days) & self.valid()
        below, group = self._communes_below()
        return _any_of_group(of_communes[below], group, len(at)) & self.valid()

    # ---- cases

    def cases(self, of: str) -> np.ndarray:
        """Cases in the window of a commune or hamlet: exact int64, or unsigned and counted until enough."""
        return self._once(("cases", of), lambda: self._cases(of))

    def _cases(self, of: str) -> np.ndarray:
        window, kinds, at = self.rule_set.window_days, self._kinds_read_as(of), in_place(self.rows)
        if self._enough is None:
            new = np.zeros((len(self.rows), self.facts.days), np.int64)
            for kind in kinds:
                new += self.facts.counts[kind][at]
        else:
            enough = self._enough[of]
            small = np.min_scalar_type(enough * window * max(1, len(kinds)))
            new = np.zeros((len(self.rows), self.facts.days), small)
            for kind in kinds:
                counts = self.facts.counts[kind][at]
                cut = min(enough, np.iinfo(counts.dtype).max)
                new += np.minimum(counts, counts.dtype.type(cut), out=np.empty_like(new), casting="unsafe")
        return days.window_sums(new, window) if kinds else new

    def cases_below(self, of: str) -> np.ndarray:
        """int64: cases in the window of all communes of a district or province, exactly.

        A commune that was dissolved within the window still counts for the days it reported.
        """
        return self._once(("below", of), lambda: self._cases_below(of))

    def _cases_below(self, of: str) -> np.ndarray:
        below, group = self._communes_below()
        new = np.zeros((len(self.rows), self.facts.days), np.int64)
        for kind in self._kinds_read_as(of):
            new += _sum_of_group(self.facts.counts[kind][in_place(below)], group, len(self.rows))
        return days.window_sums(new, self.rule_set.window_days)

    def unclassified(self) -> np.ndarray:
        """int64: cases in the window that do not say how they were found, of the area or of all below it."""
        counts = self.facts.counts.get("unclassified")
        if counts is None:
            return np.zeros((len(self.rows), self.facts.days), np.int64)
        if self.tier in (COMMUNE, HAMLET):
            new = counts[in_place(self.rows)].astype(np.int64)
        else:
            below, group = self._communes_below()
            new = _sum_of_group(counts[in_place(below)], group, len(self.rows))
        return days.window_sums(new, self.rule_set.window_days)

    def _kinds_read_as(self, of: str) -> list[str]:
        kinds = [of, "unclassified"] if self.rule_set["unclassified_as"] == of else [of]
        return [each for each in kinds if each in self.facts.counts]

    # ---- people, declared facts, neighbours, children

    def people(self) -> np.ndarray:
        """int64: own population, else that of all communes valid that day, else ``UNKNOWN``."""
        return self._once("people", self._people)

    def _people(self) -> np.ndarray:
        facts = self.facts
        own = facts.population[self.rows].astype(np.int64)[:, None]
        below, group = self._communes_below()
        population = facts.population[below].astype(np.int64)

        def total(weight: np.ndarray) -> np.ndarray:
            first, last = facts.valid_from[below], facts.valid_to[below]
            return days.running(group, first, last, weight, len(self.rows), facts.days)

        known = (total((population < 0).astype(np.int64)) == 0) & (total(np.ones_like(population)) > 0)
        return np.where(own >= 0, own, np.where(known, total(population), UNKNOWN))

    def declared(self, fact: str) -> np.ndarray:
        """Bits: the fact is declared of the area."""
        bits = np.zeros((len(self.rows), days.words_for(self.facts.days)), np.uint64)
        if fact in self.facts.declared:
            said = self.facts.declared[fact]
            place = self.place[said.rows]
            here = place >= 0
            spans = days.spans(said.since[here], said.until[here], self.facts.days)
            np.bitwise_or.at(bits, place[here], spans)
        return bits

    def touching(self, level: int) -> np.ndarray:
        """Bits: a neighbour is at or above the level that day."""
        start = self.facts.neighbour_start[self.rows]
        many = self.facts.neighbour_start[self.rows + 1] - start
        group = np.repeat(np.arange(len(self.rows)), many)
        edges = np.arange(len(group)) + np.repeat(start - (np.cumsum(many) - many), many)
        return _any_of_group(self.found[level][self.facts.neighbours[edges]], group, len(self.rows))

    def neighbours_at(self, level: int, day: int) -> tuple[int, ...]:
        """Rows of the neighbours of the (one) area at or above the level that day."""
        (row,) = self.rows
        start, stop = self.facts.neighbour_start[row : row + 2]
        return self._at(self.facts.neighbours[start:stop], level, day)

    def children(self) -> np.ndarray:
        """int64: areas of the tier below valid that day."""
        return self._once("children", self._children)

    def _children(self) -> np.ndarray:
        rows, group = self._children_below()
        first, last = self.facts.valid_from[rows], self.facts.valid_to[rows]
        one = np.ones(len(rows), np.int64)
        return days.running(group, first, last, one, len(self.rows), self.facts.days)

    def children_at(self, level: int) -> np.ndarray:
        """int64: areas of the tier below at or above the level that day."""
        return self._once(("children", level), lambda: self._children_at(level))

    def _children_at(self, level: int) -> np.ndarray:
        rows, group = self._children_below()
        return _sum_of_group(days.unpack(self.found[level][rows], 0, self.facts.days), group, len(self.rows))

    def children_rows_at(self, level: int, day: int) -> tuple[int, ...]:
        """Rows of the areas below (any of the rows of the sight) at or above the level that day."""
        return self._at(self._children_below()[0], level, day)

    def _at(self, rows: np.ndarray, level: int, day: int) -> tuple[int, ...]:
        return tuple(int(row) for row in rows[days.on(self.found[level][rows], day)])

    def _children_below(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the tier below that belong to the areas, and the place of the area each belongs to."""
        rows = rows_of_tier(self.facts, TIER_BELOW[self.tier])
        place = self.place[self.facts.parent[rows]]
        return rows[place >= 0], place[place >= 0]

    def _communes_below(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the communes that belong to the areas at any remove, and the place of each one's area."""
        rows = rows_of_tier(self.facts, COMMUNE)
        above = self.facts.parent[rows]
        place = self.place[above]
        if self.tier == PROVINCE:
            further = np.where(above >= 0, self.facts.parent[above], -1)
            place = np.where(place >= 0, place, self.place[further])
        return rows[place >= 0], place[place >= 0]


def in_place(rows: np.ndarray) -> np.ndarray | slice:
    """Rows one after another are read in place, without a copy."""
    if len(rows) and rows[-1] - rows[0] + 1 == len(rows) and (np.diff(rows) == 1).all():
        return slice(rows[0], rows[-1] + 1)
    return rows


def _by_group(values: np.ndarray, group: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """``values`` with those of a group side by side, where each group starts, and which group it is."""
    if (np.diff(group) < 0).any():
        order = np.argsort(group, kind="stable")
        values, group = values[order], group[order]
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    return values, starts, group[starts]


def _any_of_group(bits: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    out = np.zeros((groups, bits.shape[1]), np.uint64)
    if len(group):
        bits, starts, named = _by_group(bits, group)
        out[named] = np.bitwise_or.reduceat(bits, starts, axis=0)
    return out


def _sum_of_group(values: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    out = np.zeros((groups, values.shape[1]), np.int64)
    if len(group):
        values, starts, named = _by_group(values, group)
        sizes = np.diff(starts, append=len(values))
        total = np.zeros((len(starts), values.shape[1]), np.int64)
        for place in range(sizes.max()):  # the first of each group, the second …: a fifth of reduceat's time
            here = sizes > place
            total[here] += values[starts[here] + place]
        out[named] = total
    return out
