"""Dossiers: the list, the task list of one, the check before handing in, handing in, receipts, permits."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from awards.dossier_content import content_of_version
from awards.dossier_page import openable, page_of, seen_by, shown
from awards.dossier_papers import faults_of
from awards.dossier_prints import prints_of
from awards.dossier_steps import allowed_acts, restore, withdraw
from awards.dossiers import WRITABLE, open_dossier
from awards.enums import DossierAct
from awards.forms_dossiers import PermitForm
from awards.handing_in import DossierIncomplete, is_whole, submit
from awards.models import Dossier, LatePermit, Nominee
from awards.nomination_page import waiting_count
from awards.nominees import near_people
from awards.permits import issue_permit
from awards.picks import doubts_about
from awards.reads import note_reading
from campaign.forms_registrations import ReasonForm
from core.access import Permission, areas_where, require
from core.errors import DomainError
from riskmap.addresses import page_asked, refuse_repeated

DOSSIERS_A_PAGE = 50


@require_safe
@require(Permission.PREPARE_DOSSIERS)
def dossier_list(request: HttpRequest) -> HttpResponse:
    """``?page=``: the dossiers of one's own area, the phases for which one may be begun."""
    refuse_repeated(request)
    today = timezone.localdate()
    dossiers = seen_by(request.user, on=today).order_by("-phase__first_day", "area__sort_key", "pk")
    context = {
        "page": page_asked(request, dossiers, size=DOSSIERS_A_PAGE),
        "openable": openable(request.user, on=today),
    }
    return render(request, "awards/dossiers.html", context)


@require_POST
@require(Permission.PREPARE_DOSSIERS)
def dossier_open(request: HttpRequest) -> HttpResponse:
    """Begin the dossier of an area in a phase, or go on with the one that is there."""
    asked = (request.POST.get("phase", ""), request.POST.get("area", ""))
    for phase, area in openable(request.user, on=timezone.localdate()):
        if (str(phase.pk), str(area.pk)) == asked:
            dossier = open_dossier(phase=phase, area=area, by=request.user, at=timezone.now())
            return redirect(dossier)
    messages.error(request, _("Không mở được hồ sơ này; xin chọn trong danh sách."))
    return redirect("awards:dossiers")


@require_safe
@require(Permission.PREPARE_DOSSIERS)
def show_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """The task list of a dossier."""
    return _task_list(request, dossier_or_404(request, pk), ReasonForm())


def _task_list(request: HttpRequest, dossier: Dossier, form: ReasonForm) -> HttpResponse:
    now = timezone.now()
    context = {
        "dossier": dossier,
        "page": page_of(dossier, request.user, at=now),
        "acts": allowed_acts(dossier, request.user, on=timezone.localdate(now)),
        "act": DossierAct,
        "form": form,
        "steps": dossier.steps.select_related("taken_by").order_by("pk"),
        "nominations": waiting_count(dossier),
        "near": near_people(dossier=dossier, among=_seen_nominees(request)),
        "trail": trail(dossier),
    }
    return render(request, "awards/dossier.html", context)


def _seen_nominees(request: HttpRequest):
    return Nominee.objects.for_user(request.user, Permission.PREPARE_DOSSIERS, on=timezone.localdate())


@require_safe
@require(Permission.PREPARE_DOSSIERS)
def dossier_check(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still lacking; when nothing is, the button that hands it in."""
    dossier = dossier_or_404(request, pk)
    return _check(request, dossier)


def _check(request: HttpRequest, dossier: Dossier, *, refusal: str = "") -> HttpResponse:
    now = timezone.now()
    acts = allowed_acts(dossier, request.user, on=timezone.localdate(now))
    context = {
        "dossier": dossier,
        "page": page_of(dossier, request.user, at=now),
        "faults": faults_of(dossier),
        "doubts": doubts_about(dossier) if dossier.status in WRITABLE else (),
        "nominations": waiting_count(dossier) if dossier.status in WRITABLE else 0,
        "may_submit": DossierAct.SUBMIT in acts,
        "refusal": refusal,
        "trail": trail(dossier, _("Kiểm tra trước khi nộp")),
    }
    return render(request, "awards/dossier_check.html", context)


@require_POST
@require(Permission.SUBMIT_DOSSIERS)
def dossier_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand it in, once it was confirmed; refused, the check says why and nothing is lost."""
    dossier = dossier_or_404(request, pk, Permission.SUBMIT_DOSSIERS)
    if not request.POST.get("confirm"):
        return _check(request, dossier, refusal=_("Xin đánh dấu xác nhận trước khi nộp."))
    try:
        version = submit(dossier=dossier, by=request.user)
    except DomainError as refusal:
        said = "" if isinstance(refusal, DossierIncomplete) else refusal.message
        return _check(request, dossier_or_404(request, pk), refusal=said)
    return redirect("awards:dossier_version", dossier.pk, version.number)


@require_safe
@require(Permission.PREPARE_DOSSIERS)
def dossier_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The receipt of what was handed in, and what it holds."""
    dossier = dossier_or_404(request, pk)
    rows = dossier.versions.select_related("received_by", "permit")
    version = rows.filter(number=number).first()
    if version is None:
        raise Http404(_("Hồ sơ không có lần nộp này."))
    context = {
        "dossier": dossier,
        "version": version,
        "content": version.content,
        "nominees": [
            each | {"shown": shown(each["evidence"])} for each in version.content.get("nominees", [])
        ],
        "is_whole": is_whole(version),
        "prints": prints_of(content_of_version(version)),
        "trail": trail(dossier, _("Biên nhận")),
    }
    return render(request, "awards/dossier_version.html", context)


@require_POST
@require(Permission.SUBMIT_DOSSIERS)
def dossier_step(request: HttpRequest, pk: int) -> HttpResponse:
    """``act``: withdraw, for a reason, or go on with a withdrawn one."""
    dossier, form = dossier_or_404(request, pk, Permission.SUBMIT_DOSSIERS), ReasonForm(request.POST)
    posted = request.POST.get("version", "")
    version = int(posted) if posted.isascii() and posted.isdecimal() and len(posted) < 10 else 0
    known = {"dossier": dossier, "version": version, "by": request.user, "at": timezone.now()}
    try:
        if request.POST.get("act") == DossierAct.RESTORE:
            restore(**known)
        elif form.is_valid():
            withdraw(**known, reason=form.cleaned_data["reason"])
        else:
            return _task_list(request, dossier, form)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã ghi."))
    return redirect(dossier)


@require(Permission.ISSUE_PERMITS)
def permits(request: HttpRequest) -> HttpResponse:
    """Late permits: those issued, and the form of a new one."""
    refuse_repeated(request)
    today, now = timezone.localdate(), timezone.now()
    areas = areas_where(request.user, Permission.ISSUE_PERMITS, on=today)
    form = PermitForm(request.POST if request.method == "POST" else None, areas=areas)
    if form.is_valid():
        try:
            issue_permit(**form.cleaned_data, by=request.user, at=now)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã cho nộp muộn; địa bàn đã được báo."))
            return redirect("awards:permits")
    issued = LatePermit.objects.for_user(request.user, Permission.ISSUE_PERMITS, on=today)
    rows = issued.select_related("phase__campaign", "area", "issued_by", "used_by").order_by("-pk")
    context = {"form": form, "page": page_asked(request, rows, size=DOSSIERS_A_PAGE), "now": now}
    return render(request, "awards/permits.html", context)


def dossier_or_404(
    request: HttpRequest, pk: int, permission: Permission = Permission.PREPARE_DOSSIERS
) -> Dossier:
    """A dossier of one's own area. Of any other nobody learns that there is one."""
    today = timezone.localdate()
    mine = Dossier.objects.for_user(request.user, permission, on=today).values("pk")
    dossier = seen_by(request.user, on=today).filter(pk__in=mine, pk=pk).first()
    if dossier is None:
        raise Http404(_("Trong địa bàn của bạn không có hồ sơ này."))
    note_reading(request, dossier)
    return dossier


def trail(dossier: Dossier, *steps: str) -> list[tuple[str, str]]:
    """Breadcrumbs of a dossier's pages."""
    here = [(reverse("awards:dossiers"), _("Hồ sơ khen thưởng"))]
    name = f"{dossier.area.name}, {dossier.phase.name}"
    here.append((dossier.get_absolute_url() if steps else "", name))
    return here + [("", step) for step in steps]
