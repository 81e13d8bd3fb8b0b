"""Declared facts by HTTP: who sees and does what, a whole life through the pages, slips and double clicks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.enums import Role
from core.inbox import notices_of
from core.people import system_user
from riskmap.declarations import confirm_fact, declare_fact, end_fact, refuse_fact
from riskmap.enums import FactKind, FactState, RiskLevel
from riskmap.fact_page import effect_of
from riskmap.levels import reassess
from riskmap.models import DeclaredFact
from tests.factories import CommuneFactory, GrantFactory, HamletFactory, UserFactory
from tests.riskmap.province import AT, day, make_province
from tests.riskmap.test_views import queries

pytestmark = pytest.mark.django_db

SOURCE = FactKind.CROWDED_PLACE_SOURCE


@pytest.fixture
def province():
    made = make_province(districts={"901": ["90101", "90102"], "902": ["90201"]})
    made.post({("90102", 3): 2}, complete=(0, 9))
    reassess(on=day(9), at=AT)
    return made


@pytest.fixture
def health(province):
    """Two people of Sở Y tế: who declares, and the second person."""
    return [GrantFactory(area=province.area, role=Role.HEALTH).user for _person in range(2)]


def declared(area, by=None, kind=SOURCE, **more):
    said = {"since": day(3), "document": "12/BC-SYT"} | more
    return declare_fact(area=area, kind=kind, by=by or system_user(), at=AT, **said)


def post(client, user, address, **said):
    client.force_login(user)
    return client.post(address, said)


def form_of(answer):
    return answer.context["form"]


# --- A whole life ---------------------------------------------------------------------------------------


def test_fact_is_declared_confirmed_and_ended_through_the_pages(client, province, health):
    first, second = health

    answer = post(
        client, first, f"/facts/new/?kind={SOURCE}", area="90101", since="04/08/2021", document=" 12/BC  "
    )

    fact = DeclaredFact.objects.get()
    assert answer.url == f"/facts/{fact.pk}/"
    assert (fact.area.code, fact.since, fact.until, fact.document) == ("90101", day(3), None, "12/BC")
    assert (fact.declared_by, fact.confirmed_by) == (first, None)
    page = client.get(answer.url)
    assert "chờ xác nhận" in page.content.decode()
    assert "phải có người khác xác nhận" in page.content.decode()

    told = notices_of(second).get()
    assert (told.link, told.subject) == (
        f"/facts/{fact.pk}/", "Chờ bạn xác nhận: nguồn lây ở nơi tập trung đông người, Xã 90101",
    )  # fmt: skip
    assert post(client, second, f"/facts/{fact.pk}/confirm/", checked="on").status_code == 302
    fact.refresh_from_db()
    assert fact.confirmed_by == second
    assert notices_of(first).get().subject.startswith("Đã được xác nhận")

    assert post(client, first, f"/facts/{fact.pk}/end/", on="10/08/2021").status_code == 302
    fact.refresh_from_db()
    assert (fact.ended_by, fact.ended_on) == (first, day(9))
    assert [notice.subject.split(":")[0] for notice in notices_of(second)] == [
        "Đã kết thúc", "Chờ bạn xác nhận",
    ]  # fmt: skip


def test_fact_that_is_refused_says_why_to_the_one_who_declared_it(client, province, health):
    first, second = health
    fact = declared(province.communes["90101"], by=first)

    answer = post(client, second, f"/facts/{fact.pk}/refuse/", refusal="Chợ đã đóng từ tuần trước.")

    assert answer.status_code == 302
    fact.refresh_from_db()
    assert (fact.refused_by, fact.refusal) == (second, "Chợ đã đóng từ tuần trước.")
    assert "Chợ đã đóng từ tuần trước." in notices_of(first).get().body
    page = client.get(f"/facts/{fact.pk}/")
    assert page.context["fact"].state == FactState.REFUSED
    assert "Chợ đã đóng từ tuần trước." in page.content.decode()
    assert f"/facts/{fact.pk}/confirm/" not in page.content.decode()


# --- The cast: insider, neighbour, outsider, authority ----------------------------------------------------


def test_same_person_cannot_confirm_or_refuse(client, province, health):
    fact = declared(province.communes["90101"], by=health[0])

    for act, said in (("confirm", {"checked": "on"}), ("refuse", {"refusal": "nhầm"})):
        answer = post(client, health[0], f"/facts/{fact.pk}/{act}/", **said)

        assert answer.status_code == 200
        assert "Người khai báo không tự" in answer.content.decode()
    fact.refresh_from_db()
    assert (fact.confirmed_at, fact.refused_at) == (None, None)


@pytest.mark.parametrize("area", ["commune", "district", "province"])
def test_list_and_page_are_of_ones_own_area(client, province, area):
    elsewhere = make_province("91", districts={"911": ["91101"]})
    facts = {
        code: declared(where)
        for where, code in (
            (province.communes["90101"], "90101"),
            (province.communes["90201"], "90201"),
            (elsewhere.communes["91101"], "91101"),
        )
    }
    place, seen = {
        "commune": (province.communes["90101"], ["90101"]),
        "district": (province.districts["902"], ["90201"]),
        "province": (province.area, ["90201", "90101"]),
    }[area]
    client.force_login(GrantFactory(area=place, role=Role.VIEWER).user)

    assert [fact.area.code for fact in client.get("/facts/").context["page"]] == seen
    answers = {code: client.get(f"/facts/{fact.pk}/").status_code for code, fact in facts.items()}
    assert answers == {code: 200 if code in seen else 404 for code in facts}


def test_authority_of_another_province_finds_nothing_to_confirm(client, province):
    elsewhere = make_province("91", districts={"911": ["91101"]})
    fact = declared(province.communes["90101"])
    stranger = GrantFactory(area=elsewhere.area, role=Role.HEALTH).user

    for act in ("confirm", "refuse", "end"):
        said = {"checked": "on", "refusal": "x", "on": "10/08/2021"}
        assert post(client, stranger, f"/facts/{fact.pk}/{act}/", **said).status_code == 404
    answer = post(
        client, stranger, f"/facts/new/?kind={SOURCE}", area="90101", since="04/08/2021", document="1"
    )
    assert "Không có đơn vị nào như vậy" in form_of(answer).errors["area"][0]
    assert list(DeclaredFact.objects.all()) == [fact]
    fact.refresh_from_db()
    assert fact.confirmed_at is None


def test_commune_staff_read_but_do_not_act(client, province):
    fact = declared(province.communes["90101"])
    clerk = GrantFactory(area=province.communes["90101"], role=Role.COMMUNE_STAFF).user

    client.force_login(clerk)
    page = client.get(f"/facts/{fact.pk}/").content.decode()

    assert '<form method="post" action="/facts/' not in page
    assert client.get("/facts/new/").status_code == 403
    assert client.post(f"/facts/{fact.pk}/confirm/", {"checked": "on"}).status_code == 403


def test_without_another_person_the_page_says_whom_to_ask(client, province):
    alone = GrantFactory(area=province.area, role=Role.HEALTH).user
    fact = declared(province.communes["90101"], by=alone)

    client.force_login(alone)
    answer = client.get(f"/facts/{fact.pk}/")

    assert answer.context["page"].others == 0
    assert "Xin quản trị hệ thống giao quyền" in answer.content.decode()


# --- Declaring ------------------------------------------------------------------------------------------


def test_kinds_are_offered_with_their_tier_and_what_they_are_enough_for(client, province, health):
    client.force_login(health[0])

    kinds = {each.kind: each for each in client.get("/facts/new/").context["kinds"]}

    assert set(kinds) == set(FactKind)
    assert (kinds[SOURCE].tier, kinds[SOURCE].level) == ("commune", RiskLevel.VERY_HIGH)
    assert [criterion.id for criterion in kinds[SOURCE].criteria] == ["xa.do.2"]


@pytest.mark.parametrize(
    ("code", "tiers"),
    [("90101", {"commune"}), ("901", {"district"}), ("90", {"province"}), ("00000", set()), ("\x00", set())],
)
def test_kinds_for_an_area_are_those_of_its_tier(client, province, health, code, tiers):
    client.force_login(health[0])

    kinds = client.get("/facts/new/", {"area": code}).context["kinds"]

    assert {each.tier for each in kinds} == tiers


def test_area_is_found_without_diacritics_among_those_of_the_tier(client, province, health):
    client.force_login(health[0])
    offers = client.get(f"/facts/new/?kind={FactKind.UNCONTROLLED_SPREAD_OVER_HALF}")
    assert form_of(offers).fields["area"].offers() == [
        "901 – Huyện 901, Tỉnh 90", "902 – Huyện 902, Tỉnh 90",
    ]  # fmt: skip

    post(
        client, health[0], f"/facts/new/?kind={SOURCE}", area="xa 90201", since="04/08/2021", document="1/BC"
    )

    assert DeclaredFact.objects.get().area == province.communes["90201"]


def test_area_is_the_unit_of_the_day_the_fact_begins(client, province, health):
    old = province.communes["90101"]
    old.valid_to = day(5)
    old.save()
    new = CommuneFactory(code=old.code, name="Phường Mới", parent=old.parent, valid_from=day(6))

    for since in ("05/08/2021", "08/08/2021"):
        post(client, health[0], f"/facts/new/?kind={SOURCE}", area="90101", since=since, document="1/BC")

    areas = DeclaredFact.objects.order_by("since").values_list("area", flat=True)
    assert list(areas) == [old.pk, new.pk]


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"area": "khong co"}, "area", "Không có đơn vị nào như vậy"),
        ({"area": "xa"}, "area", "Có nhiều đơn vị khớp"),
        ({"area": "tinh 90"}, "area", "Không có đơn vị nào như vậy"),
        ({"since": "31/02/2021"}, "since", "Ngày không đúng"),
        ({"until": "01/08/2021"}, "until", "từ ngày bắt đầu trở đi"),
        ({"document": "  "}, "document", "Xin điền mục này"),
    ],
)
def test_slip_is_said_at_its_field_and_nothing_is_written(client, province, health, said, field, words):
    whole = {"area": "90101", "since": "04/08/2021", "until": "", "document": "1/BC"} | said

    answer = post(client, health[0], f"/facts/new/?kind={SOURCE}", **whole)

    assert answer.status_code == 200
    assert words in form_of(answer).errors[field][0]
    assert not DeclaredFact.objects.exists()


def test_fact_declared_by_somebody_else_already_is_refused_in_words(client, province, health):
    declared(province.communes["90101"])

    answer = post(
        client, health[0], f"/facts/new/?kind={SOURCE}", area="90101", since="04/08/2021", document="13/BC"
    )

    assert "đã được khai báo" in form_of(answer).non_field_errors()[0]
    assert DeclaredFact.objects.count() == 1


def test_button_pressed_twice_does_nothing_twice(client, province, health):
    first, second = health
    said = {"area": "90101", "since": "04/08/2021", "document": "12/BC"}

    answers = [post(client, first, f"/facts/new/?kind={SOURCE}", **said) for _press in range(2)]
    fact = DeclaredFact.objects.get()
    assert {answer.url for answer in answers} == {f"/facts/{fact.pk}/"}

    confirmed = [post(client, second, f"/facts/{fact.pk}/confirm/", checked="on") for _press in range(2)]
    assert [answer.status_code for answer in confirmed] == [302, 200]
    assert "đã được xác nhận" in confirmed[1].content.decode()
    assert (notices_of(first).count(), notices_of(second).count()) == (1, 1)


def test_confirmation_takes_a_look_at_the_document(client, province, health):
    fact = declared(province.communes["90101"])

    answer = post(client, health[0], f"/facts/{fact.pk}/confirm/")

    assert "Xin đối chiếu với văn bản" in answer.content.decode()
    fact.refresh_from_db()
    assert fact.confirmed_at is None


def test_unknown_kind_is_not_found(client, province, health):
    client.force_login(health[0])

    assert client.get("/facts/new/?kind=rumour").status_code == 404


# --- The list -------------------------------------------------------------------------------------------


def test_list_is_narrowed_by_state_and_area(client, province, health):
    today = timezone.localdate()
    communes, by = province.communes, health[0]
    waiting = declared(communes["90101"], by=by)
    refused = declared(communes["90102"], by=by)
    refuse_fact(fact=refused, refusal="nhầm", by=health[1], at=AT)
    over, standing, to_come = (
        declared(communes["90201"], by=by, since=since, until=until, document=f"{number}/BC")
        for number, (since, until) in enumerate(
            ((day(0), day(2)), (day(5), today), (today + timedelta(1), None)), start=20
        )
    )
    for fact in (over, standing, to_come):
        confirm_fact(fact=fact, by=health[1], at=AT)
    client.force_login(by)

    def shown(**asked):
        return {fact.pk for fact in client.get("/facts/", asked).context["page"]}

    by_state = {
        "waiting": {waiting.pk}, "refused": {refused.pk}, "over": {over.pk}, "in_force": {standing.pk},
        "to_come": {to_come.pk}, "": {waiting.pk, refused.pk, over.pk, standing.pk, to_come.pk},
    }  # fmt: skip
    assert {state: shown(state=state) for state in by_state} == by_state
    assert shown(area="901") == {waiting.pk, refused.pk}
    assert shown(area="xa 90201", state="over") == {over.pk}


def test_fact_ended_before_it_began_is_over(client, province, health):
    fact = declared(province.communes["90101"], since=timezone.localdate() + timedelta(5))
    confirm_fact(fact=fact, by=health[1], at=AT)
    end_fact(fact=fact, on=fact.since - timedelta(1), by=health[0], at=AT)

    client.force_login(health[0])
    answer = client.get(f"/facts/{fact.pk}/")

    assert answer.context["fact"].state == FactState.OVER
    assert "chưa từng có hiệu lực" in answer.content.decode()


@pytest.mark.parametrize("query", ["state=lost", "area=khong%20co", "state=over&state=waiting", "area=%00"])
def test_list_refuses_what_it_does_not_understand(client, province, health, query):
    client.force_login(health[0])

    assert client.get(f"/facts/?{query}").status_code == 400


def test_list_takes_as_many_queries_for_many_facts_as_for_one(client, province, health):
    client.force_login(health[0])
    declared(province.communes["90101"])
    few = queries(client, "/facts/")
    for number in range(30):
        since = day(10 + 3 * number)
        declared(province.communes["90201"], since=since, until=since, document=f"{number}/BC")

    assert queries(client, "/facts/") == few <= 16
    assert len(client.get("/facts/?page=2").context["page"].object_list) == 1
    assert client.get("/facts/?page=3").status_code == 404


# --- What it does -----------------------------------------------------------------------------------------


def test_effect_is_told_against_the_other_criteria(province):
    alone, beside = (declared(province.communes[code]) for code in ("90101", "90102"))
    reassess(on=day(9), at=AT)

    raised, not_raised = (effect_of(fact=fact, on=day(9)) for fact in (alone, beside))

    assert (raised.day, raised.level, raised.of_fact, raised.of_others, raised.raises) == (
        day(9), RiskLevel.VERY_HIGH, RiskLevel.VERY_HIGH, RiskLevel.NEW_NORMAL, True,
    )  # fmt: skip
    assert (not_raised.of_others, not_raised.raises) == (RiskLevel.VERY_HIGH, False)


@pytest.mark.parametrize("since", [10, -20])
def test_effect_of_days_that_are_not_known_is_not_told(province, since):
    fact = declared(province.communes["90101"], since=day(since), until=day(since + 1))

    assert effect_of(fact=fact, on=day(9)) is None


def test_page_names_the_criteria_that_read_the_fact_and_links_to_the_day(client, province, health):
    fact = declared(province.communes["90101"])
    reassess(on=day(9), at=AT)
    client.force_login(health[0])

    answer = client.get(f"/facts/{fact.pk}/")

    assert [criterion.id for criterion in answer.context["page"].about.criteria] == ["xa.do.2"]
    assert "/areas/90101/?day=2021-08-10" in answer.content.decode()


# --- On the page of the area ----------------------------------------------------------------------------


def test_area_lists_facts_without_persons_and_marks_what_nobody_confirmed(client, province, health):
    declarer = UserFactory(full_name="Tên Không Được Lộ")
    declared(province.communes["90101"], by=declarer)
    reassess(on=day(9), at=AT)

    public = client.get("/areas/90101/").content.decode()
    client.force_login(health[0])
    working = client.get("/areas/90101/").content.decode()

    assert "Yếu tố khai báo và quyết định" in public
    assert "chưa xác nhận</span>" in public  # among the criteria
    assert "Tên Không Được Lộ" not in public
    assert "/facts/" not in public
    assert "/facts/new/?area=90101" in working


def test_area_with_nothing_declared_says_nothing_to_the_public(client, province, health):
    HamletFactory(parent=province.communes["90101"], valid_from=day(0))

    assert "Yếu tố khai báo và quyết định" not in client.get("/areas/90201/").content.decode()
