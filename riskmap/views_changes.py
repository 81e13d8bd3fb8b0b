"""The page of changes: who changed colour between two days and why, who is silent, what was corrected."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from core.errors import DomainError
from core.forms import DayField
from core.models import Area
from riskmap.addresses import province_asked, refuse_repeated, trail_from_map
from riskmap.change_page import page_of_changes, period_seen
from riskmap.map_page import assessed_provinces
from riskmap.viewpoint import UnclearViewpoint, Viewpoint, read_viewpoint


class SpanForm(forms.Form):
    """From the end of one day to the end of another; either may be left to the page."""

    first = DayField(label=_("Từ hết ngày"), required=False)
    last = DayField(label=_("Đến hết ngày"), required=False)

    def clean(self) -> dict:
        asked = super().clean()
        first, last = asked.get("first"), asked.get("last")
        if first and last and first >= last:
            self.add_error("last", _("Ngày sau phải muộn hơn ngày đầu."))
        return asked


@require_safe
@gzip_page
def show_changes(request: HttpRequest) -> HttpResponse:
    """``?province=&first=&last=&as_of=``; without days, the last one known and the day before it."""
    refuse_repeated(request)
    at = timezone.now()
    provinces = assessed_provinces()
    assessment = province_asked(request, provinces, on=timezone.localdate())
    if assessment is None:
        return render(request, "riskmap/map_empty.html", {"has_areas": Area.objects.exists()})
    form = SpanForm({name: request.GET.get(name, "") for name in SpanForm.base_fields})
    context = {
        "form": form,
        "province": assessment.province,
        "provinces": [each.province for each in provinces],
        "viewpoint": Viewpoint(),
        "breadcrumbs": trail_from_map(assessment.province, _("Thay đổi")),
    }
    status = 400
    try:
        context["viewpoint"] = viewpoint = read_viewpoint(request.GET.get("as_of"), at=at)
        if form.is_valid():
            status = 404
            context["asked"] = asked = form.cleaned_data
            period = period_seen(assessment=assessment, viewpoint=viewpoint, on=timezone.localdate(), **asked)
            if period.first and period.first >= period.last:
                form.add_error("first", _("Ngày đầu phải sớm hơn ngày sau."))
                status = 400
            else:
                context["page"] = page_of_changes(
                    assessment=assessment, viewpoint=viewpoint, period=period, at=at
                )
                context["form"] = SpanForm(initial={"first": period.first, "last": period.last})
                status = 200
    except UnclearViewpoint as refusal:
        context["instant_error"] = refusal.message
    except DomainError as refusal:
        context["refusal"] = refusal.message
    return render(request, "riskmap/changes.html", context, status=status)
