"""Drafts of the day's grid: nobody writes over what they have not seen, and nothing acknowledged is lost."""

from datetime import timedelta

import pytest

from core.people import system_user
from riskmap.cells import cell_states
from riskmap.counts import CountRow, post_counts
from riskmap.drafts import LONGEST_NOTE, Edit, save_cells
from riskmap.entry_source import entry_source
from riskmap.models import CountEntry, DraftCell
from riskmap.plausibility import Numbers
from tests.factories import UserFactory
from tests.riskmap.province import AT, day, make_province

DAY = day(5)


@pytest.fixture
def province(db):
    return make_province()


@pytest.fixture
def lan(db):
    return UserFactory(full_name="Thị Kim Lan")


@pytest.fixture
def dung(db):
    return UserFactory(full_name="Bá Trung Dũng")


class Grid:
    """The cell of one commune, as the people before their screens see and write it."""

    def __init__(self, province):
        self.area = province.communes["90101"]
        self.source = entry_source(province=province.area, by=system_user())

    def look(self):
        return cell_states(source=self.source, day=DAY, areas=[self.area.pk])[self.area.pk]

    def save(self, numbers, *, by, seen, note="", at=AT):
        edit = Edit(self.area.pk, numbers, note, seen.version, seen.entry)
        return save_cells(source=self.source, day=DAY, edits=[edit], by=by, at=at)

    def kept(self, *arguments, **options):
        saved = self.save(*arguments, **options)
        assert saved.changed == {}
        return saved.kept[self.area.pk]

    def refused(self, *arguments, **options):
        saved = self.save(*arguments, **options)
        assert saved.kept == {}
        return saved.changed[self.area.pk]

    def post(self, by, **numbers):
        row = CountRow(self.area.pk, DAY, **numbers)
        post_counts(source=self.source, rows=[row], reason="nhập tệp", by=by, at=AT)


@pytest.fixture
def grid(province):
    return Grid(province)


def test_saved_cell_is_there_for_everybody_with_who_and_when(grid, lan):
    kept = grid.kept(Numbers(2, 0, 1, tests=40), by=lan, seen=grid.look(), note="  ổ dịch   chợ ")

    assert grid.look() == kept
    assert (kept.numbers, kept.note) == (Numbers(2, 0, 1, tests=40), "ổ dịch chợ")
    assert (kept.who, kept.when) == ("Thị Kim Lan", AT)
    assert kept.sent is None
    assert not CountEntry.objects.exists()


def test_saving_again_from_what_was_answered_goes_on(grid, lan):
    first = grid.kept(Numbers(1), by=lan, seen=grid.look())
    second = grid.kept(Numbers(1, 2), by=lan, seen=first)

    assert second.version > first.version
    assert grid.look().numbers == Numbers(1, 2)
    assert DraftCell.objects.count() == 1


def test_second_person_who_had_seen_an_empty_cell_is_shown_the_first_ones_number(grid, lan, dung):
    empty = grid.look()
    grid.kept(Numbers(3, 0, 0), by=lan, seen=empty, note="đợt 1")

    changed = grid.refused(Numbers(7, 0, 0), by=dung, seen=empty, at=AT + timedelta(minutes=1))

    assert (changed.latest, changed.latest_note) == (Numbers(3, 0, 0), "đợt 1")
    assert (changed.who, changed.when) == ("Thị Kim Lan", AT)
    assert grid.look().numbers == Numbers(3, 0, 0)
    kept = grid.kept(Numbers(7, 0, 0), by=dung, seen=changed)
    assert (kept.numbers, kept.who) == (Numbers(7, 0, 0), "Bá Trung Dũng")


def test_second_person_who_had_seen_an_older_draft_is_shown_the_newer(grid, lan, dung):
    seen = grid.kept(Numbers(1), by=lan, seen=grid.look())
    grid.kept(Numbers(2), by=dung, seen=seen)

    assert grid.refused(Numbers(9), by=lan, seen=seen).latest == Numbers(2)


def test_number_sent_meanwhile_is_shown_to_who_typed_over_an_older_one(grid, lan, dung):
    empty = grid.look()
    grid.post(dung, unknown_source=4, known_source=0, isolated=0)

    changed = grid.refused(Numbers(1, 0, 0), by=lan, seen=empty)

    assert (changed.draft, changed.latest, changed.who) == (None, Numbers(4, 0, 0), "Bá Trung Dũng")


def test_draft_that_numbers_were_sent_over_says_so_and_who_sent_them(grid, lan, dung):
    grid.kept(Numbers(1, 0, 0), by=lan, seen=grid.look())
    grid.post(dung, unknown_source=4, known_source=0, isolated=0)

    overtaken = grid.look()

    assert overtaken.overtaken
    assert (overtaken.numbers, overtaken.latest, overtaken.who) == (
        Numbers(1, 0, 0),
        Numbers(4, 0, 0),
        "Bá Trung Dũng",
    )
    chosen = grid.kept(Numbers(1, 0, 0), by=lan, seen=overtaken)
    assert not chosen.overtaken
    assert chosen.numbers == Numbers(1, 0, 0)


def test_taking_the_number_that_was_sent_leaves_no_draft(grid, lan, dung):
    grid.kept(Numbers(1, 0, 0), by=lan, seen=grid.look())
    grid.post(dung, unknown_source=4, known_source=0, isolated=0)

    taken = grid.kept(Numbers(4, 0, 0), by=lan, seen=grid.look())

    assert (taken.draft, taken.numbers) == (None, Numbers(4, 0, 0))
    assert not DraftCell.objects.exists()


def test_same_save_twice_is_answered_as_saved(grid, lan):
    empty = grid.look()
    first = grid.kept(Numbers(1, 2, 3), by=lan, seen=empty, note="a")

    assert grid.kept(Numbers(1, 2, 3), by=lan, seen=empty, note="a") == first


def test_version_never_comes_twice(grid, lan, dung):
    first = grid.kept(Numbers(1), by=lan, seen=grid.look())
    grid.kept(Numbers(), by=lan, seen=first)
    again = grid.kept(Numbers(2), by=dung, seen=grid.look())

    assert again.version > first.version
    assert grid.refused(Numbers(9), by=lan, seen=first).latest == Numbers(2)


def test_save_over_a_draft_that_is_gone_is_refused(grid, lan, dung):
    seen = grid.kept(Numbers(1), by=lan, seen=grid.look())
    grid.kept(Numbers(), by=dung, seen=seen)

    assert grid.refused(Numbers(5), by=lan, seen=seen).draft is None
    assert not DraftCell.objects.exists()


def test_blank_takes_nothing_back_of_what_was_sent(grid, lan):
    grid.post(lan, unknown_source=1, known_source=0, isolated=0, tests=50)

    kept = grid.kept(Numbers(2, 0, None), by=lan, seen=grid.look())

    assert kept.numbers == Numbers(2, 0, 0, None, 50, None)
    assert kept.sent == Numbers(1, 0, 0, None, 50, None)


def test_long_note_is_cut(grid, lan):
    assert grid.kept(Numbers(1), by=lan, seen=grid.look(), note="x" * 400).note == "x" * LONGEST_NOTE


def test_many_cells_cost_as_many_statements_as_one(province, lan, django_assert_num_queries):
    source = entry_source(province=province.area, by=system_user())

    for areas in (["90101"], ["90102", "90103"]):
        edits = [Edit(province.communes[code].pk, Numbers(1), "", 0, None) for code in areas]
        with django_assert_num_queries(6):  # transaction twice, lock, look, keep, look
            saved = save_cells(source=source, day=DAY, edits=edits, by=lan, at=AT)
        assert len(saved.kept) == len(areas)


def test_cell_somebody_changed_does_not_keep_the_others_from_being_saved(province, lan, dung):
    source = entry_source(province=province.area, by=system_user())
    one, two = (province.communes[code].pk for code in ("90101", "90102"))
    save_cells(source=source, day=DAY, edits=[Edit(one, Numbers(1), "", 0, None)], by=dung, at=AT)

    edits = [Edit(one, Numbers(2), "", 0, None), Edit(two, Numbers(3), "", 0, None)]
    saved = save_cells(source=source, day=DAY, edits=edits, by=lan, at=AT)

    assert saved.changed[one].latest == Numbers(1)
    assert saved.kept[two].numbers == Numbers(3)
