"""The pages of conditions and of recognised zones, as each person sees them."""

import pytest
from django.test import Client

from campaign.enums import AnswerStage
from campaign.models import ConditionAnswer, RecognisedZone
from campaign.zones import recognise
from core.enums import Role
from tests.campaign.zones import evening, make_ground
from tests.core.handed_in import pdf, upload
from tests.factories import GrantFactory


@pytest.fixture
def ground(db):
    made = make_ground()
    made.publish(5)
    return made


@pytest.fixture
def first(ground):
    return ground.units["90101"]


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(ground, unit, code="", act="") -> str:
    return f"/campaigns/{ground.campaign.slug}/conditions/{unit.pk}/" + (f"{code}/{act}/" if code else "")


def test_unit_says_it_with_a_file_and_the_district_checks(ground, first):
    clerk, district = client_of(ground.clerk), client_of(ground.district)
    paper = upload(pdf(), "qd.pdf")

    said = clerk.post(
        page(ground, first, "dk-1", "answer"),
        {"met": "yes", "note": "Đã có tổ COVID.", "seen": 0, "document_1": paper},
    )
    own = ConditionAnswer.objects.get()
    found = district.post(page(ground, first, "dk-1", "check"), {"met": "yes", "seen": own.pk})

    assert (said.status_code, found.status_code) == (302, 302)
    assert [file.name for file in own.files.all()] == ["qd.pdf"]
    shown = district.get(page(ground, first)).content.decode()
    assert "qd.pdf" in shown
    assert "Đã có tổ COVID." in shown
    assert "đã kiểm tra, đạt" in shown


def test_evidence_is_not_read_without_login_nor_by_the_next_district(ground, first):
    client_of(ground.clerk).post(
        page(ground, first, "dk-1", "answer"),
        {"met": "yes", "seen": 0, "document_1": upload(pdf(), "qd.pdf")},
    )
    address = ConditionAnswer.objects.get().files.get().get_absolute_url()
    other = make_ground("91")

    assert Client().get(address).status_code in (302, 403, 404)
    assert client_of(other.district).get(address).status_code in (403, 404)
    assert client_of(ground.district).get(address).status_code == 200


def test_answer_of_somebody_else_meanwhile_is_shown_and_mine_is_kept(ground, first):
    ground.say(first, by=ground.district, note="Huyện ghi trước")
    mine = {"met": "no", "note": "Xã ghi sau", "seen": 0}

    answer = client_of(ground.clerk).post(page(ground, first, "dk-1", "answer"), mine)
    again = client_of(ground.clerk).post(
        page(ground, first, "dk-1", "answer"), mine | {"seen": answer.context["form"]["seen"].value()}
    )

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Huyện ghi trước" in text
    assert "Xã ghi sau" in text
    assert again.status_code == 302
    assert ConditionAnswer.objects.order_by("-pk").first().note == "Xã ghi sau"


def test_file_stays_when_somebody_else_answered_meanwhile(ground, first):
    ground.say(first, by=ground.district)
    paper = upload(pdf(), "qd.pdf")

    answer = client_of(ground.clerk).post(
        page(ground, first, "dk-1", "answer"), {"met": "yes", "seen": 0, "document_1": paper}
    )
    form = answer.context["form"]
    again = client_of(ground.clerk).post(
        page(ground, first, "dk-1", "answer"),
        {
            "met": "yes",
            "seen": form["seen"].value(),
            "document_1-kept": form.fields["document_1"].widget.token_of(form["document_1"].value()),
        },
    )

    assert again.status_code == 302
    newest = ConditionAnswer.objects.order_by("-pk").first()
    assert [file.name for file in newest.files.all()] == ["qd.pdf"]


def test_file_sent_before_goes_with_the_next_answer_unless_it_is_taken_off(ground, first):
    clerk = client_of(ground.clerk)
    paper = upload(pdf(), "qd.pdf")
    clerk.post(page(ground, first, "dk-1", "answer"), {"met": "yes", "seen": 0, "document_1": paper})
    own = ConditionAnswer.objects.get()
    file = own.files.get()

    form = clerk.get(page(ground, first, "dk-1", "answer")).context["form"]
    clerk.post(page(ground, first, "dk-1", "answer"), {"met": "yes", "seen": own.pk, "kept": file.pk})
    second = ConditionAnswer.objects.order_by("-pk").first()
    clerk.post(page(ground, first, "dk-1", "answer"), {"met": "yes", "seen": second.pk})

    assert form["kept"].value() == [file.pk]
    assert list(second.files.all()) == [file]
    assert ConditionAnswer.objects.order_by("-pk").first().files.count() == 0


@pytest.mark.parametrize(
    ("said", "field"), [({"note": "x"}, "met"), ({"met": "no"}, "note"), ({"met": "no", "note": " "}, "note")]
)
def test_check_that_says_too_little_is_refused_with_the_field(ground, first, said, field):
    own = ground.say(first)

    answer = client_of(ground.district).post(page(ground, first, "dk-1", "check"), said | {"seen": own.pk})

    assert field in answer.context["form"].errors
    assert ConditionAnswer.objects.count() == 1


def test_nobody_checks_what_they_said_themselves(ground, first):
    own = ground.say(first, by=ground.district)

    answer = client_of(ground.district).post(
        page(ground, first, "dk-1", "check"), {"met": "yes", "seen": own.pk}
    )

    assert "để người khác kiểm tra" in answer.content.decode()
    assert not ConditionAnswer.objects.filter(stage=AnswerStage.CHECK).exists()


def test_commune_checks_nothing_and_the_neighbour_finds_nothing(ground, first):
    ground.say(first)
    neighbour = GrantFactory(role=Role.COMMUNE_STAFF, area=ground.made.communes["90102"]).user

    assert client_of(ground.clerk).get(page(ground, first, "dk-1", "check")).status_code == 403
    for address in (page(ground, first), page(ground, first, "dk-1", "answer")):
        assert client_of(neighbour).get(address).status_code == 404
        assert Client().get(address).status_code == 302


def test_lists_show_whose_turn_it_is(ground, first):
    ground.say(first)

    mine = client_of(ground.clerk).get("/conditions/").context["page"].object_list
    waiting = client_of(ground.district).get("/conditions/").context["page"].object_list
    both = client_of(ground.district).get("/conditions/?show=all&q=90102").context["page"].object_list

    assert [(row.unit, row.counts["open"], row.counts["waiting"]) for row in mine] == [(first, 1, 1)]
    assert [row.unit for row in waiting] == [first]
    assert [row.unit.code for row in both] == ["90102"]


def test_public_page_tells_zones_what_is_lacking_and_what_ended_but_no_person(ground, first):
    ground.fulfil(first)
    ground.say(ground.units["90102"], by=ground.clerk, note="chuyện nội bộ")
    ground.fulfil(ground.units["90103"])
    ground.publish(6, {("90103", 6): 2})
    recognise(at=evening(7))

    answer = Client().get(f"/campaigns/{ground.campaign.slug}/zones/")

    told = answer.context["page"]
    assert [zone.unit for _area, zones in told.standing for zone in zones] == [first]
    lacking = {each.unit.code: each for _area, places in told.lacking for each in places}
    assert {code: [each.state for each in place.missing] for code, place in lacking.items()} == {
        "90102": ["waiting", "open"]
    }
    assert [(zone.unit.code, zone.ended_because) for zone in told.ended] == [("90103", "colour")]
    text = answer.content.decode()
    assert "chuyện nội bộ" not in text
    assert str(ground.clerk) not in text


def test_public_page_says_that_a_plan_without_conditions_recognises_nothing(db):
    ground = make_ground()
    ground.campaign.green_conditions.all().delete()

    text = Client().get(f"/campaigns/{ground.campaign.slug}/zones/").content.decode()

    assert "chỉ có màu thì chưa đủ" in text


@pytest.mark.django_db(transaction=True)
def test_api_tells_the_spans_and_is_not_sent_again():
    ground = make_ground()
    ground.publish(5)
    ground.fulfil(ground.units["90101"])
    client = Client()

    answer = client.get("/api/v1/zones/?province=90")
    again = client.get("/api/v1/zones/?province=90", headers={"If-None-Match": answer["ETag"]})
    RecognisedZone.objects.update(ended_on="2021-08-08", ended_at=evening(8), ended_because="colour")
    changed = client.get("/api/v1/zones/?province=90", headers={"If-None-Match": answer["ETag"]})

    assert answer.json() == {
        "province": "90",
        "zones": [{"code": "90101", "kind": "commune", "first_day": "2021-08-06", "last_day": None}],
    }
    assert again.status_code == 304
    assert changed.json()["zones"][0]["last_day"] == "2021-08-07"


def test_number_of_queries_of_the_public_page_does_not_grow(ground, django_assert_max_num_queries, first):
    address = f"/campaigns/{ground.campaign.slug}/zones/"
    Client().get(address)
    ground.say(first)
    with django_assert_max_num_queries(40) as one:
        Client().get(address)
    ground.say(ground.units["90102"])
    ground.fulfil(ground.units["90103"])
    with django_assert_max_num_queries(40) as three:
        Client().get(address)

    assert len(three) <= len(one) + 1
