"""A unit's own diary: what it did, in words and photos."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.enums import DiaryStatus
from campaign.models.acts import acted, when, who
from campaign.models.campaigns import Campaign
from campaign.models.units import Unit
from core.models import StoredFile, User
from core.models.scoping import ScopedQuerySet, granted_paths
from core.permissions import Permission


class DiaryQuerySet(ScopedQuerySet):
    area_lookup = "unit__seat"

    def approved(self) -> DiaryQuerySet:
        return self.filter(status=DiaryStatus.APPROVED)

    def to_decide_by(self, user: User, *, on: date) -> DiaryQuerySet:
        """What waits for the word of ``user``: of a level below, and nothing of their own."""
        above = Q(pk__in=[])
        for path in granted_paths(user, Permission.CONFIRM_REGISTRATIONS, on=on):
            above |= Q(unit__seat__parent__path=path) | Q(unit__seat__parent__path__startswith=path + "/")
            above |= Q(unit__seat__parent__isnull=True, unit__seat__path=path)
        return self.filter(above, status=DiaryStatus.SUBMITTED).exclude(
            Q(submitted_by=user) | Q(created_by=user)
        )

    def with_places(self) -> DiaryQuerySet:
        """With all that a card shows; the photos without their bytes."""
        photos = DiaryPhoto.objects.select_related("file").defer("file__content")
        return self.select_related("campaign", "unit__seat__parent").prefetch_related(
            Prefetch("photos", photos.order_by("place"))
        )

    def newest_first(self) -> DiaryQuerySet:
        return self.order_by("-happened_on", "-pk")


class DiaryEntry(models.Model):
    """Something a unit did on a day. Public once the level above approved it; then it is changed no more.

    What should not have become public is taken down, for a reason, and stays here.
    """

    campaign = models.ForeignKey(Campaign, models.RESTRICT, related_name="diary")
    unit = models.ForeignKey(Unit, models.RESTRICT, related_name="diary", verbose_name=_("đơn vị"))
    happened_on = models.DateField(_("ngày"))
    title = models.CharField(_("tiêu đề"), max_length=150)
    text = models.TextField(_("nội dung"), max_length=4000)
    status = models.CharField(_("trạng thái"), max_length=10, choices=DiaryStatus, default=DiaryStatus.DRAFT)
    is_good_practice = models.BooleanField(_("cách làm hay"), default=False)  # said by who approves
    reason = models.CharField(_("lý do trả lại hoặc gỡ"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    submitted_at = when(_("gửi lúc"))
    submitted_by = who()
    decided_at = when(_("duyệt hoặc trả lại lúc"))
    decided_by = who()
    taken_down_at = when(_("gỡ lúc"))
    taken_down_by = who()

    objects = DiaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("nhật ký thi đua")
        verbose_name_plural = _("nhật ký thi đua")
        indexes = [models.Index(fields=["campaign", "status", "-happened_on"], name="diary_newest")]
        constraints = [
            models.CheckConstraint(
                name="diary_status_is_known",
                condition=Q(status__in=DiaryStatus.values),
                violation_error_message=_("Trạng thái nhật ký không hợp lệ."),
            ),
            models.CheckConstraint(
                name="diary_has_title_and_text",
                condition=~Q(title="") & ~Q(text=""),
                violation_error_message=_("Nhật ký phải có tiêu đề và nội dung."),
            ),
            acted("diary", "submitted"),
            acted("diary", "decided"),
            acted("diary", "taken_down"),
            models.CheckConstraint(
                name="diary_taken_down_as_its_status_says",
                condition=Q(status=DiaryStatus.TAKEN_DOWN, taken_down_at__isnull=False)
                | (~Q(status=DiaryStatus.TAKEN_DOWN) & Q(taken_down_at__isnull=True)),
                violation_error_message=_("Nhật ký đã gỡ phải ghi lúc gỡ; nhật ký chưa gỡ thì không."),
            ),
            models.CheckConstraint(
                name="diary_approved_by_a_second_person",
                condition=~Q(status__in=[DiaryStatus.APPROVED, DiaryStatus.TAKEN_DOWN])
                | (Q(decided_at__isnull=False) & ~Q(decided_by=models.F("submitted_by"))),
                violation_error_message=_("Người gửi nhật ký không tự duyệt được."),
            ),
            models.CheckConstraint(
                name="diary_good_practice_is_approved",
                condition=Q(is_good_practice=False) | Q(status=DiaryStatus.APPROVED),
                violation_error_message=_("Chỉ nhật ký đã duyệt mới được giới thiệu là cách làm hay."),
            ),
            models.CheckConstraint(
                name="diary_returned_for_a_reason",
                condition=~Q(status__in=[DiaryStatus.RETURNED, DiaryStatus.TAKEN_DOWN]) | ~Q(reason=""),
                violation_error_message=_("Trả lại hoặc gỡ nhật ký phải ghi lý do."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("campaign:diary_entry", args=[self.pk])


class DiaryPhoto(models.Model):
    """A photo of an entry, with the words for those who cannot see it."""

    entry = models.ForeignKey(DiaryEntry, models.RESTRICT, related_name="photos")
    file = models.OneToOneField(StoredFile, models.RESTRICT, related_name="+")
    place = models.PositiveSmallIntegerField()
    caption = models.CharField(_("chú thích ảnh"), max_length=200)

    class Meta:
        verbose_name = _("ảnh nhật ký")
        verbose_name_plural = _("ảnh nhật ký")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                name="diary_photo_place_once",
                fields=["entry", "place"],
                violation_error_message=_("Đã có ảnh ở thứ tự này."),
            ),
            models.CheckConstraint(
                name="diary_photo_has_a_caption",
                condition=~Q(caption=""),
                violation_error_message=_("Ảnh phải có chú thích, cho người không nhìn thấy ảnh."),
            ),
            models.CheckConstraint(
                name="diary_photos_are_few",
                condition=Q(place__range=(1, 6)),
                violation_error_message=_("Mỗi bài nhật ký có nhiều nhất 6 ảnh."),
            ),
        ]

    def __str__(self) -> str:
        return self.caption
