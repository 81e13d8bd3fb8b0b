"""A private PostgreSQL and a private Valkey for trial, development and tests.

Whoever needs them calls ``ensure``: it answers at once when they run, takes over servers that an earlier
process left behind, and otherwise starts them. They outlive the process that started them, so killing it
with ``kill -9`` loses nothing; ``stop`` ends them in good order. Everything they write is under one
directory (``VAR_DIR``), beside which other checkouts and other directories live undisturbed.

Outside that directory nothing is written but, when its path is too long for a Unix socket, one directory
of mode 0700 under the system's temporary directory. Production sets ``DATABASE_URL`` and ``REDIS_URL`` and
never comes here.
"""

from config.embedded.errors import ServersNotStarted
from config.embedded.supervisor import Servers, alive, ensure, is_private, stop

__all__ = ["Servers", "ServersNotStarted", "alive", "ensure", "is_private", "stop"]
