"""Replay: the same ledger gives the same standings, and what was tampered with is named."""

import gzip
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from campaign.models import Standing
from campaign.standing_bodies import canonical, hash_of, pack, unpack, written_in
from campaign.standing_proof import verify_standings
from tests.campaign.contest import KNOWN, Contest, noon
from tests.campaign.units import make_group, make_unit
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    made = Contest()
    made.live(0, 3, {"90101": 5})
    made.compute(3)
    return made


def verify(contest, number=3):
    proof = verify_standings(campaign=contest.campaign, on=day(number))
    return proof.standings, len(proof.faults), len(proof.differing)


def tamper(statement, *parameters):
    """As someone with all rights on the database would."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set session_replication_role = replica")
        cursor.execute(statement, parameters)
        cursor.execute("set session_replication_role = origin")


def test_untouched_standings_replay(contest):
    assert verify(contest) == (8, 0, 0)


def test_same_numbers_told_in_another_order_give_the_same_standings():
    one, other = Contest("91"), Contest("92")
    one.report_days(0, 3, {"91101": 5})
    for number in (3, 1, 0, 2):
        other.report(number, {"92101": 5}, at=noon(3))
    for each in (one, other):
        each.assess(3)
        each.compute(3)

    told = [
        written_in(Standing.objects.filter(phase=each.phase).latest("day")).decode() for each in (one, other)
    ]

    plain = [json.loads(text.replace("thi-dua-92", "thi-dua-91").replace("92", "91")) for text in told]
    for content in plain:
        content.pop("inputs")
    assert plain[0] == plain[1]


def test_standing_comes_back_from_its_bytes_as_it_was_packed(contest):
    standing = Standing.objects.filter(view=KNOWN).latest("day")

    table = unpack(standing, unit_ids={"90101": 7})

    assert hash_of(canonical(table)) == standing.hash
    assert pack(table) == (bytes(standing.body), standing.hash)
    assert [unit.unit_id for unit in table.groups[0].units] == [7, 0, 0]


def test_renaming_breaks_no_replay(contest):
    make_group(contest.campaign, "enterprise")
    unit = make_unit(contest.province.communes["90102"], "enterprise", code="DN1", name="Công ty May")
    contest.compute(3)
    unit.name = "Công ty Dệt"
    unit.save()

    assert verify(contest)[1:] == (0, 0)


def test_what_changed_since_is_told_apart_from_what_is_wrong(contest):
    contest.province.post({("90101", 2): 0}, reason="đính chính", at=noon(3))
    contest.assess(3)

    assert verify(contest) == (8, 0, 2)
    contest.compute(3)
    assert verify(contest) == (10, 0, 0)


def test_standing_that_was_not_computed_yet_is_named(contest):
    contest.report(4)
    contest.assess(4)

    assert verify(contest, 4) == (8, 0, 1)


def test_changed_body_is_found(contest):
    standing = Standing.objects.filter(view=KNOWN).latest("day")
    forged = gzip.compress(written_in(standing).replace(b'"cases":[20', b'"cases":[10'))
    tamper("update campaign_standing set body = %s where id = %s", forged, standing.pk)

    assert verify(contest) == (8, 1, 0)


def test_body_changed_with_its_hash_is_found_by_computing_again(contest):
    standing = Standing.objects.filter(view=KNOWN).latest("day")
    forged = written_in(standing).replace(b'"cases":[20', b'"cases":[10')
    tamper(
        "update campaign_standing set body = %s, hash = %s where id = %s",
        gzip.compress(forged), hash_of(forged), standing.pk,
    )  # fmt: skip

    assert verify(contest) == (8, 1, 0)


def test_body_put_under_another_day_is_found(contest):
    tamper("update campaign_standing set day = %s where day = %s", day(9), day(3))

    assert verify(contest)[1] == 2


def test_unreadable_body_is_found(contest):
    tamper("update campaign_standing set body = '\\x00' where id = (select max(id) from campaign_standing)")

    assert verify(contest) == (8, 2, 0)


def test_removed_standing_is_found(contest):
    tamper("delete from campaign_standing where day = %s", day(1))

    assert verify(contest) == (6, 0, 2)


def test_command_computes_verifies_and_tells_by_its_exit_code(contest, capsys, settings):
    call_command("compute_standings", contest.campaign.slug)
    assert capsys.readouterr().out == "Đã ghi 0 bảng xếp hạng.\n"
    call_command("compute_standings", "--verify")
    assert "8 bảng xếp hạng nguyên vẹn" in capsys.readouterr().out

    tamper("delete from campaign_standing where day = %s", day(1))

    with pytest.raises(SystemExit) as exit_code:
        call_command("compute_standings", "--verify")
    assert exit_code.value.code == 1
    assert "02/08/2021" in capsys.readouterr().err
    call_command("compute_standings", day=[day(1)])
    assert capsys.readouterr().out == "Đã ghi 2 bảng xếp hạng.\n"


def test_command_refuses_a_campaign_there_is_not(contest):
    with pytest.raises(CommandError, match="thi-dua-90"):
        call_command("compute_standings", "khong-co")
