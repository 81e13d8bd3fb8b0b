"""The worker's side of the bell: recompute what is stale, then draw what changed."""

import logging

from celery import shared_task
from django.utils import timezone

from riskmap.bell import REASSESS_STALE
from riskmap.levels import reassess
from riskmap.maps import draw_frames, undrawn_provinces

logger = logging.getLogger(__name__)


@shared_task(name=REASSESS_STALE, ignore_result=True)
def reassess_stale() -> None:
    """Bring every stale province up to date, through today. Rung by every post of counts and by beat.

    Whatever kills it, the marks in the database say what is left to do at the next ring.
    """
    now = timezone.localtime()
    done = reassess(on=now.date(), at=now)
    if done.provinces:
        logger.info("Reassessed %s: %s", done.provinces, done)
    for province in undrawn_provinces():
        draw_frames(province=province, on=now.date(), at=now)
