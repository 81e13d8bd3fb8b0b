"""Cells: a day and a count as people and spreadsheets write them. Hints are given, nothing is guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from riskmap.imports.faults import CellFault
from riskmap.imports.sheets import Cell

MAX_COUNT = 1_000_000
EPIDEMIC_BEGAN = date(2020, 1, 1)  # a day before it is a slip of the year

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_PEOPLE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_SERIAL = re.compile(r"(\d{4,5})(?:\.\d+)?", re.ASCII)
_SPREADSHEET_EPOCH = date(1899, 12, 30)


def read_day(value: Cell, *, on: date) -> date:
    """A day of the epidemic up to ``on``: a date cell, ``yyyy-mm-dd``, ``dd/mm/yyyy``; else ``CellFault``."""
    day = _day(value)
    if day < EPIDEMIC_BEGAN:
        raise CellFault(
            "day_before_the_epidemic",
            _("Ngày %(day)s trước khi có dịch.") % {"day": _shown(day)},
            _("Kiểm tra lại năm."),
        )
    if day > on:
        raise CellFault(
            "future_day",
            _("Ngày %(day)s chưa tới.") % {"day": _shown(day)},
            _("Sửa ngày; chỉ nhận số liệu đến hết ngày %(on)s.") % {"on": _shown(on)},
        )
    return day


def _day(value: Cell) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _plain(value)
    if not text:
        raise CellFault("missing_day", _("Thiếu ngày."), _how_to_write_a_day())
    serial = _SERIAL.fullmatch(text)
    if serial and 20_000 <= int(serial[1]) <= 80_000:
        meant = _SPREADSHEET_EPOCH + timedelta(days=int(serial[1]))
        raise CellFault(
            "serial_day",
            _("Ngày bị đổi thành số của bảng tính."),
            _("Có thể là ngày %(day)s. ") % {"day": _shown(meant)} + _how_to_write_a_day(),
        )
    iso, people = _ISO.fullmatch(text), _PEOPLE.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if people:
            return date(int(people[3]), int(people[2]), int(people[1]))
    except ValueError:
        if people and int(people[2]) > 12 >= int(people[1]) > 0:
            hint = _("Có thể tháng đứng trước ngày. ") + _how_to_write_a_day()
            raise CellFault("impossible_day", _("Không có ngày này."), hint) from None
        raise CellFault("impossible_day", _("Không có ngày này."), _how_to_write_a_day()) from None
    raise CellFault("unreadable_day", _("Không hiểu ngày này."), _how_to_write_a_day())


def read_count(value: Cell) -> int | None:
    """A whole number from 0, ``None`` for an empty cell; else ``CellFault``."""
    if isinstance(value, bool) or not isinstance(value, str | float | int):
        raise CellFault("not_a_count", _("Không phải là số ca."), _how_to_write_a_count())
    text = _plain(value)
    if not text:
        return None
    if _NUMBER.fullmatch(text):
        number = int(text)
        if number > MAX_COUNT:
            message = _("Số quá lớn cho một ngày của một đơn vị.")
            raise CellFault("count_too_large", message, _("Kiểm tra lại số."))
        return number
    if re.fullmatch(r"[-−–]\s*\d[\d.,]*", text):
        raise CellFault(
            "negative_count",
            _("Số ca không thể âm."),
            _("Ghi tổng đúng của ngày đó; muốn giảm số đã ghi thì ghi lại số đúng."),
        )
    if re.fullmatch(r"\d{1,3}([., \u00a0\u202f]\d{3})+", text):
        raise CellFault(
            "grouped_count",
            _("Số có dấu ngăn hàng nghìn."),
            _("Có thể là %(number)s. ") % {"number": re.sub(r"\D", "", text)} + _how_to_write_a_count(),
        )
    if re.fullmatch(r"\d*[.,]\d+", text):
        whole = re.fullmatch(r"(\d+)[.,]0+", text)
        hint = _("Có thể là %(number)s. ") % {"number": whole[1]} if whole else ""
        raise CellFault("fractional_count", _("Số ca có phần lẻ."), hint + _how_to_write_a_count())
    raise CellFault("not_a_count", _("Không phải là số ca."), _how_to_write_a_count())


def as_text(value: Cell) -> str:
    """The cell as a person sees it."""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return _shown(value)
    return _plain(value)


def _plain(value: Cell) -> str:
    """Text without outer spaces; a workbook's whole number without the ``.0`` it is stored with."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _shown(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def _how_to_write_a_day() -> str:
    return _("Ghi ngày kiểu 09/07/2021 hoặc 2021-07-09.")


def _how_to_write_a_count() -> str:
    return _("Ghi số nguyên từ 0, không có dấu chấm, dấu phẩy; không có số thì để trống.")
