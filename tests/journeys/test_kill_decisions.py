"""kill -9 of the web process while lists are frozen and decisions entered: each once, whole, or not at all.

``KILL_ROUNDS=34`` makes it, with the rounds of handing in, a hundred.
"""

import os
import random

import pytest

from tests.journeys.portal import Portal
from tests.journeys.test_kill_entry import PASSWORD, Clerk, kill_soon

ROUNDS = int(os.environ.get("KILL_ROUNDS", "8"))  # of each act

pytestmark = pytest.mark.timeout(900)

GROUND = """
from datetime import date
from django.utils import timezone
from awards.proposals import approve_proposal, prepare_proposal, send_proposal
from core.enums import Role
from core.models import Area, Grant, User
from core.people import system_user
from tests.awards.dossiers import make_dossier, make_nominee
from tests.campaign.plans import make_campaign, make_phase
at, system = timezone.now(), system_user()
province = Area.objects.get(code="99")
people = {}
roles = {"chief": Role.HOME_AFFAIRS, "office": Role.CHAIRMAN_OFFICE, "other": Role.HOME_AFFAIRS}
for name, role in roles.items():
    people[name] = User.objects.create_user(name, password="%s")
    Grant.objects.create(user=people[name], role=role, area=province, valid_from=date(2021, 1, 1),
        granted_by=system, granted_at=at)
phase = make_phase(make_campaign(province=province))
for number, district in enumerate(Area.objects.filter(parent=province).order_by("code")):
    nominee = make_nominee(make_dossier(district, phase, status="reviewed"), status="passed")
    proposal = prepare_proposal(phase=phase, nominees=[nominee.pk], reasons={}, note="", by=system, at=at)
    if number >= %d:
        approve_proposal(proposal=proposal, version=1, by=people["other"], at=at)
        send_proposal(proposal=proposal, number=f"{number}/TTr-SNV", version=2, by=people["other"], at=at)
"""
STORED = """
from awards.decisions import is_whole
from awards.models import Proposal
for proposal in Proposal.objects.order_by("pk"):
    nominee, decisions = proposal.lines.get().nominee, list(proposal.decisions.all())
    print("@", proposal.status, proposal.version, bool(proposal.content), nominee.status,
        nominee.dossier.status, len(decisions),
        *(f"{is_whole(each)}:{each.lines.count()}" for each in decisions))
"""


@pytest.fixture
def portal(tmp_path):
    portal = Portal(tmp_path)
    try:
        portal.manage("migrate", "--verbosity=0")
        units = tmp_path / "units.csv"
        codes = [f"99{number:02d}" for number in range(2 * ROUNDS)]
        units.write_text(
            "province_code,province,district_code,district,code,name,type\n"
            + "".join(f"99,Tỉnh Thử,{code},Huyện {code},{code}1,Xã {code},Xã\n" for code in codes)
        )
        portal.manage("import_areas", str(units), "--valid-from=2021-01-01", "--commit")
        portal.manage("shell", "--no-imports", "--command", GROUND % (PASSWORD, ROUNDS))
        portal.start("web")
        yield portal
    finally:
        portal.end()


def test_list_is_frozen_and_decision_entered_once_whatever_is_killed(portal):
    chance = random.Random(512)
    proposals = portal.ask("select json_agg(id order by id) from awards_proposal")
    nominees = portal.ask("select json_agg(nominee_id order by proposal_id) from awards_proposalline")
    chief, office = Clerk(portal), Clerk(portal)
    chief.log_in("chief")
    office.log_in("office")

    for pk in proposals[:ROUNDS]:
        strike = kill_soon(portal, "web", chance.random() * 0.08)
        chief.send_form(f"/proposals/{pk}/steps/", {"act": "approve", "version": "1"})
        strike.join()
    for number, (pk, nominee) in enumerate(zip(proposals, nominees, strict=True)):
        if number >= ROUNDS:
            signed = {"number": f"{number}/QĐ-UBND", "signed_on": "20/09/2021", "signer": "Lê Văn Mười"}
            strike = kill_soon(portal, "web", chance.random() * 0.08)
            form = signed | {"signer_post": "Chủ tịch", "version": "3", f"awarded-{nominee}": "on"}
            office.send_form(f"/proposals/received/{pk}/", form)
            strike.join()

    assert chief.unanswered + office.unanswered >= ROUNDS // 2
    said = portal.manage("shell", "--no-imports", "--command", STORED)
    stored = [line.split()[1:] for line in said.splitlines() if line.startswith("@")]
    frozen = ["approved", "2", "True", "passed", "reviewed", "0"]
    decided = ["decided", "4", "True", "awarded", "decided", "1", "True:1"]
    assert stored == [frozen] * ROUNDS + [decided] * ROUNDS
    portal.manage("verify_audit")
