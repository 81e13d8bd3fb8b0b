"""Faults: what is wrong with a template, where, and what to do."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """``place`` in words ("Bảng 2, hàng 3, cột 1"; empty of the whole file), ``quote`` what stands there."""

    place: str
    quote: str
    message: str


AROUND = 30


def quote(text: str, start: int, end: int) -> str:
    """The words from ``start`` to ``end`` with a little of what stands around them."""
    first, last = max(0, start - AROUND), min(len(text), max(end, start) + AROUND)
    said = " ".join(text[first:last].split())
    return f"{'…' if first else ''}{said}{'…' if last < len(text) else ''}"[:200]
