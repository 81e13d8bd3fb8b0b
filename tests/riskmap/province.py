"""A small province for tests: units, borders and a source, laid down as the tables want them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.models import Area, AreaNeighbour, User
from core.people import system_user
from core.vietnamese import fold, sort_key
from riskmap.counts import CountRow, Coverage, post_counts
from riskmap.day_numbers import DayOf, numbers_of
from riskmap.day_reports import Seen, accept_days
from riskmap.models import CountSource
from tests.factories import UserFactory

FIRST = date(2021, 8, 1)
AT = datetime(2021, 12, 31, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def day(number: int) -> date:
    """Day ``number`` of the tests' calendar, 0 being 01/08/2021."""
    return FIRST + timedelta(days=number)


@dataclass
class Province:
    area: Area
    districts: dict[str, Area]
    communes: dict[str, Area]
    sources: dict[str, CountSource] = field(default_factory=dict)

    def source(self, name: str = "huyện") -> CountSource:
        if name not in self.sources:
            self.sources[name] = CountSource.objects.create(
                province=self.area, name=name, rank=len(self.sources) + 1
            )
        return self.sources[name]

    def post(
        self,
        cases: Mapping[tuple[str, int], int | dict[str, int]] = {},
        *,
        complete: tuple[int, int] | None = None,
        source: str = "huyện",
        reason: str = "báo cáo ngày",
        document: str = "",
        by: User | None = None,
        at: datetime = AT,
    ):
        """Post ``{(commune code, day number): cases or {column: number}}``; ``complete`` fills with zeros."""
        rows = [
            CountRow(
                self.communes[code].pk,
                day(number),
                **(value if isinstance(value, dict) else {"unknown_source": value}),
            )
            for (code, number), value in cases.items()
        ]
        coverages = (
            [Coverage(self.area, day(complete[0]), day(complete[1]), contacts=True)] if complete else []
        )
        return post_counts(
            source=self.source(source),
            rows=rows,
            coverages=coverages,
            reason=reason,
            document=document,
            by=by or system_user(),
            at=at,
        )

    def accept(self, *numbers: int, districts: Iterable[str] = (), by: User | None = None, at: datetime = AT):
        """Accept days of the districts (of all, without) as they are, by somebody who entered nothing."""
        scopes = [self.districts[code] for code in districts or self.districts]
        items = [DayOf(scope.pk, day(number)) for scope in scopes for number in numbers]
        seen = [Seen(*item, numbers.last_post_id) for item, numbers in numbers_of(items).items()]
        return accept_days(items=seen, by=by or UserFactory(), at=at)


def make_province(
    code: str = "90",
    *,
    districts: Mapping[str, Iterable[str]] = {"901": ["90101", "90102", "90103"]},
    borders: Iterable[tuple[str, str]] = (),
    population: int | None = 10_000,
    valid_from: date = FIRST,
) -> Province:
    """A province with its districts and communes; ``borders`` are pairs of commune codes."""
    province = _unit(code, f"Tỉnh {code}", "province", "Tỉnh", None, valid_from)
    made = Province(province, {}, {})
    for district_code, commune_codes in districts.items():
        district = _unit(district_code, f"Huyện {district_code}", "district", "Huyện", province, valid_from)
        made.districts[district_code] = district
        for commune_code in commune_codes:
            made.communes[commune_code] = _unit(
                commune_code, f"Xã {commune_code}", "commune", "Xã", district, valid_from, population
            )
    join(made, made, borders)
    return made


def join(one: Province, other: Province, borders: Iterable[tuple[str, str]]) -> None:
    """Let communes of two provinces (or of one) share borders of a kilometre."""
    for a, b in borders:
        first, second = one.communes[a], other.communes[b]
        AreaNeighbour.objects.create(area=first, neighbour=second, border_m=1000)
        AreaNeighbour.objects.create(area=second, neighbour=first, border_m=1000)


def _unit(code, name, kind, type_word, parent, valid_from, population=None) -> Area:
    return Area.objects.create(
        code=code,
        name=name,
        kind=kind,
        type_word=type_word,
        parent=parent,
        path=f"{parent.path}/{code}" if parent else code,
        valid_from=valid_from,
        population=population,
        population_year=2019 if population else None,
        sort_key=sort_key(name),
        search_text=fold(name),
    )
