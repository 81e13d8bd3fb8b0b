"""Maps: the levels of a whole campaign as a few thousand bytes, drawn when they change."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime

import numpy as np
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.assets import put_asset
from core.enums import AreaKind
from core.models import Area, PublicAsset
from riskmap.as_of import Knowledge
from riskmap.history import LevelMatrix, level_matrix, period_of
from riskmap.models import Assessment
from riskmap.rules.scale import LEVEL_KEYS

#: Of a cell ``level | provisional << 3 | decided << 4 | unapproved << 5``.
_IN_RUNS = 0b1111
_MARKS = {"decided": 1 << 4, "unapproved": 1 << 5}

LAYERS = (AreaKind.COMMUNE, AreaKind.DISTRICT, AreaKind.PROVINCE)


@transaction.atomic
def draw_frames(*, province: Area, on: date, at: datetime) -> PublicAsset:
    """Draw the frames of the province's levels and point to them; what is drawn already is left alone.

    The old frames stay in force until the transaction commits: readers see whole maps only.
    """
    assessment = (
        Assessment.objects.select_for_update(of=("self",)).select_related("frames").get(province=province)
    )
    if assessment.frames_version == assessment.version and assessment.frames:
        return assessment.frames
    first, last = period_of(assessment, on=on)
    body = frames_payload(province=province, first=first, last=last, assessment=assessment)
    assessment.frames = put_asset(body=body, media_type="application/json", at=at)
    assessment.frames_version = assessment.version
    assessment.save(update_fields=["frames", "frames_version"])
    return assessment.frames


def undrawn_provinces() -> list[Area]:
    """Provinces whose levels changed after their frames were drawn."""
    stale = Assessment.objects.exclude(frames_version=F("version")).select_related("province")
    return [assessment.province for assessment in stale]


def frames_payload(*, province: Area, first: date, last: date, assessment: Assessment) -> bytes:
    """The frames of the levels as they are known now."""
    matrices = {kind: level_matrix(province=province, kind=kind, first=first, last=last) for kind in LAYERS}
    return as_frames(
        matrices,
        province=province.code,
        first=first,
        last=last,
        rule_set=assessment.rule_set,
        version=assessment.version,
    )


def frames_at(knowledge: Knowledge) -> bytes:
    """The frames of the levels as an instant knew them, from the first reported day to the instant's own."""
    areas, cells = knowledge.areas, knowledge.cells()
    row_of = dict(zip(areas.ids[areas.own].tolist(), areas.own.nonzero()[0].tolist(), strict=True))
    first, last = knowledge.first_reported_day, timezone.localtime(knowledge.instant).date()
    columns = slice(knowledge.column_of(first), knowledge.column_of(last) + 1)
    units: dict[str, list[tuple[int, str]]] = {kind: [] for kind in LAYERS}
    own = Area.objects.filter(pk__in=row_of, kind__in=LAYERS).in_vietnamese_order()
    for pk, code, kind in own.values_list("pk", "code", "kind"):
        units[kind].append((row_of[pk], code))
    matrices = {
        kind: LevelMatrix(first, [code for _, code in rows], cells[[row for row, _ in rows], columns])
        for kind, rows in units.items()
    }
    return as_frames(
        matrices,
        province=knowledge.province.code,
        first=first,
        last=last,
        rule_set=knowledge.rule_set.name,
        version=0,
    )


def as_frames(
    matrices: dict[AreaKind, LevelMatrix],
    *,
    province: str,
    first: date,
    last: date,
    rule_set: str,
    version: int,
) -> bytes:
    """The slider's payload (JSON): for each layer the codes of its areas and their run-length levels.

    ``runs`` is base64 of unsigned LEB128 numbers ``length << 4 | provisional << 3 | level``, area by area in
    the order of ``codes``; the lengths of an area add up to the number of days from first to last. Where
    levels were decided, ``decided`` gives by layer ``[area, first, last]``: the place of the area in
    ``codes`` and the days, counted from ``first_day``. So does ``unapproved`` for those that were published
    resting on a number nobody had accepted.
    """
    payload = {
        "province": province,
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "rule_set": rule_set,
        "version": version,
        "levels": LEVEL_KEYS,
        "layers": {
            str(kind): {
                "codes": " ".join(matrix.codes),
                "runs": base64.b64encode(run_lengths(matrix.cells & _IN_RUNS)).decode(),
            }
            for kind, matrix in matrices.items()
        },
    }
    for mark, bit in _MARKS.items():
        marked = {str(kind): marked_runs(matrix.cells, bit) for kind, matrix in matrices.items()}
        if any(marked.values()):
            payload[mark] = {layer: runs for layer, runs in marked.items() if runs}
    return json.dumps(payload, separators=(",", ":")).encode()


def run_lengths(cells: np.ndarray) -> bytes:
    """LEB128 run lengths of an array (areas, days) of codes below 16, area by area."""
    if not cells.size:
        return b""
    turns = np.ones(cells.shape, bool)
    turns[:, 1:] = cells[:, 1:] != cells[:, :-1]
    starts = turns.ravel().nonzero()[0]
    lengths = np.diff(np.append(starts, cells.size))
    return leb128(lengths << 4 | cells.ravel()[starts])


def marked_runs(cells: np.ndarray, bit: int) -> list[list[int]]:
    """``[area, first, last]`` of each run of days with the bit in an array (areas, days), area by area."""
    marked = (cells & bit).astype(bool)
    if not marked.any():
        return []
    steps = np.diff(marked.astype(np.int8), axis=1, prepend=0, append=0)
    area, first = (steps == 1).nonzero()
    last = (steps == -1).nonzero()[1] - 1
    return np.stack((area, first, last), axis=1).tolist()


def leb128(numbers: np.ndarray) -> bytes:
    """Unsigned LEB128 of numbers below 2**28: seven bits a byte, least first, high bit: more follow."""
    parts = np.stack([numbers >> shift & 0x7F for shift in (0, 7, 14, 21)], axis=1)
    length = 1 + sum((numbers >> shift > 0).astype(int) for shift in (7, 14, 21))
    place = np.arange(4)
    parts |= np.where(place < length[:, None] - 1, 0x80, 0)
    return parts[place < length[:, None]].astype(np.uint8).tobytes()
