"""Units: which area a code of the file means on a day; a code that means none is hinted at, never mended."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from django.utils.translation import gettext as _

from core.enums import AreaKind
from core.models import Area
from core.vietnamese import closest, fold
from riskmap.imports.faults import CellFault

COUNTED = (AreaKind.COMMUNE, AreaKind.HAMLET)
MOST_SUGGESTIONS = 3
MOST_LOOKED_UP = 200  # unknown codes for which the nearest is sought: a file with more is another list


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """The fault of a code, and the areas (ids) it could have meant; ``None`` when it could be any."""

    fault: CellFault
    candidates: frozenset[int] | None


class Units:
    """The units of one province, of every time, and the codes of a file against them."""

    def __init__(self, province: Area, codes: Iterable[str]) -> None:
        own = Area.objects.under(province).select_related("parent").order_by("valid_from")
        self.by_code: dict[str, list[Area]] = defaultdict(list)
        self.not_counted: dict[str, Area] = {}
        for area in own:
            if area.kind in COUNTED:
                self.by_code[area.code].append(area)
            else:
                self.not_counted[area.code] = area
        communes = [area.valid_from for areas in self.by_code.values() for area in areas]
        # The province's earliest list stands for the days before it as well: lists are young, wards are not.
        self.earliest = min(communes, default=None)
        strange = {code for code in codes if code not in self.by_code}
        self.elsewhere = {area.code: area for area in Area.objects.filter(code__in=strange, kind__in=COUNTED)}
        self.without_zeros: dict[str, list[str]] = defaultdict(list)
        self.slips: dict[str, set[str]] = defaultdict(set)
        for code in sorted(self.by_code):
            if code.isdecimal():
                self.without_zeros[code.lstrip("0")].append(code)
            for form in (code, *_one_sign_open(code)):
                self.slips[form].add(code)
        self.folded = {code: areas[-1].search_text for code, areas in self.by_code.items()}
        self.unknown: dict[str, UnknownCode] = {}

    @property
    def communes(self) -> list[Area]:
        return [area for areas in self.by_code.values() for area in areas if area.kind == AreaKind.COMMUNE]

    def find(self, code: str) -> list[Area] | UnknownCode:
        """The areas of this code, one after another in time, or why there is none."""
        if areas := self.by_code.get(code):
            return areas
        if code not in self.unknown:
            self.unknown[code] = self._unknown(code)
        return self.unknown[code]

    def called(self, said: str) -> list[Area]:
        """The units whose name, or its end, folds to ``said``."""
        return [
            area
            for code, name in self.folded.items()
            if f" {name}".endswith(f" {said}")
            for area in self.by_code[code]
        ]

    def exists(self, area: Area, day: date) -> bool:
        begun = area.valid_from <= day or area.valid_from == self.earliest
        return begun and (area.valid_to is None or day <= area.valid_to)

    def valid_on(self, areas: list[Area], day: date) -> Area:
        """The one of ``areas`` that exists on ``day``. Raises ``CellFault``."""
        for area in areas:
            if self.exists(area, day):
                return area
        named = areas[-1]
        raise CellFault(
            "not_valid_that_day",
            _("%(name)s (mã %(code)s) không có trong danh mục ngày %(day)s.")
            % {"name": named.name, "code": named.code, "day": f"{day:%d/%m/%Y}"},
            _("Đơn vị có từ %(first)s đến %(last)s: sửa ngày, hoặc dùng mã của đơn vị có lúc đó.")
            % {
                "first": f"{areas[0].valid_from:%d/%m/%Y}",
                "last": f"{named.valid_to:%d/%m/%Y}" if named.valid_to else _("nay"),
            },
        )

    def _unknown(self, code: str) -> UnknownCode:
        if not code:
            return _refuse("missing_code", _("Thiếu mã đơn vị."), _("Ghi mã đơn vị của dòng này."), None)
        if area := self.not_counted.get(code):
            message = _("Mã %(code)s là của %(name)s.") % {"code": code, "name": area.name}
            hint = _("Số ca ghi theo xã, phường, thị trấn hoặc thôn, khu phố; ghi mã của đơn vị đó.")
            every = (each for areas in self.by_code.values() for each in areas)
            below = [each.pk for each in every if each.path.startswith(area.path + "/")]
            return _refuse("not_a_commune", message, hint, below)
        whole = re.fullmatch(r"([0-9]+)[.,]0+", code)
        if right := self._with_leading_zeros(whole[1] if whole else code):
            if whole:
                message = _("Mã bị thêm “.0” (bảng tính đã đổi chữ thành số).")
            else:
                message = _("Mã mất số 0 ở đầu (bảng tính đã đổi chữ thành số).")
            hint = _("Định dạng cột code là văn bản và ghi %(codes)s.") % {"codes": self._named(right)}
            return _refuse("mangled_code", message, hint, self._ids(right))
        if area := self.elsewhere.get(code):
            message = _("Mã %(code)s là của %(name)s, không thuộc tỉnh đang nhập.")
            return _refuse(
                "other_province",
                message % {"code": code, "name": area.name},
                _("Bỏ dòng này, hoặc nhập nó cho tỉnh của đơn vị đó."),
                (),
            )
        return self._nearest(code)

    def _nearest(self, code: str) -> UnknownCode:
        message = _("Không có mã %(code)s trong danh mục của tỉnh.") % {"code": code[:40]}
        near = sorted(set().union(*(self.slips.get(slip, ()) for slip in _slips(code))))
        suggested = near
        if not near and len(self.unknown) < MOST_LOOKED_UP:
            said = fold(code)
            near = sorted(known for known, name in self.folded.items() if f" {name}".endswith(f" {said}"))
            suggested = near or get_close_matches(code, list(self.by_code), n=MOST_SUGGESTIONS, cutoff=0.6)
            if not suggested and (nearest := closest(code, {c: a[-1].name for c, a in self.by_code.items()})):
                suggested = [nearest]
        if suggested:
            hint = _("Gần nhất: %(codes)s. Ghi đúng mã.") % {"codes": self._named(suggested)}
        else:
            hint = _("Tra mã trong danh mục đơn vị hành chính của tỉnh.")
        return _refuse("unknown_code", message, hint, self._ids(near) if near else None)

    def _with_leading_zeros(self, digits: str) -> list[str]:
        """Known codes that ``digits`` becomes when zeros are put before it, or none."""
        if not digits.isascii() or not digits.isdecimal():
            return []
        return self.without_zeros.get(digits.lstrip("0"), [])

    def _named(self, codes: list[str]) -> str:
        areas = [self.by_code[code][-1] for code in codes]
        shown = [f"{area.code} ({area.name}, {area.parent.name})" for area in areas]
        more = " …" if len(shown) > MOST_SUGGESTIONS else ""
        return "; ".join(shown[:MOST_SUGGESTIONS]) + more

    def _ids(self, codes: list[str]) -> list[int]:
        return [area.pk for code in codes for area in self.by_code[code]]


def _refuse(code: str, message: str, hint: str, candidates: Iterable[int] | None) -> UnknownCode:
    return UnknownCode(CellFault(code, message, hint), None if candidates is None else frozenset(candidates))


def _one_sign_open(code: str) -> Iterator[str]:
    for place in range(len(code)):
        yield f"{code[:place]}*{code[place + 1 :]}"


def _slips(code: str) -> Iterator[str]:
    """The forms of every code one slip away: one sign wrong, left out, too many, or two swapped."""
    yield from _one_sign_open(code)
    for place in range(len(code) + 1):
        yield f"{code[:place]}*{code[place:]}"
    for place in range(len(code)):
        yield code[:place] + code[place + 1 :]
    for place in range(len(code) - 1):
        yield code[:place] + code[place + 1] + code[place] + code[place + 2 :]
