"""What the pages of shortlists show, cut to what a person may see. Reads only.

A shortlist is a working paper: who sees the province's working data sees all of it, others the lines of the
units seated where they work.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet

from awards.candidates import candidates_of, deadline_list, units_to_decide
from awards.enums import ShortlistStage
from awards.models import Candidate, Shortlist
from awards.shortlist_changes import Change, changes_between
from awards.shortlist_table import ShortlistGroup, ShortlistLine, ShortlistTable, office_reading
from awards.shortlists import table_of
from campaign.models import Phase
from campaign.scoring.facts import KEPT_GREEN
from core.access import Permission, can
from core.models import User
from core.models.scoping import granted_paths

Asking = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class RangeChart:
    """A rank (``mark``) and its range as lengths of a bar of a hundred units."""

    left: float
    width: float
    mark: float


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a class, how firm its rank is, and what was decided of it."""

    line: ShortlistLine
    chart: RangeChart | None
    candidate: Candidate | None
    may_confirm: bool


@dataclass(frozen=True, slots=True)
class ClassTable:
    label: str
    note: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class GroupPage:
    code: str
    kind: str
    name: str
    classes: list[ClassTable]
    left_out: list[ShortlistLine]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    change: Change
    candidate: Candidate | None
    is_candidate: bool
    may_confirm: bool


@dataclass(frozen=True)
class ShortlistPage:
    """One list as one person sees it."""

    table: ShortlistTable
    whole: bool  # the province's, not a part of it
    may_decide: bool
    groups: list[GroupPage]
    changes: list[ChangeRow]
    compared: ShortlistTable | None
    decided: int
    waiting: int
    mine_to_confirm: int
    undecided: int

    @property
    def is_recheck(self) -> bool:
        """Whether it is the list on which candidates are decided."""
        return self.table.stage == ShortlistStage.END

    @property
    def eligible(self) -> int:
        return sum(len(each.rows) for group in self.groups for each in group.classes)

    @property
    def flagged(self) -> int:
        rows = (row for group in self.groups for each in group.classes for row in each.rows)
        return sum(bool(row.line.flags) for row in rows)


def seen_by(user: Asking, phase: Phase, *, on: date) -> tuple[str, ...] | None:
    """The paths under which the person sees lines; ``None`` for the whole province."""
    province = phase.campaign.province
    if can(user, Permission.VIEW_WORKING, province, on=on):
        return None
    return tuple(
        path
        for path in granted_paths(user, Permission.VIEW_WORKING, on=on)
        if path.startswith(province.path + "/")
    )


def own_part(table: ShortlistTable, paths: tuple[str, ...] | None) -> ShortlistTable:
    """The list with the lines of units seated under the paths alone."""
    if paths is None:
        return table
    groups = [
        replace(group, lines=tuple(line for line in group.lines if _lies_in(line.seat_path, paths)))
        for group in table.groups
    ]
    return replace(table, groups=tuple(group for group in groups if group.lines))


def shortlists_for(user: Asking, *, on: date) -> QuerySet[Phase]:
    """The phases of the provinces in which the person works, newest first, with their lists."""
    provinces = {path.split("/")[0] for path in granted_paths(user, Permission.VIEW_WORKING, on=on)}
    lists = Shortlist.objects.defer("body").select_related("made_by").order_by("-pk")
    return (
        Phase.objects.filter(campaign__province__path__in=provinces, first_day__lte=on)
        .select_related("campaign__province")
        .prefetch_related(Prefetch("shortlists", lists))
        .order_by("-last_day", "campaign__slug")
    )


def page_of_shortlist(shortlist: Shortlist, *, user: Asking, on: date) -> ShortlistPage | None:
    """The list as the person may see it; ``None`` where they see nothing of it."""
    paths = seen_by(user, shortlist.phase, on=on)
    whole = table_of(shortlist)
    table = own_part(whole, paths)
    if paths is not None and not table.lines:
        return None
    may_decide = can(user, Permission.REVIEW_DOSSIERS, shortlist.phase.campaign.province, on=on)
    recheck = shortlist.stage == ShortlistStage.END
    early = deadline_list(shortlist) if recheck else None
    decided = candidates_of(shortlist) if recheck else {}
    to_decide = units_to_decide(whole, early) if recheck else set()
    changes = [
        each
        for each in (changes_between(early, whole) if early else ())
        if paths is None or _lies_in(each.seat_path, paths)
    ]
    waiting = [each for each in decided.values() if each.confirmed_at is None]

    def may_confirm(candidate: Candidate | None) -> bool:
        return bool(
            may_decide and candidate and not candidate.confirmed_at and candidate.decided_by_id != user.pk
        )

    return ShortlistPage(
        table=table,
        whole=paths is None,
        may_decide=may_decide and recheck,
        groups=[_group(group, decided, may_confirm) for group in table.groups if group.lines],
        changes=[
            ChangeRow(
                each,
                decided.get(each.unit_id),
                each.unit_id in to_decide,
                may_confirm(decided.get(each.unit_id)),
            )
            for each in changes
        ],
        compared=early,
        decided=len(decided),
        waiting=len(waiting),
        mine_to_confirm=sum(may_confirm(each) for each in waiting),
        undecided=len(to_decide - decided.keys()),
    )


def _group(group: ShortlistGroup, decided: dict[int, Candidate], may_confirm) -> GroupPage:
    classes = []
    for label, lines in group.classes:
        most = max((line.rank_high or 0 for line in lines), default=0)
        rows = [
            Row(
                line,
                range_chart(line, most),
                decided.get(line.unit_id),
                may_confirm(decided.get(line.unit_id)),
            )
            for line in lines
        ]
        kept = lines[0].unit_class == KEPT_GREEN
        classes.append(ClassTable(label, office_reading() if kept else "", rows))
    return GroupPage(group.code, group.kind, group.name, classes, group.left_out)


def range_chart(line: ShortlistLine, most: int) -> RangeChart | None:
    """The range of the rank on a scale from 1 to the worst rank of the class."""
    if not line.rank or most < 2:
        return None
    step = 100 / (most - 1)
    left = (line.rank_low - 1) * step
    return RangeChart(
        round(left, 2), round((line.rank_high - line.rank_low) * step, 2), round((line.rank - 1) * step, 2)
    )


def _lies_in(path: str, paths: Iterable[str]) -> bool:
    return any(path == each or path.startswith(each + "/") for each in paths)
