"""The public box: writing into it, the receipt, and the district's dealing with it."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaign.enums import FeedbackStatus
from campaign.feedback import (
    DealtWithMeanwhile,
    answer_feedback,
    find_by_code,
    publish_feedback,
    receive,
    set_aside,
    state_mark,
    withhold_feedback,
    written_code,
)
from campaign.feedback_reminders import answer_by
from campaign.forms_feedback import (
    AnswerFeedbackForm,
    FeedbackForm,
    PublishForm,
    ReceiptForm,
    SetAsideForm,
    WithholdForm,
)
from campaign.models import Feedback
from core.access import Permission, can, require
from core.address_limits import TooOften, count_once_more
from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area
from core.views.logins import client_address
from riskmap.addresses import page_asked, refuse_repeated

ITEMS_A_PAGE = 30
SHOWN = {
    "received": FeedbackStatus.RECEIVED,
    "answered": FeedbackStatus.ANSWERED,
    "set_aside": FeedbackStatus.SET_ASIDE,
}


@never_cache
def feedback_new(request: HttpRequest, code: str) -> HttpResponse:
    """Write about a commune, without an account."""
    at = timezone.now()
    today = timezone.localdate(at)
    area = _commune_or_404(code, today)
    form = FeedbackForm(request.POST or None, today=today)
    status = 200
    if form.is_valid():
        try:
            _count(request, "feedback", settings.FEEDBACK_PER_HOUR, at)
            feedback = receive(area=area, at=at, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            status = 429 if isinstance(refusal, TooOften) else 400
        else:
            receipt = reverse("campaign:feedback_receipt", query={"code": written_code(feedback.code)})
            return redirect(receipt)
    trail = [(reverse("riskmap:area", args=[area.code]), area.name), ("", _("Phản ánh, khen"))]
    return render(
        request, "campaign/feedback_new.html", {"form": form, "area": area, "trail": trail}, status=status
    )


@never_cache
@require_safe
def feedback_receipt(request: HttpRequest) -> HttpResponse:
    """``?code=``: how far it is, and what was answered."""
    refuse_repeated(request)
    form = ReceiptForm(request.GET if "code" in request.GET else None)
    found, status = None, 200
    if form.is_valid():
        try:
            _count(request, "receipt", settings.FEEDBACK_LOOKUPS_PER_HOUR, timezone.now())
        except TooOften as refusal:
            form.add_error(None, refusal.message)
            status = 429
        else:
            found = find_by_code(form.cleaned_data["code"])
            if found is None:
                form.add_error("code", _("Không có phản ánh nào mang mã này; xin xem lại mã đã chép."))
                status = 404
    elif form.errors:
        status = 400
    context = {
        "form": form,
        "found": found,
        "code": found and written_code(found.code),
        "answer_by": found and answer_by(found.received_at),
    }
    return render(request, "campaign/feedback_receipt.html", context, status=status)


@require_safe
@require(Permission.MODERATE_FEEDBACK)
def feedback_list(request: HttpRequest) -> HttpResponse:
    """``?state=received|answered|set_aside``: what was said of the communes of one's own."""
    refuse_repeated(request)
    state = request.GET.get("state", "received")
    if state not in SHOWN:
        raise Http404(_("Danh sách không có trang này."))
    today = timezone.localdate()
    own = Feedback.objects.for_user(request.user, Permission.MODERATE_FEEDBACK, on=today)
    items = own.filter(status=SHOWN[state]).select_related("area__parent")
    # What waits longest is dealt with first.
    items = (
        items.order_by("received_at", "pk") if state == "received" else items.order_by("-received_at", "-pk")
    )
    page = page_asked(request, items, size=ITEMS_A_PAGE)
    context = {
        "page": page,
        "rows": [(each, answer_by(each.received_at)) for each in page],
        "state": state,
        "states": [
            ("received", _("Mới nhận")), ("answered", _("Đã trả lời")), ("set_aside", _("Không xử lý"))
        ],
        "today": today,
    }  # fmt: skip
    return render(request, "campaign/feedback_list.html", context)


@require_safe
@require(Permission.MODERATE_FEEDBACK)
def feedback_item(request: HttpRequest, feedback_id: int) -> HttpResponse:
    return _item_page(request, _mine_or_404(request, feedback_id))


@require_POST
@require(Permission.MODERATE_FEEDBACK)
def feedback_answer(request: HttpRequest, feedback_id: int) -> HttpResponse:
    return _deal(request, feedback_id, AnswerFeedbackForm, answer_feedback, _("Đã trả lời."), timed=True)


@require_POST
@require(Permission.MODERATE_FEEDBACK)
def feedback_set_aside(request: HttpRequest, feedback_id: int) -> HttpResponse:
    return _deal(request, feedback_id, SetAsideForm, set_aside, _("Đã ghi không xử lý."), timed=True)


@require_POST
@require(Permission.MODERATE_FEEDBACK)
def feedback_publish(request: HttpRequest, feedback_id: int) -> HttpResponse:
    return _deal(
        request, feedback_id, PublishForm, publish_feedback, _("Đã công khai trên trang của xã."), timed=True
    )


@require_POST
@require(Permission.MODERATE_FEEDBACK)
def feedback_withhold(request: HttpRequest, feedback_id: int) -> HttpResponse:
    return _deal(request, feedback_id, WithholdForm, withhold_feedback, _("Đã thôi công khai."), timed=False)


def _deal(
    request: HttpRequest,
    feedback_id: int,
    form_class: type[forms.Form],
    act: Callable,
    done: str,
    *,
    timed: bool,
) -> HttpResponse:
    """One act with what its form says; refused, the page says why and keeps what was typed."""
    feedback = _mine_or_404(request, feedback_id)
    form = form_class(request.POST)
    status = 200
    if form.is_valid():
        when = {"at": timezone.now()} if timed else {}
        try:
            act(feedback=feedback, by=request.user, **when, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            status = 409 if isinstance(refusal, DealtWithMeanwhile) else 200
            feedback = _mine_or_404(request, feedback_id)
            form.data = form.data.copy()
            form.data["seen"] = state_mark(feedback)
        else:
            messages.success(request, done)
            return redirect("campaign:feedback_item", feedback_id)
    return _item_page(request, feedback, refused=form, status=status)


def _item_page(
    request: HttpRequest, feedback: Feedback, *, refused: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    seen = {"seen": state_mark(feedback)}
    usual = {
        "answer_form": AnswerFeedbackForm(initial=seen | {"answer": feedback.answer}, auto_id="answer_%s"),
        "aside_form": SetAsideForm(initial=seen, auto_id="aside_%s"),
        "publish_form": PublishForm(
            initial=seen | {"public_text": feedback.public_text or feedback.text}, auto_id="publish_%s"
        ),
        "withhold_form": WithholdForm(initial=seen, auto_id="withhold_%s"),
    }
    if refused is not None:
        name = next(name for name, form in usual.items() if type(form) is type(refused))
        refused.auto_id = usual[name].auto_id
        usual[name] = refused
    context = {
        **usual,
        "feedback": feedback,
        "refused": refused,
        "answer_by": answer_by(feedback.received_at),
        "today": timezone.localdate(),
        "trail": [(reverse("campaign:feedback"), _("Phản ánh")), ("", feedback.area.name)],
    }
    return render(request, "campaign/feedback_item.html", context, status=status)


def _mine_or_404(request: HttpRequest, feedback_id: int) -> Feedback:
    people = ("answered_by", "set_aside_by", "published_by")
    feedback = Feedback.objects.select_related("area__parent", *people).filter(pk=feedback_id).first()
    today = timezone.localdate()
    if feedback is None or not can(request.user, Permission.MODERATE_FEEDBACK, feedback.area, on=today):
        raise Http404(_("Trong địa bàn của bạn không có phản ánh này."))
    return feedback


def _commune_or_404(code: str, today) -> Area:
    communes = Area.objects.filter(code=code, kind=AreaKind.COMMUNE).valid_on(today).select_related("parent")
    area = communes.first() if "\0" not in code else None
    if area is None:
        raise Http404(_("Không có xã, phường, thị trấn mang mã này."))
    return area


def _count(request: HttpRequest, act: str, limit: int, at) -> None:
    count_once_more(act=act, address=client_address(request), limit=limit, at=at)
