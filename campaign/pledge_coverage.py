"""How many signed of how many, from the hamlet up to the province, and who has said nothing. Reads only.

The rule. An area's own number of a kind is the latest that was said for it. A commune has its own number;
where it said none, the sum of what its hamlets said. A commune that has both shows its own, and names the
sum of its hamlets where that differs. Districts and provinces are sums of communes. Coverage is signed over
total. A gap is a commune of which nothing is known, or, where a commune is the sum of its hamlets, a hamlet
that said nothing. A sum is as of the days of its parts: the oldest and the newest of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from campaign.enums import PledgeKind
from campaign.models import Campaign, PledgeCount
from core.enums import AreaKind
from core.models import Area, AreaQuerySet

#: Where a number comes from: said for the area itself, its hamlets', its communes', or nowhere.
OWN, HAMLETS, COMMUNES, NOTHING = "own", "hamlets", "communes", "nothing"


@dataclass(frozen=True, slots=True)
class Figure:
    """The pledges of one kind in an area, as of the days ``oldest`` to ``newest``; ``gaps``: how many."""

    signed: int = 0
    total: int = 0
    basis: str = NOTHING
    oldest: date | None = None
    newest: date | None = None
    gaps: int = 0
    hamlets: Figure | None = None  # beside a commune's own number: the sum of its hamlets, if they said one

    @property
    def is_known(self) -> bool:
        return self.basis != NOTHING

    @property
    def share(self) -> float | None:
        """Between 0 and 1; ``None`` where nothing is known, or there is nobody to sign."""
        return self.signed / self.total if self.total else None

    @property
    def percent(self) -> float | None:
        """For people: one decimal, rounded down, so that only all is 100."""
        return self.signed * 1000 // self.total / 10 if self.total else None

    @property
    def differs(self) -> bool:
        """Whether a commune's own number is another than its hamlets'."""
        return self.hamlets is not None and (self.hamlets.signed, self.hamlets.total) != (
            self.signed,
            self.total,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """An area with its figures by kind, and the areas below it in Vietnamese order."""

    area: Area
    figures: Mapping[str, Figure]
    below: Sequence[Place] = field(default=())

    def gaps(self) -> Iterator[tuple[Place, list[PledgeKind]]]:
        """The places that said nothing, each with the kinds; communes and hamlets only."""
        missing = [kind for kind in PledgeKind if not self.figures[kind].is_known]
        if self.area.kind in (AreaKind.DISTRICT, AreaKind.PROVINCE):
            for place in self.below:
                yield from place.gaps()
            return
        if missing:
            yield self, missing
        for hamlet in self.below:
            of_hamlet = [
                kind
                for kind in PledgeKind
                if self.figures[kind].basis == HAMLETS and not hamlet.figures[kind].is_known
            ]
            if of_hamlet:
                yield hamlet, of_hamlet

    def line(self) -> Iterator[Place]:
        """This place and all below it, from the top down."""
        yield self
        for place in self.below:
            yield from place.line()


def areas_of(campaign: Campaign, *, on: date) -> AreaQuerySet:
    """The areas of the campaign's province as they are on the day ``on``, or were when it ended."""
    days = [day for phase in campaign.phases.all() for day in (phase.first_day, phase.last_day)]
    if days:
        on = min(max(on, min(days)), max(days))
    return Area.objects.under(campaign.province).valid_on(max(on, campaign.province.valid_from))


def latest_counts(
    campaign: Campaign, areas: AreaQuerySet | Sequence[Area], *, until: date | None = None
) -> QuerySet[PledgeCount]:
    """The latest word of each of ``areas`` on each kind, those taken back among them.

    With ``until``, of those counted by that day, whenever they were entered.
    """
    words = PledgeCount.objects.filter(campaign=campaign, area__in=areas)
    if until is not None:
        words = words.filter(counted_on__lte=until)
    return words.order_by("area_id", "kind", "-id").distinct("area_id", "kind")


def coverage_of(*, campaign: Campaign, area: Area, on: date, until: date | None = None) -> Place:
    """``area`` of the campaign's province with all below it: two queries, whatever its tier.

    What was counted after ``until`` is left out.
    """
    under = areas_of(campaign, on=on).filter(Q(path=area.path) | Q(path__startswith=area.path + "/"))
    words: dict[int, dict[str, Figure]] = defaultdict(dict)
    for word in latest_counts(campaign, under, until=until):
        if not word.withdrawn:
            days = {"oldest": word.counted_on, "newest": word.counted_on}
            words[word.area_id][word.kind] = Figure(word.signed, word.total, OWN, **days)
    children: dict[int, list[Area]] = defaultdict(list)
    for each in under.in_vietnamese_order():
        children[each.parent_id].append(each)

    def place(here: Area) -> Place:
        below = tuple(place(child) for child in children[here.pk])
        own = words.get(here.pk, {})
        return Place(here, {kind: _figure(here, kind, own.get(kind), below) for kind in PledgeKind}, below)

    return place(area)


def _figure(area: Area, kind: PledgeKind, own: Figure | None, below: Sequence[Place]) -> Figure:
    if area.kind == AreaKind.HAMLET:
        return own or Figure(gaps=1)
    if area.kind != AreaKind.COMMUNE:
        return _sum(COMMUNES, [place.figures[kind] for place in below])
    hamlets = _sum(HAMLETS, [place.figures[kind] for place in below])
    if own is None:
        return hamlets if hamlets.is_known else Figure(gaps=1)
    beside = hamlets if hamlets.is_known else None
    return Figure(own.signed, own.total, OWN, own.oldest, own.newest, hamlets=beside)


def _sum(basis: str, parts: Sequence[Figure]) -> Figure:
    known = [part for part in parts if part.is_known]
    gaps = sum(part.gaps for part in parts)
    if not known:
        return Figure(gaps=gaps)
    return Figure(
        sum(part.signed for part in known),
        sum(part.total for part in known),
        basis,
        min(part.oldest for part in known),
        max(part.newest for part in known),
        gaps,
    )
