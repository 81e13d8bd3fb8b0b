"""Sending the day's drafts: what would be sent, what is asked for it, and what came of it."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.access import Permission, can, require
from riskmap.entry_grid import EntryGrid
from riskmap.models import CorrectionRequest, CountPost, DayReportStep
from riskmap.sending import SendRefused, Sent, send_again, send_cells
from riskmap.views_entry import grid_or_404, grid_page, grid_trail, save_posted


class SendForm(forms.Form):
    """Which drafts, as they were shown (``code:version``), with reason and document where they are needed."""

    cells = forms.MultipleChoiceField(required=False)
    reason = forms.CharField(
        label=gettext_lazy("Lý do sửa"),
        required=False,
        max_length=CorrectionRequest._meta.get_field("reason").max_length,
        help_text=gettext_lazy("Ghi vào sổ cùng số mới; ví dụ: bổ sung 2 ca có kết quả chiều nay."),
    )
    document = forms.CharField(
        label=gettext_lazy("Số văn bản"),
        required=False,
        max_length=CountPost._meta.get_field("document").max_length,
        help_text=gettext_lazy("Ngày này đã duyệt: ghi số, ngày của văn bản làm căn cứ sửa."),
    )
    complete = forms.BooleanField(
        label=gettext_lazy("Số liệu ngày này đã đủ mọi xã, phường, thị trấn"), required=False
    )

    answer = forms.CharField(
        label=gettext_lazy("Trả lời Sở Y tế"),
        max_length=DayReportStep._meta.get_field("reason").max_length,
        help_text=gettext_lazy("Gửi lại khi số đã đúng; ví dụ: đã đối chiếu với danh sách, không đổi."),
        error_messages={"required": gettext_lazy("gửi lại số không đổi thì phải trả lời Sở Y tế.")},
    )

    def __init__(self, grid: EntryGrid, *arguments, whole: bool, **options) -> None:
        super().__init__(*arguments, **options)
        self.fields["reason"].error_messages["required"] = _("sửa số đã gửi thì phải nêu lý do.")
        self.fields["document"].error_messages["required"] = _("ngày đã duyệt: phải ghi số văn bản.")
        self.rows = {f"{row.area.code}:{row.cell.version}": row for row in grid.drafts}
        posted = self.data.getlist("cells") if self.is_bound else []
        self.fields["cells"].choices = [(value, value) for value in (*self.rows, *posted)]
        asks = [row for _value, row, chosen in self.lines() if chosen and (row.corrects or grid.accepted)]
        if asks:
            self.fields["reason"].required = True
            self.fields["document"].required = grid.accepted
        if not (asks or any(row.corrects for row in grid.drafts)):
            del self.fields["reason"]
        if not grid.accepted:
            del self.fields["document"]
        if self.rows or not grid.returned:
            del self.fields["answer"]
        if not whole or "answer" in self.fields:
            del self.fields["complete"]

    def lines(self) -> list[tuple]:
        """``(value, row, chosen)`` of each draft; at first all are chosen that are not locked."""
        chosen = {value.split(":")[0] for value in self.data.getlist("cells")} if self.is_bound else None
        return [
            (value, row, not row.locked if chosen is None else row.area.code in chosen)
            for value, row in self.rows.items()
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.ENTER_COUNTS)
def send_entry(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """What would be sent; sent when it is confirmed. A form without scripts brings its rows here first."""
    at = timezone.now()
    grid = grid_or_404(request, code, day, at=at)
    whole = not grid.one_commune and can(
        request.user, Permission.ENTER_COUNTS, grid.scope, on=timezone.localdate(at)
    )
    if request.method == "POST" and "confirm" not in request.POST:
        posted, grid, _saved = save_posted(request, grid, at)
        if any(form.refused for form in posted):
            return grid_page(request, grid, posted)
        return redirect("riskmap:entry_send", code, day)
    form = SendForm(grid, request.POST if request.method == "POST" else None, whole=whole)
    refusals = ()
    if form.is_valid():
        try:
            if answer := form.cleaned_data.get("answer"):
                send_again(area=grid.area, day=grid.day, answer=answer, by=request.user, at=at)
                messages.success(request, _("Đã gửi lại, kèm trả lời Sở Y tế."))
                return redirect("riskmap:entry_grid", code, day)
            sent = _send(request, grid, form, at)
        except SendRefused as refused:
            refusals = refused.refusals
        else:
            _tell(request, sent, at)
            return redirect("riskmap:entry_grid", code, day)
    context = {
        "grid": grid,
        "form": form,
        "refusals": refusals,
        "breadcrumbs": grid_trail(grid, _("Gửi số liệu")),
    }
    part = request.headers.get("X-Requested-With") == "fetch"
    template = "riskmap/_entry_send.html" if part else "riskmap/entry_send.html"
    return render(request, template, context)


def _send(request: HttpRequest, grid: EntryGrid, form: SendForm, at: datetime) -> Sent | None:
    """Send what was chosen; ``None`` while there is nothing, and nobody ever sent anything."""
    by_code = {row.area.code: row.area.pk for row in grid.rows}
    pairs = [value.rpartition(":") for value in form.cleaned_data["cells"]]
    seen = {
        by_code[code]: int(version)
        for code, _colon, version in pairs
        if code in by_code and version.isdecimal()
    }
    if grid.source is None:
        return None
    return send_cells(
        scope=grid.scope,
        day=grid.day,
        source=grid.source,
        areas=set(seen),
        reason=form.cleaned_data.get("reason", ""),
        document=form.cleaned_data.get("document", ""),
        complete=form.cleaned_data.get("complete", False),
        seen=seen,
        by=request.user,
        at=at,
    )


def _tell(request: HttpRequest, sent: Sent | None, at: datetime) -> None:
    if sent is None or not sent.communes:
        messages.info(request, _("Không có số mới để gửi."))
        return
    words = {
        "sent": sent.communes,
        "total": sent.total,
        "reported": sent.reported,
        "time": f"{timezone.localtime(at):%H:%M:%S}",
    }
    if sent.communes == sent.total:
        messages.success(request, _("Đã gửi %(sent)s/%(total)s xã lúc %(time)s.") % words)
    else:
        messages.success(
            request,
            _("Đã gửi %(sent)s xã lúc %(time)s; %(reported)s/%(total)s xã của ngày này đã có số.") % words,
        )
    if sent.held:
        messages.warning(
            request,
            _(
                "Các số sửa làm đổi màu trong thời gian thi đua nên chưa ghi sổ: chờ người thứ hai xác nhận "
                "ở trang Đính chính."
            ),
        )
