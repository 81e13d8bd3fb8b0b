"""The pages of disagreements: days of which sources differ, and the choice between them."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import Permission, areas_where, can_anywhere, require
from core.errors import DomainError
from core.finding import province_of
from riskmap.addresses import cell_of_address, page_asked, refuse_repeated
from riskmap.disagreement_page import options_of, tables_of
from riskmap.disagreements import disagreements, sides_of
from riskmap.forms_sources import ChoiceForm, PeriodForm
from riskmap.imports.units import COUNTED
from riskmap.models import CountSource
from riskmap.source_choices import Choice, submit_choice

DAYS_A_PAGE = 20


@require_safe
@require(Permission.VIEW_WORKING)
def disagreement_list(request: HttpRequest) -> HttpResponse:
    """``?first=&last=&page=``: days of my areas of which sources differ until somebody chose."""
    refuse_repeated(request)
    at, today = timezone.now(), timezone.localdate()
    form = PeriodForm({name: request.GET.get(name, "") for name in PeriodForm.base_fields})
    context = {"form": form, "may_choose": can_anywhere(request.user, Permission.CHOOSE_SOURCE, on=today)}
    if not form.is_valid():
        return render(request, "riskmap/disagreements.html", context, status=400)
    mine = areas_where(request.user, Permission.VIEW_WORKING, on=today).filter(kind__in=COUNTED)
    cells = disagreements(
        areas=list(mine.values_list("pk", flat=True)),
        first=form.cleaned_data["first"] or date.min,
        last=form.cleaned_data["last"] or today,
    )
    page = page_asked(request, cells, size=DAYS_A_PAGE)
    shown = sides_of([(cell.area_id, cell.day) for cell in page], at=at)
    choosable = areas_where(request.user, Permission.CHOOSE_SOURCE, on=today)
    context |= {
        "page": page,
        "tables": tables_of(shown),
        "choosable": set(
            choosable.filter(pk__in=[each.area_id for each in shown]).values_list("pk", flat=True)
        ),
    }
    return render(request, "riskmap/disagreements.html", context)


@require(Permission.CHOOSE_SOURCE)
def disagreement(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """What every source says of a unit and day, what each would make of the map, and the choice of one."""
    area, on = cell_of_address(request, code, day, Permission.CHOOSE_SOURCE, kinds=COUNTED)
    at = timezone.now()
    (cell,) = sides_of([(area.pk, on)], at=at)
    form = ChoiceForm(
        request.POST or None,
        sources=[(side.source_id, side.source) for side in cell.sides],
        may_return=bool(cell.choice and cell.choice.source),
    )
    if form.is_valid():
        try:
            choice = submit_choice(
                area=area,
                day=on,
                source=CountSource.objects.filter(pk=form.chosen()).first(),
                reason=form.cleaned_data["reason"],
                document=form.cleaned_data["document"],
                by=request.user,
                at=at,
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _outcome(choice))
            return redirect("riskmap:disagreements")
    context = {
        "table": tables_of([cell])[0],
        "cell": cell,
        "province": province_of(area),
        "form": form,
        "options": options_of(cell, form=form, area=area, at=at),
        "trail": [
            (reverse("riskmap:disagreements"), _("Nguồn lệch nhau")),
            ("", f"{area.name}, {on:%d/%m/%Y}"),
        ],
    }
    return render(request, "riskmap/disagreement.html", context)


def _outcome(choice: Choice) -> str:
    if choice.held:
        return _("Chọn nguồn này đổi màu trong thời gian thi đua, nên chờ người thứ hai xác nhận.")
    if choice.made:
        return _("Đã chọn nguồn. Màu được tính lại ngay sau đây.")
    return _("Không có gì thay đổi: nguồn này đã được chọn từ trước.")
