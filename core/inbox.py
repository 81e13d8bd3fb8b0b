"""The inbox: what the portal tells people, once each, and who is to be told.

The texts of notices are Vietnamese whatever language the sender's page is in, as those of the journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from django.utils.text import Truncator

from core.enums import Role
from core.models import Area, Grant, Notice, User
from core.permissions import Permission, roles_with

# Who has the notice is left out first: a reminder tried every minute uses up no numbers of the sequence.
_SEND = """
    INSERT INTO core_notice (recipient_id, key, subject, body, link, created_at)
    SELECT m.recipient, m.key, m.subject, m.body, m.link, %(at)s
    FROM unnest(
        %(recipients)s::bigint[], %(keys)s::text[], %(subjects)s::text[], %(bodies)s::text[],
        %(links)s::text[]
    ) AS m (recipient, key, subject, body, link)
    WHERE NOT EXISTS (SELECT FROM core_notice n WHERE n.recipient_id = m.recipient AND n.key = m.key)
    ORDER BY m.recipient, m.key
    ON CONFLICT (recipient_id, key) DO NOTHING
"""
_LONGEST_SUBJECT = Notice._meta.get_field("subject").max_length


class Message(NamedTuple):
    """What one person (id) is told once for a key. ``link`` is a path on this site."""

    recipient: int
    key: str
    subject: str
    body: str
    link: str


def send_notices(
    *, recipients: Iterable[int], key: str, subject: str, body: str, link: str, at: datetime
) -> int:
    """Tell each of ``recipients`` (ids of people) the same; see ``send_each``."""
    messages = [Message(recipient, key, subject, body, link) for recipient in set(recipients)]
    return send_each(messages=messages, at=at)


def send_each(*, messages: Iterable[Message], at: datetime) -> int:
    """Tell people their own: who had a notice of the same key is passed over.

    Part of the caller's transaction, so that nobody is told of what did not happen. Returns how many notices
    are new.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("Notices belong into the transaction of what they tell.")
    messages = list(messages)
    subjects = [Truncator(" ".join(each.subject.split())).chars(_LONGEST_SUBJECT) for each in messages]
    with connection.cursor() as cursor:
        cursor.execute(
            _SEND,
            {
                "recipients": [each.recipient for each in messages],
                "keys": [each.key for each in messages],
                "subjects": subjects,
                "bodies": [each.body for each in messages],
                "links": [each.link for each in messages],
                "at": at,
            },
        )
        return cursor.rowcount


def notices_of(user: User) -> QuerySet[Notice]:
    """One's own notices, newest first."""
    return Notice.objects.filter(recipient=user).order_by("-created_at", "-id")


def mark_read(*, user: User, notices: Iterable[int] | None = None, at: datetime) -> int:
    """Mark the unread among ``notices`` (ids; all without) of ``user`` as read: how many. Others' stay."""
    unread = Notice.objects.filter(recipient=user, read_at__isnull=True)
    if notices is not None:
        unread = unread.filter(pk__in=list(notices))
    return unread.update(read_at=at)


def unread_count(user: User) -> int:
    return Notice.objects.filter(recipient=user, read_at__isnull=True).count()


def holders_by_area(
    *,
    areas: Iterable[Area],
    permission: Permission,
    on: date,
    only_at_area: bool = False,
    roles: Iterable[Role] | None = None,
) -> dict[int, set[int]]:
    """By area (id), the active people (ids) who hold ``permission`` over it on the day ``on``; one query.

    ``only_at_area`` takes grants on the area itself alone, not those above it; ``roles`` these roles alone.
    Someone whose password is temporary counts: they read it once they have changed it.
    """
    grant_places = {area.pk: {area.path} if only_at_area else _line(area.path) for area in areas}
    wanted = set(roles_with(permission)).intersection(Role if roles is None else roles)
    grants = Grant.objects.active_on(on).filter(
        role__in=wanted, area__path__in=set().union(*grant_places.values()), user__is_active=True
    )
    held: dict[str, set[int]] = {}
    for path, user_id in grants.values_list("area__path", "user_id"):
        held.setdefault(path, set()).add(user_id)
    return {
        pk: set().union(*(held.get(place, ()) for place in places)) for pk, places in grant_places.items()
    }


def holders_over(
    *,
    areas: Iterable[Area],
    permission: Permission,
    on: date,
    only_at_area: bool = False,
    roles: Iterable[Role] | None = None,
) -> set[int]:
    """The active people (ids) who hold ``permission`` over any of ``areas``; see ``holders_by_area``."""
    return set().union(
        *holders_by_area(
            areas=areas, permission=permission, on=on, only_at_area=only_at_area, roles=roles
        ).values()
    )


def _line(path: str) -> set[str]:
    """The path of an area and those of all above it."""
    codes = path.split("/")
    return {"/".join(codes[:length]) for length in range(1, len(codes) + 1)}
