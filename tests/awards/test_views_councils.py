"""The pages of a council: the office's, and the ballot of who has a seat."""

import io
import re
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from awards.models import Ballot, CouncilMember, CouncilSession, Nominee
from core.enums import Role
from core.models import IssuedPaper
from tests.awards.councils import again, make_council, members_of, opened, reviewed, vote
from tests.awards.dossiers import PERSON, make_nominee
from tests.factories import GrantFactory

pytestmark = pytest.mark.django_db
FORM = {
    "held_on": "12/09/2021", "place": "Phòng họp số 2", "chair": "Lê Văn Mười", "secretary": "Lê Thị Bảy",
    "quorum": "2", "pass_percent": "60", "counted_of": "members",
}  # fmt: skip


@pytest.fixture
def dossier():
    return reviewed()


def _client(user) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def _office(dossier) -> Client:
    return _client(GrantFactory(role=Role.HOME_AFFAIRS, area=dossier.phase.campaign.province).user)


def _step(client, session, act, **said):
    said |= {"act": act, "version": again(session).version}
    return client.post(reverse("awards:council_step", args=[session.pk]), said)


def _ballot(session) -> str:
    return reverse("awards:ballot", args=[session.pk])


def _said(session, *votes) -> dict:
    nominees = session.agenda.order_by("place").values_list("nominee", flat=True)
    return {f"nominee-{pk}": said for pk, said in zip(nominees, votes, strict=True)}


def test_whole_way_from_the_invitation_to_the_minutes(dossier):
    office = _office(dossier)
    nominees = [each.pk for each in dossier.nominees.order_by("place")]
    made = office.post(reverse("awards:council_new", args=[dossier.phase_id]), FORM | {"nominees": nominees})
    session = CouncilSession.objects.get()
    assert made.url == reverse("awards:council", args=[session.pk])
    people = [GrantFactory(role=Role.VIEWER, area=dossier.area.parent).user for _place in range(3)]
    for person in people:
        _step(office, session, "member", member=person.username)
    assert "chưa đủ 2 để bỏ phiếu" in office.get(made.url).text
    _step(office, session, "present", present=[seat.pk for seat in session.seats.all()])
    _step(office, session, "open")
    assert again(session).opened_at

    for person in people:
        client = _client(person)
        assert "Bỏ phiếu hội đồng" in client.get("/inbox/").text  # the link of daily work
        page = client.get(_ballot(session))
        assert " checked" not in page.text
        checked = client.post(_ballot(session), _said(session, "for", "against") | {"step": "check"})
        assert "Xem lại trước khi bỏ phiếu" in checked.text
        assert (
            client.post(_ballot(session), _said(session, "for", "against") | {"step": "cast"}).status_code
            == 302
        )
        assert "không xem lại, không sửa được" in client.get(_ballot(session)).text
    _step(office, session, "close", conclusion="Trình Chủ tịch UBND tỉnh.")

    page = office.get(made.url).text
    assert "Kiểm lại từ phiếu kín lưu trong cơ sở dữ liệu: khớp." in page
    assert "Trình Chủ tịch UBND tỉnh." in page
    assert "từ 60 % phiếu tán thành trở lên, tính trên tổng số thành viên" in page
    office.cookies["django_language"] = "en"
    assert "60 % of the votes or more, out of all members" in office.get(made.url).text
    office.cookies["django_language"] = "vi"
    assert "không thông qua" in _client(people[0]).get(_ballot(session)).text
    listed = office.get(reverse("awards:councils")).text
    assert "đã kết thúc bỏ phiếu" in listed
    proposal = office.get(reverse("awards:proposal_new", args=[dossier.phase_id])).text
    assert "3/3 tán thành" in proposal
    assert proposal.count("Vì sao vẫn trình") >= 1


def test_nobody_sees_a_result_or_a_ballot_before_the_vote_is_closed(dossier):
    session = opened(dossier)
    first, second, _third = members_of(session)
    vote(session, first, "against")
    office = _office(dossier)

    pages = [
        office.get(reverse("awards:council", args=[session.pk])),
        office.get(reverse("awards:councils")),
        _client(first).get(_ballot(session)),
        _client(second).get(_ballot(session)),
        office.get(reverse("awards:council_paper", args=[session.pk, "agenda", "docx"])),
    ]

    for page in pages:
        text = page.text if "html" in page["Content-Type"] else _words(page)
        assert "không thông qua" not in text
        assert "Kết quả bỏ phiếu kín" not in text
    assert "1/3" in pages[0].text  # that one voted
    for paper in ("minutes", "count"):
        address = reverse("awards:council_paper", args=[session.pk, paper, "pdf"])
        assert office.get(address).status_code == 404


def test_ballot_is_open_to_who_has_a_seat_and_to_nobody_else(dossier):
    session = opened(dossier)
    office = _office(dossier)

    assert office.get(_ballot(session)).status_code == 404
    assert office.post(_ballot(session), _said(session, "for", "for") | {"step": "cast"}).status_code == 404
    paper = reverse("awards:ballot_paper", args=[session.pk, "agenda", "docx"])
    assert office.get(paper).status_code == 404
    assert _client(members_of(session)[0]).get(paper).status_code == 200
    assert Client().get(_ballot(session)).status_code == 302
    assert not Ballot.objects.exists()


def test_slip_in_a_ballot_keeps_what_was_chosen(dossier):
    session = opened(dossier)
    client, said = _client(members_of(session)[0]), _said(session, "against", "for")
    missing = dict(list(said.items())[:1]) | {"step": "check"}

    page = client.post(_ballot(session), missing)

    assert "Xin chọn một ý kiến." in page.text
    assert 'value="against"' in page.text.split(" checked")[0].rpartition("<input")[2]
    wrong = client.post(_ballot(session), said | {next(iter(said)): "maybe", "step": "cast"})
    assert "maybe" not in wrong.text.replace("maybe không", "")
    assert not Ballot.objects.exists()
    back = client.post(_ballot(session), said | {"step": "edit"})
    assert back.text.count(" checked") == 2
    assert not Ballot.objects.exists()


def test_second_click_votes_no_second_time(dossier):
    session = opened(dossier)
    client, said = _client(members_of(session)[0]), _said(session, "for", "for") | {"step": "cast"}

    client.post(_ballot(session), said)
    again_posted = client.post(_ballot(session), said, follow=True)

    assert "Bạn đã bỏ phiếu" in again_posted.text
    assert Ballot.objects.count() == 2


def test_who_has_an_interest_is_told_and_not_asked(dossier):
    session = make_council(dossier, members=4)
    member = members_of(session)[0]
    member.full_name = "Đặng Thị Bảy"
    member.save()
    _step(_office(dossier), session, "open")

    page = _client(member).get(_ballot(session))

    assert "Bạn không bỏ phiếu về đối tượng có liên quan đến mình" in page.text
    assert "Trạm trưởng" not in page.text
    person = session.agenda.order_by("place").last().nominee_id
    unit = session.agenda.order_by("place").first().nominee_id
    said = {f"nominee-{unit}": "for", f"nominee-{person}": "for", "step": "cast"}
    _client(member).post(_ballot(session), said)
    assert list(Ballot.objects.values_list("nominee", flat=True)) == [unit]


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("held_on", "31/02/2021", "Ngày không đúng"),
        ("quorum", "1", "2"),
        ("quorum", "ba", "số nguyên"),
        ("pass_percent", "101", "100"),
        ("pass_percent", "", "Xin điền mục này."),
        ("nominees", "999999", "không"),
    ],
)
def test_slip_in_the_form_of_a_session_keeps_what_was_typed(dossier, name, typed, words):
    nominees = [each.pk for each in dossier.nominees.all()]
    said = FORM | {"nominees": nominees, "place": "Hội trường A", name: typed}

    page = _office(dossier).post(reverse("awards:council_new", args=[dossier.phase_id]), said)

    assert page.status_code == 200
    assert "Hội trường A" in page.text
    assert words in page.text.partition("field__error")[2]
    assert not CouncilSession.objects.exists()


def test_refusals_on_the_page_of_a_session_keep_what_was_typed(dossier):
    session, office = make_council(dossier), _office(dossier)

    nobody = _step(office, session, "member", member="không ai như vậy")
    assert "không ai như vậy" in nobody.text
    assert "Không có tài khoản nào như vậy" in nobody.text
    assert "Không làm được việc này" in _step(office, session, "dance").text
    assert "Danh sách thành viên đã đổi" in _step(office, session, "present", present=["0"]).text
    stale = {"act": "open", "version": 0}
    assert "Người khác vừa sửa" in office.post(reverse("awards:council_step", args=[session.pk]), stale).text
    _step(office, session, "open")
    early = _step(office, session, "close", conclusion="Kết luận dài.")
    assert "Kết luận dài." in early.text
    assert "chưa đủ 2 để kết thúc" in early.text
    assert "Xin điền mục này." in _step(office, session, "annul", reason="").text
    assert office.get(reverse("awards:council_edit", args=[session.pk])).status_code == 302


def test_papers_say_what_is_frozen_in_the_same_bytes_under_a_code(dossier):
    session = opened(dossier)
    for user in members_of(session):
        vote(session, user, "for", "blank")
    office = _office(dossier)
    _step(office, session, "close", conclusion="Trình Chủ tịch.")
    Nominee.objects.filter(person="Đặng Thị Bảy").update(person="Đặng Thị Khác")
    member = _client(members_of(session)[0])

    for paper in ("minutes", "count", "agenda"):
        for fmt in ("pdf", "docx"):
            address = reverse("awards:council_paper", args=[session.pk, paper, fmt])
            once, twice = office.get(address), office.get(address)
            assert once.status_code == 200
            assert once.content == twice.content
            assert (
                member.get(reverse("awards:ballot_paper", args=[session.pk, paper, fmt])).content
                == once.content
            )
    words = _words(office.get(reverse("awards:council_paper", args=[session.pk, "minutes", "docx"])))
    assert "Đặng Thị Bảy" in words
    assert "Đặng Thị Khác" not in words
    for said in (
        "BIÊN BẢN",
        "THƯ KÝ",
        "CHỦ TỌA",
        "Lê Thị Bảy",
        "Lê Văn Mười",
        "Trình Chủ tịch.",
        "3/3",
        "0/3",
    ):
        assert said in words
    told = " ".join(" ".join(row.facts) + row.title for row in IssuedPaper.objects.all())
    assert "Bảy" not in told
    assert "/3" not in told
    assert office.get(reverse("awards:council_paper", args=[session.pk, "agenda", "odt"])).status_code == 404
    assert office.get(reverse("awards:council_paper", args=[session.pk, "ballots", "pdf"])).status_code == 404


def _words(answer) -> str:

    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        text = book.read("word/document.xml").decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text.replace("</w:t><w:t>", "")))


def test_queries_of_the_pages_do_not_grow(dossier, django_assert_max_num_queries):
    for place in range(6):
        make_nominee(
            dossier, dossier.nominees.first().unit, kind=PERSON, person=f"Nguyễn Thị {place}",
            person_post="Y tá", deeds="Trực.", search_text=f"nguyen thi {place}", status="passed",
        )  # fmt: skip
    session = opened(dossier, members=12)
    assert CouncilMember.objects.count() == 12
    office, member = _office(dossier), _client(members_of(session)[0])

    for client, name, most in ((office, "council", 18), (office, "councils", 12), (member, "ballot", 14)):
        args = [] if name == "councils" else [session.pk]
        with django_assert_max_num_queries(most):
            client.get(reverse(f"awards:{name}", args=args))
    with django_assert_max_num_queries(45):
        office.get(reverse("awards:council_paper", args=[session.pk, "agenda", "docx"]))
    for user in members_of(session):
        vote(session, user, "for")
    _step(office, session, "close", conclusion="")
    with django_assert_max_num_queries(18):
        office.get(reverse("awards:council", args=[session.pk]))
