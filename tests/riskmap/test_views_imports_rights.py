"""Whose files the pages show and write: an insider's, a neighbour's, an outsider's and the authority's."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from core.enums import Role
from core.models import Area
from core.people import end_grant
from riskmap.enums import BatchStatus
from riskmap.imports import commit_batch
from riskmap.models import CountPost, CountSource, ImportBatch
from tests.factories import GrantFactory, UserFactory
from tests.riskmap.imports.ground import csv_of, make_ground, preview
from tests.riskmap.imports.pages import client_of, commit, text, upload, uploaded

pytestmark = pytest.mark.django_db
FIRST = date(2021, 8, 1)


@pytest.fixture
def province():
    return make_ground()


@pytest.fixture
def insider(province):
    return client_of(province.districts["001"])


@pytest.fixture
def neighbour(province):
    return client_of(province.districts["002"])


@pytest.fixture
def authority(province):
    return client_of(province.area, Role.HEALTH)


# --- Of where, in whose name


@pytest.mark.parametrize("area", ["002", "00037", "01", "79", "00001\0"])
def test_area_of_somebody_else_is_not_to_be_chosen(insider, area):
    answer = upload(insider, csv_of("00001,2021-08-01,3"), area=area)

    assert answer.status_code == 200
    assert not ImportBatch.objects.exists()


def test_own_area_stands_in_the_form(insider, authority):
    assert 'value="001 – Huyện 001, Tỉnh 01"' in insider.get("/imports/new/").content.decode()
    assert 'value="01 – Tỉnh 01"' in authority.get("/imports/new/").content.decode()


def test_other_sources_are_for_those_who_manage_them(province, insider, authority):
    cdc = province.source("CDC")

    assert "Nguồn số liệu" not in text(insider.get("/imports/new/"))
    refused = text(upload(insider, csv_of("00001,2021-08-01,3"), source=cdc.pk))
    assert "Nguồn số liệu" in refused
    assert not ImportBatch.objects.exists()

    assert "CDC" in text(authority.get("/imports/new/"))
    batch = uploaded(authority, csv_of("00001,2021-08-01,3"), source=cdc.pk)
    commit(authority, batch)
    assert CountPost.objects.get().source == cdc


def test_source_of_another_province_is_no_choice_for_this_area(province):
    elsewhere = Area.objects.get(code="79")
    source = CountSource.objects.create(province=elsewhere, name="HCDC", rank=1)
    grant = GrantFactory(area=province.area, role=Role.HEALTH)
    client = Client()
    client.force_login(grant.user)

    foreign = upload(client, csv_of("00001,2021-08-01,3"), source=source.pk)
    GrantFactory(user=grant.user, area=elsewhere, role=Role.HEALTH)
    own = upload(client, csv_of("00001,2021-08-01,3"), source=source.pk)

    assert (foreign.status_code, own.status_code) == (200, 200)
    assert "Nguồn này không phải của tỉnh có địa bàn đã chọn." in text(own)
    assert not ImportBatch.objects.exists()


def test_file_for_a_source_is_committed_and_undone_only_by_those_who_manage_it(province, insider, authority):
    cdc = province.source("CDC")
    batch = uploaded(authority, csv_of("00001,2021-08-01,3"), source=cdc.pk)

    assert "Ghi vào sổ" not in text(insider.get(f"/imports/{batch.pk}/"))
    assert commit(insider, batch).status_code == 404
    commit(authority, batch)
    assert insider.post(f"/imports/{batch.pk}/undo/", {"reason": "x"}).status_code == 404
    assert ImportBatch.objects.get().status == BatchStatus.COMMITTED


# --- Who sees what


def test_files_are_seen_and_written_in_the_own_area_only(province, insider, neighbour, authority):
    batch = uploaded(insider, csv_of("00001,2021-08-01,3"))
    outsider = Client()
    outsider.force_login(UserFactory())
    commune = client_of(province.communes["00001"], Role.COMMUNE_STAFF)
    addresses = [f"/imports/{batch.pk}/", f"/imports/{batch.pk}/rows.csv", f"/imports/{batch.pk}/rows.xlsx"]

    for client, status in (
        (insider, 200),
        (authority, 200),
        (neighbour, 404),
        (commune, 404),
        (outsider, 403),
    ):
        assert [client.get(address).status_code for address in addresses] == [status] * 3
    for client in (neighbour, commune):
        assert "tep.csv" not in text(client.get("/imports/"))
        assert commit(client, batch).status_code == 404
        assert client.post(f"/imports/{batch.pk}/undo/", {"reason": "x"}).status_code == 404
    assert "tep.csv" in text(authority.get("/imports/"))
    assert not CountPost.objects.exists()


def test_reader_sees_a_file_and_its_list_without_any_button(province, insider):
    batch = uploaded(insider, csv_of("00001,2021-08-01,3"))
    reader = client_of(province.districts["001"], Role.VIEWER)

    assert "Bạn xem được tệp này" in text(reader.get(f"/imports/{batch.pk}/"))
    assert "Nhập một tệp" not in text(reader.get("/imports/"))
    assert reader.get("/imports/new/").status_code == 403
    assert commit(reader, batch).status_code == 403


def test_file_is_written_by_nobody_whose_rights_ended_since_its_preview(province):
    grant = GrantFactory(area=province.districts["001"], role=Role.DISTRICT_STAFF)
    client = Client()
    client.force_login(grant.user)
    batch = uploaded(client, csv_of("00001,2021-08-01,3"))
    manager = GrantFactory(area=province.area, role=Role.ADMINISTRATOR).user
    end_grant(grant=grant, by=manager, at=timezone.now(), reason="chuyển đi")

    assert commit(client, batch).status_code == 403
    GrantFactory(area=province.districts["002"], role=Role.DISTRICT_STAFF, user=grant.user)
    assert commit(client, batch).status_code == 404
    assert not CountPost.objects.exists()


def test_templates_and_exports_are_of_the_own_area_only(insider, neighbour, authority):
    addresses = ["/imports/template/001.xlsx", "/imports/template/00001.xlsx", "/counts/001/export.xlsx"]

    for client, status in ((insider, 200), (authority, 200), (neighbour, 404)):
        assert [client.get(address).status_code for address in addresses] == [status] * 3
    assert insider.get("/imports/template/01.xlsx").status_code == 404
    assert insider.get("/counts/01/export.xlsx").status_code == 404


def test_person_who_must_log_in_again_comes_back_to_the_form(client):
    answer = upload(client, csv_of("00001,2021-08-01,3"))

    assert (answer.status_code, answer.url) == (302, "/login/?next=/imports/new/")
    assert not ImportBatch.objects.exists()


def test_file_of_the_command_is_seen_by_the_whole_province_and_written_by_the_command(
    province, insider, authority
):
    batch = preview(province, csv_of("00001,2021-08-01,3"), name="lenh.csv").batch

    assert insider.get(f"/imports/{batch.pk}/").status_code == 404
    assert "chỉ ghi được ở đó" in text(authority.get(f"/imports/{batch.pk}/"))
    assert commit(authority, batch).status_code == 404
    commit_batch(batch=batch, by=UserFactory(), at=timezone.now())
    assert "ghi mới 1" in text(authority.get(f"/imports/{batch.pk}/"))
    assert authority.post(f"/imports/{batch.pk}/undo/", {"reason": "x"}).status_code == 404
