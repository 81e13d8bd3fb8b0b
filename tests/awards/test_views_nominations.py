"""The pages of nominations: a commune's own, its form, and what a district takes in or declines."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from awards.models import Dossier, Nomination
from campaign.models import Phase
from core.enums import Role
from tests.awards.dossiers import make_dossier
from tests.awards.nominations import BAY, commune_of, make_nomination
from tests.campaign.units import make_unit
from tests.factories import CommuneFactory, DistrictFactory, GrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier() -> Dossier:
    """Of a phase that goes on now."""
    made, now = make_dossier(), timezone.now()
    said = {"first_day": now.date(), "last_day": (now + timedelta(days=9)).date()}
    Phase.objects.filter(pk=made.phase_id).update(dossier_deadline=now + timedelta(days=2), **said)
    return Dossier.objects.select_related("phase", "area").get(pk=made.pk)


def _client(role, area) -> Client:
    client = Client()
    client.force_login(GrantFactory(role=role, area=area).user)
    return client


def _commune(unit) -> Client:
    return _client(Role.COMMUNE_STAFF, unit.seat)


def _district(dossier) -> Client:
    return _client(Role.DISTRICT_STAFF, dossier.area)


def _over(dossier, since: timedelta = timedelta(seconds=1)) -> None:
    Phase.objects.filter(pk=dossier.phase_id).update(dossier_deadline=timezone.now() - since)


def _key(nomination) -> str:
    return f"{nomination.pk}:{nomination.version}"


def _words(answer) -> str:
    return answer.content.decode()


def test_commune_nominates_and_reads_the_answer(dossier):
    unit = commune_of(dossier)
    client, new = _commune(unit), f"/nominations/new/{dossier.phase_id}/"

    assert new in _words(client.get("/nominations/"))
    form = client.get(new).context["form"]
    assert form["unit"].initial == f"{unit.code} – {unit.name}"
    answer = client.post(new, BAY | {"unit": unit.code})
    made = Nomination.objects.get()
    assert answer.url == f"/nominations/{made.pk}/#saved"
    assert made.unit == unit
    _district(dossier).post(
        f"/dossiers/{dossier.pk}/nominations/",
        {"nomination": _key(made), "act": "decline", "reason": "Chưa rõ việc."},
    )

    assert "Chưa rõ việc." in _words(client.get("/nominations/"))
    page = client.get(f"/nominations/{made.pk}/")
    assert (page.context["waits"], page.context["may_write"]) == (False, False)
    assert "không đưa vào hồ sơ" in _words(page)


@pytest.mark.parametrize("missing", ["person", "person_post", "deeds", "unit"])
def test_form_that_lacks_something_keeps_all_that_was_typed(dossier, missing):
    unit = commune_of(dossier)
    said = BAY | {"unit": unit.code, missing: ""}

    answer = _commune(unit).post(f"/nominations/new/{dossier.phase_id}/", said)

    assert set(answer.context["form"].errors) == {missing}
    for name in {"person", "person_post", "deeds"} - {missing}:
        assert BAY[name] in _words(answer)
    assert not Nomination.objects.exists()


def test_form_that_comes_after_the_deadline_says_so_and_keeps_what_was_typed(dossier):
    unit = commune_of(dossier)
    client, new = _commune(unit), f"/nominations/new/{dossier.phase_id}/"
    _over(dossier)

    answer = client.post(new, BAY | {"unit": unit.code})

    assert "Đã quá hạn đề cử" in _words(answer)
    assert BAY["deeds"] in _words(answer)
    assert client.get(new).status_code == 404
    assert new not in _words(client.get("/nominations/"))


def test_second_editor_sees_both_versions_and_may_write_over(dossier):
    unit = commune_of(dossier)
    made, client = make_nomination(dossier.phase, unit), _commune(unit)
    edit = f"/nominations/{made.pk}/edit/"
    client.post(edit, BAY | {"unit": unit.code, "version": 1, "deeds": "Bản thứ nhất."})

    refused = client.post(edit, BAY | {"unit": unit.code, "version": 1, "deeds": "Bản thứ hai."})

    assert "Bản thứ nhất." in _words(refused)
    assert "Bản thứ hai." in _words(refused)
    assert str(refused.context["form"]["version"].value()) == "2"
    client.post(edit, BAY | {"unit": unit.code, "version": 2, "deeds": "Bản thứ hai."})
    made.refresh_from_db()
    assert (made.deeds, made.version) == ("Bản thứ hai.", 3)


def test_withdrawing_asks_for_a_reason_and_is_over_the_version_shown(dossier):
    unit = commune_of(dossier)
    made, client = make_nomination(dossier.phase, unit), _commune(unit)
    address = f"/nominations/{made.pk}/withdraw/"

    assert "Xin ghi lý do" in _words(client.post(address, {"version": 1}))
    overtaken = client.post(address, {"version": 7, "reason": "Nhầm người."})
    assert "Nhầm người." in _words(overtaken)
    assert "Người khác đã sửa" in _words(overtaken)
    assert client.post(address, {"version": 1, "reason": "Nhầm người."}).status_code == 302

    made.refresh_from_db()
    assert made.status == "withdrawn"


def test_nobody_of_another_area_learns_of_a_nomination(dossier):
    made = make_nomination(dossier.phase, commune_of(dossier))
    beside = CommuneFactory(parent=dossier.area)
    outsiders = [
        _client(Role.COMMUNE_STAFF, beside),
        _client(Role.DISTRICT_STAFF, DistrictFactory(parent=dossier.area.parent)),
        _client(Role.HEALTH, dossier.area.parent),
    ]

    for client in outsiders:
        assert client.get(f"/nominations/{made.pk}/").status_code in (403, 404)
        assert client.post(f"/nominations/{made.pk}/edit/", BAY).status_code in (403, 404)
        assert BAY["person"] not in _words(client.get("/nominations/"))
        assert client.get(f"/dossiers/{dossier.pk}/nominations/").status_code in (403, 404)


def test_home_affairs_reads_a_communes_nomination_and_changes_nothing(dossier):
    made = make_nomination(dossier.phase, commune_of(dossier))
    department = make_unit(dossier.area.parent, "agency")
    client = _client(Role.HOME_AFFAIRS, dossier.area.parent)

    page = client.get(f"/nominations/{made.pk}/")
    said = BAY | {"unit": department.code, "version": 1}

    assert page.context["may_write"] is False
    assert client.post(f"/nominations/{made.pk}/edit/", said).status_code == 404
    assert client.post(f"/nominations/{made.pk}/withdraw/", {"reason": "x", "version": 1}).status_code == 404
    made.refresh_from_db()
    assert (made.version, made.status) == (1, "waiting")


def test_district_takes_those_that_are_ticked(dossier):
    unit = commune_of(dossier)
    one, other, left = [
        make_nomination(dossier.phase, unit, person=name)
        for name in ("Lê Văn Một", "Lê Văn Hai", "Lê Thị Ba")
    ]
    client, address = _district(dossier), f"/dossiers/{dossier.pk}/nominations/"

    assert client.post(address, {"nomination": [_key(one), _key(other)], "act": "take"}).status_code == 302

    assert [each.person for each in dossier.nominees.all()] == ["Lê Văn Một", "Lê Văn Hai"]
    assert [each.nomination for each in client.get(address).context["waiting"]] == [left]


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({}, "Xin đánh dấu ít nhất một đề cử."),
        ({"nomination": "rác:1"}, "Xin đánh dấu ít nhất một đề cử."),
        ({"nomination": "999:1"}, "Có đề cử không thuộc hồ sơ này"),
    ],
)
def test_district_that_ticks_nothing_or_what_is_not_there_is_told(dossier, posted, words):
    make_nomination(dossier.phase, commune_of(dossier))

    answer = _district(dossier).post(f"/dossiers/{dossier.pk}/nominations/", posted | {"act": "take"})

    assert words in _words(answer)


def test_refused_answer_keeps_the_ticks_and_the_reason(dossier):
    made = make_nomination(dossier.phase, commune_of(dossier))
    client, address = _district(dossier), f"/dossiers/{dossier.pk}/nominations/"

    answer = client.post(address, {"nomination": _key(made), "act": "decline", "reason": " "})
    assert "Xin ghi lý do" in _words(answer)
    assert answer.context["ticked"] == {_key(made)}

    Dossier.objects.filter(pk=dossier.pk).update(status="submitted")
    answer = client.post(address, {"nomination": _key(made), "act": "take", "reason": "Lý do đã gõ"})
    assert "không sửa được" in _words(answer)
    assert "Lý do đã gõ" in _words(answer)


def test_people_of_like_names_are_shown_with_a_score(dossier):
    make_nomination(dossier.phase, commune_of(dossier))
    twice = make_nomination(dossier.phase, commune_of(dossier), person="Trần Thị Bẩy")
    client = _district(dossier)

    page = _words(client.get(f"/dossiers/{dossier.pk}/nominations/"))

    assert page.count("giống 100%") == 2
    alone = _commune(twice.unit).get(f"/nominations/{twice.pk}/")
    assert alone.context["near"] == ()  # the other one is not theirs to see


def test_lists_of_fifty_take_as_many_questions_as_of_one(dossier):
    unit = commune_of(dossier)
    make_nomination(dossier.phase, unit)
    client = _district(dossier)
    for address in ("/nominations/", f"/dossiers/{dossier.pk}/nominations/", f"/dossiers/{dossier.pk}/"):
        client.get(address)
        with CaptureQueriesContext(connection) as one:
            client.get(address)
        for number in range(20):
            make_nomination(dossier.phase, commune_of(dossier), person=f"Người {number} {address}")

        with CaptureQueriesContext(connection) as many:
            client.get(address)

        assert len(many) <= len(one), address


def test_check_before_handing_in_tells_of_nominations_that_wait_and_of_the_last_hour(dossier):
    make_nomination(dossier.phase, commune_of(dossier))
    client, address = _district(dossier), f"/dossiers/{dossier.pk}/check/"

    early = _words(client.get(address))
    _over(dossier, -timedelta(minutes=59))
    late = _words(client.get(address))

    assert "1 đề cử cá nhân đang chờ xem" in early
    assert ("countdown--over" in early, "countdown--over" in late) == (False, True)
