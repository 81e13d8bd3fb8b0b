"""The facts of one unit read day by day, as a person with a calendar would: slow, and written another way."""

from __future__ import annotations

from itertools import pairwise

GREEN, VERY_HIGH = 1, 4


def read_slowly(levels: list[int], provisional: list[bool]) -> dict[str, object]:
    """``levels`` of each day, 0 where there is none; names as in ``campaign.scoring.facts``."""
    known = [level for level in levels if level]
    lowest = min(known, default=0)
    green = [level == GREEN for level in levels]
    streaks = [0]
    for is_green in green:
        streaks.append(streaks[-1] + 1 if is_green else 0)
    run = streaks[-1]
    green_since = len(levels) - run if run else None
    last_very_high = max((day for day, level in enumerate(levels) if level == VERY_HIGH), default=None)
    steps = levels[0] - levels[-1] if levels[0] and levels[-1] else None
    climbs, relapses = climbs_and_relapses(known)
    to_green = None if green_since is None or last_very_high is None else green_since - last_very_high
    return {
        "level_at_start": levels[0],
        "level_at_end": levels[-1],
        "lowest_level": lowest,
        "lowest_since": levels.index(lowest) if known else None,
        "steps_lowered": steps,
        "last_very_high": last_very_high,
        "green_since": green_since,
        "days_to_green": green_since,
        "days_from_very_high": to_green,
        "days_green": sum(green),
        "longest_green": max(streaks),
        "green_run": run,
        "climbs": climbs,
        "relapses": relapses,
        "provisional_days": sum(mark for mark, level in zip(provisional, levels, strict=True) if level),
        "days_without_level": len(levels) - len(known),
    }


def climbs_and_relapses(known: list[int]) -> tuple[int, int]:
    climbs = relapses = 0
    climbing = fallen = False
    for yesterday, today in pairwise(known):
        if today < yesterday:
            climbing, fallen = False, True
        elif today > yesterday and not climbing:
            climbing = True
            climbs += 1
            relapses += fallen
    return climbs, relapses


def read_target_slowly(levels: list[int], target: int, due: int) -> tuple[str, int | None]:
    """How a target of the day ``due`` stands on the last day, and since when it is, or was, held."""

    def held_since(day: int) -> int | None:
        if not 1 <= levels[day] <= target:
            return None
        while day and 1 <= levels[day - 1] <= target:
            day -= 1
        return day

    last = len(levels) - 1
    if due > last:
        since = held_since(last)
        return ("ahead" if since is None else "held"), since
    if (since := held_since(due)) is not None:
        return "met", since
    since = held_since(last)
    return ("missed" if since is None else "late"), since


def rank_slowly(units: list[tuple], key: list) -> list[int]:
    """Competition ranks: one more than the number of units of the same class that are strictly better."""
    return [
        1 + sum(other == one and key[there] < key[here] for there, other in enumerate(units))
        for here, one in enumerate(units)
    ]
