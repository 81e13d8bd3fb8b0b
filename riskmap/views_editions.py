"""The pages of editions: what was published, when, and the button of Sở Y tế that publishes now."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from core.access import Permission, can, require
from core.api.assets import asset_url
from core.errors import DomainError
from core.finding import AreaNotFound, find_province
from core.models import Area
from riskmap.addresses import page_asked, province_asked, refuse_repeated, trail_from_map
from riskmap.edition_pages import (
    edition_lines,
    find_edition,
    page_of_edition,
    preview_of,
    refuse_long_silence,
)
from riskmap.edition_state import edition_state
from riskmap.editions import publish
from riskmap.map_page import assessed_provinces
from riskmap.models import MapEdition, ProvincePolicy

EDITIONS_A_PAGE = 20
#: How long what was shown on the page may be published.
CONFIRM_WITHIN = timedelta(minutes=15)


@require_safe
@gzip_page
def edition_list(request: HttpRequest) -> HttpResponse:
    """All editions of ``?province=``, newest first, page by page."""
    refuse_repeated(request)
    at = timezone.now()
    provinces = assessed_provinces()
    assessment = province_asked(request, provinces, on=timezone.localdate())
    if assessment is None:
        return render(request, "riskmap/map_empty.html", {"has_areas": Area.objects.exists()})
    province = assessment.province
    editions = MapEdition.objects.filter(province=province).select_related("published_by")
    page = page_asked(request, editions.order_by("-number"), size=EDITIONS_A_PAGE)
    context = {
        "province": province,
        "provinces": [each.province for each in provinces],
        "state": edition_state(province=province, at=at),
        "page": page,
        "lines": edition_lines(list(page)),
        "publish_at": _hour_of(province),
        "may_publish": can(request.user, Permission.PUBLISH, province, on=timezone.localdate()),
        "simulated": ProvincePolicy.objects.filter(province=province, simulated=True).exists(),
        "breadcrumbs": trail_from_map(province, _("Bản công bố")),
    }
    return render(request, "riskmap/editions.html", context)


@require_safe
@gzip_page
def show_edition(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One edition: what it shows, what changed in it, its place in the chain, what is known better now."""
    province = _province_or_404(code)
    edition = find_edition(province=province, number=number)
    if edition is None:
        raise Http404(_("Không có bản công bố mang số này."))
    context = {
        "page": page_of_edition(edition=edition, on=timezone.localdate()),
        "edition": edition,
        "province": province,
        "payload_url": asset_url(edition.payload),
        "breadcrumbs": _trail(province, _("Bản số %(number)s") % {"number": edition.number}),
    }
    return render(request, "riskmap/edition.html", context)


class PublishForm(forms.Form):
    """The cut-off whose levels the person was shown: what was seen is what is published."""

    cut_off = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *arguments, at, **options) -> None:
        super().__init__(*arguments, **options)
        self.at = at

    def clean_cut_off(self):
        try:
            cut_off = parse_datetime(self.cleaned_data["cut_off"])
        except ValueError:
            cut_off = None
        if (
            cut_off is None
            or timezone.is_naive(cut_off)
            or not self.at - CONFIRM_WITHIN <= cut_off <= self.at
        ):
            raise forms.ValidationError(
                gettext_lazy("Trang đã mở quá lâu. Dưới đây là số liệu lúc này, xin xem lại rồi bấm công bố.")
            )
        return cut_off


@require(Permission.PUBLISH)
def publish_now(request: HttpRequest, code: str) -> HttpResponse:
    """Show what would be published at this very moment; publish it when it is confirmed."""
    at = timezone.now()
    province = _province_or_404(code)
    if not can(request.user, Permission.PUBLISH, province, on=timezone.localdate()):
        raise Http404(_("Không có tỉnh này trong địa bàn bạn được công bố."))
    form = PublishForm(request.POST if request.method == "POST" else None, at=at)
    context = {"province": province, "breadcrumbs": _trail(province, _("Công bố ngay"))}
    try:
        if form.is_valid():
            cut_off = form.cleaned_data["cut_off"]
            refuse_long_silence(province=province, cut_off=cut_off)
            edition = publish(province=province, cut_off=cut_off, at=at, by=request.user)
            messages.success(request, _("Đã công bố bản số %(number)s.") % {"number": edition.number})
            return redirect("riskmap:edition", province.code, edition.number)
        context["preview"] = preview_of(province=province, cut_off=at, at=at)
    except DomainError as refusal:
        context["refusal"] = refusal.message
    context["form"] = form
    context["cut_off"] = at.isoformat()
    return render(request, "riskmap/edition_publish.html", context)


def _province_or_404(code: str) -> Area:
    try:
        return find_province(code)
    except (AreaNotFound, ValueError):  # what PostgreSQL takes for no text at all is no code either
        raise Http404(_("Không có bản đồ của tỉnh mang mã này.")) from None


def _hour_of(province: Area):
    return (ProvincePolicy.objects.filter(province=province).first() or ProvincePolicy()).publish_at


def _trail(province: Area, here: str) -> list[tuple[str, str]]:
    to_list = reverse("riskmap:editions", query={"province": province.code})
    return trail_from_map(province, (to_list, _("Bản công bố")), here)
