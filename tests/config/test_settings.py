"""Which surroundings the settings accept, each asked in a process of its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "ALLOWED_HOSTS": "portal.example, www.portal.example",
    "DATABASE_URL": "postgres://portal:secret@db.example/portal",
    "REDIS_URL": "redis://redis.example/0",
    "SECRET_KEY": "k" * 60,
}
ASKED = [
    "DEBUG",
    "PRODUCTION",
    "ALLOWED_HOSTS",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_SECONDS",
    "CONTENT_SECURITY_POLICY",
    "MAIL_IS_SENT",
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_HOST_USER",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_USE_TLS",
    "EMAIL_USE_SSL",
    "DEFAULT_FROM_EMAIL",
]
MAIL = {"PORTAL_URL": "https://bando.example/", "MAIL_FROM": "Vùng xanh <bando@bando.example>"}
CODE = (
    f"import json; from config import settings as s; print(json.dumps({{n: getattr(s, n) for n in {ASKED}}}))"
)


def load(tmp_path, **environment) -> subprocess.CompletedProcess:
    """Import the settings; ``tmp_path / "var"`` is where private servers would start."""
    return subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_is_safe_by_default(tmp_path):
    done = load(tmp_path, **PRODUCTION)

    found = json.loads(done.stdout)
    assert found["DEBUG"] is False
    assert found["PRODUCTION"] is True
    assert found["ALLOWED_HOSTS"] == ["portal.example", "www.portal.example"]
    assert (
        found["SECURE_SSL_REDIRECT"] is found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    )
    assert found["SECURE_HSTS_SECONDS"] == 31536000
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_refuses_what_is_missing(tmp_path, name):
    done = load(tmp_path, DEBUG="0", **{key: value for key, value in PRODUCTION.items() if key != name})

    assert done.returncode != 0
    sentence = done.stderr.splitlines()[-1]
    assert sentence.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert f"Production (DEBUG is off) needs {name} in the environment" in sentence
    assert not (tmp_path / "var").exists()


def test_production_with_nothing_set_starts_no_private_server(tmp_path):
    done = load(tmp_path, DEBUG="0")

    assert "needs DATABASE_URL, REDIS_URL, SECRET_KEY, ALLOWED_HOSTS" in done.stderr
    assert not (tmp_path / "var").exists()


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the tests run on servers of somebody else")
@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_production_refuses_private_servers(tmp_path, name):
    private = {"DATABASE_URL": settings.DATABASE_URL, "REDIS_URL": settings.REDIS_URL}

    done = load(tmp_path, **{**PRODUCTION, name: private[name]})

    assert done.returncode != 0
    assert "refuses the private servers of a trial" in done.stderr.splitlines()[-1]


def test_debug_is_off_as_soon_as_a_database_is_named(tmp_path):
    done = load(tmp_path, **PRODUCTION, DEBUG="")

    assert json.loads(done.stdout)["DEBUG"] is False


def test_flag_that_is_neither_on_nor_off_is_refused(tmp_path):
    done = load(tmp_path, **PRODUCTION, DEBUG="maybe")

    assert done.stderr.splitlines()[-1].endswith("DEBUG must be 1 or 0, not 'maybe'.")


def test_other_database_than_postgresql_is_refused(tmp_path):
    done = load(tmp_path, **{**PRODUCTION, "DATABASE_URL": "sqlite:///portal.sqlite3"})

    assert "DATABASE_URL must be that of a PostgreSQL" in done.stderr.splitlines()[-1]


def test_closed_network_without_https_has_plain_cookies_and_no_redirect(tmp_path):
    done = load(tmp_path, **PRODUCTION, HTTPS="0")

    found = json.loads(done.stdout)
    assert found["SECURE_SSL_REDIRECT"] is found["SESSION_COOKIE_SECURE"] is False
    assert found["SECURE_HSTS_SECONDS"] == 0


def test_content_policy_has_no_inline_code_and_no_foreign_origin(tmp_path):
    directives = json.loads(load(tmp_path, **PRODUCTION).stdout)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]

    allowed = {source for sources in directives.values() for source in sources}
    assert allowed == {"'self'", "'none'", "data:"}
    assert directives["frame-ancestors"] == ["'none'"]


def test_tile_server_is_the_only_origin_that_can_be_added_and_only_for_pictures(tmp_path):
    done = load(tmp_path, **PRODUCTION, MAP_TILE_URL="https://{s}.tiles.example/{z}/{x}/{y}.png")

    directives = json.loads(done.stdout)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert directives["img-src"] == ["'self'", "data:", "https://*.tiles.example"]
    assert all("tiles.example" not in " ".join(directives[name]) for name in directives if name != "img-src")


def test_mail_is_off_unless_a_server_is_named(tmp_path):
    found = json.loads(load(tmp_path, **PRODUCTION).stdout)

    assert found["MAIL_IS_SENT"] is False
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.dummy.EmailBackend"


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "password", "starttls", "tls"),
    [
        ("smtp+tls://lan%40xa:m%2Fk@mail.example", "mail.example", 587, "lan@xa", "m/k", True, False),
        ("smtps://lan:mk@mail.example:4650", "mail.example", 4650, "lan", "mk", False, True),
        ("smtp://localhost", "localhost", 25, "", "", False, False),
    ],
)
def test_mail_server_is_read_from_its_address(tmp_path, url, host, port, user, password, starttls, tls):
    found = json.loads(load(tmp_path, **PRODUCTION, **MAIL, EMAIL_URL=url).stdout)

    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == (host, port)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == (user, password)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (starttls, tls)
    assert found["DEFAULT_FROM_EMAIL"] == MAIL["MAIL_FROM"]


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:x"])
def test_mail_server_that_is_none_is_refused(tmp_path, url):
    done = load(tmp_path, **PRODUCTION, **MAIL, EMAIL_URL=url)

    assert "EMAIL_URL must be smtp+tls://" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("missing", MAIL)
def test_mail_needs_to_know_who_sends_it_and_where_its_links_go(tmp_path, missing):
    done = load(tmp_path, **PRODUCTION, **(MAIL | {missing: ""}), EMAIL_URL="smtp://localhost")

    assert "EMAIL_URL needs PORTAL_URL" in done.stderr.splitlines()[-1]


def test_every_variable_is_described_in_the_example_and_no_other():
    source = "".join((ROOT / "config" / name).read_text() for name in ("settings.py", "run.py"))
    read = set(re.findall(r'(?:text|flag|number|words|environ\.get)\("([A-Z_]+)"', source))
    described = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert described - read == {"POSTGRES_PASSWORD", "CHROMIUM"}  # of docker-compose.yml and of the tests
    assert read - described == set()
