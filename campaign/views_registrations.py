"""Registrations as those work with them who register and confirm: the queue, one of them, its steps."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaign.enums import RegistrationAct
from campaign.forms_registrations import QueueForm, ReasonForm
from campaign.models import Campaign, Phase, Registration
from campaign.registration_moves import DOORS, MOVES, allowed_acts, is_late, may_take
from campaign.registration_page import queue_lines, queue_of, seen_by
from campaign.registrations import Taken, take_step
from core.access import Permission, can_anywhere, require
from core.finding import line_of
from riskmap.addresses import page_asked, refuse_repeated

LINES_A_PAGE = 50
NAMED = 5  # refusals told one by one
#: Acts that ask why.
WITH_REASON = frozenset(act for (_status, act), move in MOVES.items() if move.reason)


@require_safe
@require(Permission.VIEW_WORKING)
def own_registrations(request: HttpRequest) -> HttpResponse:
    """``?campaign=&state=&q=``: the registrations of one's area: to be finished, confirmed, or by status."""
    refuse_repeated(request)
    return _queue(request, form=ReasonForm(), chosen=())


def _queue(request: HttpRequest, *, form: ReasonForm, chosen: Iterable[str]) -> HttpResponse:
    today = timezone.localdate()
    seen = seen_by(request.user, on=today)
    campaigns = Campaign.objects.filter(province__path__in=_provinces(request)).newest_first()
    narrow = QueueForm(request.GET, campaigns=campaigns)
    if not narrow.is_valid():
        raise Http404(_("Không có danh sách như vậy."))
    asked = narrow.cleaned_data
    queue = queue_of(request.user, campaign=asked["campaign"], view=asked["state"], text=asked["q"], on=today)
    if queue is None:
        raise Http404(_("Không có danh sách như vậy."))
    page = page_asked(request, queue.registrations, size=LINES_A_PAGE)
    lines = queue_lines(list(page), request.user, on=today)
    context = {
        "page": page,
        "lines": lines,
        "queue": queue,
        "bulk": [act for act in queue.bulk if any(act in line.acts for line in lines)],
        "acts": RegistrationAct,
        "narrow": narrow,
        "registering": _registering(request, campaigns),
        "anything": seen.exists(),
        "form": form,
        "chosen": set(chosen),
    }
    return render(request, "campaign/own_registrations.html", context, status=400 if form.errors else 200)


def _registering(request: HttpRequest, campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """The campaigns that take registrations today, for who may register."""
    today = timezone.localdate()
    if not can_anywhere(request.user, Permission.REGISTER_UNITS, on=today):
        return campaigns.none()
    return campaigns.filter(pk__in=Phase.objects.filter(last_day__gte=today).values("campaign"))


def _provinces(request: HttpRequest) -> set[str]:
    """The paths of the provinces in which the person has anything to do."""
    grants = request.user.grants.active_on(timezone.localdate())
    return {path.split("/")[0] for path in grants.values_list("area__path", flat=True)}


@require_http_methods(["GET", "POST"])
@require(Permission.VIEW_WORKING)
def registrations_step(request: HttpRequest) -> HttpResponse:
    """Take one step with the registrations that were ticked; without a needed reason the queue comes again.

    Whatever then leads here again, as another language does, leads to the queue.
    """
    if request.method == "GET":
        return redirect(
            f"{reverse('campaign:own_registrations')}?{request.GET.urlencode()}".removesuffix("?")
        )
    act, chosen = _act_or_404(request.POST.get("act", "")), request.POST.getlist("item")
    rows = _mine_or_404(request, chosen, act)
    if not rows:
        messages.error(request, _("Xin chọn ít nhất một đăng ký."))
        return redirect(_back(request))
    form = ReasonForm(request.POST)
    if act in WITH_REASON and not form.is_valid():
        return _queue(request, form=form, chosen=chosen)
    taken = take_step(
        registrations=[row.pk for row in rows],
        act=act,
        reason=form.cleaned_data["reason"] if act in WITH_REASON else "",
        by=request.user,
        at=timezone.now(),
    )
    _tell(request, taken, act)
    return redirect(_back(request))


def _act_or_404(key: str) -> RegistrationAct:
    if key not in DOORS:
        raise Http404(_("Không có việc như vậy."))
    return RegistrationAct(key)


def _mine_or_404(request: HttpRequest, ids: list[str], act: RegistrationAct) -> list[Registration]:
    """The registrations ticked. Raises ``Http404`` where one is not the person's for this act."""
    today = timezone.localdate()
    wanted = {int(pk) for pk in ids if pk.isascii() and pk.isdecimal() and len(pk) < 19}
    rows = list(seen_by(request.user, on=today).filter(pk__in=wanted))
    if len(rows) != len(set(ids)) or not may_take(rows, act, request.user, on=today):
        raise Http404(_("Trong địa bàn của bạn không có đăng ký này."))
    return rows


def _tell(request: HttpRequest, taken: Taken, act: RegistrationAct) -> None:
    if taken.done:
        count = len(taken.done)
        said = ngettext("Đã %(act)s %(count)s đăng ký.", "Đã %(act)s %(count)s đăng ký.", count)
        messages.success(request, said % {"act": act.label, "count": count})
    for each in taken.refused[:NAMED]:
        messages.error(request, f"{each.registration.unit.name}: {each.sentence}")
    if len(taken.refused) > NAMED:
        messages.warning(request, _("… và %(count)s đăng ký khác.") % {"count": len(taken.refused) - NAMED})


def _back(request: HttpRequest) -> str:
    """Where the person came from, on this site; else the queue."""
    back = request.POST.get("next", "")
    known = back.startswith("/") and url_has_allowed_host_and_scheme(
        back, {request.get_host()}, request.is_secure()
    )
    return back if known else reverse("campaign:own_registrations")


@require_safe
@require(Permission.VIEW_WORKING)
def registration(request: HttpRequest, pk: int) -> HttpResponse:
    """One registration: what it says, how it came here, and what the person may do with it."""
    return _page(request, _seen_or_404(request, pk), form=ReasonForm())


@require_http_methods(["GET", "POST"])
@require(Permission.VIEW_WORKING)
def registration_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a step with one registration; refused, its page says why and keeps the reason."""
    row = _seen_or_404(request, pk)
    if request.method == "GET":
        return redirect(row)
    act = _act_or_404(request.POST.get("act", ""))
    if not may_take([row], act, request.user, on=timezone.localdate()):
        raise Http404(_("Trong địa bàn của bạn không có đăng ký này."))
    form = ReasonForm(request.POST)
    if act in WITH_REASON and not form.is_valid():
        return _page(request, row, form=form)
    reason = form.cleaned_data["reason"] if act in WITH_REASON else ""
    taken = take_step(registrations=[row.pk], act=act, reason=reason, by=request.user, at=timezone.now())
    _tell(request, taken, act)
    return redirect(row)


def _seen_or_404(request: HttpRequest, pk: int) -> Registration:
    row = seen_by(request.user, on=timezone.localdate()).filter(pk=pk).first()
    if row is None:
        raise Http404(_("Trong địa bàn của bạn không có đăng ký này."))
    return row


def _page(request: HttpRequest, row: Registration, *, form: ReasonForm) -> HttpResponse:
    today = timezone.localdate()
    acts = allowed_acts(row, request.user, today)
    context = {
        "registration": row,
        "campaign": row.campaign,
        "line": line_of(row.unit.seat)[1 if row.unit.is_area else 0 :],
        "steps": row.steps.select_related("taken_by").order_by("-pk"),
        "acts": [(each, each in WITH_REASON) for each in acts if each != RegistrationAct.CHANGED],
        "asks_for_reason": any(each in WITH_REASON for each in acts),
        "may_edit": RegistrationAct.CHANGED in acts,
        "late": is_late(row),
        "form": form,
        "trail": [
            (
                reverse("campaign:own_registrations", query={"campaign": row.campaign.slug}),
                _("Đăng ký thi đua"),
            ),
            ("", row.unit.name),
        ],
    }
    return render(request, "campaign/registration.html", context, status=400 if form.errors else 200)
