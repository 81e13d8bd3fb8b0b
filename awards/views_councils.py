"""Councils at Sở Nội vụ: a meeting is called, its vote opened and closed, its papers printed."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from awards.council_results import agrees_with_ballots, results_on
from awards.council_voting import annul_vote, close_vote, open_vote, why_not_open
from awards.councils import (
    add_member,
    change_session,
    drop_member,
    make_session,
    note_present,
    seatable,
    votable,
)
from awards.forms_councils import (
    AnnulForm,
    ConclusionForm,
    MemberForm,
    PresentForm,
    SessionForm,
    initial_of,
)
from awards.models import CouncilSession
from awards.views_council_papers import council_letter
from awards.views_proposals import posted_version
from campaign.models import Phase
from core.access import Permission, require
from core.errors import DomainError
from riskmap.addresses import page_asked, refuse_repeated

SESSIONS_A_PAGE = 30


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def councils(request: HttpRequest) -> HttpResponse:
    """The meetings, latest first, and the phases for which one may be called."""
    refuse_repeated(request)
    phases = Phase.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=timezone.localdate())
    context = {
        "page": page_asked(request, _seen(request).order_by("-held_on", "-pk"), size=SESSIONS_A_PAGE),
        "phases": phases.filter(dossiers__isnull=False).distinct().select_related("campaign"),
        "of_office": True,
    }
    return render(request, "awards/councils.html", context)


@require(Permission.REVIEW_DOSSIERS)
def council_new(request: HttpRequest, phase_id: int) -> HttpResponse:
    phases = Phase.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=timezone.localdate())
    phase = phases.select_related("campaign__province").filter(pk=phase_id).first()
    if phase is None:
        raise Http404(_("Trong địa bàn của bạn không có đợt này."))
    return _edit(request, phase, None)


@require(Permission.REVIEW_DOSSIERS)
def council_edit(request: HttpRequest, pk: int) -> HttpResponse:
    session = _session_or_404(request, pk)
    if session.opened_at:
        messages.error(request, _("Đã mở bỏ phiếu; không sửa phiên họp được nữa."))
        return redirect("awards:council", session.pk)
    return _edit(request, session.phase, session)


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def council(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _session_or_404(request, pk))


@require_POST
@require(Permission.REVIEW_DOSSIERS)
def council_step(request: HttpRequest, pk: int) -> HttpResponse:
    """``act``: member, drop, present, open, annul, close; over the ``version`` shown."""
    session, act = _session_or_404(request, pk), request.POST.get("act", "")
    known = {"session": session, "version": posted_version(request), "by": request.user, "at": timezone.now()}
    form = _form_of(request, session, act)
    if not form.is_valid():
        hidden = "" if act in ("member", "annul", "close") else _("Danh sách thành viên đã đổi; xin xem lại.")
        return _page(request, session, **{f"{act}_form": form}, trouble=hidden)
    acts = {"member": add_member, "drop": drop_member, "present": note_present, "open": open_vote,
            "annul": annul_vote, "close": close_vote}  # fmt: skip
    try:
        if act not in acts:
            raise DomainError(_("Không làm được việc này lúc này; xin xem lại."))
        acts[act](**known, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return _page(request, _session_or_404(request, pk), **{f"{act}_form": form}, trouble=refusal.message)
    messages.success(request, _("Đã ghi."))
    return redirect("awards:council", session.pk)


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def council_paper(request: HttpRequest, pk: int, paper: str, fmt: str) -> HttpResponse:
    """``paper``: the agenda pack; of a closed vote its minutes and the protocol of the count."""
    return council_letter(_session_or_404(request, pk), paper, fmt)


class _SeatForm(forms.Form):
    seat = forms.IntegerField(min_value=1, max_value=2**31)


def _form_of(request: HttpRequest, session: CouncilSession, act: str) -> forms.Form:
    if act == "member":
        return _member_form(session, request.POST)
    if act == "present":
        return PresentForm(request.POST, seats=list(session.seats.values_list("pk", flat=True)))
    return {"drop": _SeatForm, "annul": AnnulForm, "close": ConclusionForm}.get(act, forms.Form)(request.POST)


def _member_form(session: CouncilSession, data=None) -> MemberForm:
    people = seatable(session.phase.campaign.province, on=timezone.localdate())
    return MemberForm(data, people=people.exclude(pk__in=session.seats.values("member")))


def _edit(request: HttpRequest, phase: Phase, session: CouncilSession | None) -> HttpResponse:
    nominees = list(votable(phase, but=session))
    form = SessionForm(
        request.POST if request.method == "POST" else None,
        initial=initial_of(session) if session else None,
        nominees=nominees,
        earlier=results_on(nominees),
    )
    if form.is_valid():
        known = {"meeting": form.meeting, "nominees": form.cleaned_data["nominees"], "by": request.user}
        try:
            if session is None:
                saved = make_session(phase=phase, **known, at=timezone.now())
            else:
                version = posted_version(request)
                saved = change_session(session=session, **known, version=version, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã lưu phiên họp."))
            return redirect("awards:council", saved.pk)
    title = _("Sửa phiên họp") if session else _("Lập phiên họp")
    context = {"form": form, "phase": phase, "session": session, "title": title, "trail": _trail(title)}
    return render(
        request, "awards/council_edit.html", context | {"version": _shown_version(request, session)}
    )


def _shown_version(request: HttpRequest, session: CouncilSession | None) -> int:
    """What was shown before stays what is changed, also where the form is shown again."""
    return (posted_version(request) if request.method == "POST" else session.version) if session else 0


def _seen(request: HttpRequest):
    rows = CouncilSession.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=timezone.localdate())
    return rows.select_related("phase__campaign__province")


def _session_or_404(request: HttpRequest, pk: int) -> CouncilSession:
    found = _seen(request).filter(pk=pk).first()
    if found is None:
        raise Http404(_("Trong địa bàn của bạn không có phiên họp này."))
    return found


def _page(request: HttpRequest, session: CouncilSession, *, trouble: str = "", **posted) -> HttpResponse:
    agenda = session.agenda.select_related("nominee__unit", "nominee__dossier__area").order_by("place")
    seats = list(session.seats.select_related("member").order_by("member__sort_key", "pk"))
    context = {
        "session": session,
        "agenda": agenda,
        "seats": seats,
        "voted": sum(seat.has_voted for seat in seats),
        "present": sum(seat.present for seat in seats),
        "result": session.content if session.closed_at else None,
        "agrees": session.closed_at and agrees_with_ballots(session),
        "why_not_open": "" if session.opened_at else why_not_open(session),
        "member_form": None if session.opened_at else _member_form(session),
        "annul_form": AnnulForm(),
        "close_form": ConclusionForm(),
        "trouble": trouble,
        "trail": _trail(_("Phiên họp ngày %(day)s") % {"day": f"{session.held_on:%d/%m/%Y}"}),
        **posted,
    }
    return render(request, "awards/council.html", context)


def _trail(step: str) -> list[tuple[str, str]]:
    return [(reverse("awards:councils"), _("Hội đồng")), ("", step)]
