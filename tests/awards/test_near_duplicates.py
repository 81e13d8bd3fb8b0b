"""Near-duplicates over all lists: found in pairs, scored, never merged; arrays say what plain sets say."""

import random
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from awards.models import Nominee
from awards.near_duplicates import ALIKE_PEOPLE, NAMESAKE, NEAR, SAME, TWO_LEVELS, Lists, PersonNames
from core.vietnamese import fold
from tests.awards.dossiers import PERSON, make_dossier, make_nominee
from tests.awards.reviewers import reviewer_of
from tests.campaign.plans import make_phase
from tests.campaign.units import make_unit
from tests.factories import CommuneFactory, DistrictFactory

FIRST_NAMES = ["An", "Anh", "Bình", "Bảy", "Chín", "Hạnh", "Hoa", "Hùng", "Lan", "Linh", "Mai", "Tư"]
MIDDLES = ["Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Quốc", "Xuân", "Kim", ""]
FAMILIES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Võ", "Đặng"]


def _name(seeded: random.Random) -> str:
    parts = (FAMILIES, MIDDLES, MIDDLES, FIRST_NAMES)
    return " ".join(part for part in map(seeded.choice, parts) if part)


def _plain(name: str) -> set[str]:
    return {f"  {word} "[at : at + 3] for word in name.split() for at in range(len(word) + 1)}


def test_bits_find_what_sets_find():
    seeded = random.Random(5)
    names = sorted({fold(_name(seeded)) for _each in range(400)})
    told = PersonNames(names)
    expected = {}
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            score = 2 * len(_plain(one) & _plain(other)) / (len(_plain(one)) + len(_plain(other)))
            if score >= ALIKE_PEOPLE:
                expected[one, other] = score

    found = {(one, other): score for one, other, score in told.pairs()}

    assert expected
    assert found == pytest.approx(expected)
    for one in names[:40]:
        like = {other for other, _score in told.like(one)} - {one}
        assert like == {other for pair in expected if one in pair for other in pair} - {one}


def test_name_with_letters_that_nobody_has_is_like_nobody():
    assert PersonNames(["le ba"]).like("zzz qqq") == []
    assert PersonNames([]).like("le ba") == []
    assert PersonNames([]).pairs() == []


def test_thousands_of_names_take_no_long_time():
    seeded = random.Random(6)
    names = sorted({fold(f"{_name(seeded)} {number % 97}") for number in range(6_000)})
    began = time.perf_counter()

    PersonNames(names).pairs()

    assert time.perf_counter() - began < 8


def _person(dossier, name, unit=None, **said):
    unit = unit or dossier.area.units.first() or make_unit(dossier.area)
    usual = {"person": name, "person_post": "Y tá", "deeds": "Trực chốt.", "search_text": fold(name)}
    return make_nominee(dossier, unit, kind=PERSON, **usual | said)


@pytest.fixture
def dossier(db):
    return make_dossier(status="submitted")


@pytest.fixture
def beside(dossier):
    """Of the next district, in the same phase."""
    area = DistrictFactory(parent=dossier.area.parent)
    return make_dossier(area, dossier.phase, status="submitted")


def _lists() -> Lists:
    return Lists(Nominee.objects.select_related("unit", "dossier__area", "dossier__phase").order_by("pk"))


def _pairs() -> list[tuple]:
    return [(pair.one.pk, pair.other.pk, pair.kind, pair.percent) for pair in _lists().pairs()]


def test_each_pair_is_told_once_by_its_strongest_ground(dossier, beside):
    agency = make_unit(dossier.area, "agency", name="Trung tâm Y tế huyện Bác Ái")
    short = make_unit(beside.area, "agency", name="TTYT huyện Bác Ái")
    one, other = make_nominee(dossier, agency), make_nominee(beside, short)
    bay, bay_bare = _person(dossier, "Trần Thị Bảy"), _person(beside, "Tran Thi Bay")
    near = _person(beside, "Trần Thị Bảo Bảy")
    make_nominee(dossier, make_unit(dossier.area, "agency", name="Công an huyện"))

    assert _pairs() == [
        (bay.pk, bay_bare.pk, NAMESAKE, 100),
        (one.pk, other.pk, NEAR, 100),
        *sorted([(bay.pk, near.pk, NEAR, 92), (bay_bare.pk, near.pk, NEAR, 92)]),
    ]


def test_other_diacritics_are_said_to_be_less_alike(dossier, beside):
    bay, bay_low = _person(dossier, "Trần Thị Bảy"), _person(beside, "Trần Thị Bày")

    assert _pairs() == [(bay.pk, bay_low.pk, NAMESAKE, 97)]
    assert [(each.pk, round(score, 2)) for each, score in _lists().near(bay)] == [(bay_low.pk, 0.97)]


def test_hamlets_of_one_name_are_told_apart_by_their_codes(dossier, beside):
    for each in (dossier, beside):
        make_nominee(each, make_unit(CommuneFactory(parent=each.area, name="Xã Phước An")))

    assert _pairs() == []


def test_the_same_unit_in_two_phases_says_whether_it_was_awarded(dossier):
    phase = make_phase(
        dossier.phase.campaign, code="dot-2", number=2, first_day="2021-10-01", last_day="2021-10-20"
    )
    unit = make_unit(dossier.area)
    first = make_nominee(dossier, unit, status="awarded")
    again = make_nominee(make_dossier(dossier.area, phase, status="submitted"), unit)

    (pair,) = _lists().pairs()

    assert (pair.one.pk, pair.other.pk, pair.kind) == (first.pk, again.pk, SAME)
    assert dossier.phase.name in pair.words


def test_pairs_that_are_decided_on_both_sides_come_last(dossier, beside):
    bay, bare = _person(dossier, "Trần Thị Bảy"), _person(beside, "Tran Thi Bay")
    over = [make_dossier(DistrictFactory(parent=dossier.area.parent), dossier.phase, status="decided")]
    over.append(make_dossier(DistrictFactory(parent=dossier.area.parent), dossier.phase, status="decided"))
    old, older = (_person(each, "Lê Ba") for each in over)
    Nominee.objects.filter(pk__in=[bay.pk, bare.pk]).update(person="Lê Văn Tám", search_text="le van tam")

    assert [pair[:2] for pair in _pairs()] == [(bay.pk, bare.pk), (old.pk, older.pk)]


def test_area_and_its_office_are_two_levels_of_one(dossier):
    commune = CommuneFactory(parent=dossier.area)
    one = make_nominee(dossier, make_unit(commune))
    other = make_nominee(dossier, make_unit(commune, "party_and_state"))
    make_nominee(dossier, make_unit(commune, "agency"))

    assert _pairs() == [(one.pk, other.pk, TWO_LEVELS, 100)]
    assert [each.pk for each in _lists().two_levels(other)] == [one.pk]


def _client(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_page_shows_both_lists_and_narrows(dossier, beside):
    bay, bare = _person(dossier, "Trần Thị Bảy"), _person(beside, "Tran Thi Bay")
    draft = make_dossier(DistrictFactory(parent=dossier.area.parent), dossier.phase)
    _person(draft, "Trần Thị Bảy")  # is not handed in
    client = _client(reviewer_of(dossier))

    told = client.get("/review/near/").content.decode()

    assert "1 cặp" in told
    for each in (bay, bare):
        assert f"/review/{each.dossier_id}/?nominee={each.pk}" in told
        assert f"Danh sách của {each.dossier.area.name}" in told
    for query, count in ((f"?nominee={bay.pk}", 1), ("?nominee=1", 0), ("?kind=same", 0),
                         (f"?kind=namesake&phase={dossier.phase_id}", 1)):  # fmt: skip
        assert client.get(f"/review/near/{query}").context["page"].paginator.count == count
    for query in ("?kind=x", "?phase=0", "?nominee=x"):
        assert client.get(f"/review/near/{query}").status_code == 400
    stranger = _client(reviewer_of(make_dossier()))
    assert stranger.get("/review/near/").context["page"].paginator.count == 0
    assert Nominee.objects.count() == 3  # nothing was merged


def test_page_of_many_takes_as_many_questions(dossier, beside):
    _person(dossier, "Trần Thị Bảy"), _person(beside, "Tran Thi Bay")
    client = _client(reviewer_of(dossier))
    client.get("/review/near/")
    with CaptureQueriesContext(connection) as few:
        client.get("/review/near/")
    for number in range(30):
        _person(dossier, f"Lê Văn {number}"), _person(beside, f"Le Van {number}")

    with CaptureQueriesContext(connection) as many:
        assert client.get("/review/near/").context["page"].paginator.count > 30

    assert len(many) == len(few) <= 15
