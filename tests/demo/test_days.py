from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from demo.ninh_thuan.awarding import Award
from demo.ninh_thuan.competition import Deed
from demo.ninh_thuan.days import events
from demo.ninh_thuan.happenings import (
    ZONE,
    Acceptance,
    Confirmation,
    CutOff,
    Declaration,
    Leave,
    Report,
    Return,
    Source,
)
from demo.ninh_thuan.simulate import FIRST_DAY, KINDS, LAST_DAY, read_units, simulated
from demo.ninh_thuan.watching import Watch

STORY = events()
REPORTS = [
    event
    for event in STORY
    if isinstance(event, Report) and event.source == Source.DISTRICTS and not event.waits
]
DISTRICT_OF = {unit["code"]: unit["district_code"] for unit in read_units()}


def at(month, day, hour, minute=0):
    return datetime(2021, month, day, hour, minute, tzinfo=ZONE)


def test_events_follow_one_another_no_two_at_one_instant():
    assert all(before.at < after.at for before, after in pairwise(STORY))


def test_every_day_has_its_cut_off_at_five():
    cut_offs = [event for event in STORY if isinstance(event, CutOff)]

    days = (LAST_DAY - FIRST_DAY).days + 1
    assert [each.at.date() for each in cut_offs] == [FIRST_DAY + timedelta(n) for n in range(days)]
    assert {each.at.time() for each in cut_offs} == {time(17)}
    assert all(timedelta(0) < each.published_at - each.at < timedelta(minutes=10) for each in cut_offs)


def test_what_is_said_in_the_end_is_what_the_files_say():
    codes, _names, counts, reported = simulated()
    last = {}
    for report in REPORTS:
        last |= report.rows

    for place, code in enumerate(codes):
        for n in range(reported.shape[1]):
            known = tuple(int(counts[kind][place, n]) for kind in KINDS)
            said = last.get((code, FIRST_DAY + timedelta(n)))
            assert said == (known if reported[place, n] else None)


def test_every_correction_says_why_and_changes_what_was_said():
    said, corrections = {}, 0
    for report in REPORTS:
        if report.day is None:
            corrections += 1
            assert not report.reason.startswith("Báo cáo")
            for cell, numbers in report.rows.items():
                assert said.get(cell, (0,) * 4) != numbers, (report.reason, cell)
        said |= report.rows
    assert corrections == 19


def test_late_commune_is_not_among_those_in_time():
    clerk, file, late = (report for report in REPORTS if report.day == date(2021, 10, 27))

    assert (clerk.by, len(clerk.rows)) == ("ninh-phuoc", 9)
    assert {DISTRICT_OF[code] for code, _day in clerk.rows} == {"587"}
    assert late.at == at(10, 28, 7, 50)
    assert late.reason == "Báo cáo ngày 27/10/2021, gửi chậm"
    assert {code for code, _day in late.rows} == {"22768"}
    assert ("22768", date(2021, 10, 27)) not in file.rows
    assert len({code for code, _day in file.rows if "-" not in code}) == 64 - 9


def test_who_is_not_late_has_sent_by_the_hour_at_which_numbers_are_due():
    all_late = {date(2021, 8, 22), date(2021, 10, 24), date(2021, 12, 12)}
    for report in REPORTS:
        if report.day and report.day not in all_late:
            due = datetime.combine(report.day, time(16), ZONE)
            assert report.reason.endswith("gửi chậm") == (report.at > due), report.reason


def test_communes_without_cases_say_so():
    said = {
        cell: numbers
        for report in REPORTS
        if report.day == date(2021, 9, 3)
        for cell, numbers in report.rows.items()
    }

    assert len(said) == 65 + 19
    assert set(said.values()) == {(0, 0, 0, 0)}


def test_day_on_which_all_are_late_is_sent_after_its_cut_off():
    sent = [report.at for report in REPORTS if report.day == date(2021, 8, 22)]

    assert sent == [at(8, 22, 17, 4), at(8, 22, 17, 35)]


def test_second_source_disagrees_with_what_the_districts_say():
    second = [event for event in STORY if isinstance(event, Report) and event.source == Source.CDC]
    said = {}
    for report in REPORTS:
        said |= report.rows

    assert len(second) == 5
    for report in second:
        for cell, numbers in report.rows.items():
            assert sum(said[cell][:3]) - sum(numbers) >= 4, cell


# --- Approval -------------------------------------------------------------------------------------------


def accepted_at(district, day):
    return [event.at for event in STORY if isinstance(event, Acceptance) and (district, day) in event.days]


def test_what_was_sent_is_accepted_before_its_cut_off_as_a_rule():
    districts = sorted(set(DISTRICT_OF.values()))
    in_time = [
        (district, day.date())
        for district in districts
        for day in (cut_off.at for cut_off in STORY if isinstance(cut_off, CutOff))
        if any(
            moment.date() == day.date() and moment.time() < time(17)
            for moment in accepted_at(district, day.date())
        )
    ]

    assert 153 * 7 - len(in_time) == 3 * 7 + 13  # everybody was late on three days


def test_nothing_is_changed_of_an_accepted_day_without_leave_and_a_document():
    accepted, left = set(), set()
    for event in STORY:
        match event:
            case Acceptance():
                accepted |= set(event.days)
            case Leave():
                left |= {(*cell, event.expires_at) for cell in event.cells}
            case Report(waits=False):
                for code, day in event.rows:
                    commune = code.split("-")[0]
                    if (DISTRICT_OF[commune], day) in accepted:
                        assert event.document, (event.at, code)
                        assert any(
                            (commune, day) == (area, on) and event.at < until for area, on, until in left
                        )


def test_changed_day_is_accepted_again():
    assert accepted_at("582", date(2021, 9, 5)) == [at(9, 5, 16, 56), at(9, 8, 16, 51)]


def test_returned_day_is_accepted_when_it_was_put_right():
    (first, _second) = (event for event in STORY if isinstance(event, Return))

    assert first.day == ("587", date(2021, 11, 8))
    assert accepted_at(*first.day) == [at(11, 9, 16, 57)]


def test_some_days_wait_when_the_story_ends():
    waiting = {("587", date(2021, 12, 30)), ("587", date(2021, 12, 31)), ("582", date(2021, 12, 31))}

    assert not any(accepted_at(*day) for day in waiting)
    assert [event.waits for event in STORY if isinstance(event, Report)].count(True) == 1


def test_correction_in_a_phase_is_confirmed_after_it_was_asked_for():
    asked = [report for report in REPORTS if report.day is None and report.at.date() >= date(2021, 9, 1)]
    confirmed = [event.at for event in STORY if isinstance(event, Confirmation) and event.of is None]

    assert confirmed == [report.at + timedelta(minutes=40) for report in asked]


# --- Hamlets, and where the story stops -----------------------------------------------------------------


def test_hamlets_add_up_to_their_commune_at_any_time():
    said = {}
    for report in REPORTS:
        said |= report.rows
        for code, day in report.rows:
            if "-" in code:
                commune = code.split("-")[0]
                parts = [
                    numbers
                    for (part, on), numbers in said.items()
                    if on == day and part.startswith(f"{commune}-")
                ]
                assert tuple(map(sum, zip(*parts, strict=True))) == said[commune, day]


@pytest.mark.parametrize(("through", "kinds"), [
    (date(2021, 8, 3), {Report: 6, Acceptance: 3, CutOff: 3}),
    (date(2021, 9, 18), {
        Report: 112, Acceptance: 48, CutOff: 49, Declaration: 1, Confirmation: 5, Leave: 11,
    }),
])  # fmt: skip
def test_story_stops_after_the_cut_off_asked_for(through, kinds):
    story = events(through=through)

    assert story[-1] == CutOff(story[-1].at, story[-1].published_at)
    assert story[-1].at.date() == through
    assert Counter(type(event) for event in story if not isinstance(event, Deed | Watch | Award)) == kinds


def test_no_two_things_happen_at_one_instant_so_that_a_story_broken_off_goes_on_where_it_stood():
    instants = [event.at for event in STORY]

    assert instants == sorted(set(instants))
