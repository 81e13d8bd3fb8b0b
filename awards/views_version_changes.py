"""What a district, or Sở Nội vụ, reads of the difference between two versions of a dossier."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.version_changes import version_changes as changes_between
from awards.views_dossiers import dossier_or_404, trail
from core.access import Permission, require
from riskmap.addresses import refuse_repeated


@require_safe
@require(Permission.PREPARE_DOSSIERS)
def version_changes(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """``?since=``: what a version changed since an earlier one, that before it unless told."""
    refuse_repeated(request)
    dossier = dossier_or_404(request, pk)
    since = request.GET.get("since", str(number - 1))
    versions = {str(each.number): each for each in dossier.versions.select_related("received_by")}
    late, early = versions.get(str(number)), versions.get(since)
    if late is None or (early is None and "since" in request.GET):
        raise Http404(_("Hồ sơ không có lần nộp này."))
    if early is not None and early.number >= late.number:
        raise BadRequest("since: not before the version")
    context = {
        "dossier": dossier,
        "versions": list(versions.values()),
        "late": late,
        "changes": early and changes_between(early, late),
        "trail": trail(dossier, _("Thay đổi giữa các lần nộp")),
    }
    return render(request, "awards/version_changes.html", context)
