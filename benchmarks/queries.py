"""Counting what the database is asked, COPY included."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2.extensions
from django.db import connection


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements sent meanwhile. COPY passes by Django's own count, so psycopg2's is taken."""
    sent: list[str] = []

    class Cursor(psycopg2.extensions.cursor):
        def execute(self, query, vars=None):
            sent.append(str(query))
            return super().execute(query, vars)

        def copy_expert(self, sql, file, *size):
            sent.append(str(sql))
            return super().copy_expert(sql, file, *size)

    connection.ensure_connection()
    before = connection.connection.cursor_factory
    connection.connection.cursor_factory = Cursor
    try:
        yield sent
    finally:
        connection.connection.cursor_factory = before
