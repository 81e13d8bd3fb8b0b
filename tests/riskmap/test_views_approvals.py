"""The pages of approval and of exceptions: who sees which days, and who decides them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.enums import Role
from core.people import system_user
from riskmap.day_numbers import DayOf, numbers_of
from riskmap.day_reports import mark_sent
from riskmap.enums import ReportStatus
from riskmap.models import CellNote, DayReport, LockException
from tests.factories import GrantFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    """District 901 sent days 1 and 2, district 902 day 1; one commune is missing on each day of 901."""
    made = make_province(districts={"901": ["90101", "90102"], "902": ["90201"]})
    cases = {("90101", 1): 2, ("90101", 2): 7, ("90201", 1): 0}
    made.post(cases)
    mark_sent(cells=[(made.communes[code].pk, day(n)) for code, n in cases], by=system_user(), at=AT)
    return made


@pytest.fixture
def cast(province):
    """Insider: a district's clerk; neighbour: the other's; authority: Sở Y tế; outsider: of elsewhere."""
    other = make_province("91", districts={"911": ["91101"]})
    made = {
        "insider": GrantFactory(role=Role.DISTRICT_STAFF, area=province.districts["901"]).user,
        "neighbour": GrantFactory(role=Role.DISTRICT_STAFF, area=province.districts["902"]).user,
        "outsider": GrantFactory(role=Role.HEALTH, area=other.area).user,
        "authority": GrantFactory(role=Role.HEALTH, area=province.area).user,
    }
    return made


def item(province, code, number):
    asked = DayOf(province.districts[code].pk, day(number))
    return f"{asked.scope_id}:{asked.day}:{numbers_of([asked])[asked].last_post_id}"


def page(client, user, address):
    client.force_login(user)
    return client.get(address)


def status(code, number):
    return DayReport.objects.get(scope__code=code, day=day(number)).status


# --- The queue ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("insider", {"901"}),
        ("neighbour", {"902"}),
        ("outsider", set()),
        ("authority", {"901", "902"}),
    ],
)
def test_queue_shows_the_days_of_ones_own_areas(client, province, cast, who, seen):
    answer = page(client, cast[who], "/approvals/")

    assert {line.report.scope.code for line, _mine in answer.context["lines"]} == seen
    assert answer.context["may_accept"] == (who == "authority")
    assert ('type="checkbox" name="item"' in answer.content.decode()) == (who == "authority")


def test_queue_tells_how_many_reported_how_many_cases_and_the_difference(client, province, cast):
    lines = {
        (line.report.scope.code, line.report.day): line.numbers
        for line, _mine in page(client, cast["authority"], "/approvals/").context["lines"]
    }

    numbers = lines["901", day(2)]
    assert (numbers.reported, numbers.communes, numbers.missing) == (1, 2, ("Xã 90102",))
    assert (numbers.cases, numbers.cases_before, numbers.difference) == (7, 2, 5)
    assert lines["901", day(1)].difference is None


def test_queue_costs_the_same_for_one_day_and_for_many(client, province, cast, django_assert_num_queries):
    client.force_login(cast["authority"])
    client.get("/approvals/")
    with django_assert_num_queries(13) as few:
        client.get("/approvals/")
    cells = [(area.pk, day(number)) for area in province.communes.values() for number in range(10, 25)]
    province.post({(code, number): 1 for code in province.communes for number in range(10, 25)})
    mark_sent(cells=cells, by=system_user(), at=AT)

    with django_assert_num_queries(len(few)):
        assert len(client.get("/approvals/").context["lines"]) == 33


def test_queue_of_what_was_decided_and_of_nothing_known(client, province, cast):
    province.accept(1, districts=["902"], by=cast["authority"])

    accepted = page(client, cast["authority"], "/approvals/?state=accepted")
    assert [line.report.scope.code for line, _mine in accepted.context["lines"]] == ["902"]
    assert page(client, cast["authority"], "/approvals/?state=nothing").status_code == 404
    assert page(client, cast["authority"], "/approvals/?page=9").status_code == 404


# --- Deciding -------------------------------------------------------------------------------------------


def test_authority_accepts_many_at_once_and_is_told_what_is_missing(client, province, cast):
    client.force_login(cast["authority"])

    answer = client.post(
        "/approvals/accept/", {"item": [item(province, "901", 1), item(province, "902", 1)]}, follow=True
    )

    told = [str(message) for message in answer.context["messages"]]
    assert told == [
        "Đã duyệt 2 báo cáo ngày.",
        "Huyện 901, 02/08/2021: đã duyệt khi còn thiếu Xã 90102.",
    ]
    assert (status("901", 1), status("902", 1), status("901", 2)) == ("accepted", "accepted", "sent")


def test_day_that_changed_meanwhile_is_refused_on_the_page(client, province, cast):
    client.force_login(cast["authority"])
    seen = item(province, "901", 1)
    province.post({("90102", 1): 4})

    answer = client.post("/approvals/accept/", {"item": [seen]}, follow=True)

    (told,) = [str(message) for message in answer.context["messages"]]
    assert told.startswith("Huyện 901, 02/08/2021: Số liệu đã thay đổi")
    assert status("901", 1) == ReportStatus.SENT


@pytest.mark.parametrize("who", ["insider", "neighbour"])
@pytest.mark.parametrize("act", ["accept", "return"])
def test_clerks_decide_nothing(client, province, cast, who, act):
    client.force_login(cast[who])

    answer = client.post(f"/approvals/{act}/", {"item": [item(province, "901", 1)], "reason": "x"})

    assert answer.status_code == 403
    assert status("901", 1) == ReportStatus.SENT


@pytest.mark.parametrize("act", ["accept", "return"])
def test_authority_of_elsewhere_finds_no_such_day(client, province, cast, act):
    client.force_login(cast["outsider"])

    answer = client.post(f"/approvals/{act}/", {"item": [item(province, "901", 1)], "reason": "x"})

    assert answer.status_code == 404
    assert status("901", 1) == ReportStatus.SENT


@pytest.mark.parametrize(
    "text", ["x", "1:2021-08-02", "1:2021-13-02:1", "0:2021-08-02:1", "9" * 40 + ":2021-08-02:1"]
)
def test_item_that_means_nothing_is_not_found(client, province, cast, text):
    client.force_login(cast["authority"])

    assert client.post("/approvals/accept/", {"item": [text]}).status_code == 404


def test_return_without_a_reason_keeps_what_was_ticked(client, province, cast):
    client.force_login(cast["authority"])
    chosen = item(province, "901", 1)

    answer = client.post("/approvals/return/", {"item": [chosen], "reason": ""})

    assert answer.status_code == 200
    assert answer.context["form"].errors["reason"] == ["Xin ghi lý do trả lại, để người gửi biết cần sửa gì."]
    text = answer.content.decode()
    assert text.count(" checked>") == 1
    assert status("901", 1) == ReportStatus.SENT


def test_return_sends_all_ticked_back_for_one_reason(client, province, cast):
    client.force_login(cast["authority"])
    items = [item(province, "901", 1), item(province, "901", 2)]

    answer = client.post("/approvals/return/", {"item": items, "reason": "thiếu Xã 90102"}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == ["Đã trả lại 2 báo cáo ngày."]
    assert status("901", 1) == status("901", 2) == "returned"


@pytest.mark.parametrize("act", ["accept", "return"])
def test_nothing_ticked_is_said(client, province, cast, act):
    client.force_login(cast["authority"])

    answer = client.post(f"/approvals/{act}/", {}, follow=True)

    assert "Chưa chọn ngày nào" in str(next(iter(answer.context["messages"])))


def test_way_back_never_leads_to_another_site(client, province, cast):
    client.force_login(cast["authority"])

    assert client.post("/approvals/accept/", {"next": "//elsewhere.example/"}).url == "/approvals/"
    assert client.post("/approvals/accept/", {"next": "90"}).url == "/approvals/"
    assert client.post("/approvals/accept/", {"next": "/approvals/?page=1"}).url == "/approvals/?page=1"


# --- One day --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status_code"), [("insider", 200), ("neighbour", 404), ("outsider", 404), ("authority", 200)]
)
def test_day_is_seen_by_those_of_the_area(client, province, cast, who, status_code):
    assert page(client, cast[who], f"/approvals/901/{day(1)}/").status_code == status_code


def test_day_shows_every_commune_beside_yesterday_and_its_week(client, province, cast):
    CellNote.objects.create(
        area=province.communes["90101"],
        day=day(2),
        text="ổ dịch chợ",
        written_at=AT,
        written_by=cast["insider"],
    )
    province.post({("90101", 2): 9}, source="CDC")

    answer = page(client, cast["authority"], f"/approvals/901/{day(2)}/")

    first, second = answer.context["page"].communes
    assert (first.counted.cases, first.yesterday, first.week_range, first.source) == (9, 2, (2, 2), "CDC")
    assert first.others == (("huyện", 7),)
    assert [hint.code for hint in first.hints] == ["jump"]
    assert [note.text for note in first.notes] == ["ổ dịch chợ"]
    assert (second.counted, second.yesterday, second.source) == (None, None, "")
    assert "Còn thiếu báo cáo:" in answer.content.decode()


def test_day_after_its_acceptance_marks_what_was_said_since(client, province, cast):
    province.accept(1, districts=["901"], by=cast["authority"])
    grant(province)
    province.post({("90101", 1): 3}, document="12/BC", at=AT)

    seen = page(client, cast["authority"], f"/approvals/901/{day(1)}/").context["page"]

    assert [each.unapproved for each in seen.communes] == [True, False]
    assert (seen.locked, seen.accepted_whole, seen.can_be_accepted) == (True, False, True)


def test_day_tells_the_authority_that_they_entered_it_themselves(client, province, cast):
    province.post({("90102", 1): 3}, by=cast["authority"])

    seen = page(client, cast["authority"], f"/approvals/901/{day(1)}/")

    assert seen.context["page"].own == ("Xã 90102",)
    assert "phải có người khác duyệt" in seen.content.decode()


def test_day_costs_the_same_for_few_communes_and_for_many(client, cast, django_assert_num_queries):
    wide = make_province("92", districts={"921": ["92101"], "922": [f"922{n:02}" for n in range(12)]})
    wide.post({(code, number): 1 for code in wide.communes for number in range(4)})
    judge = GrantFactory(role=Role.HEALTH, area=wide.area).user
    page(client, judge, f"/approvals/921/{day(1)}/")
    with django_assert_num_queries(20) as few:
        client.get(f"/approvals/921/{day(1)}/")

    with django_assert_num_queries(len(few)):
        assert len(client.get(f"/approvals/922/{day(1)}/").context["page"].communes) == 12


@pytest.mark.parametrize(
    "address", ["/approvals/90101/2021-08-02/", "/approvals/901/2021-8-2/", "/approvals/901/x/"]
)
def test_day_of_no_district_or_no_day_is_not_found(client, province, cast, address):
    assert page(client, cast["authority"], address).status_code == 404


def test_commune_clerk_sees_no_report_of_the_whole_district(client, province):
    clerk = GrantFactory(role=Role.COMMUNE_STAFF, area=province.communes["90101"]).user

    assert page(client, clerk, f"/approvals/901/{day(1)}/").status_code == 404
    assert page(client, clerk, "/approvals/").context["lines"] == []


# --- Exceptions -----------------------------------------------------------------------------------------


def grant(province, code="90101", **said):
    said = {"granted_at": AT, "expires_at": AT + timedelta(days=3)} | said
    return LockException.objects.create(
        area=province.communes[code], day=day(1), reason="sót 1 ca", granted_by=system_user(), **said
    )


def test_exceptions_in_force_and_over_are_listed_apart(client, province, cast):
    now = timezone.now()
    open_now = grant(province, granted_at=now, expires_at=now + timedelta(days=1))
    over = grant(province)

    in_force = page(client, cast["insider"], "/exceptions/").context["page"]
    past = page(client, cast["insider"], "/exceptions/?state=over").context["page"]

    assert (list(in_force), list(past)) == ([open_now], [over])
    assert list(page(client, cast["neighbour"], "/exceptions/").context["page"]) == []
    assert page(client, cast["insider"], "/exceptions/?state=x").status_code == 404


def test_authority_grants_and_ends_an_exception(client, province, cast):
    province.accept(1, districts=["901"], by=cast["authority"])
    client.force_login(cast["authority"])
    until = timezone.localtime() + timedelta(days=2)

    answer = client.post(
        "/exceptions/new/",
        {
            "area": "90101",
            "day": "02/08/2021",
            "reason": "sót 1 ca",
            "until_0": f"{until:%d/%m/%Y}",
            "until_1": "17:00",
        },
    )

    assert answer.url == "/exceptions/"
    granted = LockException.objects.get()
    assert (granted.area.code, granted.day, granted.granted_by) == ("90101", day(1), cast["authority"])
    assert timezone.localtime(granted.expires_at).hour == 17

    client.post(f"/exceptions/{granted.pk}/end/")

    granted.refresh_from_db()
    assert granted.ended_by == cast["authority"]


def test_slips_in_a_grant_are_said_at_their_field(client, province, cast):
    client.force_login(cast["authority"])

    answer = client.post(
        "/exceptions/new/",
        {"area": "91101", "day": "32/08/2021", "reason": "", "until_0": "x", "until_1": "25:00"},
    )

    assert set(answer.context["form"].errors) == {"area", "day", "reason", "until"}


def test_grant_of_a_day_that_is_not_locked_is_refused_on_the_page(client, province, cast):
    client.force_login(cast["authority"])
    until = timezone.localtime() + timedelta(days=2)
    said = {
        "area": "90101",
        "day": "02/08/2021",
        "reason": "x",
        "until_0": f"{until:%d/%m/%Y}",
        "until_1": "17:00",
    }

    answer = client.post("/exceptions/new/", said)

    assert "chưa duyệt nên không khóa" in answer.content.decode()


@pytest.mark.parametrize(("who", "status_code"), [("insider", 403), ("outsider", 404)])
def test_others_end_no_exception(client, province, cast, who, status_code):
    granted = grant(province)
    client.force_login(cast[who])

    assert client.post(f"/exceptions/{granted.pk}/end/").status_code == status_code
    granted.refresh_from_db()
    assert granted.ended_at is None


def test_way_on_from_a_return_that_was_not_sent_leads_to_the_queue(client, province, cast):
    client.force_login(cast["authority"])

    assert client.get("/approvals/return/").url == "/approvals/"
    assert client.get("/approvals/return/?state=accepted").url == "/approvals/?state=accepted"
