"""The ledger of counts, and the value now in force."""

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.enums import AreaKind
from core.models import Area
from riskmap.models.imports import ImportBatch


class CountSource(models.Model):
    """Who reports the counts of a province: the district, the CDC's file, the national map …"""

    province = models.ForeignKey(Area, models.RESTRICT, related_name="count_sources", verbose_name=_("tỉnh"))
    name = models.CharField(_("tên nguồn"), max_length=60)
    rank = models.PositiveSmallIntegerField(_("thứ tự ưu tiên"))  # 1 is asked first

    class Meta:
        verbose_name = _("nguồn số liệu")
        verbose_name_plural = _("nguồn số liệu")
        constraints = [
            models.UniqueConstraint(
                name="source_name_once_per_province",
                fields=["province", "name"],
                violation_error_message=_("Tỉnh đã có nguồn số liệu mang tên này."),
            ),
            models.UniqueConstraint(
                name="source_rank_once_per_province",
                fields=["province", "rank"],
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Hai nguồn của một tỉnh không cùng thứ tự ưu tiên."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CountPost(models.Model):
    """One posting of counts: who, when, from which source and file, and why."""

    province = models.ForeignKey(Area, models.RESTRICT, related_name="count_posts")
    source = models.ForeignKey(CountSource, models.RESTRICT, related_name="posts", verbose_name=_("nguồn"))
    batch = models.OneToOneField(ImportBatch, models.RESTRICT, null=True, blank=True, related_name="post")
    reason = models.CharField(_("lý do"), max_length=300)
    document = models.CharField(_("số văn bản"), max_length=200, blank=True, db_default="")
    posted_at = models.DateTimeField(_("ghi lúc"))
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("lần ghi số ca")
        verbose_name_plural = _("lần ghi số ca")
        constraints = [
            models.CheckConstraint(
                name="post_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Mỗi lần ghi số ca phải nêu lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.posted_at:%d/%m/%Y %H:%M}"


class Counts(models.Model):
    """New cases of one area and day by how they were found; null where the source does not say."""

    unclassified = models.PositiveIntegerField(_("F0 chưa phân loại"), null=True)
    unknown_source = models.PositiveIntegerField(_("F0 cộng đồng chưa rõ nguồn lây"), null=True)
    known_source = models.PositiveIntegerField(_("F0 cộng đồng rõ nguồn lây"), null=True)
    isolated = models.PositiveIntegerField(_("F0 trong khu cách ly, phong tỏa, sàng lọc"), null=True)
    close_contacts = models.PositiveIntegerField(_("F1 trong cộng đồng"), null=True)
    tests = models.PositiveIntegerField(_("người được xét nghiệm"), null=True)
    suspected = models.PositiveIntegerField(_("ca nghi ngờ"), null=True)

    class Meta:
        abstract = True


class CountEntry(Counts):
    """A row of the ledger: what a source said of an area and day. Never changed, never deleted.

    A correction is a later row of the same source; a ``withdrawn`` one takes back all it had said. A trigger
    refuses UPDATE, DELETE and TRUNCATE.
    """

    # No foreign keys row by row: half the cost of a large file. One trigger per statement keeps more than
    # they would (migration 0003): the source is the post's own, the area lies in the post's province, and
    # none of the three can be deleted. Indexes of their own would repeat the two below.
    post = models.ForeignKey(
        CountPost, models.RESTRICT, related_name="entries", db_index=False, db_constraint=False
    )
    area = models.ForeignKey(
        Area,
        models.RESTRICT,
        related_name="count_entries",
        verbose_name=_("đơn vị"),
        db_index=False,
        db_constraint=False,
    )
    source = models.ForeignKey(
        CountSource, models.RESTRICT, related_name="entries", db_index=False, db_constraint=False
    )
    day = models.DateField(_("ngày"))
    withdrawn = models.BooleanField(_("rút lại"), db_default=False)

    class Meta:
        verbose_name = _("bút toán số ca")
        verbose_name_plural = _("bút toán số ca")
        indexes = [models.Index(fields=["area", "day", "source", "-id"], name="entry_latest_of_source")]
        constraints = [
            models.UniqueConstraint(
                name="entry_area_and_day_once_in_a_post",
                fields=["post", "area", "day"],
                violation_error_message=_("Một đơn vị, một ngày chỉ ghi một lần trong mỗi lần ghi."),
            ),
            models.CheckConstraint(
                name="entry_says_something",
                condition=Q(
                    withdrawn=True,
                    unclassified__isnull=True,
                    unknown_source__isnull=True,
                    known_source__isnull=True,
                    isolated__isnull=True,
                    close_contacts__isnull=True,
                    tests__isnull=True,
                    suspected__isnull=True,
                )
                | (
                    Q(withdrawn=False)
                    & (
                        Q(unclassified__isnull=False)
                        | Q(unknown_source__isnull=False)
                        | Q(known_source__isnull=False)
                        | Q(isolated__isnull=False)
                        | Q(close_contacts__isnull=False)
                        | Q(tests__isnull=False)
                        | Q(suspected__isnull=False)
                    )
                ),
                violation_error_message=_("Phải có ít nhất một con số; không có ca thì ghi 0."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.day:%d/%m/%Y}"


class ReportCoverage(models.Model):
    """A source said its counts are complete: an area and day of these without a row is a report of zero.

    One row stands for many zeros, so that a quiet nation costs nothing. Part of the ledger: append-only.
    """

    post = models.ForeignKey(CountPost, models.RESTRICT, related_name="coverages")
    source = models.ForeignKey(CountSource, models.RESTRICT, related_name="coverages")
    scope = models.ForeignKey(
        Area, models.RESTRICT, related_name="report_coverages", verbose_name=_("địa bàn")
    )
    kind = models.CharField(max_length=10, choices=AreaKind, default=AreaKind.COMMUNE)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến hết ngày"))

    class Meta:
        verbose_name = _("khoảng báo cáo đầy đủ")
        verbose_name_plural = _("khoảng báo cáo đầy đủ")
        indexes = [models.Index(fields=["scope", "last_day"], name="coverage_scope_to")]
        constraints = [
            models.CheckConstraint(
                name="coverage_first_day_not_after_last",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("Ngày cuối phải từ ngày đầu trở đi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.first_day:%d/%m/%Y}–{self.last_day:%d/%m/%Y}"


class SourceChoice(models.Model):
    """A person's choice of the source that counts for an area and day, against the province's policy.

    Part of the ledger: append-only, the latest holds; a ``source`` of null goes back to the policy.
    """

    post = models.ForeignKey(CountPost, models.RESTRICT, related_name="choices")
    area = models.ForeignKey(Area, models.RESTRICT, related_name="source_choices", verbose_name=_("đơn vị"))
    day = models.DateField(_("ngày"))
    source = models.ForeignKey(
        CountSource, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("nguồn")
    )

    class Meta:
        verbose_name = _("chọn nguồn số liệu")
        verbose_name_plural = _("chọn nguồn số liệu")
        indexes = [models.Index(fields=["area", "day", "-id"], name="choice_latest_of_cell")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.day:%d/%m/%Y}"


class DailyCount(Counts):
    """The counts in force for an area and day, chosen among the sources by the province's policy.

    Derived from the ledger and replaceable from it. Days that no source wrote a row for are absent:
    a zero there comes from ``ReportCoverage``, a missing report from nothing.
    """

    pk = models.CompositePrimaryKey("area_id", "day")
    area = models.ForeignKey(
        Area,
        models.RESTRICT,
        related_name="daily_counts",
        verbose_name=_("đơn vị"),
        db_index=False,
        db_constraint=False,  # as its entries have, which stay for ever
    )
    day = models.DateField(_("ngày"))
    entry = models.ForeignKey(  # null: a source's silent zero
        CountEntry, models.RESTRICT, null=True, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        verbose_name = _("số ca trong ngày")
        verbose_name_plural = _("số ca trong ngày")
        indexes = [models.Index(fields=["day"], name="daily_count_day")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.day:%d/%m/%Y}"


class StaleMark(models.Model):
    """From this day on, the levels of the province may be out of date. Cleared by the recomputation."""

    province = models.ForeignKey(Area, models.RESTRICT, related_name="stale_marks", db_index=False)
    since = models.DateField()
    cause = models.CharField(max_length=60)
    created_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        verbose_name = _("dấu cần tính lại")
        verbose_name_plural = _("dấu cần tính lại")
        indexes = [models.Index(fields=["province", "since"], name="stale_province_since")]

    def __str__(self) -> str:
        return f"{self.province} từ {self.since:%d/%m/%Y}"
