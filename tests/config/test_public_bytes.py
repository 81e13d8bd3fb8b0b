"""Public bytes: what is sent from memory is what Django would send, for as long as it would."""

import gzip
import io
from http.cookies import SimpleCookie

import brotli
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError
from django.test import override_settings

from config import public_bytes
from config.public_bytes import OVERHEAD, SECONDS_WITHOUT_DATABASE, PublicBytes
from config.wsgi import django_application
from core.assets import put_asset
from core.people import system_user
from tests.factories import CommuneFactory
from tests.riskmap.province import AT


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Asked:
    """Django, counting what reaches it."""

    def __init__(self):
        self.times = 0

    def __call__(self, environ, start_response):
        self.times += 1
        return django_application(environ, start_response)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.body = int(status.split()[0]), body
        self.pairs = headers
        self.headers = {name.lower(): value for name, value in headers}


@pytest.fixture
def django():
    return Asked()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def door(django, clock):
    return PublicBytes(django, memory=10_000_000, clock=clock)


def ask(application, path, method="GET", **headers) -> Answer:
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    begun = []
    body = application(environ, lambda *arguments: begun.append(arguments))
    whole = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    return Answer(begun[0][0], begun[0][1], whole)


@pytest.fixture
def asset():
    body = b'{"runs": "' + b"abcdefgh" * 100 + b'"}'
    return put_asset(body=body, media_type="application/json", at=AT)


@pytest.fixture
def commune():
    return CommuneFactory(code="26734", name="Phường Tân Định")


AREA = "/api/v1/areas/26734/"
ALL = "/api/v1/areas/"


@pytest.mark.django_db(transaction=True)
class TestSameAsDjango:
    @pytest.mark.parametrize("encoding", ["", "gzip", "br"])
    @pytest.mark.parametrize("place", ["asset", "api"])
    def test_headers_and_content_are_djangos(self, door, asset, commune, place, encoding):
        path = f"/assets/{asset.pk}.json" if place == "asset" else ALL
        direct = ask(django_application, path, accept_encoding=encoding)
        for _ in range(2):
            kept = ask(door, path, accept_encoding=encoding)

            own = {"x-request-id", "content-length", "vary", "content-encoding"}
            assert kept.status == direct.status == 200
            assert {k: v for k, v in kept.headers.items() if k not in own} == {
                k: v for k, v in direct.headers.items() if k not in own
            }
            assert len(kept.pairs) == len(kept.headers), "a header stands twice"
            assert read(kept) == read(direct)
            assert int(kept.headers["content-length"]) == len(kept.body)
            assert "Accept-Encoding" in kept.headers["vary"]
            assert kept.headers["x-content-type-options"] == "nosniff"
            assert "default-src 'self'" in kept.headers["content-security-policy"]

    def test_second_time_django_is_not_asked(self, door, django, asset, commune, django_assert_num_queries):
        for path in (f"/assets/{asset.pk}.json", ALL):
            ask(door, path)
        times = django.times

        with django_assert_num_queries(0):
            for path in (f"/assets/{asset.pk}.json", ALL):
                assert ask(door, path).status == 200
        assert django.times == times == 2

    def test_long_answers_are_compressed(self, door, commune):
        CommuneFactory.create_batch(20, parent=commune.parent)
        plain, packed = ask(door, ALL), ask(door, ALL, accept_encoding="br, gzip")

        assert packed.headers["content-encoding"] == "br"
        assert len(packed.body) < len(plain.body) / 4
        assert brotli.decompress(packed.body) == plain.body
        assert packed.headers["etag"] == plain.headers["etag"]

    def test_head_has_the_headers_and_no_body(self, door, django, asset):
        path = f"/assets/{asset.pk}.json"
        first = ask(door, path, "HEAD")
        whole = ask(door, path)
        second = ask(door, path, "HEAD")

        assert second.body == b""  # the first is cut by the server, as all of Django's are
        assert first.headers["content-length"] == second.headers["content-length"] == str(len(whole.body))
        assert django.times == 2

    @pytest.mark.parametrize("place", ["asset", "api"])
    def test_known_answer_is_a_304_also_the_first_time(self, door, django, asset, commune, place):
        path = f"/assets/{asset.pk}.json" if place == "asset" else AREA
        direct = ask(django_application, path)
        etag = direct.headers["etag"]

        for condition in (etag, f'"x", {etag}', "*"):
            kept = ask(door, path, if_none_match=condition)

            assert (kept.status, kept.body) == (304, b"")
            assert kept.headers["etag"] == etag
            assert kept.headers["cache-control"] == direct.headers["cache-control"]
            assert "content-length" not in kept.headers
            assert "content-security-policy" in kept.headers
        assert django.times == 1
        assert ask(door, path, if_none_match='"other"').status == 200

    def test_every_answer_has_its_own_id_or_the_one_offered(self, door, asset):
        path = f"/assets/{asset.pk}.json"
        ids = {ask(door, path).headers["x-request-id"] for _ in range(3)}

        assert len(ids) == 3
        assert ask(door, path, x_request_id="from-the-proxy-1").headers["x-request-id"] == "from-the-proxy-1"
        assert "\n" not in ask(door, path, x_request_id="bad\nid: 1").headers["x-request-id"]


@pytest.mark.django_db(transaction=True)
class TestNeverAnothersAnswer:
    def test_languages_encodings_and_questions_are_kept_apart(self, door, django, commune):
        ask(door, ALL)
        assert ask(door, ALL, accept_language="en").headers["content-language"] == "en"
        assert ask(door, ALL).headers["content-language"] == "vi"
        assert ask(door, f"{ALL}?q=khong-co").body != ask(door, ALL).body
        assert django.times == 3

    def test_unknown_host_is_never_answered_from_memory(self, door, asset):
        path = f"/assets/{asset.pk}.json"
        assert ask(door, path).status == 200

        assert ask(door, path, host="evil.example").status == 400

    @override_settings(SECURE_SSL_REDIRECT=True, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
    def test_https_is_asked_for_as_ever(self, django, asset):
        from django.core.handlers.wsgi import WSGIHandler

        door = PublicBytes(WSGIHandler(), memory=10_000_000)
        path = f"/assets/{asset.pk}.json"

        assert ask(door, path, x_forwarded_proto="https").status == 200
        assert ask(door, path, x_forwarded_proto="http").status == 301

    def test_session_changes_nothing(self, door, django, commune):
        session = SessionStore()
        session["_auth_user_id"] = str(system_user().pk)
        session.save()
        cookie = SimpleCookie({"sessionid": session.session_key}).output(header="").strip()

        known, unknown = ask(door, ALL, cookie=cookie), ask(door, ALL)

        assert known.body == unknown.body
        assert "set-cookie" not in known.headers
        assert django.times == 1

    def test_pages_and_writes_pass_through(self, door, django, commune):
        for _ in range(2):
            assert ask(door, "/login/").status == 200
            assert ask(door, "/api/v1/docs/").status == 200
            assert ask(door, ALL, "POST").status == 405
        assert django.times == 6

    @pytest.mark.parametrize(
        "path", ["/api/v1/areas/99999/", "/api/v1/areas/?day=x", f"/assets/{'0' * 64}.json"]
    )
    def test_errors_are_never_kept(self, door, django, path):
        first, second = ask(door, path), ask(door, path)

        assert first.status == second.status
        assert first.status in (400, 404)
        assert django.times == 2

    @pytest.mark.parametrize(
        "headers",
        [
            {"Cache-Control": "private", "ETag": '"a"'},
            {"Cache-Control": "public"},
            {"Cache-Control": "public", "ETag": '"a"', "Set-Cookie": "a=b"},
            {"Cache-Control": "public", "ETag": '"a"', "Vary": "Cookie"},
            {"Cache-Control": "public", "ETag": '"a"', "Vary": "*"},
        ],
    )
    @pytest.mark.usefixtures("asset")
    def test_only_what_is_for_everyone_is_kept(self, headers, clock):
        times = []

        class Body(list):
            def close(self):
                times.append("closed")

        def application(environ, start_response):
            start_response("200 OK", list(headers.items()))
            return Body([b"mine"])

        door = PublicBytes(application, memory=1_000_000, clock=clock)
        for _ in range(2):
            assert ask(door, ALL).body == b"mine"
        assert times == ["closed", "closed"]
        assert door.used == 0


@pytest.mark.django_db(transaction=True)
class TestOnlyWhileTheDataStay:
    def test_change_is_seen_within_a_second(self, door, clock, commune):
        assert b"T\xc3\xa2n" in ask(door, AREA).body
        commune.name = "Phường Mới"
        commune.save()

        clock.now += 0.9
        assert b"T\xc3\xa2n" in ask(door, AREA).body
        clock.now += 0.2
        assert "Phường Mới" in ask(door, AREA).body.decode()

    def test_data_are_looked_up_once_a_second(self, door, clock, commune, django_assert_num_queries):
        ask(door, AREA)
        with django_assert_num_queries(0):
            for _ in range(20):
                ask(door, AREA)
        clock.now += 1.1
        with django_assert_num_queries(1):
            for _ in range(20):
                ask(door, AREA)

    def test_old_validator_of_changed_data_gets_the_new_answer(self, door, clock, commune):
        etag = ask(door, AREA).headers["etag"]
        commune.name = "Phường Mới"
        commune.save()
        clock.now += 2

        assert ask(door, AREA, if_none_match=etag).status == 200

    def test_midnight_is_a_change(self, door, clock, commune, django, monkeypatch):
        ask(door, AREA)
        monkeypatch.setattr(public_bytes.timezone, "localdate", lambda: "tomorrow")
        clock.now += 2

        ask(door, AREA)
        assert django.times == 2

    def test_bytes_under_their_hash_need_no_look(self, door, clock, asset, django_assert_num_queries):
        path = f"/assets/{asset.pk}.json"
        ask(door, path)
        clock.now += 100_000
        with django_assert_num_queries(0):
            assert ask(door, path).status == 200

    def test_database_away_is_outlived_for_some_minutes(self, door, clock, commune, monkeypatch):
        def away():
            raise InterfaceError("connection already closed")

        before = ask(door, AREA)
        monkeypatch.setattr(public_bytes, "data_state", away)

        clock.now += 60
        assert ask(door, AREA).body == before.body
        clock.now += SECONDS_WITHOUT_DATABASE
        times = door.application.times
        ask(door, AREA)
        assert door.application.times == times + 1


@pytest.mark.django_db(transaction=True)
class TestMemory:
    def test_oldest_answers_make_room(self, django, clock, commune):
        room_for = 3
        one = len(ask(django_application, AREA).body) + OVERHEAD
        door = PublicBytes(django, memory=one * 4, clock=clock)
        for day in range(1, 20):
            ask(door, f"{AREA}?day=2021-03-{day:02d}")
            ask(door, f"{AREA}?day=2021-03-01")  # still wanted

        assert one * room_for <= door.used <= door.memory
        times = django.times
        ask(door, f"{AREA}?day=2021-03-01")
        ask(door, f"{AREA}?day=2021-03-19")
        assert django.times == times
        ask(door, f"{AREA}?day=2021-03-02")
        assert django.times == times + 1

    def test_what_is_too_large_is_sent_and_not_kept(self, django, clock, asset):
        door = PublicBytes(django, memory=4 * OVERHEAD, clock=clock)
        path = f"/assets/{asset.pk}.json"
        first = ask(door, path)

        assert first.body == bytes(asset.body)
        assert ask(door, path, if_none_match=first.headers["etag"]).status == 304
        assert (door.used, django.times) == (0, 2)

    def test_stale_answer_is_replaced_and_counted_once(self, door, clock, commune):
        ask(door, AREA)
        used = door.used
        for name in ("Phường Ba", "Phường Tư"):
            commune.name = name
            commune.save()
            clock.now += 2
            ask(door, AREA)
        assert abs(door.used - used) < 50


def read(answer: Answer) -> bytes:
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(
        answer.headers.get("content-encoding"), bytes
    )
    return unpack(answer.body)
