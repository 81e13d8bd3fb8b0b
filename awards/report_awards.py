"""What came of a phase in commendations: shortlist, candidates, dossiers, decisions. Reads only."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, Q

from awards.enums import CandidateDecision, NomineeStatus
from awards.models import Candidate, Decision, Dossier, DossierVersion, Nominee
from awards.register import awarded_lines, statistics
from awards.shortlists import latest_shortlist
from campaign.models import Phase

#: A dossier was handed in once it has a version; what came of it is said by its nominees.
_NOT_PROPOSED = (NomineeStatus.WITHDRAWN,)


def shortlist_content(phase: Phase) -> dict[str, Any] | None:
    """The list in force: how many may be commended, by group and class."""
    table = latest_shortlist(phase)
    if table is None:
        return None
    eligible = Counter((line.group_kind, line.class_label) for line in table.lines if line.eligible)
    decided = Counter(
        Candidate.objects.filter(shortlist_id=table.pk, confirmed_at__isnull=False).values_list(
            "decision", flat=True
        )
    )
    return {
        "stage": str(table.shortlist.get_stage_display()),
        "through": table.through.isoformat(),
        "made_at": table.made_at.isoformat(),
        "hash": table.hash,
        "units": len(table.lines),
        "eligible": sum(eligible.values()),
        "classes": [[kind, label, count] for (kind, label), count in eligible.items()],
        "kept": decided[CandidateDecision.KEPT],
        "withdrawn": decided[CandidateDecision.WITHDRAWN],
    }


def dossiers_content(phase: Phase) -> dict[str, Any]:
    """How many dossiers were handed in, how many late by leave, and how their nominees fared."""
    handed_in = Dossier.objects.filter(phase=phase, versions__isnull=False).distinct()
    versions = DossierVersion.objects.filter(dossier__phase=phase)
    late = versions.filter(permit__isnull=False).aggregate(count=Count("dossier", distinct=True))
    more = handed_in.filter(steps__act="return").distinct().count()
    of_nominees = Nominee.objects.filter(dossier__in=handed_in).exclude(status__in=_NOT_PROPOSED)
    counts = of_nominees.aggregate(
        collectives=Count("pk", filter=Q(person="")),
        people=Count("pk", filter=~Q(person="")),
        failed=Count("pk", filter=Q(status=NomineeStatus.FAILED)),
        not_awarded=Count("pk", filter=Q(status=NomineeStatus.NOT_AWARDED)),
    )
    return {"count": handed_in.count(), "late": late["count"], "returned": more, **counts}


def decisions_content(phase: Phase) -> dict[str, Any]:
    """The decisions in force with their awards; a corrected one gives way to what corrects it."""
    decisions = Decision.objects.filter(proposal__phase=phase, corrections__isnull=True)
    lines = awarded_lines().filter(decision__proposal__phase=phase)
    lines = lines.select_related("nominee__dossier__area", "decision").order_by(
        "decision__signed_on", "decision_id", "place"
    )
    rows = [
        {
            "name": line.name,
            "unit": line.unit_name,
            "recipient": "person" if line.nominee.person else "collective",
            "award": line.award,
            "district": line.nominee.dossier.area.name,
            "decision": line.decision.number,
            "money": line.money,
        }
        for line in lines
    ]
    told = statistics(lines)
    return {
        "decisions": [
            {"number": row.number, "signed_on": row.signed_on.isoformat(), "sha256": row.sha256}
            for row in decisions.defer("content").order_by("signed_on", "pk")
        ],
        "entered_at": max((line.decision.entered_at.isoformat() for line in lines), default=None),
        "lines": rows,
        "collectives": sum(row["recipient"] == "collective" for row in rows),
        "people": sum(row["recipient"] == "person" for row in rows),
        "money": sum(row["money"] or 0 for row in rows),
        "groups": [[each.name, each.collectives, each.people] for row in told for each in row.groups],
        "districts": [[each.name, each.collectives, each.people] for row in told for each in row.districts],
    }
