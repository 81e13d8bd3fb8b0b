"""How many areas have each level in an edition, read from its own cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from core.enums import AreaKind
from riskmap.colours import LOOKS
from riskmap.editions import UNAPPROVED
from riskmap.map_page import Total
from riskmap.maps import LAYERS
from riskmap.models import MapEdition


def cells_of(edition: MapEdition, *, layer: AreaKind) -> bytes:
    """The cells of the layer's units, one byte each: see ``riskmap.editions.pack_cells``."""
    sizes = [len(codes.split()) for codes in edition.codes.split("|")]
    place = LAYERS.index(layer)
    start = sum(sizes[:place])
    return bytes(edition.cells)[start : start + sizes[place]]


def totals_of(
    edition: MapEdition, before: MapEdition | None, *, layer: AreaKind = AreaKind.COMMUNE
) -> list[Total]:
    """By level, no data first, with the change since ``before``; none without it."""
    was = _levels(cells_of(before, layer=layer)) if before else None
    return totals_between(_levels(cells_of(edition, layer=layer)), was)


def totals_between(levels: Iterable[int], before: Iterable[int] | None) -> list[Total]:
    """How often each level occurs, and how much more often than before."""
    now, was = Counter(levels), None if before is None else Counter(before)
    return [
        Total(LOOKS[level], now[level], None if was is None else now[level] - was[level]) for level in LOOKS
    ]


def provisional_in(edition: MapEdition, *, layer: AreaKind = AreaKind.COMMUNE) -> int:
    """How many units of the layer were shown hatched."""
    return sum(cell >> 3 & 1 for cell in cells_of(edition, layer=layer))


def unapproved_in(edition: MapEdition, *, layer: AreaKind = AreaKind.COMMUNE) -> int:
    """How many units of the layer rested on a number that nobody had accepted."""
    return sum(cell & UNAPPROVED > 0 for cell in cells_of(edition, layer=layer))


def _levels(cells: bytes) -> list[int]:
    return [cell & 7 for cell in cells]
