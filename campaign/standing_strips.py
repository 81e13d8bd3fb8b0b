"""The levels of some areas over the days of a phase, for the strips beside their names. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np

from campaign.models import Phase
from campaign.standing_levels import LEVEL, PROVISIONAL, cells_of_spans, read_spans
from core.enums import AreaKind
from core.models import Area
from riskmap.enums import MapView
from riskmap.maps import LAYERS
from riskmap.published import published_matrices


def cells_of_seats(
    *, phase: Phase, view: MapView, through: date, seats: Collection[str], of_organisations: bool = False
) -> dict[str, np.ndarray]:
    """By path, ``level | provisional << 3`` of each day from the phase's first to ``through``.

    0 on days without a level; a seat of which nothing is known is left out. As the view has it now: the last
    edition of each day, or what is known. An organisation in a hamlet without levels has those of the
    commune. Two queries.
    """
    above = {path.rpartition("/")[0] for path in seats} if of_organisations else set()
    areas = list(Area.objects.filter(path__in={*seats, *above}).order_by("valid_from", "pk"))
    if view == MapView.PUBLISHED:
        cells = _published(areas, phase, through)
    else:
        cells = _known(areas, phase.first_day, through)
    if of_organisations:
        for area in areas:
            commune = area.path.rpartition("/")[0]
            if area.kind == AreaKind.HAMLET and commune in cells:
                cells.setdefault(area.path, cells[commune])
    return cells


def _published(areas: Sequence[Area], phase: Phase, last: date) -> dict[str, np.ndarray]:
    matrices = published_matrices(province=phase.campaign.province, first=phase.first_day, last=last)
    cells = {}
    for layer in LAYERS:
        matrix = matrices[layer]
        place_of = {code: place for place, code in enumerate(matrix.codes)}
        for area in areas:
            if area.kind == layer and area.code in place_of:
                cells[area.path] = matrix.cells[place_of[area.code]] & (LEVEL | PROVISIONAL)
    return cells


def _known(areas: Sequence[Area], first: date, last: date) -> dict[str, np.ndarray]:
    """An area that was renamed is several rows of one path, each on days of its own."""
    ids = np.array([area.pk for area in areas], np.int64)
    spans = read_spans(ids, first=first, last=last)
    rows = cells_of_spans(spans, areas=len(ids), days=(last - first).days + 1)
    cells: dict[str, np.ndarray] = {}
    for area, row in zip(areas, rows, strict=True):
        if row.any():
            cells[area.path] = np.maximum(cells[area.path], row) if area.path in cells else row
    return cells
