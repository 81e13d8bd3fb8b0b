"""People and what they are trusted with."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.enums import Role
from core.models.areas import Area, DateRange
from core.models.scoping import ScopedQuerySet
from core.vietnamese import fold, sort_key


class User(AbstractUser):
    """A person with an account; what they may do is in their grants, not here.

    Django's ``is_superuser`` and ``is_staff`` open nothing in this house.
    """

    full_name = models.CharField(_("họ và tên"), max_length=120, blank=True)
    post = models.CharField(_("chức vụ"), max_length=120, blank=True)
    password_is_temporary = models.BooleanField(_("mật khẩu tạm"), default=False)  # set by somebody else
    sort_key = models.CharField(max_length=600, editable=False, db_collation="C")
    search_text = models.CharField(max_length=400, editable=False)

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_name_once_in_any_case",
                violation_error_message=_("Đã có tài khoản mang tên này; xin chọn tên khác."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def save(self, *args, **kwargs) -> None:
        # People are put in order by their own name, the last word, then by family and middle names.
        words = str(self).split()
        self.sort_key = sort_key(" ".join(words[-1:] + words[:-1]))
        self.search_text = fold(f"{self.full_name} {self.username} {self.post}")
        super().save(*args, **kwargs)


class GrantQuerySet(ScopedQuerySet):
    def active_on(self, day: date) -> GrantQuerySet:
        """Grants that hold on ``day``; one that was ended holds no longer from the day of its end."""
        day_after = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
            Q(ended_at__isnull=True) | Q(ended_at__gte=day_after),
            valid_from__lte=day,
        )


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
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

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
                violation_error_message=_(
                    "Người này đã được giao vai trò đó trên địa bàn này trong thời gian đó."
                ),
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
