"""What the pages of registrations show those who work on them. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from campaign.enums import RegistrationAct, RegistrationStatus
from campaign.models import Campaign, Registration, Unit
from campaign.models.registrations import RegistrationQuerySet
from campaign.models.units import UnitQuerySet
from campaign.registration_moves import acts_allowed, is_late
from campaign.registrations import TYPED, WITH_PLACES
from core.access import Permission
from core.models import User
from core.models.scoping import granted_paths
from core.vietnamese import fold

#: What waits for the person asking, before the states themselves.
TO_FINISH, TO_CONFIRM, ALL = "finish", "confirm", "all"
UNFINISHED = (RegistrationStatus.DRAFT, RegistrationStatus.RETURNED)
#: What can be done with many lines at once.
IN_BULK = (RegistrationAct.SUBMITTED, RegistrationAct.CONFIRMED, RegistrationAct.RETURNED)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A registration in the queue, and what the person may do with it."""

    registration: Registration
    acts: tuple[RegistrationAct, ...]

    @property
    def late(self) -> bool:
        return is_late(self.registration)

    @property
    def can_be_ticked(self) -> bool:
        return any(act in IN_BULK for act in self.acts)


@dataclass(frozen=True, slots=True)
class Queue:
    """One view of the registrations a person sees, and how many there are in each view."""

    registrations: RegistrationQuerySet
    view: str
    views: Sequence[tuple[str, str, int]]  # key, words, how many

    @property
    def bulk(self) -> tuple[RegistrationAct, ...]:
        """What may be done with the lines of this view."""
        return {
            TO_FINISH: (RegistrationAct.SUBMITTED,),
            RegistrationStatus.DRAFT: (RegistrationAct.SUBMITTED,),
            RegistrationStatus.RETURNED: (RegistrationAct.SUBMITTED,),
            TO_CONFIRM: (RegistrationAct.CONFIRMED, RegistrationAct.RETURNED),
            RegistrationStatus.SUBMITTED: (RegistrationAct.CONFIRMED, RegistrationAct.RETURNED),
        }.get(self.view, ())


def seen_by(user: User, *, on: date) -> RegistrationQuerySet:
    """The registrations of one's own area, with all that a line shows."""
    seen = Registration.objects.for_user(user, Permission.VIEW_WORKING, on=on)
    people = ("submitted_by", "decided_by")
    return seen.select_related(*WITH_PLACES, *people, "starting_edition", "document").defer(
        "document__content", "starting_edition__codes", "starting_edition__cells"
    )


def queue_of(user: User, *, campaign: Campaign | None, view: str, text: str, on: date) -> Queue | None:
    """The queue of ``user``; ``view`` empty for the first that has something to do. ``None``: no such view.

    ``text`` is sought in the names of units and of where they sit, without diacritics.
    """
    rows = seen_by(user, on=on)
    if campaign is not None:
        rows = rows.filter(campaign=campaign)
    for word in fold(text).split():
        rows = rows.filter(
            Q(unit__search_text__contains=word)
            | Q(unit__seat__search_text__contains=word)
            | Q(unit__seat__parent__search_text__contains=word)
        )
    conditions = _conditions(user, on=on)
    counts = rows.aggregate(**{key: Count("pk", filter=condition) for key, condition in conditions.items()})
    words = {TO_FINISH: _("cần làm tiếp"), TO_CONFIRM: _("chờ tôi xác nhận"), ALL: _("tất cả")}
    words |= {status.value: status.label for status in RegistrationStatus}
    views = [(key, words[key], counts[key]) for key in conditions if counts[key] or key in (ALL, view)]
    if not view:
        view = next((key for key in (TO_CONFIRM, TO_FINISH) if counts[key]), ALL)
    if view not in conditions:
        return None
    return Queue(_in_order(rows.filter(conditions[view])), view, views)


def _in_order(rows: RegistrationQuerySet) -> RegistrationQuerySet:
    return rows.order_by("unit__seat__parent__sort_key", "unit__sort_key", "unit__code", "campaign")


def _conditions(user: User, *, on: date) -> dict[str, Q]:
    own = _lies_in("unit__seat", granted_paths(user, Permission.REGISTER_UNITS, on=on))
    above = granted_paths(user, Permission.CONFIRM_REGISTRATIONS, on=on)
    confirming = _lies_in("unit__seat__parent", above) | (
        Q(unit__seat__parent__isnull=True) & _lies_in("unit__seat", above)
    )
    by_status = {status.value: Q(status=status) for status in RegistrationStatus}
    return {
        TO_CONFIRM: confirming & Q(status=RegistrationStatus.SUBMITTED),
        TO_FINISH: own & Q(status__in=UNFINISHED),
        ALL: Q(pk__isnull=False),
        **by_status,
    }


def _lies_in(lookup: str, paths: Sequence[str]) -> Q:
    inside = Q(pk__in=[])
    for path in paths:
        inside |= Q(**{f"{lookup}__path": path}) | Q(**{f"{lookup}__path__startswith": path + "/"})
    return inside


def queue_lines(registrations: Sequence[Registration], user: User, *, on: date) -> list[QueueLine]:
    """The lines of some registrations (with their places). A constant number of queries."""
    acts = acts_allowed(registrations, user, on=on)
    return [QueueLine(registration, acts[registration.pk]) for registration in registrations]


def units_to_register(campaign: Campaign, user: User, *, on: date) -> UnitQuerySet:
    """The units of one's own area that the plan speaks of, that are open and have no registration in it."""
    own = Unit.objects.open().for_user(user, Permission.REGISTER_UNITS, on=on)
    kinds = campaign.target_groups.values("kind")
    there = Registration.objects.filter(campaign=campaign).values("unit")
    return (
        own.filter(province=campaign.province, kind__in=kinds)
        .exclude(pk__in=there)
        .select_related("seat__parent__parent")
        .in_vietnamese_order()
    )


def differences(mine: Registration, theirs: Registration) -> list[tuple[str, str]]:
    """What somebody else wrote of a registration, where it is not what is in hand: names and their words."""
    return [
        (str(Registration._meta.get_field(name).verbose_name), _shown(theirs, name))
        for name in TYPED
        if _shown(mine, name) != _shown(theirs, name)
    ]


def _shown(registration: Registration, name: str) -> str:
    if name == "target_level":
        return str(registration.get_target_level_display())
    value = getattr(registration, name)
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "–")
