"""Paper templates: which kinds a province sets by Word files of its own; putting in, trying, taking out."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from awards.enums import PaperKind
from awards.forms_templates import TemplateForm
from awards.models import PaperTemplate
from awards.paper.placeholders import PLACEHOLDERS, kinds_with_placeholders
from awards.paper.samples import sample_of
from awards.paper_templates import (
    TemplateRefused,
    faults_in,
    put_in_template,
    take_out_template,
    try_template,
)
from core.access import Permission, areas_where, can, require
from core.enums import AreaKind
from core.errors import DomainError
from core.file_contents import DOCX
from core.finding import AreaNotFound, find_province
from core.models import Area, StoredFile
from core.views.papers import answer_with
from riskmap.addresses import refuse_repeated

HISTORY = 20


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def paper_templates(request: HttpRequest) -> HttpResponse:
    """The kinds of papers of my provinces: set by the portal, or by a file of the office."""
    refuse_repeated(request)
    areas = areas_where(request.user, Permission.REVIEW_DOSSIERS, on=timezone.localdate())
    provinces = list(areas.filter(kind=AreaKind.PROVINCE).in_vietnamese_order())
    used = PaperTemplate.objects.filter(province__in=provinces, taken_out_at=None)
    found = {(row.province_id, row.kind): row for row in used.select_related("put_in_by")}
    rows = [
        (province, [(kind, found.get((province.pk, kind))) for kind in kinds_with_placeholders()])
        for province in provinces
    ]
    return render(request, "awards/paper_templates.html", {"provinces": rows})


@require(Permission.REVIEW_DOSSIERS)
def paper_template(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """One kind: what it may speak of, the file in use, checking and putting in another, the history."""
    province, known, now = _province_or_404(request, code), _kind_or_404(kind), timezone.now()
    form, faults, checked = TemplateForm(request.POST or None, request.FILES or None), (), None
    form.fields["file"].bind(area=province, by=request.user, at=now)
    if form.is_valid():
        checked = form.cleaned_data["file"]
        try:
            if request.POST.get("act") == "put_in":
                put_in_template(province=province, kind=known, **form.cleaned_data, by=request.user, at=now)
                messages.success(
                    request, _("Đã đưa mẫu vào dùng. Từ giờ loại văn bản này có bản Word theo mẫu.")
                )
                return redirect("awards:paper_template", province.code, known)
            faults = faults_in(checked, known)
        except TemplateRefused as refusal:
            form.add_error(None, refusal.message)
            faults = refusal.faults
    return render(request, "awards/paper_template.html", {
        "province": province, "kind": known, "form": form, "faults": faults, "checked": checked,
        "placeholders": PLACEHOLDERS[known], "history": _history(province, known),
        "trail": [(reverse("awards:paper_templates"), _("Mẫu văn bản")), ("", known.label)],
    })  # fmt: skip


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def template_sample(request: HttpRequest, kind: str) -> HttpResponse:
    """The portal's own letter with placeholders in their place, to edit."""
    known = _kind_or_404(kind)
    return answer_with(sample_of(known), media_type=DOCX, name=f"mau-de-sua-{known}.docx")


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def template_trial(request: HttpRequest, code: str, kind: str, token: str) -> HttpResponse:
    """A file without faults, filled with the examples."""
    province, known = _province_or_404(request, code), _kind_or_404(kind)
    file = StoredFile.objects.filter(area=province, token=token, content_type=DOCX).first()
    if file is None or faults_in(file, known):
        raise Http404(_("Không có tệp mẫu này, hoặc tệp còn lỗi."))
    return answer_with(try_template(file, known), media_type=DOCX, name=f"xem-thu-{known}.docx")


@require_POST
@require(Permission.REVIEW_DOSSIERS)
def template_take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """The portal's layout again for the kind."""
    rows = PaperTemplate.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=timezone.localdate())
    template = rows.select_related("province").filter(pk=pk).first()
    if template is None:
        raise Http404(_("Trong địa bàn của bạn không có mẫu này."))
    try:
        take_out_template(template=template, by=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã thôi dùng mẫu. Loại văn bản này lại theo bố cục của cổng."))
    return redirect("awards:paper_template", template.province.code, template.kind)


def _province_or_404(request: HttpRequest, code: str) -> Area:
    try:
        province = find_province(code)
    except (AreaNotFound, ValueError):  # what PostgreSQL takes for no text at all is no code either
        province = None
    if province is None or not can(
        request.user, Permission.REVIEW_DOSSIERS, province, on=timezone.localdate()
    ):
        raise Http404(_("Trong địa bàn của bạn không có tỉnh mang mã này."))
    return province


def _kind_or_404(kind: str) -> PaperKind:
    if kind not in kinds_with_placeholders():
        raise Http404(_("Không có loại văn bản này, hoặc loại này do cổng soạn."))
    return PaperKind(kind)


def _history(province: Area, kind: PaperKind) -> list[PaperTemplate]:
    """The latest first; the one in use, where there is one, is the first."""
    rows = PaperTemplate.objects.filter(province=province, kind=kind)
    rows = rows.select_related("put_in_by", "taken_out_by", "file").defer("file__content")
    return list(rows.order_by("-put_in_at", "-pk")[:HISTORY])
