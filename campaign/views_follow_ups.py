"""What a unit is to put right after an inspection: read, answered, closed, opened again."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaign.follow_ups import answer_follow_up, close_follow_up, reopen_follow_up
from campaign.forms_inspections import AnswerForm, CloseForm, ReopenForm
from campaign.inspection_page import follow_up_with_all, page_of_follow_up
from campaign.inspections import InspectionRefused
from campaign.models import FollowUp
from core.access import Permission, require


@require_safe
@require(Permission.VIEW_WORKING)
def show_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _follow_up_or_404(request, pk, Permission.VIEW_WORKING))


@require_POST
@require(Permission.REGISTER_UNITS)
def follow_up_answer(request: HttpRequest, pk: int) -> HttpResponse:
    follow_up = _follow_up_or_404(request, pk, Permission.REGISTER_UNITS)
    form = _answer_form(request, follow_up, request.POST, request.FILES)
    done = _("Đã ghi báo cáo khắc phục và báo cho cơ quan kiểm tra.")
    return _act(request, follow_up, answer_follow_up, form, "answer_form", done)


@require_POST
@require(Permission.INSPECT)
def follow_up_close(request: HttpRequest, pk: int) -> HttpResponse:
    follow_up = _follow_up_or_404(request, pk, Permission.INSPECT)
    done = _("Đã xác nhận đơn vị khắc phục xong.")
    return _act(request, follow_up, close_follow_up, CloseForm(request.POST), "close_form", done)


@require_POST
@require(Permission.INSPECT)
def follow_up_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    follow_up = _follow_up_or_404(request, pk, Permission.INSPECT)
    done = _("Đã mở lại kiến nghị và báo cho cán bộ của đơn vị.")
    return _act(request, follow_up, reopen_follow_up, ReopenForm(request.POST), "reopen_form", done)


def _act(
    request: HttpRequest, follow_up: FollowUp, verb: Callable, form: forms.Form, name: str, done: str
) -> HttpResponse:
    """One step; the page again where it is refused, as it stands by then."""
    if form.is_valid():
        try:
            verb(follow_up=follow_up, **form.cleaned_data, by=request.user, at=timezone.now())
        except InspectionRefused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, done)
            return redirect("campaign:follow_up", follow_up.pk)
    follow_up = _follow_up_or_404(request, follow_up.pk, Permission.VIEW_WORKING)
    return _page(request, follow_up, refused=form, **{name: form})


def _page(request: HttpRequest, follow_up: FollowUp, **posted: forms.Form) -> HttpResponse:
    today, inspection = timezone.localdate(), follow_up.inspection
    context = {
        "page": page_of_follow_up(follow_up, user=request.user, on=today),
        "follow_up": follow_up,
        "inspection": inspection,
        "answer_form": _answer_form(request, follow_up),
        "close_form": CloseForm(),
        "reopen_form": ReopenForm(auto_id="reopen_%s"),
        "trail": [
            (reverse("campaign:inspections"), _("Các cuộc kiểm tra")),
            (inspection.get_absolute_url(), inspection.unit.name),
            ("", _("Kiến nghị")),
        ],
        **posted,
    }
    return render(request, "campaign/follow_up.html", context)


def _answer_form(request: HttpRequest, follow_up: FollowUp, *posted) -> AnswerForm:
    said = {"answer": follow_up.answer, "file": follow_up.file}
    seat, at = follow_up.inspection.unit.seat, timezone.now()
    return AnswerForm(*posted, initial=said, area=seat, by=request.user, at=at)


def _follow_up_or_404(request: HttpRequest, pk: int, permission: Permission) -> FollowUp:
    mine = FollowUp.objects.for_user(request.user, permission, on=timezone.localdate())
    follow_up = follow_up_with_all(mine, pk)
    if follow_up is None:
        raise Http404(_("Trong địa bàn của bạn không có kiến nghị này."))
    return follow_up
