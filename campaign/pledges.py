"""Pledges: what communes and hamlets say of how many signed. Said anew, never changed.

How these numbers are read and added up stands in ``campaign.pledge_coverage``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.models import Campaign, PledgeCount
from campaign.pledge_coverage import areas_of, latest_counts
from core.audit import acting
from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area, StoredFile, User

MOST_OF_A_KIND = 10_000_000
TIERS = (AreaKind.COMMUNE, AreaKind.HAMLET)


class PledgeRow(NamedTuple):
    """What somebody says of an area and kind; no numbers: what was said is taken back.

    ``seen`` is the id of the latest word that the person had before their eyes, ``None`` if there was none.
    """

    area: Area
    kind: str
    signed: int | None
    total: int | None
    seen: int | None = None

    @property
    def numbers(self) -> tuple[int | None, int | None]:
        return self.signed, self.total


class PledgeFault(NamedTuple):
    """What is wrong with a row; ``field`` is signed or total."""

    row: PledgeRow
    field: str
    message: str


class Overtaken(NamedTuple):
    """A row that was not written: somebody else had said ``theirs`` meanwhile."""

    row: PledgeRow
    theirs: PledgeCount


@dataclass(frozen=True, slots=True)
class Entered:
    """How many words are new, how many of them took one back, and which rows somebody else had overtaken."""

    written: int
    taken_back: int = 0
    overtaken: tuple[Overtaken, ...] = ()


class PledgesRefused(DomainError):
    """Nothing was written; ``faults`` says why, row by row, or the day is no day for it."""

    code = "pledges_refused"

    def __init__(self, message: str, *, faults: Sequence[PledgeFault] = (), field: str | None = None) -> None:
        super().__init__(message)
        self.faults = tuple(faults)
        self.field = field


def enter_pledges(
    *,
    campaign: Campaign,
    rows: Sequence[PledgeRow],
    counted_on: date,
    document: StoredFile | None,
    by: User,
    at: datetime,
    renew: bool = False,
) -> Entered:
    """Append what differs from the word that was seen, as of the day ``counted_on``.

    A row that somebody else spoke of since is left out, unless they said the same; the others are written.
    With ``renew`` the rows that say the same once more, of a later day, are written too. Raises
    ``PledgesRefused`` for faults, with nothing written.
    """
    _check_day(campaign, counted_on, on=timezone.localdate(at))
    _check_places(campaign, rows, on=timezone.localdate(at))
    if faults := tuple(faults_of(rows)):
        raise PledgesRefused(_("Chưa ghi số nào. Xin sửa những ô được đánh dấu."), faults=faults)
    with acting(by=by, reason=f"Nhập số cam kết: {campaign.short_title}"):
        # One at a time for a campaign: what is compared here is still the latest when it is written.
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        latest = _by_place(latest_counts(campaign, [row.area for row in rows]))
        seen = _by_key(campaign.pledges.filter(pk__in=[row.seen for row in rows if row.seen]))
        new, overtaken = [], []
        for row in rows:
            place = (row.area.pk, row.kind)
            before, now = seen.get((*place, row.seen)), latest.get(place)
            if row.numbers == _numbers(now):
                if renew and now and not now.withdrawn and counted_on > now.counted_on:
                    new.append(row)
            elif row.numbers == _numbers(before):
                continue  # not touched: what others said meanwhile stays
            elif (now and now.pk) != (before and before.pk):
                overtaken.append(Overtaken(row, now))
            else:
                new.append(row)
        PledgeCount.objects.bulk_create(
            PledgeCount(
                campaign=campaign,
                area=row.area,
                kind=row.kind,
                signed=row.signed or 0,
                total=row.total or 0,
                withdrawn=row.total is None,
                counted_on=counted_on,
                document=document,
                entered_at=at,
                entered_by=by,
            )
            for row in new
        )
    taken_back = sum(row.total is None for row in new)
    return Entered(len(new), taken_back, tuple(overtaken))


def faults_of(rows: Iterable[PledgeRow]) -> Iterator[PledgeFault]:
    """What is wrong with the rows, whatever was said before."""
    for row in rows:
        if row.numbers == (None, None):
            continue
        if row.signed is None:
            yield PledgeFault(row, "signed", _("ghi cả số đã ký; chưa ai ký thì ghi 0."))
        elif row.total is None:
            yield PledgeFault(row, "total", _("ghi cả tổng số; không có thì ghi 0 ở cả hai ô."))
        elif row.total > MOST_OF_A_KIND:
            yield PledgeFault(row, "total", _("số quá lớn; xin xem lại."))
        elif row.signed > row.total:
            yield PledgeFault(row, "signed", _("số đã ký không được lớn hơn tổng số."))


def begins_on(campaign: Campaign) -> date | None:
    """The first day of which pledges can be told: of the launch, or of the first phase, the earlier."""
    days = [phase.first_day for phase in campaign.phases.all()]
    if campaign.launched_on:
        days.append(campaign.launched_on)
    return min(days, default=None)


def _check_day(campaign: Campaign, counted_on: date, *, on: date) -> None:
    if counted_on > on:
        message = _("Ngày %(day)s chưa đến; xin ghi ngày đã đếm số cam kết.")
        raise PledgesRefused(message % {"day": f"{counted_on:%d/%m/%Y}"}, field="counted_on")
    begun = begins_on(campaign)
    if begun and counted_on < begun:
        message = _("Phong trào bắt đầu ngày %(day)s; xin ghi từ ngày đó trở đi.")
        raise PledgesRefused(message % {"day": f"{begun:%d/%m/%Y}"}, field="counted_on")


def _check_places(campaign: Campaign, rows: Sequence[PledgeRow], *, on: date) -> None:
    asked = {row.area.pk for row in rows}
    if areas_of(campaign, on=on).filter(pk__in=asked, kind__in=TIERS).count() != len(asked):
        raise PledgesRefused(
            _("Số cam kết chỉ được nhập cho xã, phường, thị trấn, thôn, khu phố của tỉnh có phong trào.")
        )


def _numbers(word: PledgeCount | None) -> tuple[int | None, int | None]:
    return (None, None) if word is None or word.withdrawn else (word.signed, word.total)


def _by_place(words: QuerySet[PledgeCount]) -> dict[tuple[int, str], PledgeCount]:
    return {(word.area_id, word.kind): word for word in words.select_related("entered_by")}


def _by_key(words: QuerySet[PledgeCount]) -> dict[tuple[int, str, int], PledgeCount]:
    return {(word.area_id, word.kind, word.pk): word for word in words}
