"""Sending the day's drafts: all that were chosen or none, each number once."""

import random
import threading
from datetime import date, timedelta

import pytest
from django.db import connections

from core.people import system_user
from riskmap.cells import cell_states
from riskmap.counts import CountRow, post_counts
from riskmap.drafts import Edit, save_cells
from riskmap.entry_scope import communes_of
from riskmap.entry_source import entry_source
from riskmap.models import CellNote, CountEntry, CountPost, DailyCount, DayReport, DayReportStep, DraftCell
from riskmap.plausibility import Numbers
from riskmap.sending import SendRefused, send_again, send_cells
from tests.factories import UserFactory
from tests.riskmap.province import AT, make_province

DAY = date(2021, 8, 6)
QUIET = Numbers(0, 0, 0)


class Desk:
    """The day's grid of a district of three communes."""

    def __init__(self, province, district="901"):
        self.scope = province.districts[district]
        self.source = entry_source(province=province.area, by=system_user())
        self.communes = {unit.code: unit for unit in communes_of(self.scope, day=DAY)}
        self.by = UserFactory(full_name="Bá Trung Dũng")

    def states(self):
        pks = [unit.pk for unit in self.communes.values()]
        return cell_states(source=self.source, day=DAY, areas=pks)

    def type(self, code, numbers, note="", by=None):
        pk = self.communes[code].pk
        state = self.states()[pk]
        edit = Edit(pk, numbers, note, state.version, state.entry)
        saved = save_cells(source=self.source, day=DAY, edits=[edit], by=by or self.by, at=AT)
        return saved.kept[pk]

    def send(self, *codes, **options):
        chosen = {"reason": "", "document": "", "complete": False, "by": self.by, "at": AT} | options
        areas = {self.communes[code].pk for code in codes or self.communes}
        return send_cells(scope=self.scope, day=DAY, source=self.source, areas=areas, **chosen)

    def said(self):
        entries = CountEntry.objects.filter(source=self.source, day=DAY).order_by("id")
        return [(entry.area_id, Numbers(*(getattr(entry, n) for n in Numbers._fields))) for entry in entries]


@pytest.fixture
def desk(db):
    return Desk(make_province())


def codes(refused):
    return [refusal.code for refusal in refused.value.refusals]


def test_drafts_sent_are_what_the_source_says_and_are_gone(desk):
    desk.type("90101", Numbers(2, 1, 0, 12, 40, 3), note="chợ Ninh")
    desk.type("90102", QUIET)

    sent = desk.send()

    assert (sent.communes, sent.reported, sent.total, sent.held) == (2, 2, 3, None)
    assert desk.said() == [
        (desk.communes["90101"].pk, Numbers(2, 1, 0, 12, 40, 3)),
        (desk.communes["90102"].pk, QUIET),
    ]
    assert DailyCount.objects.get(area=desk.communes["90101"]).unknown_source == 2
    assert not DraftCell.objects.exists()
    note = CellNote.objects.get()
    assert (note.area, note.day, note.text, note.written_by) == (
        desk.communes["90101"],
        DAY,
        "chợ Ninh",
        desk.by,
    )
    report = DayReport.objects.get()
    assert (report.scope, report.status, report.complete) == (desk.scope, "sent", False)


def test_sending_twice_sends_once(desk):
    desk.type("90101", QUIET, note="yên")
    desk.send()

    again = desk.send()

    assert (again.communes, again.reported) == (0, 1)
    assert (CountPost.objects.count(), CellNote.objects.count()) == (1, 1)


def test_only_the_chosen_communes_are_sent(desk):
    desk.type("90101", QUIET)
    desk.type("90102", QUIET)

    assert desk.send("90102").communes == 1

    assert [area for area, _ in desk.said()] == [desk.communes["90102"].pk]
    assert DraftCell.objects.get().area == desk.communes["90101"]


def test_changing_what_was_sent_needs_a_reason_and_nothing_is_sent_without(desk):
    desk.type("90101", QUIET)
    desk.send()
    desk.type("90101", Numbers(3, 0, 0))
    desk.type("90102", QUIET)

    with pytest.raises(SendRefused) as refused:
        desk.send()

    assert codes(refused) == ["reason_needed"]
    assert "Xã 90101" in refused.value.message
    assert len(desk.said()) == 1
    assert DraftCell.objects.count() == 2
    desk.send(reason="bổ sung 3 ca chiều nay")
    assert dict(desk.said())[desk.communes["90101"].pk] == Numbers(3, 0, 0)


def test_cell_without_all_f0_is_refused_by_name(desk):
    desk.type("90101", Numbers(2, None, 0))
    desk.type("90102", Numbers(tests=40))
    desk.type("90103", QUIET)

    with pytest.raises(SendRefused) as refused:
        desk.send()

    assert codes(refused) == ["cases_missing", "cases_missing"]
    assert [refusal.message for refusal in refused.value.refusals] == [
        "Xã 90101: còn trống số F0; không có ca thì ghi 0.",
        "Xã 90102: còn trống số F0; không có ca thì ghi 0.",
    ]
    assert not CountEntry.objects.exists()


def test_numbers_beside_a_total_that_a_file_gave_need_no_f0(desk):
    row = CountRow(desk.communes["90101"].pk, DAY, unclassified=5)
    post_counts(source=desk.source, rows=[row], reason="tệp", by=desk.by, at=AT)
    desk.type("90101", Numbers(tests=40))

    desk.send(reason="bổ sung số xét nghiệm")

    assert DailyCount.objects.get().unclassified == 5
    assert DailyCount.objects.get().tests == 40


def test_draft_that_numbers_were_sent_over_is_not_sent(desk):
    desk.type("90101", Numbers(1, 0, 0))
    other = UserFactory(full_name="Thị Kim Lan")
    row = CountRow(desk.communes["90101"].pk, DAY, None, 4, 0, 0)
    post_counts(source=desk.source, rows=[row], reason="tệp", by=other, at=AT)

    with pytest.raises(SendRefused) as refused:
        desk.send(reason="x")

    assert codes(refused) == ["sent_meanwhile"]
    assert "Thị Kim Lan" in refused.value.message
    assert [numbers for _, numbers in desk.said()] == [Numbers(4, 0, 0)]


def test_draft_changed_since_it_was_looked_over_is_not_sent(desk):
    seen = {desk.communes["90101"].pk: desk.type("90101", Numbers(1, 0, 0)).version}
    newer = desk.type("90101", Numbers(9, 0, 0), by=UserFactory(full_name="Thị Kim Lan"))

    with pytest.raises(SendRefused) as refused:
        desk.send(seen=seen)

    assert codes(refused) == ["changed_meanwhile"]
    assert "Thị Kim Lan" in refused.value.message
    assert desk.send(seen={newer.area_id: newer.version}).communes == 1


def test_complete_is_refused_with_the_names_of_those_who_are_missing(desk):
    desk.type("90102", QUIET)

    with pytest.raises(SendRefused) as refused:
        desk.send(complete=True)

    assert codes(refused) == ["incomplete"]
    assert "Xã 90101, Xã 90103" in refused.value.message
    assert not CountEntry.objects.exists()
    for code in ("90101", "90103"):
        desk.type(code, QUIET)
    assert desk.send(complete=True).reported == 3
    assert DayReport.objects.get().complete


def test_note_alone_is_kept_and_says_no_number(desk):
    desk.type("90101", Numbers(), note="mất điện, báo sau")

    desk.send()

    assert CellNote.objects.get().text == "mất điện, báo sau"
    assert not CountEntry.objects.exists()


def test_returned_day_is_sent_again_as_it_is_with_an_answer(desk):
    desk.type("90101", QUIET)
    desk.send()
    DayReport.objects.update(status="returned", reason="thiếu ca?", decided_at=AT, decided_by=desk.by)
    again = {"area": desk.scope, "day": DAY, "answer": "đã đối chiếu, không đổi", "by": desk.by, "at": AT}

    assert send_again(**again)
    assert not send_again(**again)

    assert (DayReport.objects.get().status, DayReport.objects.get().reason) == ("sent", "")
    steps = DayReportStep.objects.order_by("id").values_list("act", "reason")
    assert list(steps) == [("sent", ""), ("sent", "đã đối chiếu, không đổi")]
    assert CountPost.objects.count() == 1


def test_sending_costs_the_same_for_one_commune_and_for_thirty(db, django_assert_max_num_queries):
    desk = Desk(make_province(districts={"901": [f"901{n:02d}" for n in range(30)]}))
    counts = []
    for chosen in (["90100"], [f"901{n:02d}" for n in range(1, 30)]):
        for code in chosen:
            desk.type(code, QUIET)
        with django_assert_max_num_queries(60) as asked:
            desk.send(*chosen)
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_fifty_editors_of_one_grid_lose_and_double_nothing():
    """Fifty people type numbers of their own into the same ten communes, and ten of them press "send"."""
    people, communes, turns = 50, 10, 4
    desk = Desk(make_province(districts={"901": [f"901{n:02d}" for n in range(communes)]}))
    cells = [unit.pk for unit in desk.communes.values()]
    persons = [UserFactory() for _ in range(people)]
    start, wrong, acknowledged = threading.Barrier(people), [], {}
    sent = []

    def write(n, chance, turn, area):
        """Look, type, and where somebody was quicker look again; the answer is noted with its version."""
        numbers = Numbers(n, turn, 0)
        for _ in range(200):
            state = cell_states(source=desk.source, day=DAY, areas=[area])[area]
            edit = Edit(area, numbers, "", state.version, state.entry)
            saved = save_cells(source=desk.source, day=DAY, edits=[edit], by=persons[n], at=AT)
            if saved.kept:
                acknowledged[saved.kept[area].version] = (area, numbers)
                return
            assert saved.changed[area].latest != numbers
        raise AssertionError("never got through")

    def work(n):
        chance = random.Random(n)
        try:
            start.wait(30)
            for turn in range(turns):
                write(n, chance, turn, chance.choice(cells))
                if n % 5 == 0:
                    result = send_cells(
                        scope=desk.scope, day=DAY, source=desk.source, areas=set(cells), reason=f"lần {n}",
                        document="", complete=False, by=persons[n], at=AT + timedelta(seconds=n),
                    )  # fmt: skip
                    sent.append(result.communes)
        except BaseException as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert wrong == []
    sent.append(desk.send(reason="cuối ngày").communes)

    assert len(acknowledged) == people * turns
    last = dict(acknowledged[version] for version in sorted(acknowledged))
    entries = desk.said()
    assert dict(entries) == last
    assert len(entries) == sum(sent)
    assert set(entries) <= set(acknowledged.values())
    in_force = {row.area_id: Numbers(row.unknown_source, row.known_source, row.isolated)
                for row in DailyCount.objects.filter(day=DAY)}  # fmt: skip
    assert in_force == last
    assert not DraftCell.objects.exists()
