"""What changed between two shortlists of a phase, in words: from the dossier deadline to the phase's end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from awards.shortlist_table import FLAG_LABELS, ShortlistLine, ShortlistTable
from campaign.standing_words import CLASS_LABELS, COLOURS
from riskmap.enums import RiskLevel


@dataclass(frozen=True, slots=True)
class Change:
    """A unit of which the later list says something else. ``words`` are sentences without their full stop."""

    unit_id: int
    code: str
    name: str
    district_name: str
    seat_path: str
    words: tuple[str, ...]
    was_eligible: bool
    is_eligible: bool
    before: ShortlistLine | None
    after: ShortlistLine | None


def changes_between(early: ShortlistTable, late: ShortlistTable) -> tuple[Change, ...]:
    """Every unit whose level, class, rank, eligibility or flags differ; those that fell out come first."""
    was = {line.code: line for line in early.lines}
    now = {line.code: line for line in late.lines}
    found = []
    for code in [*now, *(code for code in was if code not in now)]:
        before, after = was.get(code), now.get(code)
        words = _words(before, after, early.through)
        if words:
            line = after or before
            found.append(
                Change(
                    unit_id=line.unit_id,
                    code=line.code,
                    name=line.name,
                    district_name=line.district_name,
                    seat_path=line.seat_path,
                    words=tuple(words),
                    was_eligible=bool(before and before.eligible),
                    is_eligible=bool(after and after.eligible),
                    before=before,
                    after=after,
                )
            )
    return tuple(sorted(found, key=lambda each: _PLACES[each.was_eligible, each.is_eligible]))


#: Who fell out, who stayed, who came in, and the others.
_PLACES = {(True, False): 0, (True, True): 1, (False, True): 2, (False, False): 3}


def _words(before: ShortlistLine | None, after: ShortlistLine | None, through: date) -> list[str]:
    if before is None:
        return [_("mới có trong danh sách")]
    if after is None:
        return [_("không còn trong danh sách đơn vị")]
    words = [*_corrected(before, after, through), *_moves(after, through)]
    if after.unit_class != before.unit_class:
        words.append(
            _("nhóm “%(before)s” thành “%(after)s”")
            % {"before": CLASS_LABELS[before.unit_class], "after": CLASS_LABELS[after.unit_class]}
        )
    elif after.rank != before.rank:
        words.append(
            _("hạng %(before)s thành %(after)s")
            % {"before": before.rank or _("không xếp"), "after": after.rank or _("không xếp")}
        )
    if before.eligible and not after.eligible:
        words.append(_("không còn đủ điều kiện: %(because)s") % {"because": after.ineligible_because})
    elif after.eligible and not before.eligible:
        words.append(_("nay đủ điều kiện; lúc trước %(because)s") % {"because": before.ineligible_because})
    elif after.because != before.because:
        words.append(_("nay %(because)s") % {"because": after.ineligible_because})
    flagged = {flag.code for flag in before.flags}
    words += [
        _("thêm điểm cần xem: %(flag)s") % {"flag": FLAG_LABELS[flag.code]}
        for flag in after.flags
        if flag.code not in flagged
    ]
    return words


def _moves(after: ShortlistLine, through: date) -> list[str]:
    """The changes of colour on the days that only the later list has seen."""
    return [
        _("chuyển %(colour)s ngày %(day)s") % {"colour": COLOURS[RiskLevel(level)], "day": f"{day:%d/%m/%Y}"}
        for day, level in after.way
        if day > through
    ]


def _corrected(before: ShortlistLine, after: ShortlistLine, through: date) -> list[str]:
    """The first day both lists saw, whose colour they tell differently."""
    day = before.facts.first_day
    while day <= through:
        old, new = _level_on(before, day), _level_on(after, day)
        if old != new:
            return [
                _("mức ngày %(day)s được đính chính từ %(before)s thành %(after)s")
                % {
                    "day": f"{day:%d/%m/%Y}",
                    "before": COLOURS[RiskLevel(old)],
                    "after": COLOURS[RiskLevel(new)],
                }
            ]
        day += timedelta(days=1)
    return []


def _level_on(line: ShortlistLine, day: date) -> int:
    return next((level for since, level in reversed(line.way) if since <= day), 0)
