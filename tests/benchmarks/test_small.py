"""The benchmarks at a tiny size, so that they keep working; nothing here is measured."""

import numpy as np
import pytest
import shapely
from django.core.cache import cache
from django.db import connection

from awards import batches
from awards.models import Shortlist
from benchmarks.browser import Reach, describe
from benchmarks.city import make_shapes
from benchmarks.correction import measure_correction
from benchmarks.editions import measure_editions
from benchmarks.guards import GUARDS, measure_guards
from benchmarks.importing import measure_importing
from benchmarks.loading import at_noon, load_nation
from benchmarks.nation import NEIGHBOURS, make_counts, make_nation
from benchmarks.papers import measure_papers
from benchmarks.rebuild import forget_levels, measure_day, measure_rebuild, rebuild
from benchmarks.rolling import FORMS, RollingRule
from benchmarks.shortlists import measure_shortlists
from benchmarks.standings import make_campaigns, make_contest, measure_stage, measure_standings
from campaign.models import Standing
from core.models import Area, AreaNeighbour
from riskmap.levels import reassess
from riskmap.models import (
    Assessment,
    CorrectionRequest,
    DailyCount,
    ImportBatch,
    LevelSpan,
    MapEdition,
)

DAYS = 40


@pytest.fixture
def nation():
    return make_nation(communes=120, districts=12, provinces=3)


@pytest.fixture
def counts(nation):
    return make_counts(nation, days=DAYS + 2)


@pytest.fixture
def loaded(transactional_db, nation, counts):
    cache.clear()
    loaded = load_nation(nation)
    loaded.post_days(counts, first=0, last=DAYS - 1, at=at_noon(DAYS - 1))
    return loaded


def test_nation_is_the_same_each_time_and_of_the_size_asked(nation, counts):
    again = make_nation(communes=120, districts=12, provinces=3)

    assert np.array_equal(again.borders, nation.borders)
    assert np.array_equal(make_counts(again, days=DAYS + 2).known_source, counts.known_source)
    assert [len(np.unique(ids)) for ids in (nation.province, nation.district)] == [3, 12]
    assert 2 * len(nation.borders) / nation.communes == pytest.approx(NEIGHBOURS, abs=0.05)
    crossing = nation.province[nation.borders[:, 0]] != nation.province[nation.borders[:, 1]]
    assert crossing.any()


def test_whole_nation_has_the_density_it_promises():
    nation = make_nation()
    counts = make_counts(nation, days=400)

    assert (nation.communes, nation.province.max() + 1, nation.district.max() + 1) == (10_600, 63, 705)
    assert (nation.province == 0).sum() == 312
    assert len(counts.day) / (nation.communes * 400) == pytest.approx(0.106, abs=0.004)


def test_what_is_loaded_is_what_was_made(loaded, nation, counts):
    assert AreaNeighbour.objects.count() == 2 * len(nation.borders)
    assert Area.objects.filter(kind="commune").count() == 120
    made = counts.between(0, DAYS - 1)
    assert DailyCount.objects.count() == len(made.day)
    day = at_noon(int(made.day[0])).date()
    first = DailyCount.objects.get(area=loaded.communes[made.commune[0]], day=day)
    assert (first.unknown_source, first.known_source) == (made.unknown_source[0], made.known_source[0])


def test_rebuild_and_day_are_measured_and_leave_the_same_spans(loaded, counts):
    whole, beside_events = measure_rebuild(loaded, counts, days=DAYS, rounds=1)
    (day,) = measure_day(loaded, counts, days=DAYS, rounds=1)

    assert whole["value"] > 0
    assert whole["value"] == beside_events["value"]
    assert day["value"] > 0
    step_by_step = _spans()
    forget_levels()
    rebuild(loaded, last=DAYS + 1)()
    assert _spans() == step_by_step


def test_both_forms_of_the_plain_rule_find_the_same_spans(nation, counts):
    rule = RollingRule(np.arange(nation.communes), counts.between(0, DAYS - 1), days=DAYS)
    found = []
    for form in FORMS:
        rule.compute(form, threads=1)
        found.append(rule.spans())

    assert len(found[0]) > nation.communes
    assert found[0] == found[1]


def test_correction_counts_its_statements(loaded):
    at = at_noon(DAYS - 1)
    reassess(on=at.date(), at=at)

    took, asked = measure_correction(province=loaded.provinces[0], where="…", at=at, rounds=2)

    assert took["value"] > 0
    assert 5 < asked["value"] < 40
    assert Assessment.objects.get(province=loaded.provinces[0]).version > 1


def test_guards_are_measured_in_turns(loaded):
    rebuild(loaded, last=DAYS - 1)()

    rows = measure_guards(rounds=1)

    assert [row["work"].split(" under ")[1] for row in rows] == list(GUARDS)
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('guarded')")
        assert cursor.fetchone() == (None,)


def test_standings_say_what_the_aggregate_beside_them_says(loaded, counts):
    rebuild(loaded, last=DAYS - 1)()
    contest = make_contest(loaded, counts, days=DAYS, phase_days=20)

    facts, ranking = contest.score(contest.read())
    (row,) = measure_standings(contest, rounds=1)

    levels = facts.levels
    said = zip(
        contest.area_ids.tolist(),
        *(
            getattr(levels, name).tolist()
            for name in ("level_at_start", "level_at_end", "lowest_level", "days_green", "provisional_days")
        ),
        strict=True,
    )
    assert sorted(contest.aggregate()) == sorted(said)
    assert len(np.unique(levels.level_at_end)) > 1
    assert (ranking.rank > 0).all()
    assert row["ratio"] > 0
    assert "120 communes × 20 days" in row["work"]


def test_stage_of_standings_is_measured_whole_and_leaves_nothing(loaded, counts):
    rebuild(loaded, last=DAYS - 1)()
    contest = make_contest(loaded, counts, days=DAYS, phase_days=20)

    whole, again, all_days = measure_stage(
        make_campaigns(loaded, days=DAYS, phase_days=20), contest, rounds=1
    )

    assert "3 stored" in whole["measure"]
    assert whole["ratio"] > 0
    assert again["value"] < whole["value"]
    assert all_days["work"] == "standings of all 20 days of one province"
    assert Standing.objects.count() == 0


def test_shortlists_are_measured_whole_and_leave_nothing(loaded, counts):
    rebuild(loaded, last=DAYS - 1)()
    contest = make_contest(loaded, counts, days=DAYS, phase_days=20)

    ready, alone = measure_shortlists(make_campaigns(loaded, days=DAYS, phase_days=20), contest, rounds=1)

    assert "3 stored" in ready["measure"]
    assert ready["value"] > 0 < alone["value"]
    assert Shortlist.objects.count() == Standing.objects.count() == 0


def test_files_are_committed_both_ways_on_days_of_their_own(loaded):
    reassess(on=at_noon(DAYS - 1).date(), at=at_noon(DAYS - 1))

    new, corrected, export = measure_importing(
        province=loaded.provinces[0], at=at_noon(DAYS + 60), rounds=1, rows=60, exported=300
    )

    assert new["ratio"] > 0
    assert "60 rows" in corrected["work"]
    assert 200 < int(export["work"].split()[2]) <= 300
    batches = ImportBatch.objects.filter(status="committed")
    assert list(batches.order_by("pk").values_list("rows_new", "rows_corrected", "rows_accepted")) == [
        (60, 0, 60), (60, 0, 60), (0, 0, 60), (60, 0, 60), (60, 0, 60), (0, 0, 60),
    ]  # fmt: skip
    assert CorrectionRequest.objects.count() == 2


@pytest.mark.usefixtures("transactional_db")
def test_day_of_a_city_is_published_each_evening_and_asked_about_later():
    cache.clear()

    publish, look_back = measure_editions(rounds=1, communes=40, districts=4, days=20, back=4)

    assert publish["value"] > 0
    assert MapEdition.objects.count() == 8
    assert "40 communes × 20 days" in look_back["work"]
    assert int(look_back["measure"].split("; ")[1].split()[0]) > 20


def test_made_up_shapes_cover_the_ground_without_gaps(nation):
    made = make_shapes(nation, [f"{number:05d}" for number in range(nation.communes)])

    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in made["features"]]
    assert len(shapes) == nation.communes
    assert all(shape.is_valid for shape in shapes)
    assert shapely.coverage_is_valid(shapes)


@pytest.mark.parametrize(
    ("reach", "drawn", "met"),
    [(Reach(), 30, True), (Reach(), 40, False), (Reach(drawn=100), 99, True), (Reach(drawn=100), 101, False)],
)
def test_step_is_held_to_the_next_frame_or_to_the_time_said(reach, drawn, met):
    step = {"script": [1.0], "painted": [drawn], "idle": [17.0], "changed": 1}

    _first, _script, painted = describe(place="…", first=[900.0], step=step, reach=reach)

    assert painted["met"] is met


def test_papers_are_printed_and_measured(transactional_db, monkeypatch):
    cache.clear()
    monkeypatch.setattr(batches, "ring", lambda _task: None)

    def print_all(batch):
        while batches.print_next(batch=batch, at=batch.asked_at)[0]:
            pass
        batches.finish_batch(batch=batch, at=batch.asked_at)

    rows = measure_papers(rounds=1, dossiers=2, print_all=print_all)

    assert "2 dossiers of 3 nominees in one batch: 10 papers, pdf, xlsx" in rows[0]["work"]
    assert "2 dossiers of 3 nominees in one batch: 18 papers, pdf, docx, xlsx" in rows[1]["work"]
    assert rows[0]["met"]


def _spans() -> list[tuple]:
    columns = ("area_id", "first_day", "last_day", "level", "provisional", "grounds__criteria")
    return list(LevelSpan.objects.order_by("area_id", "first_day").values_list(*columns))
