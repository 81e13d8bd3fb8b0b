"""A plan's file read strictly: whatever is unknown, missing, of another type or reversed is refused.

Pure: numbers, texts and dates only, no database. What comes out are the values of rows, complete.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from campaign.enums import AwardLaw, GroupKind, Recipient, ScoringFact, ScoringRole, SetBy
from core.errors import DomainError
from riskmap.rules.ruleset import available_rule_sets

SHIPPED = Path(__file__).parent  # the plans that come with the portal
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CODE = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)
REQUIRED = object()
LARGEST_FILE = 200_000  # bytes; the plans that come with the portal have 10,000


class PlanRefused(DomainError):
    """A plan cannot be taken as it is; the message names the place, the reason and what to do."""

    code = "plan_refused"


@dataclass(frozen=True, slots=True)
class Key:
    """What may stand at a key: its type, the longest text, the words to choose from, what stands for none."""

    kind: type
    longest: int = 0
    choices: tuple[str, ...] = ()
    default: Any = REQUIRED


def _text(longest: int, **said) -> Key:
    return Key(str, longest, **said)


def _word(choices: Sequence[str], **said) -> Key:
    return Key(str, choices=tuple(choices), **said)


CAMPAIGN = {
    "slug": _text(60),
    "province": _text(20),
    "title": _text(300),
    "short_title": _text(80),
    "issuer": _text(200),
    "number": _text(60, default=""),
    "issued_on": Key(date, default=None),
    "launched_on": Key(date, default=None),
    "purpose": _text(3000),
    "target": _text(300, default=""),
    "target_day": Key(date, default=None),
    "legal_basis": Key(list, 300),
    "rule_set": _word(available_rule_sets()),
    "registration_required": Key(bool),
    "register_by": Key(date, default=None),
    "award_law": _word(AwardLaw.values),
    "dossier_recipient": _text(200, default=""),
    "source_note": _text(1000, default=""),
}
#: The lists of a plan, by the names they have in the file and on ``Campaign``.
PARTS: dict[str, dict[str, Key]] = {
    "phases": {
        "code": _text(30),
        "number": Key(int),
        "name": _text(60),
        "first_day": Key(date),
        "first_day_set_by": _word(SetBy.values, default=SetBy.PLAN.value),
        "first_day_note": _text(300, default=""),
        "last_day": Key(date),
        "review_date": Key(date, default=None),
        "dossier_deadline": Key(datetime, default=None),
        "deadline_wording": _text(200, default=""),
        "deadline_set_by": _word(SetBy.values),
    },
    "target_groups": {"code": _text(30), "kind": _word(GroupKind.values), "name": _text(300)},
    "green_conditions": {"code": _text(30), "wording": _text(500), "citation": _text(300, default="")},
    "award_grounds": {
        "code": _text(30),
        "recipient": _word(Recipient.values),
        "wording": _text(500),
        "award": _text(300, default=""),
    },
    "scoring_rules": {
        "code": _text(30),
        "fact": _word(ScoringFact.values),
        "role": _word(ScoringRole.values),
        "wording": _text(300),
        "set_by": _word(SetBy.values),
    },
    "duties": {"code": _text(30), "department": _text(300), "wording": _text(500)},
}
TYPES = {
    str: "chữ trong dấu ngoặc kép",
    int: "số nguyên",
    bool: "true hoặc false",
    date: "ngày, ví dụ 2021-09-10 (không có dấu ngoặc kép)",
    datetime: "thời điểm kèm múi giờ, ví dụ 2021-09-08T00:00:00+07:00",
    list: "danh sách chữ trong dấu ngoặc vuông",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as its file has it: the values of its campaign, and of the lines of each list by their codes."""

    file: str
    campaign: Mapping[str, Any]  # without the province
    province: str
    parts: Mapping[str, tuple[Mapping[str, Any], ...]]


def read_plan(path: Path) -> Plan:
    """The plan in the file. Raises ``PlanRefused``."""
    try:
        with path.open("rb") as file:
            source = file.read(LARGEST_FILE + 1)
        if len(source) > LARGEST_FILE:
            raise PlanRefused(f"{path.name}: tệp quá lớn cho một kế hoạch; xin xem lại có nhầm tệp không.")
        return parse_plan(path.name, source.decode())
    except OSError as trouble:
        raise PlanRefused(f"{path}: không đọc được tệp; xin xem lại đường dẫn.") from trouble
    except UnicodeDecodeError as trouble:
        raise PlanRefused(f"{path.name}: tệp không phải UTF-8; xin lưu lại dạng UTF-8.") from trouble


def parse_plan(file: str, source: str) -> Plan:
    """Read a plan strictly. Raises ``PlanRefused`` with the file, the key, the reason and what to do."""
    try:
        document = tomllib.loads(source)
    except tomllib.TOMLDecodeError as trouble:
        raise PlanRefused(
            f"{file}: không phải TOML hợp lệ ({trouble}); xin sửa chỗ được chỉ ra."
        ) from trouble
    try:
        return _plan(file, document)
    except _Fault as fault:
        raise PlanRefused(f"{file}: {fault}") from fault


class _Fault(Exception):
    """Key, reason and what to do; the file is said by who reads it."""


def _plan(file: str, document: dict) -> Plan:
    sections = {"campaign", *PARTS}
    if unknown := sorted(set(document) - sections):
        raise _Fault(
            f"{', '.join(unknown)}: không có phần này. Các phần: {', '.join(['campaign', *PARTS])}; "
            "xin bỏ hoặc sửa tên."
        )
    if "campaign" not in document:
        raise _Fault("campaign: thiếu phần này; xin thêm [campaign].")
    campaign = _table("campaign", document["campaign"], CAMPAIGN)
    _code("campaign.slug", campaign["slug"])
    for each in campaign["legal_basis"]:
        _string("campaign.legal_basis", each, 300)
    if campaign["target_day"] and not campaign["target"]:
        raise _Fault("campaign.target_day: có ngày mà không có mục tiêu; xin ghi cả target.")
    parts = {section: _lines(section, document.get(section, []), keys) for section, keys in PARTS.items()}
    if not parts["phases"]:
        raise _Fault("phases: kế hoạch phải có ít nhất một đợt; xin thêm [[phases]].")
    if fault := fault_of_phases(parts["phases"]):
        raise _Fault(fault)
    _once("scoring_rules", "fact", parts["scoring_rules"])
    if parts["scoring_rules"] and all(rule["role"] == ScoringRole.TIE for rule in parts["scoring_rules"]):
        raise _Fault(
            f"scoring_rules.role: chỉ có {ScoringRole.TIE}; xin ghi ít nhất một {ScoringRole.ORDER}."
        )
    province = campaign.pop("province")
    return Plan(file=file, campaign=campaign, province=province, parts=parts)


def _lines(section: str, lines: Any, keys: Mapping[str, Key]) -> tuple[dict, ...]:
    if type(lines) is not list or not all(type(line) is dict for line in lines):
        raise _Fault(f"{section}: phải là các mục; xin ghi mỗi mục dưới một dòng [[{section}]].")
    read = []
    for place, line in enumerate(lines, start=1):
        where = f"{section}.{line['code']}" if isinstance(line.get("code"), str) else f"{section}[{place}]"
        values = _table(where, line, keys)
        _code(f"{where}.code", values["code"])
        read.append(values if section == "phases" else values | {"place": place})
    _once(section, "code", read)
    return tuple(read)


def _table(where: str, table: Any, keys: Mapping[str, Key]) -> dict[str, Any]:
    """The values of the table, with what is left out filled in."""
    if type(table) is not dict:
        raise _Fault(f"{where}: phải là một bảng; xin ghi [{where}].")
    if unknown := sorted(set(table) - set(keys)):
        raise _Fault(
            f"{where}.{unknown[0]}: không có khóa này. Các khóa: {', '.join(keys)}; xin bỏ hoặc sửa tên."
        )
    values = {}
    for name, key in keys.items():
        if name in table:
            values[name] = _value(f"{where}.{name}", table[name], key)
        elif key.default is REQUIRED:
            raise _Fault(f"{where}.{name}: thiếu khóa này; xin ghi thêm, dạng {TYPES[key.kind]}.")
        else:
            values[name] = key.default
    return values


def _value(where: str, value: Any, key: Key) -> Any:
    if type(value) is not key.kind or (key.kind is datetime and value.tzinfo is None):
        raise _Fault(f"{where}: giá trị {value!s} không đúng kiểu; xin ghi {TYPES[key.kind]}.")
    if key.choices and value not in key.choices:
        raise _Fault(f"{where}: không có “{value}”; xin ghi một trong: {', '.join(key.choices)}.")
    if key.kind is int and not 1 <= value <= 99:
        raise _Fault(f"{where}: phải từ 1 đến 99; xin sửa số {value}.")
    if key.kind is str and not key.choices:
        return _string(where, value, key.longest, may_be_empty=key.default == "")
    return value


def _string(where: str, value: Any, longest: int, *, may_be_empty: bool = False) -> str:
    if type(value) is not str:
        raise _Fault(f"{where}: giá trị {value!s} không đúng kiểu; xin ghi {TYPES[str]}.")
    if not (value.strip() or may_be_empty):
        raise _Fault(f"{where}: để trống; xin ghi nội dung.")
    if len(value) > longest:
        raise _Fault(f"{where}: dài {len(value)} ký tự; xin rút ngắn còn {longest}.")
    if value != value.strip() or "\x00" in value:
        raise _Fault(f"{where}: có khoảng trắng thừa ở đầu, cuối hoặc ký tự lạ; xin bỏ đi.")
    return value


def _code(where: str, code: str) -> None:
    if not CODE.fullmatch(code):
        raise _Fault(f"{where}: “{code}” phải chỉ gồm chữ thường không dấu, chữ số, gạch nối; xin sửa.")


def _once(section: str, name: str, lines: Sequence[Mapping[str, Any]]) -> None:
    said = [line[name] for line in lines]
    if twice := sorted({each for each in said if said.count(each) > 1}):
        raise _Fault(f"{section}.{name}: “{twice[0]}” có hai lần; xin giữ một.")


def fault_of_phases(phases: Sequence[Mapping[str, Any]]) -> str:
    """What is wrong with the days, deadlines and numbers of all phases together: a sentence, or none."""
    numbers = [phase["number"] for phase in phases]
    for phase in phases:
        where = f"phases.{phase['code']}"
        first, last, review = (phase[name] for name in ("first_day", "last_day", "review_date"))
        deadline = phase["dossier_deadline"]
        if numbers.count(phase["number"]) > 1:
            return f"{where}.number: số {phase['number']} có hai lần; xin ghi mỗi đợt một số."
        if last <= first:
            return (
                f"{where}.last_day: ngày cuối {last:%d/%m/%Y} phải sau ngày đầu {first:%d/%m/%Y}; "
                "xin xem lại hai ngày."
            )
        if review and review < first:
            return f"{where}.review_date: ngày sơ kết ở trước ngày đầu; xin xem lại."
        if bool(deadline) != bool(phase["deadline_wording"]):
            return f"{where}.deadline_wording: thời điểm và câu chữ của hạn phải đi đôi; xin ghi đủ cả hai."
        if not deadline:
            if phase["deadline_set_by"] == SetBy.PLAN:
                return f"{where}.dossier_deadline: thiếu hạn do plan đặt; xin ghi hạn, hoặc đổi thành office."
            continue
        if deadline <= datetime.combine(first, datetime.min.time(), ZONE):
            return f"{where}.dossier_deadline: hạn ở trước khi đợt bắt đầu; xin xem lại ngày, năm."
        if review and deadline > datetime.combine(review + timedelta(days=1), datetime.min.time(), ZONE):
            return f"{where}.dossier_deadline: hạn ở sau ngày sơ kết; xin xem lại."
    for before, after in pairwise(sorted(phases, key=lambda phase: phase["first_day"])):
        if after["first_day"] < before["last_day"]:
            return (
                f"phases.{after['code']}.first_day: trùng hơn một ngày với {before['name']}; "
                "hai đợt chỉ được chung ngày mà đợt trước kết thúc và đợt sau bắt đầu."
            )
    return ""
