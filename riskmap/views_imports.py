"""Imported files: the list, a new file and its preview, its way into the ledger and back out."""

from __future__ import annotations

import io
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from core.access import Permission, areas_where, can_anywhere, require
from core.enums import AreaKind
from core.errors import DomainError
from core.finding import province_of
from riskmap.addresses import page_asked, refuse_repeated
from riskmap.enums import BatchStatus
from riskmap.forms_facts import units_of_day
from riskmap.forms_imports import CommitForm, ImportForm, UndoForm
from riskmap.import_page import as_table, changed_rows, may_write, page_of_batch, places_to_fill
from riskmap.imports import commit_batch, examine_batch, preview_batch, undo_batch
from riskmap.imports.rejects import rejects_workbook, write_rejects
from riskmap.imports.sheets import MAX_BYTES
from riskmap.imports.template import MEDIA_TYPE
from riskmap.models import ImportBatch, RejectedRow
from riskmap.views_count_files import hand_out

BATCHES_A_PAGE = 30
#: Up to here a file that is too large is told beside its field, with the other answers kept; beyond, unread.
LARGEST_BODY = 3 * MAX_BYTES
_FIELD_OF = {"reason_needed": "reason", "document_needed": "document"}


@require_safe
@require(Permission.VIEW_WORKING)
def import_list(request: HttpRequest) -> HttpResponse:
    """The files of my areas, the newest first, and the workbooks to fill."""
    refuse_repeated(request)
    today = timezone.localdate()
    batches = _visible(request).defer("content").order_by("-created_at", "-pk")
    context = {
        "page": page_asked(request, batches, size=BATCHES_A_PAGE),
        "places": places_to_fill(request.user, on=today),
        "may_import": can_anywhere(request.user, Permission.ENTER_COUNTS, on=today),
        "today": today,
        "week_ago": today - timedelta(days=6),
    }
    return render(request, "riskmap/imports.html", context)


@csrf_exempt  # a body that is far too large is refused before it is read for its token; then the token counts
def import_new(request: HttpRequest) -> HttpResponse:
    """Choose a file and say of where it is; then comes its preview."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        context = {"message": _("Tệp lớn hơn 20 MB. Hãy chia thành nhiều tệp theo tháng rồi nhập lần lượt.")}
        return render(request, "core/refused.html", context, status=413)
    return _import_new(request)


@csrf_protect
@require(Permission.ENTER_COUNTS)
def _import_new(request: HttpRequest) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    places = places_to_fill(request.user, on=today)
    form = ImportForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        areas=units_of_day(areas_where(request.user, Permission.ENTER_COUNTS, on=today), today),
        managed=areas_where(request.user, Permission.MANAGE_SOURCES, on=today).of_kind(AreaKind.PROVINCE),
    )
    if places:
        form.initial["area"] = form.fields["area"].offer(places[0])
    if form.is_valid():
        try:
            said = form.said()
            preview = preview_batch(**said, province=province_of(said["scope"]), by=request.user, at=now)
        except DomainError as refusal:
            form.add_error("file" if refusal.code == "unusable_file" else None, refusal.message)
        else:
            return redirect("riskmap:import_batch", preview.batch.pk)
    context = {"form": form, "file_lost": bool(request.FILES), "trail": _trail(_("Tệp mới"))}
    return render(request, "riskmap/import_new.html", context)


@require_safe
@require(Permission.VIEW_WORKING)
def show_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """A file: what it would do, or what it did."""
    return _page(request, _batch_or_404(request, batch_id, Permission.VIEW_WORKING))


@require_POST
@require(Permission.ENTER_COUNTS)
def batch_commit(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Post a previewed file to the ledger, as its page showed it."""
    batch, form = _batch_to_write(request, batch_id), CommitForm(request.POST)
    if form.is_valid():
        try:
            committed = commit_batch(batch=batch, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(_FIELD_OF.get(refusal.code), refusal.message)
        else:
            messages.success(request, _("Đã ghi số liệu của tệp.") if committed.post_id else _("Đã xong."))
            return redirect("riskmap:import_batch", batch.pk)
    return _page(request, _batch_to_write(request, batch_id), commit_form=form, refused=form)


@require_POST
@require(Permission.ENTER_COUNTS)
def batch_undo(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take a committed file back."""
    batch, form = _batch_to_write(request, batch_id), UndoForm(request.POST)
    if form.is_valid():
        try:
            undone = undo_batch(batch=batch, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            cells = undone.taken_back
            done = ngettext("Đã hoàn tác %(cells)d số.", "Đã hoàn tác %(cells)d số.", cells)
            messages.success(request, done % {"cells": cells})
            return redirect("riskmap:import_batch", batch.pk)
    return _page(request, _batch_to_write(request, batch_id), undo_form=form, refused=form)


@require_safe
@require(Permission.VIEW_WORKING)
def batch_rows(request: HttpRequest, batch_id: int, extension: str) -> HttpResponse:
    """The refused rows of a file as CSV or XLSX; the latter with what a previewed file would change."""
    batch = _batch_or_404(request, batch_id, Permission.VIEW_WORKING)
    refused = RejectedRow.objects.filter(batch=batch)
    if extension == "csv":
        out = io.StringIO(newline="")
        write_rejects(refused, out)
        return hand_out(out.getvalue().encode(), f"dong-bi-tu-choi-{batch.pk}.csv", "text/csv; charset=utf-8")
    if extension != "xlsx":
        raise Http404(_("Các dòng có ở dạng csv, xlsx."))
    changes = []
    try:
        if batch.status == BatchStatus.PREVIEWED and batch.scope:
            changes = as_table(changed_rows(examine_batch(batch=batch, at=timezone.now())))
    except DomainError:
        pass  # the page says why the file cannot be told any more; its refused rows stand
    return hand_out(rejects_workbook(refused, changes=changes), f"dong-cua-tep-{batch.pk}.xlsx", MEDIA_TYPE)


def _visible(request: HttpRequest, permission: Permission = Permission.VIEW_WORKING):
    batches = ImportBatch.objects.for_user(request.user, permission, on=timezone.localdate())
    return batches.select_related(
        "province", "scope__parent", "created_by", "committed_by", "undone_by", "held", "undo_post"
    )


def _batch_or_404(request: HttpRequest, batch_id: int, permission: Permission) -> ImportBatch:
    batch = _visible(request, permission).filter(pk=batch_id).first()
    if batch is None:
        raise Http404(_("Trong địa bàn của bạn không có tệp này."))
    return batch


def _batch_to_write(request: HttpRequest, batch_id: int) -> ImportBatch:
    """A batch that its reader may commit or undo; one that came by the command is the operator's."""
    batch = _batch_or_404(request, batch_id, Permission.ENTER_COUNTS)
    if batch.scope is None or not may_write(user=request.user, batch=batch, on=timezone.localdate()):
        raise Http404(_("Bạn không ghi được tệp này."))
    return batch


def _page(request: HttpRequest, batch: ImportBatch, **page_forms: forms.Form) -> HttpResponse:
    page = page_of_batch(batch=batch, user=request.user, on=timezone.localdate(), at=timezone.now())
    context = {
        "page": page,
        "batch": batch,
        "commit_form": CommitForm(),
        "undo_form": UndoForm(),
        "trail": _trail(batch.file_name),
        **page_forms,
    }
    if page.sifted:
        context["commit_form"].ask(page.sifted)
    return render(request, "riskmap/import_batch.html", context)


def _trail(here: str) -> list[tuple[str, str]]:
    return [(reverse("riskmap:imports"), _("Nhập tệp")), ("", here)]
