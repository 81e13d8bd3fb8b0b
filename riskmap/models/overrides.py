"""What Sở Y tế decides otherwise than the rule computes."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.models import Area
from core.models.areas import DateRange
from core.models.scoping import ScopedQuerySet
from riskmap.enums import RiskLevel

#: The levels that can be decided: all that the decision knows.
DECIDABLE = [(level.value, level.label) for level in RiskLevel if level != RiskLevel.NO_DATA]


class LevelOverride(models.Model):
    """A level decided for an area, from ``since`` to ``until``, both included: it stands in for the rule's.

    It acts from its confirmation by a second person on. One that is ended early holds to ``ended_on``; the
    day before ``since`` means that it never held.
    """

    area = models.ForeignKey(Area, models.RESTRICT, related_name="level_overrides", verbose_name=_("đơn vị"))
    level = models.PositiveSmallIntegerField(_("mức được quyết định"), choices=DECIDABLE)
    since = models.DateField(_("từ ngày"))
    until = models.DateField(_("đến hết ngày"))
    reason = models.CharField(_("lý do"), max_length=500)
    document = models.CharField(_("số văn bản"), max_length=200)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+"
    )
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+"
    )
    refusal = models.CharField(_("lý do không xác nhận"), max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+"
    )
    ended_on = models.DateField(_("ngày cuối còn hiệu lực"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("mức được quyết định")
        verbose_name_plural = _("mức được quyết định")
        constraints = [
            models.CheckConstraint(
                name="override_since_not_after_until",
                condition=Q(until__gte=F("since")),
                violation_error_message=_("Ngày kết thúc phải từ ngày bắt đầu trở đi."),
            ),
            models.CheckConstraint(
                name="override_level_is_known",
                condition=Q(level__in=[level for level, _label in DECIDABLE]),
                violation_error_message=_("Phải quyết định một trong bốn mức độ nguy cơ."),
            ),
            models.CheckConstraint(
                name="override_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Phải ghi lý do quyết định."),
            ),
            models.CheckConstraint(
                name="override_has_a_document",
                condition=~Q(document=""),
                violation_error_message=_("Phải ghi số văn bản làm căn cứ."),
            ),
            models.CheckConstraint(
                name="override_confirmed_by_a_second_person",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | (
                    Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                    & ~Q(confirmed_by=F("decided_by"))
                ),
                violation_error_message=_("Người xác nhận phải khác người quyết định."),
            ),
            models.CheckConstraint(
                name="override_refused_by_a_second_person_who_says_why",
                condition=Q(refused_at__isnull=True, refused_by__isnull=True, refusal="")
                | (
                    Q(refused_at__isnull=False, refused_by__isnull=False)
                    & ~Q(refusal="")
                    & ~Q(refused_by=F("decided_by"))
                ),
                violation_error_message=_(
                    "Người không xác nhận phải khác người quyết định và phải ghi lý do."
                ),
            ),
            models.CheckConstraint(
                name="override_confirmed_or_refused_not_both",
                condition=Q(confirmed_at__isnull=True) | Q(refused_at__isnull=True),
                violation_error_message=_("Một quyết định được xác nhận hoặc không, không thể cả hai."),
            ),
            models.CheckConstraint(
                name="override_ended_on_one_of_its_days",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_on__isnull=True)
                | Q(
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                    ended_on__gte=F("since") - timedelta(days=1),
                    ended_on__lte=F("until"),
                ),
                violation_error_message=_(
                    "Ngày cuối còn hiệu lực phải trong thời hạn của quyết định, hoặc ngay trước ngày bắt đầu."
                ),
            ),
            models.CheckConstraint(
                name="override_ended_only_when_confirmed",
                condition=Q(ended_at__isnull=True) | Q(confirmed_at__isnull=False),
                violation_error_message=_("Chỉ kết thúc sớm quyết định đã được xác nhận."),
            ),
            ExclusionConstraint(
                name="override_decided_once_at_a_time",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    (
                        DateRange("since", Coalesce("ended_on", "until"), Value("[]")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(refused_at__isnull=True)
                & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("since"))),
                violation_error_message=_("Đơn vị này đã có mức được quyết định trong thời gian đó."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.get_level_display()}"

    @property
    def last_day(self) -> date:
        """The last day it holds: as decided, or as it was ended early."""
        return self.ended_on or self.until
