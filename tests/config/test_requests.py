"""Ids of requests, and the health check."""

import logging

import pytest
from django.db import DatabaseError, connection
from django.http import HttpResponse

from config.health import HealthMiddleware
from config.request_ids import RequestIdMiddleware, WithRequestId


def logged_id() -> str:
    record = logging.LogRecord("name", logging.INFO, __file__, 1, "words", (), None)
    WithRequestId().filter(record)
    return record.request_id


def test_request_gets_an_id_in_its_answer_and_its_log_lines(rf):
    seen = []

    def view(request):
        seen.append((request.id, logged_id()))
        return HttpResponse()

    answer = RequestIdMiddleware(view)(rf.get("/"))

    assert seen == [(answer["X-Request-ID"], answer["X-Request-ID"])]
    assert logged_id() == "-"


def test_id_given_by_a_proxy_is_kept(rf):
    answer = RequestIdMiddleware(lambda request: HttpResponse())(
        rf.get("/", headers={"X-Request-ID": "proxy-1234"})
    )

    assert answer["X-Request-ID"] == "proxy-1234"


@pytest.mark.parametrize("offered", ["short", "x" * 65, "a line\nmore", "{injected}"])
def test_id_that_could_forge_a_log_line_is_replaced(rf, offered):
    answer = RequestIdMiddleware(lambda request: HttpResponse())(
        rf.get("/", headers={"X-Request-ID": offered})
    )

    assert answer["X-Request-ID"] != offered
    assert len(answer["X-Request-ID"]) == 32


@pytest.mark.django_db
def test_health_needs_no_known_host_and_no_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get("/healthz", headers={"host": "10.0.0.7:8000"})

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.django_db
def test_health_says_when_the_database_is_away(rf):
    def refuse(execute, sql, params, many, context):
        raise DatabaseError

    with connection.execute_wrapper(refuse):
        answer = HealthMiddleware(lambda request: HttpResponse())(rf.get("/healthz"))

    assert answer.status_code == 503
