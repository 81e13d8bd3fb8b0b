"""Servers and a database of the benchmarks' own, and Django set up to use them.

A private PostgreSQL and Valkey under ``<VAR_DIR>/benchmarks``: neither data nor queue of a person or of a
demo is ever touched. The database is made anew for each group of measurements.
"""

from __future__ import annotations

import os
from pathlib import Path

import django
import psycopg2
from psycopg2 import sql

from config import embedded
from config.environment import text

NAME = "benchmarks"


def use_own_database() -> None:
    """Make an empty database, point the settings at it, and migrate. Before anything imports the settings."""
    servers = embedded.ensure(_place())
    _run(servers.database_url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VAR_DIR": str(_place()),
        "DATABASE_URL": servers.database_url.rpartition("/")[0] + f"/{NAME}",
        "REDIS_URL": servers.redis_url,
        "TRIAL": "1",  # neither DEBUG, which keeps every query, nor the demands of production
        "DEBUG": "0",
        "LOG_LEVEL": "WARNING",
    }
    django.setup()
    _migrate()


def begin_anew() -> None:
    """Leave the database as ``use_own_database`` made it: empty."""
    from django.core.cache import cache
    from django.db import connection

    connection.close()
    servers = embedded.ensure(_place())
    _run(servers.database_url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}")
    cache.clear()
    _migrate()


def drop_own_database() -> None:
    """Stop the servers; the database goes with the next run."""
    from django.db import connection

    connection.close()
    _run(embedded.ensure(_place()).database_url, "DROP DATABASE IF EXISTS {} WITH (FORCE)")
    embedded.stop(_place())


def _place() -> Path:
    var = Path(text("VAR_DIR") or Path(__file__).resolve().parent.parent / "var")
    return var if var.name == NAME else var / NAME


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _run(url: str, *statements: str) -> None:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(sql.SQL(statement).format(sql.Identifier(NAME)))
    finally:
        connection.close()
