"""What is declared rather than counted, and how a province reads its counts."""

from datetime import date, time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Area
from core.models.scoping import ScopedQuerySet
from riskmap.enums import FactKind, SourcePolicy


class ProvincePolicy(models.Model):
    """The rule set a province is assessed by, its parameters, and how its sources are weighed.

    ``parameters`` may set the parameters that the rule set itself leaves to the province (the size of a
    cluster, a holding time …); anything else is refused when the rule set is read.
    """

    province = models.OneToOneField(Area, models.RESTRICT, related_name="policy", verbose_name=_("tỉnh"))
    rule_set = models.CharField(_("bộ tiêu chí"), max_length=40, default="qd_2686_2021")
    source_policy = models.CharField(
        _("khi nhiều nguồn khác nhau"), max_length=10, choices=SourcePolicy, default=SourcePolicy.LARGEST
    )
    parameters = models.JSONField(_("tham số của tỉnh"), default=dict, blank=True)
    simulated = models.BooleanField(_("số liệu mô phỏng"), default=False)
    publish_at = models.TimeField(_("giờ công bố hằng ngày"), null=True, blank=True, default=time(17))

    report_by = models.TimeField(
        _("giờ nộp số liệu hằng ngày"), null=True, blank=True, default=time(16), db_default=time(16)
    )
    approval = models.BooleanField(_("số liệu phải được duyệt"), default=True, db_default=True)
    # Two sources this many F0 apart, or more, are put before a person.
    disagreement_cases = models.PositiveSmallIntegerField(
        _("ngưỡng lệch giữa các nguồn"), default=3, db_default=3
    )

    class Meta:
        verbose_name = _("quy ước của tỉnh")
        verbose_name_plural = _("quy ước của tỉnh")
        constraints = [
            models.CheckConstraint(
                name="policy_source_policy_is_known",
                condition=Q(source_policy__in=SourcePolicy.values),
                violation_error_message=_("Cách chọn nguồn không hợp lệ."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.province)


class DeclaredFact(models.Model):
    """A fact the rule needs and no number tells; it holds from ``since`` to ``until``, both included.

    It acts from its declaration on, confirmed by a second person or not yet: it can only raise a level. One
    that is refused acts no longer. One that is ended early holds to ``ended_on``; the day before ``since``
    means that it never held.
    """

    area = models.ForeignKey(Area, models.RESTRICT, related_name="declared_facts", verbose_name=_("đơn vị"))
    kind = models.CharField(_("nội dung"), max_length=40, choices=FactKind)
    since = models.DateField(_("từ ngày"))
    until = models.DateField(_("đến hết ngày"), null=True, blank=True)
    document = models.CharField(_("số văn bản"), max_length=200)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
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
        verbose_name = _("yếu tố dịch tễ được khai báo")
        verbose_name_plural = _("yếu tố dịch tễ được khai báo")
        constraints = [
            models.CheckConstraint(
                name="fact_since_not_after_until",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message=_("Ngày kết thúc phải từ ngày bắt đầu trở đi."),
            ),
            models.CheckConstraint(
                name="fact_has_a_document",
                condition=~Q(document=""),
                violation_error_message=_("Phải ghi số văn bản làm căn cứ."),
            ),
            models.CheckConstraint(
                name="fact_kind_is_known",
                condition=Q(kind__in=FactKind.values),
                violation_error_message=_("Nội dung khai báo không hợp lệ."),
            ),
            models.CheckConstraint(
                name="fact_confirmed_by_a_second_person",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | (
                    Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                    & ~Q(confirmed_by=F("declared_by"))
                ),
                violation_error_message=_("Người xác nhận phải khác người khai báo."),
            ),
            models.CheckConstraint(
                name="fact_refused_by_a_second_person_who_says_why",
                condition=Q(refused_at__isnull=True, refused_by__isnull=True, refusal="")
                | (
                    Q(refused_at__isnull=False, refused_by__isnull=False)
                    & ~Q(refusal="")
                    & ~Q(refused_by=F("declared_by"))
                ),
                violation_error_message=_("Người không xác nhận phải khác người khai báo và phải ghi lý do."),
            ),
            models.CheckConstraint(
                name="fact_confirmed_or_refused_not_both",
                condition=Q(confirmed_at__isnull=True) | Q(refused_at__isnull=True),
                violation_error_message=_("Một khai báo được xác nhận hoặc không, không thể cả hai."),
            ),
            models.CheckConstraint(
                name="fact_ended_on_one_of_its_days",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_on__isnull=True)
                | Q(
                    Q(until__isnull=True) | Q(ended_on__lte=F("until")),
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                    ended_on__gte=F("since") - timedelta(days=1),
                ),
                violation_error_message=_(
                    "Ngày cuối còn hiệu lực phải trong thời hạn đã khai báo, hoặc ngay trước ngày bắt đầu."
                ),
            ),
            models.CheckConstraint(
                name="fact_ended_only_when_confirmed",
                condition=Q(ended_at__isnull=True) | Q(confirmed_at__isnull=False),
                violation_error_message=_("Chỉ kết thúc yếu tố đã được xác nhận."),
            ),
            models.UniqueConstraint(
                name="fact_declared_once",
                fields=["area", "kind", "since"],
                condition=Q(refused_at__isnull=True)
                & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("since"))),
                violation_error_message=_("Yếu tố này đã được khai báo từ ngày đó."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.get_kind_display()}"

    @property
    def last_day(self) -> date | None:
        """The last day it holds: as declared, or as it was ended; ``None`` when no end is known."""
        return self.ended_on or self.until
