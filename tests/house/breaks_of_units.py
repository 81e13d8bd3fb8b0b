"""How the constraints of units and of files of units are broken; see ``test_constraints``."""

from campaign.models import Unit, UnitBatch
from core.people import system_user
from tests.campaign.units import make_unit
from tests.factories import CommuneFactory
from tests.house.breaking import AT, breaks


@breaks("unit_code_once_per_province")
def _():
    seat = CommuneFactory()
    make_unit(seat, "agency", code="TC0001")
    make_unit(seat, "agency", code="TC0001")


@breaks("unit_area_once")
def _():
    seat = CommuneFactory()
    make_unit(seat)
    make_unit(seat, code="khác", name="khác")


@breaks("unit_name_once_per_seat")
def _():
    seat = CommuneFactory()
    make_unit(seat, "agency", name="Trạm Y tế")
    make_unit(seat, "agency", name="TRẠM Y TẾ")


@breaks("unit_kind_is_known")
def _():
    make_unit(CommuneFactory(), "planet")


@breaks("unit_has_its_name_and_code")
def _():
    make_unit(CommuneFactory(), "agency", name="")


@breaks("unit_size_is_of_people")
def _():
    make_unit(CommuneFactory(), "agency", size=0)


@breaks("unit_closed_with_when_and_who")
def _():
    make_unit(CommuneFactory(), "agency", closed_at=AT, closing_reason="giải thể")


@breaks("unit_closed_for_a_reason")
def _():
    unit = make_unit(CommuneFactory(), "agency")
    Unit.objects.filter(pk=unit.pk).update(closed_at=AT, closed_by=system_user())


def _batch(**said) -> UnitBatch:
    usual = {"area": CommuneFactory(), "file_name": "x", "file_sha256": "0" * 64, "content": b""}
    return UnitBatch.objects.create(**usual, created_at=AT, created_by=system_user(), **said)


@breaks("unit_batch_committed_with_when_and_who")
def _():
    _batch(committed_at=AT, rows_new=1, rows_changed=0)


@breaks("unit_batch_committed_with_its_rows")
def _():
    _batch(committed_at=AT, committed_by=system_user())
