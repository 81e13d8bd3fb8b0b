"""Columns of a file of units: their heads, in any order; cells as people and spreadsheets write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from django.utils.translation import gettext as _

from campaign.enums import GroupKind
from core.vietnamese import fold
from riskmap.imports.cells import as_text
from riskmap.imports.faults import CellFault, UnusableFile
from riskmap.imports.sheets import Cell

#: The heads that the portal's own file writes: part of the file, not of the interface.
TITLES = {
    "code": "Mã đơn vị",
    "kind": "Loại đơn vị",
    "name": "Tên đơn vị",
    "seat": "Nơi đóng",
    "head": "Người đứng đầu",
    "head_post": "Chức vụ",
    "phone": "Điện thoại cơ quan",
    "email": "Thư điện tử cơ quan",
    "size": "Số người",
}
#: What the kinds are called in the file; whoever types them by hand need not type diacritics.
KINDS = {
    GroupKind.HAMLET: "thôn, khu phố, ấp",
    GroupKind.COMMUNE: "xã, phường, thị trấn",
    GroupKind.DISTRICT: "huyện, quận, thị xã, thành phố",
    GroupKind.PARTY_AND_STATE: "cơ quan Đảng, Nhà nước",
    GroupKind.FATHERLAND_FRONT: "Ủy ban Mặt trận Tổ quốc Việt Nam",
    GroupKind.POLITICAL_SOCIAL: "đoàn thể, tổ chức chính trị - xã hội",
    GroupKind.SOCIAL_PROFESSIONAL: "tổ chức xã hội - nghề nghiệp",
    GroupKind.AGENCY: "cơ quan, đơn vị",
    GroupKind.ENTERPRISE: "doanh nghiệp thuộc các thành phần kinh tế",
    GroupKind.ARMED_FORCES: "lực lượng vũ trang nhân dân",
}
_BY_TITLE = {fold(title): name for name, title in TITLES.items()} | {name: name for name in TITLES}
_BY_KIND = {fold(words): kind for kind, words in KINDS.items()} | {kind.value: kind for kind in KINDS}
_NEEDED = ("code", "kind", "name", "seat")


def read_header(header: Sequence[Cell]) -> dict[str, int]:
    """Place of each column. A missing, repeated or unknown one raises ``UnusableFile``."""
    heads = [str(cell).strip() for cell in header]
    while heads and not heads[-1]:
        heads.pop()
    columns: dict[str, int] = {}
    for place, head in enumerate(heads):
        name = _BY_TITLE.get(fold(head)) or _BY_TITLE.get(head.casefold())
        if name is None:
            near = get_close_matches(fold(head), list(_BY_TITLE), n=1, cutoff=0.6) if head else []
            hint = _("Có phải là “%(near)s”?") % {"near": TITLES[_BY_TITLE[near[0]]]} if near else ""
            raise UnusableFile(
                _("Dòng 1: không rõ cột “%(name)s”. %(hint)s Các cột: %(columns)s.")
                % {"name": head[:60], "hint": hint, "columns": ", ".join(TITLES.values())}
            )
        if name in columns:
            raise UnusableFile(_("Dòng 1: cột “%(name)s” có hai lần; chỉ giữ một.") % {"name": TITLES[name]})
        columns[name] = place
    missing = [TITLES[name] for name in _NEEDED if name not in columns]
    if missing:
        raise UnusableFile(
            _("Dòng 1: thiếu cột %(missing)s. Xin dùng tệp xuất ra từ cổng.")
            % {"missing": ", ".join(missing)}
        )
    return columns


def read_kind(value: Cell) -> GroupKind:
    said = as_text(value)
    if not said:
        raise CellFault("missing_kind", _("Thiếu loại đơn vị."), _kinds_to_choose())
    kind = _BY_KIND.get(fold(said)) or _BY_KIND.get(said)
    if kind is None:
        raise CellFault("unknown_kind", _("Không có loại đơn vị này."), _kinds_to_choose(said))
    return kind


def read_size(value: Cell) -> int | None:
    said = as_text(value)
    if not said:
        return None
    if re.fullmatch(r"[1-9][0-9]{0,7}", said, re.ASCII) and int(said) <= 10_000_000:
        return int(said)
    if re.fullmatch(r"\d{1,3}([., \u00a0\u202f]\d{3})+", said):
        hint = _("Có thể là %(number)s. ") % {"number": re.sub(r"\D", "", said)}
    else:
        hint = ""
    raise CellFault(
        "not_a_size",
        _("Không phải là số người."),
        hint + _("Ghi số nguyên từ 1, không có dấu ngăn hàng nghìn; chưa biết thì để trống."),
    )


def read_phone(value: Cell) -> str:
    said = as_text(value)
    if isinstance(value, float) and len(said) >= 9:
        raise CellFault(
            "mangled_phone",
            _("Số điện thoại mất số 0 ở đầu (bảng tính đã đổi chữ thành số)."),
            _("Định dạng ô là văn bản và ghi %(phone)s.") % {"phone": f"0{said}"},
        )
    return said


def _kinds_to_choose(said: str = "") -> str:
    by_words = {words: kind for words, kind in _BY_KIND.items() if kind.area_kind is None}
    near = [words for words in by_words if said and words.startswith(fold(said))]
    near = near or (get_close_matches(fold(said), list(by_words), n=1, cutoff=0.5) if said else [])
    if near:
        return _("Gần nhất: %(kind)s.") % {"kind": KINDS[by_words[near[0]]]}
    return _("Chọn trong danh sách: %(kinds)s.") % {
        "kinds": "; ".join(words for kind, words in KINDS.items() if kind.area_kind is None)
    }
