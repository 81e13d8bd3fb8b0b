"""The pages of who reported: the communes of a day by hour, and days of places at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import Permission, areas_where, require
from core.enums import AreaKind
from core.finding import province_of
from core.forms import DayField
from core.models import Area, AreaQuerySet
from riskmap.addresses import refuse_repeated
from riskmap.area_identity import area_of_day
from riskmap.due import due_at, due_list, policy_of
from riskmap.due_overview import overview, tally_of
from riskmap.due_words import by_hour
from riskmap.enums import ReportStatus
from riskmap.history import LIVE_DAYS
from riskmap.imports.cells import EPIDEMIC_BEGAN
from riskmap.models import Assessment

DAYS_AT_A_GLANCE = 14
PLACES = (AreaKind.PROVINCE, AreaKind.DISTRICT, AreaKind.COMMUNE)


class DueForm(forms.Form):
    """The day asked for; not one to come."""

    day = DayField(label=gettext_lazy("Ngày"))

    def __init__(self, *arguments, today: date, **options) -> None:
        super().__init__(*arguments, **options)
        self.today = today

    def clean_day(self) -> date:
        if self.cleaned_data["day"] > self.today:
            raise forms.ValidationError(_("Chưa đến ngày này; xin chọn đến hết hôm nay."))
        if self.cleaned_data["day"] < EPIDEMIC_BEGAN:
            raise forms.ValidationError(_("Ngày này trước khi có dịch; xin xem lại năm."))
        return self.cleaned_data["day"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: a place and day, with the form and the places it may offer."""

    area: Area | None
    day: date
    today: date
    form: DueForm
    places: Sequence[Area] = ()
    begun: date | None = None  # the first day that was ever reported in the province

    @property
    def first(self) -> date:
        """The first day at a glance: nothing was due before the first report."""
        first = self.day - timedelta(days=DAYS_AT_A_GLANCE - 1)
        return min(self.day, max(first, self.begun or first))

    @property
    def status(self) -> int:
        return 400 if self.form.errors else 200

    @property
    def next_day(self) -> date | None:
        return self.day + timedelta(days=1) if self.day < self.today else None


@require_safe
@require(Permission.VIEW_WORKING)
def due(request: HttpRequest) -> HttpResponse:
    """``?area=&day=``: the communes of a place that have not reported a day, then the others by hour."""
    asked = _asked(request)
    if asked.area is None:
        return render(request, "riskmap/due.html", {"asked": asked})
    at, policy = timezone.now(), policy_of(asked.area)
    dues = due_list(scope=asked.area, day=asked.day, at=at)
    own = areas_where(request.user, Permission.ENTER_COUNTS, on=asked.today)
    context = {
        "asked": asked,
        "policy": policy,
        "tally": tally_of(dues, due=due_at(policy, asked.day), at=at),
        "hours": by_hour(dues, day=asked.day, policy=policy),
        "may_enter": set(own.filter(pk__in=[each.area.pk for each in dues]).values_list("pk", flat=True)),
        "by_district": asked.area.kind == AreaKind.PROVINCE,
    }
    return render(request, "riskmap/due.html", context, status=asked.status)


@require_safe
@require(Permission.VIEW_WORKING)
def due_overview(request: HttpRequest) -> HttpResponse:
    """``?area=&day=``: completeness and lateness of the two weeks up to a day, by district or commune."""
    asked = _asked(request)
    if asked.area is None:
        return render(request, "riskmap/due_overview.html", {"asked": asked})
    found = overview(scope=asked.area, first=asked.first, last=asked.day, at=timezone.now())
    context = {
        "asked": asked,
        "overview": found,
        "lines": [(row, list(zip(found.days, row.cells, strict=True))) for row in found.rows],
        "totals": list(zip(found.days, found.totals, strict=True)),
        "accepted": sum(row.cells[0].status == ReportStatus.ACCEPTED for row in found.rows),
        "by_district": asked.area.kind == AreaKind.PROVINCE,
    }
    return render(request, "riskmap/due_overview.html", context, status=asked.status)


def _asked(request: HttpRequest) -> Asked:
    """The place and day of the address; without them the widest of one's own and the latest day there.

    Raises ``Http404`` for a place that is not one's own.
    """
    refuse_repeated(request)
    today = timezone.localdate()
    form = DueForm(request.GET if "day" in request.GET else None, today=today)
    day = form.cleaned_data.get("day") if form.is_valid() else None
    own = areas_where(request.user, Permission.VIEW_WORKING, on=today).filter(kind__in=PLACES)
    if code := request.GET.get("area", ""):
        area = area_of_day(code=code, day=day)
        if area is None or not own.filter(pk=area.pk).exists():
            raise Http404(_("Trong địa bàn của bạn không có đơn vị mang mã này vào ngày đó."))
    else:
        area = own.valid_on(today).order_by(Length("path"), "path").first()
    if area is None:
        return Asked(None, day or today, today, form)
    assessment = Assessment.objects.filter(province=province_of(area)).first()
    day = day or _latest_day(assessment, today=today)
    form.initial["day"] = day
    begun = assessment and assessment.first_day
    return Asked(area, day, today, form, _places(own.valid_on(day), area), begun)


def _latest_day(assessment: Assessment | None, *, today: date) -> date:
    """Today while reports come in, else the last day that was reported in the province."""
    if assessment is None or today <= assessment.last_reported_day + timedelta(days=LIVE_DAYS):
        return today
    return assessment.last_reported_day


def _places(own: AreaQuerySet, area: Area) -> list[Area]:
    """What the form offers: provinces and districts, and communes to somebody who has only these."""
    wide = list(own.exclude(kind=AreaKind.COMMUNE).order_by("path"))
    places = wide or list(own.in_vietnamese_order())
    return places if area in places else [*places, area]
