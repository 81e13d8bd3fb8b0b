"""An award law read strictly: whatever is unknown, missing or of another type is refused.

Pure: no database. A sum is the base wage of the day times the kind's multiple, rounded to the nearest step.
The published sums (223.500 → 220.000, 447.000 → 450.000) say *nearest*, and none lies half a step between;
such a half goes up, as the one gloss that says “lên hàng chục nghìn” would have it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from awards.enums import ItemKind, SummaryForm
from campaign.enums import Recipient
from core.enums import AreaKind
from core.errors import DomainError

LAWS = Path(__file__).parent

#: How much a statement is worth that stands here, in words.
EVIDENCE = {
    "verbatim": _("nguyên văn"),
    "secondary": _("theo báo, bảng tóm tắt"),
    "parameter": _("tham số do tỉnh đặt, chưa có văn bản"),
}


class AwardLawRefused(DomainError):
    """A law cannot be used as it is written; the message names file, place and what to do."""

    code = "award_law_refused"


class _Cited:
    """What is said of a statement, by its ``evidence``."""

    evidence: str

    @property
    def evidence_words(self) -> str:
        return str(EVIDENCE[self.evidence])

    @property
    def is_parameter(self) -> bool:
        return self.evidence == "parameter"


@dataclass(frozen=True)
class Rounding(_Cited):
    """To what a sum is rounded, in đồng."""

    to: int
    citation: str
    evidence: str


@dataclass(frozen=True)
class BaseWage(_Cited):
    """The base wage (lương cơ sở) in đồng from the day ``since`` until the next."""

    since: date
    amount: int
    citation: str
    evidence: str


@dataclass(frozen=True)
class AwardKind(_Cited):
    """One kind of award of a law."""

    law: str
    code: str
    name: str
    recipient: str
    tier: str
    multiple: Decimal
    proposed_by: str
    decided_by: str
    citation: str
    evidence: str

    @property
    def recipient_words(self) -> str:
        return str(Recipient(self.recipient).label)


@dataclass(frozen=True, slots=True)
class AwardLaw:
    """What a law says of the awards of a campaign."""

    name: str
    title: str
    in_force_from: date
    in_force_to: date | None
    procedure: str
    documents: tuple[ItemKind, ...]
    forms: tuple[SummaryForm, ...]
    default_form: SummaryForm
    copies: int
    rounding: Rounding
    base_wages: tuple[BaseWage, ...]
    kinds: tuple[AwardKind, ...]

    def kind(self, code: str) -> AwardKind | None:
        return next((kind for kind in self.kinds if kind.code == code), None)


def available_laws() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in LAWS.glob("*.toml")))


@cache
def load_law(name: str) -> AwardLaw:
    """The law of the name. Raises ``AwardLawRefused``."""
    if name not in available_laws():
        raise AwardLawRefused(f"Không có luật khen thưởng “{name}”; đã có: {', '.join(available_laws())}.")
    return parse_law(f"{name}.toml", (LAWS / f"{name}.toml").read_text(encoding="utf-8"))


def base_wage(law: AwardLaw, *, on: date) -> BaseWage | None:
    """The base wage in force on the day; ``None`` before the first that is known or after the law's end."""
    if law.in_force_to and on > law.in_force_to:
        return None
    return max(
        (wage for wage in law.base_wages if wage.since <= on), key=lambda wage: wage.since, default=None
    )


def prize_of(kind: AwardKind, *, on: date) -> int | None:
    """The sum in đồng that goes with an award decided on the day; ``None`` where no base wage is known."""
    law = load_law(kind.law)
    wage = base_wage(law, on=on)
    if wage is None:
        return None
    step = law.rounding.to
    return int((kind.multiple * wage.amount * 2 + step) // (2 * step)) * step


_LAW = {
    "name": str,
    "title": str,
    "in_force_from": date,
    "in_force_to": date,
    "procedure": str,
    "documents": list,
    "forms": list,
    "default_form": str,
    "copies": int,
}
_MAY_BE_LEFT_OUT = {"in_force_to"}
_ROUNDING = {"to": int, "citation": str, "evidence": str}
_WAGE = {"since": date, "amount": int, "citation": str, "evidence": str}
_KIND = {field.name: str for field in fields(AwardKind) if field.name != "law"}


def parse_law(file: str, source: str) -> AwardLaw:
    """Read a law strictly. Raises ``AwardLawRefused``."""
    try:
        return _law(Path(file).stem, tomllib.loads(source))
    except tomllib.TOMLDecodeError as trouble:
        raise AwardLawRefused(f"{file}: không phải TOML hợp lệ ({trouble}); xin sửa chỗ đó.") from trouble
    except _Fault as fault:
        raise AwardLawRefused(f"{file}: {fault}") from fault


class _Fault(Exception):
    """Place, reason and what to do."""


def _law(stem: str, document: Mapping[str, Any]) -> AwardLaw:
    _keys("", document, {"law": dict, "rounding": dict, "base_wages": list, "kinds": list})
    said = _keys("law", document["law"], _LAW, may_miss=_MAY_BE_LEFT_OUT)
    if said["name"] != stem:
        raise _Fault(f"law.name: “{said['name']}” phải giống tên tệp “{stem}”; xin sửa.")
    rounding = Rounding(**_cited("rounding", _keys("rounding", document["rounding"], _ROUNDING)))
    if rounding.to < 1 or said["copies"] < 1:
        raise _Fault("rounding.to, law.copies: phải từ 1 trở lên; xin sửa.")
    wages = [
        BaseWage(**_cited(f"base_wages[{place}]", _keys(f"base_wages[{place}]", each, _WAGE)))
        for place, each in enumerate(document["base_wages"], 1)
    ]
    kinds = [_kind(stem, place, each) for place, each in enumerate(document["kinds"], 1)]
    _once("kinds.code", [kind.code for kind in kinds])
    _once("base_wages.since", [wage.since for wage in wages])
    forms = tuple(_chosen("law.forms", each, SummaryForm) for each in said["forms"])
    default = _chosen("law.default_form", said["default_form"], SummaryForm)
    if default not in forms:
        raise _Fault("law.default_form: phải là một trong law.forms; xin sửa.")
    return AwardLaw(
        name=stem,
        title=said["title"],
        in_force_from=said["in_force_from"],
        in_force_to=said.get("in_force_to"),
        procedure=said["procedure"],
        documents=tuple(_chosen("law.documents", each, ItemKind) for each in said["documents"]),
        forms=forms,
        default_form=default,
        copies=said["copies"],
        rounding=rounding,
        base_wages=tuple(sorted(wages, key=lambda wage: wage.since)),
        kinds=tuple(kinds),
    )


def _kind(law: str, place: int, table: Any) -> AwardKind:
    where = f"kinds[{place}]"
    said = _cited(where, _keys(where, table, _KIND))
    _chosen(f"{where}.recipient", said["recipient"], Recipient)
    _chosen(f"{where}.tier", said["tier"], AreaKind)
    try:
        multiple = Decimal(said["multiple"])
    except InvalidOperation as trouble:
        raise _Fault(f"{where}.multiple: “{said['multiple']}” không phải số; ví dụ “1.0”.") from trouble
    if not (multiple.is_finite() and multiple > 0):
        raise _Fault(f"{where}.multiple: phải lớn hơn 0; xin sửa.")
    return AwardKind(**said | {"law": law, "multiple": multiple})


def _keys(where: str, table: Any, keys: Mapping[str, type], *, may_miss: set[str] = frozenset()) -> dict:
    place = f"{where}." if where else ""
    if type(table) is not dict:
        raise _Fault(f"{where}: phải là một bảng; xin sửa.")
    if unknown := sorted(set(table) - set(keys)):
        raise _Fault(f"{place}{unknown[0]}: không có khóa này; các khóa: {', '.join(keys)}.")
    if missing := [name for name in keys if name not in table and name not in may_miss]:
        raise _Fault(f"{place}{missing[0]}: thiếu khóa này; xin ghi thêm.")
    for name, value in table.items():
        if type(value) is not keys[name] or (keys[name] is str and not value.strip()):
            raise _Fault(f"{place}{name}: giá trị {value!r} không đúng kiểu hoặc để trống; xin sửa.")
    return dict(table)


def _cited(where: str, said: dict) -> dict:
    if said["evidence"] not in EVIDENCE:
        raise _Fault(f"{where}.evidence: xin ghi một trong: {', '.join(EVIDENCE)}.")
    return said


def _chosen(where: str, value: Any, choices: Any) -> Any:
    if value not in choices.values:
        raise _Fault(f"{where}: không có “{value}”; xin ghi một trong: {', '.join(choices.values)}.")
    return choices(value)


def _once(where: str, said: list) -> None:
    if twice := [each for each in said if said.count(each) > 1]:
        raise _Fault(f"{where}: “{twice[0]}” có hai lần; xin giữ một.")
