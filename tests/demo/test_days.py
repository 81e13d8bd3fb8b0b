from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from demo.ninh_thuan.days import KINDS, ZONE, CutOff, Declaration, Report, events
from demo.ninh_thuan.simulate import FIRST_DAY, LAST_DAY, simulated

STORY = events()
REPORTS = [event for event in STORY if isinstance(event, Report)]


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
            if reported[place, n]:
                assert (said or (0, 0, 0, 0)) == known
            else:
                assert said is None


def test_every_correction_says_why_and_changes_what_was_said():
    said, corrections = {}, 0
    for report in REPORTS:
        if report.day is None:
            corrections += 1
            assert not report.reason.startswith("Báo cáo")
            for cell, numbers in report.rows.items():
                assert said.get(cell, (0,) * 4) != numbers, (report.reason, cell)
        said |= report.rows
    assert corrections == 18


def test_late_commune_is_not_in_the_file_of_its_day():
    first, late = (report for report in REPORTS if report.day == date(2021, 10, 27))

    assert late.at == at(10, 28, 7, 50)
    assert late.reason == "Báo cáo ngày 27/10/2021, gửi chậm"
    assert {code for code, _day in late.rows} == {"22768"}
    assert ("22768", date(2021, 10, 27)) not in first.rows
    assert len({code for code, _day in first.rows if "-" not in code}) == 64
    assert ("58", "commune") not in first.complete_under


def test_day_on_which_all_are_late_is_reported_after_its_cut_off():
    (report,) = (report for report in REPORTS if report.day == date(2021, 8, 22))

    assert report.at == at(8, 22, 17, 35)
    assert ("58", "commune") in report.complete_under


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
    (date(2021, 8, 3), {Report: 3, CutOff: 3}),
    (date(2021, 9, 18), {Report: 63, CutOff: 49, Declaration: 1}),
])  # fmt: skip
def test_story_stops_after_the_cut_off_asked_for(through, kinds):
    story = events(through=through)

    assert story[-1] == CutOff(story[-1].at, story[-1].published_at)
    assert story[-1].at.date() == through
    assert Counter(map(type, story)) == kinds
