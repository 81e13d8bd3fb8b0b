"""The ground under the levels: units, people and borders. When it changes, the levels are stale."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from core.areas import AreaImport, import_areas
from core.boundaries.imports import BoundaryImport, import_boundaries
from core.hamlets import import_hamlets
from core.models import Area, User
from riskmap.imports.cells import EPIDEMIC_BEGAN
from riskmap.stale import mark_provinces_stale


@transaction.atomic
def take_areas(
    *,
    path: Path,
    valid_from: date | None,
    legal_basis: str = "",
    by: User,
    at: datetime,
    commit: bool,
    strict: bool = False,
) -> AreaImport:
    """``import_areas``, and the provinces in which a unit or its population changed become stale."""
    result = import_areas(
        path=path, valid_from=valid_from, legal_basis=legal_basis, by=by, at=at, commit=commit, strict=strict
    )
    if result.written:
        _mark(result.provinces, cause=_("đơn vị hành chính đổi"))
    return result


@transaction.atomic
def take_hamlets(
    *, path: Path, valid_from: date, legal_basis: str = "", by: User, commit: bool
) -> AreaImport:
    """``import_hamlets``, and the provinces in which a hamlet is new become stale."""
    result = import_hamlets(path=path, valid_from=valid_from, legal_basis=legal_basis, by=by, commit=commit)
    if result.written:
        _mark(result.provinces, cause=_("thôn, khu phố đổi"))
    return result


@transaction.atomic
def take_boundaries(
    *,
    path: Path,
    code_field: str,
    source: str,
    licence: str,
    schematic: bool = False,
    on: date | None = None,
    by: User,
    at: datetime,
    commit: bool,
    strict: bool = False,
) -> BoundaryImport:
    """``import_boundaries``, and the provinces whose shapes were replaced become stale: neighbours count."""
    result = import_boundaries(
        path=path,
        code_field=code_field,
        source=source,
        licence=licence,
        schematic=schematic,
        on=on,
        by=by,
        at=at,
        commit=commit,
        strict=strict,
    )
    if result.written:
        changed = [found.province for found in result.provinces if not found.unchanged]
        _mark(changed, cause=_("ranh giới đổi"))
    return result


def _mark(provinces: list[Area], *, cause: str) -> None:
    """Stale from before any report, which may be older than the units' own dates."""
    mark_provinces_stale(
        since_by_province=dict.fromkeys((p.pk for p in provinces), EPIDEMIC_BEGAN), cause=cause
    )
