"""The public box and the district's dealing with it, as each person meets them."""

import secrets

import pytest
from django.test import Client

from campaign.enums import FeedbackStatus
from campaign.feedback import answer_feedback, publish_feedback, state_mark, written_code
from campaign.models import Feedback
from core.enums import Role
from riskmap.levels import reassess
from tests.campaign.test_feedback import AT, CONTACT, TEXT, write
from tests.factories import GrantFactory
from tests.riskmap.province import AT as LEVELS_AT
from tests.riskmap.province import day, make_province

SAID = {"kind": "breach", "text": TEXT, "contact": CONTACT}
NEW = "/feedback/90101/new/"


@pytest.fixture
def made(db):
    return make_province("90", districts={"901": ["90101"], "902": ["90201"]})


@pytest.fixture
def feedback(made):
    return write(made)


def client_of(made, district, role=Role.DISTRICT_STAFF) -> Client:
    client = Client()
    client.force_login(GrantFactory(role=role, area=made.districts[district]).user)
    return client


@pytest.fixture
def district(made):
    return client_of(made, "901")


def act(client, feedback, name, **said):
    seen = said.pop("seen", None) or state_mark(Feedback.objects.get(pk=feedback.pk))
    return client.post(f"/feedback/{feedback.pk}/{name}/", said | {"seen": seen})


def an_address() -> str:
    """Of a line that asked nothing before: the cache outlives the tests."""
    return "2001:db8:" + ":".join(f"{secrets.randbelow(65536):x}" for _part in range(2)) + "::1"


def test_anybody_writes_and_reads_the_answer_by_the_code(made, district):
    answer = Client().post(NEW, SAID | {"happened_on": "20/08/2021"})
    feedback = Feedback.objects.get()
    receipt = Client().get(answer.url)
    act(district, feedback, "answer", answer="Đã nhắc nhở chủ quán.")
    later = Client().get(answer.url)

    assert answer.status_code == 302
    assert (feedback.text, feedback.contact, feedback.happened_on.isoformat()) == (
        TEXT,
        CONTACT,
        "2021-08-20",
    )
    assert written_code(feedback.code) in receipt.content.decode()
    assert "Đã nhắc nhở chủ quán." in later.content.decode()
    for page in (receipt, later):
        assert TEXT not in page.content.decode()
        assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "ngắn"}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"kind": ""}, "kind"),
        ({"kind": "rumour"}, "kind"),
        ({"contact": "x" * 101}, "contact"),
        ({"happened_on": "31/12/2999"}, "happened_on"),
        ({"happened_on": "20/08/0021"}, "happened_on"),
        ({"happened_on": "hôm qua"}, "happened_on"),
        ({"website": "http://spam.example"}, "__all__"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(made, said, field):
    answer = Client().post(NEW, SAID | said)

    assert field in answer.context["form"].errors
    assert not Feedback.objects.exists()
    if "text" not in said:
        assert TEXT in answer.content.decode()


def test_form_without_its_token_is_refused(made):
    answer = Client(enforce_csrf_checks=True).post(NEW, SAID)

    assert answer.status_code == 403
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("code", ["901", "90", "99999", "x"])
def test_box_of_anything_but_a_commune_is_not_found(made, code):
    assert Client().get(f"/feedback/{code}/new/").status_code == 404


def test_address_that_writes_too_often_waits_and_keeps_what_it_typed(made, settings):
    settings.FEEDBACK_PER_HOUR = 2
    address = an_address()

    statuses = [Client(REMOTE_ADDR=address).post(NEW, SAID).status_code for _each in range(3)]
    refused = Client(REMOTE_ADDR=address).post(NEW, SAID)
    other = Client(REMOTE_ADDR=an_address()).post(NEW, SAID)

    assert statuses == [302, 302, 429]
    assert TEXT in refused.content.decode()
    assert "phút" in refused.content.decode()
    assert other.status_code == 302
    assert Feedback.objects.count() == 3


def test_slips_in_the_form_do_not_count(made, settings):
    settings.FEEDBACK_PER_HOUR = 1
    client = Client(REMOTE_ADDR=an_address())
    for _each in range(3):
        client.post(NEW, SAID | {"text": ""})

    assert client.post(NEW, SAID).status_code == 302


def test_guessing_codes_is_slowed_down(feedback, settings):
    settings.FEEDBACK_LOOKUPS_PER_HOUR = 3
    client = Client(REMOTE_ADDR=an_address())

    guesses = [client.get("/feedback/receipt/?code=2222-3333-444" + sign).status_code for sign in "5678"]
    right = client.get(f"/feedback/receipt/?code={feedback.code}")

    assert guesses == [404, 404, 404, 429]
    assert right.status_code == 429


@pytest.mark.parametrize("code", ["", "x", "ABCD-EFGH"])
def test_code_that_can_be_none_is_said_to_be_none(feedback, code):
    answer = Client().get("/feedback/receipt/", {"code": code})

    assert answer.status_code == 400
    assert "code" in answer.context["form"].errors


def test_district_sees_its_own_and_no_other(made, feedback, district):
    own, other = district.get("/feedback/"), client_of(made, "902").get("/feedback/")

    assert TEXT in own.content.decode()
    assert TEXT not in other.content.decode()
    assert CONTACT in district.get(f"/feedback/{feedback.pk}/").content.decode()
    assert client_of(made, "902").get(f"/feedback/{feedback.pk}/").status_code == 404
    for name in ("answer", "set-aside", "publish", "withhold"):
        assert act(client_of(made, "902"), feedback, name, answer="x", reason="x").status_code == 404
    assert Feedback.objects.get().status == FeedbackStatus.RECEIVED


def test_commune_staff_and_the_public_do_not_read_it(made, feedback):
    commune = Client()
    commune.force_login(GrantFactory(role=Role.COMMUNE_STAFF, area=made.communes["90101"]).user)

    for address in ("/feedback/", f"/feedback/{feedback.pk}/"):
        assert commune.get(address).status_code == 403
        assert Client().get(address).status_code == 302


def test_list_is_by_state(made, feedback, district):
    act(district, feedback, "set-aside", reason="Trùng.")

    assert TEXT not in district.get("/feedback/").content.decode()
    assert TEXT in district.get("/feedback/?state=set_aside").content.decode()
    assert district.get("/feedback/?state=x").status_code == 404


def test_set_aside_is_told_to_its_writer(feedback, district):
    act(district, feedback, "set-aside", reason="Không thuộc địa bàn.")

    assert "Không thuộc địa bàn." in Client().get(f"/feedback/receipt/?code={feedback.code}").content.decode()


@pytest.mark.parametrize(("name", "field"), [("answer", "answer"), ("set-aside", "reason")])
def test_act_without_words_is_refused(feedback, district, name, field):
    answer = act(district, feedback, name)

    assert field in answer.context["refused"].errors
    assert Feedback.objects.get().status == FeedbackStatus.RECEIVED


def test_answer_over_somebody_elses_is_shown_both_and_can_be_sent_again(made, feedback, district):
    seen = state_mark(feedback)
    act(client_of(made, "901"), feedback, "answer", answer="Người thứ nhất.")

    refused = act(district, feedback, "answer", answer="Người thứ hai.", seen=seen)
    form = refused.context["answer_form"]
    again = act(district, feedback, "answer", answer="Người thứ hai.", seen=form["seen"].value())

    text = refused.content.decode()
    assert refused.status_code == 409
    assert "Người thứ nhất." in text
    assert "Người thứ hai." in text
    assert again.status_code == 302
    assert Feedback.objects.get().answer == "Người thứ hai."


@pytest.fixture
def shown(made):
    """A province that the map shows, so that its communes have pages."""
    made.post({}, complete=(0, 5))
    reassess(on=day(5), at=LEVELS_AT, provinces=[made.area])
    return made


def test_published_stands_on_the_page_of_its_commune_alone(shown, feedback, district):
    act(district, feedback, "answer", answer="Đã nhắc nhở.")
    act(district, feedback, "publish", public_text="Một quán nước mở cửa.")

    own = Client().get("/areas/90101/").content.decode()
    other = Client().get("/areas/90201/").content.decode()
    act(district, feedback, "withhold", reason="chỉ rõ một nhà")
    after = Client().get("/areas/90101/").content.decode()

    assert "Một quán nước mở cửa." in own
    assert "Đã nhắc nhở." in own
    assert TEXT not in own
    assert "Một quán nước mở cửa." not in other + after
    assert "/feedback/90101/new/" in after


def test_what_people_wrote_is_shown_as_text(shown, made):
    feedback = write(made)
    script = "<script>alert(1)</script>"
    by = GrantFactory(role=Role.DISTRICT_STAFF, area=made.districts["901"]).user
    feedback = answer_feedback(feedback=feedback, answer=script, seen=state_mark(feedback), by=by, at=AT)
    publish_feedback(feedback=feedback, public_text=script, seen=state_mark(feedback), by=by, at=AT)

    text = Client().get("/areas/90101/").content.decode()

    assert script not in text
    assert "&lt;script&gt;" in text


def test_pages_of_districts_have_no_box(shown):
    assert "/new/" not in Client().get("/areas/901/").content.decode()


def test_address_that_no_commune_can_have_is_not_found(made):
    for code in ("%00", "90101%00", "901", "%E2%80%AE90101"):
        assert Client().get(f"/feedback/{code}/new/").status_code == 404
