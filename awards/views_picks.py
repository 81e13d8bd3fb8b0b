"""Picking units from the shortlist into a dossier, several at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.dossiers import WRITABLE
from awards.nominees import MOST_NOMINEES
from awards.picks import pick, picks_of
from awards.views_dossiers import dossier_or_404, trail
from core.access import Permission, require
from core.errors import DomainError


@require(Permission.PREPARE_DOSSIERS)
def dossier_picks(request: HttpRequest, pk: int) -> HttpResponse:
    """The eligible units of the dossier's area; ``unit`` (several) to propose."""
    dossier = dossier_or_404(request, pk)
    if request.method == "GET" and dossier.status not in WRITABLE:
        raise Http404(_("Hồ sơ này không sửa được lúc này."))
    refusal, ticked = "", _ticked(request)
    if request.method == "POST":
        try:
            count = len(pick(dossier=dossier, units=ticked, by=request.user, at=timezone.now()))
        except DomainError as error:
            refusal = error.message
        else:
            said = ngettext(
                "Đã thêm %(count)s đơn vị vào hồ sơ.", "Đã thêm %(count)s đơn vị vào hồ sơ.", count
            )
            messages.success(request, said % {"count": count})
            return redirect(f"{dossier.get_absolute_url()}#nominees")
    context = {
        "dossier": dossier,
        "picks": picks_of(dossier),
        "ticked": ticked,
        "refusal": refusal,
        "trail": trail(dossier, _("Chọn từ danh sách xét khen")),
    }
    return render(request, "awards/dossier_picks.html", context)


def _ticked(request: HttpRequest) -> set[int]:
    posted = request.POST.getlist("unit")[:MOST_NOMINEES]
    return {int(each) for each in posted if each.isascii() and each.isdecimal() and len(each) < 10}
