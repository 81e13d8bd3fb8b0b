"""The API of dossiers: one's own area, the same deadline as the page, and reads of persons noted."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from awards.models import DossierRead, DossierVersion
from core.enums import Role
from tests.awards.dossiers import PERSON, make_dossier, make_nominee, make_ready, make_version
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_unit
from tests.factories import DistrictFactory, GrantFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/dossiers/"


def _phase(province, *, left):
    """A phase whose dossiers are due ``left`` from now."""
    return make_phase(
        make_campaign(province=province), dossier_deadline=timezone.now() + left,
        deadline_set_by="plan", deadline_wording="trước hạn",
    )  # fmt: skip


@pytest.fixture
def district():
    return DistrictFactory()


def _client(area, role=Role.DISTRICT_STAFF, **options):
    client = Client(**options)
    client.force_login(GrantFactory(area=area, role=role).user)
    return client


def test_district_reads_its_own_dossiers_alone(district):
    phase = _phase(district.parent, left=timedelta(days=1))
    own, other = make_dossier(district, phase), make_dossier(DistrictFactory(parent=district.parent), phase)
    make_nominee(own)
    person = {"kind": PERSON, "person": "Bá Thị Chín", "person_post": "Trạm trưởng", "deeds": "Đi từng nhà."}
    make_nominee(own, make_unit(district, "agency"), **person)
    client = _client(district)

    answer = client.get(ADDRESS)

    assert answer.json()["results"] == [
        {
            "id": own.pk,
            "campaign": phase.campaign.slug,
            "phase": phase.code,
            "area": {"code": district.code, "name": district.name, "kind": "district"},
            "status": "draft",
            "deadline": timezone.localtime(phase.dossier_deadline).isoformat(),
            "deadline_of": "phase",
            "collectives": 1,
            "persons": 1,
            "handed_in_at": None,
            "late": False,
            "touched_at": None,
        }
    ]
    assert answer["Cache-Control"] == "no-store"
    refused = client.get(f"{ADDRESS}{other.pk}/")
    assert (refused.status_code, refused.json()["code"]) == (404, "dossier_not_found")
    assert client.get(f"{ADDRESS}0x1/").status_code == 404


def test_one_dossier_tells_nominees_papers_and_receipts_and_its_reading_is_noted(district):
    dossier = make_dossier(district, _phase(district.parent, left=timedelta(days=1)))
    make_nominee(dossier, kind=PERSON, person="Bá Thị Chín", person_post="Trạm trưởng", deeds="Đi từng nhà.")
    version = make_version(dossier)
    client = _client(district)

    said = client.get(f"{ADDRESS}{dossier.pk}/").json()

    assert [row["person"] for row in said["nominees"]] == ["Bá Thị Chín"]
    assert next((row["key"], row["state"]) for row in said["items"]) == ("submission", "unopened")
    assert said["versions"] == [
        {
            "number": 1,
            "received_at": timezone.localtime(version.received_at).isoformat(),
            "deadline": timezone.localtime(version.deadline).isoformat(),
            "late": False,
            "sha256": version.sha256,
            "receipt": version.receipt,
        }
    ]
    read = DossierRead.objects.get()
    assert (read.dossier, read.what) == (dossier, f"{ADDRESS}{dossier.pk}/")


def test_reading_a_dossier_without_persons_is_not_noted(district):
    dossier = make_dossier(district, _phase(district.parent, left=timedelta(days=1)))
    make_nominee(dossier)

    assert _client(district).get(f"{ADDRESS}{dossier.pk}/").status_code == 200
    assert not DossierRead.objects.exists()


def test_handing_in_gives_the_receipt_that_the_page_gives(district):
    dossier = make_ready(make_dossier(district, _phase(district.parent, left=timedelta(minutes=5))))

    answer = _client(district).post(f"{ADDRESS}{dossier.pk}/versions/")

    version = DossierVersion.objects.get()
    assert answer.status_code == 201
    assert (answer.json()["receipt"], answer.json()["sha256"]) == (version.receipt, version.sha256)
    again = _client(district).post(f"{ADDRESS}{dossier.pk}/versions/")
    assert (again.status_code, again.json()["code"]) == (409, "dossier_refused")


def test_handing_in_at_the_deadline_is_refused_and_nothing_is_written(district):
    dossier = make_ready(make_dossier(district, _phase(district.parent, left=timedelta())))

    answer = _client(district).post(f"{ADDRESS}{dossier.pk}/versions/")

    assert (answer.status_code, answer.json()["code"]) == (409, "dossier_late")
    assert not DossierVersion.objects.exists()


def test_handing_in_what_is_incomplete_says_what_is_lacking(district):
    dossier = make_dossier(district, _phase(district.parent, left=timedelta(days=1)))

    answer = _client(district).post(f"{ADDRESS}{dossier.pk}/versions/")

    assert (answer.status_code, answer.json()["code"]) == (409, "dossier_incomplete")
    assert any("chưa có đối tượng nào" in words for words in answer.json()["lacking"])


def test_handing_in_needs_the_token_of_the_session_and_the_right(district):
    dossier = make_ready(make_dossier(district, _phase(district.parent, left=timedelta(days=1))))
    address = f"{ADDRESS}{dossier.pk}/versions/"

    assert _client(district, enforce_csrf_checks=True).post(address).status_code == 403
    assert _client(district, Role.VIEWER).post(address).status_code == 403
    assert _client(DistrictFactory(parent=district.parent)).post(address).status_code == 404
    assert Client().post(address).status_code == 403
    assert not DossierVersion.objects.exists()


def test_list_asks_as_often_for_many_dossiers_as_for_one(district, django_assert_max_num_queries):
    phase = _phase(district.parent, left=timedelta(days=1))
    for _number in range(12):
        make_nominee(make_dossier(DistrictFactory(parent=district.parent), phase, status="returned"))
    client = _client(district.parent, Role.HOME_AFFAIRS)

    with django_assert_max_num_queries(8):
        assert len(client.get(ADDRESS).json()["results"]) == 12
