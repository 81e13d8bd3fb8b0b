"""Batches: the papers of a whole phase for Sở Nội vụ; asked for, watched, and taken away as one archive."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.batch_archive import archive_of
from awards.batches import FORMS, HANDED_IN, KEPT_FOR, ask_batch, progress_of, with_progress
from awards.dossier_prints import in_ascii
from awards.models import Dossier, PaperBatch
from awards.reads import note_batch_read
from campaign.models import Phase
from core.access import Permission, areas_where, require
from core.errors import DomainError
from core.letters import LetterFormat

BATCHES_SHOWN = 20


@require(Permission.REVIEW_DOSSIERS)
def batches(request: HttpRequest) -> HttpResponse:
    """The phases whose papers may be printed, each with a button, and the batches there are."""
    phases = _phases(request)
    if request.method == "POST":
        phase = phases.filter(pk=_number(request.POST.get("phase", ""))).first()
        if phase is None:
            messages.error(request, _("Không in được đợt này; xin chọn trong danh sách."))
            return redirect("awards:paper_batches")
        try:
            forms = (LetterFormat.PDF,) if request.POST.get("forms") == LetterFormat.PDF else FORMS
            batch = ask_batch(phase=phase, by=request.user, at=timezone.now(), forms=forms)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect("awards:paper_batches")
        return redirect("awards:paper_batch", batch.pk)
    context = {
        "phases": phases,
        "batches": with_progress(_batches(request)).order_by("-pk")[:BATCHES_SHOWN],
        "kept_for": KEPT_FOR.days,
        "trail": [(reverse("awards:review"), _("Thẩm định")), ("", _("In hồ sơ cả đợt"))],
    }
    return render(request, "awards/paper_batches.html", context)


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a batch has come; once it is printed, its archive."""
    asked = _batch_or_404(request, pk)
    context = {
        "batch": asked,
        "progress": progress_of(asked),
        "kept_for": KEPT_FOR.days,
        "trail": [
            (reverse("awards:review"), _("Thẩm định")),
            (reverse("awards:paper_batches"), _("In hồ sơ cả đợt")),
            ("", asked.phase.name),
        ],
    }
    return render(request, "awards/paper_batch.html", context)


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def batch_progress(request: HttpRequest, pk: int) -> JsonResponse:
    """``{printed, total, finished}`` for the script that watches."""
    asked = _batch_or_404(request, pk)
    return JsonResponse(progress_of(asked)._asdict() | {"finished": asked.finished_at is not None})


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def batch_archive(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """All papers of a printed batch, a folder a dossier."""
    asked = _batch_or_404(request, pk)
    if asked.finished_at is None:
        raise Http404(_("Lượt in chưa xong."))
    note_batch_read(batch=asked, what=request.path, by=request.user, at=timezone.now())
    answer = StreamingHttpResponse(archive_of(asked), content_type="application/zip")
    name = f"ho-so-{asked.phase.campaign.slug}-{in_ascii(asked.phase.code)}-{asked.pk}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _phases(request: HttpRequest):
    """The phases with dossiers handed in, in the provinces that one may review."""
    provinces = areas_where(request.user, Permission.REVIEW_DOSSIERS, on=timezone.localdate())
    handed_in = Q(dossiers__status__in=HANDED_IN)
    running = PaperBatch.objects.filter(phase=OuterRef("pk"), finished_at__isnull=True)
    return (
        Phase.objects.filter(campaign__province__in=provinces)
        .filter(Exists(Dossier.objects.filter(phase=OuterRef("pk"), status__in=HANDED_IN)))
        .select_related("campaign__province")
        .annotate(handed_in=Count("dossiers", filter=handed_in), is_running=Exists(running))
        .order_by("-first_day", "pk")
    )


def _batches(request: HttpRequest):
    rows = PaperBatch.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=timezone.localdate())
    return rows.select_related("phase__campaign__province", "asked_by")


def _batch_or_404(request: HttpRequest, pk: int) -> PaperBatch:
    asked = _batches(request).filter(pk=pk).first()
    if asked is None:
        raise Http404(_("Trong địa bàn của bạn không có lượt in này."))
    return asked


def _number(posted: str) -> int:
    return int(posted) if posted.isascii() and posted.isdecimal() and len(posted) < 10 else 0
