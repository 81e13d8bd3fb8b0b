"""The nation put into the portal's tables, through the portal's own door where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from benchmarks.nation import FIRST_DAY, Counts, Nation
from core.audit import acting
from core.enums import AreaKind
from core.models import Area, AreaNeighbour, User
from core.people import system_user
from riskmap.counts import CountRow, Coverage, Posting, post_together
from riskmap.models import CountSource

REASON = "đo tốc độ"


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """The stored areas in the order of the nation's numbers, and the one source of each province."""

    nation: Nation
    provinces: list[Area]
    communes: list[Area]
    sources: list[CountSource]
    by: User

    def postings(self, counts: Counts, *, first: int, last: int) -> list[Posting]:
        """What each province reports of these days: the rows with cases, and that the rest is zero."""
        ids = [area.pk for area in self.communes]
        days = {day: FIRST_DAY + timedelta(day) for day in range(first, last + 1)}
        rows: list[list[CountRow]] = [[] for _ in self.provinces]
        province = self.nation.province.tolist()
        for commune, day, unknown, known, isolated in counts.between(first, last).rows():
            rows[province[commune]].append(
                CountRow(
                    ids[commune], days[day], unknown_source=unknown, known_source=known, isolated=isolated
                )
            )
        return [
            Posting(source, own, [Coverage(area, days[first], days[last])])
            for source, own, area in zip(self.sources, rows, self.provinces, strict=True)
        ]

    def post_days(self, counts: Counts, *, first: int, last: int, at: datetime) -> None:
        post(self.postings(counts, first=first, last=last), by=self.by, at=at)


def post(postings: list[Posting], *, by: User, at: datetime) -> None:
    post_together(postings=postings, reason=REASON, by=by, at=at)


def load_nation(nation: Nation) -> Loaded:
    """Store the areas, who touches whom, and a source of counts for each province."""
    by = system_user()
    with acting(by=by, reason=REASON):
        provinces = _areas(AreaKind.PROVINCE, nation.province.max() + 1)
        # The province of a district is that of any commune of it.
        above = dict(zip(nation.district.tolist(), nation.province.tolist(), strict=True))
        districts = _areas(
            AreaKind.DISTRICT, len(above), [provinces[above[place]] for place in range(len(above))]
        )
        communes = _areas(
            AreaKind.COMMUNE,
            nation.communes,
            [districts[place] for place in nation.district.tolist()],
            nation.population.tolist(),
        )
        pairs = nation.borders.tolist()
        AreaNeighbour.objects.bulk_create(
            [
                AreaNeighbour(area=communes[here], neighbour=communes[there], border_m=1000.0)
                for pair in pairs
                for here, there in (pair, pair[::-1])
            ],
            batch_size=5000,
        )
        sources = CountSource.objects.bulk_create(
            CountSource(province=province, name=REASON, rank=1) for province in provinces
        )
    return Loaded(nation, provinces, communes, sources, by)


def _areas(
    kind: AreaKind, many: int, parents: list[Area] | None = None, population: list[int] | None = None
) -> list[Area]:
    width = {AreaKind.PROVINCE: 2, AreaKind.DISTRICT: 3, AreaKind.COMMUNE: 5}[kind]
    areas = []
    for place in range(many):
        code = f"{place + 1:0{width}d}"
        parent = parents[place] if parents else None
        areas.append(
            Area(
                code=code,
                name=f"{kind} {code}",
                kind=kind,
                type_word=str(kind),
                parent=parent,
                path=f"{parent.path}/{code}" if parent else code,
                valid_from=FIRST_DAY,
                population=population[place] if population else None,
                population_year=2019 if population else None,
                sort_key=f"{kind} {code}",
                search_text=f"{kind} {code}",
            )
        )
    return Area.objects.bulk_create(areas, batch_size=5000)


def at_noon(day: int) -> datetime:
    """Noon of a day of the series: when it is posted and assessed."""
    return timezone.make_aware(datetime.combine(FIRST_DAY + timedelta(day), datetime.min.time())) + timedelta(
        hours=12
    )
