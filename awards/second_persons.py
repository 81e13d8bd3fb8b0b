"""Second persons: who may not approve a list for the chairman, or enter its decision, and why."""

from __future__ import annotations

from collections import defaultdict

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from awards.enums import DossierAct
from awards.models import DossierStep, Proposal
from core.models import User

REVIEWING = (DossierAct.TAKE_UP, DossierAct.FINISH)


def why_not_approve(proposal: Proposal, user: User | AnonymousUser) -> str:
    """Empty where they may: who did not prepare it, nor reviewed a dossier of it all alone."""
    if proposal.prepared_by_id == user.pk:
        return _("Bạn đã lập tờ trình này; xin để người thứ hai duyệt.")
    reviewers = defaultdict(set)
    steps = DossierStep.objects.filter(dossier__nominees__lines__proposal=proposal, act__in=REVIEWING)
    for dossier, person in steps.values_list("dossier", "taken_by"):
        reviewers[dossier].add(person)
    if any(people == {user.pk} for people in reviewers.values()):
        return _("Một mình bạn đã thẩm định một hồ sơ trong tờ trình; xin để người khác duyệt.")
    return ""


def why_not_decide(proposals: QuerySet[Proposal], user: User | AnonymousUser) -> str:
    """Empty where they may: who neither prepared nor approved any of the lists, nor reviewed for it."""
    if proposals.filter(Q(prepared_by=user.pk) | Q(approved_by=user.pk)).exists():
        return _("Bạn đã lập hoặc duyệt tờ trình này; xin để người khác ghi quyết định.")
    reviewed = DossierStep.objects.filter(act__in=REVIEWING, taken_by=user.pk)
    if reviewed.filter(dossier__nominees__lines__proposal__in=proposals.values("pk")).exists():
        return _("Bạn đã thẩm định hồ sơ trong tờ trình này; xin để người khác ghi quyết định.")
    return ""
