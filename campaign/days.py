"""Which phase a day counts for, how a campaign stands on a day, and what a deadline says. Reads nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Phase


@dataclass(frozen=True, slots=True)
class Standing:
    """How a campaign stands on a day: ``key`` is unset, coming, running, between or over."""

    key: str
    words: str


def phases_of_day(phases: Sequence[Phase], day: date) -> list[Phase]:
    """The phases the day counts for: none, one, or the two that share it."""
    return [phase for phase in phases if phase.holds(day)]


def shared_days(phases: Sequence[Phase]) -> list[tuple[date, Phase, Phase]]:
    """The days that count for two phases, each with both."""
    ordered = sorted(phases, key=lambda phase: phase.first_day)
    return [
        (after.first_day, before, after)
        for before, after in pairwise(ordered)
        if before.last_day == after.first_day
    ]


def stands_on(phases: Sequence[Phase], day: date) -> Standing:
    """How a campaign with these phases stands on the day, in words."""
    ordered = sorted(phases, key=lambda phase: phase.first_day)
    if not ordered:
        return Standing("unset", _("chưa đặt đợt nào"))
    running = phases_of_day(ordered, day)
    if running:
        return Standing("running", _running(running, day))
    coming = next((phase for phase in ordered if phase.first_day > day), None)
    if coming is None:
        over = max(phase.last_day for phase in ordered)
        return Standing("over", _("đã kết thúc ngày %(day)s") % {"day": f"{over:%d/%m/%Y}"})
    said = {"phase": in_a_sentence(coming.name), "day": f"{coming.first_day:%d/%m/%Y}"}
    if coming is ordered[0]:
        return Standing("coming", _("sắp diễn ra, %(phase)s từ ngày %(day)s") % said)
    return Standing("between", _("giữa hai đợt, %(phase)s từ ngày %(day)s") % said)


def _running(phases: Sequence[Phase], day: date) -> str:
    names = _(" và ").join(in_a_sentence(phase.name) for phase in phases)
    left = (max(phase.last_day for phase in phases) - day).days
    if left == 0:
        return _("đang diễn ra %(phases)s, hôm nay là ngày cuối") % {"phases": names}
    return ngettext(
        "đang diễn ra %(phases)s, còn %(days)d ngày", "đang diễn ra %(phases)s, còn %(days)d ngày", left
    ) % {"phases": names, "days": left}


def in_a_sentence(name: str) -> str:
    """The name as it stands within a sentence: “Đợt 2” is “đợt 2”."""
    return name[:1].lower() + name[1:]


def counts_for(phases: Sequence[Phase], day: date) -> str:
    """A sentence that says which phase the day counts for."""
    found = phases_of_day(phases, day)
    said = {"day": f"{day:%d/%m/%Y}", "phases": _(" và ").join(in_a_sentence(each.name) for each in found)}
    if not found:
        return _("Ngày %(day)s không thuộc đợt nào.") % said
    if len(found) > 1:
        return _("Ngày %(day)s tính cho cả %(phases)s.") % said
    return _("Ngày %(day)s tính cho %(phases)s.") % said


def deadline_words(deadline: datetime) -> str:
    """The exact, exclusive instant: ``trước 00:00 ngày 08/09/2021``."""
    local = timezone.localtime(deadline)
    return _("trước %(time)s ngày %(day)s") % {"time": _clock(local), "day": f"{local:%d/%m/%Y}"}


def last_whole_day(deadline: datetime) -> date | None:
    """The last day on which dossiers are taken all day, for a deadline at midnight."""
    local = timezone.localtime(deadline)
    return local.date() - timedelta(days=1) if local.time() == time(0) else None


def _clock(local: datetime) -> str:
    """To the minute, or as exact as the instant is."""
    if local.microsecond:
        return f"{local:%H:%M:%S.%f}"
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
