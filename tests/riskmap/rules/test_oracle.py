"""Two implementations of one rule, of different minds: NumPy on arrays, SQL day by day. They must agree."""

import numpy as np
import pytest

from riskmap.rules.assess import assess
from riskmap.rules.scale import COMMUNE
from tests.riskmap.rules.oracle import run_oracle
from tests.riskmap.rules.random_worlds import random_decisions, random_facts
from tests.riskmap.rules.world import DECREE

pytestmark = pytest.mark.django_db

SMALL = dict(provinces=6, districts=5, communes=8, hamlets=60, days=40)


def assert_agreement(rule_set, facts):
    assessment = assess(rule_set, facts, all_criteria=True)

    level, provisional, met = run_oracle(rule_set, facts)

    np.testing.assert_array_equal(assessment.level, level)
    np.testing.assert_array_equal(assessment.provisional, provisional)
    np.testing.assert_array_equal(assessment.met, met)
    return assessment


def test_rule_in_sql_agrees_on_ten_thousand_random_communes():
    facts = random_facts(3, provinces=40, districts=10, communes=25, hamlets=600)

    assessment = assert_agreement(DECREE, facts)

    assert (facts.tier == COMMUNE).sum() == 10_000
    seen = int(np.bitwise_or.reduce(assessment.met, axis=None))
    assert DECREE.ids_of(seen) == tuple(each.id for each in DECREE.criteria), (
        "a criterion was never put to the test"
    )


@pytest.mark.parametrize(
    "parameters",
    [
        {"cluster_size": 1},
        {"cluster_size": 5, "unclassified_as": "known_source"},
        {"hold_days": 1},
        {"hold_days": 9, "cluster_size": 3},
        {"hamlets_as_communes": False, "unclassified_as": "known_source", "hold_days": 14},
    ],
)
def test_rule_in_sql_agrees_under_the_provinces_own_parameters(parameters):
    assert_agreement(DECREE.with_parameters(parameters), random_facts(7, **SMALL))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("hold_days", [0, 4])
def test_rule_in_sql_agrees_where_people_decided(seed, hold_days):
    facts = random_decisions(random_facts(seed, **SMALL), seed)

    assessment = assert_agreement(DECREE.with_parameters({"hold_days": hold_days}), facts)

    decided = assessment.met == DECREE.mask_of(["decided"])
    assert decided.sum() > 300
    assert set(assessment.level[decided]) == {1, 2, 3, 4}
