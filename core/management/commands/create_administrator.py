"""The first administrator of a province: ``manage.py create_administrator USERNAME --province CODE``."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from core import people
from core.audit import acting
from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area, User


class Command(BaseCommand):
    help = (
        "Makes an administrator of a province, who then opens accounts and gives grants on the pages. A new "
        "account gets a temporary password, printed once. Running it again for the same person is refused."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--province", required=True, metavar="CODE")
        parser.add_argument("--full-name", default="")
        parser.add_argument("--post", default="")

    def handle(self, *, username, province, full_name, post, **options):
        now = timezone.now()
        area = (
            Area.objects.of_kind(AreaKind.PROVINCE)
            .valid_on(timezone.localdate(now))
            .filter(code=province)
            .first()
        )
        if area is None:
            raise CommandError(
                _("Không có tỉnh mã “%(code)s” đang có hiệu lực; xin nhập danh mục trước (import_areas).")
                % {"code": province},
                returncode=2,
            )
        try:
            with acting(by=people.system_user(), reason="Cử quản trị từ dòng lệnh"):
                user, password = User.objects.filter(username=username).first(), ""
                if user is None:
                    user, password = people.open_account(
                        username=username, full_name=full_name, post=post, by=people.system_user(), at=now
                    )
                people.appoint_administrator(user=user, area=area, at=now)
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self.stdout.write(_("%(user)s là quản trị của %(area)s.") % {"user": user, "area": area})
        if password:
            self.stdout.write(
                _("Mật khẩu tạm, đổi khi đăng nhập lần đầu: %(password)s") % {"password": password}
            )
