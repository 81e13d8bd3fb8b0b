"""Zones: which places are recognised as green zones, from which edition on, and why some are no more.

A zone is recognised while the edition in force shows it green, every condition of the plan was checked as met
and its unit competes. The days are those of editions: what people say between two of them counts for the
earlier, which is the map that everybody sees then. So a zone stands from ``recognised_on`` to the day before
``ended_on``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from campaign.area_units import area_kinds_of
from campaign.enums import AnswerStage, GroupKind, RecognitionEnd
from campaign.models import Campaign, ConditionAnswer, RecognisedZone, Registration, Unit
from core.access import Permission
from core.audit import acting
from core.enums import AreaKind, Role
from core.inbox import Message, holders_by_area, send_each
from core.models import Area
from core.people import system_user
from riskmap.enums import RiskLevel
from riskmap.models import LevelSpan, MapEdition
from riskmap.policies import rule_set_of
from riskmap.published import edition_in_force

#: Editions published since then are gone through one by one, those of a night without a worker as well.
LOOKED_BACK = timedelta(days=7)
_LEVEL = 0b111  # of an edition's cell
_TOLD = (Role.COMMUNE_STAFF, Role.DISTRICT_STAFF)


@dataclass(frozen=True, slots=True)
class Recognised:
    """How many zones were recognised, and how many are no more."""

    begun: int = 0
    ended: int = 0


def recognise(*, campaign: Campaign | None = None, at: datetime) -> Recognised:
    """Bring the recognised zones of a campaign (of all, without) in step with the map and the answers.

    Running it twice changes nothing; two at once wait for one another. The staff of a unit is told of both.
    """
    campaigns = Campaign.objects.order_by("pk") if campaign is None else [campaign]
    done = [_recognise(each, at=at) for each in campaigns]
    return Recognised(sum(each.begun for each in done), sum(each.ended for each in done))


def zones_on(campaign: Campaign, day: date):
    """The zones that are recognised on the day, with their units."""
    standing = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    return campaign.zones.filter(standing, recognised_on__lte=day).select_related("unit__seat__parent")


def recognised_on(campaign: Campaign, day: date):
    """The units that are recognised green zones on the day."""
    return Unit.objects.filter(pk__in=zones_on(campaign, day).values("unit"))


def _recognise(campaign: Campaign, *, at: datetime) -> Recognised:
    with acting(by=system_user(), reason=f"Công nhận vùng xanh: {campaign.short_title}"):
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        edition = edition_in_force(campaign.province)
        open_zones = list(campaign.zones.filter(ended_at__isnull=True).select_related("edition"))
        met = units_that_meet(campaign)
        if edition is None or not (open_zones or met):
            return Recognised()
        ended = _lost_meanwhile(campaign, open_zones, edition, at=at)
        units = competing_units(campaign)
        green = green_units(campaign, units.values(), edition)
        for zone in open_zones:
            cause = _cause(zone.unit_id, units, green, met)
            if zone.ended_at is None and cause:
                ended.append(_end(zone, cause, edition, at=at))
        RecognisedZone.objects.bulk_update(
            ended, ["ended_on", "ended_at", "ended_because", "ended_edition"], batch_size=1000
        )
        standing = {zone.unit_id for zone in open_zones if zone.ended_at is None}
        begun = RecognisedZone.objects.bulk_create(
            RecognisedZone(
                campaign=campaign,
                unit=units[pk],
                recognised_on=edition.day,
                recognised_at=at,
                edition=edition,
            )
            for pk in sorted(green & met - standing)
        )
        if begun or ended:
            _tell(campaign, begun, ended, at=at)
    return Recognised(len(begun), len(ended))


def competing_units(campaign: Campaign) -> dict[int, Unit]:
    """By id, the areas that can be recognised: open, of the plan's tiers, registered where it asks so."""
    units = Unit.objects.open().filter(province=campaign.province_id, kind__in=area_kinds_of(campaign))
    if campaign.registration_required:
        confirmed = Registration.objects.competing().filter(campaign=campaign)
        units = units.filter(pk__in=confirmed.values("unit"))
    return {unit.pk: unit for unit in units.select_related("seat__parent")}


def gives_hamlets_levels(campaign: Campaign) -> bool:
    """Whether hamlets of the campaign's province are coloured by themselves."""
    rule_set = rule_set_of([campaign.province_id])[campaign.province_id]
    return bool(rule_set["hamlets_as_communes"])


def green_units(campaign: Campaign, units: Iterable[Unit], edition: MapEdition) -> set[int]:
    """Those (ids) that are green in the edition; a hamlet, which no edition shows, by its own known level."""
    units = list(units)
    codes = _green_codes(edition)
    green = {unit.pk for unit in units if unit.seat.code in codes}
    hamlets = {unit.seat_id: unit.pk for unit in units if unit.kind == GroupKind.HAMLET}
    if hamlets and gives_hamlets_levels(campaign):
        spans = LevelSpan.objects.filter(
            area__in=list(hamlets),
            first_day__lte=edition.day,
            last_day__gte=edition.day,
            level=RiskLevel.NEW_NORMAL,
        )
        green.update(hamlets[area] for area in spans.values_list("area_id", flat=True))
    return green


def units_that_meet(campaign: Campaign) -> set[int]:
    """The units (ids) of which every condition was checked as met; none where the plan has no condition."""
    wanted = campaign.green_conditions.count()
    met = Counter(
        answer.unit_id
        for answer in latest_answers(campaign)
        if answer.stage == AnswerStage.CHECK and answer.met
    )
    return {unit for unit, conditions in met.items() if conditions == wanted}


def latest_answers(campaign: Campaign, units: Iterable[int] | None = None):
    """The last word on each condition of each unit (ids; all without): an answer or the check of it."""
    answers = ConditionAnswer.objects.filter(condition__campaign=campaign)
    if units is not None:
        answers = answers.filter(unit__in=units)
    return answers.order_by("unit_id", "condition_id", "-id").distinct("unit_id", "condition_id")


def _green_codes(edition: MapEdition) -> Set[str]:
    codes = chain.from_iterable(layer.split() for layer in edition.codes.split("|"))
    cells = bytes(edition.cells)
    return {code for code, cell in zip(codes, cells, strict=True) if cell & _LEVEL == RiskLevel.NEW_NORMAL}


def _lost_meanwhile(
    campaign: Campaign, open_zones: Sequence[RecognisedZone], edition: MapEdition, *, at: datetime
) -> list[RecognisedZone]:
    """End the zones that an edition between the last look and the one in force shows in another colour."""
    if not open_zones:
        return []
    between = MapEdition.objects.filter(
        province=campaign.province_id,
        number__gt=min(zone.edition.number if zone.edition else 0 for zone in open_zones),
        number__lt=edition.number,
        published_at__gte=at - LOOKED_BACK,
    )
    shown = Unit.objects.exclude(kind=GroupKind.HAMLET).filter(pk__in=[zone.unit_id for zone in open_zones])
    code_of = dict(shown.values_list("pk", "seat__code"))
    ended = []
    for each in between.order_by("number"):
        codes = _green_codes(each)
        for zone in open_zones:
            later = zone.edition is None or each.number > zone.edition.number
            if zone.ended_at is None and later and code_of.get(zone.unit_id, "") not in codes | {""}:
                ended.append(_end(zone, RecognitionEnd.COLOUR, each, at=at))
    return ended


def _cause(unit: int, units: Mapping[int, Unit], green: Set[int], met: Set[int]) -> RecognitionEnd | None:
    if unit not in units:
        return RecognitionEnd.UNIT
    if unit not in green:
        return RecognitionEnd.COLOUR
    return None if unit in met else RecognitionEnd.CONDITION


def _end(zone: RecognisedZone, cause: RecognitionEnd, edition: MapEdition, *, at: datetime) -> RecognisedZone:
    zone.ended_on = max(edition.day, zone.recognised_on)
    zone.ended_at = at
    zone.ended_because = cause
    zone.ended_edition = edition
    return zone


def _tell(
    campaign: Campaign,
    begun: Sequence[RecognisedZone],
    ended: Sequence[RecognisedZone],
    *,
    at: datetime,
) -> None:
    """Tell the staff of the units, of the commune and of the district, once of each begin and end."""
    zones = [*begun, *ended]
    units = Unit.objects.select_related("seat").in_bulk([zone.unit_id for zone in zones])
    holders = holders_by_area(
        areas=[unit.seat for unit in units.values()],
        permission=Permission.REGISTER_UNITS,
        on=timezone.localdate(at),
        roles=_TOLD,
    )
    messages = []
    for zone in zones:
        unit = units[zone.unit_id]
        link = reverse("campaign:unit_conditions", args=[campaign.slug, unit.pk])
        key, subject, body = _words(zone, unit.name)
        messages += [Message(person, key, subject, body, link) for person in holders[unit.seat_id]]
    send_each(messages=messages, at=at)


def _words(zone: RecognisedZone, name: str) -> tuple[str, str, str]:
    day = f"{zone.recognised_on:%d/%m/%Y}"
    if zone.ended_at is None:
        return (
            f"zone-begun-{zone.pk}",
            f"{name} được công nhận là vùng xanh",
            f"Theo bản đồ công bố ngày {day}: có màu xanh và đủ các điều kiện đã kiểm tra.",
        )
    cause = RecognitionEnd(zone.ended_because).label
    return (
        f"zone-ended-{zone.pk}",
        f"{name} thôi được công nhận là vùng xanh: {cause}",
        f"Được công nhận từ ngày {day}; thôi từ ngày {zone.ended_on:%d/%m/%Y}. "
        "Khi có màu xanh và đủ điều kiện trở lại thì được công nhận lại.",
    )


def spans_of(province: Area) -> list[tuple[str, AreaKind, date, date | None]]:
    """``(code, kind, first day, last day or None)`` of every time that a place was recognised.

    A zone that ended under the very edition it began with was seen on no day.
    """
    zones = RecognisedZone.objects.filter(campaign__province=province).exclude(ended_on=F("recognised_on"))
    rows = zones.order_by("unit__seat__code", "recognised_on").values_list(
        "unit__seat__code", "unit__seat__kind", "recognised_on", "ended_on"
    )
    return [
        (code, AreaKind(kind), first, ended and ended - timedelta(days=1))
        for code, kind, first, ended in rows
    ]
