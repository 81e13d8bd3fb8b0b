"""Pace: how often one address may ask for what costs work, counted by each process for itself."""

from __future__ import annotations

from collections import Counter

SECONDS = 60


class Pace:
    """So many a minute of the clock for each address."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._minute = 0
        self._asked: Counter[str] = Counter()

    def allows(self, address: str, *, seconds: float) -> bool:
        """Whether the address may still ask at ``seconds`` of the clock; asking counts."""
        minute = int(seconds // SECONDS)
        if minute != self._minute:
            self._minute, self._asked = minute, Counter()
        self._asked[address] += 1
        return self._asked[address] <= self.per_minute
