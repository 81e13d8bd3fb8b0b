"""Evidence: what the portal knows of a nominee, frozen; what a later correction touches."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from awards import handing_in
from awards.evidence import evidence_of, evidence_of_all, mark_touched
from awards.handing_in import submit
from campaign.models import Phase
from campaign.standing import compute_standings
from core.people import system_user
from riskmap.editions import publish
from riskmap.levels import reassess
from tests.awards.dossiers import make_dossier, make_nominee, make_ready
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_unit
from tests.riskmap.province import day, make_province

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2021, 8, 31, 9, tzinfo=HANOI)
DEADLINE = datetime(2021, 9, 8, tzinfo=HANOI)

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    made = make_province("90", districts={"901": ["90101", "90102"], "902": ["90201"]})
    made.post({("90101", 3): 9}, complete=(0, 29), at=NOW - timedelta(days=1))
    reassess(on=day(29), at=NOW)
    return made


@pytest.fixture
def phase(province) -> Phase:
    campaign = make_campaign(province=province.area, registration_required=False)
    make_group(campaign, "district")
    make_group(campaign, "commune")
    rule = {"code": "xanh", "place": 1, "fact": "days_green", "role": "order", "set_by": "office"}
    campaign.scoring_rules.create(**rule, wording="Nhiều ngày xanh")
    said = {"first_day": day(0), "last_day": day(39), "deadline_wording": "trước ngày 08/9/2021"}
    return make_phase(campaign, **said, dossier_deadline=DEADLINE, deadline_set_by="plan")


def test_evidence_tells_levels_day_by_day_cases_and_standing(province, phase):
    commune = make_unit(province.communes["90101"])
    dossier = make_dossier(province.districts["901"], phase)
    nominee = make_nominee(dossier, commune)
    publish(province=province.area, cut_off=NOW, at=NOW, by=system_user())
    compute_standings(campaign=phase.campaign, at=NOW)

    known = evidence_of(nominee=nominee, at=NOW)

    runs = known["strip"]
    assert (runs[0]["first"], runs[-1]["last"]) == ("2021-08-01", "2021-08-31")
    assert all(
        date.fromisoformat(later["first"]) - date.fromisoformat(run["last"]) == timedelta(days=1)
        for run, later in pairwise(runs)
    )
    assert {run["level"] for run in runs} > {"new_normal"}
    standing = known["standing"]
    assert standing["view"] == "published"
    assert standing["facts"]["cases"] == 9
    assert len(standing["hash"]) == 64
    assert known["edition"]["number"] == 1


def test_organisation_stands_on_its_seat_and_one_outside_the_standing_has_none(province, phase):
    dossier = make_dossier(province.districts["901"], phase)
    area = make_nominee(dossier, make_unit(province.communes["90101"]))
    agency = make_nominee(dossier, make_unit(province.communes["90101"], "agency"))

    known = evidence_of_all(phase=phase, nominees=[area, agency], at=NOW)

    assert known[agency.pk]["strip"] == known[area.pk]["strip"]
    assert known[agency.pk]["standing"] is None


def test_evidence_of_many_asks_no_more_than_of_one(province, phase, django_assert_num_queries):
    dossier = make_dossier(province.districts["901"], phase)
    one = [make_nominee(dossier, make_unit(province.communes["90101"]))]
    three = [*one, *(make_nominee(dossier, make_unit(province.communes["90102"], "agency")) for _ in "ab")]
    evidence_of_all(phase=phase, nominees=one, at=NOW)

    for nominees in (one, three):
        with django_assert_num_queries(5):
            evidence_of_all(phase=phase, nominees=nominees, at=NOW)


def test_correction_marks_the_dossiers_it_bears_on_and_changes_no_frozen_evidence(
    province, phase, monkeypatch
):
    monkeypatch.setattr(handing_in, "received_now", lambda: NOW)
    mine = make_ready(make_dossier(province.districts["901"], phase))
    other = make_ready(make_dossier(province.districts["902"], phase))
    version = submit(dossier=mine, by=system_user())
    submit(dossier=other, by=system_user())
    frozen = version.content
    assert mark_touched(at=NOW) == 0

    province.post({("90102", 10): 1}, reason="sót", at=NOW + timedelta(hours=1))
    province.post({("90201", 38): 1}, reason="báo cáo ngày", at=NOW + timedelta(hours=1))
    touched = mark_touched(at=NOW + timedelta(hours=2))

    mine.refresh_from_db(), other.refresh_from_db(), version.refresh_from_db()
    assert (touched, mine.touched_at, other.touched_at) == (1, NOW + timedelta(hours=2), None)
    assert version.content == frozen
    assert mark_touched(at=NOW + timedelta(hours=3)) == 0


def test_ordinary_report_of_the_day_of_handing_in_corrects_nothing(province, phase, monkeypatch):
    today = (timezone.localdate(NOW) - day(0)).days
    monkeypatch.setattr(handing_in, "received_now", lambda: NOW)
    mine = make_ready(make_dossier(province.districts["901"], phase))
    submit(dossier=mine, by=system_user())

    province.post({("90101", today): 1}, reason="báo cáo ngày", at=NOW + timedelta(hours=1))
    assert mark_touched(at=NOW + timedelta(hours=2)) == 0

    # Said again while the dossier was there already, it would be a correction of what it rests on.
    second = make_ready(make_dossier(province.districts["902"], phase))
    province.post({("90201", today): 1}, reason="báo cáo ngày", at=NOW - timedelta(hours=1))
    submit(dossier=second, by=system_user())
    province.post({("90201", today): 2}, reason="sót", at=NOW + timedelta(hours=3))
    assert mark_touched(at=NOW + timedelta(hours=4)) == 1
    assert second.__class__.objects.get(touched_at__isnull=False) == second


def test_correction_that_changes_a_level_alone_marks_the_dossier(province, phase, monkeypatch):
    monkeypatch.setattr(handing_in, "received_now", lambda: NOW)
    mine = make_ready(make_dossier(province.districts["901"], phase))
    version = submit(dossier=mine, by=system_user())
    strip = version.content["nominees"][0]["evidence"]["strip"]
    assert strip

    province.districts["901"].level_spans.filter(first_day=strip[0]["first"]).update(level=4)

    assert mark_touched(at=NOW) == 1
