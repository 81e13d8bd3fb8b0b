"""Replaced: which papers of a decision no longer hold, because a further decision took its place."""

from __future__ import annotations

from awards.models import Decision
from awards.paper.statements import OF_DECISIONS
from core.issued_papers import Replacement, evidence_of_paper
from core.models import IssuedPaper


def replacement_of_decision(paper: IssuedPaper) -> Replacement | None:
    """The decision in force, where the paper is one of a decision that was corrected.

    Corrected decisions are few: what each of their papers stands for is worked out again and compared.
    """
    rows = Decision.objects.filter(
        proposal__phase__campaign__province=paper.area_id, corrections__isnull=False
    )
    for decision in rows.distinct():
        known = {"content": decision.content, "moment": decision.entered_at}
        evidence = (evidence_of_paper(kind=kind, **known) for kind in OF_DECISIONS)
        if paper.evidence in evidence:
            later = _in_force(decision)
            words = f"Quyết định số {later.number} ngày {later.signed_on:%d/%m/%Y}"
            return Replacement(words, later.get_absolute_url())
    return None


def _in_force(decision: Decision) -> Decision:
    later = decision.corrections.defer("content").order_by("pk").last()
    return _in_force(later) if later else decision
