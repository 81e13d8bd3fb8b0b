"""Days as bits: yes-or-no facts of areas, 64 days to a word.

A ``Bits`` array is little-endian uint64 (areas, words); day ``d`` of the axis is bit ``d % 64`` of word
``d // 64``. Bits after the last day mean nothing. A nation of 11,000 areas over 400 days takes 0.6 MB, and
whatever runs along the days (windows, holding) takes a few passes over that.
"""

from __future__ import annotations

import numpy as np

WORD = 64
_ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
#: _LOW[k] has the k lowest bits set, k = 0 … 64.
_LOW = np.array([(1 << k) - 1 for k in range(WORD + 1)], np.dtype("<u8"))


def words_for(days: int) -> int:
    return -(-days // WORD)


def pack(flags: np.ndarray) -> np.ndarray:
    """bool (areas, days) → bits."""
    packed = np.packbits(flags, axis=1, bitorder="little")
    room = words_for(flags.shape[1]) * WORD // 8
    if packed.shape[1] != room:
        padded = np.zeros((len(packed), room), np.uint8)
        padded[:, : packed.shape[1]] = packed
        packed = padded
    return packed.view("<u8")


def unpack(bits: np.ndarray, first: int, last: int) -> np.ndarray:
    """Bits → uint8 0 or 1 (areas, last - first) of the days ``first`` … ``last - 1``."""
    start = first // 8
    flags = np.unpackbits(bits.view(np.uint8)[:, start:], axis=1, count=last - start * 8, bitorder="little")
    return flags[:, first - start * 8 :]


def on(bits: np.ndarray, day: int) -> np.ndarray:
    """Bits → bool (areas,) of one day."""
    return (bits[:, day // WORD] >> np.uint64(day % WORD) & np.uint64(1)).astype(bool)


def spans(first: np.ndarray, last: np.ndarray, days: int) -> np.ndarray:
    """Bits of the days from ``first`` to ``last``, both included and either outside the axis at will."""
    word = np.arange(words_for(days), dtype=np.int64) * WORD
    before = np.clip(first[:, None].astype(np.int64) - word, 0, WORD)
    through = np.clip(last[:, None].astype(np.int64) + 1 - word, 0, WORD)
    return _LOW[through] & ~_LOW[before]


def later(bits: np.ndarray, by: int) -> np.ndarray:
    """Every day's answer moved ``by`` days later; the first ``by`` days become no."""
    whole, part = divmod(by, WORD)
    moved = np.zeros_like(bits)
    kept = bits.shape[1] - whole
    if kept <= 0:
        return moved
    moved[:, whole:] = bits[:, :kept] << np.uint64(part)
    if part:
        moved[:, whole + 1 :] |= bits[:, : kept - 1] >> np.uint64(WORD - part)
    return moved


def any_of_last(bits: np.ndarray, window: int) -> np.ndarray:
    """Yes where any of the ``window`` days up to and with the day is yes."""
    seen, reach = bits, 1
    while reach < window:
        step = min(reach, window - reach)
        seen = seen | later(seen, step)
        reach += step
    return seen


def carried(start: np.ndarray, through: np.ndarray) -> np.ndarray:
    """Yes on the days of ``start``, and on while the days after it are yes in ``through``.

    That is ``out[d] = start[d] or (through[d] and out[d - 1])``, for all days at once: the reach doubles.
    """
    out, open_, reach = start, through, 1
    while open_.any():
        out = out | (open_ & later(out, reach))
        open_ = open_ & later(open_, reach)
        reach *= 2
    return out


def window_sums(values: np.ndarray, window: int) -> np.ndarray:
    """Sums of ``values`` (areas, days) over the ``window`` days up to and with each day, in their own type.

    Built from sums of 1, 2, 4 … days, so a window of 14 takes six additions. The type must hold the sums.
    """
    total = np.zeros_like(values)
    part, length, covered = values, 1, 0
    while covered < min(window, values.shape[1]):
        if window & length:
            total[:, covered:] += part[:, : part.shape[1] - covered]
            covered += length
        longer = part.copy()
        longer[:, length:] += part[:, :-length]
        part, length = longer, 2 * length
    return total


def running(
    group: np.ndarray, first: np.ndarray, last: np.ndarray, weight: np.ndarray, groups: int, days: int
) -> np.ndarray:
    """int64 (groups, days): the sum of ``weight`` of the members whose ``first … last`` holds the day."""
    steps = np.zeros((groups, days + 1), np.int64)
    begin, end = np.clip(first, 0, days), np.clip(last.astype(np.int64) + 1, 0, days)
    there = begin < end
    np.add.at(steps, (group[there], begin[there]), weight[there])
    np.subtract.at(steps, (group[there], end[there]), weight[there])
    return steps.cumsum(axis=1)[:, :days]
