"""What the campaign does by itself, rung by beat."""

import logging

from celery import shared_task
from django.utils import timezone

from campaign.area_units import refresh_area_units
from campaign.reminders import send_reminders
from campaign.standing import compute_standings as compute_all_standings
from campaign.zones import recognise
from core.people import system_user

logger = logging.getLogger(__name__)


@shared_task(name="campaign.recognise_zones", ignore_result=True)
def recognise_zones() -> None:
    """Follow a new edition, and whatever else recognised green zones rest on."""
    done = recognise(at=timezone.now())
    if done.begun or done.ended:
        logger.info("Green zones: %s recognised, %s no more", done.begun, done.ended)


@shared_task(name="campaign.compute_standings", ignore_result=True)
def compute_standings() -> None:
    """Write the standings that are missing or have changed. A round in which nothing did writes nothing."""
    refresh_area_units(by=system_user(), at=timezone.now())  # those of areas that came since compete too
    if written := compute_all_standings(at=timezone.now()):
        logger.info("Computed %s standings", len(written))


@shared_task(name="campaign.remind_due", ignore_result=True)
def remind_due() -> None:
    """Remind who has something to do in a campaign. Nobody is reminded of the same twice."""
    if sent := send_reminders(at=timezone.now()):
        logger.info("Sent %s reminders of campaigns", sent)
