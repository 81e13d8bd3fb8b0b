"""What a criterion looked at, in words: its input and its threshold, each by the kind of condition."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from riskmap.cell_history import Entry
from riskmap.colours import LOOKS
from riskmap.in_force import COUNT_COLUMNS
from riskmap.rules.explain import State
from riskmap.why import Finding

CASE_WORDS = {
    "unknown_source": lambda: _("F0 chưa rõ nguồn lây"),
    "known_source": lambda: _("F0 rõ nguồn lây"),
    "unclassified": lambda: _("F0 chưa phân loại"),
    "isolated": lambda: _("F0 trong khu cách ly, phong tỏa, sàng lọc"),
    "close_contacts": lambda: _("F1 trong cộng đồng"),
    "tests": lambda: _("người được xét nghiệm"),
    "suspected": lambda: _("ca nghi ngờ"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """``input`` is what was found, ``threshold`` what would be enough, ``result`` whether it was."""

    finding: Finding
    input: str
    threshold: str
    result: str
    evidence: str


def in_words(finding: Finding, *, window_days: int) -> Words:
    """A finding for people. Numbers are written in the reader's language."""
    found, threshold = _BY_KIND[finding.criterion.condition.kind](finding, window_days)
    return Words(finding, found, threshold, _result(finding.state), _evidence(finding.criterion.evidence))


def numbers_said(entry: Entry) -> list[str]:
    """What an entry said, or how it changed what was said, number by number: ``F0 rõ nguồn lây: 2 → 0``."""
    if entry.withdrawn:
        return [_("rút lại, không còn số nào")]
    said = []
    for column in COUNT_COLUMNS:
        before, after = getattr(entry.before, column, None), getattr(entry.after, column)
        words = {"kind": CASE_WORDS[column](), "after": number_format(after or 0)}
        if entry.before is not None and (before or 0) != (after or 0):
            words["before"] = number_format(before or 0)
            said.append(_("%(kind)s: %(before)s → %(after)s") % words)
        elif entry.before is None and after:
            said.append(_("%(kind)s: %(after)s") % words)
    return said or [_("không có ca") if entry.before is None else _("không đổi")]


def _result(state: State) -> str:
    return {
        State.MET: _("Đúng"),
        State.NOT_MET: _("Không"),
        State.HELD: _("Đang giữ mức"),
        State.UNKNOWN: _("Chưa rõ"),
    }[state]


def _evidence(strength: str) -> str:
    return {
        "verbatim": _("nguyên văn"),
        "secondary": _("nguồn thứ cấp"),
        "parameter": _("tham số do tỉnh đặt, chưa có văn bản"),
    }[strength]


def _cases(finding: Finding, window_days: int) -> tuple[str, str]:
    condition = finding.criterion.condition
    if condition.of == "close_contacts":
        threshold = ngettext("từ %(count)s người", "từ %(count)s người", finding.threshold)
    else:
        threshold = ngettext("từ %(count)s ca", "từ %(count)s ca", finding.threshold)
    return (
        _("%(count)s %(kind)s trong %(days)s ngày")
        % {"count": number_format(finding.value), "kind": CASE_WORDS[condition.of](), "days": window_days},
        threshold % {"count": number_format(finding.threshold)},
    )


def _declared(finding: Finding, window_days: int) -> tuple[str, str]:
    return (_("có khai báo") if finding.value else _("không có khai báo")), _("có khai báo")


def _touches(finding: Finding, window_days: int) -> tuple[str, str]:
    zone = LOOKS[finding.criterion.condition.level].zone
    return (
        ngettext("%(count)s nơi giáp ranh", "%(count)s nơi giáp ranh", finding.value)
        % {"count": number_format(finding.value)},
        _("từ 1 nơi là %(zone)s hoặc cao hơn") % {"zone": zone},
    )


def _incidence(finding: Finding, window_days: int) -> tuple[str, str]:
    condition = finding.criterion.condition
    threshold = _("trên %(count)s ca trên %(per)s dân") % {
        "count": number_format(finding.threshold),
        "per": number_format(condition.per),
    }
    cases = _("%(count)s %(kind)s trong %(days)s ngày") % {
        "count": number_format(finding.value),
        "kind": CASE_WORDS[condition.of](),
        "days": window_days,
    }
    if not finding.of:
        return _("%(cases)s, chưa có số dân") % {"cases": cases}, threshold
    # Rounded up: what is not above the threshold never reads as if it were, nor the other way round.
    hundredths = -(-finding.value * condition.per * 100 // finding.of)
    rate = number_format(Decimal(hundredths) / 100, decimal_pos=2)
    return (
        _("%(cases)s, bằng %(rate)s ca trên %(per)s dân")
        % {"cases": cases, "rate": rate, "per": number_format(condition.per)},
        threshold,
    )


def _share(finding: Finding, window_days: int) -> tuple[str, str]:
    zone = LOOKS[finding.criterion.condition.level].zone
    threshold = _("từ %(percent)s%% là %(zone)s hoặc cao hơn") % {"percent": finding.threshold, "zone": zone}
    if not finding.of:
        return _("chưa có đơn vị trực thuộc"), threshold
    # Rounded down: what is below the threshold never reads as if it had reached it.
    share = number_format(Decimal(finding.value * 1000 // finding.of) / 10, decimal_pos=1)
    return (
        _("%(count)s trên %(of)s đơn vị, bằng %(share)s%%")
        % {"count": number_format(finding.value), "of": number_format(finding.of), "share": share},
        threshold,
    )


def _count(finding: Finding, window_days: int) -> tuple[str, str]:
    zone = LOOKS[finding.criterion.condition.level].zone
    return (
        ngettext("%(count)s đơn vị", "%(count)s đơn vị", finding.value)
        % {"count": number_format(finding.value)},
        ngettext(
            "từ %(count)s đơn vị là %(zone)s hoặc cao hơn",
            "từ %(count)s đơn vị là %(zone)s hoặc cao hơn",
            finding.threshold,
        )
        % {"count": number_format(finding.threshold), "zone": zone},
    )


_BY_KIND = {
    "cases_in_window": _cases,
    "declared": _declared,
    "touches": _touches,
    "incidence_in_window": _incidence,
    "share_of_children": _share,
    "count_of_children": _count,
}
