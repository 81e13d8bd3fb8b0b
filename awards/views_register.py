"""The public register of awards: the list, its workbook, one decision, and the check of a certificate."""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.forms_decisions import RegisterFilterForm
from awards.models import Decision
from awards.register import awarded_lines, certificate_of, narrowed, register_book, statistics
from core.views.logins import client_address
from riskmap.addresses import page_asked, refuse_repeated
from riskmap.pace import Pace

LINES_A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_pace_of_checks = Pace(per_minute=60)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """``?q=&campaign=&phase=&year=&page=``: the awards in force, and how many there are of what."""
    refuse_repeated(request)
    form = _asked(request)
    lines = narrowed(awarded_lines(), **form.cleaned_data) if form.is_valid() else awarded_lines().none()
    context = {
        "form": form,
        "page": page_asked(request, lines, size=LINES_A_PAGE),
        "statistics": statistics(lines),
        "asked": request.GET.urlencode(),
    }
    return render(request, "awards/register.html", context, status=400 if form.errors else 200)


@require_safe
def register_file(request: HttpRequest) -> HttpResponse:
    """The same lines as a workbook."""
    refuse_repeated(request)
    form = _asked(request)
    if not form.is_valid():
        return render(
            request, "awards/register.html",
            {"form": form, "page": page_asked(request, awarded_lines().none(), size=1)}, status=400,
        )  # fmt: skip
    body = register_book(narrowed(awarded_lines(), **form.cleaned_data))
    answer = HttpResponse(body, content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="khen-thuong.xlsx"'
    answer["Content-Language"] = "vi"
    return answer


@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision: number, day, who was awarded. Whoever was not is nobody's business here."""
    rows = Decision.objects.select_related("proposal__phase__campaign", "corrects").defer("content")
    found = get_object_or_404(rows, pk=pk)
    context = {
        "decision": found,
        "page": page_asked(request, found.lines.filter(awarded=True), size=LINES_A_PAGE),
        "correction": found.corrections.defer("content").first(),
        "trail": [(reverse("awards:register"), _("Khen thưởng")), ("", found.number)],
    }
    return render(request, "awards/decision.html", context)


@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """``?code=``: whether a certificate is genuine, and what it says if it is."""
    refuse_repeated(request)
    asked = request.GET.get("code", "").strip()
    trail = [(reverse("awards:register"), _("Khen thưởng")), ("", _("Kiểm tra bằng khen"))]
    if not asked:
        return render(request, "awards/certificate.html", {"trail": trail})
    if not _pace_of_checks.allows(client_address(request) or "", seconds=time.time()):
        context = {"trail": trail, "asked": asked, "too_often": True}
        return render(request, "awards/certificate.html", context, status=429)
    line = certificate_of(asked)
    context = {"trail": trail, "asked": asked, "line": line, "unknown": line is None}
    context["correction"] = line and line.decision.corrections.defer("content").first()
    return render(request, "awards/certificate.html", context, status=200 if line else 404)


def _asked(request: HttpRequest) -> RegisterFilterForm:
    phase = "decision__proposal__phase__"
    choices = (
        awarded_lines().order_by().values_list(
            f"{phase}campaign__slug", f"{phase}campaign__short_title", f"{phase}code", f"{phase}name",
            "decision__signed_on",
        ).distinct()
    )  # fmt: skip
    asked = {name: request.GET.get(name, "") for name in ("q", "campaign", "phase", "year")}
    return RegisterFilterForm(asked, choices=list(choices))
