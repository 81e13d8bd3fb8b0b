"""Small worlds for the rule: areas by name, days by number, everything reported unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from riskmap.rules.assess import Assessment, assess
from riskmap.rules.facts import NEVER, UNKNOWN, Decided, Declarations, Facts
from riskmap.rules.ruleset import RuleSet, load_rule_set
from riskmap.rules.scale import COMMUNE, DISTRICT, HAMLET, LEVEL_KEYS, NO_DATA, PROVINCE

FIRST_DAY = date(2021, 7, 1)
DECREE = load_rule_set("qd_2686_2021")

#: What makes a commune of its own accord have a level, all on the day given.
CAUSES = {
    "very_high": {"unknown_source": 2},
    "high": {"unknown_source": 1},
    "elevated": {"close_contacts": 1},
    "new_normal": {},
}


@dataclass
class World:
    """Built up by name; ``facts()`` turns it into arrays. Days are indices from ``FIRST_DAY``."""

    days: int = 14
    series_start: int = 0
    names: list[str] = field(default_factory=list)
    tiers: list[int] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    valid: list[tuple[int, int]] = field(default_factory=list)
    counts: dict[tuple[str, str, int], int] = field(default_factory=dict)
    silent: set[tuple[str, int]] = field(default_factory=set)
    declared: list[tuple[str, str, int, int]] = field(default_factory=list)
    decided: list[tuple[str, str, int, int]] = field(default_factory=list)
    borders: set[tuple[str, str]] = field(default_factory=set)

    def add(
        self, tier: int, name: str, parent: str | None, people: int | None, valid: tuple[int, int]
    ) -> str:
        self.names.append(name)
        self.tiers.append(tier)
        self.parents.append(-1 if parent is None else self.names.index(parent))
        self.people.append(UNKNOWN if people is None else people)
        self.valid.append(valid)
        return name

    def province(self, name: str = "tỉnh", people: int | None = None) -> str:
        return self.add(PROVINCE, name, None, people, (-999, NEVER))

    def district(self, name: str = "huyện", parent: str = "tỉnh", people: int | None = None) -> str:
        return self.add(DISTRICT, name, parent, people, (-999, NEVER))

    def commune(
        self,
        name: str,
        parent: str = "huyện",
        people: int | None = None,
        valid: tuple[int, int] = (-999, NEVER),
        level: str = "new_normal",
    ) -> str:
        """A commune that has ``level`` by its own cases on the last day."""
        self.add(COMMUNE, name, parent, people, valid)
        for kind, number in CAUSES[level].items():
            self.count(name, kind, self.days - 1, number)
        return name

    def hamlet(self, name: str, parent: str) -> str:
        return self.add(HAMLET, name, parent, None, (-999, NEVER))

    def count(self, name: str, kind: str, day: int, number: int) -> None:
        self.counts[name, kind, day] = number

    def silence(self, name: str, *days: int) -> None:
        """The area sends no report of these days."""
        self.silent |= {(name, day) for day in days}

    def declare(self, name: str, kind: str, since: int = -99, until: int = NEVER) -> None:
        self.declared.append((name, kind, since, until))

    def decide(self, name: str, level: str, since: int, until: int) -> None:
        self.decided.append((name, level, since, until))

    def touch(self, one: str, other: str) -> None:
        self.borders |= {(one, other), (other, one)}

    def facts(self) -> Facts:
        n, row = len(self.names), {name: i for i, name in enumerate(self.names)}
        tier = np.array(self.tiers, np.int8)
        reported = np.repeat((tier >= COMMUNE)[:, None], self.days, axis=1)
        reported[:, : self.series_start] = False
        for name, day in self.silent:
            reported[row[name], day] = False
        counts: dict[str, np.ndarray] = {}
        for (name, kind, day), number in self.counts.items():
            counts.setdefault(kind, np.zeros((n, self.days), np.int32))[row[name], day] = number
        declared = {
            kind: Declarations(
                *(
                    np.array(column, np.int32)
                    for column in zip(
                        *((row[name], since, until) for name, k, since, until in self.declared if k == kind),
                        strict=True,
                    )
                )
            )
            for kind in {each[1] for each in self.declared}
        }
        edges = np.array(sorted((row[a], row[b]) for a, b in self.borders), np.int32).reshape(-1, 2)
        return Facts(
            first_day=FIRST_DAY,
            days=self.days,
            lead=0,
            tier=tier,
            parent=np.array(self.parents, np.int32),
            valid_from=np.array([each[0] for each in self.valid], np.int32),
            valid_to=np.array([each[1] for each in self.valid], np.int32),
            series_start=np.full(n, self.series_start, np.int32),
            first_report=np.where(reported.any(axis=1), reported.argmax(axis=1), NEVER).astype(np.int32),
            population=np.array(self.people, np.int64),
            reported=reported,
            counts=counts,
            declared=declared,
            decided=Decided(
                np.array([row[each[0]] for each in self.decided], np.int32),
                np.array([each[2] for each in self.decided], np.int32),
                np.array([each[3] for each in self.decided], np.int32),
                np.array([LEVEL_KEYS.index(each[1]) for each in self.decided], np.int8),
            )
            if self.decided
            else None,
            neighbours=edges[:, 1].copy(),
            neighbour_start=np.searchsorted(edges[:, 0], np.arange(n + 1)).astype(np.int64),
        )

    def assess(self, rule_set: RuleSet = DECREE) -> Seen:
        return Seen(self, rule_set, assess(rule_set, self.facts(), all_criteria=True))


def lone_commune(days: int, **kwargs) -> World:
    """A province of one district of one commune, ``xã``."""
    world = World(days=days, **kwargs)
    world.province()
    world.district()
    world.commune("xã")
    return world


@dataclass
class Seen:
    """An assessment read by name and in words."""

    world: World
    rule_set: RuleSet
    assessment: Assessment

    def level(self, name: str, day: int = -1) -> str:
        return LEVEL_KEYS[self.assessment.level[self.world.names.index(name), day]]

    def levels(self, name: str) -> str:
        """A letter a day: n(o data) g(reen) y(ellow) o(range) r(ed)."""
        return "".join("ngyor"[level] for level in self.assessment.level[self.world.names.index(name)])

    def provisional(self, name: str) -> str:
        """A mark a day: ? provisional, . final."""
        return "".join(".?"[int(each)] for each in self.assessment.provisional[self.world.names.index(name)])

    def met(self, name: str, day: int = -1) -> tuple[str, ...]:
        """Criteria of the day's level."""
        return self.rule_set.ids_of(self.assessment.met[self.world.names.index(name), day])

    def met_any(self, name: str, day: int = -1) -> tuple[str, ...]:
        return self.rule_set.ids_of(self.assessment.met_any[self.world.names.index(name), day])

    def unknown(self, name: str, day: int = -1) -> tuple[str, ...]:
        return self.rule_set.ids_of(self.assessment.unknown[self.world.names.index(name), day])


def seen_from(facts: Facts, day: int, look_back: int, levels: np.ndarray) -> Facts:
    """The facts of a later run that begins on ``day``, when ``levels`` (areas, days before it) are known.

    ``facts`` has no look-back days of its own.
    """
    lead = min(look_back, day)
    shift = day - lead

    def moved(index: np.ndarray) -> np.ndarray:
        return np.where(index == NEVER, NEVER, index.astype(np.int64) - shift).astype(np.int32)

    first_report = moved(facts.first_report)
    if day:
        first_report[levels[:, day - 1] > NO_DATA] = -1  # as riskmap.facts does
    said = facts.decided
    return replace(
        facts,
        first_day=date.fromordinal(facts.first_day.toordinal() + shift),
        days=facts.days - shift,
        lead=lead,
        valid_from=moved(facts.valid_from),
        valid_to=moved(facts.valid_to),
        series_start=moved(facts.series_start),
        first_report=first_report,
        reported=facts.reported[:, shift:],
        counts={kind: counts[:, shift:] for kind, counts in facts.counts.items()},
        declared={
            kind: Declarations(each.rows, moved(each.since), moved(each.until))
            for kind, each in facts.declared.items()
        },
        decided=said and Decided(said.rows, moved(said.since), moved(said.until), said.level),
        previous=levels[:, shift:day],
    )


def shuffled(facts: Facts, order: np.ndarray) -> Facts:
    """The same facts with row ``order[i]`` in place ``i``, neighbours in another order too."""
    place, said = np.argsort(order).astype(np.int32), facts.decided
    lists = [
        place[facts.neighbours[facts.neighbour_start[row] : facts.neighbour_start[row + 1]]][::-1]
        for row in order
    ]
    return replace(
        facts,
        **{
            name: getattr(facts, name)[order]
            for name in (
                "tier",
                "valid_from",
                "valid_to",
                "series_start",
                "first_report",
                "population",
                "reported",
            )
        },
        parent=np.where(facts.parent[order] >= 0, place[facts.parent[order]], -1).astype(np.int32),
        previous=facts.previous[order],
        counts={kind: counts[order] for kind, counts in facts.counts.items()},
        declared={
            kind: Declarations(place[each.rows], each.since, each.until)
            for kind, each in facts.declared.items()
        },
        decided=said and Decided(place[said.rows], said.since, said.until, said.level),
        neighbours=np.concatenate([*lists, np.empty(0, np.int32)]).astype(np.int32),
        neighbour_start=np.concatenate(([0], np.cumsum([len(each) for each in lists]))).astype(np.int64),
    )
