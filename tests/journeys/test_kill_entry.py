"""kill -9 of web and worker through a hundred rounds of entry: what was acknowledged is there, once."""

import http.cookiejar
import json
import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import date, timedelta

import pytest

from tests.journeys.portal import Portal

ROUNDS = 100
FIRST = date(2021, 8, 1)
COMMUNES = [f"991{number:02d}" for number in range(1, 5)]
PASSWORD = "lua-vang-dong-xanh"
COLUMNS = ("unknown_source", "known_source", "isolated", "close_contacts")

pytestmark = pytest.mark.timeout(600)

GROUND = """
from datetime import date
from django.utils import timezone
from core.enums import Role
from core.models import Area, Grant, User
from core.people import system_user
clerk = User.objects.create_user("clerk", password="%s")
district = Area.objects.get(code="991")
Grant.objects.create(user=clerk, role=Role.DISTRICT_STAFF, area=district, valid_from=date(2021, 1, 1),
    granted_by=system_user(), granted_at=timezone.now())
"""


@pytest.fixture
def portal(tmp_path):
    portal = Portal(tmp_path)
    try:
        portal.manage("migrate", "--verbosity=0")
        units = tmp_path / "units.csv"
        units.write_text(
            "province_code,province,district_code,district,code,name,type\n"
            + "".join(f"99,Tỉnh Thử,991,Huyện 991,{code},Xã {code},Xã\n" for code in COMMUNES)
        )
        portal.manage("import_areas", str(units), "--valid-from=2021-01-01", "--commit")
        portal.manage("shell", "--no-imports", "--command", GROUND % PASSWORD)
        for name in ("web", "worker", "beat"):
            portal.start(name)
        yield portal
    finally:
        portal.end()


class Clerk:
    """A person at a browser that tries again until the portal has answered."""

    def __init__(self, portal: Portal):
        self.portal = portal
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.unanswered = 0

    def ask(self, path: str, body: bytes | None = None, kind: str = "application/json") -> str:
        until = time.monotonic() + 60
        while True:
            tokens = [cookie.value for cookie in self.cookies if cookie.name == "csrftoken"]
            headers = {"Content-Type": kind, "X-CSRFToken": tokens[0]} if body else {}
            request = urllib.request.Request(f"http://127.0.0.1:{self.portal.port}{path}", body, headers)
            try:
                with self.opener.open(request, timeout=10) as answer:
                    return answer.read().decode()
            except urllib.error.HTTPError as refused:
                raise AssertionError(f"{path}: {refused.code} {refused.read().decode()[:2000]}") from None
            except OSError:
                self.unanswered += 1
                assert time.monotonic() < until, "the portal does not come back"
                time.sleep(0.1)

    def send_form(self, path: str, pairs) -> str:
        body = urllib.parse.urlencode(pairs).encode()
        return self.ask(path, body, "application/x-www-form-urlencoded")

    def log_in(self, name: str = "clerk") -> None:
        self.ask("/login/")
        self.send_form("/login/", {"username": name, "password": PASSWORD})

    def save(self, day: date, code: str, numbers: dict[str, int]) -> dict:
        """Save a cell over whatever stands there, as somebody does who is shown it and keeps their own."""
        cell = {"version": 0, "entry": None}
        for _ in range(3):
            wanted = {**numbers, "note": "", "version": cell["version"], "entry": cell["entry"]}
            said = self.ask(f"/counts/991/{day}/cells/", json.dumps({"cells": {code: wanted}}).encode())
            answer = json.loads(said)
            assert not answer["errors"], answer
            if code in answer["rows"]:
                return answer["rows"][code]
            cell = answer["changed"][code]
        raise AssertionError(f"nobody else writes here: {answer}")

    def send(self, day: date) -> None:
        path = f"/counts/991/{day}/send/"
        cells = re.findall(r'name="cells" value="([0-9]+:[0-9]+)"', self.ask(path))
        if cells:
            pairs = [("cells", cell) for cell in cells]
            self.send_form(path, [*pairs, ("reason", "nhập lại"), ("confirm", "1")])


def kill_soon(portal: Portal, name: str, pause: float) -> threading.Thread:
    def strike():
        time.sleep(pause)
        portal.kill(name)
        portal.start(name)

    thread = threading.Thread(target=strike)
    thread.start()
    return thread


DRAFTS = """
select coalesce(json_agg(json_build_array(a.code, d.day, d.unknown_source, d.known_source, d.isolated,
    d.close_contacts)), '[]') from riskmap_draftcell d join core_area a on a.id = d.area_id
"""
WORDS = """
select coalesce(json_agg(json_build_array(code, day, unknown_source, known_source, isolated,
    close_contacts)), '[]') from (select distinct on (a.code, e.day) a.code, e.* from riskmap_countentry e
    join core_area a on a.id = e.area_id order by a.code, e.day, e.id desc) latest
"""
REPEATED = """
select count(*) from (select (e.unknown_source, e.known_source, e.isolated, e.close_contacts)
    = lag((e.unknown_source, e.known_source, e.isolated, e.close_contacts))
      over (partition by e.area_id, e.day order by e.id) as again from riskmap_countentry e) said where again
"""
IN_FORCE = WORDS.replace("riskmap_countentry e", "riskmap_dailycount e").replace(", e.id desc", "")


def cells_of(portal: Portal, query: str) -> dict[tuple[str, date], list[int]]:
    return {(code, date.fromisoformat(day)): numbers for code, day, *numbers in portal.ask(query)}


def test_no_acknowledged_save_is_lost_or_doubled(portal):
    chance = random.Random(2686)
    portal.wait_for("select count(*) from riskmap_countpost", 0)
    clerk = Clerk(portal)
    clerk.log_in()
    typed, sent = {}, {}
    strikes = {"web": 0, "worker": 0}

    for number in range(ROUNDS):
        strike = None
        if chance.random() < 0.3:
            victim = chance.choice(["web", "web", "worker"])
            strikes[victim] += 1
            strike = kill_soon(portal, victim, chance.random() * 0.06)
        code, day = chance.choice(COMMUNES), FIRST + timedelta(days=chance.randrange(3))
        numbers = {name: chance.randrange(4) for name in COLUMNS}
        row = clerk.save(day, code, numbers)
        assert {name: row["numbers"][name] for name in COLUMNS} == numbers
        typed[code, day] = list(numbers.values())
        if number % 4 == 3:
            clerk.send(day)
            sent |= {key: value for key, value in typed.items() if key[1] == day}
        if strike:
            strike.join()

    assert strikes["web"] >= 10
    assert strikes["worker"] >= 5
    assert clerk.unanswered >= 10
    words = cells_of(portal, WORDS)
    assert words == sent
    drafts = cells_of(portal, DRAFTS)
    assert {key: drafts.get(key, words.get(key)) for key in typed} == typed
    assert portal.ask(REPEATED) == 0
    assert cells_of(portal, IN_FORCE) == words
    portal.wait_for("select count(*) from riskmap_stalemark", 0)
    assert "0 khoảng mới, 0 khoảng đổi độ dài, 0 khoảng bỏ" in portal.manage("reassess", "--province=99")
    portal.manage("verify_audit")
