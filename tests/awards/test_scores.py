"""Points: given by one reviewer, over what was shown, only to what is reviewed and by who may."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from awards.conflicts import ConflictOfInterest
from awards.criteria import CriterionSaid, fingerprint, set_criteria
from awards.models import Dossier, Score
from awards.reviewing import ReviewRefused
from awards.scores import Points, ScoreChanged, save_scores
from core.enums import Role
from core.people import system_user
from tests.awards.dossiers import AT, make_version
from tests.awards.reviewers import reviewer_of, taken_up
from tests.factories import GrantFactory

pytestmark = pytest.mark.django_db

LATER = AT.replace(year=2998)  # after it was handed in


@pytest.fixture
def dossier():
    return taken_up()


@pytest.fixture
def criteria(dossier):
    said = [CriterionSaid("Việc làm", "", 10, 3), CriterionSaid("Kết quả", "", 20, 1)]
    return set_criteria(phase=dossier.phase, said=said, seen=fingerprint([]), by=system_user(), at=AT)


def _save(dossier, *said, by=None, at=LATER):
    return save_scores(nominee=dossier.nominees.get(), said=said, by=by or dossier.reviewer, at=at)


def _stored(dossier, by=None) -> dict[int, tuple]:
    rows = Score.objects.filter(nominee__dossier=dossier, scored_by=by or dossier.reviewer)
    return {row.criterion_id: (row.points, row.note, row.version) for row in rows}


def test_points_are_given_changed_and_said_again(dossier, criteria):
    work, result = criteria

    assert _save(dossier, Points(work.pk, 8, " Tốt ", 0), Points(result.pk, None, "", 0)) == 1
    assert _stored(dossier) == {work.pk: (8, "Tốt", 1)}
    assert _save(dossier, Points(work.pk, 9, "Tốt", 1), Points(result.pk, 0, "", 0)) == 2
    assert _stored(dossier) == {work.pk: (9, "Tốt", 2), result.pk: (0, "", 1)}
    assert _save(dossier, Points(work.pk, 9, "Tốt", 1), Points(result.pk, 0, "", 0)) == 0  # again, late


def test_two_windows_lose_nothing(dossier, criteria):
    work, result = criteria
    _save(dossier, Points(work.pk, 8, "", 0))
    _save(dossier, Points(work.pk, 7, "Cửa sổ một", 1))

    with pytest.raises(ScoreChanged) as refusal:
        _save(dossier, Points(work.pk, 3, "", 1), Points(result.pk, 5, "", 0))

    assert {pk: row.points for pk, row in refusal.value.theirs.items()} == {work.pk: 7}
    assert _stored(dossier) == {work.pk: (7, "Cửa sổ một", 2)}


def test_reviewers_score_for_themselves(dossier, criteria):
    other = reviewer_of(dossier)
    _save(dossier, Points(criteria[0].pk, 8, "", 0))
    _save(dossier, Points(criteria[0].pk, 2, "", 0), by=other)

    assert _stored(dossier)[criteria[0].pk][0] == 8
    assert _stored(dossier, other)[criteria[0].pk][0] == 2


@pytest.mark.parametrize(
    ("points", "note", "words"),
    [(11, "", "từ 0 đến 10"), (-1, "", "từ 0 đến 10"), (None, "Hay", "xin ghi điểm cùng nhận xét")],
)
def test_faulty_points_are_refused_and_nothing_is_written(dossier, criteria, points, note, words):
    with pytest.raises(ReviewRefused, match=words):
        _save(dossier, Points(criteria[1].pk, 5, "", 0), Points(criteria[0].pk, points, note, 0))

    assert _stored(dossier) == {}


def test_points_are_not_taken_back_nor_given_by_what_is_no_criterion(dossier, criteria):
    _save(dossier, Points(criteria[0].pk, 8, "", 0))

    with pytest.raises(ReviewRefused, match="không bỏ trống lại được"):
        _save(dossier, Points(criteria[0].pk, None, "", 1))
    with pytest.raises(ReviewRefused, match="không chấm theo tiêu chí đó"):
        _save(dossier, Points(0, 8, "", 0))


def test_who_has_an_interest_does_not_score(dossier, criteria):
    by = reviewer_of(dossier)
    GrantFactory(user=by, area=dossier.area, role=Role.HOME_AFFAIRS)

    with pytest.raises(ConflictOfInterest, match="địa bàn bạn được giao"):
        _save(dossier, Points(criteria[0].pk, 8, "", 0), by=by)


@pytest.mark.parametrize("status", ["submitted", "returned", "reviewed", "decided"])
def test_only_what_is_being_reviewed_is_scored(dossier, criteria, status):
    Dossier.objects.filter(pk=dossier.pk).update(status=status)

    with pytest.raises(ReviewRefused, match="không thẩm định được"):
        _save(dossier, Points(criteria[0].pk, 8, "", 0))


def test_points_of_the_version_before_are_said_to_stand_by_saying_them_again(dossier, criteria):
    first = dossier.versions.get()
    _save(dossier, Points(criteria[0].pk, 8, "", 0), at=first.received_at + timedelta(hours=1))
    later = first.received_at + timedelta(hours=2)
    make_version(dossier, number=2, received_at=later, deadline=later + timedelta(days=1))
    after = later + timedelta(hours=1)

    assert _save(dossier, Points(criteria[0].pk, 8, "", 1), at=after) == 1

    row = Score.objects.get()
    assert (row.points, row.scored_at) == (8, after)
    assert _save(dossier, Points(criteria[0].pk, 8, "", 2), at=after + timedelta(hours=1)) == 0


@pytest.mark.django_db(transaction=True)
def test_windows_at_the_same_moment_overwrite_nothing_silently():
    """Eight windows of one reviewer, each over an empty sheet: one is written, seven are told what is."""
    dossier = taken_up()
    said = [CriterionSaid("Việc làm", "", 10, 3)]
    (work,) = set_criteria(phase=dossier.phase, said=said, seen=fingerprint([]), by=system_user(), at=AT)
    together, told = threading.Barrier(8), []

    def window(points: int) -> None:
        try:
            together.wait(20)
            _save(dossier, Points(work.pk, points, "", 0))
            told.append(("written", points))
        except ScoreChanged as refusal:
            told.append(("changed", refusal.theirs[work.pk].points))
        finally:
            connection.close()

    windows = [threading.Thread(target=window, args=(points,)) for points in range(8)]
    for each in windows:
        each.start()
    for each in windows:
        each.join(60)

    (written,) = [points for act, points in told if act == "written"]
    assert sorted(told) == sorted([("changed", written)] * 7 + [("written", written)])
    assert Score.objects.get().points == written
