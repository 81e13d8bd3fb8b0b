"""Audit: who writes, and why, told to the triggers that keep the journal.

The journal itself is made by PostgreSQL (``core/governance.py``), so that bulk updates and raw SQL are
caught too. A write outside ``acting`` is journalled as well, under the name of the database role.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from core.models import User

_SETTINGS = ("vungxanh.actor_id", "vungxanh.actor", "vungxanh.reason")
_READ = "SELECT " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in _SETTINGS)
_WRITE = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in _SETTINGS)


@contextmanager
def acting(*, by: User | None = None, reason: str = "") -> Iterator[None]:
    """Open a transaction whose governed writes are journalled under ``by`` for ``reason``.

    Inside another ``acting`` an argument that is left out keeps the outer one, and the outer ones are in
    force again afterwards. On the way out of the outermost block the transaction commits, on an exception
    it rolls back.
    """
    inside_another = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        outer = ("", "", "")
        if inside_another:
            cursor.execute(_READ)
            outer = cursor.fetchone()
        actor = (str(by.pk), by.get_username()) if by is not None else outer[:2]
        cursor.execute(_WRITE, (*actor, reason or outer[2]))
        yield
        if inside_another:
            cursor.execute(_WRITE, outer)
