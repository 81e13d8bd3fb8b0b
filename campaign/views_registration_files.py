"""Registrations by file: the workbook of one's own units, its preview with all errors, and its way in."""

from __future__ import annotations

import base64

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from campaign.forms_registrations import CommitFileForm, FileForm
from campaign.models import Campaign, Registration
from campaign.registered import competitors
from campaign.registration_files import (
    RegistrationFile,
    commit_registrations,
    read_registrations,
    write_registrations,
)
from campaign.registration_files.committing import Committed
from campaign.views import trail
from campaign.views_registration_forms import campaign_of_mine_or_404
from core.access import Permission, require
from core.errors import DomainError
from riskmap.imports.template import MEDIA_TYPE
from riskmap.views_count_files import hand_out

NAMED = 5
SHOWN = 200  # of the refusals and changes; the numbers are of all


@require_safe
@require(Permission.REGISTER_UNITS)
def registrations_template(request: HttpRequest, slug: str) -> HttpResponse:
    """The workbook of one's own units with what they registered so far."""
    campaign = campaign_of_mine_or_404(request, slug)
    units = _units(request, campaign)
    there = Registration.objects.filter(campaign=campaign, unit__in=units)
    content = write_registrations(
        campaign=campaign,
        units=units,
        registrations={registration.unit_id: registration for registration in there},
        at=timezone.now(),
    )
    return hand_out(content, f"dang-ky-{campaign.slug}.xlsx", MEDIA_TYPE)


@require(Permission.REGISTER_UNITS)
def registrations_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a file; then comes what it would do, with all its errors at once."""
    campaign = campaign_of_mine_or_404(request, slug)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            file = _read(request, campaign, said["file"], said["then"])
        except DomainError as refusal:
            form.add_error("file", refusal.message)
        else:
            return _preview(request, campaign, file, said["file"], said["then"])
    context = {"form": form, "campaign": campaign, "trail": trail(campaign, _("Đăng ký theo tệp"))}
    return render(request, "campaign/registrations_import.html", context)


@require_POST
@require(Permission.REGISTER_UNITS)
def registrations_commit(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a file as its preview showed it; refused, the preview comes again with why."""
    campaign, form = campaign_of_mine_or_404(request, slug), CommitFileForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Tệp không còn nguyên vẹn; xin chọn lại tệp."))
        return redirect("campaign:registrations_import", slug)
    said = form.cleaned_data
    try:
        done = commit_registrations(
            said["content"],
            campaign=campaign,
            units=_units(request, campaign),
            shown=said["shown"],
            submitting=said["then"] == "submit",
            right_rows_only=said["right_rows_only"],
            by=request.user,
            at=timezone.now(),
        )
    except DomainError as refusal:
        return _again(request, campaign, said, refusal)
    _tell(request, done)
    return redirect(reverse("campaign:own_registrations", query={"campaign": campaign.slug, "state": "all"}))


def _again(request: HttpRequest, campaign: Campaign, said: dict, refusal: DomainError) -> HttpResponse:
    messages.error(request, refusal.message)
    try:
        file = _read(request, campaign, said["content"], said["then"])
    except DomainError:
        return redirect("campaign:registrations_import", campaign.slug)
    return _preview(request, campaign, file, said["content"], said["then"])


def _preview(
    request: HttpRequest, campaign: Campaign, file: RegistrationFile, content: bytes, then: str
) -> HttpResponse:
    carried = {"content": base64.b64encode(content).decode(), "shown": file.fingerprint, "then": then}
    writes = [*file.new, *file.changed]
    context = {
        "campaign": campaign,
        "file": file,
        "writes": writes[:SHOWN],
        "writes_unshown": max(0, len(writes) - SHOWN),
        "refusals": file.refusals[:SHOWN],
        "refusals_unshown": max(0, len(file.refusals) - SHOWN),
        "submitting": then == "submit",
        "anything": bool(writes) or (then == "submit" and bool(file.to_submit)),
        "form": CommitFileForm(initial=carried),
        "trail": trail(campaign, _("Đăng ký theo tệp")),
    }
    return render(request, "campaign/registrations_preview.html", context)


def _read(request: HttpRequest, campaign: Campaign, content: bytes, then: str) -> RegistrationFile:
    return read_registrations(
        content,
        campaign=campaign,
        units=_units(request, campaign),
        submitting=then == "submit",
        at=timezone.now(),
    )


def _units(request: HttpRequest, campaign: Campaign):
    own = competitors(campaign).for_user(request.user, Permission.REGISTER_UNITS, on=timezone.localdate())
    return own.select_related("seat__parent__parent__parent").order_by("seat__path", "sort_key", "code")


def _tell(request: HttpRequest, done: Committed) -> None:
    written = done.kept.opened + done.kept.changed
    said = ngettext("Đã ghi %(count)s đăng ký.", "Đã ghi %(count)s đăng ký.", written)
    messages.success(request, said % {"count": written})
    if done.taken is None:
        return
    sent = len(done.taken.done)
    said = ngettext("Đã gửi %(count)s đăng ký.", "Đã gửi %(count)s đăng ký.", sent)
    messages.success(request, said % {"count": sent})
    for each in done.taken.refused[:NAMED]:
        messages.error(request, f"{each.registration.unit.name}: {each.sentence}")
