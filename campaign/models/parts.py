"""What a plan lists besides its phases; others point to these rows by their codes."""

from __future__ import annotations

from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from campaign.enums import GroupKind, Recipient, ScoringFact, ScoringRole, SetBy
from campaign.models.campaigns import PLAIN_CODE, Campaign
from core.enums import AreaKind
from core.models.scoping import ScopedQuerySet


class PartQuerySet(ScopedQuerySet):
    area_lookup = "campaign__province"


class Part(models.Model):
    """One line of a list of the plan. ``place`` is its place in the list, from 1."""

    campaign = models.ForeignKey(Campaign, models.RESTRICT)
    code = models.CharField(_("mã"), max_length=30)
    place = models.PositiveSmallIntegerField(_("thứ tự"))

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["place"]


def _lines(noun: str) -> list[models.BaseConstraint]:
    """What holds for the lines of every list; ``noun`` begins the names."""
    return [
        models.UniqueConstraint(
            name=f"{noun}_code_once_per_campaign",
            fields=["campaign", "code"],
            violation_error_message=_("Danh sách này đã có dòng mang mã đó; xin ghi mã khác."),
        ),
        models.UniqueConstraint(
            name=f"{noun}_place_once_per_campaign",
            fields=["campaign", "place"],
            deferrable=Deferrable.DEFERRED,
            violation_error_message=_("Danh sách này đã có dòng ở thứ tự đó; xin ghi thứ tự khác."),
        ),
        models.CheckConstraint(
            name=f"{noun}_code_is_plain",
            condition=Q(code__regex=PLAIN_CODE),
            violation_error_message=_("Mã chỉ gồm chữ thường không dấu, chữ số và gạch nối."),
        ),
    ]


class TargetGroup(Part):
    """Those who compete with one another."""

    kind = models.CharField(_("loại"), max_length=20, choices=GroupKind)
    name = models.CharField(_("tên nhóm"), max_length=300)

    class Meta(Part.Meta):
        default_related_name = "target_groups"
        verbose_name = _("đối tượng thi đua")
        verbose_name_plural = _("đối tượng thi đua")
        constraints = [
            *_lines("group"),
            models.CheckConstraint(
                name="group_kind_is_known",
                condition=Q(kind__in=GroupKind.values),
                violation_error_message=_("Phải chọn một loại đối tượng trong danh sách."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def area_kind(self) -> AreaKind | None:
        """The tier of areas that competes here; ``None`` for organisations."""
        return GroupKind(self.kind).area_kind


class GreenCondition(Part):
    """What a green zone must have besides a green colour, to be recognised."""

    wording = models.CharField(_("điều kiện"), max_length=500)
    citation = models.CharField(_("căn cứ"), max_length=300, blank=True)

    class Meta(Part.Meta):
        default_related_name = "green_conditions"
        verbose_name = _("điều kiện vùng xanh")
        verbose_name_plural = _("điều kiện vùng xanh")
        constraints = _lines("condition")

    def __str__(self) -> str:
        return self.wording


class AwardGround(Part):
    """For what an award is given."""

    recipient = models.CharField(_("khen"), max_length=12, choices=Recipient)
    wording = models.CharField(_("thành tích"), max_length=500)
    award = models.CharField(_("hình thức khen"), max_length=300, blank=True)

    class Meta(Part.Meta):
        default_related_name = "award_grounds"
        verbose_name = _("tiêu chuẩn khen thưởng")
        verbose_name_plural = _("tiêu chuẩn khen thưởng")
        constraints = [
            *_lines("ground"),
            models.CheckConstraint(
                name="ground_recipient_is_known",
                condition=Q(recipient__in=Recipient.values),
                violation_error_message=_("Phải chọn khen tập thể hay cá nhân."),
            ),
        ]

    def __str__(self) -> str:
        return self.wording


class ScoringRule(Part):
    """One fact by which units are put in order, or that parts those who are equal; ``place`` says when."""

    fact = models.CharField(_("xếp theo"), max_length=30, choices=ScoringFact)
    role = models.CharField(_("dùng để"), max_length=10, choices=ScoringRole)
    wording = models.CharField(_("diễn giải"), max_length=300)
    set_by = models.CharField(_("do"), max_length=10, choices=SetBy)

    class Meta(Part.Meta):
        default_related_name = "scoring_rules"
        verbose_name = _("tiêu chí xếp hạng")
        verbose_name_plural = _("tiêu chí xếp hạng")
        constraints = [
            *_lines("scoring"),
            models.UniqueConstraint(
                name="scoring_fact_once_per_campaign",
                fields=["campaign", "fact"],
                violation_error_message=_("Tiêu chí này đã có trong thứ tự xếp hạng."),
            ),
            models.CheckConstraint(
                name="scoring_words_are_known",
                condition=Q(
                    fact__in=ScoringFact.values, role__in=ScoringRole.values, set_by__in=SetBy.values
                ),
                violation_error_message=_("Phải chọn tiêu chí, cách dùng và người đặt trong danh sách."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_fact_display()


class Duty(Part):
    """What the plan gives a department to do."""

    department = models.CharField(_("cơ quan"), max_length=300)
    wording = models.CharField(_("việc được giao"), max_length=500)

    class Meta(Part.Meta):
        default_related_name = "duties"
        verbose_name = _("việc được giao")
        verbose_name_plural = _("việc được giao")
        constraints = _lines("duty")

    def __str__(self) -> str:
        return f"{self.department}: {self.wording}"
