"""Exceptions from the lock: who may change which accepted day, why and until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.access import Permission, areas_where, can_anywhere, require
from core.enums import AreaKind
from core.errors import DomainError
from core.forms import AreaField, DayField
from core.models import AreaQuerySet
from riskmap.addresses import page_asked, refuse_repeated
from riskmap.lock_exceptions import LONGEST, end_exception, grant_exception, in_force_at
from riskmap.models import LockException

EXCEPTIONS_A_PAGE = 50
USUAL = timedelta(days=3)


class ExceptionForm(forms.Form):
    """Whose numbers of which accepted day may be changed, why, and until when."""

    area = AreaField(
        label=gettext_lazy("Xã, phường, thị trấn, hoặc cả huyện"),
        help_text=gettext_lazy("Gõ mã hoặc tên đơn vị, không cần dấu. Cả huyện: mọi xã của huyện ngày đó."),
    )
    day = DayField(label=gettext_lazy("Ngày của số liệu"))
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=300,
        help_text=gettext_lazy("Ví dụ: Trung tâm Y tế báo sót 2 ca, công văn 45/TTYT."),
        widget=forms.Textarea({"rows": 2}),
    )
    until = forms.SplitDateTimeField(
        label=gettext_lazy("Được sửa đến"),
        input_date_formats=["%d/%m/%Y", "%Y-%m-%d"],
        input_time_formats=["%H:%M"],
        help_text=gettext_lazy("Ngày và giờ; không quá 14 ngày kể từ bây giờ. Từ lúc đó ngày lại bị khóa."),
        widget=forms.SplitDateTimeWidget(
            date_format="%d/%m/%Y",
            time_format="%H:%M",
            date_attrs={
                "placeholder": gettext_lazy("ngày/tháng/năm"),
                "inputmode": "numeric",
                "autocomplete": "off",
                "aria-label": gettext_lazy("Ngày hết hạn"),
            },
            time_attrs={
                "placeholder": gettext_lazy("giờ:phút"),
                "autocomplete": "off",
                "aria-label": gettext_lazy("Giờ hết hạn"),
            },
        ),
        error_messages={
            "invalid_date": gettext_lazy(
                "Ngày không đúng; xin ghi theo dạng ngày/tháng/năm, ví dụ 15/07/2021."
            ),
            "invalid_time": gettext_lazy("Giờ không đúng; xin ghi theo dạng giờ:phút, ví dụ 17:00."),
        },
    )

    def __init__(self, *arguments, areas: AreaQuerySet, **options) -> None:
        super().__init__(*arguments, **options)
        self.fields["area"].among = areas
        self.fields["area"].widget.attrs |= {"list": "area_offers", "autocomplete": "off"}


@require_safe
@require(Permission.VIEW_WORKING)
def exceptions(request: HttpRequest) -> HttpResponse:
    """``?state=in_force|over``: what was excepted from the lock in my areas."""
    refuse_repeated(request)
    now, today = timezone.now(), timezone.localdate()
    mine = LockException.objects.for_user(request.user, Permission.VIEW_WORKING, on=today)
    state = request.GET.get("state", "in_force")
    if state not in ("in_force", "over"):
        raise Http404(_("Không có danh sách như vậy."))
    open_now = in_force_at(mine, now)
    listed = open_now if state == "in_force" else mine.exclude(pk__in=open_now.values("pk"))
    listed = listed.select_related("area__parent", "granted_by", "ended_by").order_by("-granted_at", "-pk")
    own = areas_where(request.user, Permission.ACCEPT_COUNTS, on=today)
    page = page_asked(request, listed, size=EXCEPTIONS_A_PAGE)
    endable = set(own.filter(pk__in={each.area_id for each in page}).values_list("pk", flat=True))
    context = {
        "page": page,
        "state": state,
        "states": [("in_force", _("Đang có hiệu lực")), ("over", _("Đã hết hạn hoặc kết thúc"))],
        "endable": endable if state == "in_force" else (),
        "may_grant": can_anywhere(request.user, Permission.ACCEPT_COUNTS, on=today),
        "breadcrumbs": _trail(_("Phép sửa ngày đã khóa"), top=True),
    }
    return render(request, "riskmap/exceptions.html", context)


@require(Permission.ACCEPT_COUNTS)
def exception_new(request: HttpRequest) -> HttpResponse:
    """Let the numbers of an accepted day be changed for a time; ``?area=&day=`` fill the form."""
    now, today = timezone.now(), timezone.localdate()
    areas = areas_where(request.user, Permission.ACCEPT_COUNTS, on=today)
    areas = areas.filter(kind__in=[AreaKind.DISTRICT, AreaKind.COMMUNE]).select_related("parent")
    initial = {
        "area": request.GET.get("area", ""),
        "day": request.GET.get("day", ""),
        "until": _end_of_day(now + USUAL),
    }
    form = ExceptionForm(request.POST or None, initial=initial, areas=areas.order_by("path"))
    if form.is_valid():
        said = form.cleaned_data
        try:
            grant_exception(
                area=said["area"],
                day=said["day"],
                reason=said["reason"],
                expires_at=said["until"],
                by=request.user,
                at=now,
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("%(area)s được sửa số liệu ngày %(day)s.")
                % {"area": said["area"].name, "day": f"{said['day']:%d/%m/%Y}"},
            )
            return redirect("riskmap:exceptions")
    context = {"form": form, "longest": LONGEST.days, "breadcrumbs": _trail(_("Cho phép sửa"))}
    return render(request, "riskmap/exception_new.html", context)


@require_POST
@require(Permission.ACCEPT_COUNTS)
def exception_end(request: HttpRequest, exception_id: int) -> HttpResponse:
    """End the leave at once."""
    mine = LockException.objects.for_user(request.user, Permission.ACCEPT_COUNTS, on=timezone.localdate())
    exception = mine.filter(pk=exception_id).select_related("area").first()
    if exception is None:
        raise Http404(_("Trong địa bàn của bạn không có phép sửa này."))
    try:
        end_exception(exception=exception, by=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã kết thúc phép sửa của %(area)s.") % {"area": exception.area.name})
    return redirect("riskmap:exceptions")


def _end_of_day(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(hour=17, minute=0, second=0, microsecond=0)


def _trail(here: str, *, top: bool = False) -> list[tuple[str, str]]:
    to_queue = (reverse("riskmap:approvals"), _("Duyệt số liệu"))
    return [
        to_queue,
        *([] if top else [(reverse("riskmap:exceptions"), _("Phép sửa ngày đã khóa"))]),
        ("", here),
    ]
