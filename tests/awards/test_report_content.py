"""What the review of a phase says, field by field, from a phase that was lived through."""

import json

import pytest

from awards.report_content import NothingToReport, moment_of, report_content
from campaign.models import RecognisedZone
from riskmap.levels import reassess
from tests.awards.contests import make_contest
from tests.awards.phase_reports import LAST, lived_phase
from tests.campaign.contest import noon
from tests.campaign.units import make_unit
from tests.factories import CommuneFactory
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db
AFTER = day(LAST + 20)
XANH, VANG, DO = 1, 2, 4


@pytest.fixture
def contest():
    return lived_phase()


def test_colours_are_told_at_both_ends_and_from_which_to_which(contest):
    told = report_content(contest.phase, on=AFTER)

    colours = told["colours"]
    assert (told["through"], told["interim"]) == (day(LAST).isoformat(), False)
    assert colours["start"] == [0, 2, 0, 0, 1]
    assert colours["end"] == [0, 3, 0, 0, 0]
    assert colours["matrix"][DO][XANH] == 1
    assert (colours["lowered"], colours["same"], colours["raised"]) == (1, 2, 0)
    assert (colours["kept_green"], colours["cases"]) == (1, 5)


def test_days_are_those_of_the_editions_and_add_up(contest):
    told = report_content(contest.phase, on=AFTER)

    assert [row["day"] for row in told["days"]] == [day(number).isoformat() for number in range(LAST + 1)]
    assert {sum(row["levels"]) for row in told["days"]} == {3}
    assert told["days"][0]["levels"] == told["colours"]["start"]
    assert told["days"][-1]["levels"] == told["colours"]["end"]


def test_districts_have_what_their_communes_came_to(contest):
    first, second = report_content(contest.phase, on=AFTER)["districts"]

    assert (first["places"], first["end"][XANH], first["lowered"], first["cases"]) == (2, 2, 1, 5)
    assert (second["places"], second["end"][XANH], second["lowered"], second["cases"]) == (1, 1, 0, 0)
    assert (first["registered"], second["registered"]) == (1, 0)


def test_sources_name_the_editions_and_hashes(contest):
    sources = report_content(contest.phase, on=AFTER)["sources"]

    edition = contest.province.area.editions.order_by("-number").first()
    assert (sources["view"], sources["first_edition"]) == ("published", 1)
    assert (sources["edition"]["number"], sources["edition"]["hash"]) == (edition.number, edition.hash)
    standing = contest.phase.standings.filter(view="published", day=day(LAST)).latest("pk")
    assert sources["standing"] == standing.hash


def test_registrations_are_those_of_the_last_day_with_who_is_missing(contest):
    [communes] = report_content(contest.phase, on=AFTER)["groups"]

    counts = ("units", "confirmed", "suspended", "withdrawn", "missing")
    assert [communes[name] for name in counts] == [3, 1, 0, 0, 2]
    assert {name for name, _district in communes["missing_names"]} == {
        contest.units[code].name for code in ("90102", "90201")
    }
    assert communes["targets"]["met"] == 1


def test_pledges_are_those_counted_by_the_last_day(contest):
    pledges = report_content(contest.phase, on=AFTER)["pledges"]

    households, agencies = pledges["kinds"][:2]
    assert (households["signed"], households["total"], households["percent"]) == (102, 120, 85.0)
    assert (households["gaps"], agencies["known"]) == (1, False)
    assert [each["kinds"][0]["signed"] for each in pledges["districts"]] == [95, 7]
    assert [name for name, _district in pledges["silent"]] == [contest.province.communes["90102"].name]


def test_way_to_green_counts_those_who_came(contest):
    ways = report_content(contest.phase, on=AFTER)["ways"]

    assert ways["came"] == {"count": 1, "least": 14, "median": 14.0, "most": 14}
    assert ways["fastest"][0]["green_since"] == day(14).isoformat()


def test_places_tell_relapse_free_ways_of_each_commune(contest):
    places = {row["code"]: row for row in report_content(contest.phase, on=AFTER)["places"]}

    assert (places["90101"]["start"], places["90101"]["end"]) == (DO, XANH)
    assert places["90101"]["green_since"] == day(14).isoformat()
    assert (places["90101"]["registered"], places["90102"]["registered"]) == ("confirmed", "")
    assert (places["90201"]["kept_green"], places["90102"]["kept_green"]) == (True, False)


def test_zones_are_those_of_the_day_and_those_that_ended_within_the_phase(contest):
    known = {"campaign": contest.campaign, "recognised_at": noon(3)}
    units = contest.units
    RecognisedZone.objects.create(unit=units["90101"], recognised_on=day(15), **known)
    RecognisedZone.objects.create(
        unit=units["90102"], recognised_on=day(3), ended_on=day(5), ended_at=noon(5),
        ended_because="colour", **known,
    )  # fmt: skip
    RecognisedZone.objects.create(unit=units["90201"], recognised_on=day(LAST + 1), **known)

    zones = report_content(contest.phase, on=AFTER)["zones"]

    assert [zone["name"] for zone in zones["standing"]] == [units["90101"].name]
    assert [(zone["name"], zone["because"]) for zone in zones["ended"]] == [
        (units["90102"].name, "không còn xanh")
    ]


def test_awards_are_those_in_force_without_who_was_not_commended(contest):
    awards = report_content(contest.phase, on=AFTER)["awards"]

    assert [each["number"] for each in awards["decisions"]] == ["512/QĐ-UBND"]
    assert (awards["collectives"], awards["people"]) == (1, 1)
    assert [row["name"] for row in awards["lines"]][1] == "Đặng Thị Bảy"
    assert "Lê Văn Tám" not in json.dumps(awards, ensure_ascii=False)
    assert awards["money"] == 2_980_000 + 1_490_000


def test_shortlist_and_dossiers_are_counted(contest):
    told = report_content(contest.phase, on=AFTER)

    assert told["shortlist"]["units"] == 3
    assert told["shortlist"]["hash"] == contest.phase.shortlists.get().hash
    assert (told["dossiers"]["count"], told["dossiers"]["collectives"], told["dossiers"]["people"]) == (
        1,
        1,
        2,
    )


def test_asked_before_the_end_it_is_as_of_the_last_published_day(contest):
    told = report_content(contest.phase, on=day(10))

    assert (told["through"], told["interim"]) == (day(10).isoformat(), True)
    assert told["colours"]["end"] == [0, 1, 1, 0, 1]
    assert told["days"][-1]["day"] == day(10).isoformat()
    assert told["pledges"]["kinds"][0]["signed"] == 102


def test_what_is_known_otherwise_is_named_beside_and_changes_nothing(contest):
    before = report_content(contest.phase, on=AFTER)
    contest.province.post({("90201", 18): 2}, reason="bổ sung", at=noon(LAST + 2))
    reassess(provinces=[contest.province.area], on=day(LAST + 2), at=noon(LAST + 2))
    contest.compute(LAST + 2)

    after = report_content(contest.phase, on=AFTER)

    assert before["differing"] == []
    assert [(row["name"], row["shown"]) for row in after["differing"]] == [
        (contest.units["90201"].name, XANH)
    ]
    assert after["differing"][0]["known"] > XANH
    assert after["colours"] == before["colours"]


def test_same_records_say_the_same_and_hold_in_json(contest):
    once, again = (report_content(contest.phase, on=AFTER) for _time in range(2))

    assert json.loads(json.dumps(once)) == again
    assert moment_of(once) == moment_of(again) == noon(LAST + 10)


def test_phase_without_a_standing_has_nothing_to_report():
    contest = make_contest()

    with pytest.raises(NothingToReport, match="chưa có bảng xếp hạng"):
        report_content(contest.phase, on=AFTER)


def test_plan_that_publishes_nothing_is_told_by_what_is_known():
    contest = make_contest()
    contest.report_days(0, LAST)
    contest.assess(LAST)
    contest.compute(LAST + 1)

    told = report_content(contest.phase, on=AFTER)

    assert (told["sources"]["view"], told["sources"]["edition"]) == ("known", None)
    assert told["shortlist"] is None
    assert (told["dossiers"]["count"], told["awards"]["lines"]) == (0, [])


def test_queries_do_not_grow_with_communes_or_units(contest, django_assert_max_num_queries):
    with django_assert_max_num_queries(25) as few:
        report_content(contest.phase, on=AFTER)
    for _time in range(3):
        make_unit(CommuneFactory(parent=contest.province.districts["901"]))
    contest.compute(LAST + 2, rebuild=True)

    with django_assert_max_num_queries(len(few)):
        report_content(contest.phase, on=AFTER)
