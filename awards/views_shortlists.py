"""Shortlists: those of my provinces, one as a person may see it, making one by hand, and candidates."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from awards.candidates import (
    candidates_of,
    confirm_candidates,
    deadline_list,
    decide_candidate,
    keep_unchanged,
    units_to_decide,
)
from awards.enums import ShortlistStage
from awards.forms_shortlists import CandidateForm
from awards.models import Shortlist
from awards.shortlist_changes import changes_between
from awards.shortlist_file import MEDIA_TYPE, file_name, make_workbook
from awards.shortlist_page import page_of_shortlist, shortlists_for
from awards.shortlists import make_shortlist, table_of
from campaign.models import Phase, Unit
from core.access import Permission, can, require
from core.errors import DomainError
from riskmap.addresses import page_asked, refuse_repeated
from riskmap.models import ProvincePolicy

PHASES_A_PAGE = 20


@require_safe
@require(Permission.VIEW_WORKING)
def shortlist_list(request: HttpRequest) -> HttpResponse:
    """The phases that have begun in my provinces, with their lists."""
    refuse_repeated(request)
    today = timezone.localdate()
    page = page_asked(request, shortlists_for(request.user, on=today), size=PHASES_A_PAGE)
    phases = [
        (phase, can(request.user, Permission.REVIEW_DOSSIERS, phase.campaign.province, on=today))
        for phase in page
    ]
    return render(request, "awards/shortlists.html", {"page": page, "phases": phases})


@require_POST
@require(Permission.REVIEW_DOSSIERS)
def shortlist_make(request: HttpRequest) -> HttpResponse:
    """Make a list by hand, of the phase posted."""
    today = timezone.localdate()
    mine = Phase.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=today)
    asked = request.POST.get("phase", "")
    phase = mine.filter(pk=asked).first() if asked.isascii() and asked.isdigit() else None
    if phase is None:
        raise Http404(_("Không có đợt thi đua nào như vậy trong địa bàn của bạn."))
    try:
        made = make_shortlist(phase=phase, stage=ShortlistStage.BY_HAND, by=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("awards:shortlists")
    return redirect("awards:shortlist", made.pk)


@require_safe
@require(Permission.VIEW_WORKING)
def show_shortlist(request: HttpRequest, pk: int) -> HttpResponse:
    shortlist = _shortlist(pk)
    page = page_of_shortlist(shortlist, user=request.user, on=timezone.localdate())
    if page is None:
        raise _not_found()
    province = shortlist.phase.campaign.province_id
    context = {
        "page": page,
        "table": page.table,
        "phase": shortlist.phase,
        "campaign": shortlist.phase.campaign,
        "simulated": ProvincePolicy.objects.filter(province=province, simulated=True).exists(),
        "trail": _trail(shortlist),
    }
    return render(request, "awards/shortlist.html", context)


@require_safe
@require(Permission.VIEW_WORKING)
def shortlist_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as XLSX, of what the person may see."""
    shortlist = _shortlist(pk)
    page = page_of_shortlist(shortlist, user=request.user, on=timezone.localdate())
    if page is None:
        raise _not_found()
    address = request.build_absolute_uri(reverse("awards:shortlist", args=[pk]))
    response = HttpResponse(make_workbook(page, address=address), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file_name(page.table)}"'
    response["Content-Language"] = "vi"
    return response


@require_POST
@require(Permission.REVIEW_DOSSIERS)
def shortlist_keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep all candidates of whom nothing changed."""
    shortlist = _to_decide(request, pk)

    def keep() -> str:
        kept = keep_unchanged(shortlist=shortlist, by=request.user, at=timezone.now())
        if not kept:
            return _("Không còn ứng viên nào không thay đổi mà chưa quyết định.")
        return _("Đã giữ %(count)s ứng viên, chờ người thứ hai xác nhận.") % {"count": kept}

    return _act(request, shortlist, keep)


@require_POST
@require(Permission.REVIEW_DOSSIERS)
def shortlist_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm what another person decided: of ``unit``, or of all that wait."""
    shortlist = _to_decide(request, pk)
    asked = [unit for unit in request.POST.getlist("unit") if unit.isascii() and unit.isdigit()]

    def confirm() -> str:
        confirmed = confirm_candidates(
            shortlist=shortlist,
            units=[int(unit) for unit in asked] if "unit" in request.POST else None,
            by=request.user,
            at=timezone.now(),
        )
        return _("Đã xác nhận %(count)s quyết định.") % {"count": confirmed}

    return _act(request, shortlist, confirm)


@require(Permission.REVIEW_DOSSIERS)
def candidate(request: HttpRequest, pk: int, unit_id: int) -> HttpResponse:
    """One candidate of the re-check: what changed, and whether it stays."""
    shortlist = _to_decide(request, pk)
    late, early = table_of(shortlist), deadline_list(shortlist)
    if shortlist.stage != ShortlistStage.END or unit_id not in units_to_decide(late, early):
        raise Http404(_("Danh sách này không có ứng viên nào như vậy để quyết định."))
    there = candidates_of(shortlist).get(unit_id)
    said = {"decision": there.decision, "reason": there.reason} if there else {}
    form = CandidateForm(request.POST if request.method == "POST" else None, initial=said)
    line = late.line_of(unit_id) or early.line_of(unit_id)
    if form.is_valid():
        try:
            _decide(request, shortlist, unit_id, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã ghi quyết định, chờ người thứ hai xác nhận."))
            return redirect("awards:shortlist", pk)
    changes = changes_between(early, late) if early else ()
    context = {
        "form": form,
        "line": line,
        "early": early.line_of(unit_id) if early else None,
        "change": next((each for each in changes if each.unit_id == unit_id), None),
        "there": there,
        "shortlist": shortlist,
        "trail": _trail(shortlist, line.name),
    }
    return render(request, "awards/candidate.html", context)


def _decide(request: HttpRequest, shortlist: Shortlist, unit_id: int, said: dict) -> None:
    unit = Unit.objects.get(pk=unit_id)
    decide_candidate(shortlist=shortlist, unit=unit, **said, by=request.user, at=timezone.now())


def _act(request: HttpRequest, shortlist: Shortlist, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("awards:shortlist", shortlist.pk)


def _shortlist(pk: int) -> Shortlist:
    found = Shortlist.objects.select_related(
        "phase__campaign__province", "published__edition", "known", "made_by"
    )
    shortlist = found.filter(pk=pk).first()
    if shortlist is None:
        raise _not_found()
    return shortlist


def _to_decide(request: HttpRequest, pk: int) -> Shortlist:
    """The list, for those who decide of it; not found by others, who may not know of it."""
    shortlist, today = _shortlist(pk), timezone.localdate()
    if not can(request.user, Permission.REVIEW_DOSSIERS, shortlist.phase.campaign.province, on=today):
        if can(request.user, Permission.VIEW_WORKING, shortlist.phase.campaign.province, on=today):
            raise PermissionDenied
        raise _not_found()
    return shortlist


def _not_found() -> Http404:
    return Http404(_("Không có danh sách xét khen nào như vậy trong địa bàn của bạn."))


def _trail(shortlist: Shortlist, *steps: str) -> list[tuple[str, str]]:
    label = f"{shortlist.phase.name}, {shortlist.get_stage_display()}"
    trail = [(reverse("awards:shortlists"), _("Danh sách xét khen"))]
    if not steps:
        return [*trail, ("", label)]
    return [*trail, (reverse("awards:shortlist", args=[shortlist.pk]), label), ("", steps[-1])]
