"""Declared facts: of the right tier, with a document, once; and the levels are stale from their first day."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from core.enums import AreaKind
from core.models import Area, AuditEvent
from core.people import system_user
from riskmap.declarations import TIER_OF_KIND, FactRefused, check_declaration, declare_fact
from riskmap.enums import FactKind
from riskmap.models import DeclaredFact, StaleMark
from tests.factories import HamletFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def places(province):
    return {
        AreaKind.PROVINCE: province.area,
        AreaKind.DISTRICT: province.districts["901"],
        AreaKind.COMMUNE: province.communes["90101"],
        AreaKind.HAMLET: HamletFactory(parent=province.communes["90101"]),
    }


def declare(area, kind=FactKind.CROWDED_PLACE_SOURCE, **more):
    said = {"since": day(3), "document": "12/BC-SYT", **more}
    return declare_fact(area=area, kind=kind, by=system_user(), at=AT, **said)


def test_every_kind_speaks_about_one_tier():
    assert set(TIER_OF_KIND) == set(FactKind)


@pytest.mark.parametrize("tier", AreaKind)
@pytest.mark.parametrize("kind", FactKind)
def test_fact_is_declared_of_its_own_tier_only(places, kind, tier):
    if TIER_OF_KIND[kind] == tier:
        assert declare(places[tier], kind).area == places[tier]
        return

    with pytest.raises(FactRefused, match="khai báo cho cấp"):
        declare(places[tier], kind)
    with pytest.raises(IntegrityError, match="không khai báo cho cấp"), transaction.atomic():
        DeclaredFact.objects.create(
            area=places[tier],
            kind=kind,
            since=day(0),
            document="x",
            declared_at=AT,
            declared_by=system_user(),
        )


def test_fact_keeps_who_when_and_by_which_document(province):
    declare(province.communes["90101"], until=day(9), document="  Báo cáo  số 12/BC-SYT ")

    fact = DeclaredFact.objects.get()
    assert (fact.since, fact.until, fact.document, fact.declared_by, fact.declared_at) == (
        day(3), day(9), "Báo cáo số 12/BC-SYT", system_user(), AT,
    )  # fmt: skip
    event = AuditEvent.objects.get(table_name="riskmap_declaredfact")
    assert (event.actor, event.reason) == ("he-thong", "Khai báo theo văn bản Báo cáo số 12/BC-SYT")


def test_fact_marks_its_province_stale_from_its_first_day(province):
    declare(province.communes["90101"])

    assert list(StaleMark.objects.values_list("province", "since")) == [(province.area.pk, day(3))]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"until": day(2)}, "Ngày kết thúc"),
        ({"document": "  "}, "số văn bản"),
        ({"document": "x" * 201}, "số văn bản"),
    ],
)
def test_fact_with_days_out_of_order_or_without_document_is_refused(province, more, words):
    with pytest.raises(FactRefused, match=words):
        declare(province.communes["90101"], **more)

    assert not StaleMark.objects.exists()


def test_fact_of_a_unit_that_is_gone_is_refused(province):
    Area.objects.filter(code="90101").update(valid_to=day(2))

    with pytest.raises(FactRefused, match="không còn"):
        declare(Area.objects.get(code="90101"))


@pytest.mark.parametrize(
    ("since", "until", "allowed"),
    [
        (day(3), day(6), False),
        (day(1), day(3), False),
        (day(6), None, False),
        (day(1), day(2), True),
        (day(7), None, True),
    ],
)
def test_fact_already_declared_for_some_of_these_days_is_refused(province, since, until, allowed):
    commune = province.communes["90101"]
    declare(commune, since=day(3), until=day(6))

    if allowed:
        declare(commune, since=since, until=until)
    else:
        with pytest.raises(
            FactRefused, match=r"đã được khai báo .* từ 04/08/2021 đến 07/08/2021 \(văn bản 12"
        ):
            declare(commune, since=since, until=until)
        with pytest.raises(FactRefused):
            check_declaration(
                area=commune, kind=FactKind.CROWDED_PLACE_SOURCE, since=since, until=until, document="x"
            )


def run(*options):
    out = io.StringIO()
    try:
        call_command("declare_fact", *options, stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


RIGHT = ("--area", "90101", "--kind", "crowded_place_source", "--since", "2021-08-04", "--document", "12/BC")


def test_command_without_commit_checks_and_writes_nothing(province):
    code, out = run(*RIGHT)

    assert code == 0
    assert "nguồn lây ở nơi tập trung đông người, từ 04/08/2021 đến chưa định" in out
    assert not DeclaredFact.objects.exists()


def test_command_with_commit_declares(province):
    assert run(*RIGHT, "--until", "2021-08-20", "--commit")[0] == 0

    fact = DeclaredFact.objects.get()
    assert (fact.area.code, fact.since, fact.until) == ("90101", date(2021, 8, 4), date(2021, 8, 20))


@pytest.mark.parametrize("commit", [[], ["--commit"]])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--area", "99999"], "99999"),
        (["--area", "901"], "khai báo cho cấp"),
        (["--until", "2021-08-03"], "Ngày kết thúc"),
        (["--document", " "], "văn bản"),
    ],
)
def test_command_exits_2_when_the_fact_is_refused(province, options, words, commit):
    code, said = run(*RIGHT, *options, *commit)

    assert code == 2
    assert words in said
    assert not DeclaredFact.objects.exists()


def test_command_exits_2_for_the_same_fact_again(province):
    run(*RIGHT, "--commit")

    assert run(*RIGHT, "--commit")[0] == 2
    assert DeclaredFact.objects.count() == 1
