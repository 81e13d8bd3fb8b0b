"""Levels: the recomputation loses nothing, whatever it starts from and whoever interrupts it."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmap.enums import RiskLevel
from riskmap.history import levels_on
from riskmap.levels import NothingToAssess, reassess
from riskmap.models import Assessment, Grounds, LevelSpan, StaleMark
from tests.riskmap.province import AT, day, join, make_province

pytestmark = pytest.mark.django_db

TODAY = date(2021, 12, 31)


def level_of(province, code, number):
    rows = {row.code: row for row in levels_on(province=province.area, day=day(number))}
    return rows[code].level


def all_spans():
    rows = LevelSpan.objects.order_by("area__code", "first_day").values_list(
        "area__code", "first_day", "last_day", "level", "provisional", "grounds__criteria"
    )
    return [(*row[:5], tuple(row[5])) for row in rows]


def test_reassess_takes_the_marks_and_leaves_none():
    province = make_province()
    province.post({("90101", 3): 2}, complete=(0, 5))

    done = reassess(on=TODAY, at=AT)

    assert done.provinces == (province.area.pk,)
    assert not StaleMark.objects.exists()
    assert level_of(province, "90101", 2) == RiskLevel.NEW_NORMAL
    assert level_of(province, "90101", 3) == RiskLevel.VERY_HIGH


def test_reassess_twice_changes_nothing():
    province = make_province()
    province.post({("90101", 3): 2}, complete=(0, 5))
    reassess(on=TODAY, at=AT)
    before, version = all_spans(), Assessment.objects.get().version

    again = reassess(on=TODAY, at=AT, provinces=[province.area])

    assert (again.opened, again.resized, again.removed) == (0, 0, 0)
    assert all_spans() == before
    assert Assessment.objects.get().version == version


def test_reassess_without_reports_is_refused_for_a_named_province():
    province = make_province()

    with pytest.raises(NothingToAssess):
        reassess(on=TODAY, at=AT, provinces=[province.area])


def test_missing_report_holds_the_level_and_marks_it_provisional():
    province = make_province()
    province.post({("90101", 0): 2}, complete=(0, 20))
    province.post({("90102", 21): 0, ("90103", 21): 0})
    reassess(on=day(30), at=AT)

    spans = {row[0]: row for row in all_spans() if row[1] <= day(21) <= row[2]}

    assert spans["90101"][3:5] == (RiskLevel.NEW_NORMAL, True)
    assert spans["90102"][3:5] == (RiskLevel.NEW_NORMAL, False)


def test_red_is_held_while_reports_are_missing_and_falls_when_they_come():
    province = make_province()
    province.post({("90101", 0): 2}, complete=(0, 12))
    reassess(on=day(40), at=AT)
    assert level_of(province, "90101", 30) == RiskLevel.VERY_HIGH

    province.post({}, complete=(13, 30))
    reassess(on=day(40), at=AT)

    assert level_of(province, "90101", 13) == RiskLevel.VERY_HIGH
    assert level_of(province, "90101", 14) == RiskLevel.NEW_NORMAL


def test_commune_before_its_first_report_has_no_level():
    province = make_province()
    province.post({("90101", 0): 0, ("90101", 1): 0, ("90102", 5): 0})
    reassess(on=day(10), at=AT)

    assert level_of(province, "90102", 4) == RiskLevel.NO_DATA
    assert level_of(province, "90102", 5) == RiskLevel.NEW_NORMAL


def test_touching_spreads_over_the_border_of_the_province():
    here = make_province("90")
    there = make_province("91", districts={"911": ["91101", "91102"]})
    join(here, there, [("90101", "91101")])
    join(there, there, [("91101", "91102")])
    here.post({}, complete=(0, 10))
    there.post({}, complete=(0, 10))
    reassess(on=day(10), at=AT)
    assert level_of(there, "91102", 5) == RiskLevel.NEW_NORMAL

    here.post({("90101", 5): 2}, reason="đính chính")
    reassess(on=day(10), at=AT)

    assert level_of(here, "90101", 5) == RiskLevel.VERY_HIGH
    assert level_of(there, "91101", 5) == RiskLevel.HIGH
    assert level_of(there, "91102", 5) == RiskLevel.ELEVATED
    assert level_of(there, "91102", 4) == RiskLevel.NEW_NORMAL


def test_province_alone_sees_its_neighbours_counts_without_writing_their_levels():
    here = make_province("90")
    there = make_province("91", districts={"911": ["91101"]})
    join(here, there, [("90101", "91101")])
    here.post({}, complete=(0, 10))
    there.post({("91101", 5): 2}, complete=(0, 10))

    reassess(on=day(10), at=AT, provinces=[here.area])

    assert level_of(here, "90101", 5) == RiskLevel.HIGH
    assert not LevelSpan.objects.filter(area__path__startswith="91").exists()
    assert StaleMark.objects.filter(province=there.area).exists()


def test_correction_replaces_only_the_spans_that_differ():
    province = make_province(districts={"901": ["90101"], "902": ["90201"]})
    province.post({("90101", 3): 2, ("90201", 4): 2}, complete=(0, 30))
    reassess(on=day(30), at=AT)
    before = set(all_spans())

    province.post({("90201", 4): 0}, reason="đính chính")
    done = reassess(on=day(30), at=AT)

    after = set(all_spans())
    assert {row[0] for row in before ^ after} == {"90201", "902", "90"}
    assert done.opened + done.resized + done.removed >= len(before ^ after) // 2
    assert level_of(province, "90201", 4) == RiskLevel.NEW_NORMAL
    assert level_of(province, "90101", 4) == RiskLevel.VERY_HIGH


def test_midnight_rolls_the_window_over_when_nobody_posts():
    province = make_province()
    province.post({("90101", 0): 2}, complete=(0, 13))
    reassess(on=day(13), at=AT)
    assert Assessment.objects.get().known_through == day(13)

    done = reassess(on=day(14), at=AT)

    assert done.provinces == (province.area.pk,)
    spans = LevelSpan.objects.filter(
        area=province.communes["90101"], first_day__lte=day(14), last_day__gte=day(14)
    )
    assert spans.get().provisional
    assert spans.get().level == RiskLevel.VERY_HIGH


def test_silent_province_settles_and_costs_nothing_any_more():
    province = make_province()
    province.post({("90101", 0): 2}, complete=(0, 13))

    reassess(on=day(60), at=AT)

    assert Assessment.objects.get().known_through == LevelSpan.OPEN
    assert reassess(on=day(61), at=AT).provinces == ()


def test_units_known_from_a_later_list_stand_for_the_days_before_it():
    province = make_province(valid_from=day(5))
    province.post({("90101", 0): 2}, complete=(0, 10))

    reassess(on=day(10), at=AT)

    assert level_of(province, "90101", 0) == RiskLevel.VERY_HIGH


cells = st.dictionaries(
    st.tuples(st.sampled_from(["90101", "90102", "90201", "90202"]), st.integers(0, 30)),
    st.sampled_from([0, 0, 1, 2, {"known_source": 1}, {"close_contacts": 1}]),
    max_size=40,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=cells, order=st.randoms(use_true_random=False), cuts=st.integers(1, 5))
def test_order_of_arrival_does_not_matter(db, cells, order, cuts):
    """However the reports arrive, and however often levels are computed between them, the spans agree."""
    with transaction.atomic():
        whole = _spread(cells, parts=1, order=None)
        transaction.set_rollback(True)
    with transaction.atomic():
        pieces = _spread(cells, parts=cuts, order=order)
        transaction.set_rollback(True)

    assert pieces == whole


def _spread(cells, *, parts, order):
    province = make_province(
        districts={"901": ["90101", "90102"], "902": ["90201", "90202"]},
        borders=[("90101", "90102"), ("90102", "90201"), ("90201", "90202")],
    )
    items = list(cells.items())
    if order:
        order.shuffle(items)
    province.post({("90101", 2): 0})
    for part in range(parts):
        province.post(dict(items[part::parts]))
        reassess(on=day(33), at=AT)
    return all_spans()


def test_spans_cannot_overlap_even_by_raw_sql():
    province = make_province()
    grounds = Grounds.objects.create(rule_set="x", criteria=[])
    area = province.communes["90101"]
    values = {"level": 1, "provisional": False, "grounds": grounds, "area": area}
    LevelSpan.objects.create(first_day=day(0), last_day=day(5), **values)

    with pytest.raises(IntegrityError, match="trùng ngày"), transaction.atomic():
        LevelSpan.objects.create(first_day=day(5), last_day=day(9), **values)
    with pytest.raises(IntegrityError, match="đơn vị hành chính"), transaction.atomic():
        LevelSpan.objects.create(first_day=day(6), last_day=day(9), **(values | {"area_id": 0, "area": None}))
    with pytest.raises(IntegrityError, match="căn cứ"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into riskmap_levelspan (area_id, first_day, last_day, level, provisional, grounds_id)"
            " values (%s, %s, %s, 1, false, 0)",
            [area.pk, day(6), day(9)],
        )


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_cannot_overlap():
    province = make_province()
    grounds = Grounds.objects.create(rule_set="x", criteria=[])
    area = province.communes["90101"]
    refused = []
    together = threading.Barrier(2)

    def write(first, last):
        try:
            with transaction.atomic():
                together.wait()
                LevelSpan.objects.create(
                    area=area, first_day=first, last_day=last, level=1, provisional=False, grounds=grounds
                )
        except IntegrityError as error:
            refused.append(str(error))
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=span) for span in [(day(0), day(5)), (day(3), day(9))]]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert len(refused) == 1
    assert LevelSpan.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_post_during_a_recomputation_is_not_lost():
    """A report that commits while the worker computes leaves its mark for the next ring."""
    province = make_province()
    province.post({}, complete=(0, 5))
    computing, posted = threading.Event(), threading.Event()

    def compute():
        with transaction.atomic():
            reassess(on=day(10), at=AT)
            computing.set()
            posted.wait(10)
        connection.close()

    worker = threading.Thread(target=compute)
    worker.start()
    computing.wait(10)
    province.post({("90101", 3): 2})
    posted.set()
    worker.join()

    assert StaleMark.objects.exists()
    reassess(on=day(10), at=AT)
    assert level_of(province, "90101", 3) == RiskLevel.VERY_HIGH


@pytest.mark.parametrize("there_first", [True, False])
def test_neighbour_held_from_before_the_provinces_own_first_report_counts(there_first):
    here = make_province("90")
    there = make_province("91", districts={"911": ["91101"]})
    join(here, there, [("90101", "91101")])
    there.post({("91101", 0): 2})
    here.post({}, complete=(30, 35))

    for province in (there, here) if there_first else (here, there):
        reassess(on=day(35), at=AT, provinces=[province.area])

    assert level_of(there, "91101", 30) == RiskLevel.VERY_HIGH
    assert level_of(here, "90101", 30) == RiskLevel.HIGH
