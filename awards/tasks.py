"""What the awards do by themselves, rung by beat."""

import logging
from time import monotonic

from celery import shared_task
from django.utils import timezone

from awards import batches
from awards.evidence import mark_touched as mark_touched_dossiers
from awards.opinions import urge_unanswered
from awards.reminders import remind_due as send_reminders
from awards.shortlists import make_due
from riskmap.bell import ring

logger = logging.getLogger(__name__)
SECONDS_AT_ONCE = 5


@shared_task(name="awards.make_shortlists", ignore_result=True)
def make_shortlists() -> None:
    """Make the shortlists of deadlines and ends that have passed, each once."""
    if made := make_due(at=timezone.now()):
        logger.info("Made %s shortlists", len(made))


@shared_task(name="awards.mark_touched", ignore_result=True)
def mark_touched() -> None:
    """Mark the dossiers handed in on which a correction since bears. What was frozen stays as it is."""
    if marked := mark_touched_dossiers(at=timezone.now()):
        logger.info("Marked %s dossiers that a correction touches", marked)


@shared_task(name="awards.remind_due", ignore_result=True)
def remind_due() -> None:
    """Remind of what is due soon, and send the districts the digest of the day; each once."""
    if told := send_reminders(at=timezone.now()):
        logger.info("Sent %s reminders of awards", told)


@shared_task(name="awards.urge_opinions", ignore_result=True)
def urge_opinions() -> None:
    """Urge Sở Y tế of the requests that are overdue, each once."""
    if told := urge_unanswered(at=timezone.now()):
        logger.info("Sent %s notices of overdue opinions", told)


@shared_task(name=batches.PRINT_BATCHES, ignore_result=True)
def print_batches() -> None:
    """Print what waits in the batches for a few seconds, then go to the end of the queue: a batch of hundreds
    keeps no count from being assessed meanwhile. Rung by who asks for a batch, and by itself.
    """
    until, failed = monotonic() + SECONDS_AT_ONCE, set()
    for batch in batches.unfinished():
        taken = 1
        while taken and monotonic() < until:
            taken, faults = batches.print_next(batch=batch, at=timezone.now(), leaving=failed)
            failed.update(faults)
        if batches.finish_batch(batch=batch, at=timezone.now()):
            logger.info("Printed %s papers of %s", batch.total, batch.phase)
    if monotonic() >= until:
        ring(batches.PRINT_BATCHES)


@shared_task(name="awards.drive_batches", ignore_result=True)
def drive_batches() -> None:
    """Call the workers again to a batch that has lost its own. Rung by beat."""
    if batches.has_stalled(at=timezone.now()):
        batches.ring_printers()


@shared_task(name="awards.prune_batches", ignore_result=True)
def prune_batches() -> None:
    """Drop printed batches that are kept no longer. Rung by beat once a night."""
    if pruned := batches.prune_batches(before=timezone.now() - batches.KEPT_FOR):
        logger.info("Dropped %s batches of papers", pruned)
