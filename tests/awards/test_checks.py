"""What the machine finds of nominees, and how a person decides otherwise."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.checks import LABELS, checks_of
from awards.models import Dossier, Nominee
from campaign.enums import RegistrationStatus
from core.vietnamese import fold
from tests.awards.dossiers import PERSON, make_dossier, make_nominee
from tests.awards.reviewers import handed_in
from tests.awards.reviews import make_tick
from tests.campaign.plans import make_phase
from tests.campaign.units import make_group, make_registration, make_unit
from tests.factories import CommuneFactory, DistrictFactory

pytestmark = pytest.mark.django_db


def _checks(nominee, *others):
    rows = Nominee.objects.select_related("dossier__phase__campaign", "unit__seat", "dossier__area")
    nominees = list(rows.filter(pk__in=[nominee.pk, *(each.pk for each in others)]))
    return {check.code: check for check in checks_of(nominees)[nominee.pk]}


def _person(dossier, name="Trần Thị Bảy", **said):
    unit = dossier.area.units.first() or make_unit(dossier.area)
    usual = {"person": name, "person_post": "Y tá", "deeds": "Trực chốt.", "search_text": fold(name)}
    return make_nominee(dossier, unit, kind=PERSON, **usual | said)


def test_dossier_handed_in_whole_and_in_time_passes_both():
    checks = _checks(handed_in().nominees.get())

    assert list(checks) == list(LABELS)
    assert checks["in_time"].passed
    assert checks["documents"].passed
    assert checks["kind"].passed
    assert checks["prior"].passed
    assert checks["two_levels"].passed


def test_nominee_that_was_not_handed_in_has_neither():
    checks = _checks(make_nominee(make_dossier()))

    assert checks["in_time"].passed is False
    assert checks["documents"].passed is False


def test_phase_without_shortlist_leaves_it_to_a_person():
    assert _checks(handed_in().nominees.get())["shortlist"].passed is None


def test_kind_for_a_person_does_not_fit_a_collective():
    dossier = make_dossier()

    assert _checks(make_nominee(dossier, kind=PERSON))["kind"].passed is False
    assert _checks(_person(dossier))["kind"].passed
    assert (
        _checks(make_nominee(dossier, make_unit(dossier.area, "agency"), kind="none"))["kind"].passed is False
    )


def test_registration_counts_once_confirmed():
    nominee = make_nominee(make_dossier())
    campaign = nominee.dossier.phase.campaign
    campaign.registration_required = True
    campaign.save()
    make_group(campaign, "district")
    other = make_nominee(nominee.dossier, make_unit(CommuneFactory(parent=nominee.dossier.area)))
    make_registration(campaign, nominee.unit)
    make_registration(campaign, other.unit, status=RegistrationStatus.CONFIRMED)

    assert _checks(nominee)["registered"].passed is False
    assert _checks(other)["registered"].passed


def test_award_in_the_same_phase_fails_and_in_another_is_for_a_person():
    dossier = make_dossier()
    nominee = make_nominee(dossier)
    other = make_nominee(dossier, nominee.unit, kind="giay-khen-huyen-tap-the", status="awarded")
    Dossier.objects.filter(pk=dossier.pk).update(status="decided")

    assert _checks(nominee)["prior"].passed is False

    phase = make_phase(
        dossier.phase.campaign,
        code="dot-2",
        number=2,
        first_day=date(2021, 10, 1),
        last_day=date(2021, 10, 20),
    )
    later = make_dossier(dossier.area, phase)
    again = make_nominee(later, nominee.unit)
    found = _checks(again)["prior"]
    assert found.passed is None
    assert dossier.phase.name in found.words
    assert str(other.pk) in found.links[0].address


def test_person_of_nearly_the_same_name_is_shown_with_how_alike():
    dossier = make_dossier()
    nominee = _person(dossier, "Trần Thị Bảy")
    near = DistrictFactory(parent=dossier.area.parent)
    other = _person(make_dossier(near, dossier.phase, status="submitted"), "Tran Thi Bay")

    found = _checks(nominee)

    assert found["near"].passed is None
    assert "100 %" in found["near"].words
    assert near.name in found["near"].words
    assert str(other.pk) in found["near"].links[0].address
    assert found["two_levels"].passed is None


def test_area_and_the_office_that_speaks_for_it_are_one_achievement():
    dossier = make_dossier()
    commune = CommuneFactory(parent=dossier.area)
    nominee = make_nominee(dossier, make_unit(commune))

    assert _checks(nominee)["two_levels"].passed

    make_nominee(dossier, make_unit(commune, "party_and_state"))
    assert _checks(nominee)["two_levels"].passed is None


def test_latest_tick_counts():
    nominee = make_nominee(make_dossier())
    make_tick(nominee, passed=True)
    assert _checks(nominee)["in_time"].holds is True

    make_tick(nominee, passed=False)

    found = _checks(nominee)["in_time"]
    assert found.holds is False
    assert found.passed is False


def test_many_nominees_take_as_many_questions_as_one():
    dossier = handed_in()
    nominee = dossier.nominees.get()
    with CaptureQueriesContext(connection) as one:
        _checks(nominee)
    people = [_person(dossier, f"Người Số {number}") for number in range(30)]

    with CaptureQueriesContext(connection) as many:
        _checks(nominee, *people)

    assert len(many) == len(one)
