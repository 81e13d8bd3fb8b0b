"""How a secret vote came out: counted from the ballots, frozen at closing, counted again by anybody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from awards.enums import Vote
from awards.models import CouncilSession, Nominee


def count_ballots(session: CouncilSession) -> dict[int, dict[str, int]]:
    """By nominee (id) on the agenda, how many ballots say what."""
    agenda = session.agenda.order_by("place").values_list("nominee", flat=True)
    counts = {nominee: dict.fromkeys(Vote.values, 0) for nominee in agenda}
    said = session.ballots.values("nominee", "vote").annotate(count=Count("key"))
    for nominee, vote, count in said.values_list("nominee", "vote", "count"):
        counts[nominee][vote] = count
    return counts


def agrees_with_ballots(session: CouncilSession) -> bool:
    """Whether the ballots, counted again, come to what was frozen."""
    counted = count_ballots(session)
    return {row["nominee"]: row["votes"] for row in session.content["lines"]} == counted


def results_on(nominees: Iterable[Nominee]) -> dict[int, dict[str, Any]]:
    """By nominee (id), what the last council that voted on it came to."""
    asked = {nominee.pk for nominee in nominees}
    sessions = CouncilSession.objects.filter(closed_at__isnull=False, agenda__nominee__in=asked)
    found: dict[int, dict[str, Any]] = {}
    for session in sessions.distinct().order_by("closed_at", "pk"):
        for row in session.content["lines"]:
            if row["nominee"] in asked:
                found[row["nominee"]] = {
                    "session": session.pk,
                    "held_on": session.held_on.isoformat(),
                    "votes": row["votes"],
                    "of": row["of"],
                    "pass_percent": session.pass_percent,
                    "passed": row["passed"],
                }
    return found
