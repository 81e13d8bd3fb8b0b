"""What is written on the way to a decision is read by the offices of its own province alone.

In no list, page, file or error elsewhere, in no district, not by the public. Of a decision everybody reads
who was awarded.
"""

import pytest
from django.test import Client

from awards.decisions import Signed, Verdict, enter_decision
from awards.models import OpinionRequest, Proposal
from awards.proposals import approve_proposal, prepare_proposal, return_proposal, send_proposal
from core.enums import Role
from core.models import User
from tests.awards.decisions import SIGNED
from tests.awards.dossiers import PERSON, make_nominee
from tests.factories import GrantFactory, UserFactory
from tests.house.doors_of_decisions import DOORS_OF_DECISIONS, decision_of_place, dossier_of_list, list_of
from tests.house.doors_of_reports import DOORS_OF_REPORTS
from tests.house.places import Place, publish_map, work_in
from tests.house.test_leaks import told
from tests.riskmap.province import AT, make_province

SECRET = "chỉ-tỉnh-91-biết"
NOT_AWARDED = f"Phạm {SECRET}"
OFFICES = (Role.HOME_AFFAIRS, Role.HEALTH, Role.CHAIRMAN_OFFICE)
DOORS = DOORS_OF_DECISIONS | DOORS_OF_REPORTS
LISTS = [
    "/awards/?q=chi-tinh-91-biet",
    "/awards/?year=2021",
    "/awards/register.xlsx?year=2021",
    "/api/v1/awards/?page=1",
    "/opinions/?page=1",
    "/opinions/asked/?page=1",
    "/proposals/?page=1",
    "/proposals/received/?page=1",
    "/phase-reports/?page=1",
    "/inbox/",
]


def _place(code: str, **said: str) -> Place:
    made = make_province(code, districts={f"{code}1": [f"{code}101"], f"{code}2": [f"{code}201"]})
    made.post({(f"{code}101", 3): 2}, complete=(0, 5))
    return work_in(made, publish_map(made), district=f"{code}1", commune=f"{code}101", **said)


@pytest.fixture
def provinces(db) -> tuple[Place, Place]:
    """The own one; and the next, where every step says something that is for nobody else."""
    own, other = _place("90"), _place("91", said=SECRET)
    for place in (own, other):
        for status in ("draft", "sent", "decided"):
            list_of(place, status)
    _answered(other)
    _returned(other)
    _partly_decided(other)
    return own, other


def _answered(place: Place) -> None:
    DOORS_OF_DECISIONS["opinions/<int:pk>/"].address(place)  # there is a request from now on
    request = OpinionRequest.objects.get(phase=dossier_of_list(place).phase)
    request.opinions.update(verdict="disagree", note=SECRET)


def _listed(place: Place, name: str) -> tuple[Proposal, int]:
    nominee = make_nominee(
        dossier_of_list(place), dossier_of_list(place).nominees.first().unit, kind=PERSON, person=name,
        person_post=SECRET, deeds=SECRET, status="passed", search_text=name,
    )  # fmt: skip
    known = {"by": UserFactory(), "at": AT}
    made = prepare_proposal(
        phase=dossier_of_list(place).phase, nominees=[nominee.pk], reasons={}, note=SECRET, **known
    )
    approve_proposal(proposal=made, version=1, by=UserFactory(), at=AT)
    return made, nominee.pk


def _returned(place: Place) -> None:
    made, _nominee = _listed(place, "Phạm Năm")
    return_proposal(proposal=made, reason=SECRET, version=2, by=UserFactory(), at=AT)


def _partly_decided(place: Place) -> None:
    made, nominee = _listed(place, NOT_AWARDED)
    send_proposal(proposal=made, number="91/TTr", version=2, by=UserFactory(), at=AT)
    signed = Signed("91/QĐ-UBND", SIGNED, "Lê Văn Mười", "Chủ tịch")
    verdicts = {nominee: Verdict(False, SECRET)}
    enter_decision(proposal=made, signed=signed, verdicts=verdicts, version=3, by=UserFactory(), at=AT)


def _client(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def _leaks(client: Client, own: Place, other: Place) -> list[str]:
    found = []
    for door in DOORS.values():
        for method, place in (("get", own), ("get", other), ("post", other)):
            if SECRET in told(getattr(client, method)(door.address(place))):
                found.append(f"{method} {door.address(place)}")
    return found + [address for address in LISTS if SECRET in told(client.get(address))]


@pytest.mark.parametrize("role", Role)
def test_offices_of_another_province_read_none_of_it(provinces, role):
    own, other = provinces

    assert _leaks(_client(GrantFactory(role=role, area=own.province).user), own, other) == []


@pytest.mark.parametrize("role", [Role.DISTRICT_STAFF, *OFFICES])
def test_next_district_of_the_same_province_reads_none_of_it(provinces, role):
    own, other = provinces
    neighbour = other.province.children.exclude(pk=other.district.pk).get()

    assert _leaks(_client(GrantFactory(role=role, area=neighbour).user), own, other) == []


def test_public_reads_none_of_it(provinces):
    own, other = provinces

    assert _leaks(_client(None), own, other) == []


def test_offices_of_the_province_do_read_it(provinces):
    """So that the tests above look for what is really there."""
    _own, other = provinces
    addresses = [*LISTS, *(door.address(other) for door in DOORS.values())]
    read = set()
    for role in OFFICES:
        client = _client(GrantFactory(role=role, area=other.province).user)
        read |= {address for address in addresses if SECRET in told(client.get(address))}

    proposal, request = (
        list_of(other, "draft").pk,
        OpinionRequest.objects.get(phase__campaign__province=other.province),
    )
    assert {
        f"/proposals/{proposal}/",
        f"/proposals/{proposal}/edit/",
        f"/opinions/{request.pk}/",
        f"/opinions/asked/{request.pk}/",
        f"/proposals/received/{list_of(other, 'sent').pk}/",
    } <= read


def test_decision_in_public_names_nobody_who_was_not_awarded(provinces):
    _own, other = provinces
    partly = Proposal.objects.get(number="91/TTr").decisions.get()
    public = _client(None)

    assert public.get(partly.get_absolute_url()).status_code == 200
    assert NOT_AWARDED not in public.get(partly.get_absolute_url()).text
    assert "Nguyễn Ba" in public.get(decision_of_place(other).get_absolute_url()).text
