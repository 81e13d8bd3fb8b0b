"""Campaigns with registrations as they stand in a real province, for papers."""

from datetime import date

from campaign.enums import RegistrationStatus
from campaign.models import Campaign, Registration
from campaign.registration_page import seen_by
from core.enums import Role
from core.models import Area
from core.vietnamese import fold, sort_key
from tests.campaign.plans import make_campaign
from tests.campaign.units import make_group, make_registration, make_unit
from tests.factories import GrantFactory
from tests.riskmap.province import make_province

ON = date(2021, 9, 1)
TITLE = "Phong trào thi đua bảo vệ “Vùng xanh” trong phòng, chống dịch COVID-19 trên địa bàn tỉnh Ninh Thuận"


def rename(area: Area, name: str, type_word: str) -> Area:
    """Another name for an area of the tests."""
    area.name, area.type_word, area.sort_key, area.search_text = name, type_word, sort_key(name), fold(name)
    area.save(update_fields=["name", "type_word", "sort_key", "search_text"])
    return area


def make_ground(districts: int = 1, communes: int = 3):
    """A province called Ninh Thuận, its districts of so many communes, and a campaign there."""
    codes = {f"90{d}": [f"90{d}{c:02d}" for c in range(1, communes + 1)] for d in range(1, districts + 1)}
    province = make_province("90", districts=codes)
    rename(province.area, "Tỉnh Ninh Thuận", "Tỉnh")
    rename(province.districts["901"], "Huyện Ninh Phước", "Huyện")
    rename(province.communes["90101"], "Xã Phước Hải", "Xã")
    campaign = make_campaign(province=province.area, title=TITLE, slug="thi-dua")
    make_group(campaign, "commune", name="Đảng bộ, chính quyền và Nhân dân các xã, phường, thị trấn")
    return province, campaign


def register(campaign: Campaign, seat: Area, kind: str | None = None, *, name: str | None = None, **said):
    """A confirmed registration of the seat as a unit, or of an organisation there."""
    unit = make_unit(seat, kind, **({"name": name} if name else {}))
    said = {"status": RegistrationStatus.CONFIRMED, "head_post": "Chủ tịch"} | said
    return loaded(make_registration(campaign, unit, **said))


def loaded(registration: Registration) -> Registration:
    """The same as the pages read it, with all that papers say of it."""
    viewer = GrantFactory(area=registration.campaign.province, role=Role.VIEWER).user
    return seen_by(viewer, on=ON).get(pk=registration.pk)
