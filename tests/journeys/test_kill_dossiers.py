"""kill -9 of the web process while dossiers are handed in: who has a receipt has the dossier, whole, once."""

import random
import re

import pytest

from tests.journeys.portal import Portal
from tests.journeys.test_kill_entry import PASSWORD, Clerk, kill_soon

ROUNDS = 32

pytestmark = pytest.mark.timeout(600)

GROUND = """
from datetime import date, timedelta
from django.utils import timezone
from core.enums import Role
from core.models import Area, Grant, User
from core.people import system_user
from tests.awards.dossiers import make_dossier, make_ready
from tests.campaign.plans import make_campaign, make_phase
clerk = User.objects.create_user("clerk", password="%s")
province = Area.objects.get(code="99")
Grant.objects.create(user=clerk, role=Role.HOME_AFFAIRS, area=province, valid_from=date(2021, 1, 1),
    granted_by=system_user(), granted_at=timezone.now())
phase = make_phase(make_campaign(province=province), dossier_deadline=timezone.now() + timedelta(days=1),
    deadline_wording="mai", deadline_set_by="plan")
for district in Area.objects.filter(parent=province):
    make_ready(make_dossier(district, phase))
"""
STORED = """
from awards.handing_in import is_whole
from awards.models import Dossier
for dossier in Dossier.objects.order_by("pk"):
    versions = list(dossier.versions.all())
    steps = dossier.steps.filter(act="submit").count()
    print("@", dossier.pk, dossier.status, len(versions), steps, *(
        f"{each.receipt}:{is_whole(each)}:{each.files.count()}" for each in versions))
"""


@pytest.fixture
def portal(tmp_path):
    portal = Portal(tmp_path)
    try:
        portal.manage("migrate", "--verbosity=0")
        units = tmp_path / "units.csv"
        codes = [f"99{number:02d}" for number in range(ROUNDS)]
        units.write_text(
            "province_code,province,district_code,district,code,name,type\n"
            + "".join(f"99,Tỉnh Thử,{code},Huyện {code},{code}1,Xã {code},Xã\n" for code in codes)
        )
        portal.manage("import_areas", str(units), "--valid-from=2021-01-01", "--commit")
        portal.manage("shell", "--no-imports", "--command", GROUND % PASSWORD)
        portal.start("web")
        yield portal
    finally:
        portal.end()


def test_receipt_given_means_that_the_dossier_is_there_whole(portal):
    chance = random.Random(91)
    clerk = Clerk(portal)
    clerk.log_in()
    dossiers = portal.ask("select json_agg(id order by id) from awards_dossier")
    assert len(dossiers) == ROUNDS
    receipts = {}

    for pk in dossiers:
        strike = kill_soon(portal, "web", chance.random() * 0.08)
        clerk.send_form(f"/dossiers/{pk}/submit/", {"confirm": "1"})
        # Whoever was cut off after the commit finds the receipt where the first answer would have led.
        page = clerk.ask(f"/dossiers/{pk}/versions/1/")
        receipts[pk] = re.search(r'class="receipt__code">([0-9A-Z]{10})<', page)[1]
        strike.join()

    assert clerk.unanswered >= 10
    said = portal.manage("shell", "--no-imports", "--command", STORED)
    stored = [line.split()[1:] for line in said.splitlines() if line.startswith("@")]
    assert stored == [[str(pk), "submitted", "1", "1", f"{receipts[pk]}:True:1"] for pk in dossiers]
    portal.manage("verify_audit")
