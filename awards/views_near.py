"""Near-duplicates over all lists that were handed in, pair by pair, for people to look at."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from awards.dossier_papers import law_of
from awards.enums import NomineeStatus
from awards.forms_review import name_of_phase
from awards.models import Nominee
from awards.near_duplicates import KINDS, Lists, Pair
from awards.review_queue import to_review
from campaign.models import Phase
from core.access import Permission, require
from riskmap.addresses import page_asked, refuse_repeated

PAIRS_A_PAGE = 50


class NearForm(forms.Form):
    """``?phase=&kind=&nominee=``; anything else is refused."""

    phase = forms.ModelChoiceField(
        Phase.objects.none(), label=gettext_lazy("Đợt"), required=False, empty_label=gettext_lazy("mọi đợt")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Vì sao"), choices=[("", gettext_lazy("tất cả")), *KINDS], required=False
    )
    nominee = forms.IntegerField(min_value=1, max_value=2**62, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, phases, **options) -> None:
        super().__init__(*args, **options)
        self.fields["phase"].queryset = phases
        self.fields["phase"].label_from_instance = name_of_phase


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def near(request: HttpRequest) -> HttpResponse:
    """``?phase=&kind=&nominee=&page=``: pairs that may be one, each with both lists."""
    refuse_repeated(request)
    nominees = _nominees(request)
    phases = Phase.objects.filter(pk__in={each.dossier.phase_id for each in nominees})
    phases = phases.select_related("campaign").order_by("-first_day", "pk")
    asked = {name: request.GET[name] for name in ("phase", "kind", "nominee") if name in request.GET}
    form = NearForm(asked, phases=phases)
    pairs = _narrowed(Lists(nominees).pairs(), form.cleaned_data) if form.is_valid() else []
    page = page_asked(request, pairs, size=PAIRS_A_PAGE)
    context = {
        "form": form,
        "page": page,
        "rows": [(pair, _sides(pair)) for pair in page],
        "one": _one(nominees, form),
        "trail": [(reverse("awards:review"), _("Thẩm định")), ("", _("Trùng và gần trùng"))],
    }
    return render(request, "awards/near.html", context, status=400 if form.errors else 200)


def _nominees(request: HttpRequest) -> list[Nominee]:
    """Of all dossiers handed in where the person reviews, in all phases, those awarded before too."""
    dossiers = to_review(request.user, at=timezone.now()).order_by().values("pk")
    rows = Nominee.objects.filter(dossier__in=dossiers).exclude(status=NomineeStatus.WITHDRAWN)
    rows = rows.select_related("unit__seat__parent", "dossier__area", "dossier__phase__campaign")
    return list(rows.defer("deeds").order_by("pk"))


def _narrowed(pairs: list[Pair], asked: dict) -> list[Pair]:
    phase, kind, nominee = asked["phase"], asked["kind"], asked["nominee"]
    return [
        pair
        for pair in pairs
        if (not kind or pair.kind == kind)
        and (phase is None or phase.pk in (pair.one.dossier.phase_id, pair.other.dossier.phase_id))
        and (nominee is None or nominee in (pair.one.pk, pair.other.pk))
    ]


def _one(nominees: list[Nominee], form: NearForm) -> Nominee | None:
    asked = form.cleaned_data.get("nominee") if form.is_valid() else None
    return next((each for each in nominees if each.pk == asked), None)


def _sides(pair: Pair) -> list[tuple[Nominee, str]]:
    """Both, with the names of the awards."""
    return [(each, _award(each)) for each in (pair.one, pair.other)]


def _award(nominee: Nominee) -> str:
    kinds = law_of(nominee.dossier).kinds
    return next((kind.name for kind in kinds if kind.code == nominee.kind), nominee.kind)
