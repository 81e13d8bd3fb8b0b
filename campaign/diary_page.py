"""What the pages of diaries show. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from campaign.diary import OPEN
from campaign.enums import DiaryStatus
from campaign.models import Campaign, DiaryEntry
from campaign.models.diary import DiaryQuerySet
from campaign.units import confirming_area
from core.access import Permission, can, can_anywhere
from core.enums import AreaKind
from core.models import Area, User

TO_DECIDE, TO_FINISH, ALL = "decide", "finish", "all"


@dataclass(frozen=True, slots=True)
class Queue:
    """One view of the entries a person works with, and how many there are in each."""

    entries: DiaryQuerySet
    view: str
    views: Sequence[tuple[str, str, int]]  # key, words, how many


@dataclass(frozen=True, slots=True)
class Acts:
    """What a person may do with an entry: ``writes``, ``decides`` by right, the rest as its state is."""

    writes: bool
    decides: bool
    status: DiaryStatus
    own: bool  # they wrote or submitted it, so somebody else decides

    @property
    def edit(self) -> bool:
        return self.writes and self.status in OPEN

    @property
    def take_back(self) -> bool:
        return self.writes and self.status == DiaryStatus.SUBMITTED

    @property
    def decide(self) -> bool:
        return self.decides and self.status == DiaryStatus.SUBMITTED and not self.own

    @property
    def waits_for_another(self) -> bool:
        return self.decides and self.status == DiaryStatus.SUBMITTED and self.own

    @property
    def published(self) -> bool:
        """Theirs to praise and to take down."""
        return self.decides and self.status == DiaryStatus.APPROVED

    @property
    def any(self) -> bool:
        return self.edit or self.take_back or self.decide or self.waits_for_another or self.published


def seen_by(user: User, *, on: date) -> DiaryQuerySet:
    """The entries of one's own area, whatever their state."""
    return DiaryEntry.objects.for_user(user, Permission.VIEW_WORKING, on=on)


def queue_of(user: User, *, view: str, on: date) -> Queue | None:
    """The view asked, or the first that has something to do; ``None``: there is no such view."""
    rows = seen_by(user, on=on)
    own = DiaryEntry.objects.for_user(user, Permission.REGISTER_UNITS, on=on).filter(status__in=OPEN)
    waiting = DiaryEntry.objects.to_decide_by(user, on=on)
    conditions = {
        TO_DECIDE: Q(pk__in=waiting.values("pk")),
        TO_FINISH: Q(pk__in=own.values("pk")),
        ALL: Q(pk__isnull=False),
    }
    counts = rows.aggregate(**{key: Count("pk", filter=condition) for key, condition in conditions.items()})
    words = {TO_DECIDE: _("chờ tôi duyệt"), TO_FINISH: _("đang soạn"), ALL: _("tất cả")}
    if not view:
        view = next((key for key in (TO_DECIDE, TO_FINISH) if counts[key]), ALL)
    if view not in conditions:
        return None
    decides = can_anywhere(user, Permission.CONFIRM_REGISTRATIONS, on=on)
    shown = [key for key in conditions if key != TO_DECIDE or decides or view == TO_DECIDE]
    views = [(key, words[key], counts[key]) for key in shown]
    return Queue(rows.filter(conditions[view]).with_places().newest_first(), view, views)


def entry_for(user: User | AnonymousUser, pk: int, *, on: date) -> DiaryEntry | None:
    """The entry, for who may read it: a public one everybody, another who sees its area's working data."""
    entry = DiaryEntry.objects.filter(pk=pk).with_places().first()
    if entry is None or entry.status == DiaryStatus.APPROVED:
        return entry
    return entry if can(user, Permission.VIEW_WORKING, entry.unit.seat, on=on) else None


def acts_of(entry: DiaryEntry, user: User | AnonymousUser, *, on: date) -> Acts:
    return Acts(
        writes=can(user, Permission.REGISTER_UNITS, entry.unit.seat, on=on),
        decides=can(user, Permission.CONFIRM_REGISTRATIONS, confirming_area(entry.unit), on=on),
        status=DiaryStatus(entry.status),
        own=user.pk in (entry.submitted_by_id, entry.created_by_id),
    )


def practices_of(campaign: Campaign, *, district: Area | None = None) -> DiaryQuerySet:
    """The good ways of working of a campaign, the newest first; of one district where that is asked."""
    rows = DiaryEntry.objects.approved().filter(campaign=campaign, is_good_practice=True)
    if district is not None:
        inside = Q(unit__seat__path=district.path) | Q(unit__seat__path__startswith=district.path + "/")
        rows = rows.filter(inside)
    return rows.with_places().newest_first()


def districts_with_practices(campaign: Campaign) -> list[Area]:
    """The districts that have something in the gallery; one query."""
    paths = practices_of(campaign).values_list("unit__seat__path", flat=True).distinct().order_by()
    districts = {"/".join(path.split("/")[:2]) for path in paths}
    return list(Area.objects.of_kind(AreaKind.DISTRICT).filter(path__in=districts).in_vietnamese_order())


def differences(entry: DiaryEntry, photos: Sequence, stored: DiaryEntry) -> list[tuple[str, str]]:
    """What somebody else wrote of an entry, where it is not what is in hand: names and their words."""
    found = []
    for name in ("happened_on", "title", "text"):
        theirs = getattr(stored, name)
        if theirs != getattr(entry, name):
            said = f"{theirs:%d/%m/%Y}" if isinstance(theirs, date) else theirs
            found.append((str(DiaryEntry._meta.get_field(name).verbose_name), said))
    theirs = [(photo.file_id, photo.caption) for photo in stored.photos.all()]
    if theirs != [(photo.file.pk, photo.caption) for photo in photos]:
        said = "\n".join(f"{place}. {caption}" for place, (_file, caption) in enumerate(theirs, 1))
        found.append((_("ảnh"), said or _("không có ảnh")))
    return found
