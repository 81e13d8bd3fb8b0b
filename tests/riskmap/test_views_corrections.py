"""The pages of corrections and histories: two steps, a second person, and everyone affected is told."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from core.enums import Role
from core.inbox import notices_of
from core.people import system_user
from riskmap.correction_page import look_at
from riskmap.counts import CountRow
from riskmap.entry_source import entry_source
from riskmap.enums import CorrectionStatus
from riskmap.levels import reassess
from riskmap.models import CorrectionRequest, CountEntry, DailyCount, DraftCell, GuardedPeriod, LockException
from riskmap.submissions import submit_counts
from tests.factories import GrantFactory
from tests.riskmap.province import AT, day, make_province
from tests.riskmap.test_editions import at as on_day
from tests.riskmap.test_editions import put_out

pytestmark = pytest.mark.django_db
ADDRESS = f"/counts/90101/{day(3)}/correct/"
HISTORY = f"/counts/90101/{day(3)}/history/"
NEW = {"unknown_source": "0", "known_source": "0", "isolated": "0", "reason": "xét nghiệm lại âm tính"}


@pytest.fixture
def province():
    """90101 is very high on day 3 by two cases that people entered; that map was published."""
    made = make_province(districts={"901": ["90101", "90102"], "902": ["90201"]})
    made.sources["người"] = entry_source(province=made.area, by=system_user())
    made.post({}, complete=(0, 4), source="người", at=on_day(3, 15))
    made.post(
        {("90101", 3): {"unknown_source": 2, "known_source": 0, "isolated": 0}},
        source="người",
        at=on_day(3, 16),
    )
    put_out(made, 3)
    reassess(on=day(4), at=on_day(4, 8))
    return made


@pytest.fixture
def cast(province):
    other = make_province("91", districts={"911": ["91101"]})
    return {
        "insider": GrantFactory(role=Role.COMMUNE_STAFF, area=province.communes["90101"]).user,
        "neighbour": GrantFactory(role=Role.COMMUNE_STAFF, area=province.communes["90102"]).user,
        "viewer": GrantFactory(role=Role.VIEWER, area=province.area).user,
        "outsider": GrantFactory(role=Role.HEALTH, area=other.area).user,
        "authority": GrantFactory(role=Role.HEALTH, area=province.area).user,
    }


def guard(province):
    GuardedPeriod.objects.create(province=province.area, name="Đợt 1", first_day=day(0), last_day=day(30))


def token(answer):
    return re.search(r'name="seen" value="([0-9a-f]{64})"', answer.content.decode())[1]


def look(client, user, said=NEW, address=ADDRESS):
    client.force_login(user)
    return client.post(address, {**said, "step": "look"})


def write(client, user, said=NEW, address=ADDRESS):
    seen = token(look(client, user, said, address))
    return client.post(address, {**said, "step": "write", "seen": seen})


def in_force(province, code="90101"):
    found = DailyCount.objects.get(area=province.communes[code], day=day(3))
    return (found.unknown_source or 0) + (found.unclassified or 0)


# --- Who may --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "correct", "history"),
    [
        ("insider", 200, 200),
        ("neighbour", 404, 404),
        ("viewer", 403, 200),
        ("outsider", 404, 404),
        ("authority", 200, 200),
    ],
)
def test_pages_of_a_cell_open_to_those_of_its_area(client, province, cast, who, correct, history):
    client.force_login(cast[who])

    assert (client.get(ADDRESS).status_code, client.get(HISTORY).status_code) == (correct, history)


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS.replace("90101", "901"),
        ADDRESS.replace("08", "8"),
        "/counts/90101/x/correct/",
        "/counts/90101/0001-01-01/correct/",
    ],
)
def test_cell_that_is_none_is_not_found(client, province, cast, address):
    client.force_login(cast["authority"])

    assert client.get(address).status_code == 404


def test_grouped_number_is_asked_again_and_not_read_as_a_small_one(client, province, cast):
    client.force_login(cast["insider"])

    page = client.post(ADDRESS, {"step": "look", "unknown_source": "1.000", "reason": "bổ sung"})

    assert "không có dấu chấm, dấu phẩy" in page.content.decode()


def test_day_to_come_is_not_corrected(client, province, cast):
    client.force_login(cast["insider"])
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert client.get(f"/counts/90101/{tomorrow}/correct/").status_code == 404


# --- Two steps ------------------------------------------------------------------------------------------


def test_first_step_shows_which_colours_and_editions_would_differ_and_writes_nothing(client, province, cast):
    answer = look(client, cast["insider"])

    shown = answer.context["look"]
    communes = [each for each in shown.impact.changes if each.kind == "commune"]
    assert [(each.code, each.before.key, each.after.key) for each in communes] == [
        ("90101", "very_high", "new_normal")
    ]
    assert [each.number for each in shown.impact.editions] == [1]
    assert not shown.needs_another
    text = answer.content.decode()
    assert "số 1 (04/08/2021)" in text
    assert "Không cần người thứ hai" in text
    assert CountEntry.objects.count() == 1


def test_second_step_writes_what_the_first_showed_and_tells_those_affected(client, province, cast):
    above = GrantFactory(role=Role.DISTRICT_STAFF, area=province.districts["901"]).user

    answer = write(client, cast["insider"])

    assert answer.url == HISTORY
    assert in_force(province) == 0
    assert CountEntry.objects.latest("pk").post.reason == "xét nghiệm lại âm tính"
    assert [notices_of(person).count() for person in (above, cast["authority"], cast["insider"])] == [1, 1, 0]
    assert notices_of(cast["neighbour"]).count() == 0


def test_numbers_that_changed_between_the_steps_are_shown_again(client, province, cast):
    seen = token(look(client, cast["insider"]))
    province.post({("90101", 3): 5}, source="người", reason="sót")

    answer = client.post(ADDRESS, {**NEW, "step": "write", "seen": seen})

    assert answer.status_code == 200
    assert "đã thay đổi sau khi bạn xem" in answer.content.decode()
    assert token(answer) != seen
    assert in_force(province) == 5
    assert client.post(ADDRESS, {**NEW, "step": "write", "seen": token(answer)}).status_code == 302


def test_writing_without_having_looked_is_shown_first(client, province, cast):
    client.force_login(cast["insider"])

    answer = client.post(ADDRESS, {**NEW, "step": "write"})

    assert answer.status_code == 200
    assert in_force(province) == 2


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"unknown_source": "-1"}, "unknown_source"),
        ({"unknown_source": "hai"}, "unknown_source"),
        ({"unknown_source": "9999999999"}, "unknown_source"),
        ({"unknown_source": "", "known_source": "", "isolated": ""}, "__all__"),
        ({"unknown_source": "2"}, "__all__"),  # the same as it is
    ],
)
def test_slip_is_said_at_its_field(client, province, cast, said, field):
    answer = look(client, cast["insider"], NEW | said)

    assert list(answer.context["form"].errors) == [field]
    assert answer.context["look"] is None


# --- The lock -------------------------------------------------------------------------------------------


def test_locked_day_says_whom_to_ask(client, province, cast):
    province.accept(3, districts=["901"])
    client.force_login(cast["insider"])

    text = client.get(ADDRESS).content.decode()

    assert "Ngày này đã duyệt và khóa." in text
    assert str(cast["authority"]) in text
    assert "đề nghị Sở Y tế cho phép sửa" in look(client, cast["insider"]).content.decode()


def test_locked_day_is_corrected_under_an_exception_with_a_document(client, province, cast):
    province.accept(3, districts=["901"])
    now = timezone.now()
    LockException.objects.create(
        area=province.communes["90101"],
        day=day(3),
        reason="sót",
        granted_at=now,
        granted_by=cast["authority"],
        expires_at=now + timedelta(hours=1),
    )

    answer = look(client, cast["insider"])
    assert list(answer.context["form"].errors) == ["document"]

    assert write(client, cast["insider"], NEW | {"document": "12/BC-TYT"}).url == HISTORY
    assert CountEntry.objects.latest("pk").post.document == "12/BC-TYT"


# --- Whose word -----------------------------------------------------------------------------------------


def test_clerk_speaks_for_people_and_is_told_when_another_source_counts(client, province, cast):
    province.post({("90101", 3): 4}, source="CDC")

    shown = look(client, cast["insider"]).context["look"]

    assert shown.source == province.sources["người"]
    assert shown.without_effect
    assert not shown.impact


def test_authority_corrects_the_source_whose_number_counts(client, province, cast):
    province.post({("90101", 3): 4}, source="CDC")
    client.force_login(cast["authority"])

    assert client.get(ADDRESS).context["cell"].source == province.sources["CDC"]
    write(client, cast["authority"], NEW | {"unknown_source": "1"})

    assert in_force(province) == 2  # what people said is the larger now


def test_clerk_cannot_choose_another_source(client, province, cast):
    province.post({("90101", 3): 4}, source="CDC")
    client.force_login(cast["insider"])

    assert client.get(f"{ADDRESS}?source={province.sources['CDC'].pk}").status_code == 404
    assert client.get(f"{ADDRESS}?source=x").status_code == 404


def test_number_nobody_entered_by_hand_can_be_entered_here(client, cast):
    made = make_province("92", districts={"921": ["92101"]})
    made.post({("92101", 3): 4})
    clerk = GrantFactory(role=Role.COMMUNE_STAFF, area=made.communes["92101"]).user
    address = f"/counts/92101/{day(3)}/correct/"

    assert write(client, clerk, NEW | {"unknown_source": "6"}, address).status_code == 302

    assert in_force(made, "92101") == 6


# --- The second person ----------------------------------------------------------------------------------


def held(client, province, cast):
    guard(province)
    answer = write(client, cast["insider"])
    request = CorrectionRequest.objects.get()
    assert answer.url == f"/corrections/{request.pk}/"
    return request


def test_correction_in_a_guarded_time_waits_and_says_so_beforehand(client, province, cast):
    guard(province)
    answer = look(client, cast["insider"])
    assert "Cần người thứ hai xác nhận." in answer.content.decode()
    assert answer.context["look"].needs_another

    client.post(ADDRESS, {**NEW, "step": "write", "seen": token(answer)})

    request = CorrectionRequest.objects.get()
    assert (request.status, request.requested_by) == (CorrectionStatus.WAITING, cast["insider"])
    assert in_force(province) == 2
    assert notices_of(cast["authority"]).get().link == f"/corrections/{request.pk}/"


@pytest.mark.parametrize(
    ("who", "lists"),
    [
        ("insider", {"for_me": 0, "mine": 1, "waiting": 1, "done": 0}),
        ("neighbour", {"for_me": 0, "mine": 0, "waiting": 0, "done": 0}),
        ("viewer", {"for_me": 0, "mine": 0, "waiting": 1, "done": 0}),
        ("outsider", {"for_me": 0, "mine": 0, "waiting": 0, "done": 0}),
        ("authority", {"for_me": 1, "mine": 0, "waiting": 1, "done": 0}),
    ],
)
def test_lists_hold_what_concerns_me(client, province, cast, who, lists):
    held(client, province, cast)
    client.force_login(cast[who])

    found = {state: len(client.get(f"/corrections/?state={state}").context["page"]) for state in lists}

    assert found == lists
    assert client.get("/corrections/?state=x").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("insider", 200), ("neighbour", 404), ("viewer", 200), ("outsider", 404), ("authority", 200)],
)
def test_request_is_seen_by_those_of_its_area(client, province, cast, who, status):
    request = held(client, province, cast)
    client.force_login(cast[who])

    answer = client.get(f"/corrections/{request.pk}/")

    assert answer.status_code == status
    if status == 200:
        assert answer.context["may_judge"] == (who == "authority")
        assert answer.context["mine"] == (who == "insider")


def test_second_person_confirms_and_the_first_and_the_others_are_told(client, province, cast):
    request = held(client, province, cast)
    client.force_login(cast["authority"])

    client.post(f"/corrections/{request.pk}/confirm/")

    request.refresh_from_db()
    assert (request.status, request.decided_by) == (CorrectionStatus.CONFIRMED, cast["authority"])
    assert in_force(province) == 0
    assert CountEntry.objects.latest("pk").post.posted_by == cast["insider"]
    assert notices_of(cast["insider"]).filter(key__endswith="confirmed").count() == 1
    answer = client.get(f"/corrections/{request.pk}/")
    assert answer.context["page"].now is None
    assert "Ảnh hưởng như đã cho xem khi đề nghị" in answer.content.decode()


def test_impact_that_differs_from_what_was_shown_is_said(client, province, cast):
    request = held(client, province, cast)
    province.post({("90101", 2): 3}, source="người", reason="bổ sung")
    client.force_login(cast["authority"])

    seen = client.get(f"/corrections/{request.pk}/").context["page"]

    assert seen.differs
    assert not seen.overtaken


def test_request_that_was_overtaken_cannot_be_confirmed(client, province, cast):
    request = held(client, province, cast)
    province.post({("90101", 3): 7}, source="người", reason="bổ sung")
    client.force_login(cast["authority"])

    assert client.get(f"/corrections/{request.pk}/").context["page"].overtaken
    answer = client.post(f"/corrections/{request.pk}/confirm/", follow=True)

    assert "đã thay đổi sau khi đề nghị" in str(next(iter(answer.context["messages"])))
    assert in_force(province) == 7


def test_request_for_what_was_said_meanwhile_is_overtaken(client, province, cast):
    request = held(client, province, cast)
    province.post({("90101", 3): {"unknown_source": 0}}, source="người", reason="bổ sung")
    client.force_login(cast["authority"])

    assert client.get(f"/corrections/{request.pk}/").context["page"].overtaken


def test_second_person_refuses_with_a_reason(client, province, cast):
    request = held(client, province, cast)
    client.force_login(cast["authority"])

    answer = client.post(f"/corrections/{request.pk}/refuse/", {"refusal": ""})
    assert list(answer.context["form"].errors) == ["refusal"]

    client.post(f"/corrections/{request.pk}/refuse/", {"refusal": "thiếu phiếu xét nghiệm"})

    request.refresh_from_db()
    assert (request.status, request.refusal) == (CorrectionStatus.REFUSED, "thiếu phiếu xét nghiệm")
    assert "thiếu phiếu xét nghiệm" in notices_of(cast["insider"]).latest("pk").body


def test_who_asked_withdraws_and_nobody_else(client, province, cast):
    request = held(client, province, cast)
    client.force_login(cast["authority"])
    client.post(f"/corrections/{request.pk}/withdraw/")
    request.refresh_from_db()
    assert request.status == CorrectionStatus.WAITING

    client.force_login(cast["insider"])
    client.post(f"/corrections/{request.pk}/withdraw/")

    request.refresh_from_db()
    assert request.status == CorrectionStatus.WITHDRAWN


@pytest.mark.parametrize(("who", "status"), [("insider", 403), ("viewer", 403), ("outsider", 404)])
@pytest.mark.parametrize("act", ["confirm", "refuse"])
def test_others_judge_nothing(client, province, cast, who, status, act):
    request = held(client, province, cast)
    client.force_login(cast[who])

    assert client.post(f"/corrections/{request.pk}/{act}/", {"refusal": "x"}).status_code == status
    request.refresh_from_db()
    assert request.status == CorrectionStatus.WAITING


def test_authority_confirms_not_their_own(client, province, cast):
    guard(province)
    write(client, cast["authority"])
    request = CorrectionRequest.objects.get()

    answer = client.post(f"/corrections/{request.pk}/confirm/", follow=True)

    assert "khác người đề nghị" in str([*answer.context["messages"]][-1])
    assert in_force(province) == 2


# --- The history ----------------------------------------------------------------------------------------


def test_history_tells_all_that_happened_the_newest_first(client, province, cast):
    submit_counts(
        source=province.sources["người"],
        rows=[CountRow(province.communes["90101"].pk, day(3), unknown_source=3, known_source=0, isolated=0)],
        reason="sót 1 ca",
        by=cast["insider"],
        at=AT,
    )
    province.accept(3, districts=["901"], by=cast["authority"], at=AT + timedelta(hours=1))
    DraftCell.objects.create(
        area=province.communes["90101"], source=province.sources["người"], day=day(3), unknown_source=99,
        note="đang gõ", saved_at=AT, saved_by=cast["insider"],
    )  # fmt: skip
    client.force_login(cast["insider"])

    answer = client.get(HISTORY)

    events = answer.context["events"]
    assert [event.title for event in events] == [
        "Duyệt báo cáo ngày của Huyện 901",
        "Đính chính",
        "Gửi báo cáo ngày của Huyện 901",
        "Ghi số",
        "Báo cáo đầy đủ",
    ]
    corrected = next(event for event in events if event.title == "Đính chính")
    assert (corrected.who, corrected.reason, corrected.in_force) == (str(cast["insider"]), "sót 1 ca", True)
    assert corrected.details == ("F0 chưa rõ nguồn lây: 2 → 3",)
    assert "đang gõ" not in answer.content.decode()


def test_history_leads_on_only_where_the_person_may_go(client, province, cast):
    province.accept(3, districts=["901"], by=cast["authority"])
    link = f'href="/approvals/901/{day(3)}/"'

    client.force_login(cast["insider"])
    assert link not in client.get(HISTORY).content.decode()
    client.force_login(cast["authority"])
    assert link in client.get(HISTORY).content.decode()


def test_history_costs_the_same_however_much_happened(client, province, cast, django_assert_num_queries):
    client.force_login(cast["authority"])
    client.get(HISTORY)
    with django_assert_num_queries(22) as few:
        client.get(HISTORY)
    for count in range(3, 9):
        province.post({("90101", 3): count}, source="người", reason=f"lần {count}")

    with django_assert_num_queries(len(few)):
        assert len(client.get(HISTORY).context["events"]) == 8


def test_empty_history_says_so(client, cast):
    made = make_province("92", districts={"921": ["92101"]})
    clerk = GrantFactory(role=Role.COMMUNE_STAFF, area=made.communes["92101"]).user
    client.force_login(clerk)

    assert "Chưa có gì xảy ra" in client.get(f"/counts/92101/{day(3)}/history/").content.decode()


def test_look_is_the_same_for_the_same_numbers(province):
    row = CountRow(province.communes["90101"].pk, day(3), unknown_source=0)
    looks = [look_at(source=province.sources["người"], row=row, at=AT).token for _time in range(2)]

    assert looks[0] == looks[1]


def test_area_page_leads_those_who_work_there_to_the_history(client, province, cast):
    address, link = f"/areas/90101/?day={day(3)}", f'href="{HISTORY}"'
    assert link not in client.get(address).content.decode()

    for who, shown in (("insider", True), ("neighbour", False)):
        client.force_login(cast[who])
        assert (link in client.get(address).content.decode()) == shown
