"""Proof of the editions: one changed bit is found."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from core.people import system_user
from riskmap.edition_proof import verify_editions
from riskmap.models import MapEdition
from riskmap.policies import set_policy
from tests.riskmap.province import make_province
from tests.riskmap.test_editions import at, put_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    made = make_province(borders=[("90101", "90102")])
    made.post({("90101", 3): 2}, complete=(0, 5), at=at(3, 16))
    for number in (3, 4, 5):
        put_out(made, number)
    return made


def tamper(statement, *parameters):
    """As someone with all rights on the database would."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set session_replication_role = replica")
        cursor.execute(statement, parameters)
        cursor.execute("set session_replication_role = origin")


def test_untouched_editions_are_whole_and_replay(province):
    proof = verify_editions(replay=True)

    assert (proof.editions, proof.faults, proof.differing) == (3, [], [])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("day = day + 1", "mã băm không khớp"),
        ("cells = set_byte(cells, 0, 1)", "mã băm không khớp"),
        ("published_at = published_at + interval '1 microsecond'", "mã băm không khớp"),
    ],
)
def test_one_changed_value_is_found(province, change, fault):
    tamper(f"update riskmap_mapedition set {change} where number = 2")

    assert any(fault in each and "số 2" in each for each in verify_editions().faults)


def test_changed_payload_is_found(province):
    payload = MapEdition.objects.get(number=2).payload_id
    tamper("update core_publicasset set body = set_byte(body, 40, 0) where sha256 = %s", payload)

    assert any("nội dung không khớp" in each for each in verify_editions().faults)


def test_missing_edition_is_found(province):
    tamper("delete from riskmap_mapedition where number = 2")

    faults = verify_editions().faults
    assert any("số công bố không liền nhau" in each for each in faults)
    assert any("không nối với bản trước" in each for each in faults)


def test_dropped_last_edition_leaves_a_pointer_that_tells(province):
    tamper("update riskmap_publishedmap set edition_id = %s", MapEdition.objects.get(number=2).pk)

    assert any("không phải bản công bố mới nhất" in each for each in verify_editions().faults)


def test_command_says_whole_or_exits_1(province):
    answer = StringIO()
    call_command("verify_editions", stdout=answer)
    assert "3 bản công bố nguyên vẹn" in answer.getvalue()

    tamper("update riskmap_mapedition set day = day + 1 where number = 2")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_editions", stdout=answer, stderr=StringIO())
    assert ended.value.code == 1


def test_replay_names_the_editions_that_a_new_policy_would_change(province):
    set_policy(province=province.area, by=system_user(), parameters={"cluster_size": 3})

    proof = verify_editions(replay=True)

    assert proof.faults == []
    assert proof.differing == ["90 số 1", "90 số 2", "90 số 3"]
