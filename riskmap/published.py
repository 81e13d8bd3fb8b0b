"""Published: what the editions say of a day or a period. Reads only."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import AreaKind
from core.models import Area
from riskmap.enums import RiskLevel
from riskmap.history import DayLevel, DayNotKnown, LevelMatrix
from riskmap.maps import LAYERS
from riskmap.models import MapEdition


def edition_in_force(province: Area) -> MapEdition | None:
    """The newest edition of the province, with its publisher; ``None`` before the first."""
    editions = MapEdition.objects.filter(province=province).defer("codes", "cells")
    return editions.select_related("province").order_by("-number").first()


def edition_of(*, province: Area, day: date) -> MapEdition:
    """The last edition of the day. Raises ``DayNotKnown`` for a day that was not published."""
    edition = (
        MapEdition.objects.filter(province=province, day=day)
        .select_related("province", "payload")
        .order_by("-number")
        .first()
    )
    if edition is None:
        raise DayNotKnown(
            _("Chưa có bản đồ công bố của ngày %(day)s.") % {"day": f"{day:%d/%m/%Y}"}, code="not_published"
        )
    return edition


def levels_published(
    *, province: Area, day: date, kinds: tuple[AreaKind, ...] = (AreaKind.COMMUNE,)
) -> list[DayLevel]:
    """Every area of the kinds as the day's edition shows it, in its order; see ``riskmap.history.levels_on``.

    ``since`` is the first of the published days in a row with that level.
    """
    edition = edition_of(province=province, day=day)
    rows = levels_in(edition, kinds=kinds)
    begun = {kind: _since(province, kind, day) for kind in kinds}
    return [replace(row, since=begun[row.kind].get(row.code)) if row.level else row for row in rows]


def levels_in(edition: MapEdition, *, kinds: tuple[AreaKind, ...] = (AreaKind.COMMUNE,)) -> list[DayLevel]:
    """Every area of the kinds as the edition itself shows it, in its order; it does not say since when."""
    layers = json.loads(bytes(edition.payload.body))["layers"]
    province = edition.province_id
    here = Area.objects.filter(Q(pk=province) | Q(parent=province) | Q(parent__parent=province))
    units = {
        code: rest
        for code, *rest in here.filter(kind__in=kinds).values_list(
            "code", "pk", "parent__code", "parent__name"
        )
    }
    return [
        DayLevel(
            area_id=units[row["code"]][0],
            code=row["code"],
            name=row["name"],
            kind=str(kind),
            parent_code=units[row["code"]][1] or "",
            parent_name=units[row["code"]][2] or "",
            level=RiskLevel[row["level"].upper()],
            provisional=row["provisional"],
            criteria=tuple(row["criteria"]),
            since=None,
            unapproved=row.get("unapproved", False),
        )
        for kind in kinds
        for row in layers[str(kind)]
    ]


def _since(province: Area, kind: AreaKind, day: date) -> dict[str, date]:
    """By code, the first of the published days in a row that showed the level of ``day``."""
    matrix = published_matrix(province=province, kind=kind, first=_first_day(province), last=day)
    levels = matrix.cells & 7
    differs = levels != levels[:, -1:]
    start = np.where(differs.any(axis=1), differs.shape[1] - differs[:, ::-1].argmax(axis=1), 0)
    return {
        code: matrix.first_day + timedelta(days=column)
        for code, column in zip(matrix.codes, start.tolist(), strict=True)
    }


def _first_day(province: Area) -> date:
    return MapEdition.objects.filter(province=province).earliest("day").day


def published_matrix(*, province: Area, kind: AreaKind, first: date, last: date) -> LevelMatrix:
    """The levels of a period as published: see ``published_matrices``."""
    return published_matrices(province=province, first=first, last=last)[kind]


def published_matrices(*, province: Area, first: date, last: date) -> dict[AreaKind, LevelMatrix]:
    """By layer, areas × days as published, areas in the order of the newest edition; 0 on unpublished days.

    Cells are as in ``riskmap.editions.pack_cells``. The last edition of a day counts. One query.
    """
    editions = list(
        MapEdition.objects.filter(province=province, day__range=(first, last))
        .order_by("day", "-number")
        .distinct("day")
        .values_list("day", "codes", "cells")
    )
    layers_of = {codes: [layer.split() for layer in codes.split("|")] for day, codes, packed in editions}
    matrices = {}
    for place, kind in enumerate(LAYERS):
        rows: dict[str, int] = {}
        for codes in dict.fromkeys(edition[1] for edition in reversed(editions)):
            for unit in layers_of[codes][place]:
                rows.setdefault(unit, len(rows))
        rows_of = {
            codes: np.array([rows[unit] for unit in layers[place]], np.intp)
            for codes, layers in layers_of.items()
        }
        starts = {codes: sum(map(len, layers[:place])) for codes, layers in layers_of.items()}
        cells = np.zeros((len(rows), (last - first).days + 1), np.uint8)
        for day, codes, packed in editions:
            units = rows_of[codes]
            cells[units, (day - first).days] = np.frombuffer(packed, np.uint8)[starts[codes] :][: len(units)]
        matrices[kind] = LevelMatrix(first, list(rows), cells)
    return matrices


def cut_off_words(edition: MapEdition) -> str:
    """``17:00 ngày 07/09/2021``: when the edition's data were taken, in local time."""
    cut_off = timezone.localtime(edition.cut_off)
    return _("%(time)s ngày %(day)s") % {"time": f"{cut_off:%H:%M}", "day": f"{cut_off:%d/%m/%Y}"}


def known_after(province: Area, at: datetime) -> datetime:
    """The instant from which something recorded at ``at`` is known: after every cut-off published already.

    What an edition showed as known stays so. Ask under the province's lock, as ``publish`` holds it too.
    """
    newest = MapEdition.objects.filter(province=province).aggregate(cut_off=Max("cut_off"))["cut_off"]
    return at if newest is None else max(at, newest + timedelta(microseconds=1))
