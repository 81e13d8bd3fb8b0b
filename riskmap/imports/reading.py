"""Reading: what a file says of an area: its right rows, its refusals, and the zeros it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.models import Area
from riskmap.counts import CountRow, Coverage
from riskmap.imports.cells import EPIDEMIC_BEGAN
from riskmap.imports.checks import Checked, check_sheet
from riskmap.imports.completeness import complete_for, zeros_for
from riskmap.imports.faults import UnusableFile
from riskmap.imports.sheets import Sheet, read_csv, refuse_foreign
from riskmap.imports.units import Units
from riskmap.imports.workbooks import read_workbook

MOST_ROWS_OF_A_PERSON = 50_000  # read anew on each page that shows the file
MOST_ZEROS = 10_000
_F0 = ("unclassified", "unknown_source", "known_source", "isolated")


class ZeroFillRefused(DomainError):
    """The days a file is said to be complete for cannot be."""

    code = "zero_fill_refused"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. Its zeros are ``coverages`` of a whole province, or ``zeros`` one by one of a scope.

    ``withheld`` counts the units and days that a refused row keeps from being a report of zero.
    """

    checked: Checked
    coverages: tuple[Coverage, ...] = ()
    zeros: tuple[CountRow, ...] = ()
    withheld: int = 0


def read_file(
    content: bytes,
    *,
    province: Area,
    scope: Area | None,
    zero_fill: tuple[date, date] | None,
    on: date,
) -> Reading:
    """Read and check a file; ``on`` is the day it came. Raises ``UnusableFile`` or ``ZeroFillRefused``."""
    sheet = read_sheet(content)
    if scope and len(sheet.rows) > MOST_ROWS_OF_A_PERSON:
        raise UnusableFile(
            _("Tệp có hơn %(limit)s dòng. Hãy chia thành nhiều tệp rồi nhập lần lượt.")
            % {"limit": f"{MOST_ROWS_OF_A_PERSON:,}".replace(",", ".")}
        )
    checked, units = check_sheet(sheet, province=province, on=on, scope=scope)
    if zero_fill is None:
        return Reading(checked)
    if scope:
        return _spelled_out(checked, units, scope, zero_fill)
    completeness = complete_for(
        province=province,
        communes=units.communes,
        first_day=zero_fill[0],
        last_day=zero_fill[1],
        rows=checked.rows,
        doubts=checked.doubts,
        contacts=checked.says_contacts,
    )
    return Reading(checked, coverages=completeness.coverages, withheld=completeness.withheld)


def read_sheet(content: bytes) -> Sheet:
    """The sheet in a file, told by what it holds and not by its name. Raises ``UnusableFile``."""
    refuse_foreign(content)
    return read_workbook(content) if content.startswith(b"PK\x03\x04") else read_csv(content)


def check_zero_fill(zero_fill: tuple[date, date] | None, on: date) -> None:
    """Raise ``ZeroFillRefused`` for days out of order, before the epidemic or after today."""
    if zero_fill is None:
        return
    first, last = zero_fill
    if first > last:
        raise ZeroFillRefused(_("Khoảng ngày bù số 0: ngày đầu phải trước hoặc trùng ngày cuối."))
    if first < EPIDEMIC_BEGAN:
        raise ZeroFillRefused(_("Khoảng ngày bù số 0 bắt đầu trước khi có dịch: kiểm tra lại năm."))
    if last > on:
        raise ZeroFillRefused(
            _("Khoảng ngày bù số 0 kéo đến ngày %(last)s chưa tới; chưa ai báo cáo ngày đó.")
            % {"last": f"{last:%d/%m/%Y}"}
        )


def _spelled_out(checked: Checked, units: Units, scope: Area, zero_fill: tuple[date, date]) -> Reading:
    """Zero of what the file counts: of F0 if it has a column of F0, of F1 if it has that."""
    first_day, last_day = zero_fill
    communes = [area for area in units.communes if f"{area.path}/".startswith(f"{scope.path}/")]
    cells = len({area.code for area in communes}) * ((last_day - first_day).days + 1)
    if cells > MOST_ZEROS:
        raise ZeroFillRefused(
            _(
                "Khoảng ngày bù số 0 có %(cells)s đơn vị-ngày, nhiều nhất là %(limit)s trong mỗi lần nhập:"
                " hãy chọn ít ngày hơn."
            )
            % {"cells": f"{cells:,}".replace(",", "."), "limit": f"{MOST_ZEROS:,}".replace(",", ".")}
        )
    columns = [name for name in checked.counted if name in _F0 or name == "close_contacts"]
    if not columns:
        raise ZeroFillRefused(
            _("Tệp không có cột số ca nên không nói được đơn vị nào không có ca; hãy bỏ khoảng ngày bù số 0.")
        )
    zeros = zeros_for(
        communes=communes,
        exists=units.exists,
        first_day=first_day,
        last_day=last_day,
        rows=checked.rows,
        doubts=checked.doubts,
        columns=columns,
    )
    return Reading(checked, zeros=zeros.rows, withheld=zeros.withheld)
