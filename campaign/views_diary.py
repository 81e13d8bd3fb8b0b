"""Diaries of units: mine and those that wait for me, writing one, reading one, the gallery."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.diary import (
    DiaryChanged,
    DiaryRefused,
    approve_entry,
    mark_practice,
    return_entry,
    save_entry,
    submit_entry,
    take_back_entry,
    take_down_entry,
    units_that_write,
)
from campaign.diary_page import (
    acts_of,
    differences,
    districts_with_practices,
    entry_for,
    practices_of,
    queue_of,
)
from campaign.enums import DiaryStatus
from campaign.forms_diary import DecideForm, DiaryForm
from campaign.models import Campaign, DiaryEntry
from campaign.registration_moves import period_of
from campaign.views import campaign_or_404, trail
from core.access import Permission, areas_where, can, can_anywhere, require
from riskmap.addresses import page_asked, refuse_repeated

ENTRIES_A_PAGE = 30
PRACTICES_A_PAGE = 12
#: What each button does, by which right of ``Acts``, and whether it asks why. The state is the stage's.
STEPS = {
    "submit": ("writes", submit_entry, False),
    "take_back": ("writes", take_back_entry, False),
    "approve": ("decides", approve_entry, False),
    "return": ("decides", return_entry, True),
    "praise": ("decides", partial(mark_practice, good_practice=True), False),
    "unpraise": ("decides", partial(mark_practice, good_practice=False), False),
    "take_down": ("decides", take_down_entry, True),
}


@require_safe
@require(Permission.VIEW_WORKING)
def own_diary(request: HttpRequest) -> HttpResponse:
    """``?state=``: the entries of my areas: those that wait for me, those being written, all."""
    refuse_repeated(request)
    today = timezone.localdate()
    queue = queue_of(request.user, view=request.GET.get("state", ""), on=today)
    if queue is None:
        raise Http404(_("Không có danh sách như vậy."))
    context = {
        "queue": queue,
        "page": page_asked(request, queue.entries, size=ENTRIES_A_PAGE),
        "writing": _campaigns_to_write_in(request),
    }
    return render(request, "campaign/own_diary.html", context)


def _campaigns_to_write_in(request: HttpRequest) -> list[Campaign]:
    today = timezone.localdate()
    if not can_anywhere(request.user, Permission.REGISTER_UNITS, on=today):
        return []
    seats = areas_where(request.user, Permission.REGISTER_UNITS, on=today)
    provinces = {path.split("/")[0] for path in seats.values_list("path", flat=True)}
    begun = Campaign.objects.filter(province__path__in=provinces, phases__first_day__lte=today)
    return list(begun.distinct().newest_first())


@require(Permission.REGISTER_UNITS)
def diary_new(request: HttpRequest, slug: str) -> HttpResponse:
    """``?unit=``: what a unit of one's own area did, kept as a draft or handed in at once."""
    refuse_repeated(request)
    campaign, now = campaign_or_404(slug), timezone.now()
    today = timezone.localdate(now)
    if not areas_where(request.user, Permission.REGISTER_UNITS, on=today).under(campaign.province).exists():
        raise Http404(_("Trong địa bàn của bạn không có phong trào này."))
    writing = units_that_write(campaign).for_user(request.user, Permission.REGISTER_UNITS, on=today)
    units = writing.select_related("seat__parent").in_vietnamese_order()
    form = DiaryForm(
        request.POST or None,
        request.FILES or None,
        initial=_beginning(request, units),
        campaign=campaign,
        units=units,
        by=request.user,
        at=now,
    )
    if form.is_valid() and _kept(request, form):
        return redirect(form.instance)
    offers = form.fields["unit"].offers()
    steps = [(reverse("campaign:own_diary"), _("Nhật ký")), ("", _("Viết nhật ký"))]
    context = {"form": form, "campaign": campaign, "offers": offers, "trail": steps}
    return _edit_page(request, context | {"no_units": not units.exists()})


def _beginning(request: HttpRequest, units) -> dict:
    """The unit that was chosen on another page, or the only one there is."""
    code = request.GET.get("unit", "")
    known = code.isascii() and code.isdecimal() and len(code) < 19
    few = list(units.filter(pk=code) if known else units[:2])
    return {"unit": f"{few[0].code} – {few[0].name}"} if len(few) == 1 else {}


@require(Permission.REGISTER_UNITS)
def diary_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft or a returned one; what somebody else wrote meanwhile is shown beside one's own."""
    stored, entry = _editable_or_404(request, pk), _editable_or_404(request, pk)
    form = DiaryForm(
        request.POST or None,
        request.FILES or None,
        instance=entry,
        campaign=stored.campaign,
        units=units_that_write(stored.campaign).none(),
        by=request.user,
        at=timezone.now(),
    )
    theirs: list[tuple[str, str]] = []
    if form.is_valid():
        try:
            if _kept(request, form):
                return redirect(stored)
        except DiaryChanged as refusal:
            form.add_error(None, refusal.message)
            theirs = differences(form.instance, form.photos_said, stored)
            form.data = form.data.copy()  # what is sent next is over what is shown now
            form.data["version"] = stored.version
    context = {
        "form": form,
        "campaign": stored.campaign,
        "entry": stored,
        "theirs": theirs,
        "trail": [
            (reverse("campaign:own_diary"), _("Nhật ký")),
            (stored.get_absolute_url(), stored.title),
            ("", _("Sửa")),
        ],
    }
    return _edit_page(request, context)


def _edit_page(request: HttpRequest, context: dict) -> HttpResponse:
    context["period"] = period_of(context["campaign"])
    status = 400 if context["form"].errors else 200
    return render(request, "campaign/diary_edit.html", context, status=status)


def _kept(request: HttpRequest, form: DiaryForm) -> bool:
    """Write it, and hand it in where that was asked for: both or nothing; a refusal is told on the form.

    Raises ``DiaryChanged`` where somebody else was first.
    """
    now, submitting = timezone.now(), request.POST.get("then") == "submit"
    form.photos_said = form.photos()
    version = (form.cleaned_data.get("version") or 0) if form.instance.pk else None
    try:
        with transaction.atomic():
            entry = save_entry(
                entry=form.instance, photos=form.photos_said, by=request.user, at=now, version=version
            )
            if submitting:
                submit_entry(entry=entry, by=request.user, at=now)
    except DiaryChanged:
        raise
    except DiaryRefused as refusal:
        form.take(refusal)
        return False
    messages.success(request, _("Đã gửi, chờ cấp trên duyệt.") if submitting else _("Đã ghi bản đang soạn."))
    return True


def _editable_or_404(request: HttpRequest, pk: int) -> DiaryEntry:
    today = timezone.localdate()
    entry = entry_for(request.user, pk, on=today)
    if entry is None or not acts_of(entry, request.user, on=today).edit:
        raise Http404(_("Không có bài nào như vậy mà bạn sửa được lúc này."))
    return entry


@require_safe
def diary_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """An entry: a public one for everybody, another for those who work there."""
    return _entry_page(request, _entry_or_404(request, pk), DecideForm())


@require_http_methods(["GET", "POST"])
@require(Permission.VIEW_WORKING)
def diary_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one step with an entry; refused, its page says why and keeps the reason."""
    entry = _entry_or_404(request, pk)
    if request.method == "GET":
        return redirect(entry)
    key = request.POST.get("act", "")
    acts = acts_of(entry, request.user, on=timezone.localdate())
    if key not in STEPS or not getattr(acts, STEPS[key][0]):
        raise Http404(_("Không có việc như vậy mà bạn làm được với bài này."))
    _right, step, why = STEPS[key]
    form = DecideForm(request.POST, why=why)
    if form.is_valid():
        said = {"version": form.cleaned_data["version"]}
        said |= {"reason": form.cleaned_data["reason"]} if why else {}
        said |= {"good_practice": form.cleaned_data["good_practice"]} if key == "approve" else {}
        try:
            step(entry=entry, by=request.user, at=timezone.now(), **said)
        except DiaryRefused as refusal:
            form.add_error(None, refusal.message)
            entry = _entry_or_404(request, pk)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect(entry if key != "take_down" else "campaign:own_diary")
    return _entry_page(request, entry, form)


def _entry_or_404(request: HttpRequest, pk: int) -> DiaryEntry:
    entry = entry_for(request.user, pk, on=timezone.localdate())
    if entry is None:
        raise Http404(_("Không có bài nhật ký này, hoặc bài chưa công khai."))
    return entry


def _entry_page(request: HttpRequest, entry: DiaryEntry, form: DecideForm) -> HttpResponse:
    today = timezone.localdate()
    inside = can(request.user, Permission.VIEW_WORKING, entry.unit.seat, on=today)
    if entry.status == DiaryStatus.APPROVED:
        form.ask_why_taken_down()
    above = (reverse("campaign:practices", args=[entry.campaign.slug]), _("Cách làm hay"))
    context = {
        "entry": entry,
        "campaign": entry.campaign,
        "acts": acts_of(entry, request.user, on=today),
        "inside": inside,
        "form": form,
        "trail": [(reverse("campaign:own_diary"), _("Nhật ký")), ("", entry.title)]
        if inside
        else [
            *trail(entry.campaign)[:1],
            (entry.campaign.get_absolute_url(), entry.campaign.short_title),
            above,
        ],
    }
    answer = render(request, "campaign/diary_entry.html", context, status=400 if form.errors else 200)
    if inside:
        answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def practices(request: HttpRequest, slug: str) -> HttpResponse:
    """``?district=``: the good ways of working of a campaign, as its units told them."""
    refuse_repeated(request)
    campaign = campaign_or_404(slug)
    districts = districts_with_practices(campaign)
    code = request.GET.get("district", "")
    chosen = next((area for area in districts if area.code == code), None)
    if code and chosen is None:
        raise Http404(_("Huyện này chưa có bài nào trong trang cách làm hay."))
    context = {
        "campaign": campaign,
        "districts": districts,
        "chosen": chosen,
        "page": page_asked(request, practices_of(campaign, district=chosen), size=PRACTICES_A_PAGE),
        "trail": trail(campaign, _("Cách làm hay")),
        "may_write": can_anywhere(request.user, Permission.REGISTER_UNITS, on=timezone.localdate()),
    }
    return render(request, "campaign/practices.html", context)
