"""As of: what was known at an instant is answered the same for ever."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.enums import AreaKind
from core.people import system_user
from riskmap.as_of import known_at
from riskmap.declarations import declare_fact
from riskmap.enums import FactKind, RiskLevel
from riskmap.history import level_matrix
from riskmap.levels import reassess
from tests.riskmap.province import AT, day, join, make_province

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def stored(province, last):
    """Level and provisional mark of every area on every day, as the spans say."""
    cells = {}
    for kind in (AreaKind.COMMUNE, AreaKind.DISTRICT, AreaKind.PROVINCE):
        matrix = level_matrix(province=province.area, kind=kind, first=day(0), last=last)
        cells |= dict(zip(matrix.codes, matrix.cells.tolist(), strict=True))
    return cells


def known(province, instant, last):
    knowledge = known_at(province=province.area, instant=instant, through=last)
    codes = dict(
        [(province.area.pk, province.area.code)]
        + [(a.pk, code) for code, a in (province.districts | province.communes).items()]
    )
    lead = np.zeros((knowledge.assessed.first_day - day(0)).days, np.uint8)
    cells = knowledge.cells()
    return {
        codes[knowledge.areas.ids[row]]: [*lead.tolist(), *cells[row].tolist()]
        for row in knowledge.areas.own.nonzero()[0]
    }


def test_nothing_was_known_before_the_first_post():
    province = make_province()
    province.post({("90101", 0): 1}, at=AT)

    assert known_at(province=province.area, instant=AT - MINUTE) is None
    assert known_at(province=province.area, instant=AT) is not None


def test_correction_is_known_from_its_own_instant_on():
    province = make_province()
    province.post({("90101", 3): 2}, complete=(0, 20), at=AT)
    province.post({("90101", 3): 0}, reason="đính chính", at=AT + MINUTE)

    assert known(province, AT, day(20))["90101"][3] == RiskLevel.VERY_HIGH
    assert known(province, AT + MINUTE, day(20))["90101"][3] == RiskLevel.NEW_NORMAL


def test_declared_fact_is_known_from_the_instant_it_was_declared():
    province = make_province()
    province.post({}, complete=(0, 20), at=AT)
    declare_fact(
        area=province.communes["90101"],
        kind=FactKind.CROWDED_PLACE_SOURCE,
        since=day(5),
        until=None,
        document="1/CV",
        by=system_user(),
        at=AT + MINUTE,
    )

    assert known(province, AT, day(20))["90101"][6] == RiskLevel.NEW_NORMAL
    assert known(province, AT + MINUTE, day(20))["90101"][6] == RiskLevel.VERY_HIGH


def test_neighbouring_province_is_seen_as_it_was_known():
    here, there = make_province("90"), make_province("91", districts={"911": ["91101"]})
    join(here, there, [("90101", "91101")])
    here.post({}, complete=(0, 10), at=AT)
    there.post({("91101", 5): 2}, complete=(0, 10), at=AT + MINUTE)

    assert known(here, AT, day(10))["90101"][6] == RiskLevel.NEW_NORMAL
    assert known(here, AT + MINUTE, day(10))["90101"][6] == RiskLevel.HIGH


posts = st.lists(
    st.tuples(
        st.sampled_from(["huyện", "cdc"]),
        st.dictionaries(
            st.tuples(st.sampled_from(["90101", "90102", "90201"]), st.integers(0, 20)),
            st.sampled_from([0, 1, 2, {"known_source": 1}, {"close_contacts": 2}]),
            min_size=1,
            max_size=8,
        ),
        st.none() | st.tuples(st.integers(0, 10), st.integers(10, 20)),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posts=posts)
def test_every_instant_is_answered_with_what_the_map_showed_then(db, posts):
    with transaction.atomic():
        province = make_province(
            districts={"901": ["90101", "90102"], "902": ["90201"]},
            borders=[("90101", "90102"), ("90102", "90201")],
        )
        shown = []
        for number, (source, cases, complete) in enumerate(posts):
            at = AT + number * MINUTE
            province.post(cases, complete=complete, source=source, at=at)
            reassess(on=day(25), at=at)
            shown.append((at, stored(province, day(25))))

        answers = [(at, known(province, at, day(25))) for at, _ in shown]
        transaction.set_rollback(True)

    assert answers == shown
