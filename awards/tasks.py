"""What the awards do by themselves, rung by beat."""

import logging

from celery import shared_task
from django.utils import timezone

from awards.evidence import mark_touched as mark_touched_dossiers
from awards.opinions import urge_unanswered
from awards.shortlists import make_due

logger = logging.getLogger(__name__)


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


@shared_task(name="awards.urge_opinions", ignore_result=True)
def urge_opinions() -> None:
    """Urge Sở Y tế of the requests that are overdue, each once."""
    if told := urge_unanswered(at=timezone.now()):
        logger.info("Sent %s notices of overdue opinions", told)
