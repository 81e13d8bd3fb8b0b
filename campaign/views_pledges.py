"""Pledges: the coverage that everybody reads, and the grid in which communes and districts enter it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from campaign.forms_pledges import PledgeRowForm, PledgesForm
from campaign.models import Campaign
from campaign.pledge_book import coverage_book
from campaign.pledge_page import (
    KIND_HEADS,
    GridRow,
    PledgeGrid,
    area_of_campaign,
    grid_of,
    has_grid,
    history_of,
    own_pledges,
    page_of_coverage,
)
from campaign.pledges import Entered, PledgeRow, PledgesRefused, enter_pledges
from campaign.views import campaign_or_404, trail
from core.access import Permission, areas_where, can, require
from core.enums import AreaKind
from core.finding import line_of
from core.models import Area
from riskmap.addresses import page_asked, refuse_repeated

ROWS_A_PAGE = 60  # Django takes a thousand fields at once, and a row has nine
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def show_pledges(request: HttpRequest, slug: str) -> HttpResponse:
    """``?area=``: how many signed there, what lies below, and who has said nothing."""
    refuse_repeated(request)
    today = timezone.localdate()
    campaign, area = _area_asked(request, slug)
    steps = _trail(campaign, area)
    context = {
        "campaign": campaign,
        "area": area,
        "page": page_of_coverage(campaign=campaign, area=area, on=today),
        "history": history_of(campaign, area),
        "sees_who": can(request.user, Permission.VIEW_WORKING, area, on=today),
        "entry": _entry_of(request, campaign, area),
        "trail": [*steps[:-1], ("", steps[-1][1])],
    }
    return render(request, "campaign/pledges.html", context)


@require_safe
def pledges_file(request: HttpRequest, slug: str) -> HttpResponse:
    refuse_repeated(request)
    campaign, area = _area_asked(request, slug)
    page = page_of_coverage(campaign=campaign, area=area, on=timezone.localdate())
    name = f"cam-ket-{campaign.slug}-{area.code}.xlsx"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(coverage_book(page.place, at=timezone.now()), content_type=XLSX, headers=disposition)


@require_safe
@require(Permission.ENTER_PLEDGES)
def show_own_pledges(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    mine = areas_where(request.user, Permission.ENTER_PLEDGES, on=today)
    return render(
        request,
        "campaign/own_pledges.html",
        {"campaigns": own_pledges(mine=mine, on=today), "heads": KIND_HEADS.values()},
    )


@require(Permission.ENTER_PLEDGES)
def edit_pledges(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The grid of a commune with its hamlets, or of the communes of a district."""
    at = timezone.now()
    grid = _grid_or_404(request, slug, code)
    shown = page_asked(request, grid.rows, size=ROWS_A_PAGE)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PledgesForm(
        *posted, area=grid.area, by=request.user, at=at, initial={"counted_on": timezone.localdate(at)}
    )
    rows = [PledgeRowForm(row, posted[0]) for row in shown.object_list]
    if request.method == "POST" and (entered := _enter(request, grid, form, rows)):
        _tell(request, entered)
        if not entered.overtaken:
            return redirect(request.get_full_path())
        grid = _grid_or_404(request, slug, code)
        shown = page_asked(request, grid.rows, size=ROWS_A_PAGE)
        form, rows = _beside_theirs(form, shown.object_list, entered)
    context = {
        "campaign": grid.campaign,
        "grid": grid,
        "form": form,
        "rows": rows,
        "faulty": any([each.errors for each in (form, *rows)]),
        "page": shown,
        "heads": KIND_HEADS.values(),
        "trail": [*_trail(grid.campaign, grid.area), ("", _("Nhập số cam kết"))],
    }
    return render(request, "campaign/pledges_enter.html", context)


def _enter(
    request: HttpRequest, grid: PledgeGrid, form: PledgesForm, rows: list[PledgeRowForm]
) -> Entered | None:
    """What was entered; ``None`` where nothing was, and the forms say why."""
    if not all([each.is_valid() for each in (form, *rows)]):
        return None
    try:
        return enter_pledges(
            campaign=grid.campaign,
            rows=[said for row in rows for said in row.said()],
            **form.cleaned_data,
            by=request.user,
            at=timezone.now(),
        )
    except PledgesRefused as refusal:
        by_area = {row.row.area.pk: row for row in rows}
        for fault in refusal.faults:
            by_area[fault.row.area.pk].refuse(fault)
        if not refusal.faults:
            form.add_error(refusal.field, refusal.message)
        return None


def _tell(request: HttpRequest, entered: Entered) -> None:
    if entered.written:
        said = ngettext("Đã ghi %(count)d số.", "Đã ghi %(count)d số.", entered.written)
        messages.success(request, said % {"count": entered.written})
    if entered.taken_back:
        said = ngettext(
            "Trong đó bỏ %(count)d số đã ghi trước.",
            "Trong đó bỏ %(count)d số đã ghi trước.",
            entered.taken_back,
        )
        messages.warning(request, said % {"count": entered.taken_back})
    if entered.overtaken:
        messages.error(
            request,
            _(
                "Có ô người khác vừa ghi số khác nên số của bạn chưa được ghi. Xem hai số rồi ghi lại; "
                "có bản ký thì chọn lại tệp."
            ),
        )
    elif not entered.written:
        messages.info(request, _("Không có số nào thay đổi, nên không ghi gì."))


def _beside_theirs(
    form: PledgesForm, shown: Sequence[GridRow], entered: Entered
) -> tuple[PledgesForm, list[PledgeRowForm]]:
    """The page anew, with what was not written in its cells. The paper went with what was."""
    mine: dict[int, dict[str, PledgeRow]] = defaultdict(dict)
    for each in entered.overtaken:
        mine[each.row.area.pk][each.row.kind] = each.row
    said = {name: form.cleaned_data[name] for name in ("counted_on", "renew")}
    return form.anew(initial=said), [PledgeRowForm(row, mine=mine.get(row.area.pk)) for row in shown]


def _area_asked(request: HttpRequest, slug: str) -> tuple[Campaign, Area]:
    """The campaign, and the area of ``?area=`` or else its province."""
    campaign = campaign_or_404(slug)
    code = request.GET.get("area")
    area = area_of_campaign(campaign, code, on=timezone.localdate()) if code else campaign.province
    if area is None:
        raise Http404(_("Tỉnh có phong trào này không có địa bàn mang mã đó."))
    return campaign, area


def _grid_or_404(request: HttpRequest, slug: str, code: str) -> PledgeGrid:
    today = timezone.localdate()
    campaign = campaign_or_404(slug)
    area = area_of_campaign(campaign, code, on=today)
    grid = None
    if area is not None and can(request.user, Permission.ENTER_PLEDGES, area, on=today):
        grid = grid_of(campaign=campaign, area=area, on=today)
    if grid is None:
        raise Http404(_("Trong địa bàn của bạn không có nơi nhập cam kết mang mã này."))
    return grid


def _entry_of(request: HttpRequest, campaign: Campaign, area: Area) -> str:
    """The address at which the person enters the area's pledges; empty where they may not."""
    here = area.parent if area.kind == AreaKind.HAMLET else area
    enters = can(request.user, Permission.ENTER_PLEDGES, here, on=timezone.localdate())
    if not enters or not has_grid(here):
        return ""
    return reverse("campaign:pledges_enter", args=[campaign.slug, here.code])


def _trail(campaign: Campaign, area: Area) -> list[tuple[str, str]]:
    """From the list of campaigns down to the area."""
    pledges = reverse("campaign:pledges", args=[campaign.slug])
    return [
        *trail(campaign, _("Cam kết"))[:-1],
        (pledges, _("Cam kết")),
        *((f"{pledges}?area={above.code}", above.name) for above in line_of(area)[-2::-1]),
    ]
