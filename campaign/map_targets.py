"""What the communes and districts of a province registered, as the card of its map tells it. Reads only."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from campaign.enums import GroupKind, RegistrationStatus
from campaign.models import Campaign, Registration
from core.models import Area
from riskmap.colours import LOOKS
from riskmap.enums import RiskLevel

ON_THE_MAP = (GroupKind.COMMUNE, GroupKind.DISTRICT)


def targets_of(province: Area, *, on: date) -> dict[str, str]:
    """By code, the target of each confirmed registration in words: of the campaign begun last by the day.

    Two queries; one where no campaign has begun.
    """
    begun = Campaign.objects.filter(province=province, phases__first_day__lte=on)
    campaign = begun.order_by("-phases__first_day", "-pk").first()
    if campaign is None:
        return {}
    confirmed = Registration.objects.filter(
        campaign=campaign, status=RegistrationStatus.CONFIRMED, unit__kind__in=ON_THE_MAP
    )
    rows = confirmed.values_list("unit__seat__code", "target_level", "target_day")
    return {code: _in_words(RiskLevel(level), day) for code, level, day in rows}


def _in_words(level: RiskLevel, day: date) -> str:
    return _("Đăng ký thi đua: %(zone)s, hạn %(day)s") % {
        "zone": LOOKS[level].zone,
        "day": f"{day:%d/%m/%Y}",
    }
