"""Who registered in a campaign, as everybody reads it, and who has not yet, for those who work on it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from campaign.models import Campaign, Unit
from campaign.models.registrations import RegistrationQuerySet
from campaign.registered import (
    by_district,
    competitors,
    district_of,
    not_registered,
    public_registrations,
    share_registered,
)
from campaign.registration_moves import is_late, is_over, period_of
from campaign.registration_reminders import ask_to_register
from campaign.views import campaign_or_404, trail
from core.access import Permission, areas_where, can_anywhere, require
from core.enums import AreaKind
from core.models import Area
from core.models.scoping import granted_paths
from core.vietnamese import fold
from riskmap.addresses import page_asked, refuse_repeated

LINES_A_PAGE = 100
DISTRICTS = (AreaKind.PROVINCE, AreaKind.DISTRICT)


class SearchForm(forms.Form):
    """The list, narrowed to a name, a group or a district."""

    q = forms.CharField(label=gettext_lazy("Tìm đơn vị, địa bàn"), required=False, max_length=100)
    group = forms.ModelChoiceField(
        label=gettext_lazy("Đối tượng"),
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("mọi đối tượng"),
    )

    def __init__(self, *args, campaign: Campaign, **options) -> None:
        super().__init__(*args, **options)
        self.fields["group"].queryset = campaign.target_groups.all()
        self.fields["group"].label_from_instance = lambda group: group.name

    def narrow(self, rows: RegistrationQuerySet) -> RegistrationQuerySet:
        if self.cleaned_data["group"]:
            rows = rows.filter(group=self.cleaned_data["group"])
        for word in fold(self.cleaned_data["q"]).split():
            rows = rows.filter(unit__search_text__contains=word) | rows.filter(
                unit__seat__parent__search_text__contains=word
            )
        return rows


@require_safe
def registrations(request: HttpRequest, slug: str) -> HttpResponse:
    """``?q=&group=``: who registered and was confirmed, with target and day; the share of each district."""
    refuse_repeated(request)
    campaign = campaign_or_404(slug)
    form = SearchForm(request.GET, campaign=campaign)
    if not form.is_valid():
        raise Http404(_("Không có danh sách như vậy."))
    rows = public_registrations(campaign)
    page = page_asked(request, form.narrow(rows), size=LINES_A_PAGE)
    shares = share_registered(campaign)
    context = {
        "campaign": campaign,
        "form": form,
        "page": page,
        "lines": [(row, is_late(row)) for row in page],
        "total": rows.count(),
        "shares": shares,
        "communes": sum(share.total for share in shares),
        "communes_registered": sum(share.registered for share in shares),
        "may_see_due": can_anywhere(request.user, Permission.VIEW_WORKING, on=timezone.localdate()),
        "trail": trail(campaign, _("Đăng ký")),
    }
    return render(request, "campaign/registrations.html", context)


@require_safe
@require(Permission.VIEW_WORKING)
def registrations_due(request: HttpRequest, slug: str) -> HttpResponse:
    """``?area=``: the units of one's own area that have not registered, by district."""
    refuse_repeated(request)
    campaign, today = campaign_or_404(slug), timezone.localdate()
    own = competitors(campaign).for_user(request.user, Permission.VIEW_WORKING, on=today)
    if not own.exists():
        raise Http404(_("Trong địa bàn của bạn không có đơn vị nào của phong trào này."))
    units = list(not_registered(campaign, own))
    district = _chosen(request, units)
    shown = [unit for unit in units if district is None or district_of(unit.seat) == district]
    page = page_asked(request, shown, size=LINES_A_PAGE)
    over = is_over(period_of(campaign), on=today)
    context = {
        "campaign": campaign,
        "districts": [(area, len(its)) for area, its in by_district(units)],
        "district": district,
        "page": page,
        "groups": by_district(page),
        "missing": len(units),
        "total": own.count(),
        "over": over,
        "days_over": campaign.register_by and (today - campaign.register_by).days,
        "may_ask": set() if over else _may_ask(request, page),
        "may_register": set() if over else _may_register(request, page),
        "trail": trail(campaign, _("Đơn vị chưa đăng ký")),
    }
    return render(request, "campaign/registrations_due.html", context)


def _chosen(request: HttpRequest, units: list[Unit]) -> Area | None:
    code = request.GET.get("area", "")
    if not code:
        return None
    district = next((area for area, _its in by_district(units) if area.code == code), None)
    if district is None:
        raise Http404(_("Trong địa bàn của bạn không có đơn vị như vậy chưa đăng ký."))
    return district


def _may_ask(request: HttpRequest, units: list[Unit]) -> set[int]:
    """The districts (ids) of these units whose people the reader may remind."""
    districts = {district_of(unit.seat).pk for unit in units}
    mine = areas_where(request.user, Permission.CONFIRM_REGISTRATIONS, on=timezone.localdate())
    return set(mine.filter(pk__in=districts).values_list("pk", flat=True))


def _may_register(request: HttpRequest, units: list[Unit]) -> set[int]:
    paths = granted_paths(request.user, Permission.REGISTER_UNITS, on=timezone.localdate())
    return {unit.pk for unit in units if any(f"{unit.seat.path}/".startswith(f"{path}/") for path in paths)}


@require_POST
@require(Permission.CONFIRM_REGISTRATIONS)
def registrations_ask(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Remind those who register units of a district."""
    campaign, today = campaign_or_404(slug), timezone.localdate()
    mine = areas_where(request.user, Permission.CONFIRM_REGISTRATIONS, on=today)
    area = mine.under(campaign.province).filter(code=code, kind__in=DISTRICTS).first()
    if area is None or is_over(period_of(campaign), on=today):
        raise Http404(_("Trong địa bàn của bạn không có đơn vị này."))
    told = ask_to_register(campaign=campaign, area=area, by=request.user, at=timezone.now())
    if told:
        said = ngettext("Đã nhắc %(count)s người.", "Đã nhắc %(count)s người.", told)
        messages.success(request, said % {"count": told})
    else:
        messages.info(request, _("Hôm nay đã nhắc rồi, hoặc nơi này chưa có người được giao đăng ký."))
    return redirect(reverse("campaign:registrations_due", args=[slug]))
