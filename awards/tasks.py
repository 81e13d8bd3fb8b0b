"""What the awards do by themselves, rung by beat."""

import logging

from celery import shared_task
from django.utils import timezone

from awards.shortlists import make_due

logger = logging.getLogger(__name__)


@shared_task(name="awards.make_shortlists", ignore_result=True)
def make_shortlists() -> None:
    """Make the shortlists of deadlines and ends that have passed, each once."""
    if made := make_due(at=timezone.now()):
        logger.info("Made %s shortlists", len(made))
