"""Declared facts: of the right tier, with a document, once; and the levels are stale from their first day."""

import io
from datetime import date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from core.enums import AreaKind
from core.models import Area, AuditEvent
from core.people import system_user
from riskmap.declarations import (
    TIER_OF_KIND,
    FactRefused,
    check_declaration,
    confirm_fact,
    declare_fact,
    end_fact,
    refuse_fact,
)
from riskmap.enums import FactKind, RiskLevel
from riskmap.history import spans_of
from riskmap.levels import reassess
from riskmap.models import Assessment, DeclaredFact, StaleMark
from riskmap.why import why
from tests.factories import HamletFactory, UserFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


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
        ({"since": date(21, 8, 4)}, "xem lại năm"),
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


# --- confirm, refuse, end --------------------------------------------------------------------------------


@pytest.fixture
def other():
    return UserFactory(username="binh")


@pytest.fixture
def assessed(province):
    province.post({}, complete=(0, 20))
    reassess(on=day(20), at=AT)
    return province


def levels(province, first=0, last=20):
    spans = spans_of(area=province.communes["90101"], first=day(first), last=day(last))
    return "".join("ngyor"[span.level] * ((span.last_day - span.first_day).days + 1) for span in spans)


def test_fact_acts_before_it_is_confirmed_and_no_differently_after(assessed, other):
    fact = declare(assessed.communes["90101"], until=day(5))
    reassess(on=day(20), at=AT)
    assert levels(assessed, 2, 6) == "grrrg"

    confirmed = confirm_fact(fact=fact, by=other, at=AT)

    assert (confirmed.confirmed_by, confirmed.confirmed_at) == (other, AT)
    assert not StaleMark.objects.exists()
    assert AuditEvent.objects.latest("pk").reason == "Xác nhận khai báo theo văn bản 12/BC-SYT"


def test_refused_fact_acts_no_longer_and_can_be_declared_again(assessed, other):
    fact = declare(assessed.communes["90101"], until=day(5))
    reassess(on=day(20), at=AT)

    refused = refuse_fact(fact=fact, refusal=" nhầm  xã ", by=other, at=AT + HOUR)

    assert (refused.refusal, refused.refused_by, refused.refused_at) == ("nhầm xã", other, AT + HOUR)
    assert list(StaleMark.objects.values_list("province", "since")) == [(assessed.area.pk, day(3))]
    reassess(on=day(20), at=AT)
    assert levels(assessed, 2, 6) == "ggggg"
    declare(assessed.communes["90101"], until=day(5))
    reassess(on=day(20), at=AT)
    assert levels(assessed, 2, 6) == "grrrg"


def test_ended_fact_acts_to_its_last_day(assessed, other):
    fact = confirm_fact(fact=declare(assessed.communes["90101"]), by=other, at=AT)
    reassess(on=day(20), at=AT)
    assert levels(assessed, 2, 6) == "grrrr"

    ended = end_fact(fact=fact, on=day(4), by=fact.declared_by, at=AT + HOUR)

    assert (ended.last_day, ended.until) == (day(4), None)
    assert list(StaleMark.objects.values_list("province", "since")) == [(assessed.area.pk, day(5))]
    reassess(on=day(20), at=AT)
    assert levels(assessed, 2, 6) == "grrgg"
    declare(assessed.communes["90101"], since=day(5))


def test_fact_that_never_held_is_ended_the_day_before_its_first(assessed, other):
    fact = confirm_fact(fact=declare(assessed.communes["90101"], until=day(9)), by=other, at=AT)

    end_fact(fact=fact, on=day(2), by=other, at=AT)

    reassess(on=day(20), at=AT)
    assert levels(assessed) == "g" * 21
    declare(assessed.communes["90101"], until=day(9))


def test_as_of_an_instant_a_fact_refused_or_ended_later_still_acted(assessed, other):
    declare(assessed.communes["90102"])
    refused = DeclaredFact.objects.get()
    ended = confirm_fact(fact=declare(assessed.communes["90101"]), by=other, at=AT)
    refuse_fact(fact=refused, refusal="nhầm", by=other, at=AT + HOUR)
    end_fact(fact=ended, on=day(4), by=other, at=AT + HOUR)

    def then(instant, code, number):
        return why(area=assessed.communes[code], day=day(number), on=day(20), instant=instant)

    for instant, before in ((AT + HOUR - MINUTE, True), (AT + HOUR, False)):
        red, green = RiskLevel.VERY_HIGH, RiskLevel.NEW_NORMAL
        assert then(instant, "90102", 5).level == (red if before else green)
        assert then(instant, "90101", 5).level == (red if before else green)
        assert then(instant, "90101", 4).level == red
        (said,) = [fact for each in then(instant, "90101", 4).findings for fact in each.declared]
        assert (said.confirmed_at, said.last_day) == (AT, None if before else day(4))
    reassess(on=day(20), at=AT)
    assert then(None, "90102", 5).level == RiskLevel.NEW_NORMAL
    assert not any(each.declared for each in then(None, "90102", 5).findings)


def test_fact_of_a_day_to_come_leaves_the_days_before_it_to_be_computed(assessed):
    at = datetime.combine(day(20), time(9), AT.tzinfo)
    declare_fact(
        area=assessed.communes["90101"], kind=FactKind.CROWDED_PLACE_SOURCE, since=day(25), document="x",
        by=system_user(), at=at,
    )  # fmt: skip

    assert list(StaleMark.objects.values_list("since")) == [(day(20),)]
    reassess(on=day(20), at=at)
    assert Assessment.objects.get().known_through < day(25)
    reassess(on=day(26), at=at)
    assert levels(assessed, 23, 26) == "ggrr"


def test_nobody_confirms_or_refuses_what_they_declared(assessed):
    fact = declare(assessed.communes["90101"])

    with pytest.raises(FactRefused, match="không tự xác nhận được"):
        confirm_fact(fact=fact, by=fact.declared_by, at=AT)
    with pytest.raises(FactRefused, match="không tự xác nhận được"):
        refuse_fact(fact=fact, refusal="nhầm", by=fact.declared_by, at=AT)


def test_fact_is_confirmed_or_refused_once(assessed, other):
    confirmed = confirm_fact(fact=declare(assessed.communes["90101"]), by=other, at=AT)
    refused = refuse_fact(fact=declare(assessed.communes["90102"]), refusal="nhầm", by=other, at=AT)

    for fact, words in ((confirmed, "đã được xác nhận"), (refused, "đã bị từ chối")):
        with pytest.raises(FactRefused, match=words):
            confirm_fact(fact=fact, by=other, at=AT)
        with pytest.raises(FactRefused, match=words):
            refuse_fact(fact=fact, refusal="nhầm", by=other, at=AT)


@pytest.mark.parametrize("refusal", ["  ", "x" * 301])
def test_refusal_says_why_in_a_line(assessed, other, refusal):
    with pytest.raises(FactRefused, match="lý do không xác nhận, dài nhất 300"):
        refuse_fact(fact=declare(assessed.communes["90101"]), refusal=refusal, by=other, at=AT)


@pytest.mark.parametrize("on", [1, 9, 10])
def test_end_must_shorten_the_fact(assessed, other, on):
    fact = confirm_fact(fact=declare(assessed.communes["90101"], until=day(9)), by=other, at=AT)

    with pytest.raises(FactRefused, match=r"từ 03/08/2021 .* và trước 10/08/2021"):
        end_fact(fact=fact, on=day(on), by=other, at=AT)


def test_fact_without_an_end_is_not_ended_before_it_began(assessed, other):
    fact = confirm_fact(fact=declare(assessed.communes["90101"]), by=other, at=AT)

    with pytest.raises(FactRefused, match=r"từ 03/08/2021 .* trở đi"):
        end_fact(fact=fact, on=day(1), by=other, at=AT)


def test_only_a_confirmed_fact_is_ended_and_only_once(assessed, other):
    fact = declare(assessed.communes["90101"])
    with pytest.raises(FactRefused, match="chưa được xác nhận"):
        end_fact(fact=fact, on=day(5), by=other, at=AT)
    confirm_fact(fact=fact, by=other, at=AT)
    end_fact(fact=fact, on=day(5), by=other, at=AT)

    with pytest.raises(FactRefused, match="đã được kết thúc, ngày cuối là 06/08/2021"):
        end_fact(fact=fact, on=day(4), by=other, at=AT)


# --- by command -------------------------------------------------------------------------------------------


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
