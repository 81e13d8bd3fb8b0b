"""Areas: the units of a file become the provinces, districts and communes of their time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from core.area_files import AreaRow, RefusedRow, read_area_file
from core.audit import acting
from core.enums import AreaKind
from core.models import Area, User
from core.vietnamese import fold, normalise_name, sort_key

SINCE_UNKNOWN = date(2000, 1, 1)  # valid-from of units whose file does not say since when they exist
TYPE_WORDS = ("Thành phố", "Tỉnh", "Quận", "Huyện", "Thị xã")
WRITTEN_AT_ONCE = 2000


@dataclass(frozen=True)
class Change:
    """What one unit had and now has; ``field`` is the model's."""

    code: str
    field: str
    before: object
    after: object


@dataclass
class AreaImport:
    """What an import of units found and, when committed, wrote."""

    rows_read: int
    refused: list[RefusedRow]
    created: list[Area] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    written: bool = False
    valid_from: date = SINCE_UNKNOWN
    provinces: list[Area] = field(default_factory=list)  # in which something is new or changed


def import_areas(
    *,
    path: Path,
    valid_from: date | None,
    legal_basis: str = "",
    by: User,
    at: datetime,
    commit: bool,
    strict: bool = False,
) -> AreaImport:
    """Create the units of a CSV file that are new and correct those whose name, type or population changed.

    A unit already there is found by its code, valid on ``valid_from`` or later; its dates and parent stay.
    Districts and provinces come from the rows of their communes and have no population of their own. The
    same file again changes nothing. With ``strict`` nothing is written when any row is refused. ``at`` is
    when the import happens and bounds the populations' year.

    Raises ``UnusableAreaFile`` when no row can be read at all.
    """
    areas = read_area_file(path=path, latest_year=at.year)
    result = AreaImport(
        rows_read=areas.rows_read, refused=areas.refused, valid_from=valid_from or SINCE_UNKNOWN
    )
    plan = _Plan(result, legal_basis)
    plan.take(areas.rows, population_year=areas.population_year)
    result.refused.sort(key=lambda refused: refused.row)
    if commit and not (strict and result.refused) and (result.created or result.changes):
        with acting(by=by, reason=_("Nhập đơn vị hành chính từ %(file)s") % {"file": path.name}):
            plan.write()
    result.written = commit and not (strict and result.refused)
    return result


def type_of(name: str, kind: AreaKind) -> str:
    """The type word a district's or province's name begins with."""
    for word in TYPE_WORDS:
        if fold(name).startswith(fold(word) + " "):
            return word
    return "Tỉnh" if kind == AreaKind.PROVINCE else "Huyện"


class _Plan:
    """The units of one file against those already there, tier by tier from the top."""

    def __init__(self, result: AreaImport, legal_basis: str) -> None:
        self.result = result
        self.legal_basis = normalise_name(legal_basis)
        self.changed_fields: dict[int, set[str]] = {}
        self.changed: list[Area] = []
        self.here: dict[str, Area] = {}

    def take(self, rows: list[AreaRow], *, population_year: int | None) -> None:
        self._find_existing(
            {code for row in rows for code in (row.province_code, row.district_code, row.code)}
        )
        for row in rows:
            province = self._unit(row, row.province_code, row.province, AreaKind.PROVINCE, None)
            district = province and self._unit(
                row, row.district_code, row.district, AreaKind.DISTRICT, province
            )
            if district:
                self._unit(
                    row, row.code, row.name, AreaKind.COMMUNE, district, row.type_word,
                    row.population, population_year,
                )  # fmt: skip
        touched = {area.path.split("/")[0] for area in (*self.result.created, *self.changed)}
        self.result.provinces = [self.here[code] for code in sorted(touched)]

    def write(self) -> None:
        for kind in (AreaKind.PROVINCE, AreaKind.DISTRICT, AreaKind.COMMUNE):
            new = [area for area in self.result.created if area.kind == kind]
            Area.objects.bulk_create(new, batch_size=WRITTEN_AT_ONCE)
        fields = sorted(set().union(*self.changed_fields.values())) if self.changed_fields else []
        if fields:
            Area.objects.bulk_update(self.changed, fields, batch_size=WRITTEN_AT_ONCE)

    def _find_existing(self, codes: Iterable[str]) -> None:
        since = self.result.valid_from
        found = Area.objects.filter(code__in=codes).exclude(valid_to__lt=since).select_related("parent")
        for area in found.order_by("-valid_from"):  # the earliest still valid on ``since`` wins
            self.here[area.code] = area
        self.met: set[str] = set()

    def _unit(
        self, row: AreaRow, code: str, name: str, kind: AreaKind, parent: Area | None,
        type_word: str = "", population: int | None = None, population_year: int | None = None,
    ) -> Area | None:  # fmt: skip
        area = self.here.get(code)
        if area and (area.kind != kind or area.parent != parent):
            self.result.refused.append(_misplaced(row, area, kind, parent))
            return None
        if code in self.met:
            return area
        self.met.add(code)
        wanted = {"name": name, "type_word": type_word or type_of(name, kind)}
        if population is not None:
            wanted |= {"population": population, "population_year": population_year}
        if area is None:
            area = self.here[code] = self._new(code, kind, parent, wanted)
            self.result.created.append(area)
        else:
            self._correct(area, wanted)
        return area

    def _new(self, code: str, kind: AreaKind, parent: Area | None, wanted: dict) -> Area:
        since = self.result.valid_from
        return Area(
            code=code,
            kind=kind,
            parent=parent,
            path=f"{parent.path}/{code}" if parent else code,
            valid_from=max(since, parent.valid_from) if parent else since,
            legal_basis=self.legal_basis,
            sort_key=sort_key(wanted["name"]),
            search_text=fold(wanted["name"]),
            **wanted,
        )

    def _correct(self, area: Area, wanted: dict) -> None:
        if self.legal_basis:
            wanted = wanted | {"legal_basis": self.legal_basis}
        changes = [
            Change(area.code, field, getattr(area, field), value)
            for field, value in wanted.items()
            if getattr(area, field) != value
        ]
        if not changes:
            self.result.unchanged += 1
            return
        for change in changes:
            setattr(area, change.field, change.after)
        fields = {change.field for change in changes}
        if "name" in fields:
            area.sort_key, area.search_text = sort_key(area.name), fold(area.name)
            fields |= {"sort_key", "search_text"}
        self.changed_fields[area.pk] = fields
        self.changed.append(area)
        self.result.changes += changes


def _misplaced(row: AreaRow, area: Area, kind: AreaKind, parent: Area | None) -> RefusedRow:
    if area.kind != kind:
        message = _("Mã %(code)s đã là mã của %(name)s, một đơn vị cấp khác.")
        hint = _("Sửa mã trong tệp theo danh mục của Tổng cục Thống kê.")
    else:
        message = _("%(name)s (mã %(code)s) đang trực thuộc %(old)s, tệp ghi trực thuộc %(new)s.")
        hint = _("Sửa mã huyện, mã tỉnh trong tệp; lệnh này không chuyển đơn vị sang địa bàn khác.")
    names = {"code": area.code, "name": area.name, "old": area.parent or "–", "new": parent or "–"}
    return RefusedRow(
        row.number, "code" if kind == AreaKind.COMMUNE else f"{kind}_code", area.code, message % names, hint
    )
