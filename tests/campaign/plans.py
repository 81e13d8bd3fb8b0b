"""Campaigns for tests, and the plans that come with the portal."""

from datetime import UTC, date, datetime

from campaign.models import Campaign, Phase
from campaign.plans import SHIPPED
from core.people import system_user
from tests.factories import ProvinceFactory

NINH_THUAN, HO_CHI_MINH = SHIPPED / "ninh_thuan_2021.toml", SHIPPED / "ho_chi_minh_2021.toml"
AT = datetime(2021, 8, 20, 1, tzinfo=UTC)  # before the first day of Ninh Thuận's plan


def make_campaign(**said) -> Campaign:
    """A campaign without parts, in a province of its own unless told."""
    if "province" not in said:
        said["province"] = ProvinceFactory()
    usual = {
        "slug": f"thi-dua-{Campaign.objects.count()}",
        "title": "Thi đua giữ vùng xanh",
        "short_title": "Giữ vùng xanh",
        "issuer": "UBND tỉnh",
        "purpose": "Cùng nhau giữ vùng xanh.",
        "rule_set": "qd_2686_2021",
        "created_at": AT,
        "created_by": system_user(),
    }
    return Campaign.objects.create(**usual | said)


def make_phase(campaign: Campaign, **said) -> Phase:
    """July 2021, all of it, with no deadline."""
    usual = {"code": "dot-1", "number": 1, "name": "Đợt 1", "first_day": date(2021, 7, 1)}
    usual |= {"last_day": date(2021, 7, 31), "first_day_set_by": "plan", "deadline_set_by": "office"}
    return Phase.objects.create(campaign=campaign, **usual | said)
