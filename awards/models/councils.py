"""The council, where the office wants one: who sits, on whom, and how a secret vote came out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from awards.enums import CountedOf, Vote
from awards.models.dossiers import Nominee
from awards.models.opinions import OfPhaseQuerySet
from campaign.models import Phase
from campaign.models.acts import acted, when, who


class CouncilSession(models.Model):
    """A meeting of the council on nominees of a phase. Votes are opened, then closed; minutes follow."""

    phase = models.ForeignKey(Phase, models.RESTRICT, related_name="council_sessions")
    held_on = models.DateField(_("họp ngày"))
    place = models.CharField(_("địa điểm"), max_length=200)
    chair = models.CharField(_("chủ trì"), max_length=120)
    secretary = models.CharField(_("thư ký"), max_length=120)
    quorum = models.PositiveSmallIntegerField(_("số thành viên tối thiểu"))
    pass_percent = models.PositiveSmallIntegerField(_("tỷ lệ tán thành tối thiểu (%)"))
    counted_of = models.CharField(
        _("tính tỷ lệ trên"), max_length=10, choices=CountedOf, default=CountedOf.MEMBERS
    )
    nominees = models.ManyToManyField(Nominee, through="AgendaLine", related_name="sessions")
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="CouncilMember", related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    conclusion = models.TextField(_("kết luận của chủ trì"), max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    opened_at = when(_("mở bỏ phiếu lúc"))
    opened_by = who()
    closed_at = when(_("đóng bỏ phiếu lúc"))
    closed_by = who()
    content = models.JSONField(default=dict)  # what the minutes say, frozen when the vote is closed

    objects = OfPhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phiên họp hội đồng")
        verbose_name_plural = _("phiên họp hội đồng")
        constraints = [
            models.CheckConstraint(
                name="council_has_a_quorum",
                condition=Q(quorum__gte=1),
                violation_error_message=_("Phải ghi số thành viên tối thiểu để họp."),
            ),
            models.CheckConstraint(
                name="council_share_is_a_percentage",
                condition=Q(pass_percent__gte=1, pass_percent__lte=100),
                violation_error_message=_("Tỷ lệ tán thành phải từ 1 đến 100 %."),
            ),
            models.CheckConstraint(
                name="council_counted_of_is_known",
                condition=Q(counted_of__in=CountedOf.values),
                violation_error_message=_("Cách tính tỷ lệ không hợp lệ."),
            ),
            acted("council", "opened"),
            acted("council", "closed"),
            models.CheckConstraint(
                name="council_closed_once_opened",
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False),
                violation_error_message=_("Chỉ đóng được cuộc bỏ phiếu đã mở."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase} · {self.held_on:%d/%m/%Y}"


class AgendaLine(models.Model):
    session = models.ForeignKey(CouncilSession, models.RESTRICT, related_name="agenda")
    nominee = models.ForeignKey(Nominee, models.RESTRICT, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("nội dung họp")
        verbose_name_plural = _("nội dung họp")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                name="agenda_nominee_once",
                fields=["session", "nominee"],
                violation_error_message=_("Đối tượng này đã có trong nội dung họp."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.nominee)


class CouncilMember(models.Model):
    """Who sits in a session, and that they voted: never what.

    ``barred`` are the nominees (ids) in whom they have an interest and on whom they do not vote; the database
    derives it when the vote is opened.
    """

    session = models.ForeignKey(CouncilSession, models.RESTRICT, related_name="seats")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    present = models.BooleanField(_("có mặt"), default=False)
    has_voted = models.BooleanField(_("đã bỏ phiếu"), default=False)
    barred = ArrayField(models.BigIntegerField(), default=list, editable=False)

    class Meta:
        verbose_name = _("thành viên hội đồng")
        verbose_name_plural = _("thành viên hội đồng")
        constraints = [
            models.UniqueConstraint(
                name="council_member_once",
                fields=["session", "member"],
                violation_error_message=_("Người này đã là thành viên của phiên họp."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)


class Ballot(models.Model):
    """A secret vote on one nominee.

    Nothing leads from it to who cast it: no instant, no person, a random key. All ballots of a session are
    written anew in a random order with each vote, so that where a row lies and by which transaction it was
    written says nothing either. It is not journalled.
    """

    key = models.UUIDField(primary_key=True)
    session = models.ForeignKey(CouncilSession, models.RESTRICT, related_name="ballots")
    nominee = models.ForeignKey(Nominee, models.RESTRICT, related_name="+")
    vote = models.CharField(max_length=10, choices=Vote)

    class Meta:
        verbose_name = _("phiếu kín")
        verbose_name_plural = _("phiếu kín")
        constraints = [
            models.CheckConstraint(
                name="ballot_vote_is_known",
                condition=Q(vote__in=Vote.values),
                violation_error_message=_("Phiếu không hợp lệ."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_vote_display()
