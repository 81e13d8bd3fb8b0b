"""Standings in words: the facts of a unit, and why it stands where it stands, as a clerk can check them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.scoring.facts import (
    FROM_ELEVATED,
    FROM_HIGH,
    FROM_VERY_HIGH,
    GREEN_AT_START,
    KEPT_GREEN,
    NO_LEVEL_AT_START,
)
from campaign.scoring.targets import AHEAD, HELD, LATE, MET, MISSED, NO_TARGET
from campaign.scoring.unit import UnitFacts
from riskmap.enums import RiskLevel

COLOURS = {
    RiskLevel.NO_DATA: gettext_lazy("không có số liệu"),
    RiskLevel.NEW_NORMAL: gettext_lazy("xanh"),
    RiskLevel.ELEVATED: gettext_lazy("vàng"),
    RiskLevel.HIGH: gettext_lazy("cam"),
    RiskLevel.VERY_HIGH: gettext_lazy("đỏ"),
}

CLASS_LABELS = {
    FROM_VERY_HIGH: gettext_lazy("Từ vùng đỏ"),
    FROM_HIGH: gettext_lazy("Từ vùng cam"),
    FROM_ELEVATED: gettext_lazy("Từ vùng vàng"),
    KEPT_GREEN: gettext_lazy("Giữ vững vùng xanh"),
    GREEN_AT_START: gettext_lazy("Xanh lúc đầu, không giữ được suốt đợt"),
    NO_LEVEL_AT_START: gettext_lazy("Chưa có số liệu lúc đầu"),
}

#: The facts a plan orders by (``campaign.scoring.order.VOCABULARY``), as people name them.
FACT_LABELS = {
    "level_at_end": gettext_lazy("mức hiện tại"),
    "lowest_level": gettext_lazy("mức thấp nhất đã đạt"),
    "steps_lowered": gettext_lazy("số bậc đã giảm"),
    "days_to_green": gettext_lazy("số ngày từ đầu đợt đến khi xanh"),
    "days_from_very_high": gettext_lazy("số ngày từ vùng đỏ đến khi xanh"),
    "days_green": gettext_lazy("tổng số ngày xanh"),
    "longest_green": gettext_lazy("số ngày xanh liền dài nhất"),
    "green_run": gettext_lazy("số ngày giữ xanh đến nay"),
    "climbs": gettext_lazy("số lần tăng mức"),
    "relapses": gettext_lazy("số lần tái phát"),
    "provisional_days": gettext_lazy("số ngày tạm tính"),
    "cases": gettext_lazy("số F0"),
    "cases_per_100k": gettext_lazy("số F0 trên 100.000 dân"),
    "target_met": gettext_lazy("đạt mục tiêu"),
}


def describe(unit: UnitFacts) -> str:
    """One sentence of the unit's levels and cases: “xanh từ ngày 03/09/2021, 9 ngày sau vùng đỏ; …”."""
    if not unit.lowest_level:
        clauses = [_("chưa có số liệu trong đợt")]
    elif unit.unit_class == KEPT_GREEN:
        clauses = [
            _("xanh suốt %(days)s, từ %(first)s đến %(last)s")
            % {"days": _days(unit.days), "first": _date(unit.first_day), "last": _date(unit.through)}
        ]
    else:
        clauses = [_way(unit), *_ups_and_downs(unit)]
    if unit.provisional_days:
        clauses.append(_("%(days)s tạm tính do thiếu báo cáo") % {"days": _days(unit.provisional_days)})
    if unit.lowest_level and unit.days_without_level:
        clauses.append(_("%(days)s không có số liệu") % {"days": _days(unit.days_without_level)})
    return "; ".join([*clauses, _cases(unit)])


def _way(unit: UnitFacts) -> str:
    """How it went from its level at the start to the one it has."""
    if unit.green_since is None:
        return _level_now(unit)
    if unit.days_from_very_high is not None:
        return _("xanh từ ngày %(day)s, %(days)s sau vùng đỏ") % {
            "day": _date(unit.green_since),
            "days": _days(unit.days_from_very_high),
        }
    if unit.unit_class == GREEN_AT_START:
        return _("xanh lúc đầu, xanh trở lại từ ngày %(day)s") % {"day": _date(unit.green_since)}
    return _("%(start)s lúc đầu, xanh từ ngày %(day)s, %(days)s từ đầu đợt") % {
        "start": COLOURS[unit.level_at_start],
        "day": _date(unit.green_since),
        "days": _days(unit.days_to_green),
    }


def _level_now(unit: UnitFacts) -> str:
    said = {"start": COLOURS[unit.level_at_start], "end": COLOURS[unit.level_at_end]}
    if not unit.steps_lowered:
        way = _("%(start)s lúc đầu, nay %(end)s") % said
    elif unit.steps_lowered > 0:
        steps = unit.steps_lowered
        way = ngettext(
            "%(start)s lúc đầu, nay %(end)s, giảm %(steps)s bậc",
            "%(start)s lúc đầu, nay %(end)s, giảm %(steps)s bậc",
            steps,
        ) % {**said, "steps": steps}
    else:
        steps = -unit.steps_lowered
        way = ngettext(
            "%(start)s lúc đầu, nay %(end)s, tăng %(steps)s bậc",
            "%(start)s lúc đầu, nay %(end)s, tăng %(steps)s bậc",
            steps,
        ) % {**said, "steps": steps}
    if unit.lowest_level in (unit.level_at_start, unit.level_at_end):
        return way
    return way + _(", thấp nhất là %(level)s từ ngày %(day)s") % {
        "level": COLOURS[unit.lowest_level],
        "day": _date(unit.lowest_since),
    }


def _ups_and_downs(unit: UnitFacts) -> list[str]:
    clauses = []
    if unit.climbs > unit.relapses:
        clauses.append(
            ngettext("%(count)s lần tăng mức", "%(count)s lần tăng mức", unit.climbs) % {"count": unit.climbs}
        )
    if unit.relapses:
        clauses.append(
            ngettext("%(count)s lần tái phát", "%(count)s lần tái phát", unit.relapses)
            % {"count": unit.relapses}
        )
    if unit.days_green > unit.green_run:
        clauses.append(
            _("%(days)s xanh, liền dài nhất %(longest)s")
            % {"days": _days(unit.days_green), "longest": _days(unit.longest_green)}
        )
    return clauses


def _cases(unit: UnitFacts) -> str:
    said = {"cases": _number(unit.cases)}
    if unit.cases_per_100k is None or not unit.cases:
        return _("%(cases)s F0") % said
    return _("%(cases)s F0 (%(rate)s trên 100.000 dân)") % {**said, "rate": _rate(unit.cases_per_100k)}


def describe_registration(unit: UnitFacts) -> str:
    """Whether, when and for what the unit registered, and how its target stands."""
    if unit.registered_on is None:
        return _("chưa đăng ký")
    said = {
        "day": _date(unit.registered_on),
        "level": COLOURS[unit.target_level],
        "since": _date(unit.target_since),
        "target_day": _date(unit.target_day),
    }
    words = _("đăng ký muộn, ngày %(day)s") if unit.registered_late else _("đăng ký ngày %(day)s")
    target = {
        NO_TARGET: "",
        AHEAD: _("mục tiêu %(level)s vào ngày %(target_day)s, nay chưa đạt"),
        HELD: _("mục tiêu %(level)s vào ngày %(target_day)s, đang đạt từ ngày %(since)s"),
        MET: _("đạt mục tiêu %(level)s từ ngày %(since)s, hạn %(target_day)s"),
        LATE: _("đạt mục tiêu %(level)s muộn, từ ngày %(since)s, hạn %(target_day)s"),
        MISSED: _("không đạt mục tiêu %(level)s, hạn %(target_day)s"),
    }[unit.target_state]
    return "; ".join(each % said for each in (words, target) if each)


def describe_rank(
    unit: UnitFacts, *, rank: int, sharing: int, above: UnitFacts | None, by: str | None
) -> str:
    """Why the unit stands where it stands: what it yields to ``above`` in, and with how many it is equal.

    ``above`` is a unit of the next better rank and ``by`` the first fact in which the two differ.
    """
    words = _("hạng %(rank)s") % {"rank": _number(rank)}
    if sharing > 1:
        words = ngettext(
            "cùng hạng %(rank)s với %(others)s đơn vị khác, bằng nhau ở mọi tiêu chí",
            "cùng hạng %(rank)s với %(others)s đơn vị khác, bằng nhau ở mọi tiêu chí",
            sharing - 1,
        ) % {"rank": _number(rank), "others": _number(sharing - 1)}
    if above is None or by is None:
        return words
    return words + _("; sau hạng trên về %(fact)s: %(mine)s so với %(theirs)s") % {
        "fact": FACT_LABELS[by],
        "mine": _value(unit, by),
        "theirs": _value(above, by),
    }


def _value(unit: UnitFacts, fact: str) -> str:
    if fact == "target_met":
        value = None if unit.target_state == NO_TARGET else unit.target_state in (HELD, MET)
    else:
        value = getattr(unit, fact)
    if value is None:
        return _("không có")
    return _SHOWN.get(fact, _number)(value)


def _yes_or_no(value: bool) -> str:
    return _("có") if value else _("không")


def _date(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _days(count: int) -> str:
    return ngettext("%(count)s ngày", "%(count)s ngày", count) % {"count": _number(count)}


def _number(count: int) -> str:
    return number_format(count, force_grouping=True)


def _rate(rate: float) -> str:
    return number_format(rate, 1, force_grouping=True)


def _colour(level: int) -> str:
    return str(COLOURS[level])


_SHOWN: dict[str, Callable[..., str]] = {
    **dict.fromkeys(("level_at_end", "lowest_level"), _colour),
    "target_met": _yes_or_no,
    "cases_per_100k": _rate,
}
