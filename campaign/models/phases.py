"""Phases of a campaign, and the instants by which dossiers are due."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from campaign.enums import SetBy
from campaign.models.campaigns import PLAIN_CODE, Campaign
from core.models.areas import DateRange
from core.models.scoping import ScopedQuerySet
from riskmap.models import GuardedPeriod

DAYS_REVERSED = _("Đợt thi đua phải kết thúc sau ngày bắt đầu; xin xem lại hai ngày.")


class LocalMidnight(Func):
    """The instant at which a day begins in Vietnam, or, with ``ends=True``, at which it is over."""

    output_field = models.DateTimeField()

    def __init__(self, day: str | F, *, ends: bool = False) -> None:
        super().__init__(day)
        self.template = f"((%(expressions)s + {int(ends)})::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')"


class PhaseQuerySet(ScopedQuerySet):
    area_lookup = "campaign__province"


class Phase(models.Model):
    """Days of a campaign, both ends included. Two phases may share the one day on which they meet.

    ``dossier_deadline`` is exclusive: what arrives at that very instant is late. None: not set yet.
    """

    campaign = models.ForeignKey(
        Campaign, models.RESTRICT, related_name="phases", verbose_name=_("phong trào")
    )
    code = models.CharField(_("mã"), max_length=30)
    number = models.PositiveSmallIntegerField(_("đợt thứ"))
    name = models.CharField(_("tên"), max_length=60)
    first_day = models.DateField(_("từ ngày"))
    first_day_set_by = models.CharField(_("ngày bắt đầu là do"), max_length=10, choices=SetBy)
    first_day_note = models.CharField(_("ghi chú về ngày bắt đầu"), max_length=300, blank=True)
    last_day = models.DateField(_("đến hết ngày"))
    review_date = models.DateField(_("ngày sơ kết"), null=True, blank=True)
    dossier_deadline = models.DateTimeField(_("hạn gửi hồ sơ, trước lúc"), null=True, blank=True)
    deadline_wording = models.CharField(_("hạn gửi hồ sơ, theo văn bản"), max_length=200, blank=True)
    deadline_set_by = models.CharField(_("hạn gửi hồ sơ là do"), max_length=10, choices=SetBy)
    guarded = models.OneToOneField(  # by which a correction that moves a colour of its days waits
        GuardedPeriod, models.RESTRICT, null=True, blank=True, editable=False, related_name="phase"
    )

    objects = PhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt thi đua")
        verbose_name_plural = _("đợt thi đua")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="phase_code_once_per_campaign",
                fields=["campaign", "code"],
                violation_error_message=_("Phong trào đã có đợt mang mã này."),
            ),
            models.UniqueConstraint(
                name="phase_number_once_per_campaign",
                fields=["campaign", "number"],
                deferrable=Deferrable.DEFERRED,
                violation_error_message=_("Phong trào đã có đợt mang số này; xin ghi số khác."),
            ),
            models.CheckConstraint(
                name="phase_code_is_plain",
                condition=Q(code__regex=PLAIN_CODE),
                violation_error_message=_("Mã đợt chỉ gồm chữ thường không dấu, chữ số và gạch nối."),
            ),
            models.CheckConstraint(
                name="phase_ends_after_it_begins",
                condition=Q(last_day__gt=F("first_day")),
                violation_error_message=DAYS_REVERSED,
            ),
            ExclusionConstraint(
                name="phases_share_at_most_the_day_they_meet",
                expressions=[
                    ("campaign", RangeOperators.EQUAL),
                    (DateRange("first_day", "last_day", Value("[)")), RangeOperators.OVERLAPS),
                ],
                deferrable=Deferrable.DEFERRED,
                violation_error_message=_(
                    "Hai đợt chỉ được chung nhau một ngày: ngày cuối của đợt trước là ngày đầu của đợt sau. "
                    "Xin xem lại ngày của các đợt."
                ),
            ),
            models.CheckConstraint(
                name="phase_review_not_before_it_begins",
                condition=Q(review_date__isnull=True) | Q(review_date__gte=F("first_day")),
                violation_error_message=_("Ngày sơ kết phải từ ngày bắt đầu đợt trở đi."),
            ),
            models.CheckConstraint(
                name="phase_deadline_with_its_wording",
                condition=Q(dossier_deadline__isnull=True, deadline_wording="")
                | (Q(dossier_deadline__isnull=False) & ~Q(deadline_wording="")),
                violation_error_message=_(
                    "Hạn gửi hồ sơ phải có cả thời điểm và câu chữ, ví dụ “trước ngày 08/9/2021”."
                ),
            ),
            models.CheckConstraint(
                name="phase_deadline_of_the_plan_is_given",
                condition=Q(dossier_deadline__isnull=False) | Q(deadline_set_by=SetBy.OFFICE),
                violation_error_message=_(
                    "Kế hoạch ghi hạn gửi hồ sơ thì phải nhập hạn; kế hoạch không ghi thì chọn Sở Nội vụ đặt."
                ),
            ),
            models.CheckConstraint(
                name="phase_deadline_after_it_begins",
                condition=Q(dossier_deadline__isnull=True)
                | Q(dossier_deadline__gt=LocalMidnight(F("first_day"))),
                violation_error_message=_("Hạn gửi hồ sơ phải sau khi đợt bắt đầu; xin xem lại ngày, năm."),
            ),
            models.CheckConstraint(
                name="phase_deadline_not_after_its_review",
                condition=Q(dossier_deadline__isnull=True)
                | Q(review_date__isnull=True)
                | Q(dossier_deadline__lte=LocalMidnight(F("review_date"), ends=True)),
                violation_error_message=_("Hạn gửi hồ sơ không được sau ngày sơ kết."),
            ),
            models.CheckConstraint(
                name="phase_says_who_set_its_dates",
                condition=Q(first_day_set_by__in=SetBy.values, deadline_set_by__in=SetBy.values),
                violation_error_message=_("Phải ghi ngày và hạn là do kế hoạch ghi hay do Sở Nội vụ đặt."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def holds(self, day: date) -> bool:
        """Whether the day counts for this phase."""
        return self.first_day <= day <= self.last_day
