"""What scores come to: the people's and the machine's, apart, each saying how it was reckoned.

A reviewer's sheet is worth the weighted share of the points that could be had, from 0 to 100. The people's
score of a nominee is the mean, median and standard deviation of the whole sheets. The machine's is the place
in the unit's class on the shortlist. The two are shown side by side and never added up.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.utils.translation import gettext as _

from awards.criteria import criteria_for
from awards.models import Criterion, Nominee, Score
from awards.scores import is_outdated
from awards.shortlist_table import ShortlistLine, ShortlistTable


@dataclass(frozen=True, slots=True)
class Sheet:
    """One reviewer's points of a nominee. ``share`` is of the criteria scored so far, 0 to 100."""

    reviewer_id: int
    scores: tuple[Score, ...]
    share: Fraction | None
    complete: bool
    outdated: bool  # some points are older than what was handed in last

    @property
    def total(self) -> float | None:
        return None if self.share is None else float(self.share)


@dataclass(frozen=True, slots=True)
class HumanScore:
    """What the whole sheets of a nominee come to; ``begun`` are the sheets that are not whole."""

    count: int
    begun: int
    outdated: int
    mean: float | None
    median: float | None
    deviation: float | None  # of a sample: there is none of a single sheet


@dataclass(frozen=True, slots=True)
class MachineScore:
    """100 for the first of its class, 0 for the last; ``None`` where there is nothing to compare with."""

    value: float | None
    low: float | None
    high: float | None
    words: str


def share_of(points: dict[int, int], criteria: Sequence[Criterion]) -> Fraction | None:
    """The weighted share of the points that could be had by the criteria scored, 0 to 100."""
    scored = [each for each in criteria if each.pk in points]
    weights = sum(each.weight for each in scored)
    if not weights:
        return None
    return 100 * sum(Fraction(points[each.pk] * each.weight, each.maximum) for each in scored) / weights


def sheets_of(
    nominee: Nominee, scores: Iterable[Score], criteria: Sequence[Criterion], *, handed_in: datetime | None
) -> dict[int, Sheet]:
    """By reviewer (id), their sheets of the nominee."""
    asked = criteria_for(nominee, criteria)
    by_reviewer: dict[int, list[Score]] = defaultdict(list)
    for score in scores:
        by_reviewer[score.scored_by_id].append(score)
    return {
        reviewer: Sheet(
            reviewer_id=reviewer,
            scores=tuple(rows),
            share=share_of({row.criterion_id: row.points for row in rows}, asked),
            complete={each.pk for each in asked} <= {row.criterion_id for row in rows},
            outdated=any(is_outdated(row, handed_in) for row in rows),
        )
        for reviewer, rows in by_reviewer.items()
    }


def human_score(sheets: Iterable[Sheet]) -> HumanScore:
    sheets = list(sheets)
    whole = [sheet for sheet in sheets if sheet.complete]
    shares = [sheet.share for sheet in whole]
    return HumanScore(
        count=len(whole),
        begun=len(sheets) - len(whole),
        outdated=sum(sheet.outdated for sheet in whole),
        mean=float(statistics.mean(shares)) if shares else None,
        median=float(statistics.median(shares)) if shares else None,
        deviation=statistics.stdev(map(float, shares)) if len(shares) > 1 else None,
    )


class Machine:
    """The machine's score of the nominees of one phase, by its latest shortlist."""

    def __init__(self, table: ShortlistTable | None) -> None:
        self.table = table
        self.lines = {line.unit_id: line for line in table.lines} if table else {}
        self.ranked: dict[tuple[str, int], int] = defaultdict(int)
        for line in self.lines.values():
            self.ranked[line.group_code, line.unit_class] += line.rank is not None

    def score(self, nominee: Nominee) -> MachineScore:
        if self.table is None:
            return _nothing(_("Đợt chưa có danh sách xét khen."))
        line = self.lines.get(nominee.unit_id)
        if line is None or line.rank is None:
            return _nothing(_("Đơn vị không được xếp hạng trong danh sách xét khen."))
        count = self.ranked[line.group_code, line.unit_class]
        words = self._words(line, count)
        if nominee.person:
            return _nothing(_("Máy không chấm cá nhân; đơn vị đề cử: %(words)s") % {"words": words})
        if count < 2:
            return _nothing(_("Đơn vị duy nhất của lớp, không có ai để so. %(words)s") % {"words": words})
        return MachineScore(
            _of_rank(line.rank, count), _of_rank(line.rank_high, count), _of_rank(line.rank_low, count), words
        )

    def _words(self, line: ShortlistLine, count: int) -> str:
        return _("hạng %(rank)s trên %(count)s, “%(label)s”, tính đến hết ngày %(day)s: %(facts)s.") % {
            "rank": line.rank,
            "count": count,
            "label": line.class_label,
            "day": f"{self.table.through:%d/%m/%Y}",
            "facts": line.words,
        }


def _of_rank(rank: int | None, count: int) -> float | None:
    return None if rank is None else 100 * max(count - rank, 0) / (count - 1)


def _nothing(words: str) -> MachineScore:
    return MachineScore(None, None, None, words)
