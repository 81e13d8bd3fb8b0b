"""Hints on the numbers of the day's grid: they speak, and keep nothing back."""

import pytest

from riskmap.plausibility import Numbers, hints_of

QUIET = [0, 0, 1, 0, 2, 0, 1]


def codes(numbers: Numbers, week=QUIET) -> list[str]:
    return [hint.code for hint in hints_of(numbers, week=week)]


@pytest.mark.parametrize(
    ("numbers", "week", "expected"),
    [
        (Numbers(1, 0, 0), QUIET, []),
        (Numbers(), QUIET, []),
        # A jump is at least five and more than three times the largest of the week.
        (Numbers(4, 0, 0), [0] * 7, []),
        (Numbers(5, 0, 0), [0] * 7, ["jump"]),
        (Numbers(3, 3, 0), QUIET, []),
        (Numbers(3, 3, 1), QUIET, ["jump"]),
        (Numbers(50, 0, 0), [None] * 7, []),
        (Numbers(50, 0, 0), [None] * 6 + [20], []),
        (Numbers(50, 0, 0), [], []),
        # Zero on the day after cases.
        (Numbers(0, 0, 0), QUIET, ["zero_after_cases"]),
        (Numbers(0, 0, 0), [5, 5, 5, 5, 5, 5, 0], []),
        (Numbers(0, 0, 0), [5] * 6 + [None], []),
        (Numbers(tests=3), QUIET, []),
        # A known source has contacts.
        (Numbers(0, 2, 0, 0), QUIET, ["no_contacts"]),
        (Numbers(0, 2, 0, None), QUIET, []),
        (Numbers(2, 0, 0, 0), QUIET, []),
        # Tests.
        (Numbers(1, 1, 1, tests=2), QUIET, ["more_cases_than_tests"]),
        (Numbers(1, 1, 1, tests=3), QUIET, []),
        (Numbers(tests=2, suspected=3), QUIET, ["more_suspected_than_tests"]),
        (Numbers(tests=3, suspected=3), QUIET, []),
        # Large numbers; of tests many are usual.
        (Numbers(close_contacts=499), QUIET, []),
        (Numbers(close_contacts=500), QUIET, ["unusually_many"]),
        (Numbers(tests=5000), QUIET, []),
    ],
)
def test_hints(numbers, week, expected):
    assert codes(numbers, week) == expected


def test_hint_says_the_numbers_it_is_about():
    assert [hint.text for hint in hints_of(Numbers(9, 2, 1, tests=4), week=QUIET)] == [
        "12 F0 là tăng vọt: 7 ngày trước nhiều nhất 2.",
        "12 F0 mà chỉ 4 người được xét nghiệm.",
    ]


@pytest.mark.parametrize(
    ("numbers", "cases", "half_filled", "says_nothing"),
    [
        (Numbers(), None, False, True),
        (Numbers(tests=1), None, False, False),
        (Numbers(0, 0, 0), 0, False, False),
        (Numbers(2, None, 1), 3, True, False),
    ],
)
def test_numbers_know_what_they_say(numbers, cases, half_filled, says_nothing):
    assert (numbers.cases, numbers.half_filled, numbers.says_nothing) == (cases, half_filled, says_nothing)
