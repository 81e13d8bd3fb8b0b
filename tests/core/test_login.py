import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone

from config.urls import urlpatterns as house_urls
from core.errors import DomainError
from core.models import AuditEvent
from core.views.logins import client_address
from tests.factories import PASSWORD, GrantFactory, UserFactory


@pytest.fixture
def lan(db):
    return UserFactory(username="lan", full_name="Nguyễn Thị Lan")


def log_in(client, password=PASSWORD, username="lan", **extra):
    return client.post("/login/", {"username": username, "password": password}, **extra)


def logged_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_login_goes_back_to_where_one_came_from(client, lan):
    answer = client.post("/login/", {"username": "lan", "password": PASSWORD, "next": "/grants/?q=an"})

    assert (answer.status_code, answer.url) == (302, "/grants/?q=an")
    assert logged_in(client)


def test_login_never_leads_to_another_site(client, lan):
    answer = client.post(
        "/login/", {"username": "lan", "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert answer.url == "/"


def test_login_with_a_wrong_password_keeps_the_name_and_says_why(client, lan):
    answer = log_in(client, "sai")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in page
    assert 'value="lan"' in page
    assert "sai" not in re.findall(r'type="password"[^>]*', page)[0]


def test_login_answers_alike_for_an_unknown_name(client, lan):
    known, unknown = log_in(client, "sai"), log_in(client, "sai", username="khong-co")

    def without_what_differs(answer):
        return re.sub(r'csrfmiddlewaretoken" value="\w+"|value="(lan|khong-co)"', "", answer.content.decode())

    assert without_what_differs(known) == without_what_differs(unknown)


def test_login_locks_after_five_wrong_passwords_even_for_the_right_one(client, lan):
    codes = [log_in(client, "sai").status_code for _try in range(5)]

    answer = log_in(client)

    assert codes == [200, 200, 200, 200, 429]
    assert answer.status_code == 429
    assert "Xin đợi 15 phút" in answer.content.decode()
    assert not logged_in(client)


def test_lockout_is_for_the_account_and_the_address_together(client, lan):
    UserFactory(username="binh")
    for _try in range(5):
        log_in(client, "sai")

    assert log_in(Client(), username="binh").status_code == 302
    assert log_in(Client(), REMOTE_ADDR="10.1.2.3").status_code == 302


def test_lockout_is_not_escaped_by_a_forged_address(client, lan):
    for attempt in range(5):
        log_in(client, "sai", HTTP_X_FORWARDED_FOR=f"10.0.0.{attempt}", HTTP_X_REAL_IP=f"10.0.0.{attempt}")

    assert log_in(client, HTTP_X_FORWARDED_FOR="10.9.9.9").status_code == 429


def test_lockout_ends_after_a_quarter_of_an_hour_though_somebody_goes_on_trying(client, lan):
    for _try in range(5):
        log_in(client, "sai")
    log_in(client, "sai")

    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))

    assert log_in(client).status_code == 302


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, "6.6.6.6", "127.0.0.1"),
        (True, "6.6.6.6, 113.160.1.1", "113.160.1.1"),
        (True, "", "127.0.0.1"),
    ],
)
def test_client_address_believes_only_the_proxy_in_front(settings, behind_proxy, forwarded, address):
    settings.BEHIND_PROXY = behind_proxy
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    assert client_address(RequestFactory().get("/", headers=headers)) == address


def test_login_leaves_no_event_in_the_journal(client, lan):
    before = AuditEvent.objects.count()

    log_in(client)

    assert AuditEvent.objects.count() == before


def test_session_id_changes_at_login(client, lan):
    client.get("/login/")
    client.session["x"] = 1
    session = client.session
    session.save()
    client.cookies["sessionid"] = session.session_key

    log_in(client)

    assert client.session.session_key != session.session_key


def test_logout_asks_for_post_and_ends_the_session(client, lan):
    client.force_login(lan, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/logout/").status_code == 405
    assert logged_in(client)
    assert client.post("/logout/").status_code == 302
    assert not logged_in(client)


# --- Passwords ------------------------------------------------------------------------------------------


def change(client, old=PASSWORD, new="cau-tre-lac-leo", again=None):
    return client.post(
        "/password/", {"old_password": old, "new_password1": new, "new_password2": again or new}
    )


def test_password_change_keeps_this_session_and_ends_the_others(client, lan):
    other = Client()
    log_in(client)
    log_in(other)

    answer = change(client)

    assert answer.status_code == 302
    assert client.get("/password/").status_code == 200
    assert other.get("/password/").status_code == 302
    event = AuditEvent.objects.order_by("id").last()
    assert (event.actor, event.reason) == ("lan", "Tự đổi mật khẩu")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"old": "sai"}, "Mật khẩu đang dùng không đúng"),
        ({"again": "khac-mat-roi"}, "Hai lần nhập mật khẩu mới không giống nhau"),
        ({"new": "ngan"}, "quá ngắn; cần ít nhất 10 ký tự"),
        ({"new": "password123"}, "quá phổ biến"),
        ({"new": "1234567890123"}, "hoàn toàn là số"),
        ({"new": "nguyễn thị lan"}, "quá giống với họ và tên"),
    ],
)
def test_password_change_refuses_with_a_reason(client, lan, said, why):
    log_in(client)

    answer = change(client, **said)

    assert answer.status_code == 200
    assert why in answer.content.decode()
    lan.refresh_from_db()
    assert lan.check_password(PASSWORD)


def test_temporary_password_leads_to_its_change_and_then_opens_the_page(client, db):
    user = GrantFactory(user__username="tam", user__password_is_temporary=True).user

    assert log_in(client, username="tam").url == "/password/"
    assert client.get("/grants/").url == "/password/"
    change(client)
    assert client.get("/grants/").status_code == 200
    user.refresh_from_db()
    assert not user.password_is_temporary


# --- Language, refusals, errors -------------------------------------------------------------------------


def test_page_is_vietnamese_in_a_browser_that_wishes_english(client, db):
    answer = client.get("/login/", headers={"Accept-Language": "en-GB,en"})

    assert '<html lang="vi">' in answer.content.decode()
    assert answer["Content-Language"] == "vi"
    assert "Cookie" in answer["Vary"]


def test_language_switch_is_kept_and_comes_back_to_the_page(client, db):
    answer = client.post("/language/", {"language": "en", "next": "/login/?next=/grants/"})

    assert answer.url == "/login/?next=/grants/"
    assert '<html lang="en">' in client.get("/login/").content.decode()
    client.post("/language/", {"language": "vi"})
    assert '<html lang="vi">' in client.get("/login/").content.decode()


def test_language_that_is_not_spoken_here_is_vietnamese(client, db):
    client.cookies["django_language"] = "../../en"

    assert '<html lang="vi">' in client.get("/login/").content.decode()


class TooEarly(DomainError):
    code = "too_early"


def _refuse(request):
    raise TooEarly("Chưa đến ngày mở; xin quay lại sau 01/08/2021.")


def _break(request):
    raise RuntimeError("bí mật bên trong")


def _forbid(request):
    raise PermissionDenied


def _plain(request):
    return HttpResponse("ok", headers={"Cache-Control": "public, immutable"})


urlpatterns = [
    path("refuse/", _refuse),
    path("api/refuse/", _refuse),
    path("break/", _break),
    path("forbid/", _forbid),
    path("plain/", _plain),
    *house_urls,
]
handler500 = "core.views.errors.server_error"


@pytest.mark.urls("tests.core.test_login")
def test_refusal_that_no_view_caught_is_a_page_with_its_sentence(client, db):
    answer = client.get("/refuse/")

    assert answer.status_code == 400
    assert "Chưa đến ngày mở" in answer.content.decode()


@pytest.mark.urls("tests.core.test_login")
def test_refusal_in_the_api_is_a_code_and_a_sentence(client, db):
    answer = client.get("/api/refuse/")

    assert answer.status_code == 400
    assert answer.json() == {"code": "too_early", "message": "Chưa đến ngày mở; xin quay lại sau 01/08/2021."}


@pytest.mark.urls("tests.core.test_login")
def test_bug_is_a_500_with_the_id_of_the_log_line_and_nothing_from_inside(client, db):
    client.raise_request_exception = False

    answer = client.get("/break/", headers={"X-Request-ID": "0123456789abcdef"})

    page = answer.content.decode()
    assert answer.status_code == 500
    assert "0123456789abcdef" in page
    assert "bí mật" not in page


@pytest.mark.urls("tests.core.test_login")
def test_forbidden_and_missing_pages_say_so_in_vietnamese(client, db):
    forbidden, missing = client.get("/forbid/"), client.get("/khong-co/")

    assert (forbidden.status_code, missing.status_code) == (403, 404)
    assert "Không có quyền xem trang này" in forbidden.content.decode()
    assert "Không tìm thấy trang" in missing.content.decode()


def test_form_from_another_session_is_refused_in_vietnamese(lan):
    client = Client(enforce_csrf_checks=True)

    answer = log_in(client)

    assert answer.status_code == 403
    assert "Trang đã mở quá lâu" in answer.content.decode()


@pytest.mark.urls("tests.core.test_login")
def test_immutable_bytes_do_not_vary_by_cookie(client, db):
    assert "Cookie" not in client.get("/plain/").get("Vary", "")
