"""Days as bits, against the same said slowly."""

import numpy as np
import pytest

from riskmap.rules import days

LENGTHS = [1, 5, 63, 64, 65, 130, 200]


@pytest.fixture
def flags(request) -> np.ndarray:
    return np.random.default_rng(request.param).random((9, request.param)) < 0.3


every_length = pytest.mark.parametrize("flags", LENGTHS, indirect=True)


def unpacked(bits: np.ndarray, flags: np.ndarray) -> np.ndarray:
    return days.unpack(bits, 0, flags.shape[1]).astype(bool)


@every_length
def test_unpack_gives_back_any_stretch_of_what_was_packed(flags):
    bits = days.pack(flags)

    length = flags.shape[1]
    for first in {0, 1, 7, 8, 9, length - 1} & set(range(length)):
        for last in {first, first + 1, length}:
            np.testing.assert_array_equal(days.unpack(bits, first, last), flags[:, first:last])


@every_length
def test_on_reads_one_day(flags):
    bits = days.pack(flags)

    for day in range(flags.shape[1]):
        np.testing.assert_array_equal(days.on(bits, day), flags[:, day])


@every_length
@pytest.mark.parametrize("by", [0, 1, 13, 63, 64, 65, 129, 300])
def test_later_moves_days_and_fills_with_no(flags, by):
    moved = np.zeros_like(flags)
    moved[:, by:] = flags[:, : max(0, flags.shape[1] - by)]

    np.testing.assert_array_equal(unpacked(days.later(days.pack(flags), by), flags), moved)


@every_length
@pytest.mark.parametrize("window", [1, 2, 3, 13, 14, 15, 70])
def test_any_of_last_and_window_sums_look_at_the_window_and_no_further(flags, window):
    values = flags * np.arange(1, 10)[:, None]
    stretches = [slice(max(0, day - window + 1), day + 1) for day in range(flags.shape[1])]

    seen = unpacked(days.any_of_last(days.pack(flags), window), flags)
    sums = days.window_sums(values, window)

    np.testing.assert_array_equal(seen, np.stack([flags[:, each].any(axis=1) for each in stretches], axis=1))
    np.testing.assert_array_equal(sums, np.stack([values[:, each].sum(axis=1) for each in stretches], axis=1))


@every_length
@pytest.mark.parametrize("often", [0.5, 0.95, 1.0])
def test_carried_goes_on_until_the_first_day_not_let_through(flags, often):
    through = np.random.default_rng(3).random(flags.shape) < often
    expected = flags.copy()
    for day in range(1, flags.shape[1]):
        expected[:, day] |= through[:, day] & expected[:, day - 1]

    carried = days.carried(days.pack(flags), days.pack(through))

    np.testing.assert_array_equal(unpacked(carried, flags), expected)


@every_length
def test_spans_and_running_hold_both_ends_and_reach_outside_the_axis(flags):
    length = flags.shape[1]
    first = np.array([0, -7, length - 1, length, 3, -9, 60, 64, 5], np.int32)
    last = np.array([0, 2**31 - 1, length + 8, length + 9, 2, -2, 64, 127, 5], np.int32)
    axis = np.arange(length)
    expected = (axis >= first[:, None]) & (axis <= last[:, None])
    group, weight = np.arange(9) % 4, np.arange(9)

    np.testing.assert_array_equal(unpacked(days.spans(first, last, length), flags), expected)
    sums = days.running(group, first, last, weight, 5, length)
    for each in range(5):
        np.testing.assert_array_equal(sums[each], (expected * weight[:, None])[group == each].sum(axis=0))
