"""Standings as everybody reads them: the board of a phase, and the same as a workbook."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from campaign.models import Campaign, Phase
from campaign.standing_file import MEDIA_TYPE, file_name, make_workbook
from campaign.standing_page import CLASS_CHOICES, SHOWN, BoardPage, page_of_board, phase_of_today, rows_of
from campaign.views import campaign_or_404
from riskmap.addresses import page_asked, refuse_repeated
from riskmap.colours import LOOKS
from riskmap.enums import MapView
from riskmap.models import ProvincePolicy
from riskmap.views import wanted_day

A_PAGE = 200
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


def unchanged_is_not_sent(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For visitors: a page that says what it said last time is not sent again.

    Its tag is that of what it says: a standing's hash would not tell that the page around it is another.
    """

    @wraps(view)
    def conditional(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.user.is_authenticated or response.status_code != 200:
            return response
        said = hashlib.sha256(_TOKEN.sub(b"", response.content)).hexdigest()
        response["ETag"] = f'"{said[:32]}"'
        response["Cache-Control"] = "private, no-cache"
        return get_conditional_response(request, etag=response["ETag"], response=response)

    return conditional


@require_safe
def standings(request: HttpRequest, slug: str) -> HttpResponse:
    """The board of the phase of today; while the campaign has no phase, that it has none."""
    campaign = campaign_or_404(slug)
    phase = phase_of_today(campaign.phases.all(), timezone.localdate())
    if phase is None:
        context = {"campaign": campaign, "trail": trail_of(campaign)}
        return render(request, "campaign/standings_empty.html", context)
    return redirect("campaign:phase_standings", campaign.slug, phase.code)


@require_safe
@gzip_page
@unchanged_is_not_sent
def show_board(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """``?view=published|known&day=&group=&class=``: the last published day of the communes by default."""
    refuse_repeated(request)
    phase = phase_or_404(slug, code)
    page = board_asked(request, phase)
    context = {**around(phase), "page": page, "trail": trail_of(phase.campaign, phase)}
    if page.table is None:
        return nothing_to_show(request, context)
    if page.group is None:
        raise Http404(_("Phong trào này không có nhóm đối tượng mang mã đó."))
    return render(request, "campaign/standings.html", context | _shown(request, page))


def _shown(request: HttpRequest, page: BoardPage) -> dict[str, object]:
    """The rows of the page's classes: the first of each, or those of one class page by page."""
    alone = page.boards[0] if "class" in request.GET and page.boards else None
    pages = page_asked(request, alone.rows.tolist(), size=A_PAGE) if alone else None
    places = [list(pages)] if pages else [board.rows[:SHOWN].tolist() for board in page.boards]
    rows = iter(rows_of(page, [place for of_board in places for place in of_board]))
    sections = [
        (board, [next(rows) for _place in of_board])
        for board, of_board in zip(page.boards, places, strict=True)
    ]
    return {
        "sections": sections,
        "pages": pages,
        "one_class": request.GET.get("class", ""),
        "looks": [LOOKS[level] for level in sorted(LOOKS) if level],
        "rules": page.campaign.scoring_rules.all(),
    }


@require_safe
def standings_file(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The board of a day as XLSX: ``?view=&day=&group=``, all groups without one."""
    refuse_repeated(request)
    phase = phase_or_404(slug, code)
    page = board_asked(request, phase)
    if page.table is None or page.group is None:
        raise Http404(_("Chưa có bảng xếp hạng như được hỏi."))
    group = page.group if "group" in request.GET else None
    etag = f'"{page.table.hash[:32]}-{group.code if group else "all"}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        portal = request.build_absolute_uri(reverse("campaign:phase_standings", args=[slug, code]))
        body = make_workbook(page.table, group=group, address=portal)
        response = HttpResponse(body, content_type=MEDIA_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{file_name(page.table, group=group)}"'
    response["ETag"] = etag
    response["Content-Language"] = "vi"
    return response


def around(phase: Phase) -> dict[str, object]:
    """What every page of a phase's standings says."""
    campaign = phase.campaign
    return {
        "campaign": campaign,
        "phase": phase,
        "not_begun": phase.first_day > timezone.localdate(),
        "simulated": ProvincePolicy.objects.filter(province=campaign.province_id, simulated=True).exists(),
    }


def nothing_to_show(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    """Why there are no standings; a day that was asked for and has none is not found."""
    day = wanted_day(request)
    return render(
        request, "campaign/standings_none.html", context | {"asked_day": day}, status=404 if day else 200
    )


def board_asked(request: HttpRequest, phase: Phase) -> BoardPage:
    """The board of the address. Raises ``BadRequest`` for a view or class that is none."""
    view, unit_class = request.GET.get("view"), request.GET.get("class")
    if view is not None and view not in MapView.values:
        raise BadRequest(f"view: {view!r}")
    if unit_class is not None and unit_class not in CLASS_CHOICES:
        raise BadRequest(f"class: {unit_class!r}")
    return page_of_board(
        phase=phase,
        view=MapView(view) if view else None,
        day=wanted_day(request),
        group=request.GET.get("group"),
        unit_class=unit_class,
    )


def phase_or_404(slug: str, code: str) -> Phase:
    found = Phase.objects.filter(campaign=campaign_or_404(slug), code=code)
    phase = found.select_related("campaign__province").first()
    if phase is None:
        raise Http404(_("Phong trào này không có đợt mang mã đó."))
    return phase


def trail_of(campaign: Campaign, phase: Phase | None = None, *steps: str) -> list[tuple[str, str]]:
    """Breadcrumbs from the list of campaigns; the last one is a name alone."""
    trail = [
        (reverse("campaign:campaigns"), _("Thi đua")),
        (campaign.get_absolute_url(), campaign.short_title),
        (reverse("campaign:standings", args=[campaign.slug]), _("Xếp hạng")),
    ]
    if phase is not None:
        trail.append((reverse("campaign:phase_standings", args=[campaign.slug, phase.code]), phase.name))
    trail += [("", step) for step in steps]
    return [*trail[:-1], ("", trail[-1][1])]
