"""The first phase of the demo, awarded by the stages that the pages call: what became of everybody."""

from collections import Counter
from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from awards.enums import DossierStatus, ShortlistStage
from awards.handing_in import is_whole
from awards.models import (
    Candidate,
    Decision,
    DecisionLine,
    Dossier,
    DossierStep,
    DossierVersion,
    Nomination,
    Shortlist,
)
from awards.shortlists import table_of
from core.people import system_user
from demo.loading import load_demo
from demo.ninh_thuan.awarding import CLERKS, awards, dossier_texts

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(240)]

AT = timezone.make_aware(datetime(2022, 1, 5, 8))
THROUGH = date(2021, 9, 18)


def load():
    return list(load_demo(by=system_user(), at=AT, through=THROUGH))


@pytest.fixture(scope="module", autouse=True)
def said(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield load()
        call_command("flush", interactive=False)


def dossier(district):
    return Dossier.objects.get(area__code=district, phase__code="dot-1")


def acts(district):
    return list(dossier(district).steps.values_list("act", flat=True))


def test_everything_happened_and_a_second_time_nothing_does(said):
    assert not any("không sống lại được" in line for line in said)
    steps = DossierStep.objects.count()

    assert load() == []
    assert DossierStep.objects.count() == steps


def test_every_district_has_a_dossier_and_the_clerk_of_its_own():
    by = dict(Dossier.objects.values_list("area__code", "opened_by__username"))

    assert by == CLERKS
    assert Counter(Dossier.objects.values_list("status", flat=True)) == {
        DossierStatus.DECIDED: 6, DossierStatus.DRAFT: 1,
    }  # fmt: skip


def test_one_dossier_came_late_with_a_permit_and_was_taken_by_the_storys_clock():
    versions = DossierVersion.objects.select_related("dossier__area", "permit")

    assert [each.dossier.area.name for each in versions if each.is_late] == ["Huyện Ninh Hải"]
    assert {each.received_at.year for each in versions} == {2021}
    assert all(is_whole(each) for each in versions)
    late = dossier("586").versions.get()
    assert late.permit.issued_at < late.received_at == late.permit.used_at < late.permit.expires_at


def test_one_dossier_was_returned_for_more_and_came_again():
    assert acts("582") == ["open", "submit", "take_up", "return", "submit", "take_up", "finish", "decide"]
    first, second = dossier("582").versions.all()
    told = [
        next(each for each in version.content["nominees"] if each["unit"]["code"] == "22741")
        for version in (first, second)
    ]
    before, after = (each["summary"]["words"]["deeds"] for each in told)
    assert len(after) > 3 * len(before)


def test_commune_nominated_two_of_whom_the_district_took_one():
    rows = Nomination.objects.order_by("nominated_at")

    assert [(row.person, row.status, row.nominated_by.username) for row in rows] == [
        ("Đàng Thị Mỹ Ngân", "taken", "phuoc-dan"), ("Lộ Minh Tuấn", "declined", "phuoc-dan"),
    ]  # fmt: skip
    assert rows[0].nominee.dossier == dossier("587")


def test_every_review_was_ended_by_a_second_person():
    for each in Dossier.objects.filter(status=DossierStatus.DECIDED):
        by = dict(each.steps.filter(act__in=("take_up", "finish")).values_list("act", "taken_by__username"))
        assert by == {"take_up": "so-noi-vu", "finish": "so-noi-vu-2"}


def test_commune_that_turned_orange_before_the_end_was_withdrawn_by_two_people():
    early, late = (
        table_of(Shortlist.objects.get(stage=stage))
        for stage in (ShortlistStage.DEADLINE, ShortlistStage.END)
    )
    withdrawn = Candidate.objects.get(unit__code="22868")

    assert early.line_of(withdrawn.unit_id).eligible
    assert not late.line_of(withdrawn.unit_id).eligible
    assert date(2021, 9, 9) in [day for day, _level in late.line_of(withdrawn.unit_id).way]
    assert (withdrawn.decision, withdrawn.decided_by.username, withdrawn.confirmed_by.username) == (
        "withdrawn", "so-noi-vu", "so-noi-vu-2",
    )  # fmt: skip
    assert dossier("586").nominees.get(unit__code="22868").status == "failed"


def test_chairman_decided_in_part_where_the_health_department_did_not_agree():
    lines = DecisionLine.objects.select_related("nominee__unit")

    assert Counter(line.awarded for line in lines) == {True: 11, False: 1}
    (refused,) = (line for line in lines if not line.awarded)
    opinion = refused.nominee.opinions.get()
    assert (refused.name, opinion.verdict, bool(refused.reason)) == ("Xã Nhơn Sơn", "disagree", True)
    decision = Decision.objects.get()
    assert decision.entered_by.username == "van-phong"
    assert {line.money for line in lines if line.awarded} == {2_980_000, 1_490_000}


def test_dossiers_of_the_file_are_all_prepared_once_in_the_story():
    told = [(event.phase, event.area) for event in awards() if type(event).__name__ == "Preparing"]

    assert sorted(told) == sorted(dossier_texts())
