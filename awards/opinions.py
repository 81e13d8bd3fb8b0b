"""The opinion of Sở Y tế: asked by Sở Nội vụ about nominees, given line by line, answered with a paper.

Once answered a request is closed: nothing of it changes, a new one may be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.dossiers import clean_text
from awards.enums import DossierStatus, NomineeStatus, Verdict
from awards.models import Nominee, Opinion, OpinionRequest
from campaign.models import Phase
from core.audit import acting
from core.errors import DomainError
from core.inbox import holders_over, send_notices
from core.models import User
from core.permissions import Permission

LONGEST_NOTE = 500
ASKED_OF = (DossierStatus.IN_REVIEW, DossierStatus.REVIEWED)
STANDING = (NomineeStatus.PROPOSED, NomineeStatus.PASSED)


class OpinionRefused(DomainError):
    """The act cannot be done with the request."""

    code = "opinion_refused"


class OpinionChanged(OpinionRefused):
    """Somebody else saved first; ``theirs`` are the stored rows, by id. Nothing was written."""

    code = "opinion_changed"

    def __init__(self, message: str, *, theirs: dict[int, Opinion]) -> None:
        super().__init__(message)
        self.theirs = theirs


class Said(NamedTuple):
    """What is said of one line (the id of an ``Opinion``), over the ``version`` that was shown."""

    opinion: int
    verdict: str
    note: str
    version: int


def askable(phase: Phase) -> QuerySet[Nominee]:
    """The nominees about whom may be asked: in review or reviewed, and not being asked about."""
    waiting = Opinion.objects.filter(request__answered_at__isnull=True).values("nominee")
    rows = Nominee.objects.filter(dossier__phase=phase, dossier__status__in=ASKED_OF, status__in=STANDING)
    rows = rows.exclude(pk__in=waiting).select_related("unit", "dossier__area")
    return rows.order_by("dossier__area__sort_key", "place", "pk")


def ask_opinion(
    *, phase: Phase, nominees: Iterable[int], due: datetime, note: str = "", by: User, at: datetime
) -> OpinionRequest:
    """Ask Sở Y tế about the nominees (ids), to be answered before ``due``; its people are told."""
    wanted = set(nominees)
    if due <= at:
        raise OpinionRefused(_("Hạn trả lời phải sau lúc này."))
    with acting(by=by, reason="Đề nghị Sở Y tế cho ý kiến"):
        Phase.objects.select_for_update(no_key=True).get(pk=phase.pk)  # one asks at a time
        asked = [nominee for nominee in askable(phase) if nominee.pk in wanted]
        if not asked or len(asked) != len(wanted):
            raise OpinionRefused(
                _("Xin chọn đối tượng đang hoặc đã thẩm định và chưa nằm trong đề nghị chờ trả lời.")
            )
        request = OpinionRequest.objects.create(
            phase=phase, due=due, note=clean_text(note)[:LONGEST_NOTE], asked_at=at, asked_by=by
        )
        Opinion.objects.bulk_create(Opinion(request=request, nominee=nominee) for nominee in asked)
        send_notices(
            recipients=_holders(request, Permission.GIVE_OPINIONS, at) - {by.pk},
            key=f"opinion-asked-{request.pk}",
            subject=f"Sở Nội vụ đề nghị cho ý kiến về {len(asked)} đối tượng, {phase.name}",
            body=f"{phase.campaign.short_title}. Trả lời trước {_moment(due)}.",
            link=_link(request),
            at=at,
        )
    return request


def save_opinions(*, request: OpinionRequest, said: Sequence[Said], by: User, at: datetime) -> int:
    """Write what is said, all of it or nothing: how many lines changed.

    A line said as it is stored changes nothing, whatever the version. Raises ``OpinionChanged`` with the
    lines that somebody else changed meanwhile, and ``OpinionRefused``.
    """
    with acting(by=by, reason=f"Cho ý kiến về đối tượng đề nghị khen, đề nghị số {request.pk}"):
        held = _held(request)
        rows = {
            row.pk: row
            for row in held.opinions.select_for_update(of=("self",)).select_related("nominee__unit")
        }
        changed, conflicts = [], {}
        for each in said:
            row, note = rows.get(each.opinion), clean_text(each.note)[:LONGEST_NOTE]
            if row is None or each.verdict not in ("", *Verdict.values):
                raise OpinionRefused(_("Đề nghị không có dòng này; xin tải lại trang."))
            if (row.verdict, row.note) == (each.verdict, note):
                continue
            if row.version != each.version:
                conflicts[row.pk] = row
                continue
            if each.verdict not in ("", Verdict.AGREE) and not note:
                raise OpinionRefused(
                    _("%(name)s: không đồng ý hoặc có ý kiến thì phải ghi rõ.") % {"name": row.nominee}
                )
            row.verdict, row.note, row.version = each.verdict, note, row.version + 1
            changed.append(row)
        if conflicts:
            raise OpinionChanged(
                _("Người khác đã lưu %(count)s dòng sau lúc bạn mở; chưa ghi gì của bạn.")
                % {"count": len(conflicts)},
                theirs=conflicts,
            )
        Opinion.objects.bulk_update(changed, ["verdict", "note", "version"])
    return len(changed)


def answer_request(*, request: OpinionRequest, document_number: str, by: User, at: datetime) -> None:
    """Answer with the number of the paper; every line must have been said. Who asked is told."""
    number = " ".join(clean_text(document_number).split())
    if not number:
        raise OpinionRefused(_("Xin ghi số văn bản trả lời."))
    with acting(by=by, reason=f"Sở Y tế trả lời: {number}"):
        held = _held(request)
        if left := held.opinions.filter(verdict="").count():
            raise OpinionRefused(
                _("Còn %(count)s đối tượng chưa có ý kiến; xin ghi đủ rồi trả lời.") % {"count": left}
            )
        held.answered_at, held.answered_by, held.document_number = at, by, number
        held.save(update_fields=["answered_at", "answered_by", "document_number"])
        against = held.opinions.filter(verdict=Verdict.DISAGREE).count()
        send_notices(
            recipients=_holders(held, Permission.REVIEW_DOSSIERS, at) - {by.pk},
            key=f"opinion-answered-{held.pk}",
            subject=f"Sở Y tế đã cho ý kiến, {held.phase.name}: {against} không đồng ý",
            body=f"{held.phase.campaign.short_title}. Văn bản số {number}.",
            link=reverse("awards:opinion_asked", args=[held.pk]),
            at=at,
        )


def urge_unanswered(*, at: datetime) -> int:
    """Urge Sở Y tế once of each request that is overdue: how many notices are new."""
    late = OpinionRequest.objects.filter(answered_at__isnull=True, due__lte=at)
    told = 0
    with acting(reason="Nhắc Sở Y tế cho ý kiến"):
        for request in late.select_related("phase__campaign__province"):
            told += send_notices(
                recipients=_holders(request, Permission.GIVE_OPINIONS, at),
                key=f"opinion-late-{request.pk}",
                subject=f"Quá hạn cho ý kiến về đối tượng đề nghị khen, {request.phase.name}",
                body=f"{request.phase.campaign.short_title}. Hạn trả lời: {_moment(request.due)}.",
                link=_link(request),
                at=at,
            )
    return told


def opinions_on(nominees: Iterable[Nominee]) -> dict[int, Opinion]:
    """By nominee (id), the latest opinion that Sở Y tế answered with."""
    rows = Opinion.objects.filter(nominee__in=list(nominees), request__answered_at__isnull=False)
    return {row.nominee_id: row for row in rows.select_related("request").order_by("request__answered_at")}


def _held(request: OpinionRequest) -> OpinionRequest:
    rows = OpinionRequest.objects.select_for_update(of=("self",)).select_related("phase__campaign__province")
    held = rows.get(pk=request.pk)
    if held.answered_at:
        raise OpinionRefused(_("Đề nghị này đã được trả lời; không sửa được nữa."))
    return held


def _holders(request: OpinionRequest, permission: Permission, at: datetime) -> set[int]:
    province = request.phase.campaign.province
    return holders_over(areas=[province], permission=permission, on=timezone.localdate(at))


def _moment(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%H:%M ngày %d/%m/%Y}"


def _link(request: OpinionRequest) -> str:
    return reverse("awards:opinion_request", args=[request.pk])
