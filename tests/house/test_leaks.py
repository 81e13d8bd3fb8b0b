"""Nothing that people wrote in one district is read in the next: on no page, in no file, list or refusal."""

import html
import io
import zipfile

import pytest
from django.test import Client

from core.enums import Role
from core.models import AuditEvent
from riskmap.enums import ReportAct, ReportStatus
from riskmap.models import CellNote, DayReport, DayReportStep, DraftCell
from tests.factories import GrantFactory
from tests.house.doors_of_dossiers import dossier_of
from tests.house.doors_of_nominations import answering, nomination_of
from tests.house.doors_of_reviews import review_of
from tests.house.doors_of_shortlists import shortlist_of
from tests.house.places import Place, publish_map, token_of, work_in
from tests.house.test_doors import DOORS
from tests.riskmap.province import AT, day, make_province

SECRET = "chỉ-huyện-902-biết"
LISTS = [
    "/conditions/?show=all",
    "/feedback/?state=received",
    "/approvals/?state=sent",
    "/approvals/?state=returned",
    "/approvals/?state=accepted",
    "/corrections/?state=for_me",
    "/corrections/?state=mine",
    "/corrections/?state=done",
    "/decisions/?area=90201",
    "/disagreements/?first=01/08/2021",
    "/exceptions/?state=over",
    "/facts/?area=90201",
    "/inspections/?q=902",
    "/inspections/?state=overdue",
    "/pledges/",
    "/grants/?q=902",
    "/grants/new/?user=nguoi",
    "/inbox/?page=1",
    "/registrations/?state=all",
    "/registrations/?q=90201",
    "/api/v1/campaigns/dang-ky-90/registrations/own/",
    "/reports/due/?area=90201",
    "/reports/overview/?area=902",
    "/diary/?state=all",
    "/dossiers/?page=1",
    "/counts/?area=902",
    "/counts/902/export.xlsx",
    f"/counts/902/{day(3)}/",
    f"/counts/902/{day(3)}/history/",
    "/imports/template/902.xlsx",
    "/units/?kind=organisations",
    "/units/?area=902",
    "/units/export/902.xlsx",
]


@pytest.fixture
def districts(db) -> tuple[Place, Place]:
    """Two of one province: the own one and the next."""
    made = make_province("90", districts={"901": ["90101", "90102"], "902": ["90201", "90202"]})
    made.post({("90101", 3): 2, ("90201", 3): 2}, complete=(0, 5))
    made.post({("90201", 2): 90, ("90201", 3): 90}, source="khác")
    frames = publish_map(made)
    own = work_in(made, frames, district="901", commune="90101")
    other = work_in(made, frames, district="902", commune="90201", said=SECRET)
    assert own.file != other.file
    assert own.registration != other.registration
    token_of(own), token_of(other)
    dossier_of(own), dossier_of(other)
    nomination_of(own), nomination_of(other)
    review_of(own), review_of(other)
    own.diary(), other.diary()
    assert own.follow_up != other.follow_up
    made.post({("90201", 7): 7}, reason=SECRET)  # no correction: the reasons of those are public
    acts = {"scope": other.district, "day": day(3), "reason": SECRET}
    DayReport.objects.create(
        **acts, status=ReportStatus.RETURNED, sent_at=AT, sent_by=other.clerk, decided_at=AT,
        decided_by=other.clerk,
    )  # fmt: skip
    DayReportStep.objects.create(**acts, act=ReportAct.RETURNED, taken_at=AT, taken_by=other.clerk)
    cell = {"area": other.commune, "day": day(3)}
    CellNote.objects.create(**cell, text=SECRET, written_at=AT, written_by=other.clerk)
    DraftCell.objects.create(**cell, source=made.source(), note=SECRET, saved_at=AT, saved_by=other.clerk)
    return own, other


def told(answer) -> str:
    """Everything in an answer that a person can read, the cells of a workbook too."""
    body = b"".join(answer) if answer.streaming else answer.content
    parts = [body, str(answer.headers).encode()]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            parts += [book.read(name) for name in book.namelist()]
    return html.unescape(b" ".join(parts).decode(errors="replace"))  # some write letters as &#7881;


def client_of(role: Role, place: Place) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(GrantFactory(role=role, area=place.district).user)
    return client


@pytest.mark.parametrize("role", Role)
def test_work_of_the_next_district_is_told_nowhere(districts, role):
    own, other = districts
    client = client_of(role, own)

    leaks = []
    for door in DOORS.values():
        for method, place in (("get", own), ("get", other), ("post", other)):
            answer = getattr(client, method)(door.address(place))
            if SECRET in told(answer):
                leaks.append(f"{method} {door.address(place)}")
    leaks += [address for address in LISTS if SECRET in told(client.get(address))]

    assert leaks == []


def test_the_same_pages_do_tell_it_where_it_belongs(districts):
    """So that the test above looks for what is really there."""
    _own, other = districts
    addresses = [*LISTS, *(door.address(other) for door in DOORS.values())]
    read = set()
    for role in (Role.DISTRICT_STAFF, Role.HEALTH, Role.ADMINISTRATOR):
        client = client_of(role, other)
        read |= {address for address in addresses if SECRET in told(client.get(address))}

    assert {
        "/approvals/?state=returned", f"/approvals/902/{day(3)}/", "/corrections/", "/exceptions/?state=over",
        "/diary/?state=all",
        "/grants/", "/imports/", f"{other.file}/rows.xlsx", "/sources/?province=90",
        f"/counts/90201/{day(3)}/history/", f"/corrections/{other.correction}/",
        f"{other.conditions}/", f"{other.conditions}/mot/check/",
        f"{other.feedback}/", "/feedback/?state=received",
        f"{other.registration}/", f"{other.registration}/edit/",
        f"{shortlist_of(other)}/", f"{shortlist_of(other)}/list.xlsx",
        "/nominations/", f"/nominations/{nomination_of(other).pk}/", answering(other),
        f"/dossiers/{dossier_of(other).pk}/", f"/dossiers/{dossier_of(other).pk}/papers/submission/",
        f"/dossiers/{dossier_of(other).pk}/versions/1/",
        f"/units/{other.unit.pk}/", f"/units/{other.unit.pk}/edit/", "/units/", "/units/import/",
        f"{other.unit_file}/", f"{other.unit_file}/rows.xlsx", "/units/export/902.xlsx",
        f"/inspections/follow-ups/{other.follow_up.pk}/", f"/inspections/{other.follow_up.inspection_id}/",
    } <= read  # fmt: skip


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/imports/new/", {"area": "902"}),
        ("/units/import/", {"area": "902"}),
        ("/units/new/", {"seat": "90201", "kind": "agency", "name": "x"}),
        (
            "/facts/new/?kind=crowded_place_source",
            {"area": "90201", "since": "03/08/2021", "document": "1/BC"},
        ),
        ("/decisions/new/", {"area": "90201", "level": "high", "reason": "x", "document": "1/QĐ"}),
        ("/exceptions/new/", {"area": "902", "day": "04/08/2021", "reason": "x"}),
        (
            "/inspections/new/",
            {"unit": "90201", "department": "health", "purpose": "x", "planned_on": "01/09/2021"},
        ),
        ("/sources/90/tokens/new/", {"area": "902", "name": "máy"}),
        ("/grants/new/", {"area": "902", "role": "viewer"}),
    ],
)
@pytest.mark.parametrize("role", [Role.DISTRICT_STAFF, Role.HEALTH, Role.ADMINISTRATOR])
def test_form_takes_nothing_that_names_the_next_district(districts, role, address, said):
    own, other = districts
    client, journal = client_of(role, own), AuditEvent.objects.count()

    answer = client.post(address, {**said, "user": other.clerk.username})

    assert answer.status_code in (200, 403, 404)
    assert SECRET not in told(answer)
    assert AuditEvent.objects.count() == journal
    if answer.status_code == 200:
        assert {"area", "unit", "seat"} & set(answer.context["form"].errors)
