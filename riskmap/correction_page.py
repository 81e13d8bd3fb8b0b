"""What the pages of corrections show: a cell, and what changing it would touch. Reads only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from core.access import Permission
from core.finding import province_of
from core.inbox import holders_over
from core.models import Area, User
from riskmap.corrections import befores_of, rows_of
from riskmap.count_days import Counted, DayCounts, counts_of
from riskmap.counts import CountRow, Posting, as_parameters
from riskmap.entry_source import known_entry_source
from riskmap.enums import CorrectionStatus
from riskmap.impact import Impact, as_json, from_json, guarded_changes, impact_of
from riskmap.in_force import COUNT_COLUMNS
from riskmap.lock_exceptions import exceptions_for, in_force_at, is_locked
from riskmap.models import CorrectionRequest, CountEntry, CountSource, LockException
from riskmap.posting_sql import WOULD_BE_IN_FORCE
from riskmap.reading_words import CASE_WORDS
from riskmap.row_changes import RowChange, compare_rows
from riskmap.what_if import LevelChange, what_if


@dataclass(frozen=True, slots=True)
class Cell:
    """The numbers of an area and day as they are, and what stands in the way of changing them.

    ``source`` is the one whose word is corrected, ``None`` while nobody has entered anything. ``keepers`` are
    those who can open a locked day.
    """

    area: Area
    day: date
    counts: DayCounts
    source: CountSource | None
    sources: Sequence[CountSource]
    own_word: Counted | None
    locked: bool
    exception: LockException | None
    keepers: Sequence[User]


def cell_of(*, area: Area, day: date, source: CountSource | None, any_source: bool, at: datetime) -> Cell:
    """The cell as somebody finds it who would correct ``source``, or else the usual one of their kind.

    ``any_source``: the person may correct what any source said, not only what people entered.
    """
    province = province_of(area)
    counts = counts_of(area=area, first=day, last=day)[0]
    sources = sources_of(area=area, day=day, any_source=any_source)
    if source is None:
        chosen = next((word.source for word in counts.words if word.in_force), None)
        source = next((each for each in sources if each.name == chosen), None)
        source = source or known_entry_source(province=province)
    own = next((word for word in counts.words if source and word.source == source.name), None)
    locked = is_locked(area=area, day=day)
    exception = in_force_at(exceptions_for(area=area, day=day), at).first() if locked else None
    keepers: Sequence[User] = ()
    if locked and exception is None:
        people = holders_over(areas=[area], permission=Permission.ACCEPT_COUNTS, on=timezone.localdate(at))
        keepers = User.objects.filter(pk__in=people).order_by("sort_key", "pk")
    return Cell(area, day, counts, source, sources, own and own.counted, locked, exception, keepers)


def sources_of(*, area: Area, day: date, any_source: bool) -> list[CountSource]:
    """The sources a person may correct here: what people entered, and with ``any_source`` all that spoke."""
    entry = known_entry_source(province=province_of(area))
    spoke = CountEntry.objects.filter(area=area, day=day).values("source") if any_source else ()
    wanted = CountSource.objects.filter(pk__in=spoke) if any_source else CountSource.objects.none()
    return [*([entry] if entry else []), *wanted.exclude(pk=entry and entry.pk).order_by("rank")]


@dataclass(frozen=True, slots=True)
class NumberChange:
    """One of the numbers, before and after; ``None`` where nothing is said."""

    name: str
    before: int | None
    after: int | None

    @property
    def differs(self) -> bool:
        return (self.before or 0) != (self.after or 0)


def numbers_between(before: Counted | None, after: Counted | CountRow) -> list[NumberChange]:
    """Number by number, those that were said or are said now."""
    changes = [
        NumberChange(CASE_WORDS[name](), getattr(before, name, None), getattr(after, name))
        for name in COUNT_COLUMNS
    ]
    return [each for each in changes if each.before is not None or each.after is not None]


@dataclass(frozen=True, slots=True)
class Look:
    """What a correction would come to. ``guarded`` are the changes that need a second person, each with the
    name of the time that is competed in; ``token`` says what all this looked like."""

    change: RowChange
    source: CountSource
    in_force: Counted | None
    impact: Impact
    guarded: Sequence[tuple[LevelChange, str]]
    token: str

    @property
    def numbers(self) -> list[NumberChange]:
        return numbers_between(self.change.before, self.change.row)

    @property
    def needs_another(self) -> bool:
        """A first word is posted at once; a change of what was said waits where a colour is competed for."""
        return bool(self.guarded) and self.change.kind == "corrected"

    @property
    def without_effect(self) -> bool:
        """Another source's number counts, before and after."""
        return self.in_force == self.change.in_force


def look_at(*, source: CountSource, row: CountRow, at: datetime) -> Look | None:
    """What saying ``row`` would come to at the instant; ``None`` when the source says just that."""
    changes = compare_rows(source=source, rows=[row], at=at)
    if not changes:
        return None
    (change,) = changes
    impact = _impact(source, [change.row], on=timezone.localdate(at))
    guarded = guarded_changes(province=source.province, impact=impact)
    with connection.cursor() as cursor:
        cursor.execute(WOULD_BE_IN_FORCE, as_parameters([Posting(source, [row])]))
        found = [CountRow(*values) for values in cursor.fetchall()]
    after = next((Counted(*each[2:]) for each in found), None)
    return Look(change, source, after, impact, guarded, _token(change, after, impact, guarded))


def _token(change: RowChange, after: Counted | None, impact: Impact, guarded: Sequence) -> str:
    """A digest of all that the person is shown: whatever differs later is shown again."""
    shown = [asdict(change), after and asdict(after), as_json(impact), [name for _change, name in guarded]]
    return hashlib.sha256(json.dumps(shown, default=str, sort_keys=True).encode()).hexdigest()


def _impact(source: CountSource, rows: Sequence[CountRow], *, on: date) -> Impact:
    return impact_of(province=source.province, what_if=what_if(source=source, rows=rows, on=on))


@dataclass(frozen=True, slots=True)
class RequestedRow:
    """A row of a correction that waits or waited."""

    area: Area
    day: date
    numbers: Sequence[NumberChange]


@dataclass(frozen=True, slots=True)
class RequestPage:
    """A correction that needs a second person: as it was asked for, and what it would come to now.

    ``now`` is ``None`` once it is decided. ``overtaken``: the source has said something else since.
    """

    request: CorrectionRequest
    rows: Sequence[RequestedRow]
    then: Impact
    now: Impact | None
    guarded: Sequence[tuple[LevelChange, str]]
    overtaken: bool

    @property
    def waits(self) -> bool:
        return self.request.status == CorrectionStatus.WAITING

    @property
    def differs(self) -> bool:
        """What it would come to is not what was shown to the one who asked."""
        return self.now is not None and self.now != self.then


def page_of_request(*, request: CorrectionRequest, at: datetime) -> RequestPage:
    """The page of a request, with its source and province."""
    rows, befores = rows_of(request), befores_of(request)
    areas = Area.objects.select_related("parent").in_bulk({row.area_id for row in rows})
    waits = request.status == CorrectionStatus.WAITING
    then = from_json(request.impact)
    now = _impact(request.source, rows, on=timezone.localdate(at)) if waits else None
    words = {}
    if waits:
        changes = compare_rows(source=request.source, rows=rows, at=at)
        words = {(each.row.area_id, each.row.day): each.before for each in changes}
    return RequestPage(
        request=request,
        rows=[
            RequestedRow(areas[row.area_id], row.day, numbers_between(before, row))
            for row, before in zip(rows, befores, strict=True)
        ],
        then=then,
        now=now,
        guarded=guarded_changes(province=request.province, impact=now if waits else then),
        overtaken=waits
        and any(
            (words.get((row.area_id, row.day)) or Counted()) != before
            for row, before in zip(rows, befores, strict=True)
        ),
    )
