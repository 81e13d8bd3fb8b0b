"""Prove that the published maps are whole: ``manage.py verify_editions``."""

import sys

from django.core.management.base import BaseCommand

from riskmap.edition_proof import verify_editions


class Command(BaseCommand):
    help = (
        "Works out the hash of every edition again and follows the chain. Exit 0: whole; 1: broken. --replay "
        "also finds the levels of each cut-off again from the ledger and names the editions that differ."
    )

    def add_arguments(self, parser):
        parser.add_argument("--province", default="", metavar="CODE")
        parser.add_argument("--replay", action="store_true")

    def handle(self, *, province, replay, **options):
        proof = verify_editions(province=province, replay=replay)
        for fault in proof.faults:
            self.stderr.write(self.style.ERROR(fault))
        for name in proof.differing:
            self.stdout.write(
                f"{name}: sổ số ca nay cho kết quả khác (đơn vị, ranh giới hoặc quy ước đã đổi)."
            )
        if proof.faults:
            sys.exit(1)
        self.stdout.write(f"{proof.editions} bản công bố nguyên vẹn.")
