"""Who read a dossier that names persons."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.reads import words_of
from awards.views_dossiers import dossier_or_404, trail
from core.access import Permission, require
from riskmap.addresses import page_asked, refuse_repeated

READS_A_PAGE = 100


@require_safe
@require(Permission.SUBMIT_DOSSIERS)
def dossier_reads(request: HttpRequest, pk: int) -> HttpResponse:
    """``?page=``: every reading that was noted, this one too, the last first."""
    refuse_repeated(request)
    dossier = dossier_or_404(request, pk, Permission.SUBMIT_DOSSIERS)
    rows = dossier.reads.select_related("read_by").order_by("-read_at", "-pk")
    page = page_asked(request, rows, size=READS_A_PAGE)
    for read in page:
        read.words = words_of(read.what)
    context = {
        "dossier": dossier,
        "page": page,
        "trail": trail(dossier, _("Ai đã xem")),
    }
    return render(request, "awards/dossier_reads.html", context)
