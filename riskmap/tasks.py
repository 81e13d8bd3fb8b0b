"""The worker's side of the bell: recompute what is stale, then draw what changed."""

import logging

from celery import shared_task
from django.utils import timezone

from core.errors import DomainError
from core.people import system_user
from riskmap.bell import REASSESS_STALE
from riskmap.editions import due_cut_offs, publish
from riskmap.levels import reassess
from riskmap.maps import draw_frames, undrawn_provinces
from riskmap.models import Assessment
from riskmap.public_files import refresh_public_files
from riskmap.reminders import remind_due as send_reminders

logger = logging.getLogger(__name__)

PUBLISH_DUE = "riskmap.publish_due"
REMIND_DUE = "riskmap.remind_due"


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
    refresh_public_files(on=now.date())


@shared_task(name=PUBLISH_DUE, ignore_result=True)
def publish_due() -> None:
    """Publish the editions whose hour has come, those that were missed first. Rung by beat.

    What is due is asked of the editions themselves, not of the schedule, so that a night without a worker
    is made up for; an edition shows what was known at its cut-off however late it is made.
    """
    now = timezone.localtime()
    for assessment in Assessment.objects.select_related("province"):
        for cut_off in due_cut_offs(province=assessment.province, at=now):
            try:
                publish(province=assessment.province, cut_off=cut_off, at=now, by=system_user())
            except DomainError as refusal:  # another worker was first, or nothing was known then
                logger.info("Not published: %s", refusal.message)
    refresh_public_files(on=now.date())


@shared_task(name=REMIND_DUE, ignore_result=True)
def remind_due() -> None:
    """Remind who has not reported today, and who answers for them. Rung by beat.

    A stage that was missed is made up for; nobody is reminded of a stage twice.
    """
    if sent := send_reminders(at=timezone.now()):
        logger.info("Sent %s reminders of reports that are due", sent)
