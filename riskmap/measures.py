"""Measures: what a decree makes compulsory at each level of risk, as data beside its rule set."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import DomainError
from riskmap.enums import RiskLevel
from riskmap.rules.ruleset import EVIDENCE, available_rule_sets

FOLDER = Path(__file__).parent / "rules" / "measures"
_HEAD = ("rule_set", "title", "citation", "evidence", "evidence_note", "note")
_MEASURE = ("id", "level", "text", "citation")
_LEVELS = {level.key: level for level in RiskLevel if level}


class MeasuresRefused(DomainError):
    """A file of measures cannot be used."""

    code = "measures_refused"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure, compulsory from ``level`` up. ``text`` is in the portal's own words."""

    id: str
    level: RiskLevel
    text: str
    citation: str


@dataclass(frozen=True, slots=True)
class Measures:
    """All measures of a decree, with what is known of their source."""

    rule_set: str
    title: str
    citation: str
    evidence: str
    evidence_note: str
    note: str
    measures: tuple[Measure, ...]

    def at(self, level: RiskLevel) -> list[tuple[RiskLevel, list[Measure]]]:
        """What holds at ``level``, by the level that brings it in, highest first: each adds to the next."""
        levels = sorted({each.level for each in self.measures if each.level <= level}, reverse=True)
        return [(brought, [each for each in self.measures if each.level == brought]) for brought in levels]


@cache
def measures_of(rule_set: str) -> Measures | None:
    """The measures that come with a rule set; ``None`` where it has none. Raises ``MeasuresRefused``."""
    path = FOLDER / f"{rule_set}.toml"
    if rule_set not in available_rule_sets() or not path.exists():
        return None
    return parse_measures(path.read_bytes().decode())


def parse_measures(source: str) -> Measures:
    """Read strictly: raises ``MeasuresRefused`` for an unknown or missing key, an empty text, an id twice."""
    try:
        document = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise MeasuresRefused(f"Tệp giải pháp không phải là TOML hợp lệ: {error}.") from error
    if set(document) != {"measures", "measure"} or type(document["measure"]) is not list:
        raise MeasuresRefused("Tệp giải pháp phải có đúng một bảng measures và các bảng measure.")
    head = _texts("measures", document["measures"], _HEAD)
    if head["evidence"] not in EVIDENCE:
        raise MeasuresRefused(f"measures: evidence {head['evidence']!r} không thuộc: {', '.join(EVIDENCE)}.")
    found = []
    for table in document["measure"]:
        said = _texts("measure", table, _MEASURE)
        if said["level"] not in _LEVELS:
            raise MeasuresRefused(f"{said['id']}: level {said['level']!r} không thuộc: {', '.join(_LEVELS)}.")
        found.append(Measure(said["id"], _LEVELS[said["level"]], said["text"], said["citation"]))
    if len({each.id for each in found}) != len(found):
        raise MeasuresRefused("Hai giải pháp cùng mã.")
    return Measures(**head, measures=tuple(found))


def _texts(where: str, table: Any, keys: tuple[str, ...]) -> dict[str, str]:
    """``table`` itself, once it is found to have these keys alone, each with a text."""
    if type(table) is not dict or set(table) != set(keys):
        raise MeasuresRefused(f"{where}: phải có đúng các khoá {', '.join(keys)}.")
    for key, value in table.items():
        if type(value) is not str or not value.strip():
            raise MeasuresRefused(f"{where}: khoá {key} phải là một câu chữ.")
    return table
