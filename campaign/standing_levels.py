"""The levels of a province's areas over a phase, as known and as published. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from campaign.scoring.spans import Spans, spans_of_days
from campaign.standing_areas import Ground
from core.models import Area
from riskmap.facts import find_rows
from riskmap.maps import LAYERS
from riskmap.models import MapEdition
from riskmap.packed import as_literal, read_packed
from riskmap.published import published_matrices

#: Of a cell: its level, and the bit that says provisional.
LEVEL, PROVISIONAL = 7, 1 << 3

_SPANS = """
    select coalesce(string_agg(
        int8send((area_id << 4) | (level << 1) | provisional::int)
        || int4send(
            (greatest(first_day - %(first)s, 0) << 16) | (least(last_day, %(last)s) - %(first)s)), ''), '')
    from riskmap_levelspan
    where first_day <= %(last)s and last_day >= %(first)s and area_id = any(%(areas)s::bigint[])
"""
_SPAN_ROW = np.dtype([("area", ">i8"), ("days", ">i4")])


@dataclass(frozen=True, slots=True, eq=False)
class PhaseLevels:
    """Spans and the same as cells (areas, days) of ``level | provisional << 3``, 0 without a level.

    ``editions`` are the last of each published day; empty for what is known.
    """

    spans: Spans
    cells: np.ndarray
    editions: dict[date, MapEdition]


def read_spans(area_ids: np.ndarray, *, first: date, last: date) -> Spans:
    """The stored spans of the areas (rows as in ``area_ids``), cut to the period, in days from its first."""
    asked = {"first": first, "last": last, "areas": as_literal(area_ids.tolist())}
    packed = read_packed(_SPANS, asked, _SPAN_ROW)
    area, days = packed["area"].astype(np.int64), packed["days"].astype(np.int32)
    return Spans(
        find_rows(area_ids, area >> 4).astype(np.int32),
        days >> 16,
        days & 0xFFFF,
        (area >> 1 & LEVEL).astype(np.int8),
        (area & 1).astype(bool),
    )


def cells_of_spans(spans: Spans, *, areas: int, days: int) -> np.ndarray:
    """uint8 (areas, days) of spans that lie within the days."""
    cells = np.zeros(areas * days, np.uint8)
    length = spans.last - spans.first + 1
    begin = spans.row.astype(np.int64) * days + spans.first
    within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    code = spans.level.astype(np.uint8) | spans.provisional.astype(np.uint8) << 3
    cells[np.repeat(begin, length) + within] = np.repeat(code, length)
    return cells.reshape(areas, days)


def known_levels(ground: Ground, *, first: date, last: date) -> PhaseLevels:
    """The levels of the period as they are known now. One query."""
    spans = read_spans(ground.ids, first=first, last=last)
    days = (last - first).days + 1
    return PhaseLevels(spans, cells_of_spans(spans, areas=len(ground), days=days), {})


def published_levels(ground: Ground, *, province: Area, first: date, last: date) -> PhaseLevels:
    """The levels of the period as the last edition of each day shows them; other days have none.

    Two queries. Hamlets are in no edition.
    """
    newest = (
        MapEdition.objects.filter(province=province, day__range=(first, last))
        .order_by("day", "-number")
        .distinct("day")
        .defer("codes", "cells")
    )
    editions = {edition.day: edition for edition in newest}
    cells = np.zeros((len(ground), (last - first).days + 1), np.uint8)
    if editions:
        matrices = published_matrices(province=province, first=first, last=last)
        for kind in LAYERS:
            matrix, row_of = matrices[kind], _rows_by_code(ground, kind, last)
            rows = np.array([row_of.get(code, -1) for code in matrix.codes], np.int64)
            cells[rows[rows >= 0]] = matrix.cells[rows >= 0] & (LEVEL | PROVISIONAL)
    spans = spans_of_days((cells & LEVEL).astype(np.int8), cells & PROVISIONAL > 0)
    return PhaseLevels(spans, cells, editions)


def _rows_by_code(ground: Ground, kind: str, last: date) -> dict[str, int]:
    """The row of each code of the kind: the latest that had begun by the day."""
    begun = (ground.kind == kind) & (ground.valid_from <= last.toordinal())
    return {ground.codes[row]: row for row in np.flatnonzero(begun).tolist()}


def days_between(first: date, last: date) -> list[date]:
    """Both included; none where ``last`` comes before."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
