"""The worker's side of the ground floor: mails, and files that nobody uses."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core.files import prune_files as prune_loose_files
from core.mailing import mail_notices as mail_waiting_notices
from core.people import system_user

logger = logging.getLogger(__name__)

MAIL_NOTICES = "core.mail_notices"
PRUNE_FILES = "core.prune_files"
LOOSE_FOR = timedelta(hours=24)  # longer than a form holds one, see core/forms_files.py


@shared_task(name=MAIL_NOTICES, ignore_result=True)
def mail_notices() -> None:
    """Send what waits in the inboxes to those who gave an address, where mail is configured. Rung by beat."""
    if settings.MAIL_IS_SENT and (sent := mail_waiting_notices(at=timezone.now())):
        logger.info("Mailed notices to %s people", sent)


@shared_task(name=PRUNE_FILES, ignore_result=True)
def prune_files() -> None:
    """Drop the files of forms that were never finished. Rung by beat once a night."""
    if pruned := prune_loose_files(by=system_user(), before=timezone.now() - LOOSE_FOR):
        logger.info("Dropped %s files that nothing points to", pruned)
