"""kill -9 of web while a machine pushes, and sends again what was not answered: posted once, each of them."""

import contextlib
import http.client
import json
import random
import select
import threading
import time
import urllib.error
import urllib.request
from datetime import date, timedelta

import pytest

from tests.journeys.portal import Portal

PUSHES = 28
FIRST = date(2021, 8, 1)
COMMUNES = [f"991{number:02d}" for number in range(1, 5)]

pytestmark = pytest.mark.timeout(600)

GROUND = """
from datetime import date, timedelta
from django.utils import timezone
from core.enums import Role
from core.models import Area, Grant, User
from core.people import system_user
from riskmap.sources import ensure_source
from riskmap.tokens import open_token
province, now = Area.objects.get(code="99"), timezone.now()
officer = User.objects.create_user("officer")
Grant.objects.create(user=officer, role=Role.HEALTH, area=province, valid_from=date(2021, 1, 1),
    granted_by=system_user(), granted_at=now)
_, secret = open_token(source=ensure_source(province=province, name="CDC", by=officer), area=province,
    name="CDC", expires_at=now + timedelta(days=1), by=officer, at=now)
print(secret)
"""
WORDS = """
select json_agg(json_build_array(a.code, e.day, e.tests) order by e.id)
from riskmap_countentry e join core_area a on a.id = e.area_id
"""
RECEIPTS = (
    "select json_agg(json_build_array(key, status, post_id is not null) order by id) from riskmap_pushreceipt"
)


@pytest.fixture
def portal(tmp_path):
    portal = Portal(tmp_path)
    portal.environment["PUSH_REQUESTS_PER_MINUTE"] = "100000"
    try:
        portal.manage("migrate", "--verbosity=0")
        units = tmp_path / "units.csv"
        units.write_text(
            "province_code,province,district_code,district,code,name,type\n"
            + "".join(f"99,Tỉnh Thử,991,Huyện 991,{code},Xã {code},Xã\n" for code in COMMUNES)
        )
        portal.manage("import_areas", str(units), "--valid-from=2021-01-01", "--commit")
        portal.secret = portal.manage("shell", "--no-imports", "--command", GROUND).split()[-1]
        portal.unanswered = 0
        portal.start("web")
        yield portal
    finally:
        portal.end()


def push(portal: Portal, key: str, body: bytes) -> tuple[bytes, bool]:
    """The answer, sent for again until there is one, and whether that was the first time it was given."""
    until = time.monotonic() + 60
    address, headers = f"http://127.0.0.1:{portal.port}/api/v1/counts/", headers_of(portal, key)
    while True:
        request = urllib.request.Request(address, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.read(), "Idempotent-Replayed" not in answer.headers
        except urllib.error.HTTPError as refusal:
            pytest.fail(f"{refusal.code} {refusal.read()}")
        except OSError:
            portal.unanswered += 1
            assert time.monotonic() < until, "the portal does not come back"
            time.sleep(0.02)


def push_and_hang_up(portal: Portal, key: str, body: bytes) -> None:
    """The answer comes, if there is one, and is not read."""
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=10)
    with contextlib.suppress(OSError):
        connection.request("POST", "/api/v1/counts/", body, headers_of(portal, key))
        select.select([connection.sock], [], [], 10)
    connection.close()


def headers_of(portal: Portal, key: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {portal.secret}",
        "Idempotency-Key": key,
        "Content-Type": "application/json",
    }


def test_pushes_are_posted_once_whatever_is_killed(portal):
    chance = random.Random(2686)
    push(portal, "first", json.dumps({"rows": [row(COMMUNES[0], 99, 1)]}).encode())  # the web has come up
    answered = {}

    for number in range(PUSHES):
        strike = threading.Timer(chance.random() * 0.08, strike_web, [portal])
        if number % 4 == 1:
            strike.start()
        body = json.dumps({"rows": [row(code, number, number + 1) for code in COMMUNES]}).encode()
        if number % 4 in (0, 3):
            push_and_hang_up(portal, f"k{number}", body)
        answered[number] = (body, *push(portal, f"k{number}", body))
        if number % 4 == 1:
            strike.join()

    for number, (body, answer, _first) in answered.items():
        assert push(portal, f"k{number}", body) == (answer, False)
    assert portal.unanswered >= 5
    assert sum(not first for _body, _answer, first in answered.values()) >= 5  # posted, their answers lost
    assert portal.ask(WORDS)[1:] == [
        [code, str(FIRST + timedelta(days=number)), number + 1]
        for number in range(PUSHES)
        for code in COMMUNES
    ]
    assert portal.ask(RECEIPTS)[1:] == [[f"k{number}", 200, True] for number in range(PUSHES)]
    portal.manage("verify_audit")


def row(code: str, number: int, tests: int) -> dict:
    return {"code": code, "day": str(FIRST + timedelta(days=number)), "tests": tests}


def strike_web(portal: Portal) -> None:
    portal.kill("web")
    portal.start("web")
