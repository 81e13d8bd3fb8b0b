"""What the database itself refuses of units: seats in other provinces, areas as what they are not."""

import pytest
from django.db import IntegrityError, transaction

from campaign.models import Unit
from core.people import system_user
from tests.campaign.units import AT, make_unit
from tests.riskmap.province import make_province


@pytest.fixture
def place(db):
    return make_province("90")


def refused(act) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    return refusal.value.__cause__.diag.constraint_name


def test_a_unit_sits_in_its_province(place):
    other = make_province("91", districts={"911": ["91101"]})
    unit = make_unit(place.communes["90101"], "agency")
    said = {"code": "TC9", "name": "x", "kind": "agency", "created_at": AT, "created_by": system_user()}
    seat = other.communes["91101"]

    assert refused(lambda: Unit.objects.create(province=place.area, seat=seat, **said)) == (
        "unit_sits_in_its_province"
    )
    assert refused(lambda: Unit.objects.filter(pk=unit.pk).update(seat=seat)) == "unit_sits_in_its_province"
    assert refused(lambda: Unit.objects.filter(pk=unit.pk).update(province=place.districts["901"])) == (
        "unit_sits_in_its_province"
    )


@pytest.mark.parametrize("kind", ["district", "hamlet"])
def test_a_unit_that_is_an_area_is_of_its_tier(place, kind):
    seat = place.communes["90101"]

    assert refused(lambda: make_unit(seat, kind)) == "unit_is_of_the_tier_of_its_area"

    unit = make_unit(seat)
    assert refused(lambda: Unit.objects.filter(pk=unit.pk).update(kind=kind)) == (
        "unit_is_of_the_tier_of_its_area"
    )
