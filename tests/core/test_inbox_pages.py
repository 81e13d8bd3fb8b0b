"""The inbox and one's own account, as their owner and somebody else see them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from core.inbox import notices_of, send_notices, unread_count
from core.models import AuditEvent
from tests.factories import GrantFactory, UserFactory

AT = datetime(2021, 7, 15, 3, tzinfo=UTC)


def tell(*recipients, key="thử", **said):
    said = {"subject": "Xã Vĩnh Hải chưa báo cáo", "body": "", "link": "/search/?q=xa", "at": AT} | said
    return send_notices(recipients=[user.pk for user in recipients], key=key, **said)


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def lan(db, client):
    user = UserFactory(username="lan")
    client.force_login(user)
    return user


# --- The list -------------------------------------------------------------------------------------------


def test_inbox_shows_ones_own_newest_first_and_says_which_are_unread(client, lan):
    tell(lan, key="cũ", subject="Việc cũ", body="Dòng một\nDòng hai", at=AT)
    tell(lan, key="mới", subject="Việc mới", at=AT + timedelta(days=1))
    tell(UserFactory(), subject="Việc của người khác")
    client.get(f"/inbox/{notices_of(lan).get(key='cũ').pk}/")

    answer = client.get("/inbox/")

    page = text(answer)
    assert page.index("Việc mới chưa đọc") < page.index("Việc cũ Dòng một Dòng hai")
    assert (
        page.count("chưa đọc") - page.count("thông báo chưa đọc") == 3
    )  # the header, the filter, the notice
    assert "1 thông báo chưa đọc." in page
    assert "Việc của người khác" not in page
    assert "15/07/2021" in page
    assert "<br>Dòng hai" in answer.content.decode()


def test_inbox_can_be_narrowed_to_the_unread(client, lan):
    tell(lan, key="một", subject="Đã đọc rồi")
    client.get(f"/inbox/{notices_of(lan).get().pk}/")
    tell(lan, key="hai", subject="Còn đó")

    page = text(client.get("/inbox/?show=unread"))

    assert "Còn đó" in page
    assert "Đã đọc rồi" not in page


def test_inbox_without_anything_says_what_will_be_here(client, lan):
    page = text(client.get("/inbox/"))

    assert "Chưa có thông báo nào." in page
    assert "Đánh dấu đã đọc tất cả" not in page


def test_inbox_escapes_what_it_is_told(client, lan):
    tell(lan, subject="<script>1</script>", body="<b>2</b>")

    page = client.get("/inbox/").content.decode()

    assert "<script>1" not in page
    assert "<b>2" not in page


def test_inbox_costs_the_same_with_one_notice_and_with_many(client, lan, django_assert_num_queries):
    tell(lan)
    client.get("/inbox/")
    with django_assert_num_queries(7):  # session, person, how many, page, unread, grants, simulated
        client.get("/inbox/")
    for number in range(70):
        tell(lan, key=str(number))

    with django_assert_num_queries(7):
        page = client.get("/inbox/?page=2")

    assert len(page.context["page"].object_list) == 30


def test_inbox_waits_for_a_password_of_ones_own(client, db):
    client.force_login(UserFactory(password_is_temporary=True))

    assert client.get("/inbox/").url == "/password/"


# --- Opening and marking --------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_opening_a_notice_marks_it_read_and_goes_to_its_page(client, lan, method):
    tell(lan)
    tell(lan, key="khác")
    notice = notices_of(lan).get(key="thử")

    answer = getattr(client, method)(f"/inbox/{notice.pk}/")

    assert (answer.status_code, answer.url) == (302, "/search/?q=xa")
    assert unread_count(lan) == 1
    notice.refresh_from_db()
    assert timezone.now() - notice.read_at < timedelta(minutes=1)


def test_opening_a_notice_again_keeps_the_moment_it_was_read(client, lan):
    tell(lan)
    notice = notices_of(lan).get()
    client.get(f"/inbox/{notice.pk}/")
    first = notices_of(lan).get().read_at

    client.get(f"/inbox/{notice.pk}/")

    assert notices_of(lan).get().read_at == first


def test_notice_of_somebody_else_is_not_found_and_stays_unread(client, lan):
    other = UserFactory()
    tell(other)

    answer = client.get(f"/inbox/{notices_of(other).get().pk}/")

    assert answer.status_code == 404
    assert "Vĩnh Hải" not in text(answer)
    assert unread_count(other) == 1


def test_all_of_ones_own_are_marked_read_at_once(client, lan):
    other = UserFactory()
    for key in ("một", "hai"):
        tell(lan, other, key=key)

    answer = client.post("/inbox/read/", follow=True)

    assert "Đã đánh dấu 2 thông báo." in text(answer)
    assert (unread_count(lan), unread_count(other)) == (0, 2)


# --- The header -----------------------------------------------------------------------------------------


def test_header_counts_the_unread_of_who_is_logged_in(client, lan):
    tell(lan, key="một")
    tell(lan, UserFactory(), key="hai")

    assert "Hộp thư 2 chưa đọc" in text(client.get("/search/"))


def test_header_of_the_public_has_no_inbox_and_asks_nothing_about_one(client, db, django_assert_num_queries):
    with django_assert_num_queries(1):  # the simulated provinces
        page = client.get("/login/")

    assert "Hộp thư" not in text(page)


@pytest.mark.parametrize("address", ["/", "/search/", "/changes/", "/editions/", "/xac-minh", "/inbox/"])
def test_page_with_the_header_is_kept_by_no_cache_for_everyone(client, lan, address):
    tell(lan)

    answer = client.get(address)

    assert "Hộp thư 1 chưa đọc" in text(answer)
    assert "public" not in answer.get("Cache-Control", "")
    assert "Cookie" in answer["Vary"]


# --- One's own account ----------------------------------------------------------------------------------


def test_address_for_reminders_is_written_by_its_owner_and_journalled(client, lan):
    answer = client.post("/accounts/me/", {"email": " lan@ninhthuan.gov.vn "}, follow=True)

    lan.refresh_from_db()
    assert lan.email == "lan@ninhthuan.gov.vn"
    assert "Đã ghi địa chỉ thư điện tử." in text(answer)
    event = AuditEvent.objects.order_by("id").last()
    assert (event.actor, event.reason) == ("lan", "Tự ghi địa chỉ thư điện tử")


def test_address_for_reminders_can_be_taken_back(client, lan):
    client.post("/accounts/me/", {"email": "lan@ninhthuan.gov.vn"})

    client.post("/accounts/me/", {"email": ""})

    lan.refresh_from_db()
    assert lan.email == ""


@pytest.mark.parametrize(
    "typed", ["lan", "lan@", "lan@ninhthuan", "a@b.vn\nBcc: c@d.vn", "x" * 250 + "@a.vn"]
)
def test_address_that_is_none_is_refused_and_stays_to_be_corrected(client, lan, typed):
    answer = client.post("/accounts/me/", {"email": typed})

    lan.refresh_from_db()
    assert lan.email == ""
    assert "field--invalid" in answer.content.decode()


def test_own_account_says_when_the_portal_sends_no_mail(client, lan, settings):
    without = text(client.get("/accounts/me/"))
    settings.MAIL_IS_SENT = True

    assert "hiện không gửi thư điện tử" in without
    assert "hiện không gửi thư điện tử" not in text(client.get("/accounts/me/"))


def test_address_may_be_given_where_an_account_is_opened(client, db):
    administrator = GrantFactory().user
    client.force_login(administrator)

    client.post("/people/new/", {"username": "tri", "full_name": "Lê Trí", "email": "tri@ninhthuan.gov.vn"})
    refused = client.post("/people/new/", {"username": "an", "full_name": "Lê An", "email": "không phải"})

    page = text(client.get(f"/people/{type(administrator).objects.get(username='tri').pk}/"))
    assert "Thư điện tử tri@ninhthuan.gov.vn" in page
    assert "Địa chỉ thư điện tử không đúng" in text(refused)
