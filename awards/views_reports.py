"""The review of a phase (báo cáo sơ kết): the phases, the figures on the screen, the paper."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.enums import PaperKind
from awards.paper.hand_out import hand_out
from awards.paper.report import facts_of, report_of, title_of
from awards.report_content import NothingToReport, moment_of, report_content
from awards.report_page import page_of_report
from campaign.models import Phase
from core.access import Permission, require
from riskmap.addresses import page_asked, refuse_repeated
from riskmap.models import ProvincePolicy

PHASES_A_PAGE = 20


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def phase_reports(request: HttpRequest) -> HttpResponse:
    """The phases of my provinces that have begun, the latest first."""
    refuse_repeated(request)
    today = timezone.localdate()
    mine = Phase.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=today)
    begun = mine.filter(first_day__lte=today).select_related("campaign__province")
    page = page_asked(request, begun.order_by("-last_day", "campaign__slug", "-number"), size=PHASES_A_PAGE)
    return render(request, "awards/phase_reports.html", {"page": page, "today": today})


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def phase_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The main figures of a phase, and the report to take away."""
    phase = _phase_or_404(request, pk)
    simulated = ProvincePolicy.objects.filter(province=phase.campaign.province_id, simulated=True)
    trail = [(reverse("awards:phase_reports"), _("Báo cáo sơ kết")), ("", str(phase))]
    context = {"phase": phase, "trail": trail, "simulated": simulated.exists()}
    try:
        context["page"] = page_of_report(phase, report_content(phase, on=timezone.localdate()))
    except NothingToReport as refusal:
        context["refusal"] = refusal.message
    return render(request, "awards/phase_report.html", context)


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def phase_report_paper(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The report as PDF, or as Word to be gone over."""
    phase = _phase_or_404(request, pk)
    try:
        content = report_content(phase, on=timezone.localdate())
    except NothingToReport as refusal:
        raise Http404(refusal.message) from refusal
    return hand_out(
        report_of(content, moment=moment_of(content)),
        fmt,
        name=f"bao-cao-so-ket-{phase.campaign.slug}-{phase.code}",
        kind=PaperKind.REPORT,
        area=phase.campaign.province,
        title=title_of(content),
        facts=facts_of(content),
        evidence=content,
    )


def _phase_or_404(request: HttpRequest, pk: int) -> Phase:
    mine = Phase.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=timezone.localdate())
    phase = mine.select_related("campaign__province").filter(pk=pk).first()
    if phase is None:
        raise Http404(_("Không có đợt thi đua nào như vậy trong địa bàn của bạn."))
    return phase
