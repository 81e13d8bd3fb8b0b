"""Rule sets: law as data, one TOML file a decree, read strictly and never changed at run time."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import DomainError
from riskmap.rules.conditions import CASE_KINDS, CONDITIONS, Condition, Touches
from riskmap.rules.scale import (
    CASCADE,
    COMMUNE,
    DECIDED,
    DECIDED_BIT,
    DECLARED_KINDS,
    HAMLET,
    LEVEL_KEYS,
    TIER_KEYS,
)

SETS = Path(__file__).parent / "sets"
EVIDENCE = ("verbatim", "secondary", "parameter")
MOST_CRITERIA = DECIDED_BIT  # a mask of criteria is a uint32, and its last bit is taken

#: The parameters the rule itself reads: every set states them. Others may be named by criteria alone.
READ_BY_THE_RULE = {"window_days": int, "hold_days": int, "unclassified_as": str, "hamlets_as_communes": bool}

#: Keys a file must have, and their types.
IDENTITY = dict.fromkeys(("number", "title", "issuer", "citation"), str) | dict.fromkeys(
    ("issued_on", "in_force_from"), date
)
LIMITS = {int: {"minimum": int, "maximum": int}, str: {"choices": list}}
CRITERION = dict.fromkeys(("id", "area", "level", "text", "citation", "evidence"), str) | {"condition": dict}


class RuleSetRefused(DomainError):
    """A rule set or its parameters cannot be used."""

    code = "rule_set_refused"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of a rule set with its evidence. ``evidence = "parameter"`` leaves it to the province."""

    name: str
    value: int | str | bool
    evidence: str
    description: str
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    note: str = ""

    @property
    def settable(self) -> bool:
        return self.evidence == "parameter"

    def accept(self, value: Any) -> None:
        """Raise ``RuleSetRefused`` unless ``value`` may stand here."""
        if type(value) is not type(self.value):
            raise RuleSetRefused(f"Tham số {self.name}: {value!r} không đúng kiểu (mẫu: {self.value!r}).")
        if self.choices and value not in self.choices:
            raise RuleSetRefused(f"Tham số {self.name}: chỉ nhận một trong: {', '.join(self.choices)}.")
        if (self.minimum is not None and value < self.minimum) or (
            self.maximum is not None and value > self.maximum
        ):
            raise RuleSetRefused(f"Tham số {self.name}: giá trị phải từ {self.minimum} đến {self.maximum}.")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the factors of which any is enough for ``level``. ``text`` is what people read."""

    id: str
    tier: int
    level: int
    condition: Condition
    text: str
    citation: str
    evidence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A decree: who gave it, when it held, its parameters and criteria, in the order of the file.

    ``source`` is the text of the file and ``overrides`` what a province set otherwise: two assessments of the
    same facts by rule sets of one ``fingerprint`` are the same.
    """

    name: str
    number: str
    title: str
    issuer: str
    citation: str
    note: str
    issued_on: date
    in_force_from: date
    in_force_to: date | None
    parameters: tuple[Parameter, ...]
    criteria: tuple[Criterion, ...]
    source: str = field(repr=False)
    overrides: tuple[tuple[str, int | str | bool], ...] = ()

    def __getitem__(self, parameter: str) -> int | str | bool:
        for each in self.parameters:
            if each.name == parameter:
                return each.value
        raise KeyError(parameter)

    @property
    def window_days(self) -> int:
        return self["window_days"]

    @property
    def hold_days(self) -> int:
        return self["hold_days"]

    @property
    def look_back(self) -> int:
        """Days before the first assessed one that the rule reads."""
        return max(1, self.window_days - 1 + self.hold_days)

    @property
    def sha256(self) -> str:
        """Of the file, in hexadecimal."""
        return hashlib.sha256(self.source.encode()).hexdigest()

    @property
    def fingerprint(self) -> str:
        """Of the file and the parameters set by the province, in hexadecimal."""
        said = json.dumps([self.sha256, self.overrides], separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()

    def criteria_of(self, tier: int) -> list[tuple[int, Criterion]]:
        """Criteria an area of this tier is tested by, each with its bit; a hamlet's are its commune's."""
        if tier == HAMLET:
            if not self["hamlets_as_communes"]:
                return []
            return [(bit, c) for bit, c in self.criteria_of(COMMUNE) if not isinstance(c.condition, Touches)]
        return [(bit, c) for bit, c in enumerate(self.criteria) if c.tier == tier]

    def ids_of(self, mask: int) -> tuple[str, ...]:
        """Ids of the criteria in a mask, in the order of the rule set; ``DECIDED`` for a decided level."""
        ids = tuple(c.id for bit, c in enumerate(self.criteria) if int(mask) >> bit & 1)
        return (*ids, DECIDED) if int(mask) >> DECIDED_BIT & 1 else ids

    def mask_of(self, ids: tuple[str, ...] | list[str]) -> int:
        bits = {c.id: 1 << bit for bit, c in enumerate(self.criteria)} | {DECIDED: 1 << DECIDED_BIT}
        return sum(bits[each] for each in set(ids))

    def with_parameters(self, overrides: Mapping[str, Any]) -> RuleSet:
        """The same set with a province's own parameters. Raises ``RuleSetRefused``."""
        if not overrides:
            return self
        changed = dict(self.overrides)
        for name, value in overrides.items():
            parameter = next((each for each in self.parameters if each.name == name), None)
            if parameter is None:
                raise RuleSetRefused(f"Bộ tiêu chí {self.name} không có tham số {name}.")
            if not parameter.settable:
                raise RuleSetRefused(f"Tham số {name} do văn bản quy định, tỉnh không đặt được giá trị khác.")
            parameter.accept(value)
            changed[name] = value
        return parse_rule_set(self.name, self.source, tuple(sorted(changed.items())))


def available_rule_sets() -> tuple[str, ...]:
    """Names of the rule sets that come with the portal, in alphabetical order."""
    return tuple(sorted(path.stem for path in SETS.glob("*.toml")))


@cache
def load_rule_set(name: str) -> RuleSet:
    """The rule set of this name as the law has it. Raises ``RuleSetRefused``."""
    if name not in available_rule_sets():
        raise RuleSetRefused(f"Không có bộ tiêu chí {name}. Hiện có: {', '.join(available_rule_sets())}.")
    return parse_rule_set(name, (SETS / f"{name}.toml").read_bytes().decode())


def parse_rule_set(name: str, source: str, overrides: tuple[tuple[str, Any], ...] = ()) -> RuleSet:
    """Read a rule set strictly: a key that is unknown, missing or of another type raises ``RuleSetRefused``.

    ``overrides`` are taken as they are; ``RuleSet.with_parameters`` has checked them.
    """
    try:
        document = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise RuleSetRefused(f"Bộ tiêu chí {name} không phải là TOML hợp lệ: {error}.") from error
    top = _table(name, document, {"rule_set": dict, "parameters": dict, "criteria": list})
    identity = _table("rule_set", top["rule_set"], IDENTITY, {"in_force_to": date, "note": str})
    own = dict(overrides)
    parameters = tuple(_parameter(each, table, own) for each, table in top["parameters"].items())
    values = {each.name: each.value for each in parameters}
    for each, kind in READ_BY_THE_RULE.items():
        if type(values.get(each)) is not kind:
            raise RuleSetRefused(f"Bộ tiêu chí {name} thiếu tham số {each} kiểu {kind.__name__}.")
    _one_of("parameters.unclassified_as", values["unclassified_as"], ("unknown_source", "known_source"))
    if values["window_days"] < 1 or values["hold_days"] < 0:
        raise RuleSetRefused(f"Bộ tiêu chí {name}: window_days phải từ 1, hold_days từ 0 trở lên.")
    criteria = tuple(_criterion(table, values) for table in top["criteria"])
    ids = [each.id for each in criteria]
    if DECIDED in ids:
        raise RuleSetRefused(
            f"Bộ tiêu chí {name}: mã {DECIDED} dành cho mức do người có thẩm quyền quyết định."
        )
    if len(set(ids)) != len(ids):
        raise RuleSetRefused(f"Bộ tiêu chí {name} có hai tiêu chí cùng mã.")
    if len(ids) > MOST_CRITERIA:
        raise RuleSetRefused(f"Bộ tiêu chí {name} có {len(ids)} tiêu chí, nhiều nhất là {MOST_CRITERIA}.")
    return RuleSet(
        name=name,
        note=identity.get("note", ""),
        in_force_to=identity.get("in_force_to"),
        parameters=parameters,
        criteria=criteria,
        source=source,
        overrides=overrides,
        **{key: identity[key] for key in IDENTITY},
    )


def _table(where: str, table: Any, required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict:
    """``table`` itself, once its keys and their types are found to be as told."""
    if type(table) is not dict:
        raise RuleSetRefused(f"{where}: phải là một bảng.")
    known = required | (optional or {})
    if unknown := sorted(set(table) - set(known)):
        raise RuleSetRefused(f"{where}: có khoá không hiểu: {', '.join(unknown)}.")
    if missing := sorted(set(required) - set(table)):
        raise RuleSetRefused(f"{where}: thiếu khoá {', '.join(missing)}.")
    for key, value in table.items():
        kinds = known[key] if isinstance(known[key], tuple) else (known[key],)
        if type(value) not in kinds:
            raise RuleSetRefused(f"{where}: khoá {key} có giá trị không đúng kiểu: {value!r}.")
    return table


def _one_of(where: str, value: str, choices: Mapping[str, Any] | tuple[str, ...]) -> str:
    if value not in choices:
        raise RuleSetRefused(f"{where}: {value!r} không thuộc: {', '.join(choices)}.")
    return value


def _parameter(name: str, table: Any, own: Mapping[str, Any]) -> Parameter:
    kind = type(table.get("value")) if type(table) is dict else None
    _table(
        f"parameters.{name}",
        table,
        {"value": (int, str, bool), "evidence": str, "description": str},
        {"note": str} | LIMITS.get(kind, {}),
    )
    _one_of(f"parameters.{name}", table["evidence"], EVIDENCE)
    parameter = Parameter(name=name, **{**table, "choices": tuple(table.get("choices", ()))})
    parameter.accept(parameter.value)
    return replace(parameter, value=own.get(name, parameter.value))


def _criterion(table: Any, parameters: Mapping[str, Any]) -> Criterion:
    where = f"criteria.{table.get('id', '?')}" if type(table) is dict else "criteria"
    _table(where, table, CRITERION, {"note": str})
    tier = TIER_KEYS.index(_one_of(where, table["area"], TIER_KEYS[:HAMLET]))
    level = LEVEL_KEYS.index(_one_of(where, table["level"], tuple(LEVEL_KEYS[each] for each in CASCADE)))
    _one_of(where, table["evidence"], EVIDENCE)
    try:
        text = table["text"].format_map(parameters)
    except (KeyError, ValueError) as error:
        raise RuleSetRefused(f"{where}: câu chữ nhắc đến tham số không có: {error}.") from error
    return Criterion(
        id=table["id"],
        tier=tier,
        level=level,
        condition=_condition(where, table["condition"], tier, level, parameters),
        text=text,
        citation=table["citation"],
        evidence=table["evidence"],
        note=table.get("note", ""),
    )


def _condition(where: str, table: dict, tier: int, level: int, parameters: Mapping[str, Any]) -> Condition:
    """A number of a condition is written as itself or as the name of a parameter."""
    kind = CONDITIONS[_one_of(where, table.get("kind", ""), CONDITIONS)]
    if tier not in kind.tiers:
        raise RuleSetRefused(f"{where}: điều kiện {kind.kind} không dùng cho cấp {TIER_KEYS[tier]}.")
    words = {"of": CASE_KINDS, "fact": tuple(DECLARED_KINDS), "level": LEVEL_KEYS[2:]}
    names = [each.name for each in fields(kind)]
    _table(where, table, {"kind": str} | {name: str if name in words else (int, str) for name in names})
    given: dict[str, Any] = {}
    for name in names:
        value = table[name]
        if name in words:
            _one_of(where, value, words[name])
            value = LEVEL_KEYS.index(value) if name == "level" else value
        else:
            value = parameters.get(value) if type(value) is str else value
            if type(value) is not int or value < 0 or (name.startswith(("at_least", "per")) and value < 1):
                raise RuleSetRefused(f"{where}: {name} phải là số nguyên dương hoặc tên một tham số như thế.")
        given[name] = value
    if kind is Touches and given["level"] <= level:
        raise RuleSetRefused(f"{where}: chỉ xét được mức của xã giáp ranh cao hơn mức của tiêu chí.")
    if "fact" in given and DECLARED_KINDS[given["fact"]] != tier:
        raise RuleSetRefused(f"{where}: {given['fact']} không khai báo cho cấp {TIER_KEYS[tier]}.")
    return kind(**given)
