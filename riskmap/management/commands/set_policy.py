"""Set how a province is read: its parameters of the rule set, and which source wins."""

from argparse import ArgumentTypeError, BooleanOptionalAction
from datetime import time
from typing import Literal

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.errors import DomainError
from core.finding import find_province
from core.people import system_user
from riskmap.enums import SourcePolicy
from riskmap.policies import read_parameters, set_policy


def hour(text: str) -> time | Literal["never"]:
    """``16:00``, or ``never``."""
    try:
        return text if text == "never" else time.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("phải ghi giờ:phút, ví dụ 16:00, hoặc never") from error


def cases(text: str) -> int:
    """A number from 1 to what the column holds."""
    if not text.isdecimal() or not 1 <= int(text) <= 32_767:
        raise ArgumentTypeError("phải là số nguyên từ 1 trở lên")
    return int(text)


class Command(BaseCommand):
    help = (
        "Đặt quy ước của tỉnh: --parameter tên=giá trị (bỏ giá trị để trở về mặc định), --source-policy, "
        "--approval, --report-by, --disagreement-cases. "
        "Không có --commit thì chỉ kiểm tra. Kết thúc: 0 tốt, 2 không đặt được."
    )

    def add_arguments(self, parser):
        parser.add_argument("--province", required=True, metavar="CODE", help="mã tỉnh")
        parser.add_argument("--rule-set", metavar="NAME", help="bộ tiêu chí")
        parser.add_argument("--source-policy", choices=SourcePolicy.values, help="khi nhiều nguồn khác nhau")
        parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE")
        parser.add_argument(
            "--approval",
            action=BooleanOptionalAction,
            default=None,
            help="bản công bố ghi “chưa duyệt” ở nơi số liệu chưa được duyệt",
        )
        parser.add_argument(
            "--report-by", type=hour, metavar="HH:MM", help="giờ nộp số liệu hằng ngày; never: không đặt giờ"
        )
        parser.add_argument(
            "--disagreement-cases",
            type=cases,
            metavar="N",
            help="các nguồn lệch nhau từ N ca F0 thì đưa cho người xem",
        )
        parser.add_argument("--commit", action="store_true", help="ghi; không có thì chỉ kiểm tra")

    def handle(self, *, province, rule_set, source_policy, parameter, commit, **options):
        own_say = {name: options[name] for name in ("approval", "report_by", "disagreement_cases")}
        try:
            area = find_province(province)
            with transaction.atomic():
                change = set_policy(
                    province=area,
                    rule_set=rule_set,
                    source_policy=SourcePolicy(source_policy) if source_policy else None,
                    parameters=read_parameters(parameter, province=area, rule_set=rule_set),
                    by=system_user(),
                    **own_say,
                )
                if not commit:
                    transaction.set_rollback(True)
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        policy = change.policy
        own = ", ".join(f"{name} = {value}" for name, value in sorted(policy.parameters.items()))
        self.stdout.write(
            f"{area}: {policy.rule_set}; {policy.get_source_policy_display()}; "
            f"{own or 'tham số theo bộ tiêu chí'}."
        )
        hour_words = (
            f"nộp số liệu trước {policy.report_by:%H:%M}" if policy.report_by else "không đặt giờ nộp"
        )
        self.stdout.write(
            f"{'Số liệu phải được duyệt' if policy.approval else 'Số liệu không cần duyệt'}; {hour_words}; "
            f"các nguồn lệch từ {policy.disagreement_cases} ca thì đưa cho người xem."
        )
        self.stdout.write(f"Thay đổi: {', '.join(change.changed) or 'không'}.")
        self.stdout.write("Đã ghi." if commit else "Mới kiểm tra, chưa ghi gì. Thêm --commit để ghi.")
