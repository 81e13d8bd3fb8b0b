from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from demo.ninh_thuan import simulate


@pytest.fixture(scope="module")
def simulated():
    return simulate.simulated()


def test_files_are_what_the_script_makes():
    kept = {path.name: path.read_text(encoding="utf-8") for path in (simulate.HERE / "counts").iterdir()}

    assert kept == simulate.files()


def test_files_follow_one_another_without_a_gap():
    periods = sorted((*simulate.COMPLETE, *simulate.WITH_GAPS))

    assert (periods[0][0], periods[-1][1]) == (simulate.FIRST_DAY, simulate.LAST_DAY)
    assert all(after[0] - before[1] == timedelta(1) for before, after in pairwise(periods))


def test_cases_add_up_to_the_published_totals(simulated):
    counts = simulated[2]
    cases = sum(counts[kind] for kind in ("unknown_source", "known_source", "isolated")).sum(axis=0)

    by_day = {simulate.FIRST_DAY + timedelta(i): int(total) for i, total in enumerate(cases)}
    published = [by_day[date(2021, 8, 15) + timedelta(i)] for i in range(36)]
    assert tuple(published) == simulate.PUBLISHED
    assert {day: by_day[day] for day in simulate.PUBLISHED_DAYS} == simulate.PUBLISHED_DAYS


def test_communes_that_do_not_report_are_not_in_the_files(simulated):
    codes, names, _counts, reported = simulated
    text = simulate.files()["2021-12-27_2021-12-31.csv"]

    assert f"\n{codes[names.index('Phước Diêm')]},2021-12-27," in text
    assert f"\n{codes[names.index('Phước Diêm')]},2021-12-28," not in text
    assert (~reported).sum() == 3 + 3 + 2 + 3


def test_outbreak_with_more_cases_than_the_province_had_is_refused(simulated):
    _codes, names, _counts, _reported = simulated
    population = np.ones(len(names))
    first = (date(2021, 9, 3) - simulate.FIRST_DAY).days  # the province had none that day

    with pytest.raises(ValueError, match="more cases"):
        simulate.simulate(
            names=names, population=population, outbreaks=[simulate.Outbreak(0, first, first, 1, 0)]
        )
