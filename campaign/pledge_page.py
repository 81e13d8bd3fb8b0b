"""What the pages of pledges show. Reads only."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaign.days import Standing, stands_on
from campaign.enums import PledgeKind
from campaign.models import Campaign, PledgeCount
from campaign.pledge_coverage import Figure, Place, areas_of, coverage_of, latest_counts
from core.api.questions import CODE
from core.enums import AreaKind
from core.finding import line_of
from core.models import Area, AreaQuerySet

#: As they stand over a column.
KIND_HEADS = {
    PledgeKind.HOUSEHOLD: _("Hộ gia đình"),
    PledgeKind.AGENCY: _("Cơ quan, đơn vị"),
    PledgeKind.ENTERPRISE: _("Doanh nghiệp"),
    PledgeKind.PRODUCTION_SITE: _("Cơ sở sản xuất, kinh doanh"),
}


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """An area's coverage, what lies below it, who has said nothing, and the way up."""

    place: Place
    line: Sequence[Area]  # from the province down to the area

    @property
    def kinds(self) -> list[tuple[str, Figure]]:
        return by_kind(self.place)

    @property
    def rows(self) -> list[tuple[Place, list[tuple[str, Figure]]]]:
        return [(place, by_kind(place)) for place in self.place.below]

    @property
    def differing(self) -> list[tuple[str, Figure]]:
        """A commune's own numbers that are not those of its hamlets."""
        return [(head, figure) for head, figure in self.kinds if figure.differs]

    @property
    def differing_below(self) -> list[Place]:
        return [
            place
            for place in self.place.below
            if any(each.differs for below in place.line() for each in below.figures.values())
        ]

    @property
    def gaps(self) -> list[tuple[Area, list[tuple[Area, str]]]]:
        """Who has said nothing: by what they lie in, each with the kinds in words."""
        areas = {area.pk: area for area in self.line}
        areas |= {place.area.pk: place.area for place in self.place.line()}
        by_parent: dict[int, list[tuple[Area, str]]] = defaultdict(list)
        for place, kinds in self.place.gaps():
            by_parent[place.area.parent_id].append((place.area, _kinds_in_words(kinds)))
        return [(areas[parent], gaps) for parent, gaps in by_parent.items()]


@dataclass(frozen=True, slots=True)
class GridRow:
    """An area of the grid: its own latest words by kind, and how it comes out."""

    area: Area
    words: Mapping[str, PledgeCount]
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class PledgeGrid:
    """Where pledges are entered: a commune with its hamlets, or the communes of a district."""

    campaign: Campaign
    area: Area
    rows: Sequence[GridRow]


@dataclass(frozen=True, slots=True)
class OwnPledges:
    """A campaign in somebody's own places: the communes by what they lie in, each with what is missing."""

    campaign: Campaign
    standing: Standing
    #: What communes lie in, its communes with their figures, and whether all of it is the person's own.
    scopes: Sequence[tuple[Area, Sequence[tuple[Place, list[tuple[str, Figure]]]], bool]]


def by_kind(place: Place) -> list[tuple[str, Figure]]:
    """The figures of a place under the heads of their columns."""
    return [(head, place.figures[kind]) for kind, head in KIND_HEADS.items()]


def page_of_coverage(*, campaign: Campaign, area: Area, on: date) -> CoveragePage:
    return CoveragePage(coverage_of(campaign=campaign, area=area, on=on), line_of(area)[::-1])


def history_of(campaign: Campaign, area: Area) -> QuerySet[PledgeCount]:
    """What was said for the area itself, the latest first."""
    words = campaign.pledges.filter(area=area).select_related("entered_by", "document")
    return words.defer("document__content").order_by("-id")


def has_grid(area: Area) -> bool:
    """Whether pledges are entered for the area: it is a commune, or communes lie right below it."""
    return area.kind == AreaKind.COMMUNE or area.children.filter(kind=AreaKind.COMMUNE).exists()


def grid_of(*, campaign: Campaign, area: Area, on: date) -> PledgeGrid | None:
    """``None`` where nothing is entered for the area; see ``has_grid``."""
    top = coverage_of(campaign=campaign, area=area, on=on)
    places = [place for place in top.below if place.area.kind == AreaKind.COMMUNE]
    if area.kind == AreaKind.COMMUNE:
        places = [top, *top.below]
    words: dict[int, dict[str, PledgeCount]] = {place.area.pk: {} for place in places}
    latest = latest_counts(campaign, [place.area for place in places]).select_related("document")
    for word in latest.defer("document__content"):
        words[word.area_id][word.kind] = word
    rows = [GridRow(place.area, words[place.area.pk], place.figures) for place in places]
    return PledgeGrid(campaign, area, rows) if rows else None


def own_pledges(*, mine: AreaQuerySet, on: date) -> list[OwnPledges]:
    """The campaigns of the provinces of ``mine``, the newest first, with the communes that are mine."""
    areas = list(mine.select_related("parent__parent__parent"))
    provinces = {line_of(area)[-1].pk for area in areas}
    campaigns = Campaign.objects.filter(province__in=provinces).select_related("province").newest_first()
    keys = {area.pk for area in areas}
    return [
        OwnPledges(
            campaign,
            stands_on(campaign.phases.all(), on),
            _own_scopes(coverage_of(campaign=campaign, area=campaign.province, on=on), keys),
        )
        for campaign in campaigns.prefetch_related("phases")
    ]


def area_of_campaign(campaign: Campaign, code: str, *, on: date) -> Area | None:
    """The area of the campaign's province that has the code; ``None`` also for what can be none."""
    if not re.fullmatch(CODE, code, re.ASCII):
        return None
    areas = areas_of(campaign, on=on).select_related("parent__parent__parent")
    return areas.filter(code=code).first()


def _own_scopes(province: Place, mine: set[int]) -> list[tuple]:
    scopes = []
    for scope in province.line():
        communes = [
            (place, by_kind(place))
            for place in scope.below
            if place.area.kind == AreaKind.COMMUNE and place.area.pk in mine
        ]
        if communes:
            scopes.append((scope.area, communes, scope.area.pk in mine))
    return scopes


def _kinds_in_words(kinds: Sequence[PledgeKind]) -> str:
    if len(kinds) == len(PledgeKind):
        return str(_("chưa có số nào"))
    return ", ".join(str(kind.label) for kind in kinds)
