"""Standings as bytes: the same standing gives the same bytes, and the bytes give the standing back.

A body is JSON with a column for each fact, sorted keys and no spaces, then gzip. The hash is that of the
JSON. Units go by their codes, so that it is the same in another database; days of facts count from the
phase's first. ``FORMAT`` grows when what is written changes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date

import numpy as np

from campaign.models import Standing
from campaign.scoring.facts import Facts, LevelFacts
from campaign.scoring.order import Ranking, Scoring
from campaign.scoring.spans import NONE
from campaign.scoring.targets import Registered
from campaign.standing_table import GroupTable, StandingTable, UnitRow
from riskmap.enums import MapView

FORMAT = 1
_NARROW = ("level_at_start", "level_at_end", "lowest_level", "target_level", "target_state")
_UNIT_COLUMNS = UnitRow._fields[1:]  # the id is this database's own


def canonical(table: StandingTable) -> bytes:
    """What is hashed: the standing and what it was computed from, in one order and spelling."""
    phase, edition = table.phase, table.edition
    content = {
        "format": FORMAT,
        "campaign": phase.campaign.slug,
        "phase": {
            "code": phase.code,
            "first_day": phase.first_day.isoformat(),
            "last_day": phase.last_day.isoformat(),
        },
        "day": table.day.isoformat(),
        "view": str(table.view),
        "edition": edition.hash if edition else None,
        "inputs": table.inputs,
        "scoring": {"order": table.scoring.order, "ties": table.scoring.ties},
        "groups": [_group(group) for group in table.groups],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def pack(table: StandingTable) -> tuple[bytes, str]:
    """The body to store, and its hash."""
    written = canonical(table)
    return gzip.compress(written, compresslevel=6, mtime=0), hash_of(written)


def hash_of(written: bytes) -> str:
    return hashlib.sha256(written).hexdigest()


def written_in(standing: Standing) -> bytes:
    """The canonical bytes of a stored standing."""
    return gzip.decompress(bytes(standing.body))


def unpack(standing: Standing, *, unit_ids: Mapping[str, int]) -> StandingTable:
    """The stored standing, with the ids of units by their codes from ``unit_ids``."""
    content = json.loads(written_in(standing))
    scoring = Scoring(tuple(content["scoring"]["order"]), tuple(content["scoring"]["ties"]))
    first_day = date.fromisoformat(content["phase"]["first_day"])
    return StandingTable(
        phase=standing.phase,
        day=standing.day,
        view=MapView(standing.view),
        edition=standing.edition,
        scoring=scoring,
        inputs=content["inputs"],
        groups=tuple(_read_group(each, scoring, first_day, unit_ids) for each in content["groups"]),
        computed_at=standing.computed_at,
        hash=standing.hash,
    )


def _group(group: GroupTable) -> dict:
    columns = (
        zip(*(unit[1:] for unit in group.units), strict=True) if group.units else [()] * len(_UNIT_COLUMNS)
    )
    facts = group.facts
    return {
        "code": group.code,
        "kind": group.kind,
        "name": group.name,
        "empty": group.empty,
        "units": dict(zip(_UNIT_COLUMNS, columns, strict=True)),
        "competing": _column(group.competing),
        "registered": _column(group.registered),
        "through": facts.through,
        "unit_class": _column(facts.unit_class),
        "cases": _column(facts.cases),
        "cases_per_100k": _column(facts.cases_per_100k),
        "levels": _columns(facts.levels),
        "targets": _columns(facts.registered),
        "ranking": _columns(group.ranking),
    }


def _columns(part: LevelFacts | Registered | Ranking) -> dict[str, list]:
    return {each.name: _column(getattr(part, each.name)) for each in fields(part)}


def _column(values: np.ndarray) -> list:
    """Plain values, ``None`` where there is nothing to say."""
    if values.dtype == bool:
        return values.astype(np.int8).tolist()
    nothing = np.isnan(values) if values.dtype == np.float64 else values == NONE
    if not nothing.any():
        return values.tolist()
    plain = values.astype(object)
    plain[nothing] = None
    return plain.tolist()


def _read_group(content: dict, scoring: Scoring, first_day: date, unit_ids: Mapping[str, int]) -> GroupTable:
    units = zip(*(content["units"][name] for name in _UNIT_COLUMNS), strict=True)
    return GroupTable(
        code=content["code"],
        kind=content["kind"],
        name=content["name"],
        empty=content["empty"],
        first_day=first_day,
        scoring=scoring,
        units=tuple(UnitRow(unit_ids.get(unit[0], 0), *unit) for unit in units),
        competing=np.array(content["competing"], bool),
        registered=np.array(content["registered"], np.uint8),
        facts=Facts(
            through=content["through"],
            levels=LevelFacts(**_read_columns(content["levels"])),
            unit_class=np.array(content["unit_class"], np.int8),
            cases=np.array(content["cases"], np.int64),
            cases_per_100k=np.array(
                [np.nan if value is None else value for value in content["cases_per_100k"]], np.float64
            ),
            registered=Registered(**_read_columns(content["targets"])),
        ),
        ranking=Ranking(**_read_columns(content["ranking"])),
    )


def _read_columns(columns: dict[str, list]) -> dict[str, np.ndarray]:
    read = {}
    for name, values in columns.items():
        kind = bool if name == "registered_late" else np.int8 if name in _NARROW else np.int32
        read[name] = np.array([NONE if value is None else value for value in values], kind)
    return read
