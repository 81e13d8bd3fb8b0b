"""Every constraint of every table is broken once, in the database itself and past all forms."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from core.assets import put_asset
from core.models import Area, AreaBoundary, AreaNeighbour, BoundarySet, Grant, Notice, PublicAsset
from core.people import system_user
from riskmap.models import (
    Assessment,
    CountEntry,
    CountPost,
    DeclaredFact,
    Grounds,
    ImportBatch,
    IssuedFile,
    LevelOverride,
    LevelSpan,
    MapEdition,
    ProvincePolicy,
    ReportCoverage,
)
from tests.factories import CommuneFactory, GrantFactory, ProvinceFactory, UserFactory
from tests.house import (  # noqa: F401  (their examples are among BREAKS)
    breaks_of_awards_batches,
    breaks_of_awards_councils,
    breaks_of_awards_decisions,
    breaks_of_awards_dossiers,
    breaks_of_awards_nominations,
    breaks_of_awards_reviews,
    breaks_of_awards_shortlist,
    breaks_of_daily_work,
    breaks_of_feedback,
    breaks_of_files,
    breaks_of_inspections,
    breaks_of_issued_papers,
    breaks_of_paper_templates,
    breaks_of_plans,
    breaks_of_pledges,
    breaks_of_registrations,
    breaks_of_standings,
    breaks_of_units,
    breaks_of_zones,
)
from tests.house.breaking import AT, BREAKS, FIRST, LAST, breaks, count_source

HOUSE = ("core", "riskmap", "campaign", "awards")

CONSTRAINTS = {
    constraint.name: (model, constraint)
    for app in HOUSE
    for model in apps.get_app_config(app).get_models()
    for constraint in model._meta.constraints
}


def test_constraint_has_an_example_here():
    assert set(BREAKS) == set(CONSTRAINTS)


@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_constraint_says_to_a_clerk_what_it_defends(name):
    model, constraint = CONSTRAINTS[name]

    message = str(constraint.violation_error_message)

    assert message != str(constraint.default_violation_error_message)
    assert message.endswith("."), f"{model.__name__}: a sentence, not {message!r}"


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_constraint_is_kept_by_the_database(name):
    def break_it():
        with transaction.atomic(), connection.cursor() as cursor:
            BREAKS[name]()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError) as refusal:
        break_it()

    assert refusal.value.__cause__.diag.constraint_name == name


# --- core -----------------------------------------------------------------------------------------------


@breaks("area_code_valid_once_at_a_time")
def _():
    ProvinceFactory(code="58", valid_from=FIRST, valid_to=LAST)
    ProvinceFactory(code="58", valid_from=LAST)


@breaks("area_valid_from_not_after_valid_to")
def _():
    ProvinceFactory(valid_from=LAST, valid_to=FIRST)


@breaks("area_only_a_province_has_no_parent")
def _():
    CommuneFactory(parent=None)


@breaks("area_kind_is_known")
def _():
    CommuneFactory(kind="kingdom")


@breaks("area_code_is_plain")
def _():
    ProvinceFactory(code="5/8")


@breaks("area_population_has_its_year")
def _():
    ProvinceFactory(population=590_467)


def _boundary_set(area: Area) -> BoundarySet:
    topology = PublicAsset.objects.create(
        sha256="0" * 64, media_type="application/json", body=b"{}", gzip=b"", brotli=b"", created_at=AT
    )
    return BoundarySet.objects.create(
        province=area, source="thử", licence="thử", file_name="x", file_sha256="0" * 64, topology=topology,
        imported_at=AT, imported_by=system_user(),
    )  # fmt: skip


@breaks("boundary_label_on_earth")
def _():
    area = ProvinceFactory()
    AreaBoundary.objects.create(
        area=area, boundary_set=_boundary_set(area), shape=b"", label_lon=586_000, label_lat=11.6
    )


@breaks("neighbour_is_another_area")
def _():
    area = ProvinceFactory()
    AreaNeighbour.objects.create(area=area, neighbour=area, border_m=10)


@breaks("neighbour_border_has_length")
def _():
    AreaNeighbour.objects.create(area=ProvinceFactory(), neighbour=ProvinceFactory(), border_m=0)


@breaks("user_name_once_in_any_case")
def _():
    UserFactory(username="lan")
    UserFactory(username="LAN")


@breaks("grant_given_once_at_a_time")
def _():
    first = GrantFactory()
    GrantFactory(user=first.user, area=first.area, valid_from=LAST)


@breaks("grant_from_not_after_to")
def _():
    GrantFactory(valid_from=LAST, valid_to=FIRST)


@breaks("grant_ended_at_with_ended_by")
def _():
    grant = GrantFactory()
    Grant.objects.filter(pk=grant.pk).update(ended_at=AT)


@breaks("grant_role_is_known")
def _():
    GrantFactory(role="king")


def _notice(**said) -> Notice:
    return Notice.objects.create(
        **{"recipient": system_user(), "key": "thử", "subject": "Thử", "link": "/", "created_at": AT} | said
    )


@breaks("notice_sent_once")
def _():
    _notice()
    _notice()


@breaks("notice_has_a_subject")
def _():
    _notice(subject="")


@breaks("notice_link_is_a_page_of_this_site")
def _():
    _notice(link="//elsewhere.example/")


# --- riskmap --------------------------------------------------------------------------------------------


def _batch(**said) -> ImportBatch:
    return ImportBatch.objects.create(
        **{"source_name": "huyện", "file_name": "x.csv", "file_sha256": "0" * 64, "content": b"",
           "created_at": AT, "created_by": system_user()} | said
    )  # fmt: skip


def _post(**said) -> CountPost:
    source = count_source(province=ProvinceFactory())
    return CountPost.objects.create(
        **{"province": source.province, "source": source, "reason": "thử", "posted_at": AT,
           "posted_by": system_user()} | said
    )  # fmt: skip


def _entry(post: CountPost, area: Area, **said) -> CountEntry:
    return CountEntry.objects.create(
        **{"post": post, "area": area, "source": post.source, "day": FIRST, "unclassified": 1} | said
    )


def _fact(**said) -> DeclaredFact:
    return DeclaredFact.objects.create(
        **{"kind": "crowded_place_source", "since": FIRST, "document": "01/BC", "declared_at": AT,
           "declared_by": system_user()} | said
    )  # fmt: skip


@breaks("batch_file_committed_once")
def _():
    province = ProvinceFactory()
    for _time in range(2):
        _batch(province=province, status="committed", committed_at=AT, committed_by=system_user())


@breaks("batch_zero_fill_has_both_ends_in_order")
def _():
    _batch(province=ProvinceFactory(), zero_fill_from=LAST, zero_fill_to=FIRST)


@breaks("batch_committed_with_when_and_who")
def _():
    _batch(province=ProvinceFactory(), status="committed")


@breaks("batch_undone_with_when_and_who")
def _():
    _batch(province=ProvinceFactory(), status="undone", committed_at=AT, committed_by=system_user())


@breaks("batch_rows_add_up")
def _():
    _batch(province=ProvinceFactory(), rows_read=3, rows_accepted=1, rows_refused=1)


@breaks("source_name_once_per_province")
def _():
    province = ProvinceFactory()
    count_source(province=province, rank=1)
    count_source(province=province, rank=2)


@breaks("source_rank_once_per_province")
def _():
    province = ProvinceFactory()
    count_source(province=province, name="huyện")
    count_source(province=province, name="CDC")


@breaks("post_has_a_reason")
def _():
    _post(reason="")


@breaks("entry_area_and_day_once_in_a_post")
def _():
    post = _post()
    area = CommuneFactory(parent__parent=post.province)
    _entry(post, area)
    _entry(post, area, unclassified=2)


@breaks("entry_says_something")
def _():
    post = _post()
    _entry(post, CommuneFactory(parent__parent=post.province), unclassified=None)


@breaks("coverage_first_day_not_after_last")
def _():
    post = _post()
    ReportCoverage.objects.create(
        post=post, source=post.source, scope=post.province, first_day=LAST, last_day=FIRST
    )


@breaks("policy_source_policy_is_known")
def _():
    ProvincePolicy.objects.create(province=ProvinceFactory(), source_policy="smallest")


@breaks("fact_since_not_after_until")
def _():
    _fact(area=CommuneFactory(), since=LAST, until=FIRST)


@breaks("fact_has_a_document")
def _():
    _fact(area=CommuneFactory(), document="")


@breaks("fact_kind_is_known")
def _():
    # The trigger that fits a kind to its tier would be first to refuse.
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE riskmap_declaredfact DISABLE TRIGGER fact_fits_its_area")
    _fact(area=CommuneFactory(), kind="rumour")


@breaks("fact_confirmed_by_a_second_person")
def _():
    person = UserFactory()
    _fact(area=CommuneFactory(), declared_by=person, confirmed_by=person, confirmed_at=AT)


@breaks("fact_declared_once")
def _():
    area = CommuneFactory()
    _fact(area=area)
    _fact(area=area, document="02/BC")


@breaks("fact_refused_by_a_second_person_who_says_why")
def _():
    _fact(area=CommuneFactory(), refused_at=AT, refused_by=UserFactory())


@breaks("fact_confirmed_or_refused_not_both")
def _():
    _fact(
        area=CommuneFactory(), confirmed_at=AT, confirmed_by=UserFactory(), refused_at=AT,
        refused_by=UserFactory(), refusal="nhầm đơn vị",
    )  # fmt: skip


@breaks("fact_ended_on_one_of_its_days")
def _():
    _fact(
        area=CommuneFactory(), until=LAST, confirmed_at=AT, confirmed_by=UserFactory(), ended_at=AT,
        ended_by=UserFactory(), ended_on=LAST + timedelta(days=1),
    )  # fmt: skip


@breaks("fact_ended_only_when_confirmed")
def _():
    _fact(area=CommuneFactory(), ended_at=AT, ended_by=UserFactory(), ended_on=LAST)


def _override(**said) -> LevelOverride:
    return LevelOverride.objects.create(
        **{"level": 4, "since": FIRST, "until": LAST, "reason": "ổ dịch ở chợ", "document": "01/QĐ-SYT",
           "decided_at": AT, "decided_by": system_user()} | said
    )  # fmt: skip


@breaks("override_since_not_after_until")
def _():
    _override(area=CommuneFactory(), since=LAST, until=FIRST)


@breaks("override_level_is_known")
def _():
    _override(area=CommuneFactory(), level=0)


@breaks("override_has_a_reason")
def _():
    _override(area=CommuneFactory(), reason="")


@breaks("override_has_a_document")
def _():
    _override(area=CommuneFactory(), document="")


@breaks("override_confirmed_by_a_second_person")
def _():
    person = UserFactory()
    _override(area=CommuneFactory(), decided_by=person, confirmed_by=person, confirmed_at=AT)


@breaks("override_refused_by_a_second_person_who_says_why")
def _():
    person = UserFactory()
    _override(
        area=CommuneFactory(), decided_by=person, refused_by=person, refused_at=AT, refusal="thiếu căn cứ"
    )


@breaks("override_confirmed_or_refused_not_both")
def _():
    _override(
        area=CommuneFactory(), confirmed_at=AT, confirmed_by=UserFactory(), refused_at=AT,
        refused_by=UserFactory(), refusal="thiếu căn cứ",
    )  # fmt: skip


@breaks("override_ended_on_one_of_its_days")
def _():
    _override(
        area=CommuneFactory(), confirmed_at=AT, confirmed_by=UserFactory(), ended_at=AT,
        ended_by=UserFactory(), ended_on=FIRST - timedelta(days=2),
    )  # fmt: skip


@breaks("override_ended_only_when_confirmed")
def _():
    _override(area=CommuneFactory(), ended_at=AT, ended_by=UserFactory(), ended_on=FIRST)


@breaks("override_decided_once_at_a_time")
def _():
    area = CommuneFactory()
    _override(area=area)
    _override(area=area, since=LAST, until=LAST)


def _grounds() -> Grounds:
    return Grounds.objects.create(rule_set="qd_2686_2021", criteria=["xa.do.1"])


@breaks("grounds_once")
def _():
    _grounds()
    _grounds()


def _span(**said) -> LevelSpan:
    return LevelSpan.objects.create(
        **{"area": CommuneFactory(), "first_day": FIRST, "last_day": LAST, "level": 4, "provisional": False,
           "grounds": _grounds()} | said
    )  # fmt: skip


@breaks("span_first_day_not_after_last")
def _():
    _span(first_day=LAST, last_day=FIRST)


@breaks("span_level_is_known")
def _():
    _span(level=5)


@breaks("assessment_days_in_order")
def _():
    Assessment.objects.create(
        province=ProvinceFactory(), rule_set="x", first_day=LAST, last_reported_day=FIRST,
        known_through=LAST, version=1, computed_at=AT,
    )  # fmt: skip


def _edition(**said) -> MapEdition:
    # The trigger that lets an edition only continue the chain would be first to refuse.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE riskmap_mapedition DISABLE TRIGGER edition_continues_the_chain")
    payload = put_asset(body=b"{}", media_type="application/json", at=AT)
    return MapEdition.objects.create(
        **{"number": 1, "day": FIRST, "cut_off": AT, "published_at": AT, "published_by": system_user(),
           "rule_set": "x", "payload": payload, "codes": "", "cells": b"", "previous_hash": "0" * 64,
           "hash": "1" * 64} | said
    )  # fmt: skip


@breaks("edition_number_once_per_province")
def _():
    province = ProvinceFactory()
    _edition(province=province)
    _edition(province=province, cut_off=AT - timedelta(days=1), hash="2" * 64)


@breaks("edition_cut_off_once_per_province")
def _():
    province = ProvinceFactory()
    _edition(province=province)
    _edition(province=province, number=2, hash="2" * 64)


@breaks("edition_published_after_its_cut_off")
def _():
    _edition(province=ProvinceFactory(), published_at=AT - timedelta(seconds=1))


def _issued(**said) -> IssuedFile:
    return IssuedFile.objects.create(
        **{"code": "2345678923", "evidence": "0" * 64, "content_sha256": "0" * 64, "day": FIRST,
           "layer": "commune", "view": "known", "known_at": AT, "file_format": "csv", "totals": [0] * 5,
           "simulated": False, "issued_at": AT} | said
    )  # fmt: skip


@breaks("issued_code_and_content_once")
def _():
    province = ProvinceFactory()
    _issued(province=province)
    _issued(province=province)


@breaks("issued_file_names_its_edition_or_its_instant")
def _():
    _issued(province=ProvinceFactory(), view="published")
