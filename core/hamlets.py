"""Hamlets: the khu phố, thôn and ấp of a file come under their communes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from core.area_files import RefusedRow, UnusableAreaFile, read_records, read_text
from core.areas import AreaImport
from core.audit import acting
from core.enums import AreaKind
from core.models import Area, User
from core.vietnamese import fold, normalise_name, sort_key

COLUMNS = ("commune_code", "code", "name", "type")
#: Hamlets have no code of the General Statistics Office: theirs is the commune's, a hyphen and a number.
_NUMBER = re.compile(r"[0-9]{2,3}", re.ASCII)


def import_hamlets(
    *, path: Path, valid_from: date, legal_basis: str = "", by: User, commit: bool
) -> AreaImport:
    """Create the hamlets of a CSV file (columns ``COLUMNS``, UTF-8) that are not there yet.

    A commune is found by its code and must be valid on ``valid_from``. A hamlet that is there under the
    same commune stays as it is, so that the same file again changes nothing; the right rows are written even
    where others are refused. Raises ``UnusableAreaFile`` when no row can be read at all.
    """
    lines = read_records(read_text(path), columns=COLUMNS)
    if sorted(cell.strip() for cell in lines[0]) != sorted(COLUMNS):
        raise UnusableAreaFile(
            _("Dòng đầu phải ghi đúng các cột: %(columns)s.") % {"columns": ", ".join(COLUMNS)}
        )
    header = [cell.strip() for cell in lines[0]]
    rows = [
        dict(zip(header, map(normalise_name, cells + [""] * len(header)), strict=False))
        for cells in lines[1:]
    ]
    communes = {
        area.code: area
        for area in Area.objects.of_kind(AreaKind.COMMUNE)
        .valid_on(valid_from)
        .filter(code__in={row["commune_code"] for row in rows})
        .select_related("parent__parent")
    }
    there = {
        area.code: area
        for area in Area.objects.filter(code__in={row["code"] for row in rows}).exclude(
            valid_to__lt=valid_from
        )
    }
    result = AreaImport(rows_read=len(rows), refused=[], valid_from=valid_from)
    for number, row in enumerate(rows, start=2):
        commune, known = communes.get(row["commune_code"]), there.get(row["code"])
        if fault := _fault(row, commune, known):
            column, message, hint = fault
            result.refused.append(RefusedRow(number, column, row[column][:200], message, hint))
        elif known is not None:
            result.unchanged += 1
        else:
            there[row["code"]] = _hamlet(row, commune, valid_from, normalise_name(legal_basis))
            result.created.append(there[row["code"]])
    provinces = {area.parent.parent.parent for area in result.created}
    result.provinces = sorted(provinces, key=lambda province: province.code)
    if commit and result.created:
        with acting(by=by, reason=_("Nhập thôn, khu phố từ %(file)s") % {"file": path.name}):
            Area.objects.bulk_create(result.created)
    result.written = commit
    return result


def _fault(row: dict[str, str], commune: Area | None, known: Area | None) -> tuple[str, str, str] | None:
    """The column at fault, what is wrong and what to do; ``None`` for a right row."""
    for column in COLUMNS:
        if not row[column]:
            return column, _("Ô để trống."), _("Điền ô này.")
    if commune is None:
        return "commune_code", _("Không có xã, phường, thị trấn mang mã này."), _("Sửa mã theo danh mục.")
    begin, hyphen, number = row["code"].partition("-")
    if begin != commune.code or not hyphen or not _NUMBER.fullmatch(number):
        return (
            "code",
            _("Mã thôn, khu phố gồm mã xã, gạch nối và hai hoặc ba chữ số."),
            _("Ví dụ: %(code)s.") % {"code": f"{commune.code}-01"},
        )
    for column, longest in (("name", 120), ("type", 40)):
        if len(row[column]) > longest:
            return (
                column,
                _("Quá dài."),
                _("Rút gọn còn tối đa %(length)d ký tự.") % {"length": longest},
            )
    if known is not None and (known.pk is None or known.parent_id != commune.pk):
        return "code", _("Mã này đã dùng cho %(name)s.") % {"name": known.name}, _("Dùng mã khác.")
    return None


def _hamlet(row: dict[str, str], commune: Area, valid_from: date, legal_basis: str) -> Area:
    return Area(
        code=row["code"],
        name=row["name"],
        kind=AreaKind.HAMLET,
        type_word=row["type"],
        parent=commune,
        path=f"{commune.path}/{row['code']}",
        valid_from=max(valid_from, commune.valid_from),
        legal_basis=legal_basis,
        sort_key=sort_key(row["name"]),
        search_text=fold(row["name"]),
    )
