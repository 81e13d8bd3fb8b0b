"""What the papers of a council say, as plain values that JSON holds. Vietnamese, as all papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone, translation

from awards.checks import checks_of
from awards.council_results import count_ballots
from awards.enums import CountedOf, Vote
from awards.models import CouncilMember, CouncilSession, DossierVersion
from awards.opinions import opinions_on
from awards.proposal_content import nominee_content, phase_content

FORMAT = 1


def session_content(session: CouncilSession) -> dict[str, Any]:
    """Of which meeting a paper speaks, and by which rule a nominee passes."""
    times = {"opened_at": session.opened_at, "closed_at": session.closed_at}
    return {
        "format": FORMAT,
        **phase_content(session.phase),
        "session": {
            "held_on": session.held_on.isoformat(),
            "place": session.place,
            "chair": session.chair,
            "secretary": session.secretary,
            "quorum": session.quorum,
            "pass_percent": session.pass_percent,
            "counted_of": session.counted_of,
            **{name: at and timezone.localtime(at).isoformat() for name, at in times.items()},
        },
    }


def agenda_content(session: CouncilSession) -> dict[str, Any]:
    """The agenda pack: of each nominee what the portal knows, what Sở Y tế said and what the review found."""
    lines = list(
        session.agenda.select_related(
            "nominee__unit__seat__parent__parent", "nominee__dossier__phase__campaign"
        ).order_by("place")
    )
    nominees = [line.nominee for line in lines]
    with translation.override("vi"):
        said, checks = opinions_on(nominees), checks_of(nominees)
        evidence = _evidence({nominee.dossier_id for nominee in nominees})
        rows = []
        for line in lines:
            opinion, known = said.get(line.nominee_id), evidence.get(line.nominee_id)
            rows.append(
                {
                    "place": line.place,
                    **nominee_content(line.nominee, session.phase),
                    "opinion": opinion and {"verdict": opinion.verdict, "note": opinion.note},
                    "checks": [
                        {"label": check.label, "holds": check.holds, "by_hand": check.tick is not None}
                        for check in checks[line.nominee_id]
                    ],
                    "standing": _standing(known),
                }
            )
        seats = session.seats.select_related("member").order_by("member__sort_key", "pk")
        members = [{"name": str(seat.member), "post": seat.member.post} for seat in seats]
    return session_content(session) | {"members": members, "lines": rows}


def result_content(session: CouncilSession) -> dict[str, Any]:
    """What the minutes say of the vote as it stands: who sat there, and what came out for each nominee."""
    seats = list(session.seats.select_related("member").order_by("member__sort_key", "pk"))
    agenda = session.agenda.select_related("nominee__unit__seat__parent__parent").order_by("place")
    lines, counts = list(agenda), count_ballots(session)
    said = opinions_on([line.nominee for line in lines])
    rows = []
    for line in lines:
        row = {"place": line.place, **nominee_content(line.nominee, session.phase)}
        opinion = said.get(line.nominee_id)
        row["opinion"] = opinion and {"verdict": opinion.verdict, "note": opinion.note}
        rows.append(row | _result(session, seats, line.nominee_id, counts[line.nominee_id]))
    return session_content(session) | {
        "members": [
            {"name": str(seat.member), "post": seat.member.post,
             "present": seat.present, "voted": seat.has_voted}
            for seat in seats
        ],
        "counts": {
            "members": len(seats),
            "present": sum(seat.present for seat in seats),
            "voted": sum(seat.has_voted for seat in seats),
        },
        "lines": rows,
    }  # fmt: skip


def _evidence(dossiers: set[int]) -> dict[int, dict[str, Any]]:
    """By nominee (id), the achievement as it was frozen when its dossier was last handed in."""
    latest = DossierVersion.objects.filter(dossier__in=dossiers).order_by("dossier", "-number")
    return {
        row["id"]: row["evidence"]
        for version in latest.distinct("dossier")
        for row in version.content.get("nominees", ())
        if row.get("evidence")
    }


def _standing(evidence: dict[str, Any] | None) -> dict[str, Any] | None:
    standing = (evidence or {}).get("standing")
    if not standing:
        return None
    facts = standing["facts"]
    return {
        "words": standing["words"],
        "rank_words": standing["rank_words"],
        "group": standing["group"],
        "days_green": facts["days_green"],
        "cases": facts["cases"],
    }


def _result(
    session: CouncilSession, seats: Sequence[CouncilMember], nominee: int, votes: dict[str, int]
) -> dict[str, Any]:
    """Who has an interest in the nominee is not counted among those of whom the share is taken."""
    counted = [seat for seat in seats if seat.present or session.counted_of == CountedOf.MEMBERS]
    barred = [seat.member for seat in seats if nominee in seat.barred]
    of = sum(nominee not in seat.barred for seat in counted)
    return {
        "votes": votes,
        "of": of,
        "barred": [str(member) for member in barred],
        "passed": of > 0 and votes[Vote.FOR] * 100 >= session.pass_percent * of,
    }
