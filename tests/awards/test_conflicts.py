"""Nobody reviews what they have an interest in: said by the stage, and refused by the database itself."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from awards.conflicts import SENTENCES, ConflictOfInterest, conflicts_of, refuse_conflicts_in
from core.enums import Role
from tests.awards.dossiers import AT, PERSON, make_dossier, make_item, make_nominee, make_step, make_version
from tests.awards.nominations import make_nomination
from tests.awards.reviews import make_criterion, make_flag_seen, make_score, make_tick
from tests.factories import GrantFactory, UserFactory

pytestmark = pytest.mark.django_db

ON = date(2021, 9, 1)


def _prepared(nominee):
    return nominee.dossier.opened_by


def _added(nominee):
    other = UserFactory()
    make_nominee(nominee.dossier, nominee.unit, person="Lê Ba", person_post="Y tá", deeds="x", added_by=other)
    return other


def _nominated(nominee):
    answered = {"status": "taken", "answered_at": AT, "answered_by": UserFactory(), "nominee": nominee}
    other = UserFactory()
    make_nomination(nominee.dossier.phase, nominee.unit, nominated_by=other, **answered)
    return other


def _wrote(nominee):
    return make_item(nominee.dossier, saved_at=AT, saved_by=UserFactory()).saved_by


def _handed_in(nominee):
    return make_version(nominee.dossier, received_by=UserFactory()).received_by


def _namesake(nominee):
    return UserFactory(full_name="TRẦN  Thị Đào")


def _of_the_area(nominee):
    return GrantFactory(area=nominee.dossier.area, role=Role.HOME_AFFAIRS).user


INTERESTS = {
    _prepared: "prepared", _added: "prepared", _nominated: "prepared", _wrote: "prepared",
    _handed_in: "prepared",
    _namesake: "same_person", _of_the_area: "own_area",
}  # fmt: skip


def _nominee():
    person = {"person": "Trần Thị Đào", "person_post": "Y tá", "deeds": "Trực chốt."}
    return make_nominee(make_dossier(), kind=PERSON, **person)


@pytest.mark.parametrize("interest", INTERESTS)
def test_interest_is_told_and_the_database_takes_no_review_of_it(interest):
    nominee = _nominee()
    person = interest(nominee)
    criterion = make_criterion(nominee.dossier.phase)

    assert conflicts_of(nominees=[nominee.pk], by=person, on=ON) == {
        nominee.pk: SENTENCES[INTERESTS[interest]]
    }
    with pytest.raises(ConflictOfInterest):
        refuse_conflicts_in(dossier=nominee.dossier, by=person, on=ON)
    for act in (
        lambda: make_tick(nominee, person),
        lambda: make_flag_seen(nominee, person),
        lambda: make_score(nominee, criterion, person),
    ):
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            act()
        assert refusal.value.__cause__.diag.constraint_name == "reviewer_without_conflict"


def test_person_of_the_province_with_another_name_has_none():
    nominee = _nominee()
    person = GrantFactory(area=nominee.dossier.area.parent, role=Role.HOME_AFFAIRS).user

    assert conflicts_of(nominees=[nominee.pk], by=person, on=ON) == {}
    refuse_conflicts_in(dossier=nominee.dossier, by=person, on=ON)
    assert make_tick(nominee, person).pk
    assert make_flag_seen(nominee, person).pk


def test_grant_that_is_over_is_no_interest():
    nominee = _nominee()
    grant = GrantFactory(area=nominee.dossier.area, role=Role.HOME_AFFAIRS, valid_to=date(2021, 8, 31))

    assert conflicts_of(nominees=[nominee.pk], by=grant.user, on=ON) == {}
    assert conflicts_of(nominees=[nominee.pk], by=grant.user, on=date(2021, 8, 31))


@pytest.mark.parametrize("act", ["take_up", "return", "finish", "reopen"])
@pytest.mark.parametrize("interest", INTERESTS)
def test_database_takes_no_step_of_a_review_from_who_has_an_interest(interest, act):
    nominee = _nominee()
    said = {"act": act, "after": "in_review", "asked": [{"item": "submission"}], "due": AT}
    make_step(nominee.dossier, **said)

    with pytest.raises(IntegrityError, match="có liên quan"), transaction.atomic():
        make_step(nominee.dossier, **said, taken_by=interest(nominee))


def test_database_lets_nobody_end_alone_what_they_took_up():
    dossier, (one, two) = _nominee().dossier, (UserFactory(), UserFactory())
    make_step(dossier, act="take_up", after="in_review", taken_by=one)

    with pytest.raises(IntegrityError, match="người thứ hai"), transaction.atomic():
        make_step(dossier, act="finish", after="reviewed", taken_by=one)

    make_step(dossier, act="finish", after="reviewed", taken_by=two)
