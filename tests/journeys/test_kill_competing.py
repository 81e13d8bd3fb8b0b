"""kill -9 while units register, pledge and are ranked: what stands is whole, and ranks come out the same."""

import json
import random
import re
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.journeys.portal import ROOT, Portal
from tests.journeys.test_kill_entry import COMMUNES, GROUND, PASSWORD, Clerk, kill_soon

ROUNDS = 18
FIRST, DAYS = date(2021, 8, 1), 30
KINDS = ("household", "agency", "enterprise", "production_site")

pytestmark = pytest.mark.timeout(600)

CAMPAIGN = """
from datetime import date
from campaign.area_units import add_area_units
from campaign.models import ScoringRule
from core.models import Area
from core.people import system_user
from django.utils import timezone
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group
campaign = make_campaign(province=Area.objects.get(code="99"), slug="%s", registration_required=%s)
make_phase(campaign, first_day=date.fromisoformat("%s"), last_day=date.fromisoformat("%s"))
ScoringRule.objects.create(campaign=campaign, code="r1", place=1, fact="days_green", role="order",
    wording="giữ xanh", set_by="office")
make_group(campaign, "commune")
add_area_units(campaign=campaign, on=timezone.localdate(), by=system_user(), at=timezone.now())
"""
#: Computed and taken back: what an undisturbed run gives, and how long it takes.
UNDISTURBED = """
import json, time
from campaign.models import Campaign
from campaign.standing import compute_standings
from django.db import transaction
from django.utils import timezone
with transaction.atomic():
    begin = time.perf_counter()
    made = compute_standings(campaign=Campaign.objects.get(slug="xep-hang"), at=timezone.now())
    took = time.perf_counter() - begin
    transaction.set_rollback(True)
print(json.dumps([took, {f"{each.day} {each.view}": each.hash for each in made}]))
"""
COMPUTE = """
from campaign.models import Campaign
from campaign.standing import compute_standings
from django.utils import timezone
from django.db import connection
connection.ensure_connection()
print("ready", flush=True)
compute_standings(campaign=Campaign.objects.get(slug="xep-hang"), at=timezone.now())
"""
PLEDGED = """
select json_object_agg(code, words) from (
    select code, json_agg(json_build_array(kind, signed, total) order by kind) as words from (
        select distinct on (a.code, p.kind) a.code, p.kind, p.signed, p.total
        from campaign_pledgecount p join core_area a on a.id = p.area_id
        order by a.code, p.kind, p.id desc
    ) latest group by code
) by_area
"""
STORED = """
select coalesce(json_object_agg(s.day || ' ' || view, hash), '{}') from campaign_standing s
    join campaign_phase p on p.id = s.phase_id join campaign_campaign c on c.id = p.campaign_id
where c.slug = 'xep-hang'
"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    portal = Portal(tmp_path_factory.mktemp("kill"))
    try:
        portal.manage("migrate", "--verbosity=0")
        units = portal.var / "units.csv"
        units.write_text(
            "province_code,province,district_code,district,code,name,type\n"
            + "".join(f"99,Tỉnh Thử,991,Huyện 991,{code},Xã {code},Xã\n" for code in COMMUNES)
        )
        portal.manage("import_areas", str(units), "--valid-from=2021-01-01", "--commit")
        yield portal
    finally:
        portal.end()


def make_plan(portal: Portal, slug: str, first: date, last: date, *, registration_required: bool) -> None:
    script = CAMPAIGN % (slug, registration_required, first, last)
    portal.manage("shell", "--no-imports", "--command", script)


def send_once(clerk: Clerk, path: str, fields: dict[str, str]) -> None:
    """Send a form, again where no answer came; whatever was answered, it stands from then on."""
    hidden = {
        name: value for name, value in shown_in(clerk, path).items() if name.endswith(("version", "seen"))
    }
    day = f"{timezone.localdate():%d/%m/%Y}"
    rest = {"target_level": "1", "target_day": day, "document_date": day, "counted_on": day}
    clerk.send_form(path, {**rest, "solutions": "Chốt.", "then": "keep", **hidden, **fields})
    shown = shown_in(clerk, path)
    assert {name: shown.get(name) for name in fields} == fields


def shown_in(clerk: Clerk, path: str) -> dict[str, str]:
    return dict(re.findall(r'name="([\w-]+)"[^>]*? value="([^"]*)"', clerk.ask(path)))


def test_what_was_registered_and_pledged_stands_whole(portal):
    today = timezone.localdate()
    make_plan(portal, "giu-xanh", today, today + timedelta(days=20), registration_required=True)
    portal.manage("shell", "--no-imports", "--command", GROUND % PASSWORD)
    portal.start("web")
    chance, clerk = random.Random(4458), Clerk(portal)
    clerk.log_in()
    day = f"{today:%d/%m/%Y}"
    for code in COMMUNES:
        fields = {"unit": code, "target_level": "1", "target_day": day, "then": "keep"}
        clerk.send_form("/campaigns/giu-xanh/registrations/new/", fields)
    ids = portal.ask(
        "select json_object_agg(u.code, r.id) from campaign_registration r"
        " join campaign_unit u on u.id = r.unit_id"
    )
    assert set(ids) == set(COMMUNES)
    registered, pledged = {}, {}

    for number in range(1, ROUNDS + 1):
        strike = kill_soon(portal, "web", chance.random() * 0.25) if number % 3 == 0 else None
        code = chance.choice(COMMUNES)
        if number % 2:
            said = {
                "document_number": f"{number}/ĐK",
                "head": f"Người {number}",
                "head_post": f"Chức {number}",
            }
            send_once(clerk, f"/registrations/{ids[code]}/edit/", said)
            registered[code] = list(said.values())
        else:
            said = {f"{code}-{kind}_{half}": str(number) for kind in KINDS for half in ("signed", "total")}
            send_once(clerk, f"/campaigns/giu-xanh/pledges/{code}/", said)
            pledged[code] = [[kind, number, number] for kind in sorted(KINDS)]
        if strike:
            strike.join()

    assert clerk.unanswered >= ROUNDS // 6
    said = portal.ask(
        "select json_object_agg(u.code, json_build_array(document_number, r.head, r.head_post))"
        " from campaign_registration r join campaign_unit u on u.id = r.unit_id"
    )
    assert {code: said[code] for code in registered} == registered
    steps = "(select count(*) from campaign_registrationstep s where s.registration_id = r.id)"
    assert portal.ask(f"select count(*) from campaign_registration r where r.version <> {steps}") == 0
    stands = portal.ask(PLEDGED)
    assert stands == pledged
    together = "select count(*) from campaign_pledgecount group by area_id, entered_at"
    assert portal.ask(f"select array_agg(distinct count) from ({together}) said") == [4]
    portal.manage("verify_audit")


def test_standings_computed_after_kills_are_those_of_an_undisturbed_run(portal):
    make_plan(portal, "xep-hang", FIRST, FIRST + timedelta(days=DAYS), registration_required=False)
    counts = portal.var / "counts.csv"
    cases = [(COMMUNES[0], 3), (COMMUNES[1], 9), (COMMUNES[2], 20)]
    counts.write_text(
        "code,date,cases\n" + "".join(f"{code},{FIRST + timedelta(day)},2\n" for code, day in cases)
    )
    portal.manage(
        *("import_counts", str(counts), "--province=99", "--source=thu"),
        *(f"--zero-fill={FIRST}..{FIRST + timedelta(DAYS)}", "--commit"),
    )
    portal.manage("reassess", "--province=99")
    said = portal.manage("shell", "--no-imports", "--command", UNDISTURBED)
    took, wanted = json.loads(said.splitlines()[-1])
    assert len(wanted) == DAYS + 1
    assert portal.ask(STORED) == {}

    chance, cut_off = random.Random(91), 0
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "--command", COMPUTE],
            cwd=ROOT,
            env=portal.environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout.readline() == "ready\n"
            time.sleep(took * chance.random() * 0.9)
            process.kill()
        portal.wait_for("select count(*) from pg_stat_activity where query ilike '%campaign_%'"
                        " and state <> 'idle' and pid <> pg_backend_pid()", 0)  # fmt: skip
        stored = portal.ask(STORED)
        assert stored in ({}, wanted)
        cut_off += stored == {}

    assert cut_off >= 2
    portal.manage("compute_standings", "xep-hang")
    assert portal.ask(STORED) == wanted
    assert "Đã ghi 0 bảng xếp hạng" in portal.manage("compute_standings", "xep-hang")
    assert f"{DAYS + 1} bảng xếp hạng nguyên vẹn" in portal.manage(
        "compute_standings", "xep-hang", "--verify"
    )
    portal.manage("verify_audit")
