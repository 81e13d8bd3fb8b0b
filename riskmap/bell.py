"""The bell: asks the worker to look for stale marks now rather than at beat's next round.

The mark in the database is the work; the bell only saves waiting. So it never fails the caller: with the
broker away it writes a log line, and beat rings again.
"""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

REASSESS_STALE = "riskmap.reassess_stale"


def ring() -> None:
    """Ask for a recomputation of what is stale. One attempt; returns within the broker's connect timeout."""
    try:
        current_app.send_task(REASSESS_STALE, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        logger.warning("The bell was not heard, beat will ring again: %s", error)
