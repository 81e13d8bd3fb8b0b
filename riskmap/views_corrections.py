"""Corrections: a number put right in two steps, and those that wait for a second person."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import Permission, areas_where, can, require
from core.enums import AreaKind
from core.errors import DomainError
from core.finding import province_of
from core.models import Area
from riskmap.addresses import cell_of_address, page_asked, refuse_repeated
from riskmap.cell_timeline import timeline_of
from riskmap.correction_page import Cell, Look, cell_of, look_at, page_of_request
from riskmap.corrections import confirm_correction, refuse_correction, withdraw_correction
from riskmap.count_days import Counted
from riskmap.counts import CountRow
from riskmap.entry_source import entry_source
from riskmap.enums import CorrectionStatus
from riskmap.forms_entry import NumberField
from riskmap.in_force import COUNT_COLUMNS
from riskmap.models import CorrectionRequest, CountSource
from riskmap.reading_words import CASE_WORDS
from riskmap.row_changes import faults_of
from riskmap.submissions import Submitted, submit_counts

REQUESTS_A_PAGE = 30
COUNTED = (AreaKind.COMMUNE, AreaKind.HAMLET)
LARGEST = 2_147_483_647  # what a number of the ledger can be


class CorrectionForm(forms.Form):
    """What the source should say of the cell, why, and on which document. A blank says nothing."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=300,
        help_text=gettext_lazy("Mọi người đọc được lý do này, không ghi tên người bệnh."),
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Đính chính phải nêu lý do.")},
    )
    document = forms.CharField(
        label=gettext_lazy("Số văn bản"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Bắt buộc khi ngày đã duyệt; ví dụ: 125/BC-SYT ngày 15/07/2021."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *arguments, own_word: Counted | None, **options) -> None:
        super().__init__(*arguments, **options)
        for name in COUNT_COLUMNS:
            if name == "unclassified" and not (own_word and own_word.unclassified):
                continue  # a file said so; people say how a case was found
            self.fields[name] = NumberField(
                label=CASE_WORDS[name](),
                max_value=LARGEST,
                initial=getattr(own_word, name, None),
                widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
                error_messages={
                    "invalid": gettext_lazy("Xin ghi một số nguyên, không có dấu chấm, dấu phẩy."),
                    "min_value": gettext_lazy("Xin ghi một số nguyên từ 0 trở lên."),
                    "max_value": gettext_lazy("Số quá lớn."),
                },
            )

    @property
    def number_fields(self) -> list:
        return [self[name] for name in COUNT_COLUMNS if name in self.fields]

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors and all(cleaned.get(name) is None for name in COUNT_COLUMNS):
            raise forms.ValidationError(gettext_lazy("Phải có ít nhất một con số; không có ca thì ghi 0."))
        return cleaned

    def row(self, area: Area, day) -> CountRow:
        return CountRow(area.pk, day, **{name: self.cleaned_data.get(name) for name in COUNT_COLUMNS})


@require(Permission.ENTER_COUNTS)
def correction_new(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """What a correction would touch, then the correction; ``?source=`` is whose word is corrected."""
    area, on = cell_of_address(request, code, day, Permission.ENTER_COUNTS, kinds=COUNTED)
    now, today = timezone.now(), timezone.localdate()
    if on > today:
        raise Http404(_("Ngày này chưa đến."))
    any_source = can(request.user, Permission.ACCEPT_COUNTS, area, on=today)
    cell = cell_of(area=area, day=on, source=None, any_source=any_source, at=now)
    if asked := request.GET.get("source"):
        chosen = next((each for each in cell.sources if str(each.pk) == asked), None)
        if chosen is None:
            raise Http404(_("Không có nguồn này để đính chính."))
        cell = cell_of(area=area, day=on, source=chosen, any_source=any_source, at=now)
    form = CorrectionForm(request.POST or None, own_word=cell.own_word)
    look = None
    if form.is_valid():
        source = cell.source or entry_source(province=province_of(area), by=request.user)
        look = _look(form, cell, source, at=now)
        if look and request.POST.get("step") == "write":
            if form.cleaned_data["seen"] == look.token:
                if answer := _write(request, form, cell, look, at=now):
                    return answer
            else:
                messages.warning(
                    request, _("Số liệu đã thay đổi sau khi bạn xem. Dưới đây là ảnh hưởng theo số lúc này.")
                )
    context = {
        "cell": cell,
        "form": form,
        "look": look if form.is_valid() else None,
        "history": timeline_of(area=area, day=on),
        "may_grant": any_source,
        "breadcrumbs": _trail_of_cell(area, on, _("Đính chính")),
    }
    return render(request, "riskmap/correction_new.html", context)


def _look(form: CorrectionForm, cell: Cell, source: CountSource, *, at) -> Look | None:
    """What it would come to; what stands in the way is put on the form."""
    look = look_at(source=source, row=form.row(cell.area, cell.day), at=at)
    if look is None:
        form.add_error(None, _("Số mới giống hệt số nguồn này đã ghi; không có gì để đính chính."))
        return None
    said = form.cleaned_data
    for fault in faults_of([look.change], reason=said["reason"], document=said["document"]):
        form.add_error("document" if fault.code == "document_needed" else None, fault.message)
    return look


def _write(request: HttpRequest, form: CorrectionForm, cell: Cell, look: Look, *, at) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        submitted = submit_counts(
            source=look.source,
            rows=[look.change.row],
            reason=form.cleaned_data["reason"],
            document=form.cleaned_data["document"],
            by=request.user,
            at=at,
        )
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return None
    return _after(request, cell, submitted)


def _after(request: HttpRequest, cell: Cell, submitted: Submitted) -> HttpResponse:
    if submitted.held:
        messages.info(
            request, _("Đính chính này đổi màu trong thời gian thi đua nên chờ người thứ hai xác nhận.")
        )
        return redirect("riskmap:correction", submitted.held.pk)
    messages.success(request, _("Đã ghi đính chính. Những nơi đổi màu được báo tin."))
    return redirect("riskmap:cell_history", cell.area.code, cell.day.isoformat())


@require_safe
@require(Permission.VIEW_WORKING)
def cell_history(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """All that happened to the numbers of a commune and day, with names: for those who work with them."""
    area, on = cell_of_address(request, code, day, Permission.VIEW_WORKING, kinds=COUNTED)
    today = timezone.localdate()
    events = timeline_of(area=area, day=on)
    mine = areas_where(request.user, Permission.VIEW_WORKING, on=today)
    about = {event.about for event in events if event.about}
    may_correct = can(request.user, Permission.ENTER_COUNTS, area, on=today) and on <= today
    cell = cell_of(area=area, day=on, source=None, any_source=False, at=timezone.now())
    context = {
        "cell": cell,
        "events": events,
        "open_to": set(mine.filter(pk__in=about).values_list("pk", flat=True)),
        "may_correct": may_correct,
        "breadcrumbs": _trail_of_cell(area, on, _("Lịch sử")),
    }
    return render(request, "riskmap/cell_history.html", context)


def _trail_of_cell(area: Area, day, here: str) -> list[tuple[str, str]]:
    to_area = f"{reverse('riskmap:area', args=[area.code])}?day={day.isoformat()}"
    return [(to_area, area.name), ("", f"{here}, {day:%d/%m/%Y}")]


STATES = {
    "for_me": gettext_lazy("Chờ tôi xác nhận"),
    "mine": gettext_lazy("Tôi đề nghị"),
    "waiting": gettext_lazy("Đang chờ"),
    "done": gettext_lazy("Đã xử lý"),
}


def _requests(request: HttpRequest) -> QuerySet[CorrectionRequest]:
    """Those of my areas, and those I asked for."""
    mine = areas_where(request.user, Permission.VIEW_WORKING, on=timezone.localdate())
    asked = CorrectionRequest.objects.filter(Q(area__in=mine) | Q(requested_by=request.user))
    return asked.select_related("area__parent", "source", "province", "requested_by", "decided_by")


@require_safe
@require(Permission.VIEW_WORKING)
def corrections(request: HttpRequest) -> HttpResponse:
    """``?state=for_me|mine|waiting|done``: corrections that need a second person."""
    refuse_repeated(request)
    judged = areas_where(request.user, Permission.ACCEPT_COUNTS, on=timezone.localdate())
    waits = Q(status=CorrectionStatus.WAITING)
    lists = {
        "for_me": waits & Q(area__in=judged) & ~Q(requested_by=request.user),
        "mine": Q(requested_by=request.user),
        "waiting": waits,
        "done": ~waits,
    }
    state = request.GET.get("state", "waiting")
    if state not in lists:
        raise Http404(_("Không có danh sách như vậy."))
    listed = _requests(request).filter(lists[state]).order_by("-requested_at", "-pk")
    page = page_asked(request, listed, size=REQUESTS_A_PAGE)
    context = {"page": page, "state": state, "states": STATES.items()}
    return render(request, "riskmap/corrections.html", context)


def _request_or_404(
    request: HttpRequest, correction_id: int, permission: Permission = Permission.VIEW_WORKING
) -> CorrectionRequest:
    found = _requests(request).filter(pk=correction_id).first()
    if found is None or (
        permission != Permission.VIEW_WORKING
        and not can(request.user, permission, found.area, on=timezone.localdate())
    ):
        raise Http404(_("Trong địa bàn của bạn không có đính chính này."))
    return found


class RefusalForm(forms.Form):
    refusal = forms.CharField(
        label=gettext_lazy("Lý do không đồng ý"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Không đồng ý đính chính thì phải nêu lý do.")},
    )


@require_safe
@require(Permission.VIEW_WORKING)
def correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """One correction: its numbers, what it would touch as it was shown and as it is now."""
    return _show(request, _request_or_404(request, correction_id), RefusalForm())


def _show(request: HttpRequest, asked: CorrectionRequest, form: RefusalForm) -> HttpResponse:
    mine = asked.requested_by_id == request.user.pk
    may_judge = can(request.user, Permission.ACCEPT_COUNTS, asked.area, on=timezone.localdate())
    context = {
        "page": page_of_request(request=asked, at=timezone.now()),
        "correction": asked,
        "form": form,
        "may_judge": may_judge and not mine,
        "mine": mine,
        "breadcrumbs": [
            (reverse("riskmap:corrections"), _("Đính chính")),
            ("", _("Đề nghị số %(number)s") % {"number": asked.pk}),
        ],
    }
    return render(request, "riskmap/correction.html", context)


@require_POST
@require(Permission.ACCEPT_COUNTS)
def correction_confirm(request: HttpRequest, correction_id: int) -> HttpResponse:
    """The second person agrees; it is posted."""
    asked = _request_or_404(request, correction_id, Permission.ACCEPT_COUNTS)
    said = _("Đã xác nhận và ghi sổ. Những nơi đổi màu được báo tin.")
    return _decide(request, asked, confirm_correction, said)


@require_http_methods(["GET", "POST"])
@require(Permission.ACCEPT_COUNTS)
def correction_refuse(request: HttpRequest, correction_id: int) -> HttpResponse:
    """The second person does not agree, and says why."""
    asked = _request_or_404(request, correction_id, Permission.ACCEPT_COUNTS)
    if request.method == "GET":
        return redirect("riskmap:correction", asked.pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _show(request, asked, form)
    return _decide(request, asked, refuse_correction, _("Đã ghi: không đồng ý."), **form.cleaned_data)


@require_POST
@require(Permission.ENTER_COUNTS)
def correction_withdraw(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Who asked for it takes it back."""
    asked = _request_or_404(request, correction_id)
    return _decide(request, asked, withdraw_correction, _("Đã rút đề nghị."))


def _decide(
    request: HttpRequest, asked: CorrectionRequest, act: Callable, said: str, **more: str
) -> HttpResponse:
    try:
        act(request=asked, by=request.user, at=timezone.now(), **more)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect("riskmap:correction", asked.pk)
