"""Files of units: an area's list as a workbook; a file that comes back, its preview, and its way in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from campaign.forms_units import UnitCommitForm, UnitFileForm
from campaign.models import UnitBatch
from campaign.unit_files import commit_units, examine_units, keep_unit_file, write_units
from campaign.units_page import as_table
from core.access import Permission, areas_where, require
from core.errors import DomainError
from riskmap.addresses import page_asked, refuse_repeated
from riskmap.forms_facts import units_of_day
from riskmap.import_page import places_to_fill
from riskmap.imports.rejects import rejects_workbook
from riskmap.imports.sheets import MAX_BYTES
from riskmap.imports.template import MEDIA_TYPE
from riskmap.views_count_files import hand_out

BATCHES_A_PAGE = 20
SHOWN = 200  # rows of each kind on the page; the file that can be fetched has all
#: Up to here a file that is too large is told beside its field; beyond, unread.
LARGEST_BODY = 3 * MAX_BYTES


@require_safe
@require(Permission.REGISTER_UNITS)
def units_export(request: HttpRequest, code: str) -> HttpResponse:
    """The units of an area and below, to be filled and imported."""
    today = timezone.localdate()
    areas = units_of_day(areas_where(request.user, Permission.REGISTER_UNITS, on=today), today)
    area = areas.filter(code=code).first() if "\0" not in code else None
    if area is None:
        raise Http404(_("Trong địa bàn của bạn không có đơn vị mang mã này."))
    return hand_out(write_units(area=area, on=today), f"don-vi-{area.code}-{today}.xlsx", MEDIA_TYPE)


@csrf_exempt  # a body that is far too large is refused before it is read for its token; then the token counts
def units_import(request: HttpRequest) -> HttpResponse:
    """The files of my areas, and a new one."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        context = {"message": _("Tệp lớn hơn 20 MB. Hãy chia thành nhiều tệp rồi nhập lần lượt.")}
        return render(request, "core/refused.html", context, status=413)
    return _units_import(request)


@csrf_protect
@require(Permission.REGISTER_UNITS)
def _units_import(request: HttpRequest) -> HttpResponse:
    refuse_repeated(request)
    today, posted = timezone.localdate(), request.method == "POST"
    areas = areas_where(request.user, Permission.REGISTER_UNITS, on=today)
    form = UnitFileForm(
        request.POST if posted else None, request.FILES if posted else None, areas=areas, today=today
    )
    places = places_to_fill(request.user, on=today, permission=Permission.REGISTER_UNITS)
    if places:
        form.initial["area"] = form.fields["area"].offer(places[0])
    if form.is_valid():
        file, area = form.cleaned_data["file"], form.cleaned_data["area"]
        try:
            batch = keep_unit_file(file=file, name=file.name, area=area, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect(batch)
    context = {
        "form": form,
        "file_lost": bool(request.FILES),
        "places": places,
        "page": page_asked(request, _mine(request).defer("content"), size=BATCHES_A_PAGE),
        "trail": _trail(("", _("Nhập từ tệp"))),
    }
    return render(request, "campaign/units_import.html", context)


@require_safe
@require(Permission.REGISTER_UNITS)
def unit_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """A file: what it would do, or that it was written."""
    return _page(request, _batch_or_404(request, batch_id))


@require_POST
@require(Permission.REGISTER_UNITS)
def unit_batch_commit(request: HttpRequest, batch_id: int) -> HttpResponse:
    batch, now = _batch_or_404(request, batch_id), timezone.now()
    if batch.committed_at is not None:
        return redirect(batch)
    form = UnitCommitForm(request.POST).ask(examine_units(batch=batch, at=now))
    if form.is_valid():
        said = form.cleaned_data
        try:
            commit_units(
                batch=batch,
                shown=said["shown"],
                right_rows_only=said.get("right_rows_only", False),
                by=request.user,
                at=now,
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã ghi đơn vị từ tệp."))
            return redirect(batch)
    return _page(request, batch, refused=form)


@require_safe
@require(Permission.REGISTER_UNITS)
def unit_batch_rows(request: HttpRequest, batch_id: int) -> HttpResponse:
    """All faults and all changes of a file that waits, as a workbook."""
    batch = _batch_or_404(request, batch_id)
    if batch.committed_at is not None:
        raise Http404(_("Tệp này đã được ghi."))
    file = examine_units(batch=batch, at=timezone.now())
    content = rejects_workbook(file.refusals, changes=as_table(file))
    return hand_out(content, f"xem-truoc-don-vi-{batch.pk}.xlsx", MEDIA_TYPE)


def _page(request: HttpRequest, batch: UnitBatch, *, refused: UnitCommitForm | None = None) -> HttpResponse:
    file = examine_units(batch=batch, at=timezone.now()) if batch.committed_at is None else None
    form = UnitCommitForm().ask(file) if file else None
    if refused is not None and file:
        form = refused
        form.data = {**form.data.dict(), "shown": file.fingerprint}  # what the page shows now
    context = {
        "batch": batch,
        "file": file,
        "form": form,
        "limit": SHOWN,
        "trail": _trail((reverse("campaign:units_import"), _("Nhập từ tệp")), ("", batch.file_name)),
    }
    return render(request, "campaign/unit_batch.html", context)


def _mine(request: HttpRequest):
    mine = UnitBatch.objects.for_user(request.user, Permission.REGISTER_UNITS, on=timezone.localdate())
    return mine.select_related("area__parent", "created_by", "committed_by")


def _batch_or_404(request: HttpRequest, batch_id: int) -> UnitBatch:
    batch = _mine(request).filter(pk=batch_id).first()
    if batch is None:
        raise Http404(_("Trong địa bàn của bạn không có tệp này."))
    return batch


def _trail(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("campaign:units"), _("Đơn vị thi đua")), *steps]
