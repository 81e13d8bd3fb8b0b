"""The bell: asks the worker to look for work now, stale marks if not told, rather than at beat's next round.

What the database says is the work; the bell only saves waiting. So it never fails the caller: with the broker
away it writes a log line, and beat rings again.
"""

import logging

from celery import current_app
from kombu.exceptions import OperationalError
from kombu.pools import producers

logger = logging.getLogger(__name__)

REASSESS_STALE = "riskmap.reassess_stale"

# A page waits for the bell, so it is pulled once: otherwise an absent broker would be tried for six seconds.
_AT_ONCE = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
}


def ring(task: str = REASSESS_STALE) -> None:
    """Ask for a task, which is to find its work itself. Returns within a few seconds, heard or not."""
    broker = current_app.connection_for_write()
    broker.transport_options = {**(broker.transport_options or {}), **_AT_ONCE}
    try:
        with producers[broker].acquire(block=True) as producer:  # kept open from ring to ring
            current_app.send_task(task, producer=producer, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        logger.warning("The bell was not heard, beat will ring again: %s", error)
