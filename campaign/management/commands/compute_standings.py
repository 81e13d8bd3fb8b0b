"""Compute the standings of campaigns, or prove that they are what the ledger gives."""

import sys
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.models import Campaign
from campaign.standing import compute_standings
from campaign.standing_proof import verify_standings
from core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Tính bảng xếp hạng của các phong trào (hoặc một phong trào): mọi ngày của các đợt đã bắt đầu, theo "
        "số đã công bố và theo số biết hiện nay. Chạy lại thì không ghi thêm gì. --verify không ghi: đọc lại "
        "mọi bảng đã lưu, tính lại từ sổ và so mã băm. Kết thúc: 0 tốt, 1 có bảng sai, 2 sai tham số."
    )

    def add_arguments(self, parser):
        parser.add_argument("campaign", nargs="?", default="", metavar="SLUG", help="mã của phong trào")
        parser.add_argument("--day", type=date.fromisoformat, action="append", metavar="DATE")
        parser.add_argument("--rebuild", action="store_true", help="tính lại cả những ngày không có gì đổi")
        parser.add_argument("--verify", action="store_true", help="chỉ kiểm tra, không ghi")

    def handle(self, *, campaign, day, rebuild, verify, **options):
        now = timezone.now()
        chosen = _find(campaign) if campaign else None
        if verify:
            self._verify(chosen, on=timezone.localdate(now))
            return
        try:
            written = compute_standings(campaign=chosen, at=now, days=day, rebuild=rebuild)
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self.stdout.write(f"Đã ghi {len(written)} bảng xếp hạng.")

    def _verify(self, campaign: Campaign | None, *, on: date) -> None:
        proof = verify_standings(campaign=campaign, on=on)
        for fault in proof.faults:
            self.stderr.write(self.style.ERROR(fault))
        for name in proof.differing:
            self.stderr.write(f"{name}: khác với sổ hiện nay, hãy chạy compute_standings.")
        if proof.faults or proof.differing:
            sys.exit(1)
        self.stdout.write(f"{proof.standings} bảng xếp hạng nguyên vẹn, tính lại cho cùng kết quả.")


def _find(slug: str) -> Campaign:
    campaign = Campaign.objects.filter(slug=slug).select_related("province").first()
    if campaign is None:
        there = ", ".join(Campaign.objects.order_by("slug").values_list("slug", flat=True)[:8])
        raise CommandError(f"Không có phong trào “{slug}”. Có: {there or '–'}.", returncode=2)
    return campaign
