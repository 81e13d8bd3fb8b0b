"""The worker's side of the inbox."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core.mailing import mail_notices as mail_waiting_notices

logger = logging.getLogger(__name__)

MAIL_NOTICES = "core.mail_notices"


@shared_task(name=MAIL_NOTICES, ignore_result=True)
def mail_notices() -> None:
    """Send what waits in the inboxes to those who gave an address, where mail is configured. Rung by beat."""
    if settings.MAIL_IS_SENT and (sent := mail_waiting_notices(at=timezone.now())):
        logger.info("Mailed notices to %s people", sent)
