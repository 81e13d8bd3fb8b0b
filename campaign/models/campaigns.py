"""A campaign: the plan under which the units of a province compete."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.enums import AwardLaw
from core.models import Area
from core.models.scoping import ProvinceScopedQuerySet

PLAIN_CODE = r"^[a-z0-9][a-z0-9-]*$"


class CampaignQuerySet(ProvinceScopedQuerySet):
    """Plans are public; ``for_user`` narrows them to those a person may change."""

    def newest_first(self) -> CampaignQuerySet:
        return self.order_by("province__sort_key", F("launched_on").desc(nulls_last=True), "-created_at")


class Campaign(models.Model):
    """A plan as issued. What the paper does not say is empty here, and ``source_note`` says why.

    Its parts are rows with codes that stay: phases, target groups, green-zone conditions, award grounds, the
    order of scoring and the duties of departments.
    """

    province = models.ForeignKey(Area, models.RESTRICT, related_name="campaigns", verbose_name=_("tỉnh"))
    slug = models.CharField(_("mã trong địa chỉ"), max_length=60)
    title = models.CharField(_("tên đầy đủ"), max_length=300)
    short_title = models.CharField(_("tên ngắn"), max_length=80)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=200)
    number = models.CharField(_("số, ký hiệu"), max_length=60, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    launched_on = models.DateField(_("ngày phát động"), null=True, blank=True)
    purpose = models.TextField(_("mục đích"), max_length=3000)
    target = models.CharField(_("mục tiêu"), max_length=300, blank=True)
    target_day = models.DateField(_("ngày đạt mục tiêu"), null=True, blank=True)
    legal_basis = ArrayField(
        models.CharField(max_length=300), verbose_name=_("căn cứ"), default=list, blank=True
    )
    rule_set = models.CharField(_("bộ tiêu chí mức độ nguy cơ"), max_length=60)
    registration_required = models.BooleanField(_("chỉ xếp hạng đơn vị đã đăng ký"), default=True)
    register_by = models.DateField(_("hạn đăng ký"), null=True, blank=True)  # the last day that is in time
    award_law = models.CharField(
        _("pháp luật về khen thưởng"), max_length=40, choices=AwardLaw, default=AwardLaw.DECREE_91_2017
    )
    dossier_recipient = models.CharField(_("nơi nhận hồ sơ"), max_length=200, blank=True)
    source_note = models.TextField(_("ghi chú về nguồn"), max_length=1000, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("phong trào thi đua")
        verbose_name_plural = _("phong trào thi đua")
        constraints = [
            models.UniqueConstraint(
                name="campaign_slug_once",
                fields=["slug"],
                violation_error_message=_(
                    "Đã có phong trào dùng mã này trong địa chỉ; xin chọn mã khác, ví dụ thêm năm."
                ),
            ),
            models.UniqueConstraint(
                name="campaign_number_once_per_province",
                fields=["province", "number"],
                condition=~Q(number=""),
                violation_error_message=_("Tỉnh đã có phong trào theo kế hoạch mang số này."),
            ),
            models.CheckConstraint(
                name="campaign_slug_is_plain",
                condition=Q(slug__regex=PLAIN_CODE),
                violation_error_message=_(
                    "Mã trong địa chỉ chỉ gồm chữ thường không dấu, chữ số, gạch nối; ví dụ ninh-thuan-2021."
                ),
            ),
            models.CheckConstraint(
                name="campaign_has_its_names",
                condition=~Q(title="") & ~Q(short_title="") & ~Q(issuer="") & ~Q(purpose=""),
                violation_error_message=_(
                    "Phong trào phải có tên đầy đủ, tên ngắn, cơ quan ban hành và mục đích."
                ),
            ),
            models.CheckConstraint(
                name="campaign_award_law_is_known",
                condition=Q(award_law__in=AwardLaw.values),
                violation_error_message=_("Phải chọn pháp luật về khen thưởng trong danh sách."),
            ),
            models.CheckConstraint(
                name="campaign_target_day_has_its_target",
                condition=Q(target_day__isnull=True) | ~Q(target=""),
                violation_error_message=_("Ngày đạt mục tiêu phải có mục tiêu đi kèm."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_title

    def get_absolute_url(self) -> str:
        return reverse("campaign:campaign", args=[self.slug])
