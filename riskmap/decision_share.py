"""How much of a map is decided rather than computed: communes under a decision, of all, by district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.enums import AreaKind
from core.models import Area, AreaQuerySet
from riskmap.history import period_of
from riskmap.lifetimes import lasting_over, with_decision_state
from riskmap.models import Assessment, LevelOverride

SHARE_DAYS = 30


@dataclass(frozen=True, slots=True)
class DecidedShare:
    """How many ``communes`` of ``scope`` had a decided level on any day from ``first`` to ``last``."""

    scope: Area
    first: date
    last: date
    decided: int
    communes: int

    @property
    def percent(self) -> float:
        return 100 * self.decided / self.communes


def decided_shares(*, areas: AreaQuerySet, on: date) -> list[DecidedShare]:
    """Of every district (or province without districts) among ``areas``, by the last day its province shows.

    Its days end there; ``on`` is today. Of the same day in Vietnamese order. Three queries.
    """
    ends = {
        each.province.code: period_of(each, on=on)[1]
        for each in Assessment.objects.select_related("province").order_by("last_reported_day")
    }
    earliest = min(ends.values(), default=on) - timedelta(days=SHARE_DAYS - 1)
    held = LevelOverride.objects.filter(confirmed_at__isnull=False, area__kind=AreaKind.COMMUNE)
    held = with_decision_state(held, on=on).filter(lasting_over(earliest, max(ends.values(), default=on)))
    lifetimes: dict[int, list[tuple[date, date]]] = {}
    for area_id, since, holds_to in held.values_list("area_id", "since", "holds_to"):
        lifetimes.setdefault(area_id, []).append((since, holds_to))
    counted: dict[Area, list[bool]] = {}
    for commune in areas.of_kind(AreaKind.COMMUNE).select_related("parent").order_by("parent__sort_key"):
        last = ends.get(commune.path.split("/")[0], on)
        first = last - timedelta(days=SHARE_DAYS - 1)
        if commune.valid_from <= last and (commune.valid_to is None or commune.valid_to >= last):
            counted.setdefault(commune.parent, []).append(
                any(since <= last and to >= first for since, to in lifetimes.get(commune.pk, ()))
            )
    shares = []
    for scope, decided in counted.items():
        last = ends.get(scope.path.split("/")[0], on)
        first = last - timedelta(days=SHARE_DAYS - 1)
        shares.append(DecidedShare(scope, first, last, sum(decided), len(decided)))
    return sorted(shares, key=lambda share: share.last, reverse=True)
