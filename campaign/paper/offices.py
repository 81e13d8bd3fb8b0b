"""Offices: how a unit, and the level that confirms it, is named at the head and the foot of a paper."""

from __future__ import annotations

from campaign.enums import GroupKind
from campaign.models import Unit
from core.enums import AreaKind
from core.letters import Issuer, Signature
from core.letters.wording import capacity_of, place_name
from core.models import Area

COMMITTEE = "Ủy ban nhân dân"
_COMMITTEES = (AreaKind.COMMUNE, AreaKind.DISTRICT, AreaKind.PROVINCE)


def in_sentence(area: Area) -> str:
    """“huyện Ninh Phước”: the word for the unit is small within a sentence."""
    word = area.type_word
    return area.name[:1].lower() + area.name[1:] if word and area.name.startswith(word) else area.name


def place_of(area: Area) -> str:
    """The place before the date."""
    return place_name(area.name, area.type_word)


def issuer_of(unit: Unit) -> Issuer:
    """The committee of a commune or district, a hamlet under its commune's, or the organisation itself."""
    if unit.area_kind in _COMMITTEES:
        return Issuer((COMMITTEE, unit.name))
    if unit.area_kind == AreaKind.HAMLET:
        return Issuer((unit.name,), superior=(f"UBND {unit.seat.parent.name}",))
    return Issuer((unit.name,))


def office_of(area: Area) -> Issuer:
    """Who keeps the registrations of an area: its committee, or Sở Nội vụ for a province."""
    if area.kind == AreaKind.PROVINCE:
        return Issuer(("Sở Nội vụ",), superior=(f"UBND {area.name}",))
    return Issuer((COMMITTEE, area.name))


def addressee_of(area: Area) -> str:
    """The same office, as a paper to it is addressed."""
    if area.kind == AreaKind.PROVINCE:
        return f"Sở Nội vụ {in_sentence(area)}"
    return f"{COMMITTEE} {in_sentence(area)}"


def signature_of(unit: Unit, *, name: str, post: str) -> Signature:
    """The head of the unit: of a committee in its name, a deputy in place of the chairman."""
    if unit.area_kind in _COMMITTEES:
        own = post.split(" UBND")[0].split(f" {COMMITTEE}")[0]
        return Signature((f"TM. {COMMITTEE}".upper(), *capacity_of(own or "Chủ tịch")), name)
    usual = f"Trưởng {unit.seat.type_word}" if unit.kind == GroupKind.HAMLET else "Thủ trưởng đơn vị"
    return Signature(capacity_of(post or usual), name)


def confirmation_of(area: Area) -> Signature:
    """Where the level above signs."""
    office = "Sở Nội vụ" if area.kind == AreaKind.PROVINCE else f"UBND {area.name}"
    return Signature(("Xác nhận của".upper(), office.upper()))


def head_of(area: Area) -> Signature:
    """Who signs the list of an area; the name is left to the pen."""
    if area.kind == AreaKind.PROVINCE:
        return Signature(capacity_of("Giám đốc"))
    return Signature((f"TM. {COMMITTEE}".upper(), *capacity_of("Chủ tịch")))
