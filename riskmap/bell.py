"""The bell: asks the worker to look for stale marks now rather than at beat's next round.

The mark in the database is the work; the bell only saves waiting. So it never fails the caller: with the
broker away it writes a log line, and beat rings again.
"""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

REASSESS_STALE = "riskmap.reassess_stale"

# A page waits for the bell, so it is pulled once: a connection of the pool would be tried for six seconds.
_AT_ONCE = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
}


def ring() -> None:
    """Ask for a recomputation of what is stale. Returns within a few seconds, heard or not."""
    connection = current_app.connection_for_write()
    connection.transport_options = {**(connection.transport_options or {}), **_AT_ONCE}
    try:
        with connection:
            current_app.send_task(REASSESS_STALE, connection=connection, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        logger.warning("The bell was not heard, beat will ring again: %s", error)
