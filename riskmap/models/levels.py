"""Levels as spans of days, and what they rest on."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Area, PublicAsset
from riskmap.enums import RiskLevel


class Grounds(models.Model):
    """A combination of criteria of a rule set, met together. A small dictionary for ``LevelSpan``."""

    rule_set = models.CharField(_("bộ tiêu chí"), max_length=40)
    criteria = ArrayField(models.CharField(max_length=20), verbose_name=_("tiêu chí"))

    class Meta:
        verbose_name = _("căn cứ")
        verbose_name_plural = _("căn cứ")
        constraints = [
            models.UniqueConstraint(
                name="grounds_once",
                fields=["rule_set", "criteria"],
                violation_error_message=_("Tổ hợp tiêu chí này đã có."),
            ),
        ]

    def __str__(self) -> str:
        return " ".join(self.criteria)


class LevelSpan(models.Model):
    """An area's level over consecutive days, with one set of grounds. Derived: replayable from the ledger.

    ``last_day`` is ``OPEN`` for the span that goes on. Spans of an area never overlap and every span's
    area and grounds exist; a statement trigger refuses otherwise (row by row, foreign keys and a GiST
    exclusion would cost more than the recomputation itself: docs/adr/0003).
    """

    OPEN = date(9999, 12, 30)

    pk = models.CompositePrimaryKey("area_id", "first_day")
    # Read by area and day through the primary key alone: any further index would double the cost of
    # writing, and with none on ``last_day`` a span grows in place.
    area = models.ForeignKey(
        Area, models.DO_NOTHING, related_name="level_spans", db_constraint=False, db_index=False
    )
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến hết ngày"))
    level = models.PositiveSmallIntegerField(_("mức độ nguy cơ"), choices=RiskLevel)
    provisional = models.BooleanField(_("tạm tính, do thiếu báo cáo"))
    grounds = models.ForeignKey(
        Grounds, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        verbose_name = _("khoảng mức độ nguy cơ")
        verbose_name_plural = _("khoảng mức độ nguy cơ")
        constraints = [
            models.CheckConstraint(
                name="span_first_day_not_after_last",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("Ngày cuối phải từ ngày đầu trở đi."),
            ),
            models.CheckConstraint(
                name="span_level_is_known",
                condition=Q(level__in=RiskLevel.values),
                violation_error_message=_("Mức độ nguy cơ không hợp lệ."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.first_day:%d/%m/%Y} {RiskLevel(self.level).key}"


class Assessment(models.Model):
    """How far the levels of a province are known, and the public bytes made of them.

    ``known_through`` is the last day the open spans are right for without computing again: today where
    reports come in, ``LevelSpan.OPEN`` where nothing can change any more unless something new is reported.
    ``version`` grows with each change; ``frames`` were drawn from ``frames_version``.
    """

    province = models.OneToOneField(Area, models.RESTRICT, primary_key=True, related_name="assessment")
    rule_set = models.CharField(_("bộ tiêu chí"), max_length=40)
    first_day = models.DateField(_("ngày báo cáo đầu tiên"))
    last_reported_day = models.DateField(_("ngày báo cáo gần nhất"))
    known_through = models.DateField()
    version = models.PositiveBigIntegerField()
    computed_at = models.DateTimeField(_("tính lúc"))
    frames = models.ForeignKey(PublicAsset, models.RESTRICT, null=True, related_name="+")
    frames_version = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("lần tính mức độ nguy cơ")
        verbose_name_plural = _("lần tính mức độ nguy cơ")
        constraints = [
            models.CheckConstraint(
                name="assessment_days_in_order",
                condition=Q(first_day__lte=F("last_reported_day")),
                violation_error_message=_("Ngày báo cáo đầu tiên phải trước ngày gần nhất."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.version}"
