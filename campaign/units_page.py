"""What the pages of units show: the list with its counts, one unit. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _

from campaign.diary import diary_of
from campaign.enums import GroupKind
from campaign.models import DiaryEntry, Unit, UnitQuerySet
from campaign.unit_files import UnitFile
from campaign.unit_files.reading import Change, Line
from core.access import Permission, can
from core.models import User


@dataclass(frozen=True, slots=True)
class UnitPage:
    """``inside``: whether the reader sees who leads the unit and how it is reached."""

    unit: Unit
    inside: bool
    may_write: bool
    diary: list[DiaryEntry]


def page_of_unit(*, unit: Unit, user: User, on: date) -> UnitPage:
    return UnitPage(
        unit=unit,
        inside=can(user, Permission.VIEW_WORKING, unit.seat, on=on),
        may_write=can(user, Permission.REGISTER_UNITS, unit.seat, on=on),
        diary=diary_of(unit),
    )


def counts_by_kind(units: UnitQuerySet) -> list[tuple[GroupKind, int]]:
    """How many there are of each kind that there is, in the order of the plans."""
    counted = dict(units.order_by().values_list("kind").annotate(units=Count("pk")))
    return [(kind, counted[kind]) for kind in GroupKind if kind in counted]


def as_table(file: UnitFile) -> list[list[str | int | None]]:
    """What a file would add and change, as lines of a workbook under their heads; nothing without any."""
    rows = [[line.row, line.unit.name, _("mới"), line.unit.seat.name, _near(line)] for line in file.new]
    rows += [
        [line.row, line.unit.name, _("sửa"), "; ".join(map(_told, line.changes)), _near(line)]
        for line in file.changed
    ]
    heads = [_("dòng"), _("đơn vị"), _("việc"), _("nơi đóng hoặc điều sửa"), _("tên gần giống")]
    return [heads, *sorted(rows, key=lambda row: row[0])] if rows else []


def _told(change: Change) -> str:
    return f"{change.column}: {change.before} → {change.after}"


def _near(line: Line) -> str:
    return "; ".join(f"{near.unit.name} ({near.unit.code}, {near.percent} %)" for near in line.near)
