"""Making and changing a campaign on pages: Sở Nội vụ of the province."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaign.forms import LISTS, CampaignForm, DropForm
from campaign.models import Campaign, Phase
from campaign.models.parts import Part
from campaign.plans import change_campaign, drop_part, has_begun, open_campaign, save_part
from campaign.views import trail
from core.access import Permission, areas_where, require
from core.enums import AreaKind
from core.errors import DomainError


@require(Permission.MANAGE_CAMPAIGNS)
def campaign_new(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    provinces = areas_where(request.user, Permission.MANAGE_CAMPAIGNS, on=today).of_kind(AreaKind.PROVINCE)
    form = CampaignForm(request.POST or None, provinces=provinces, begun=False)
    if form.is_valid():
        try:
            campaign = open_campaign(campaign=form.instance, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã lập phong trào. Xin đặt các đợt và đối tượng thi đua."))
            return redirect(campaign)
    steps = [(reverse("campaign:campaigns"), _("Thi đua")), ("", _("Lập phong trào"))]
    return render(request, "campaign/campaign_edit.html", {"form": form, "trail": steps})


@require(Permission.MANAGE_CAMPAIGNS)
def campaign_edit(request: HttpRequest, slug: str) -> HttpResponse:
    campaign, begun = _mine_or_404(request, slug)
    form = CampaignForm(
        request.POST or None, instance=campaign, provinces=Campaign.objects.none(), begun=begun
    )
    name = campaign.short_title  # as it is, not as it is being typed
    if form.is_valid():
        try:
            change_campaign(
                campaign=form.instance, by=request.user, at=timezone.now(), reason=form.said_reason
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect(campaign)
    context = {"form": form, "campaign": campaign, "name": name, "trail": trail(campaign, _("Sửa"))}
    return render(request, "campaign/campaign_edit.html", context)


@require(Permission.MANAGE_CAMPAIGNS)
def part_new(request: HttpRequest, slug: str, section: str) -> HttpResponse:
    campaign, begun = _mine_or_404(request, slug)
    return _edit(request, _model_of(section)(campaign=campaign), section, begun=begun)


@require(Permission.MANAGE_CAMPAIGNS)
def part_edit(request: HttpRequest, slug: str, section: str, code: str) -> HttpResponse:
    campaign, begun = _mine_or_404(request, slug)
    return _edit(request, _part_or_404(campaign, section, code), section, begun=begun)


@require_POST
@require(Permission.MANAGE_CAMPAIGNS)
def part_drop(request: HttpRequest, slug: str, section: str, code: str) -> HttpResponse:
    """Take a line out; refused, the page of the line says why and keeps the reason."""
    campaign, begun = _mine_or_404(request, slug)
    part = _part_or_404(campaign, section, code)
    form = DropForm(request.POST, begun=begun)
    if form.is_valid():
        try:
            drop_part(
                part=part, by=request.user, at=timezone.now(), reason=form.cleaned_data.get("reason", "")
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã bỏ."))
            return redirect(campaign)
    line_form = LISTS[section][0](instance=part, begun=begun)
    return _page(request, part, section, form=line_form, drop_form=form)


def _edit(request: HttpRequest, part: Phase | Part, section: str, *, begun: bool) -> HttpResponse:
    form = LISTS[section][0](request.POST or None, instance=part, begun=begun)
    if form.is_valid():
        try:
            save_part(
                part=form.instance,
                by=request.user,
                at=timezone.now(),
                reason=form.said_reason,
                place=form.cleaned_data.get("at_place"),
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect(part.campaign)
    return _page(request, part, section, form=form, drop_form=DropForm(begun=begun))


def _page(
    request: HttpRequest, part: Phase | Part, section: str, *, form: forms.ModelForm, drop_form: DropForm
) -> HttpResponse:
    _form, noun = LISTS[section]
    context = {
        "part": part,
        "section": section,
        "noun": noun,
        "form": form,
        "drop_form": drop_form,
        "campaign": part.campaign,
        "trail": trail(part.campaign, noun),
    }
    return render(request, "campaign/part_edit.html", context)


def _mine_or_404(request: HttpRequest, slug: str) -> tuple[Campaign, bool]:
    """A campaign that the person may change, and whether it has begun."""
    today = timezone.localdate()
    mine = Campaign.objects.for_user(request.user, Permission.MANAGE_CAMPAIGNS, on=today)
    campaign = mine.filter(slug=slug).select_related("province").first()
    if campaign is None:
        raise Http404(_("Trong địa bàn của bạn không có phong trào này."))
    return campaign, has_begun(campaign, on=today)


def _model_of(section: str) -> type[Phase | Part]:
    if section not in LISTS:
        raise Http404(_("Kế hoạch không có danh sách này."))
    return LISTS[section][0]._meta.model


def _part_or_404(campaign: Campaign, section: str, code: str) -> Phase | Part:
    of_campaign = _model_of(section).objects.filter(campaign=campaign)
    part = of_campaign.select_related("campaign__province").filter(code=code).first()
    if part is None:
        raise Http404(_("Kế hoạch không có dòng này."))
    return part
