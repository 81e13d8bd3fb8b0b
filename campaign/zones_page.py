"""The public page of recognised green zones: those that are, those that lack conditions, those that ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import F
from django.utils.translation import gettext as _

from campaign.area_units import area_kinds_of
from campaign.conditions_page import STATES, state_of
from campaign.enums import GroupKind
from campaign.models import Campaign, ConditionAnswer, GreenCondition, RecognisedZone, Unit
from campaign.models.units import AREA_KINDS
from campaign.zones import competing_units, gives_hamlets_levels, green_units, latest_answers
from core.models import Area
from riskmap.models import MapEdition
from riskmap.published import edition_in_force

ENDED_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Missing:
    """A condition that a green place does not meet yet, and how far it is."""

    condition: GreenCondition
    state: str

    @property
    def state_words(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class Lacking:
    """A place that is green and not recognised; ``registered`` where the plan asks for it."""

    unit: Unit
    registered: bool
    missing: Sequence[Missing]

    @property
    def untouched(self) -> bool:
        """Nothing was said of any condition."""
        return all(each.state == "open" for each in self.missing)


@dataclass(frozen=True, slots=True)
class ZonesPage:
    """``standing`` and ``lacking`` by the area above; ``ended`` the newest first."""

    campaign: Campaign
    edition: MapEdition | None
    conditions: Sequence[GreenCondition]
    standing: Sequence[tuple[Area, Sequence[RecognisedZone]]]
    lacking: Sequence[tuple[Area, Sequence[Lacking]]]
    ended: Sequence[RecognisedZone]
    count: int
    lacking_count: int
    notes: Sequence[str]


def zones_of(campaign: Campaign) -> ZonesPage:
    """The page; as many queries for a province as for one commune."""
    conditions = list(campaign.green_conditions.all())
    zones = campaign.zones.select_related("unit__seat__parent")
    standing = sorted(zones.filter(ended_at__isnull=True), key=lambda zone: _place(zone.unit))
    # What began and ended under the same edition was on no map.
    ended = zones.filter(ended_at__isnull=False).exclude(ended_on=F("recognised_on"))
    edition = edition_in_force(campaign.province)
    lacking = _lacking(campaign, conditions, edition, {zone.unit_id for zone in standing})
    return ZonesPage(
        campaign=campaign,
        edition=edition,
        conditions=conditions,
        standing=_grouped(standing, lambda zone: zone.unit),
        lacking=_grouped(lacking, lambda each: each.unit),
        ended=list(ended.order_by("-ended_on", "-pk")[:ENDED_SHOWN]),
        count=len(standing),
        lacking_count=len(lacking),
        notes=_notes(campaign, conditions, edition),
    )


def _lacking(
    campaign: Campaign,
    conditions: Sequence[GreenCondition],
    edition: MapEdition | None,
    standing: set[int],
) -> list[Lacking]:
    if edition is None or not conditions:
        return []
    units = Unit.objects.open().filter(province=campaign.province_id, kind__in=area_kinds_of(campaign))
    units = {unit.pk: unit for unit in units.select_related("seat__parent")}
    competing = competing_units(campaign)
    green = green_units(campaign, units.values(), edition) - standing
    said: dict[int, dict[int, ConditionAnswer]] = defaultdict(dict)
    for answer in latest_answers(campaign, green):
        said[answer.unit_id][answer.condition_id] = answer
    found = []
    for pk in green:
        states = [Missing(each, state_of(said[pk].get(each.pk))) for each in conditions]
        missing = [each for each in states if each.state != "met"]
        found.append(Lacking(units[pk], pk in competing, missing))
    return sorted(found, key=lambda each: _place(each.unit))


def _place(unit: Unit) -> tuple:
    """Districts first, then communes and hamlets, each by what they lie in."""
    above = unit.seat.parent
    return -AREA_KINDS.index(unit.kind), above.sort_key, above.code, unit.sort_key, unit.code


def _grouped(rows: Iterable, unit_of) -> list[tuple[Area, list]]:
    groups = (list(each) for _key, each in groupby(rows, lambda row: unit_of(row).seat.parent_id))
    return [(unit_of(group[0]).seat.parent, group) for group in groups]


def _notes(campaign: Campaign, conditions: Sequence[GreenCondition], edition: MapEdition | None) -> list[str]:
    """What keeps places from being recognised that nobody there can help."""
    if not conditions:
        return [_("Kế hoạch không đặt điều kiện nào, nên không công nhận vùng xanh: chỉ có màu thì chưa đủ.")]
    notes = []
    if edition is None:
        notes.append(_("Tỉnh chưa công bố bản đồ nào, nên chưa công nhận được vùng xanh."))
    if GroupKind.HAMLET in area_kinds_of(campaign) and not gives_hamlets_levels(campaign):
        notes.append(
            _("Tỉnh chưa xếp mức riêng cho thôn, khu phố, nên chưa công nhận được vùng xanh ở cấp này.")
        )
    return notes
