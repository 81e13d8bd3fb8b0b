"""Writing a dossier: nominees, the papers with their autosave, attachments."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from awards.dossier_page import left_of, shown, theirs_beside
from awards.dossier_papers import Paper, fields_of, papers_of
from awards.dossiers import (
    WRITABLE,
    DossierChanged,
    DossierRefused,
    drop_attachment,
    save_item,
)
from awards.enums import ItemKind, NomineeStatus
from awards.evidence import evidence_of
from awards.forms_dossiers import NomineeForm, PaperForm
from awards.models import Dossier, DossierItem, Nominee
from awards.nominees import add_nominee, change_nominee, drop_nominee
from awards.views_dossiers import dossier_or_404, trail
from campaign.forms_registrations import ReasonForm
from core.access import Permission, require
from core.errors import DomainError

LARGEST_SAVE = 200_000  # bytes: one field of letters with diacritics, and air


@require(Permission.PREPARE_DOSSIERS)
def nominee_new(request: HttpRequest, pk: int) -> HttpResponse:
    return _nominee(request, _writable_or_404(request, pk), None)


@require(Permission.PREPARE_DOSSIERS)
def nominee_edit(request: HttpRequest, pk: int, nominee_id: int) -> HttpResponse:
    dossier = _writable_or_404(request, pk)
    return _nominee(request, dossier, _nominee_or_404(dossier, nominee_id))


def _nominee(request: HttpRequest, dossier: Dossier, nominee: Nominee | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form, theirs = NomineeForm(data, dossier=dossier, nominee=nominee), None
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("unit", "kind", "person", "person_post", "deeds")}
        said |= {"by": request.user, "at": timezone.now()}
        try:
            if nominee:
                change_nominee(nominee=nominee, version=form.cleaned_data["version"] or 0, **said)
            else:
                nominee = add_nominee(dossier=dossier, **said)
        except DossierChanged as refusal:
            theirs = refusal.theirs
            form.add_error(None, refusal.message)
            form.data = form.data.copy()  # what is sent next is over what is shown now
            form.data["version"] = theirs.version
        except DossierRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã ghi đối tượng đề nghị."))
            return redirect(f"{dossier.get_absolute_url()}#nominees")
    context = {
        "form": form,
        "dossier": dossier,
        "nominee": nominee,
        "theirs": theirs,
        "offers": form.fields["unit"].offers(),
        "reason_form": ReasonForm(),
        "trail": trail(dossier, str(nominee) if nominee else _("Thêm đối tượng")),
    }
    return render(request, "awards/nominee_edit.html", context)


@require_POST
@require(Permission.PREPARE_DOSSIERS)
def nominee_drop(request: HttpRequest, pk: int, nominee_id: int) -> HttpResponse:
    """Withdraw a proposal for a reason."""
    dossier = _writable_or_404(request, pk)
    nominee, form = _nominee_or_404(dossier, nominee_id), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Xin ghi lý do rút đề nghị."))
        return redirect("awards:nominee_edit", dossier.pk, nominee.pk)
    try:
        drop_nominee(
            nominee=nominee,
            version=_number(request.POST.get("version", "")),
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("awards:nominee_edit", dossier.pk, nominee.pk)
    messages.success(request, _("Đã rút đề nghị."))
    return redirect(dossier)


@require(Permission.PREPARE_DOSSIERS)
def paper(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One paper beside what the portal knows; what somebody else saved meanwhile beside one's own."""
    dossier = _writable_or_404(request, pk)
    sheet, now = _paper_or_404(dossier, key), timezone.now()
    form = _paper_form(request, dossier, sheet)
    theirs: list[tuple[str, str]] = []
    overtaken = None
    if form.is_valid():
        try:
            _save(request, dossier, sheet, form)
        except DossierChanged as refusal:
            overtaken = refusal.theirs
            theirs = theirs_beside(overtaken, form.words, form.cleaned_data.get("form"))
            form.add_error(None, refusal.message)
            form.show_over(overtaken.version)
        except DossierRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect(f"{dossier.get_absolute_url()}#{sheet.kind}")
    evidence = evidence_of(nominee=sheet.nominee, at=now) if sheet.nominee else None
    context = {
        "form": form,
        "dossier": dossier,
        "sheet": sheet,
        "theirs": theirs,
        "overtaken": overtaken,
        "evidence": evidence and shown(evidence),
        "left": left_of(dossier, at=now),
        "trail": trail(dossier, sheet.kind.label.capitalize()),
    }
    return render(request, "awards/paper.html", context)


@require_POST
@require(Permission.PREPARE_DOSSIERS)
def paper_save(request: HttpRequest, pk: int, key: str) -> JsonResponse:
    """Autosave: ``{words: {field: text}, version}``. 409 with theirs where somebody else was first."""
    dossier = _writable_or_404(request, pk)
    sheet = _paper_or_404(dossier, key)
    said = _said(request)
    if said is None:
        return JsonResponse({"message": _("Nội dung gửi lên không đọc được.")}, status=400)
    words, version = said
    known = {"dossier": dossier, "kind": sheet.kind, "nominee": sheet.nominee, "item": sheet.item}
    try:
        item = save_item(**known, words=words, version=version, by=request.user, at=timezone.now())
    except DossierChanged as refusal:
        stored = refusal.theirs
        answer = {"message": refusal.message, "version": stored.version, "words": stored.words}
        return JsonResponse(answer, status=409)
    except DossierRefused as refusal:
        return JsonResponse({"message": refusal.message}, status=400)
    saved = timezone.localtime(item.saved_at)
    return JsonResponse({"version": item.version, "saved": f"{saved:%H:%M:%S}"})


@require(Permission.PREPARE_DOSSIERS)
def attachment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A further paper: a file and what it is called."""
    dossier = _writable_or_404(request, pk)
    sheet = Paper("", ItemKind.ATTACHMENT, None, None, "", ())
    form = _paper_form(request, dossier, sheet)
    if form.is_valid():
        try:
            _save(request, dossier, sheet, form)
        except DossierRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã thêm tài liệu kèm theo."))
            return redirect(f"{dossier.get_absolute_url()}#attachment")
    context = {
        "form": form,
        "dossier": dossier,
        "sheet": sheet,
        "left": left_of(dossier, at=timezone.now()),
        "trail": trail(dossier, _("Thêm tài liệu")),
    }
    return render(request, "awards/paper.html", context)


@require_POST
@require(Permission.PREPARE_DOSSIERS)
def attachment_drop(request: HttpRequest, pk: int, item_id: int) -> HttpResponse:
    dossier = _writable_or_404(request, pk)
    item = dossier.items.filter(pk=item_id, kind=ItemKind.ATTACHMENT).first()
    if item is None:
        raise Http404(_("Hồ sơ không có tài liệu này."))
    version = _number(request.POST.get("version", ""))
    try:
        drop_attachment(item=item, version=version, by=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã bỏ tài liệu."))
    return redirect(f"{dossier.get_absolute_url()}#attachment")


def _writable_or_404(request: HttpRequest, pk: int) -> Dossier:
    dossier = dossier_or_404(request, pk)
    if request.method == "GET" and dossier.status not in WRITABLE:
        raise Http404(_("Hồ sơ này không sửa được lúc này."))
    return dossier


def _nominee_or_404(dossier: Dossier, nominee_id: int) -> Nominee:
    rows = dossier.nominees.exclude(status=NomineeStatus.WITHDRAWN).select_related("unit__seat", "dossier")
    nominee = rows.filter(pk=nominee_id).first()
    if nominee is None:
        raise Http404(_("Hồ sơ không có đối tượng này."))
    return nominee


def _paper_or_404(dossier: Dossier, key: str) -> Paper:
    for sheet in papers_of(dossier):
        if sheet.key == key and fields_of(sheet.kind):
            return sheet
    raise Http404(_("Hồ sơ không có giấy tờ này."))


def _paper_form(request: HttpRequest, dossier: Dossier, sheet: Paper) -> PaperForm:
    posted = request.method == "POST"
    return PaperForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        dossier=dossier,
        kind=sheet.kind,
        item=sheet.item,
        by=request.user,
        at=timezone.now(),
    )


def _save(request: HttpRequest, dossier: Dossier, sheet: Paper, form: PaperForm) -> DossierItem:
    said = {name: form.cleaned_data[name] for name in ("file", "form") if name in form.fields}
    return save_item(
        dossier=dossier,
        kind=sheet.kind,
        nominee=sheet.nominee,
        item=sheet.item if sheet.kind == ItemKind.ATTACHMENT else None,
        words=form.words,
        version=form.cleaned_data["version"],
        by=request.user,
        at=timezone.now(),
        **said,
    )


def _said(request: HttpRequest) -> tuple[dict[str, str], int] | None:
    """The fields and the version of an autosave; ``None`` for what is none."""
    try:
        said = json.loads(request.body) if len(request.body) <= LARGEST_SAVE else None
    except ValueError:
        return None
    words, version = (said.get("words"), said.get("version")) if isinstance(said, dict) else (None, None)
    if not isinstance(words, dict) or type(version) is not int or not 0 <= version < 10**9:
        return None
    return (words, version) if all(isinstance(text, str) for text in words.values()) else None


def _number(posted: str) -> int:
    return int(posted) if posted.isascii() and posted.isdecimal() and len(posted) < 10 else 0
