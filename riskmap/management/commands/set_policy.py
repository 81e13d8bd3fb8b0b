"""Set how a province is read: its parameters of the rule set, and which source wins."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.errors import DomainError
from core.finding import find_province
from core.people import system_user
from riskmap.enums import SourcePolicy
from riskmap.policies import read_parameters, set_policy


class Command(BaseCommand):
    help = (
        "Đặt quy ước của tỉnh: --parameter tên=giá trị (bỏ giá trị để trở về mặc định), --source-policy. "
        "Không có --commit thì chỉ kiểm tra. Kết thúc: 0 tốt, 2 không đặt được."
    )

    def add_arguments(self, parser):
        parser.add_argument("--province", required=True, metavar="CODE", help="mã tỉnh")
        parser.add_argument("--rule-set", metavar="NAME", help="bộ tiêu chí")
        parser.add_argument("--source-policy", choices=SourcePolicy.values, help="khi nhiều nguồn khác nhau")
        parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE")
        parser.add_argument("--commit", action="store_true", help="ghi; không có thì chỉ kiểm tra")

    def handle(self, *, province, rule_set, source_policy, parameter, commit, **options):
        try:
            area = find_province(province)
            with transaction.atomic():
                change = set_policy(
                    province=area,
                    rule_set=rule_set,
                    source_policy=SourcePolicy(source_policy) if source_policy else None,
                    parameters=read_parameters(parameter, province=area, rule_set=rule_set),
                    by=system_user(),
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
        self.stdout.write(f"Thay đổi: {', '.join(change.changed) or 'không'}.")
        self.stdout.write("Đã ghi." if commit else "Mới kiểm tra, chưa ghi gì. Thêm --commit để ghi.")
