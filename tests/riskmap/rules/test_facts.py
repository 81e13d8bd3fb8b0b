"""Facts refuse arrays that do not fit together."""

from dataclasses import replace

import numpy as np
import pytest

from riskmap.rules.facts import Declarations
from tests.riskmap.rules.world import World

NO_ROWS = np.empty(0, np.int32)


@pytest.fixture
def facts():
    world = World(days=14)
    world.province()
    world.district()
    world.commune("xã")
    return world.facts()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda f: {"lead": 15}, "lead 15 does not fit 14 days"),
        (lambda f: {"lead": 3}, "previous has shape"),
        (lambda f: {"reported": f.reported[:, 1:]}, "reported has shape"),
        (lambda f: {"population": f.population[1:]}, "population has shape"),
        (lambda f: {"counts": {"isolated": f.reported.astype(int)}}, "unknown kind of counts: isolated"),
        (lambda f: {"counts": {"unknown_source": f.reported[:1].astype(int)}}, "unknown_source has shape"),
        (lambda f: {"counts": {"unknown_source": f.reported * 0.5}}, "whole numbers"),
        (
            lambda f: {"declared": {"rumour": Declarations(NO_ROWS, NO_ROWS, NO_ROWS)}},
            "declared fact: rumour",
        ),
        (lambda f: {"neighbours": np.array([1], np.int32)}, "neighbour_start does not end"),
    ],
)
def test_facts_that_do_not_fit_are_refused(facts, change, complaint):
    with pytest.raises(ValueError, match=complaint):
        replace(facts, **change(facts))
