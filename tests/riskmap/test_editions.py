"""Editions: what was published stays, whole and in its chain."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from core.people import system_user
from riskmap.as_of import known_at
from riskmap.editions import CannotPublish, due_cut_offs, is_late, publish
from riskmap.enums import RiskLevel
from riskmap.levels import reassess
from riskmap.models import CountPost, MapEdition, ProvincePolicy, PublishedMap
from riskmap.published import published_matrix
from tests.riskmap.province import day, make_province

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(number: int, hour: int = 17, minute: int = 0) -> datetime:
    return datetime.combine(day(number), datetime.min.time(), ZONE).replace(hour=hour, minute=minute)


@pytest.fixture
def province():
    made = make_province(borders=[("90101", "90102")])
    made.post({("90101", 3): 2}, complete=(0, 3), at=at(3, 16))
    return made


def put_out(province, number, **moments):
    moments = {"cut_off": at(number), "at": at(number, 17, 5)} | moments
    return publish(province=province.area, by=system_user(), **moments)


def level_in(edition, code):
    rows = json.loads(bytes(edition.payload.body))["layers"]["commune"]
    return next(row for row in rows if row["code"] == code)


def test_edition_holds_every_level_with_its_grounds(province):
    province.accept(0, 1, 2, 3, at=at(3, 16, 30))
    edition = put_out(province, 3)

    assert (edition.number, edition.day) == (1, day(3))
    assert level_in(edition, "90101") == {
        "code": "90101",
        "name": "Xã 90101",
        "level": "very_high",
        "provisional": False,
        "criteria": ["xa.do.1"],
    }
    assert level_in(edition, "90102")["criteria"] == ["xa.cam.2"]
    assert PublishedMap.objects.get().edition == edition


def test_report_after_the_cut_off_is_not_in_the_edition_however_late_it_is_made(province):
    province.post({("90103", 3): 5}, reason="báo muộn", at=at(3, 17, 0) + timedelta(microseconds=1))

    edition = put_out(province, 3, at=at(3, 19))

    assert level_in(edition, "90103")["level"] == "new_normal"


def test_report_at_the_cut_off_itself_is_in_the_edition(province):
    province.post({("90103", 3): 5}, at=at(3, 17))

    assert level_in(put_out(province, 3), "90103")["level"] == "very_high"


def test_correction_changes_what_is_known_and_nothing_that_was_published(province):
    edition = put_out(province, 3)
    province.post({("90101", 3): 0}, reason="đính chính", at=at(4, 9))
    reassess(on=day(4), at=at(4, 9))

    published = published_matrix(province=province.area, kind="commune", first=day(3), last=day(3))
    known = known_at(province=province.area, instant=at(4, 9), through=day(3))

    assert published.cells[published.codes.index("90101"), 0] & 7 == RiskLevel.VERY_HIGH
    row = known.areas.ids.tolist().index(province.communes["90101"].pk)
    assert known.assessed.level[row, 3] == RiskLevel.NEW_NORMAL
    assert level_in(MapEdition.objects.get(pk=edition.pk), "90101")["level"] == "very_high"


def test_post_that_waited_for_the_edition_is_recorded_after_its_cut_off(province):
    edition = put_out(province, 3)

    province.post({("90103", 3): 5}, at=at(3, 16, 59))

    assert CountPost.objects.latest("id").posted_at == edition.cut_off + timedelta(microseconds=1)
    knowledge = known_at(province=province.area, instant=edition.cut_off)
    row = knowledge.areas.ids.tolist().index(province.communes["90103"].pk)
    assert knowledge.assessed.level[row, 3] == RiskLevel.NEW_NORMAL


def test_same_cut_off_is_not_published_twice(province):
    put_out(province, 3)

    with pytest.raises(CannotPublish, match="Đã công bố bản số 1"):
        put_out(province, 3)


def test_cut_off_to_come_is_refused(province):
    with pytest.raises(CannotPublish, match="Chưa đến giờ"):
        put_out(province, 3, at=at(3, 16, 59))


def test_province_without_reports_cannot_publish():
    with pytest.raises(CannotPublish, match="Chưa có số liệu"):
        put_out(make_province(), 3)


def test_editions_are_chained(province):
    first, second = put_out(province, 3), put_out(province, 4)

    assert first.previous_hash == "0" * 64
    assert second.previous_hash == first.hash
    assert second.number == 2


@pytest.mark.parametrize(
    "change",
    [
        {"number": 3},
        {"previous_hash": "1" * 64},
        {"cells": b"\x01\x01\x01\x01\x01"},
        {"hash": "2" * 64},
        {"codes": "90101|901|90"},
    ],
)
def test_database_refuses_an_edition_that_does_not_continue_the_chain(province, change):
    put_out(province, 3)
    forged = put_out(province, 4)
    values = {f.attname: getattr(forged, f.attname) for f in MapEdition._meta.fields if f.name != "id"}
    values |= {"number": 3, "cut_off": at(5), "previous_hash": forged.hash, "published_at": at(5)}

    with pytest.raises(IntegrityError, match="nối tiếp"), transaction.atomic():
        MapEdition.objects.create(**(values | change | ({"number": 4} if "number" in change else {})))


@pytest.mark.parametrize(
    "statement",
    [
        "update riskmap_mapedition set day = day + 1",
        "delete from riskmap_mapedition",
        "truncate riskmap_mapedition cascade",
    ],
)
def test_edition_cannot_be_changed_even_by_raw_sql(province, statement):
    put_out(province, 3)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_last_edition_of_a_day_counts(province):
    put_out(province, 3)
    province.post({("90103", 3): 5}, reason="đính chính", at=at(3, 18))
    put_out(province, 3, cut_off=at(3, 19), at=at(3, 19))

    matrix = published_matrix(province=province.area, kind="commune", first=day(2), last=day(4))

    levels = dict(zip(matrix.codes, (matrix.cells & 7).tolist(), strict=True))
    assert levels["90103"] == [0, RiskLevel.VERY_HIGH, 0]


def test_published_frames_hold_all_published_days(province):
    put_out(province, 3)
    put_out(province, 5)

    frames = json.loads(bytes(PublishedMap.objects.get().frames.body))

    assert (frames["first_day"], frames["last_day"], frames["version"]) == ("2021-08-04", "2021-08-06", 2)


def test_due_cut_offs_make_up_for_the_days_that_were_missed(province):
    reassess(on=day(6), at=at(6, 9))
    assert due_cut_offs(province=province.area, at=at(3, 16, 59)) == []
    assert due_cut_offs(province=province.area, at=at(3, 17)) == [at(3)]

    put_out(province, 3)

    assert due_cut_offs(province=province.area, at=at(6, 17)) == [at(4), at(5), at(6)]


def test_silent_province_is_not_published_for_ever(province):
    reassess(on=day(30), at=at(30))
    put_out(province, 3)

    assert due_cut_offs(province=province.area, at=at(40)) == []


def test_province_may_publish_by_hand_only(province):
    reassess(on=day(3), at=at(3, 16))
    ProvincePolicy.objects.create(province=province.area, publish_at=None)

    assert due_cut_offs(province=province.area, at=at(3, 18)) == []


def test_edition_is_late_an_hour_after_its_cut_off(province):
    reassess(on=day(3), at=at(3, 16))

    assert is_late(province=province.area, at=at(3, 18)) is None
    assert is_late(province=province.area, at=at(3, 18) + timedelta(microseconds=1)) == at(3)
