"""Moves: a change of colour in the words of the rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from riskmap.changes import Change
from riskmap.rules.ruleset import Criterion, RuleSet


@dataclass(frozen=True, slots=True)
class Move:
    """A change with its grounds.

    ``met`` are the criteria that give the level after it; ``gone`` are those of the level before that
    hold no longer: they are what moved an area that got better. ``decided`` when people decided the level
    after it, ``released`` when only that before.
    """

    change: Change
    met: tuple[Criterion, ...]
    gone: tuple[Criterion, ...]

    @property
    def decided(self) -> bool:
        return self.change.after.decided

    @property
    def released(self) -> bool:
        return self.change.before.decided and not self.decided


def moves_of(changes: Iterable[Change], *, rule_set: RuleSet) -> list[Move]:
    """The changes with the criteria of ``rule_set``; ids it does not know are left out."""
    known = {criterion.id: criterion for criterion in rule_set.criteria}

    def named(ids: Iterable[str]) -> tuple[Criterion, ...]:
        return tuple(known[each] for each in ids if each in known)

    def moved(change: Change) -> Move:
        left = [each for each in change.before.criteria if each not in change.after.criteria]
        return Move(change, met=named(change.after.criteria), gone=() if change.worse else named(left))

    return [moved(change) for change in changes]
