"""The coverage of an area and all below it as a workbook."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from openpyxl import Workbook

from campaign.pledge_coverage import COMMUNES, HAMLETS, OWN, Figure, Place
from campaign.pledge_page import KIND_HEADS
from riskmap.paper.books import as_bytes, put, set_widths

_WIDTHS = (10, 30, 26, 26, 32, 12, 12, 10, 16, 14, 14, 16)
_SHARE = 8  # the column of what is shown in per cent


def coverage_book(place: Place, *, at: datetime) -> bytes:
    """An XLSX with a line for each area and kind, from the top down, as written at ``at``."""
    book = Workbook()
    page = book.active
    page.title = _("Cam kết")
    page.freeze_panes = "C2"
    set_widths(page, _WIDTHS)
    for column, head in enumerate(_heads(), start=1):
        put(page, 1, column, head, head=True)
    names = {each.area.pk: each.area.name for each in place.line()}
    row = 1
    for each in place.line():
        area = each.area
        where = (area.code, area.name, str(area.get_kind_display()), names.get(area.parent_id, ""))
        for kind, head in KIND_HEADS.items():
            row += 1
            for column, value in enumerate((*where, str(head), *_line(each.figures[kind])), start=1):
                put(page, row, column, value)
            page.cell(row, _SHARE).number_format = "0.0%"
    return as_bytes(book, moment=at)


def _heads() -> list[str]:
    return [
        _("mã"),
        _("địa bàn"),
        _("cấp"),
        _("thuộc"),
        _("loại"),
        _("đã ký"),
        _("tổng số"),
        _("tỷ lệ"),
        _("cách có số"),
        _("số cũ nhất"),
        _("số mới nhất"),
        _("nơi chưa có số"),
    ]


def _line(figure: Figure) -> tuple:
    if not figure.is_known:
        return None, None, None, _("chưa có số"), None, None, figure.gaps
    basis = {OWN: _("số của địa bàn"), HAMLETS: _("cộng từ thôn"), COMMUNES: _("cộng từ xã")}[figure.basis]
    return figure.signed, figure.total, figure.share, basis, figure.oldest, figure.newest, figure.gaps
