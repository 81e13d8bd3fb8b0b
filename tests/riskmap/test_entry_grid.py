"""What the day's grid shows beside each commune, at the same cost for three communes and for thirty."""

from datetime import date, timedelta

import pytest

from core.models import Area
from core.people import system_user
from riskmap.cells import cell_states
from riskmap.day_reports import mark_sent
from riskmap.drafts import Edit, save_cells
from riskmap.entry_colours import colours_of
from riskmap.entry_grid import grid_of
from riskmap.entry_home import lines_of
from riskmap.entry_scope import communes_of, places_of, scope_of
from riskmap.entry_source import entry_source
from riskmap.enums import CorrectionStatus, ReportStatus, RiskLevel
from riskmap.levels import reassess
from riskmap.models import CellNote, CorrectionRequest, CountPost, DayReport, LockException
from riskmap.plausibility import Numbers
from tests.factories import CommuneFactory, ProvinceFactory, UserFactory
from tests.riskmap.province import AT, day, make_province

DAY = day(9)
QUIET = Numbers(0, 0, 0)


@pytest.fixture
def province(db):
    return make_province(districts={"901": ["90101", "90102", "90103"], "902": ["90201"]})


@pytest.fixture
def scope(province):
    return province.districts["901"]


@pytest.fixture
def lan(db):
    return UserFactory(full_name="Thị Kim Lan")


def type_(province, code, numbers, by, note=""):
    source = entry_source(province=province.area, by=system_user())
    pk = province.communes[code].pk
    seen = cell_states(source=source, day=DAY, areas=[pk])[pk]
    edit = Edit(pk, numbers, note, seen.version, seen.entry)
    assert save_cells(source=source, day=DAY, edits=[edit], by=by, at=AT).changed == {}


def row_of(area, code):
    return next(row for row in grid_of(area=area, day=DAY, at=AT).rows if row.area.code == code)


def accept(scope):
    mark_sent(cells=[(scope.children.first().pk, DAY)], by=system_user(), at=AT)
    last = CountPost.objects.latest("pk")
    DayReport.objects.update(
        status=ReportStatus.ACCEPTED, accepted_post=last, decided_at=AT, decided_by=system_user()
    )


def test_grid_of_a_district_has_its_communes_of_the_day_in_vietnamese_order(province, scope):
    Area.objects.filter(code="90102").update(valid_to=DAY - timedelta(days=1))

    grid = grid_of(area=scope, day=DAY, at=AT)

    assert [row.area.code for row in grid.rows] == ["90101", "90103"]
    assert (grid.scope, grid.province, grid.source, grid.report) == (scope, province.area, None, None)
    assert [row.state for row in grid.rows] == ["empty", "empty"]
    assert [row.area.code for row in grid.missing] == ["90101", "90103"]


def test_grid_of_one_commune_is_its_row_alone(province, scope):
    grid = grid_of(area=province.communes["90102"], day=DAY, at=AT)

    assert [row.area.code for row in grid.rows] == ["90102"]
    assert grid.one_commune
    assert grid.scope == scope


def test_oldest_list_of_communes_stands_for_the_days_before_it(province, scope):
    assert len(communes_of(scope, day=date(2020, 1, 1))) == 3


def test_row_shows_yesterday_and_the_range_of_the_week_with_silent_days_apart(province, scope):
    province.post({("90101", 2): 4, ("90101", 3): 0, ("90101", 8): {"known_source": 2, "isolated": 1}})
    province.post(complete=(5, 6))
    row = row_of(scope, "90101")

    assert row.week == (4, 0, None, 0, 0, None, 3)
    assert (row.lowest, row.highest, row.silent_days) == (0, 4, 2)
    assert row.yesterday.counted.known_source == 2
    assert (row_of(scope, "90102").lowest, row_of(scope, "90102").yesterday) == (0, None)


def test_row_without_any_report_has_no_range(province, scope):
    row = row_of(scope, "90101")

    assert (row.lowest, row.highest, row.silent_days) == (None, None, 7)


def test_row_shows_what_another_source_says_and_that_it_is_in_force(province, scope):
    province.post({("90101", 9): 5}, source="CDC")
    row = row_of(scope, "90101")

    assert (row.state, row.reported, row.cell.sent) == ("empty", True, None)
    assert (row.other_in_force.source, row.other_in_force.counted.cases) == ("CDC", 5)


def test_report_of_zero_by_completeness_is_a_report(province, scope):
    province.post(complete=(9, 9))
    row = row_of(scope, "90103")

    assert row.reported
    assert (row.in_force.silent, row.in_force.source) == (True, "huyện")
    assert row.other_in_force is None


def test_row_with_a_draft_says_who_saved_it_and_when(province, scope, lan):
    type_(province, "90101", Numbers(9, 0, 0), lan)
    grid = grid_of(area=scope, day=DAY, at=AT)
    row = grid.rows[0]

    assert (row.state, row.cell.who, row.cell.when) == ("draft", "Thị Kim Lan", AT)
    assert grid.last_saved.saved_by == "Thị Kim Lan"
    assert [row.area.code for row in grid.drafts] == ["90101"]
    assert [row.area.code for row in grid.missing] == ["90102", "90103"]


def test_draft_over_what_was_sent_is_a_correction_unless_it_only_adds(province, scope, lan):
    entry = entry_source(province=province.area, by=system_user())
    province.sources[entry.name] = entry
    province.post({("90101", 9): {"unknown_source": 1, "known_source": 0, "isolated": 0}}, source=entry.name)
    assert row_of(scope, "90101").state == "sent"

    type_(province, "90101", Numbers(2, 0, 0), lan)

    row = row_of(scope, "90101")
    assert (row.state, row.corrects) == ("correcting", True)
    assert row.cell.sent == Numbers(1, 0, 0)


def test_hints_are_held_against_the_week(province, scope, lan):
    province.post({("90101", 8): 1})
    type_(province, "90101", Numbers(9, 0, 0), lan)

    assert [hint.code for hint in row_of(scope, "90101").hints] == ["jump"]


def test_note_sent_before_stands_in_its_cell(province, scope, lan):
    CellNote.objects.create(
        area=province.communes["90101"], day=DAY, text="chợ Ninh", written_at=AT, written_by=lan
    )

    assert row_of(scope, "90101").cell.note == "chợ Ninh"


def test_accepted_day_is_locked_but_for_the_exception_of_a_commune(province, scope, lan):
    province.post({("90101", 9): 1, ("90102", 9): 0})
    accept(scope)
    given = LockException.objects.create(
        area=province.communes["90102"], day=DAY, reason="sót ca", granted_at=AT, granted_by=lan,
        expires_at=AT + timedelta(hours=1),
    )  # fmt: skip

    grid = grid_of(area=scope, day=DAY, at=AT)
    assert grid.accepted
    assert [(row.area.code, row.locked) for row in grid.rows] == [
        ("90101", True), ("90102", False), ("90103", True)
    ]  # fmt: skip
    assert grid.rows[1].exception == given
    later = grid_of(area=scope, day=DAY, at=AT + timedelta(hours=1))
    assert [row.locked for row in later.rows] == [True] * 3


def test_exception_of_the_district_opens_all_its_communes(province, scope, lan):
    province.post({("90101", 9): 1})
    accept(scope)
    LockException.objects.create(
        area=scope,
        day=DAY,
        reason="sót ca",
        granted_at=AT,
        granted_by=lan,
        expires_at=AT + timedelta(hours=1),
    )

    assert not any(row.locked for row in grid_of(area=scope, day=DAY, at=AT).rows)


def test_correction_that_waits_for_a_second_person_is_shown(province, scope, lan):
    source = entry_source(province=province.area, by=system_user())
    request = CorrectionRequest.objects.create(
        province=province.area, area=province.communes["90101"], source=source, impact={},
        rows=[{"area": province.communes["90101"].pk, "day": DAY.isoformat()}],
        reason="sót ca", status=CorrectionStatus.WAITING, requested_at=AT, requested_by=lan,
    )  # fmt: skip

    assert row_of(scope, "90101").waiting == request
    assert row_of(scope, "90101").state == "waiting"
    assert row_of(scope, "90102").waiting is None


def test_grid_costs_the_same_for_three_communes_and_for_thirty(db, lan, django_assert_num_queries):
    for code, size in (("90", 3), ("91", 30)):
        made = make_province(code, districts={f"{code}1": [f"{code}1{n:02d}" for n in range(size)]})
        made.post({(name, n): 1 for name in made.communes for n in range(9)}, complete=(0, 9))
        for name in made.communes:
            type_(made, name, QUIET, lan)
        accept(made.districts[f"{code}1"])
        scope = Area.objects.select_related("parent").get(code=f"{code}1")

        # Communes, source, cells, report, coverages, counts, exceptions, corrections, last day.
        with django_assert_num_queries(9):
            grid = grid_of(area=scope, day=DAY, at=AT)
            assert len([row.hints for row in grid.rows]) == size


def test_colours_of_the_drafts_are_those_the_rule_would_give(province, scope, lan):
    province.post(complete=(0, 8))
    reassess(on=DAY, at=AT, provinces=[province.area])
    type_(province, "90101", Numbers(2, 0, 0), lan)
    type_(province, "90102", QUIET, lan)
    type_(province, "90103", Numbers(2, None, None), lan)  # would be refused

    colours = colours_of(grid=grid_of(area=scope, day=DAY, at=AT), on=DAY)

    assert [(line.area.code, line.after) for line in colours.lines] == [
        ("90101", RiskLevel.VERY_HIGH), ("90102", RiskLevel.NEW_NORMAL)
    ]  # fmt: skip
    assert colours.lines[0].before == RiskLevel.NEW_NORMAL
    assert [words.finding.criterion.level for words in colours.lines[0].reasons] == [RiskLevel.VERY_HIGH]
    assert colours.changing == 2  # the second is not provisional any more
    assert {change.code for change in colours.others} <= {"901", "902", "90", "90103", "90201"}
    assert "901" in {change.code for change in colours.others}


def test_grid_without_drafts_has_no_colours_to_try(province, scope):
    assert colours_of(grid=grid_of(area=scope, day=DAY, at=AT), on=DAY) is None


def test_places_are_districts_and_the_communes_whose_district_is_not_held(province):
    held = Area.objects.filter(code__in=["901", "90101", "90102", "90103", "90201"])

    assert [place.code for place in places_of(held, day=DAY)] == ["901", "90201"]


def test_province_without_districts_is_a_place_of_its_own(db):
    since = date(2025, 7, 1)
    commune = CommuneFactory(parent=ProvinceFactory(), valid_from=since)

    assert places_of(Area.objects.all(), day=since) == [commune.parent]
    assert communes_of(commune.parent, day=since) == [commune]
    assert scope_of(commune) == commune.parent


def test_lines_of_places_tell_how_far_each_is(province, lan, django_assert_num_queries):
    province.post({("90101", 9): 3, ("90102", 9): 0})
    type_(province, "90103", QUIET, lan)
    places = list(Area.objects.filter(code__in=["901", "902"]).order_by("code"))

    with django_assert_num_queries(3):
        one, two = lines_of(places, day=DAY)

    assert (one.numbers.reported, one.numbers.communes, one.numbers.cases, one.drafts) == (2, 3, 3, 1)
    assert (two.numbers.reported, two.drafts, two.report) == (0, 0, None)
