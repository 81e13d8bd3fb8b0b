"""Changing a plan on pages: a campaign, and one line of its lists at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import F, Max, RestrictedError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from campaign.area_units import add_area_units
from campaign.models import Campaign, Phase, TargetGroup
from campaign.models.parts import Part
from campaign.models.phases import DAYS_REVERSED
from campaign.plans.comparing import label
from campaign.plans.guarding import guard_phases
from campaign.plans.reading import PlanRefused
from campaign.plans.reasons import demand_reason
from core.audit import acting
from core.models import User
from core.vietnamese import fold
from riskmap.counts import lock_provinces

RESERVED = {"new"}  # addresses of their own
LONGEST_SLUG = Campaign._meta.get_field("slug").max_length
LONGEST_CODE = Part._meta.get_field("code").max_length


def open_campaign(*, campaign: Campaign, by: User, at: datetime) -> Campaign:
    """Write a new campaign, under an address made of its short name. Raises ``PlanRefused``."""
    with acting(by=by, reason=_("Lập phong trào %(name)s") % {"name": campaign.short_title}):
        lock_provinces([campaign.province_id])
        campaign.slug = _free(
            _plain(campaign.short_title, LONGEST_SLUG - 3) or "phong-trao",
            RESERVED | set(Campaign.objects.values_list("slug", flat=True)),
        )
        campaign.created_at, campaign.created_by = at, by
        _checked(campaign).save(force_insert=True)
    return campaign


def change_campaign(*, campaign: Campaign, by: User, at: datetime, reason: str = "") -> Campaign:
    """Write what was changed of a campaign itself. Raises ``PlanRefused``, ``ReasonNeeded``."""
    with acting(by=by):
        lock_provinces([campaign.province_id])
        reason = demand_reason(campaign, reason=reason, on=timezone.localdate(at))
        with acting(reason=reason or _("Sửa phong trào")):
            _checked(campaign).save()
    return campaign


def save_part(
    *, part: Phase | Part, by: User, at: datetime, reason: str = "", place: int | None = None
) -> Phase | Part:
    """Write a new or changed line of a plan; a new one gets a code of its own, that stays.

    ``place`` moves it in its list: the lines from there on step back. The days of phases are guarded anew,
    the areas of a group become units. Raises ``PlanRefused``, ``ReasonNeeded``.
    """
    with acting(by=by):
        lock_provinces([part.campaign.province_id])
        reason = demand_reason(part.campaign, reason=reason, on=timezone.localdate(at))
        with acting(reason=reason or _("Sửa kế hoạch của phong trào")):
            if not part.code:
                part.code = _code_for(part)
            if isinstance(part, Part):
                _put_in_place(part, place)
            _checked(part).save()
            if isinstance(part, Phase):
                guard_phases(campaign=part.campaign, by=by)
        if isinstance(part, TargetGroup):
            add_area_units(campaign=part.campaign, on=timezone.localdate(at), by=by, at=at)
    return part


def drop_part(*, part: Phase | Part, by: User, at: datetime, reason: str = "") -> None:
    """Take a line out of a plan, while nothing rests on it. Raises ``PlanRefused``, ``ReasonNeeded``."""
    on = timezone.localdate(at)
    with acting(by=by):
        lock_provinces([part.campaign.province_id])
        reason = demand_reason(part.campaign, reason=reason, on=on)
        if isinstance(part, Phase) and part.first_day <= on:
            raise PlanRefused(_("Đợt đã bắt đầu thì không bỏ được; sửa được ngày cuối của đợt."))
        try:
            with acting(reason=reason or _("Bỏ một dòng của kế hoạch")):
                part.delete()
        except RestrictedError as restricted:
            raise PlanRefused(
                _("Không bỏ được: đã có đăng ký hoặc hồ sơ dựa vào dòng này; sửa được câu chữ của dòng.")
            ) from restricted


def _checked(row: Campaign | Phase | Part) -> Campaign | Phase | Part:
    """The row, once its values and constraints hold. Raises ``PlanRefused``."""
    if isinstance(row, Phase) and row.last_day <= row.first_day:  # no range that could be compared
        raise PlanRefused(str(DAYS_REVERSED))
    try:
        # The place is arranged here, and its constraint looked at when the transaction ends.
        row.full_clean(exclude=["place"] if isinstance(row, Part) else None)
    except ValidationError as wrong:
        raise PlanRefused(" ".join(_named(row, wrong.message_dict))) from wrong
    return row


def _named(row: Campaign | Phase | Part, messages: dict[str, list[str]]) -> Iterator[str]:
    """The messages, those of a field after its name."""
    for name, said in messages.items():
        if name == NON_FIELD_ERRORS:
            yield from said
        else:
            yield from (f"{label(type(row), name)}: {message}" for message in said)


def _put_in_place(part: Part, place: int | None) -> None:
    others = type(part).objects.filter(campaign=part.campaign).exclude(pk=part.pk)
    if place is None:
        place = part.place or (others.aggregate(last=Max("place"))["last"] or 0) + 1
    if others.filter(place=place).exists():
        others.filter(place__gte=place).update(place=F("place") + 1)
    part.place = place


def _code_for(part: Phase | Part) -> str:
    of = type(part).objects.filter(campaign=part.campaign)
    wanted = f"dot-{part.number}" if isinstance(part, Phase) else _plain(str(part), LONGEST_CODE - 4)
    return _free(wanted or "dong", RESERVED | set(of.values_list("code", flat=True)))


def _plain(words: str, longest: int) -> str:
    """Small letters without diacritics and hyphens, cut where a word ends."""
    plain = slugify(fold(words))
    return plain if len(plain) <= longest else plain[: longest + 1].rpartition("-")[0] or plain[:longest]


def _free(wanted: str, taken: set[str]) -> str:
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found
