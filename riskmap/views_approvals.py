"""The pages of approval: what the districts sent, accepted or returned by Sở Y tế, many at once."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import Permission, areas_where, can, require
from core.enums import AreaKind
from core.errors import DomainError
from riskmap.addresses import cell_of_address, page_asked, refuse_repeated
from riskmap.approval_page import in_queue, page_of_day, queue_lines, read_item
from riskmap.day_reports import Decided, Refusal, Returned, Seen, accept_days, return_days
from riskmap.enums import ReportStatus
from riskmap.lock_exceptions import exceptions_for
from riskmap.models import DayReport

DAYS_A_PAGE = 50
SCOPES = (AreaKind.PROVINCE, AreaKind.DISTRICT)
NAMED = 3  # refusals told one by one


class ReturnForm(forms.Form):
    """One reason for all the days that are sent back."""

    use_required_attribute = False  # the button beside it accepts, without a reason

    reason = forms.CharField(
        label=gettext_lazy("Lý do trả lại"),
        max_length=300,
        help_text=gettext_lazy("Người gửi đọc được; ví dụ: Xã Phước Hải chưa có số, xin bổ sung."),
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Xin ghi lý do trả lại, để người gửi biết cần sửa gì.")},
    )


@require_safe
@require(Permission.VIEW_WORKING)
def approvals(request: HttpRequest) -> HttpResponse:
    """``?state=sent|returned|accepted``: the days of my districts, to be accepted or returned together."""
    refuse_repeated(request)
    return _queue(request, state=request.GET.get("state", ReportStatus.SENT), form=ReturnForm(), chosen=())


def _queue(request: HttpRequest, *, state: str, form: ReturnForm, chosen: Iterable[str]) -> HttpResponse:
    if state not in ReportStatus.values:
        raise Http404(_("Không có danh sách như vậy."))
    now, today = timezone.now(), timezone.localdate()
    reports = DayReport.objects.for_user(request.user, Permission.VIEW_WORKING, on=today)
    page = page_asked(request, in_queue(reports, ReportStatus(state)), size=DAYS_A_PAGE)
    own = set(areas_where(request.user, Permission.ACCEPT_COUNTS, on=today).values_list("pk", flat=True))
    lines = [(line, line.report.scope_id in own) for line in queue_lines(list(page), at=now)]
    context = {
        "page": page,
        "lines": lines,
        "state": state,
        "states": ReportStatus.choices,
        "waits": state == ReportStatus.SENT,
        "may_accept": state == ReportStatus.SENT and any(may for _line, may in lines),
        "form": form,
        "chosen": set(chosen),
    }
    return render(request, "riskmap/approvals.html", context)


@require_safe
@require(Permission.VIEW_WORKING)
def approval(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """One day of a district, commune by commune, with what was done to it so far."""
    scope, on = cell_of_address(request, code, day, Permission.VIEW_WORKING, kinds=SCOPES)
    page = page_of_day(scope=scope, day=on, by=request.user)
    if not page.communes:
        raise Http404(_("Đơn vị này không trực tiếp có xã, phường, thị trấn."))
    today = timezone.localdate()
    context = {
        "page": page,
        "form": ReturnForm(),
        "exceptions": exceptions_for(area=scope, day=on) if page.locked else (),
        "may_accept": can(request.user, Permission.ACCEPT_COUNTS, scope, on=today),
        "breadcrumbs": [(reverse("riskmap:approvals"), _("Duyệt số liệu")), ("", _title(page.scope, on))],
    }
    return render(request, "riskmap/approval.html", context)


def _title(scope, day) -> str:
    return f"{scope.name}, {day:%d/%m/%Y}"


@require_POST
@require(Permission.ACCEPT_COUNTS)
def approvals_accept(request: HttpRequest) -> HttpResponse:
    """Accept the days that were ticked."""
    try:
        decided = accept_days(items=_items(request), by=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        _tell_accepted(request, decided)
    return redirect(_back(request))


@require_http_methods(["GET", "POST"])
@require(Permission.ACCEPT_COUNTS)
def approvals_return(request: HttpRequest) -> HttpResponse:
    """Return the days that were ticked, for one reason; without one the queue is shown again.

    Whatever then leads here again, as another language does, leads to the queue.
    """
    if request.method == "GET":
        return redirect(f"{reverse('riskmap:approvals')}?{request.GET.urlencode()}".removesuffix("?"))
    form, items = ReturnForm(request.POST), _items(request)
    if items and not form.is_valid():
        return _queue(request, state=ReportStatus.SENT, form=form, chosen=request.POST.getlist("item"))
    try:
        reason = form.cleaned_data["reason"] if items else "–"
        returned = return_days(items=items, reason=reason, by=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        _tell_returned(request, returned)
    return redirect(_back(request))


def _items(request: HttpRequest) -> list[Seen]:
    """The days ticked. Raises ``Http404`` where one is not the person's to decide."""
    items = [read_item(text) for text in request.POST.getlist("item")]
    mine = areas_where(request.user, Permission.ACCEPT_COUNTS, on=timezone.localdate())
    scopes = {item.scope_id for item in items if item}
    known = set(mine.filter(pk__in=scopes, kind__in=SCOPES).values_list("pk", flat=True))
    if None in items or scopes - known:
        raise Http404(_("Trong địa bàn bạn được duyệt không có ngày này."))
    return items


def _tell_accepted(request: HttpRequest, decided: Decided) -> None:
    if decided.accepted:
        count = len(decided.accepted)
        said = ngettext("Đã duyệt %(count)s báo cáo ngày.", "Đã duyệt %(count)s báo cáo ngày.", count)
        incomplete = [each for each in decided.accepted if each.missing]
        messages.success(request, said % {"count": count})
        for each in incomplete[:NAMED]:
            words = {"title": _title(each.scope, each.day), "missing": ", ".join(each.missing)}
            messages.warning(request, _("%(title)s: đã duyệt khi còn thiếu %(missing)s.") % words)
        _tell_the_rest(request, len(incomplete))
    if decided.unchanged and not decided.accepted:
        messages.info(request, _("Đã duyệt từ trước, không có gì mới."))
    _tell_refused(request, decided.refused)


def _tell_returned(request: HttpRequest, returned: Returned) -> None:
    if returned.returned:
        count = len(returned.returned)
        said = ngettext("Đã trả lại %(count)s báo cáo ngày.", "Đã trả lại %(count)s báo cáo ngày.", count)
        messages.success(request, said % {"count": count})
    _tell_refused(request, returned.refused)


def _tell_refused(request: HttpRequest, refused: tuple[Refusal, ...]) -> None:
    for each in refused[:NAMED]:
        messages.error(request, f"{_title(each.scope, each.day)}: {each.sentence}")
    _tell_the_rest(request, len(refused))


def _tell_the_rest(request: HttpRequest, count: int) -> None:
    if count > NAMED:
        messages.warning(request, _("… và %(count)s ngày khác.") % {"count": count - NAMED})


def _back(request: HttpRequest) -> str:
    """Where the person came from, on this site; else the queue."""
    back = request.POST.get("next", "")
    known = back.startswith("/") and url_has_allowed_host_and_scheme(
        back, {request.get_host()}, request.is_secure()
    )
    return back if known else reverse("riskmap:approvals")
