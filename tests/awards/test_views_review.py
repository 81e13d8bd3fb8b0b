"""The review's pages: the queue, a dossier beside what was found, save and next, what others never read."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from awards.enums import DossierStatus
from awards.models import Dossier, Nominee
from awards.reviewing import return_for_more, tick
from core.enums import Role
from tests.awards.dossiers import AT, PERSON, make_dossier, make_nominee, make_step, make_version
from tests.awards.reviewers import answer_all, handed_in, reviewer_of, taken_up
from tests.campaign.plans import make_phase
from tests.campaign.units import make_unit
from tests.factories import DistrictFactory, GrantFactory

pytestmark = pytest.mark.django_db


def _client(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _page(dossier, rest: str = "") -> str:
    return f"/review/{dossier.pk}/{rest}"


def _rows(answer) -> list[int]:
    return [dossier.pk for dossier in answer.context["page"]]


def test_queue_narrows_by_what_is_asked_and_counts_by_state():
    taken = taken_up(by=None)
    other = make_dossier(DistrictFactory(parent=taken.area.parent), taken.phase, status="returned")
    make_step(other, act="return", after="returned", due=AT, asked=[{"item": "list", "words": "x"}])
    make_dossier(DistrictFactory(parent=taken.area.parent), taken.phase)  # a draft is nobody's to review
    mine, somebody = _client(taken.reviewer), _client(reviewer_of(taken))

    assert set(_rows(mine.get("/review/"))) == {taken.pk, other.pk}
    assert _rows(mine.get("/review/?show=mine")) == [taken.pk]
    assert _rows(somebody.get("/review/?show=mine")) == []
    assert _rows(mine.get("/review/?show=overdue")) == [other.pk]
    assert _rows(mine.get("/review/?show=late")) == []
    assert _rows(mine.get("/review/?show=flagged")) == []
    assert _rows(mine.get("/review/?state=in_review")) == [taken.pk]
    counts = {state: count for state, count in mine.get("/review/").context["counts"] if count}
    assert counts == {DossierStatus.IN_REVIEW: 1, DossierStatus.RETURNED: 1}
    Dossier.objects.filter(pk=other.pk).update(touched_at=AT)
    assert _rows(mine.get("/review/?show=flagged")) == [other.pk]


def test_what_is_decided_waits_for_nobody():
    taken = taken_up()
    over = make_dossier(
        DistrictFactory(parent=taken.area.parent), taken.phase, status="decided", reviewer=taken.reviewer,
        touched_at=AT, opened_at=AT.replace(year=2020),
    )  # fmt: skip
    client = _client(taken.reviewer)

    assert _rows(client.get("/review/")) == [taken.pk, over.pk]  # the older comes last
    assert _rows(client.get("/review/?show=mine")) == [taken.pk]
    assert _rows(client.get("/review/?show=flagged")) == []
    assert _rows(client.get("/review/?show=flagged&state=decided")) == [over.pk]


def test_queue_narrows_to_a_phase_and_tells_who_holds_how_much():
    taken = taken_up()
    other = make_dossier(
        DistrictFactory(parent=taken.area.parent), make_phase(
            taken.phase.campaign, code="hai", number=2, first_day=date(2021, 9, 1), last_day=date(2021, 9, 9)
        ), status="submitted",
    )  # fmt: skip
    client = _client(taken.reviewer)

    answer = client.get(f"/review/?phase={other.phase_id}")

    assert _rows(answer) == [other.pk]
    assert answer.context["load"] == [(taken.reviewer, 1)]
    assert {each.pk for each in answer.context["phases"]} == {taken.phase_id, other.phase_id}
    foreign = make_dossier(status="submitted").phase_id
    assert client.get(f"/review/?phase={foreign}").status_code == 400


def test_verdict_does_not_go_on_to_whom_one_may_not_judge():
    dossier = handed_in()
    by = reviewer_of(dossier)
    namesake = {"kind": PERSON, "person": by.full_name, "person_post": "Y tá", "deeds": "x"}
    make_nominee(dossier, make_unit(dossier.area, "agency"), search_text="x", **namesake)
    Dossier.objects.filter(pk=dossier.pk).update(status="in_review")
    first = dossier.nominees.get(person="")
    answer_all(first, by)

    answer = _client(by).post(
        _page(dossier, f"nominees/{first.pk}/verdict/"),
        {"passed": "yes", "version": Nominee.objects.get(pk=first.pk).version},
    )

    assert answer.url == _page(dossier, f"?nominee={first.pk}")


@pytest.mark.parametrize("query", ["?state=lost", "?show=all", "?state=returned&state=submitted", "?phase=0"])
def test_queue_refuses_what_it_does_not_know(query):
    assert _client(reviewer_of(make_dossier())).get(f"/review/{query}").status_code == 400


def test_queue_of_a_hundred_takes_as_many_questions_as_of_one():
    dossier = handed_in()
    client = _client(reviewer_of(dossier))
    client.get("/review/")
    with CaptureQueriesContext(connection) as one:
        client.get("/review/")
    for _number in range(99):
        more = make_dossier(DistrictFactory(parent=dossier.area.parent), dossier.phase, status="submitted")
        make_nominee(more)
        make_version(more)

    with CaptureQueriesContext(connection) as many:
        assert len(client.get("/review/").context["page"].paginator.object_list) == 100

    assert len(many) <= len(one) + 1


def test_verdict_goes_on_to_the_next_that_waits():
    dossier = handed_in()
    later = make_nominee(dossier, make_unit(dossier.area, "agency"))
    by = taken_up(dossier).reviewer
    first = dossier.nominees.exclude(pk=later.pk).get()
    answer_all(first, by)
    version = Nominee.objects.get(pk=first.pk).version

    answer = _client(by).post(
        _page(dossier, f"nominees/{first.pk}/verdict/"), {"passed": "yes", "version": version}
    )

    assert answer.url == _page(dossier, f"?nominee={later.pk}")
    assert Nominee.objects.get(pk=first.pk).status == "passed"


def test_refused_verdict_keeps_what_was_typed():
    dossier = taken_up()
    nominee = dossier.nominees.get()

    answer = _client(dossier.reviewer).post(
        _page(dossier, f"nominees/{nominee.pk}/verdict/"),
        {"passed": "no", "version": nominee.version, "reason": "Lý do đã gõ"},
    )

    assert answer.status_code == 200
    assert "Lý do đã gõ" in answer.content.decode()
    assert Nominee.objects.get(pk=nominee.pk).status == "proposed"


def test_refused_tick_keeps_what_was_typed():
    dossier = taken_up()
    nominee = dossier.nominees.get()

    answer = _client(dossier.reviewer).post(
        _page(dossier, f"nominees/{nominee.pk}/tick/"), {"code": "kind", "reason": "Lý do đã gõ"}
    )

    assert "Lý do đã gõ" in answer.content.decode()
    assert not nominee.ticks.exists()


def test_dossier_is_taken_up_and_returned_by_the_page():
    dossier = handed_in()
    client = _client(reviewer_of(dossier))

    client.post(_page(dossier, "steps/"), {"act": "take_up", "version": dossier.version})
    assert Dossier.objects.get(pk=dossier.pk).status == "in_review"
    said = {"act": "return", "version": dossier.version + 1, "reason": "Thiếu dấu"}
    nothing = client.post(_page(dossier, "steps/"), said | {"due": "17:00 10/09/2999"})
    assert nothing.status_code == 200
    assert "Thiếu dấu" in nothing.content.decode()
    client.post(
        _page(dossier, "steps/"), said | {"due": "17:00 10/09/2999", "submission": "Đóng dấu tờ trình"}
    )

    step = dossier.steps.last()
    assert (step.act, step.asked) == ("return", [{"item": "submission", "words": "Đóng dấu tờ trình"}])
    assert (step.due.hour, step.due.minute) == (10, 0)  # 17:00 in Vietnam


def test_what_changed_since_the_version_before_stands_beside_it():
    dossier = handed_in()
    content = dossier.versions.get().content
    content["submission"]["words"]["body"] = "Nội dung lần hai."
    make_version(dossier, number=2, content=content)
    client = _client(reviewer_of(dossier))

    latest = client.get(_page(dossier))
    first = client.get(_page(dossier, "?version=1"))

    assert [row.before for row in latest.context["page"].submission if row.before] == ["Đề nghị khen thưởng."]
    assert [row for row in first.context["page"].submission if row.before is not None] == []
    assert client.get(_page(dossier, "?version=9")).status_code == 200
    assert client.get(_page(dossier, "?version=x")).status_code == 404


def test_reviewer_with_an_interest_sees_why_and_no_form():
    dossier = taken_up()
    by = reviewer_of(dossier)
    GrantFactory(user=by, area=dossier.area, role=Role.HOME_AFFAIRS)

    answer = _client(by).get(_page(dossier))

    assert "địa bàn bạn được giao" in answer.content.decode()
    assert answer.context["verdict"] is None
    assert answer.context["page"].acts == []


def test_district_reads_no_ticks_and_no_notes_of_its_own_dossier():
    dossier = taken_up()
    tick(
        nominee=dossier.nominees.get(), code="kind", passed=False, reason="Chỉ Sở Nội vụ đọc.",
        by=dossier.reviewer, at=AT,
    )  # fmt: skip
    clerk = _client(GrantFactory(area=dossier.area, role=Role.DISTRICT_STAFF).user)

    assert clerk.get("/review/").status_code == 403
    assert clerk.get(_page(dossier)).status_code == 403
    for address in (f"/dossiers/{dossier.pk}/", f"/dossiers/{dossier.pk}/versions/1/", "/dossiers/"):
        answer = clerk.get(address)
        assert answer.status_code == 200
        assert "Chỉ Sở Nội vụ đọc" not in answer.content.decode()


def test_dossier_of_another_province_or_a_draft_is_not_found():
    dossier = handed_in()
    client = _client(reviewer_of(make_dossier()))

    assert client.get(_page(dossier)).status_code == 404
    draft = make_dossier()
    assert _client(reviewer_of(draft)).get(_page(draft)).status_code == 404


def test_returned_dossier_says_until_when():
    dossier = taken_up()
    return_for_more(
        dossier=dossier, version=dossier.version, reason="Thiếu", due=AT + timedelta(days=1),
        asked=[{"item": "list", "words": "Ghi rõ."}], by=dossier.reviewer, at=AT,
    )  # fmt: skip

    assert "quá hạn bổ sung" in _client(dossier.reviewer).get("/review/").content.decode()
