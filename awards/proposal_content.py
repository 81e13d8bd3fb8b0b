"""What the papers of a list say, as plain values that JSON holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from awards.council_results import results_on
from awards.law import load_law, prize_of
from awards.models import Nominee, Proposal
from awards.opinions import opinions_on
from campaign.models import Phase
from core.enums import AreaKind
from core.finding import line_of

FORMAT = 1


def proposal_content(proposal: Proposal) -> dict[str, Any]:
    """The list as it stands, with what Sở Y tế said of each, and what a council's vote came to."""
    lines = list(proposal.lines.select_related("nominee__unit__seat__parent__parent"))
    nominees = [line.nominee for line in lines]
    said, voted = opinions_on(nominees), results_on(nominees)
    rows = []
    for line in lines:
        opinion = said.get(line.nominee_id)
        row = {"place": line.place, **nominee_content(line.nominee, proposal.phase), "reason": line.reason}
        row["opinion"] = opinion and {
            "verdict": opinion.verdict,
            "note": opinion.note,
            "document": opinion.request.document_number,
        }
        if result := voted.get(line.nominee_id):
            row["council"] = result
        rows.append(row)
    return {"format": FORMAT, **phase_content(proposal.phase), "note": proposal.note, "lines": rows}


def phase_content(phase: Phase) -> dict[str, Any]:
    """Of which phase, campaign, province and law a paper speaks."""
    campaign, province = phase.campaign, phase.campaign.province
    law = load_law(campaign.award_law)
    return {
        "province": {"code": province.code, "name": province.name, "type_word": province.type_word},
        "campaign": {"slug": campaign.slug, "title": campaign.title, "short_title": campaign.short_title},
        "phase": {
            "code": phase.code,
            "name": phase.name,
            "first_day": phase.first_day.isoformat(),
            "last_day": phase.last_day.isoformat(),
        },
        "law": {"name": law.name, "title": law.title, "procedure": law.procedure},
    }


def nominee_content(nominee: Nominee, phase: Phase, *, on: date | None = None) -> dict[str, Any]:
    """Who is to be awarded, with what; ``on`` the day of a decision, with the sum that goes with it."""
    kind = load_law(phase.campaign.award_law).kind(nominee.kind)
    district = next((area for area in line_of(nominee.unit.seat) if area.kind == AreaKind.DISTRICT), None)
    return {
        "nominee": nominee.pk,
        "recipient": "person" if nominee.person else "collective",
        "kind": nominee.kind,
        "award": kind.name if kind else nominee.kind,
        "citation": kind.citation if kind else "",
        "name": nominee.person or nominee.unit.name,
        "post": nominee.person_post,
        "unit": nominee.unit.name,
        "unit_kind": nominee.unit.kind,
        "district": district.name if district else "",
        "deeds": nominee.deeds,
        "money": prize_of(kind, on=on) if kind and on else None,
    }
