"""Reads of dossiers that name persons: noted once a page is opened, shown to those who may, never changed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from awards.models import DossierRead
from core.enums import Role
from tests.awards.dossiers import PERSON, make_dossier, make_nominee
from tests.campaign.units import make_unit
from tests.factories import DistrictFactory, GrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    dossier = make_dossier(DistrictFactory())
    person = {"kind": PERSON, "person": "Bá Thị Chín", "person_post": "Trạm trưởng", "deeds": "Đi từng nhà."}
    make_nominee(dossier, make_unit(dossier.area, "agency"), **person)
    return dossier


def _client(area, role=Role.DISTRICT_STAFF):
    client = Client()
    client.force_login(GrantFactory(area=area, role=role).user)
    return client


def test_opening_a_page_is_noted_and_posting_to_one_is_not(dossier):
    client, address = _client(dossier.area), dossier.get_absolute_url()

    client.get(address)
    client.post(f"{address}submit/")
    client.get(f"{address}papers/submission/")

    assert list(DossierRead.objects.order_by("pk").values_list("what", flat=True)) == [
        address, f"{address}papers/submission/"
    ]  # fmt: skip


def test_review_of_a_dossier_is_noted(dossier):
    dossier.status = "submitted"
    dossier.save()

    _client(dossier.area.parent, Role.HOME_AFFAIRS).get(f"/review/{dossier.pk}/")

    assert DossierRead.objects.get().what == f"/review/{dossier.pk}/"


def test_who_may_not_see_it_leaves_no_trace(dossier):
    client = _client(DistrictFactory(parent=dossier.area.parent))

    assert client.get(dossier.get_absolute_url()).status_code == 404
    assert not DossierRead.objects.exists()


def test_list_says_who_read_what_the_last_first(dossier):
    client, office = _client(dossier.area), _client(dossier.area.parent, Role.HOME_AFFAIRS)
    office.get(f"{dossier.get_absolute_url()}check/")

    page = client.get(f"{dossier.get_absolute_url()}reads/")

    assert [read.words for read in page.context["page"]] == [
        "danh sách lượt xem", "kiểm tra trước khi nộp"
    ]  # fmt: skip


def test_what_was_noted_is_never_changed(dossier):
    _client(dossier.area).get(dossier.get_absolute_url())

    for change in (
        lambda: DossierRead.objects.update(what="khác"),
        lambda: DossierRead.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_list_asks_as_often_for_many_reads_as_for_one(dossier, django_assert_max_num_queries):
    reader = GrantFactory(area=dossier.area, role=Role.DISTRICT_STAFF).user
    DossierRead.objects.bulk_create(
        DossierRead(
            dossier=dossier, what="/x/", read_at=timezone.now() - timedelta(minutes=n), read_by=reader
        )
        for n in range(60)
    )
    client = _client(dossier.area)

    with django_assert_max_num_queries(14):
        client.get(f"{dossier.get_absolute_url()}reads/")
