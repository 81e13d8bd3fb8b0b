"""The ballot of a member of a council: open to who has a seat, and to nobody else."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from awards.council_voting import cast, lines_for, why_not_vote
from awards.councils import sessions_of
from awards.forms_councils import BallotForm
from awards.models import CouncilSession
from awards.views_council_papers import council_letter
from core.access import require_account
from core.errors import DomainError
from riskmap.addresses import page_asked, refuse_repeated

SESSIONS_A_PAGE = 30


@require_safe
@require_account
def ballots(request: HttpRequest) -> HttpResponse:
    """The councils in which one sits, latest first."""
    refuse_repeated(request)
    rows = sessions_of(request.user).select_related("phase__campaign").order_by("-held_on", "-pk")
    return render(request, "awards/councils.html", {"page": page_asked(request, rows, size=SESSIONS_A_PAGE)})


@sensitive_post_parameters()
@require_account
def ballot(request: HttpRequest, pk: int) -> HttpResponse:
    """``step``: check what is chosen, go back to it (edit), or cast it for good."""
    session = _session_or_404(request, pk)
    seat = session.seats.get(member=request.user)
    closed = why_not_vote(session, seat)
    lines = [] if closed else list(lines_for(session, seat))
    form, step = BallotForm(request.POST if request.method == "POST" else None, lines=lines), ""
    if request.method == "POST":
        step = request.POST.get("step", "")
        if closed:
            messages.error(request, closed)
            return redirect("awards:ballot", session.pk)
        if form.is_valid() and step == "cast":
            return _cast(request, session, form)
        if step == "edit":
            form = BallotForm(initial=request.POST.dict(), lines=lines)
    context = {
        "session": session,
        "seat": seat,
        "form": form,
        "closed": closed,
        "checking": step == "check" and form.is_valid(),
        "agenda": session.agenda.select_related("nominee__unit", "nominee__dossier__area").order_by("place"),
        "result": session.content if session.closed_at else None,
        "trail": [(reverse("awards:ballots"), _("Bỏ phiếu hội đồng")), ("", f"{session.held_on:%d/%m/%Y}")],
    }
    return render(request, "awards/ballot.html", context)


@require_safe
@require_account
def ballot_paper(request: HttpRequest, pk: int, paper: str, fmt: str) -> HttpResponse:
    """The papers of a council for its members."""
    return council_letter(_session_or_404(request, pk), paper, fmt)


def _cast(request: HttpRequest, session: CouncilSession, form: BallotForm) -> HttpResponse:
    try:
        cast(session=session, votes=form.votes, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã bỏ phiếu."))
    return redirect("awards:ballot", session.pk)


def _session_or_404(request: HttpRequest, pk: int) -> CouncilSession:
    found = sessions_of(request.user).select_related("phase__campaign__province").filter(pk=pk).first()
    if found is None:
        raise Http404(_("Bạn không là thành viên của phiên họp này."))
    return found
