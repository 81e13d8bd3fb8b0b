"""Prove that the journal is whole: ``manage.py verify_audit [--noted POSITION:HASH]``."""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.journal import verify_journal


class Command(BaseCommand):
    help = (
        "Proves the hash chain of the journal, the digests of the ledgers and the triggers behind them. "
        "Exit 0: whole; 1: broken, with the first broken position; 2: unusable arguments."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--noted", default="", metavar="POSITION:HASH", help="a head printed by an earlier run"
        )

    def handle(self, *, noted, **options):
        try:
            state = verify_journal(noted=noted)
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        for fault in state.faults:
            self.stderr.write(self.style.ERROR(fault))
        if state.faults:
            sys.exit(1)
        self.stdout.write(
            _("Nhật ký nguyên vẹn: %(events)d sự kiện, %(rows)d dòng sổ cái. Mốc để ghi lại: %(head)s")
            % {
                "events": state.events,
                "rows": state.ledger_rows,
                "head": f"{state.head_position}:{state.head_hash}",
            }
        )
