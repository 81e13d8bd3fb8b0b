"""Decided levels by HTTP: who sees and does what, a whole life through the pages, slips and double clicks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.enums import Role
from core.inbox import notices_of
from core.models import Area
from core.people import system_user
from riskmap.decision_page import set_aside
from riskmap.decision_share import decided_shares
from riskmap.decisions import confirm_decision, decide_level, end_decision, refuse_decision
from riskmap.enums import DecisionState, RiskLevel
from riskmap.levels import reassess
from riskmap.models import LevelOverride
from tests.factories import GrantFactory, UserFactory
from tests.riskmap.province import Province, make_province
from tests.riskmap.test_views import queries

pytestmark = pytest.mark.django_db

GREEN, YELLOW, ORANGE, RED = list(RiskLevel)[1:]
DAYS = timedelta(1)
DOCUMENT = "45/QĐ-SYT"


@pytest.fixture
def now():
    return timezone.localtime()


@pytest.fixture
def province(now) -> Province:
    """Reported up to today; 90101 had two cases of unknown source three days ago and is red since."""
    made = make_province(districts={"901": ["90101", "90102"], "902": ["90201"]})
    today = (now.date() - made.area.valid_from).days
    made.post({("90101", today - 3): 2}, complete=(today - 20, today), at=now - timedelta(hours=1))
    reassess(on=now.date(), at=now)
    return made


@pytest.fixture
def health(province):
    """Two people of Sở Y tế: who decides, and the second person."""
    return [GrantFactory(area=province.area, role=Role.HEALTH).user for _person in range(2)]


def decided(area: Area, now, by=None, *, level=ORANGE, first=0, last=20, confirmed_by=None) -> LevelOverride:
    """Decided for days counted from today; at the first of them where that lies in the past."""
    at = now + min(first, 0) * DAYS
    decision = decide_level(
        area=area, level=level, since=now.date() + first * DAYS, until=now.date() + last * DAYS,
        reason="đã khoanh vùng", document=DOCUMENT, by=by or system_user(), at=at,
    )  # fmt: skip
    if confirmed_by:
        confirm_decision(decision=decision, by=confirmed_by, at=at)
    return decision


def post(client, user, address, **said):
    client.force_login(user)
    return client.post(address, said)


def form_of(answer):
    return answer.context["form"]


def asked(now, **more) -> dict:
    """What the form says of 90101, orange for twenty days from yesterday on."""
    said = {
        "area": "90101",
        "level": "3",
        "since": f"{now - DAYS:%d/%m/%Y}",
        "until": f"{now + 19 * DAYS:%d/%m/%Y}",
        "reason": "Ổ dịch ở chợ đã được khoanh vùng",
        "document": DOCUMENT,
    }
    return said | more


def seen(now, code="90101") -> str:
    return f"{code} {(now - DAYS).date()} {(now + 19 * DAYS).date()}"


# --- A whole life ---------------------------------------------------------------------------------------


def test_level_is_looked_at_decided_confirmed_and_ended_through_the_pages(client, province, health, now):
    first, second = health

    looked = post(client, first, "/decisions/new/", **asked(now))

    assert not LevelOverride.objects.exists()
    aside = looked.context["aside"]
    assert (aside.why.computed_level, aside.day, aside.is_asked_for) == (RED, now.date(), True)
    assert [(each.first_day, each.last_day, each.level) for each in aside.stretches] == [
        ((now - DAYS).date(), now.date(), RED)
    ]
    assert [words.finding.criterion.id for words in aside.reasons] == ["xa.do.1"]

    sent = post(client, first, "/decisions/new/", **asked(now), seen=looked.context["seen"])

    decision = LevelOverride.objects.get()
    assert sent.url == f"/decisions/{decision.pk}/"
    assert (decision.area.code, decision.level, decision.document) == ("90101", ORANGE, DOCUMENT)
    assert (decision.decided_by, decision.confirmed_by) == (first, None)
    assert "Quyết định chưa có hiệu lực" in client.get(sent.url).content.decode()
    told = notices_of(second).get()
    assert (told.link, told.subject) == (sent.url, "Chờ bạn xác nhận: mức “Nguy cơ cao” cho Xã 90101")

    assert post(client, second, f"{sent.url}confirm/", checked="on").status_code == 302
    reassess(on=now.date(), at=timezone.now())
    decision.refresh_from_db()
    assert decision.confirmed_by == second
    assert notices_of(first).get().subject.startswith("Đã được xác nhận")
    page = client.get(sent.url)
    assert page.context["decision"].state == DecisionState.IN_FORCE
    assert page.context["page"].aside.why.level == ORANGE
    assert page.context["page"].aside.why.computed_level == RED

    ended = post(client, first, f"{sent.url}end/", on=f"{now - DAYS:%d/%m/%Y}")
    assert ended.status_code == 302
    decision.refresh_from_db()
    assert (decision.ended_by, decision.ended_on) == (first, (now - DAYS).date())
    assert client.get(sent.url).context["decision"].state == DecisionState.STOPPED
    assert notices_of(second).first().subject.startswith("Đã dừng sớm")


def test_decision_that_is_refused_says_why_to_the_one_who_made_it(client, province, health, now):
    first, second = health
    decision = decided(province.communes["90101"], now, by=first)

    answer = post(client, second, f"/decisions/{decision.pk}/refuse/", refusal="Chưa đủ ba lần xét nghiệm.")

    assert answer.status_code == 302
    decision.refresh_from_db()
    assert (decision.refused_by, decision.refusal) == (second, "Chưa đủ ba lần xét nghiệm.")
    assert "Chưa đủ ba lần xét nghiệm." in notices_of(first).get().body
    page = client.get(f"/decisions/{decision.pk}/")
    assert page.context["decision"].state == DecisionState.REFUSED
    assert f"/decisions/{decision.pk}/confirm/" not in page.content.decode()


# --- The cast: insider, neighbour, outsider, authority ----------------------------------------------------


def test_same_person_cannot_confirm_or_refuse(client, province, health, now):
    decision = decided(province.communes["90101"], now, by=health[0])

    for act, said in (("confirm", {"checked": "on"}), ("refuse", {"refusal": "nhầm"})):
        answer = post(client, health[0], f"/decisions/{decision.pk}/{act}/", **said)

        assert answer.status_code == 200
        assert "Người quyết định không tự xác nhận được" in answer.content.decode()
    decision.refresh_from_db()
    assert (decision.confirmed_at, decision.refused_at) == (None, None)


@pytest.mark.parametrize("area", ["commune", "district", "province"])
def test_list_and_page_are_of_ones_own_area(client, province, now, area):
    elsewhere = make_province("91", districts={"911": ["91101"]})
    decisions = {
        where.code: decided(where, now)
        for where in (
            province.communes["90101"],
            province.communes["90201"],
            elsewhere.communes["91101"],
        )
    }
    place, shown = {
        "commune": (province.communes["90101"], ["90101"]),
        "district": (province.districts["902"], ["90201"]),
        "province": (province.area, ["90201", "90101"]),
    }[area]
    client.force_login(GrantFactory(area=place, role=Role.VIEWER).user)

    assert [each.area.code for each in client.get("/decisions/").context["page"]] == shown
    answers = {code: client.get(f"/decisions/{each.pk}/").status_code for code, each in decisions.items()}
    assert answers == {code: 200 if code in shown else 404 for code in decisions}


def test_authority_of_another_province_finds_nothing_to_confirm(client, province, now):
    elsewhere = make_province("91", districts={"911": ["91101"]})
    decision = decided(province.communes["90101"], now)
    stranger = GrantFactory(area=elsewhere.area, role=Role.HEALTH).user

    for act in ("confirm", "refuse", "end"):
        said = {"checked": "on", "refusal": "x", "on": f"{now:%d/%m/%Y}"}
        assert post(client, stranger, f"/decisions/{decision.pk}/{act}/", **said).status_code == 404
    answer = post(client, stranger, "/decisions/new/", **asked(now), seen=seen(now))
    assert "Không có đơn vị nào như vậy" in form_of(answer).errors["area"][0]
    assert list(LevelOverride.objects.all()) == [decision]


def test_district_staff_read_but_do_not_act(client, province, now):
    decision = decided(province.communes["90101"], now)
    client.force_login(GrantFactory(area=province.districts["901"], role=Role.DISTRICT_STAFF).user)

    page = client.get(f"/decisions/{decision.pk}/").content.decode()

    assert '<form method="post" action="/decisions/' not in page
    assert client.get("/decisions/new/").status_code == 403
    assert client.post(f"/decisions/{decision.pk}/confirm/", {"checked": "on"}).status_code == 403


# --- Deciding -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["90", "901", "90101"])
def test_any_tier_can_be_decided(client, province, health, now, code):
    post(client, health[0], "/decisions/new/", **asked(now, area=code), seen=seen(now, code))

    assert LevelOverride.objects.get().area.code == code


@pytest.mark.parametrize("slip", ["", "90102", "days"])
def test_nothing_is_sent_but_what_was_looked_at(client, province, health, now, slip):
    said = asked(now, seen={"": "", "90102": seen(now, "90102"), "days": seen(now)}[slip])
    if slip == "days":
        said["until"] = f"{now + 5 * DAYS:%d/%m/%Y}"

    answer = post(client, health[0], "/decisions/new/", **said)

    assert answer.context["aside"].why.computed_level == RED
    assert not LevelOverride.objects.exists()


def test_form_comes_back_as_it_was_to_be_corrected(client, province, health, now):
    answer = post(client, health[0], "/decisions/new/", **asked(now), seen=seen(now), edit="1")

    assert (form_of(answer)["reason"].value(), form_of(answer).errors) == (asked(now)["reason"], {})
    assert "aside" not in answer.context
    assert not LevelOverride.objects.exists()


@pytest.mark.parametrize(
    ("slip", "field", "words"),
    [
        ({"area": "khong co"}, "area", "Không có đơn vị nào như vậy"),
        ({"level": "0"}, "level", "hợp lệ"),
        ({"level": ""}, "level", "Xin chọn một mức"),
        ({"until": ""}, "until", "Xin điền mục này"),
        ({"until": "01/08/2021"}, "until", "từ ngày bắt đầu trở đi"),
        ({"reason": " "}, "reason", "Xin điền mục này"),
        ({"document": ""}, "document", "Xin điền mục này"),
        ({"until": 90}, "__all__", "nhiều nhất 90 ngày"),
        ({"since": -9, "until": -2}, "__all__", "Thời hạn đã qua"),
    ],
)
def test_slip_is_said_at_its_field_before_anything_is_shown(
    client, province, health, now, slip, field, words
):
    days = {name: f"{now + value * DAYS:%d/%m/%Y}" for name, value in slip.items() if isinstance(value, int)}

    answer = post(client, health[0], "/decisions/new/", **asked(now, **slip | days), seen=seen(now))

    assert answer.status_code == 200
    assert words in form_of(answer).errors[field][0]
    assert "aside" not in answer.context
    assert not LevelOverride.objects.exists()


def test_days_that_are_decided_already_are_refused_in_words(client, province, health, now):
    decided(province.communes["90101"], now)

    answer = post(client, health[0], "/decisions/new/", **asked(now))

    assert "đã được quyết định" in form_of(answer).non_field_errors()[0]


def test_button_pressed_twice_does_nothing_twice(client, province, health, now):
    first, second = health

    answers = [post(client, first, "/decisions/new/", **asked(now), seen=seen(now)) for _press in range(2)]
    decision = LevelOverride.objects.get()
    assert {answer.url for answer in answers} == {f"/decisions/{decision.pk}/"}

    confirmed = [
        post(client, second, f"/decisions/{decision.pk}/confirm/", checked="on") for _press in range(2)
    ]
    assert [answer.status_code for answer in confirmed] == [302, 200]
    assert "đã được xác nhận" in confirmed[1].content.decode()
    assert (notices_of(first).count(), notices_of(second).count()) == (1, 1)


def test_days_to_come_are_set_against_the_last_day_known(province, now):
    area = province.communes["90102"]

    aside = set_aside(area=area, since=now.date() + 2 * DAYS, until=now.date() + 9 * DAYS, on=now.date())

    assert (aside.day, aside.is_asked_for, aside.stretches) == (now.date(), False, ())
    assert aside.why.computed_level == GREEN


def test_area_without_any_level_has_nothing_to_set_aside(now):
    area = make_province("92").area

    assert set_aside(area=area, since=now.date(), until=now.date(), on=now.date()) is None


# --- The list and the share -----------------------------------------------------------------------------


def test_list_is_narrowed_by_state_and_area(client, province, health, now):
    first, second = health
    communes = province.communes
    place = communes["90102"]
    expected = {
        "expired": {
            decided(place, now, first, first=-60, last=-50, confirmed_by=second).pk,
            decided(place, now, first, first=-40, last=-30).pk,
        },
        "in_force": {decided(place, now, first, first=-5, last=5, confirmed_by=second).pk},
        "to_come": {decided(place, now, first, first=6, last=9, confirmed_by=second).pk},
        "waiting": {decided(communes["90101"], now, first).pk},
    }
    refused = decided(communes["90201"], now, first)
    refuse_decision(decision=refused, refusal="nhầm", by=second, at=now)
    stopped = decided(communes["90201"], now, first, first=-5, last=5, confirmed_by=second)
    end_decision(decision=stopped, on=now.date() - 2 * DAYS, by=first, at=now)
    expected |= {"refused": {refused.pk}, "stopped": {stopped.pk}}
    client.force_login(first)

    def shown(**asked):
        return {each.pk for each in client.get("/decisions/", asked).context["page"]}

    assert {state: shown(state=state) for state in expected} == expected
    assert shown(area="902") == {refused.pk, stopped.pk}
    assert client.get("/decisions/?state=lost").status_code == 400
    never = client.get("/decisions/", {"state": "expired"}).context["page"][0]
    assert "chưa từng có hiệu lực" in client.get(f"/decisions/{never.pk}/").content.decode()


def test_share_counts_communes_under_a_decision_within_thirty_days(province, health, now):
    first, second = health
    communes = province.communes
    decided(communes["90101"], now, first, first=-29, last=-25, confirmed_by=second)
    decided(communes["90101"], now, first, first=-3, last=3, confirmed_by=second)
    decided(communes["90102"], now, first, first=-40, last=-30, confirmed_by=second)  # too long ago
    decided(communes["90201"], now, first)  # nobody confirmed it
    decided(province.districts["902"], now, first, confirmed_by=second)  # not a commune's

    shares = decided_shares(areas=Area.objects.all(), on=now.date())

    assert [(each.scope.code, each.decided, each.communes, each.percent) for each in shares] == [
        ("901", 1, 2, 50.0), ("902", 0, 1, 0.0),
    ]  # fmt: skip
    assert {(each.first, each.last) for each in shares} == {(now.date() - 29 * DAYS, now.date())}


def test_share_leaves_out_what_was_ended_before_it_held(province, health, now):
    first, second = health
    decision = decided(province.communes["90101"], now, first, first=0, last=5, confirmed_by=second)
    end_decision(decision=decision, on=now.date() - DAYS, by=first, at=now)

    assert [each.decided for each in decided_shares(areas=Area.objects.all(), on=now.date())] == [0, 0]


def test_share_is_of_ones_own_area(client, province):
    client.force_login(GrantFactory(area=province.districts["902"], role=Role.VIEWER).user)

    assert [each.scope.code for each in client.get("/decisions/").context["shares"]] == ["902"]


def test_list_takes_as_many_queries_for_many_decisions_as_for_one(client, province, health, now):
    client.force_login(health[0])
    decided(province.communes["90101"], now)
    few = queries(client, "/decisions/")
    for number in range(30):
        decided(province.communes["90201"], now, first=number, last=number, confirmed_by=health[0])

    assert queries(client, "/decisions/") == few <= 20
    assert len(client.get("/decisions/?page=2").context["page"].object_list) == 1


# --- On the page of the area ----------------------------------------------------------------------------


def test_area_lists_what_acts_to_everybody_and_what_waits_to_those_who_work(client, province, health, now):
    first, second = UserFactory(full_name="Tên Không Được Lộ"), health[1]
    decided(province.communes["90101"], now, first, level=YELLOW, last=2, confirmed_by=second)
    waiting = decided(province.communes["90101"], now, first, level=GREEN, first=3)
    reassess(on=now.date(), at=timezone.now())

    public = client.get("/areas/90101/")
    client.force_login(second)
    working = client.get("/areas/90101/")

    assert [each.level for each in public.context["declared"].decisions] == [YELLOW]
    assert [each.level for each in working.context["declared"].decisions] == [GREEN, YELLOW]
    assert "Tên Không Được Lộ" not in public.content.decode()
    assert "/decisions/" not in public.content.decode()
    assert f"/decisions/{waiting.pk}/" in working.content.decode()
    assert "/decisions/new/?area=90101" in working.content.decode()
