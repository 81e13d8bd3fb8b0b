"""Editions say where a level rests on a number that nobody had accepted at the cut-off."""

import csv
import io
import json
from datetime import timedelta

import pytest

from core.people import system_user
from riskmap.edition_pages import preview_of
from riskmap.edition_proof import verify_editions
from riskmap.edition_totals import unapproved_in
from riskmap.levels import reassess
from riskmap.models import MapEdition, ProvincePolicy, PublishedMap
from riskmap.policies import set_policy
from riskmap.published import levels_published
from tests.riskmap.province import day, make_province
from tests.riskmap.test_editions import at, put_out

pytestmark = pytest.mark.django_db
TWO = {"901": ["90101", "90102"], "902": ["90201"]}
A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
def province():
    made = make_province(districts=TWO)
    made.post({("90101", 3): 2}, complete=(0, 3), at=at(3, 15))
    return made


def payload_of(edition):
    return json.loads(bytes(edition.payload.body))


def unapproved(edition):
    """Codes of the communes the edition marks, as its payload and as its cells say."""
    said = payload_of(edition)["layers"]["commune"]
    assert unapproved_in(edition) == sum(row.get("unapproved", False) for row in said)
    return [row["code"] for row in said if row.get("unapproved")]


def test_commune_is_unapproved_until_every_day_of_its_window_is_accepted(province):
    province.accept(0, 1, 3, districts=["901"], at=at(3, 16))
    province.accept(0, 1, 2, 3, districts=["902"], at=at(3, 16))
    assert unapproved(put_out(province, 3)) == ["90101", "90102"]

    province.accept(2, districts=["901"], at=at(4, 9))
    assert unapproved(put_out(province, 4)) == []


def test_acceptance_counts_to_the_microsecond_of_the_cut_off(province):
    province.accept(0, 1, 2, 3, districts=["901"], at=at(3, 17))
    province.accept(0, 1, 2, 3, districts=["902"], at=at(3, 17) + A_MOMENT)

    assert unapproved(put_out(province, 3, at=at(3, 18))) == ["90201"]


def test_day_that_left_the_window_needs_no_acceptance_any_more(province):
    province.accept(1, 2, 3, at=at(3, 16))  # day 0 never is
    assert unapproved(put_out(province, 13)) == ["90101", "90102", "90201"]
    assert unapproved(put_out(province, 14)) == []


def test_acceptance_after_an_edition_is_out_comes_after_its_cut_off(province):
    edition = put_out(province, 3)

    province.accept(0, 1, 2, 3, at=at(3, 16))  # said to be earlier, done later

    assert unapproved(edition) == ["90101", "90102", "90201"]
    assert verify_editions(replay=True).differing == []


def test_edition_without_open_numbers_says_that_all_are_approved(province):
    province.accept(0, 1, 2, 3, at=at(3, 16))

    said = payload_of(put_out(province, 3))

    assert said["approval"] is True
    assert all("unapproved" not in row for row in said["layers"]["commune"])


def test_province_that_approves_nothing_says_nothing(province):
    ProvincePolicy.objects.create(province=province.area, approval=False)

    edition = put_out(province, 3)

    assert "approval" not in payload_of(edition)
    assert unapproved(edition) == []


def test_edition_stays_what_it_was_when_the_province_begins_to_approve(province):
    ProvincePolicy.objects.create(province=province.area, approval=False)
    put_out(province, 3)
    set_policy(province=province.area, approval=True, by=system_user())
    put_out(province, 4)

    proof = verify_editions(replay=True)

    assert (proof.editions, proof.faults, proof.differing) == (2, [], [])
    assert [unapproved_in(edition) for edition in MapEdition.objects.order_by("number")] == [0, 3]


def test_levels_of_a_published_day_and_the_slider_carry_the_mark(province):
    province.accept(0, 1, 2, 3, districts=["902"], at=at(3, 16))
    put_out(province, 3)
    put_out(province, 4)

    shown = {row.code: row.unapproved for row in levels_published(province=province.area, day=day(3))}
    frames = json.loads(bytes(PublishedMap.objects.get().frames.body))

    assert shown == {"90101": True, "90102": True, "90201": False}
    assert frames["layers"]["commune"]["codes"] == "90101 90102 90201"
    assert frames["unapproved"] == {"commune": [[0, 0, 1], [1, 0, 1]]}


def test_commune_without_a_level_is_not_called_unapproved():
    province = make_province(districts=TWO)
    province.post({("90101", 3): 2}, at=at(3, 15))

    assert unapproved(put_out(province, 3)) == ["90101"]


# --- Shown ----------------------------------------------------------------------------------------------


def text_of(client, address):
    return client.get(address).content.decode()


def test_page_of_an_edition_counts_and_lists_them(client, province):
    reassess(on=day(4), at=at(4, 8))
    province.accept(0, 1, 2, 3, districts=["902"], at=at(3, 16))
    put_out(province, 3)

    page = client.get("/editions/90/1/").context["page"]
    text = text_of(client, "/editions/90/1/")

    assert [row.code for row in page.unapproved] == ["90101", "90102"]
    assert "2 xã, phường, thị trấn dựa trên số mà Sở Y tế chưa duyệt" in text
    assert text.count(", chưa duyệt</span>") == 2
    assert '<span class="tag">chưa duyệt</span> <span><strong>2</strong>' in text_of(
        client, "/editions/?province=90"
    )


def test_page_of_an_approved_edition_says_so(client, province):
    reassess(on=day(4), at=at(4, 8))
    province.accept(0, 1, 2, 3, at=at(3, 16))
    put_out(province, 3)

    text = text_of(client, "/editions/90/1/")

    assert "Mọi số liệu mà bản này dựa vào đã được Sở Y tế duyệt lúc chốt." in text
    assert "chưa duyệt" not in text


def test_page_of_an_edition_that_does_not_speak_of_approval_says_nothing(client, province):
    reassess(on=day(4), at=at(4, 8))
    ProvincePolicy.objects.create(province=province.area, approval=False)
    put_out(province, 3)

    assert "duyệt" not in text_of(client, "/editions/90/1/")


def test_table_of_the_published_map_says_it_and_that_of_what_is_known_does_not(client, province):
    reassess(on=day(4), at=at(4, 8))
    province.accept(0, 1, 2, 3, districts=["902"], at=at(3, 16))
    put_out(province, 3)

    published = text_of(client, f"/?province=90&day={day(3)}&view=published")
    known = text_of(client, f"/?province=90&day={day(3)}&view=known")

    assert (published.count(", chưa duyệt</span>"), known.count(", chưa duyệt</span>")) == (2, 0)


def test_preview_of_publishing_counts_them(client, province):
    reassess(on=day(4), at=at(4, 8))
    province.accept(0, 1, 2, 3, districts=["902"], at=at(3, 16))
    knows = preview_of(province=province.area, cut_off=at(3), at=at(3, 17, 5))

    assert knows.unapproved == 2


def test_api_says_how_many_and_which(client, province):
    province.accept(0, 1, 2, 3, districts=["902"], at=at(3, 16))
    put_out(province, 3)
    ProvincePolicy.objects.create(province=province.area, approval=False)
    put_out(province, 4)

    spoken, silent = (client.get(f"/api/v1/editions/90/{number}/").json()["unapproved"] for number in (1, 2))
    columns = [
        {row["code"]: row["unapproved"] for row in csv.DictReader(io.StringIO(_csv(client, number)))}
        for number in (1, 2)
    ]

    assert (spoken, silent) == (2, None)
    assert columns[0] == {
        "90101": "true",
        "90102": "true",
        "90201": "false",
        "901": "",
        "902": "",
        "90": "",
    }
    assert set(columns[1].values()) == {""}


def _csv(client, number):
    return client.get(f"/api/v1/editions/90/{number}/levels.csv").content.decode("utf-8-sig")
