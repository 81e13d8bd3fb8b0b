"""Public files: the public's bytes once more, as files a web server or a cache serves without the portal.

Under ``settings.PUBLIC_FILES_DIR``::

    assets/<sha256>.json  .json.gz  .json.br     never change, at the address /assets/<sha256>.json
    current/<province>.json                      the pointer: which of them are in force

Nothing here is a source: everything can be written again from the database, and is whenever the pointer says
something else than the database does. Bytes come first and the pointer last, each whole or not at all, so
that whoever follows a pointer finds one whole map, whatever was killed and when.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import brotli
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.renderers import JSONRenderer

from core.api.answers import program
from core.api.assets import json_url
from core.enums import AreaKind
from core.models import Area, BoundarySet, PublicAsset
from riskmap.api.answers import is_simulated
from riskmap.api.levels import LevelsView, TotalsView
from riskmap.history import period_of
from riskmap.models import Assessment, MapEdition, PublishedMap
from riskmap.viewpoint import Viewpoint

GRACE_SECONDS = 24 * 3600  # how long bytes outlive the last pointer to them
TIERS = (AreaKind.COMMUNE, AreaKind.DISTRICT)  # whose levels and totals are written
TRIES = 5
_LOCK = 2687  # the first key of the advisory locks of this stage; the second is the province
_ENDINGS = (".gz", ".br", "")  # the plain file last: where it is, the others are


@dataclass(frozen=True, slots=True)
class Written:
    """What a run did: the provinces whose pointer moved, files written, old files swept."""

    provinces: tuple[str, ...] = ()
    files: int = 0
    swept: int = 0


def refresh_public_files(*, on: date) -> Written:
    """Write what the files of any province lack, and sweep what nobody can want any more. ``on`` is today.

    Called after every recomputation and publication and at every bell; where all is in place it costs two
    queries. Two workers may call it at once. Without a directory set it does nothing.
    """
    root = settings.PUBLIC_FILES_DIR
    if root is None:
        return Written()
    provinces, files = [], 0
    for assessment in Assessment.objects.select_related("province").order_by("province__code"):
        if _is_in_force(root, assessment, on):
            continue
        written = _write_province(root, assessment.province, on)
        if written is not None:
            provinces.append(assessment.province.code)
            files += written
    swept = _sweep(root) if provinces else 0
    return Written(tuple(provinces), files, swept)


def pointer_path(root: Path, province: str) -> Path:
    return root / "current" / f"{province}.json"


def asset_path(root: Path, sha256: str) -> Path:
    return root / "assets" / f"{sha256}.json"


def _is_in_force(root: Path, assessment: Assessment, on: date) -> bool:
    """Whether the province's pointer says what the database says, and what it names is there."""
    pointer = _read(pointer_path(root, assessment.province.code))
    return (
        pointer is not None
        and pointer.get("state") == _state(assessment.province, on)
        and all(_is_whole(root, sha256) for sha256 in _named(pointer))
    )


def _is_whole(root: Path, sha256: str) -> bool:
    path = asset_path(root, sha256)
    return all(path.with_name(path.name + ending).exists() for ending in _ENDINGS)


_STATE = """
    select concat_ws(' ', a.version, a.frames_version, a.frames_id, a.first_day, a.last_reported_day,
        a.known_through, m.edition_id, m.frames_id, e.hash, coalesce(policy.simulated, false),
        (select max(b.id) from core_boundaryset b where b.province_id = p.id),
        (select md5(string_agg(concat_ws(' ', u.id, u.code, u.name, u.valid_from, u.valid_to, u.sort_key), '|'
            order by u.id)) from core_area u where split_part(u.path, '/', 1) = p.code))
    from core_area p
    join riskmap_assessment a on a.province_id = p.id
    left join riskmap_publishedmap m on m.province_id = p.id
    left join riskmap_mapedition e on e.id = m.edition_id
    left join riskmap_provincepolicy policy on policy.province_id = p.id
    where p.id = %s
"""


def _state(province: Area, on: date) -> str:
    """A fingerprint of everything the province's files are made from."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [province.pk])
        (facts,) = cursor.fetchone()
    return hashlib.sha256(f"{program()} {on} {facts}".encode()).hexdigest()


@dataclass(slots=True)
class _Drawn:
    """What a pointer names, and the bytes of it that are not in the database."""

    pointer: dict
    own: dict[str, bytes] = field(default_factory=dict)


def _write_province(root: Path, province: Area, on: date) -> int | None:
    """Write the province's files and then its pointer; how many files, or ``None`` when it must wait.

    The province's lock is held meanwhile: no two workers write one pointer, so none is put back.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, province.pk])
        for _ in range(TRIES):
            state = _state(province, on)
            drawn = _draw(province, on, state)
            if _state(province, on) == state:
                break
        else:
            return None  # somebody writes all the time: the next bell tries again
        if drawn is None:
            return None  # the frames are still to be drawn
        written = sum(
            _put(root, sha256, drawn.own.get(sha256))
            for sha256 in _named(drawn.pointer)
            if not _is_whole(root, sha256)
        )
        path = pointer_path(root, province.code)
        _keep_for_readers(root, _read(path))
        _write_whole(path, json.dumps(drawn.pointer, ensure_ascii=False, separators=(",", ":")).encode())
        return written


def _draw(province: Area, on: date, state: str) -> _Drawn | None:
    assessment = Assessment.objects.select_related("province", "frames").get(province=province)
    if assessment.frames_version != assessment.version or assessment.frames is None:
        return None
    first, last = period_of(assessment, on=on)
    drawn = _Drawn({"province": province.code, "state": state, "simulated": is_simulated(province)})
    drawn.pointer["known"] = {
        "version": assessment.version,
        "rule_set": assessment.rule_set,
        "first_day": first.isoformat(),
        "day": last.isoformat(),
        "frames": _reference(assessment.frames_id),
        "levels": _answered(drawn, LevelsView(), province, last, on),
        "totals": _answered(drawn, TotalsView(), province, last, on),
    }
    drawn.pointer["published"] = _published(province)
    boundaries = BoundarySet.objects.filter(province=province).order_by("-id").first()
    drawn.pointer["boundaries"] = boundaries and {
        **_reference(boundaries.topology_id),
        "source": boundaries.source,
        "licence": boundaries.licence,
        "schematic": boundaries.schematic,
    }
    return drawn


def _published(province: Area) -> dict | None:
    pointer = PublishedMap.objects.filter(province=province).first()
    if pointer is None:
        return None
    edition = MapEdition.objects.defer("codes", "cells").get(pk=pointer.edition_id)
    return {
        "number": edition.number,
        "day": edition.day.isoformat(),
        "cut_off": timezone.localtime(edition.cut_off).isoformat(),
        "hash": edition.hash,
        "edition": _reference(edition.payload_id),
        "frames": _reference(pointer.frames_id),
    }


def _answered(drawn: _Drawn, view: LevelsView | TotalsView, province: Area, day: date, on: date) -> dict:
    """What the API answers to a question without a day, by tier."""
    references = {}
    for kind in TIERS:
        asked = {"province": province.code, "kind": str(kind), "day": day, "as_of": Viewpoint()}
        body = JSONRenderer().render(view.answer_class(view.answer(asked, on=on)).data)
        sha256 = hashlib.sha256(body).hexdigest()
        drawn.own[sha256] = body
        references[str(kind)] = _reference(sha256)
    return references


def _reference(sha256: str) -> dict[str, str]:
    return {"url": json_url(sha256), "sha256": sha256}


def _named(pointer: dict) -> set[str]:
    """Every SHA-256 a pointer names, however deep."""
    found: set[str] = set()
    for value in pointer.values():
        if isinstance(value, dict):
            found |= _named(value)
            if "sha256" in value:
                found.add(value["sha256"])
    return found


def _put(root: Path, sha256: str, body: bytes | None) -> int:
    """Write the three files of some bytes, which are the database's where ``body`` is not given."""
    if body is None:
        asset = PublicAsset.objects.get(pk=sha256)
        forms = {".gz": asset.gzip, ".br": asset.brotli, "": asset.body}
    else:
        packed = {
            ".gz": gzip.compress(body, compresslevel=9, mtime=0),
            ".br": brotli.compress(body, quality=9),
        }
        forms = {**packed, "": body}
    path = asset_path(root, sha256)
    for ending in _ENDINGS:
        _write_whole(path.with_name(path.name + ending), bytes(forms[ending]))
    return len(_ENDINGS)


def _write_whole(path: Path, body: bytes) -> None:
    """The file with the body, or as it was before: never anything between, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(0o644)
    os.replace(draft, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _keep_for_readers(root: Path, pointer: dict | None) -> None:
    """The grace of what a pointer names begins when the pointer goes, not when the bytes were made."""
    for sha256 in _named(pointer or {}):
        path = asset_path(root, sha256)
        for ending in _ENDINGS:
            with suppress(FileNotFoundError):
                os.utime(path.with_name(path.name + ending))


def _sweep(root: Path) -> int:
    """Remove bytes that no pointer has named for the grace time, and drafts of the dead."""
    named = set().union(*(_named(pointer) for path in _files(root / "current") if (pointer := _read(path))))
    oldest = time.time() - GRACE_SECONDS
    swept = 0
    for path in [*_files(root / "assets"), *_files(root / "current")]:
        is_draft = path.name.startswith(".")
        if not is_draft and (path.parent.name == "current" or path.name.partition(".")[0] in named):
            continue
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                swept += 1
    return swept


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else iter(())


def _read(path: Path) -> dict | None:
    """A pointer, or ``None`` where there is none that can be read."""
    try:
        read = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return read if isinstance(read, dict) else None
