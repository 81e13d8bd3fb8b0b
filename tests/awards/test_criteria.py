"""Criteria of a phase: set together, over what was seen, and fixed from the first score on."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from awards.criteria import (
    MOST_CRITERIA,
    CriteriaChanged,
    CriteriaRefused,
    CriterionSaid,
    criteria_for,
    criteria_of,
    default_criteria,
    fingerprint,
    set_criteria,
)
from awards.models import Criterion
from campaign.models import AwardGround
from core.people import system_user
from tests.awards.dossiers import AT, PERSON, make_dossier, make_nominee
from tests.awards.reviews import make_criterion, make_score
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SAID = [CriterionSaid("Việc làm", "", 10, 3), CriterionSaid("Kết quả", "collective", 20, 1)]


def _set(phase, said, seen=None):
    seen = fingerprint(criteria_of(phase)) if seen is None else seen
    return set_criteria(phase=phase, said=said, seen=seen, by=system_user(), at=AT)


def test_criteria_are_set_and_set_anew_in_their_order():
    phase = make_dossier().phase
    _set(phase, SAID)
    assert [(row.place, row.label, row.maximum, row.weight) for row in criteria_of(phase)] == [
        (1, "Việc làm", 10, 3),
        (2, "Kết quả", 20, 1),
    ]

    _set(phase, [SAID[1]._replace(label="  Kết   quả\n"), SAID[0]])

    assert [row.label for row in criteria_of(phase)] == ["Kết quả", "Việc làm"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([], "ít nhất một"),
        ([SAID[0]] * 2, "trùng tên"),
        ([SAID[0]._replace(label=" ")], "phải có tên"),
        ([SAID[0]._replace(maximum=0)], "từ 1 đến 100"),
        ([SAID[0]._replace(weight=101)], "từ 1 đến 100"),
        ([SAID[0]._replace(recipient="both")], "cho tập thể, cá nhân"),
        ([SAID[0]._replace(label=str(n)) for n in range(MOST_CRITERIA + 1)], "nhiều nhất"),
    ],
)
def test_faulty_criteria_are_refused_in_words(said, words):
    phase = make_dossier().phase

    with pytest.raises(CriteriaRefused, match=words):
        _set(phase, said)

    assert criteria_of(phase) == []


def test_criteria_over_what_somebody_else_set_meanwhile_are_refused_with_theirs():
    phase = make_dossier().phase
    seen = fingerprint([])
    _set(phase, SAID)

    with pytest.raises(CriteriaChanged) as refusal:
        _set(phase, SAID[:1], seen=seen)

    assert [row.label for row in refusal.value.theirs] == ["Việc làm", "Kết quả"]
    assert len(criteria_of(phase)) == 2
    assert len(_set(phase, SAID, seen=seen)) == 2  # the same again


def test_criteria_are_fixed_by_the_first_score():
    nominee = make_nominee(make_dossier())
    phase = nominee.dossier.phase
    first, _second = _set(phase, SAID)
    make_score(nominee, first)

    with pytest.raises(CriteriaRefused, match="không đổi được nữa"):
        _set(phase, SAID[:1])

    assert _set(phase, SAID) == criteria_of(phase)  # the same again


@pytest.mark.parametrize("act", ["insert", "update", "delete", "move"])
def test_database_itself_keeps_criteria_that_were_scored(act):
    nominee = make_nominee(make_dossier())
    scored = make_score(nominee).criterion
    other = make_dossier().phase
    acts = {
        "insert": lambda: make_criterion(scored.phase, code="more", place=2),
        "update": lambda: Criterion.objects.filter(pk=scored.pk).update(weight=9),
        "delete": lambda: Criterion.objects.filter(pk=scored.pk)._raw_delete("default"),
        "move": lambda: Criterion.objects.filter(pk=make_criterion(other).pk).update(phase=scored.phase),
    }

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        acts[act]()

    assert refusal.value.__cause__.diag.constraint_name == "criteria_fixed_once_scored"


def test_criteria_of_another_phase_are_free():
    make_score(make_nominee(make_dossier()))

    assert len(_set(make_dossier().phase, SAID)) == 2


def test_defaults_are_what_the_plan_commends_for():
    phase = make_dossier().phase
    for place, recipient in enumerate(("collective", "person"), start=1):
        AwardGround.objects.create(
            campaign=phase.campaign, code=f"g{place}", place=place, recipient=recipient, wording="Dài " * 100
        )

    found = default_criteria(phase)

    assert [(each.recipient, len(each.label), each.maximum) for each in found] == [
        ("collective", 200, 10),
        ("person", 200, 10),
    ]


def test_collective_and_person_are_scored_by_their_own():
    dossier = make_dossier()
    collective = make_nominee(dossier)
    person = make_nominee(
        dossier,
        collective.unit,
        kind=PERSON,
        person="Lê Ba",
        person_post="Y tá",
        deeds="x",
        search_text="le ba",
    )
    both, whole, one = _set(dossier.phase, [SAID[0], SAID[1], CriterionSaid("Tích cực", "person", 10, 1)])

    assert criteria_for(collective, [both, whole, one]) == [both, whole]
    assert criteria_for(person, [both, whole, one]) == [both, one]
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        make_score(person, whole)
    assert refusal.value.__cause__.diag.constraint_name == "score_within_its_criterion"


@pytest.mark.parametrize("fault", ["too many points", "of another phase"])
def test_score_outside_its_criterion_is_refused_by_the_database(fault):
    nominee = make_nominee(make_dossier())
    criterion = make_criterion(nominee.dossier.phase)
    foreign = make_criterion(make_dossier().phase)
    made = make_score(nominee, criterion, points=10)
    made.points = 11
    act = made.save if fault == "too many points" else lambda: make_score(nominee, foreign)

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()

    assert refusal.value.__cause__.diag.constraint_name == "score_within_its_criterion"


@pytest.mark.django_db(transaction=True)
def test_criteria_wait_for_a_score_that_is_being_given():
    """The score commits while the other waits, who then is refused: nobody is scored by what is no more."""
    nominee = make_nominee(make_dossier())
    phase = nominee.dossier.phase
    first, _second = _set(phase, SAID)
    seen, reviewer = fingerprint(criteria_of(phase)), UserFactory()
    scored, refused = threading.Event(), []

    def change():
        try:
            scored.wait(10)
            set_criteria(phase=phase, said=SAID[:1], seen=seen, by=system_user(), at=AT)
        except CriteriaRefused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    other = threading.Thread(target=change)
    other.start()
    with transaction.atomic():
        make_score(nominee, first, reviewer)
        scored.set()
        other.join(0.5)
        assert other.is_alive()  # it waits
    other.join(10)

    assert len(refused) == 1
    assert len(criteria_of(phase)) == 2
