"""Scoring: the criteria of a phase, one's own sheet of a nominee, what all sheets come to, as XLSX too."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.criteria import (
    CriteriaChanged,
    are_fixed,
    criteria_for,
    criteria_of,
    default_criteria,
    fingerprint,
    set_criteria,
)
from awards.forms_scores import CriteriaFormSet, ScoreForm
from awards.models import Criterion, Dossier, Nominee
from awards.review_page import review_page
from awards.reviewing import UNDER_REVIEW
from awards.scores import ScoreChanged, save_scores
from awards.scores_file import MEDIA_TYPE, file_name, make_workbook
from awards.scoring_page import Turn, score_row, score_rows, turn_of
from awards.views_review import dossier_or_404, nominee_or_404
from campaign.models import Phase
from core.access import Permission, require
from core.errors import DomainError
from riskmap.addresses import page_asked, refuse_repeated

NOMINEES_A_PAGE = 100
BLANK_ROWS = 3
STAY = "stay"


@require(Permission.REVIEW_DOSSIERS)
def criteria(request: HttpRequest, phase_id: int) -> HttpResponse:
    """What nominees of a phase are scored by: set together, fixed from the first score on."""
    phase, trouble = _phase_or_404(request, phase_id), ""
    stored = criteria_of(phase)
    rows, seen = CriteriaFormSet(initial=_initial(phase, stored)), fingerprint(stored)
    if request.method == "POST":
        rows, seen = CriteriaFormSet(request.POST), request.POST.get("seen", "")
        if rows.is_valid():
            try:
                set_criteria(phase=phase, said=rows.said, seen=seen, by=request.user, at=timezone.now())
            except CriteriaChanged as refusal:
                trouble, stored = refusal.message, refusal.theirs
                seen = fingerprint(stored)
            except DomainError as refusal:
                trouble = refusal.message
            else:
                messages.success(request, _("Đã ghi tiêu chí chấm."))
                return redirect("awards:scores", phase.pk)
    context = {
        "phase": phase,
        "rows": rows,
        "seen": seen,
        "stored": stored,
        "weights": sum(each.weight for each in stored),
        "trouble": trouble,
        "fixed": are_fixed(phase),
        "trail": [*_trail(phase), ("", _("Tiêu chí chấm"))],
    }
    return render(request, "awards/criteria.html", context)


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def scores(request: HttpRequest, phase_id: int) -> HttpResponse:
    """``?page=``: the nominees of a phase with the people's and the machine's score side by side."""
    refuse_repeated(request)
    phase, now = _phase_or_404(request, phase_id), timezone.now()
    known = criteria_of(phase)
    context = {
        "phase": phase,
        "criteria": known,
        "weights": sum(each.weight for each in known),
        "page": page_asked(request, score_rows(phase=phase, by=request.user, at=now), size=NOMINEES_A_PAGE),
        "turn": turn_of(phase=phase, by=request.user, at=now, criteria=known),
        "fixed": are_fixed(phase),
        "trail": _trail(phase),
    }
    return render(request, "awards/scores.html", context)


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def scores_file(request: HttpRequest, phase_id: int) -> HttpResponse:
    """The scores that the person may see, as XLSX."""
    phase, now = _phase_or_404(request, phase_id), timezone.now()
    rows = score_rows(phase=phase, by=request.user, at=now)
    book = make_workbook(phase=phase, rows=rows, criteria=criteria_of(phase), by=request.user, at=now)
    response = HttpResponse(book, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file_name(phase)}"'
    response["Content-Language"] = "vi"
    return response


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def scores_next(request: HttpRequest, phase_id: int) -> HttpResponse:
    """To the nominee with the fewest sheets that one may score and has not."""
    phase = _phase_or_404(request, phase_id)
    return _go_on(request, phase, turn_of(phase=phase, by=request.user, at=timezone.now()), None)


@require(Permission.REVIEW_DOSSIERS)
def score(request: HttpRequest, pk: int, nominee_id: int) -> HttpResponse:
    """One's own sheet of a nominee; saved, on to the one with the fewest sheets."""
    dossier = dossier_or_404(request, pk)
    nominee, trouble = nominee_or_404(dossier, nominee_id), ""
    now, phase = timezone.now(), dossier.phase
    known = criteria_of(phase)
    lines = _lines(request, nominee, known, request.POST if request.method == "POST" else None)
    if request.method == "POST" and all([line.is_valid() for line in lines]):
        said = [line.said for line in lines]
        try:
            save_scores(nominee=nominee, said=said, by=request.user, at=now)
        except ScoreChanged as refusal:
            trouble = refusal.message
            for line in lines:
                if line.criterion.pk in refusal.theirs:
                    line.see(refusal.theirs[line.criterion.pk])
        except DomainError as refusal:
            trouble = refusal.message
        else:
            messages.success(request, _("Đã ghi điểm: %(name)s.") % {"name": nominee})
            if request.POST.get("then") == STAY:
                return redirect("awards:score", dossier.pk, nominee.pk)
            turn = turn_of(phase=phase, by=request.user, at=now, criteria=known)
            return _go_on(request, phase, turn, nominee)
    return _sheet(request, dossier, nominee, lines, trouble)


def _sheet(
    request: HttpRequest, dossier: Dossier, nominee: Nominee, lines: list[ScoreForm], trouble: str
) -> HttpResponse:
    now, phase = timezone.now(), dossier.phase
    row = score_row(nominee=nominee, by=request.user, at=now)
    page = review_page(dossier, nominee=nominee, number=None, by=request.user, at=now)
    under_review = dossier.status == "in_review" and nominee.status in UNDER_REVIEW
    context = {
        "dossier": dossier,
        "phase": phase,
        "nominee": nominee,
        "row": row,
        "page": page,
        "lines": lines,
        "weights": sum(line.criterion.weight for line in lines),
        "trouble": trouble or (_trouble_of(lines)),
        "turn": turn_of(phase=phase, by=request.user, at=now),
        "may_score": under_review and not row.conflict,
        "trail": [*_trail(phase), ("", str(nominee))],
    }
    return render(request, "awards/score.html", context)


def _trouble_of(lines: list[ScoreForm]) -> str:
    wrong = any(line.is_bound and line.errors for line in lines)
    return _("Chưa ghi được. Xin sửa những chỗ được đánh dấu dưới đây.") if wrong else ""


def _go_on(request: HttpRequest, phase: Phase, turn: Turn, nominee: Nominee | None) -> HttpResponse:
    following = turn.next_after(nominee)
    if following is not None:
        return redirect("awards:score", following.dossier_id, following.pk)
    if not turn.waiting and turn.total:
        messages.info(request, _("Bạn đã chấm hết các đối tượng đang thẩm định mà bạn được chấm."))
    return redirect("awards:scores", phase.pk)


def _lines(request: HttpRequest, nominee: Nominee, known: list[Criterion], data) -> list[ScoreForm]:
    mine = {row.criterion_id: row for row in nominee.scores.filter(scored_by=request.user)}
    return [
        ScoreForm(data, criterion=each, stored=mine.get(each.pk)) for each in criteria_for(nominee, known)
    ]


def _initial(phase: Phase, stored: list[Criterion]) -> list[dict]:
    """The criteria that are set, or those the plan suggests, and a few empty rows."""
    rows = [
        {"label": row.label, "recipient": row.recipient, "maximum": row.maximum, "weight": row.weight}
        for row in stored or default_criteria(phase)
    ]
    return rows + [{}] * BLANK_ROWS


def _phase_or_404(request: HttpRequest, phase_id: int) -> Phase:
    """A phase of a province in which the person reviews."""
    phases = Phase.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=timezone.localdate())
    phase = phases.select_related("campaign__province").filter(pk=phase_id).first()
    if phase is None:
        raise Http404(_("Trong địa bàn của bạn không có đợt này."))
    return phase


def _trail(phase: Phase) -> list[tuple[str, str]]:
    name = _("Chấm điểm %(phase)s") % {"phase": phase.name}
    return [(reverse("awards:review"), _("Thẩm định")), (reverse("awards:scores", args=[phase.pk]), name)]
