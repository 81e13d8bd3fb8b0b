"""Sheets: what a paper says, and that it says it of the day and the view that were asked for."""

import pytest

from core.people import system_user
from riskmap.history import DayNotKnown
from riskmap.levels import reassess
from riskmap.paper.sheets import sheet_of
from riskmap.policies import set_policy
from tests.riskmap.paper.ground import put_out
from tests.riskmap.province import day
from tests.riskmap.test_editions import at


def ask(**said):
    return sheet_of(
        **{"province": "90", "day": day(3), "layer": "commune", "view": "known", "on": day(30)} | said
    )


def test_published_sheet_says_when_its_data_were_taken(sheet, edition):
    assert sheet.headline == "Tính đến 17:00 ngày 04/08/2021"
    assert sheet.standing == "Bản công bố số 1"
    assert sheet.fingerprint == edition.hash
    assert sheet.totals == [0, 1, 2, 2, 1]
    assert [row.code for row in sheet.shown if row.level == 4] == ["90101"]


def test_known_sheet_says_until_when_it_was_known(province):
    sheet = ask()

    assert sheet.headline == "Tính đến hết ngày 04/08/2021, theo số liệu biết đến 16:00 ngày 04/08/2021"
    assert "không phải bản công bố" in sheet.standing


def test_correction_changes_the_known_sheet_alone(sheet, province):
    known = ask()
    province.post({("90101", 3): 0}, reason="đính chính", at=at(4, 9))
    reassess(on=day(4), at=at(4, 9))

    published = ask(view="published")

    assert published.totals == sheet.totals
    assert published.evidence("pdf", "a4") == sheet.evidence("pdf", "a4")
    assert ask().totals == [0, 6, 0, 0, 0]
    assert ask().evidence("pdf", "a4") != known.evidence("pdf", "a4")


def test_last_edition_of_the_day_is_the_one_on_paper(sheet, province):
    put_out(province, 3, hour=19)

    assert ask(view="published").standing == "Bản công bố số 2"


def test_districts_are_counted_on_their_own_sheet(edition):
    sheet = ask(view="published", layer="district")

    assert [row.code for row in sheet.shown] == ["901", "902"]
    assert sum(sheet.totals) == 2


@pytest.mark.parametrize(
    "said",
    [{"province": "91"}, {"day": day(-1)}, {"day": day(9)}, {"view": "published", "day": day(2)}],
    ids=["no such province", "before the first report", "after the last day", "not published"],
)
def test_day_that_is_not_known_is_refused(edition, said):
    with pytest.raises(DayNotKnown):
        ask(**said)


@pytest.mark.parametrize("change", [{"layer": "district"}, {"view": "known"}])
def test_evidence_differs_with_what_is_shown(sheet, change):
    assert ask(**{"view": "published"} | change).evidence("pdf", "a4") != sheet.evidence("pdf", "a4")


def test_evidence_differs_with_form_and_with_the_notice_of_simulation(sheet, province):
    forms = {sheet.evidence(*form) for form in (("pdf", "a4"), ("pdf", "a3"), ("png", "a4"), ("csv", ""))}
    set_policy(province=province.area, simulated=True, by=system_user())

    assert len(forms) == 4
    assert ask(view="published").evidence("pdf", "a4") not in forms
