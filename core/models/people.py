"""People and what they are trusted with."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from core.enums import Role
from core.models.areas import Area, DateRange


class User(AbstractUser):
    """A person with an account; what they may do is in their grants, not here."""

    full_name = models.CharField(_("họ và tên"), max_length=120, blank=True)
    post = models.CharField(_("chức vụ"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")

    def __str__(self) -> str:
        return self.full_name or self.username


class Grant(models.Model):
    """A role over an area and all below it, from a day to a day. Ended, never deleted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="grants", verbose_name=_("người được giao")
    )
    role = models.CharField(_("vai trò"), max_length=20, choices=Role)
    area = models.ForeignKey(Area, models.RESTRICT, related_name="grants", verbose_name=_("địa bàn"))
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    granted_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("phân quyền")
        verbose_name_plural = _("phân quyền")
        indexes = [models.Index(fields=["user", "valid_from"], name="grant_user_from")]
        constraints = [
            ExclusionConstraint(
                name="grant_given_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("Người này đã được giao vai trò đó trên địa bàn này trong thời gian đó."),
            ),
            models.CheckConstraint(
                name="grant_from_not_after_to",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("Ngày kết thúc phải từ ngày bắt đầu trở đi."),
            ),
            models.CheckConstraint(
                name="grant_ended_at_with_ended_by",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                violation_error_message=_("Kết thúc phân quyền phải ghi người và thời điểm."),
            ),
            models.CheckConstraint(
                name="grant_role_is_known",
                condition=Q(role__in=Role.values),
                violation_error_message=_("Vai trò không hợp lệ."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.area}"
