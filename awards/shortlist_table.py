"""A shortlist as people read it: lines by group, class and rank, with reasons, ranges and flags in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from awards.models import Shortlist
from campaign.models import Phase, Standing
from campaign.scoring.facts import KEPT_GREEN
from campaign.scoring.unit import UnitFacts
from campaign.standing_words import CLASS_LABELS, COLOURS, FACT_LABELS
from core.models import User
from riskmap.enums import RiskLevel

#: Days left out at the end, to see who stands where without them.
LAST_DAYS = 3
WITHOUT_LAST_DAYS = "without_last_days"
#: A correction so many days after the day it speaks of is late.
LATE_AFTER_DAYS = 2
#: A neighbour's number that rises within so many days of one that falls may be the same cases moved.
MOVED_WITHIN_DAYS = 3
#: As many rows of a flag are linked; its words say how many there are.
MOST_ROWS = 12

MISSING_REPORTS, BACK_DATED, MOVED, ONLY_LATE = (
    "missing_reports",
    "back_dated",
    "moved_to_neighbour",
    "improved_only_late",
)
FLAG_LABELS = {
    MISSING_REPORTS: gettext_lazy("Thiếu báo cáo"),
    BACK_DATED: gettext_lazy("Số ca được bớt muộn"),
    MOVED: gettext_lazy("Số ca chuyển sang nơi giáp ranh"),
    ONLY_LATE: gettext_lazy("Chỉ tốt lên nhờ đính chính sau khi duyệt"),
}

#: Why a unit is not eligible; the reasons go by these keys in a stored shortlist.
BECAUSE = {
    "not_registered": gettext_lazy("chưa có đăng ký thi đua được xác nhận"),
    "suspended": gettext_lazy("đăng ký đang tạm dừng"),
    "withdrawn": gettext_lazy("đã rút đăng ký"),
    "no_level": gettext_lazy("lúc đầu hoặc ngày cuối chưa có số liệu về mức độ nguy cơ"),
    "not_green": gettext_lazy("ngày cuối không xanh"),
    "lost_green": gettext_lazy("xanh lúc đầu nhưng không giữ được suốt đợt"),
}


class FlagLink(NamedTuple):
    label: str
    address: str


class FlagRow(NamedTuple):
    """A number of the ledger that a flag speaks of: the area and day of it."""

    code: str
    name: str
    day: date


@dataclass(frozen=True, slots=True)
class Flag:
    """Something of a unit that a person must look at. ``count`` days or corrections; ``cases`` F0."""

    code: str
    count: int
    cases: int
    rows: tuple[FlagRow, ...]
    shown: int = 0  # the level shown by the editions, of ``improved_only_late``
    known: int = 0

    @property
    def label(self) -> str:
        return str(FLAG_LABELS[self.code])

    @property
    def words(self) -> str:
        said = {"count": self.count, "cases": self.cases, "late": LATE_AFTER_DAYS}
        if self.code == MISSING_REPORTS:
            return _("%(count)s ngày của đợt là mức tạm tính, do thiếu báo cáo.") % said
        if self.code == BACK_DATED:
            return (
                ngettext(
                    "Bớt %(cases)s F0 bằng %(count)s lần ghi muộn: sau hạn gửi hồ sơ, hoặc quá %(late)s ngày "
                    "sau ngày của số liệu.",
                    "Bớt %(cases)s F0 bằng %(count)s lần ghi muộn: sau hạn gửi hồ sơ, hoặc quá %(late)s ngày "
                    "sau ngày của số liệu.",
                    self.count,
                )
                % said
            )
        if self.code == MOVED:
            return (
                _(
                    "Bớt %(cases)s F0 trong khi nơi giáp ranh được thêm vào cùng ngày, do cùng người "
                    "hoặc cùng tệp."
                )
                % said
            )
        return _(
            "Bản đồ đã công bố: %(shown)s; số biết hiện nay: %(known)s. Khác nhau là do %(count)s lần "
            "đính chính ghi sau khi ngày đó đã được duyệt."
        ) % {**said, "shown": COLOURS[RiskLevel(self.shown)], "known": COLOURS[RiskLevel(self.known)]}

    @property
    def links(self) -> tuple[FlagLink, ...]:
        """To the history of each number, or of the days that nobody reported."""
        return tuple(
            FlagLink(
                f"{row.name}, {row.day:%d/%m/%Y}",
                reverse("riskmap:cell_history", args=[row.code, row.day.isoformat()]),
            )
            for row in self.rows
        )


@dataclass(frozen=True, slots=True)
class ShortlistLine:
    """One unit. ``way`` are the days on which its colour changed, with the level from then on.

    ``ranks`` are where it would stand in its class: without the last days, or with one number a fifth less
    (``fact:-``) or more (``fact:+``). ``class_without_last_days`` differs where those days made the class.
    """

    unit_id: int
    code: str
    name: str
    seat_code: str
    seat_path: str
    parent_name: str
    district_code: str
    district_name: str
    group_code: str
    group_kind: str
    unit_class: int
    because: tuple[str, ...]
    rank_published: int | None
    rank_known: int | None
    ranks: Mapping[str, int]
    class_without_last_days: int
    flags: tuple[Flag, ...]
    way: tuple[tuple[date, int], ...]
    facts: UnitFacts
    words: str
    registration_words: str
    rank_words: str

    @property
    def eligible(self) -> bool:
        return not self.because

    @property
    def ineligible_because(self) -> str:
        return "; ".join(str(BECAUSE[each]) for each in self.because)

    @property
    def class_label(self) -> str:
        return str(CLASS_LABELS[self.unit_class])

    @property
    def level(self) -> RiskLevel:
        return RiskLevel(self.facts.level_at_end)

    @property
    def rank(self) -> int | None:
        """As known, and as published where nothing is known."""
        return self.rank_known or self.rank_published

    @property
    def _all_ranks(self) -> list[int]:
        return [rank for rank in (self.rank_known, self.rank_published, *self.ranks.values()) if rank]

    @property
    def rank_low(self) -> int | None:
        """The best rank of all that were tried."""
        return min(self._all_ranks, default=None)

    @property
    def rank_high(self) -> int | None:
        return max(self._all_ranks, default=None)

    @property
    def range_words(self) -> tuple[str, ...]:
        """What moves the rank, a sentence each."""
        said = []
        if self.rank_known and self.rank_published and self.rank_known != self.rank_published:
            said.append(
                _("theo số biết hiện nay hạng %(known)s, theo bản đồ đã công bố hạng %(published)s")
                % {"known": self.rank_known, "published": self.rank_published}
            )
        if self.class_without_last_days != self.unit_class:
            said.append(
                _("bỏ %(days)s ngày cuối thì thuộc nhóm “%(label)s”")
                % {"days": LAST_DAYS, "label": CLASS_LABELS[self.class_without_last_days]}
            )
        for key, rank in self.ranks.items():
            if rank and rank != self.rank:
                said.append(_("%(what)s: hạng %(rank)s") % {"what": _variant(key), "rank": rank})
        return tuple(said)

    @property
    def ground_words(self) -> str:
        """For what it would be commended; empty for one that is not eligible."""
        if not self.eligible:
            return ""
        if self.unit_class == KEPT_GREEN:
            return _("giữ vững vùng xanh suốt đợt")
        return _("từ %(start)s về bình thường mới") % {"start": COLOURS[RiskLevel(self.facts.level_at_start)]}

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is on the list, a clause each; where the ground is the office's reading, that it is."""
        ground = self.ground_words
        if ground and self.unit_class == KEPT_GREEN:
            ground = f"{ground} ({office_reading()})"
        words = (ground, self.words, self.registration_words, self.rank_words)
        return tuple(each for each in words if each)


def office_reading() -> str:
    """What is said wherever a unit is on the list that lowered no level."""
    return _(
        "kế hoạch khen tập thể hạ được mức nguy cơ; xét cả nơi giữ xanh suốt đợt là cách hiểu của Sở Nội vụ"
    )


def _variant(key: str) -> str:
    if key == WITHOUT_LAST_DAYS:
        return _("bỏ %(days)s ngày cuối") % {"days": LAST_DAYS}
    fact, _colon, sign = key.rpartition(":")
    label = FACT_LABELS[fact]
    return (_("%(fact)s bớt 20%%") if sign == "-" else _("%(fact)s thêm 20%%")) % {"fact": label}


@dataclass(frozen=True, slots=True)
class ShortlistGroup:
    """A group of the plan, and its units by class: those with a rank first."""

    code: str
    kind: str
    name: str
    lines: tuple[ShortlistLine, ...]

    @property
    def classes(self) -> list[tuple[str, list[ShortlistLine]]]:
        """The labels of classes with the eligible lines of each."""
        found: dict[str, list[ShortlistLine]] = {}
        for line in self.lines:
            if line.eligible:
                found.setdefault(line.class_label, []).append(line)
        return list(found.items())

    @property
    def left_out(self) -> list[ShortlistLine]:
        return [line for line in self.lines if not line.eligible]


@dataclass(frozen=True, eq=False)
class ShortlistTable:
    """A stored shortlist. ``published`` and ``known`` are the standings it was made from."""

    shortlist: Shortlist
    phase: Phase
    groups: tuple[ShortlistGroup, ...]

    @property
    def pk(self) -> int:
        return self.shortlist.pk

    @property
    def stage(self) -> str:
        return self.shortlist.stage

    @property
    def through(self) -> date:
        return self.shortlist.through

    @property
    def made_at(self) -> datetime:
        return self.shortlist.made_at

    @property
    def made_by(self) -> User:
        return self.shortlist.made_by

    @property
    def hash(self) -> str:
        return self.shortlist.hash

    @property
    def published(self) -> Standing | None:
        return self.shortlist.published

    @property
    def known(self) -> Standing | None:
        return self.shortlist.known

    @property
    def lines(self) -> tuple[ShortlistLine, ...]:
        return tuple(line for group in self.groups for line in group.lines)

    def line_of(self, unit_id: int) -> ShortlistLine | None:
        return next((line for line in self.lines if line.unit_id == unit_id), None)


def day_of(phase: Phase, number: int) -> date:
    return phase.first_day + timedelta(days=number)
