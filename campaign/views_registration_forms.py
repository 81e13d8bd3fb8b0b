"""Writing a registration: a new one, or one that is not handed in yet."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.enums import RegistrationAct
from campaign.forms_registrations import RegistrationForm
from campaign.models import Campaign, Registration
from campaign.registered import competitors
from campaign.registration_moves import allowed_acts, is_over, period_of
from campaign.registration_page import differences, seen_by, units_to_register
from campaign.registrations import (
    RegistrationChanged,
    RegistrationRefused,
    change_registration,
    open_registration,
    submit_registration,
)
from campaign.views import campaign_or_404, trail
from core.access import Permission, require
from riskmap.addresses import refuse_repeated


@require(Permission.REGISTER_UNITS)
def registration_new(request: HttpRequest, slug: str) -> HttpResponse:
    """``?unit=``: one form for a unit of one's own area, kept as a draft or handed in at once."""
    refuse_repeated(request)
    campaign, now = campaign_of_mine_or_404(request, slug), timezone.now()
    units = units_to_register(campaign, request.user, on=timezone.localdate(now))
    form = RegistrationForm(
        request.POST or None,
        request.FILES or None,
        initial=_beginning(request, units),
        campaign=campaign,
        units=units,
        submitting=_submitting(request),
        by=request.user,
        at=now,
    )
    if form.is_valid() and _kept(request, form):
        return redirect(form.instance)
    period = period_of(campaign)
    context = {
        "form": form,
        "campaign": campaign,
        "period": period,
        "closed": request.method == "GET" and is_over(period, on=timezone.localdate(now)),
        "offers": form.fields["unit"].offers(),
        "trail": trail(campaign, _("Đăng ký thi đua")),
    }
    return render(request, "campaign/registration_edit.html", context)


def campaign_of_mine_or_404(request: HttpRequest, slug: str) -> Campaign:
    """A campaign in which the person may register a unit."""
    campaign = campaign_or_404(slug)
    own = competitors(campaign).for_user(request.user, Permission.REGISTER_UNITS, on=timezone.localdate())
    if not own.exists():
        raise Http404(_("Trong địa bàn của bạn không có đơn vị nào thuộc đối tượng của phong trào này."))
    return campaign


def _beginning(request: HttpRequest, units) -> dict:
    """A unit that was chosen on another page, with who leads it."""
    code = request.GET.get("unit", "")
    unit = units.filter(pk=code).first() if code.isascii() and code.isdecimal() and len(code) < 19 else None
    if unit is None:
        return {}
    return {"unit": f"{unit.code} – {unit.name}", "head": unit.head, "head_post": unit.head_post}


@require(Permission.REGISTER_UNITS)
def registration_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft or a returned one; what somebody else wrote meanwhile is shown beside one's own."""
    now = timezone.now()
    stored = _editable_or_404(request, pk)
    form = RegistrationForm(
        request.POST or None,
        request.FILES or None,
        instance=_editable_or_404(request, pk),
        campaign=stored.campaign,
        units=units_to_register(stored.campaign, request.user, on=timezone.localdate(now)),
        submitting=_submitting(request),
        by=request.user,
        at=now,
    )
    theirs: list[tuple[str, str]] = []
    if form.is_valid():
        try:
            if _kept(request, form):
                return redirect(stored)
        except RegistrationChanged as refusal:
            form.add_error(None, refusal.message)
            theirs = differences(form.instance, stored)
            form.data = form.data.copy()  # what is sent next is over what is shown now
            form.data["version"] = stored.version
    context = {
        "form": form,
        "campaign": stored.campaign,
        "registration": stored,
        "period": period_of(stored.campaign),
        "theirs": theirs,
        "trail": [
            (reverse("campaign:own_registrations"), _("Đăng ký thi đua")),
            (stored.get_absolute_url(), stored.unit.name),
            ("", _("Sửa")),
        ],
    }
    return render(request, "campaign/registration_edit.html", context)


def _submitting(request: HttpRequest) -> bool:
    return request.POST.get("then") == "submit"


def _kept(request: HttpRequest, form: RegistrationForm) -> bool:
    """Write it, and hand it in where that was asked for: both or nothing; a refusal is told on the form.

    Raises ``RegistrationChanged`` where somebody else was first.
    """
    now, version = timezone.now(), form.cleaned_data.get("version") or 0
    try:
        with transaction.atomic():
            if form.instance.pk:
                change_registration(registration=form.instance, version=version, by=request.user, at=now)
            else:
                open_registration(registration=form.instance, by=request.user, at=now)
            if _submitting(request):
                submit_registration(registration=form.instance, by=request.user, at=now)
    except RegistrationChanged:
        raise
    except RegistrationRefused as refusal:
        form.take(refusal)
        return False
    messages.success(
        request, _("Đã gửi, chờ cấp trên xác nhận.") if _submitting(request) else _("Đã ghi bản đang soạn.")
    )
    return True


def _editable_or_404(request: HttpRequest, pk: int) -> Registration:
    today = timezone.localdate()
    row = seen_by(request.user, on=today).filter(pk=pk).first()
    if row is None or RegistrationAct.CHANGED not in allowed_acts(row, request.user, today):
        raise Http404(_("Không có đăng ký nào như vậy mà bạn sửa được lúc này."))
    return row
