"""Evidence: what the portal itself knows of a nominee's unit, filled in by it and frozen at submission.

Levels are as known when asked, rank and class as published; where nothing was published, as known. An
organisation stands on the levels of its seat, a hamlet without levels of its own on its commune's. A later
correction changes no frozen evidence; it marks the dossiers it bears on (``mark_touched``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from awards.enums import DossierStatus, NomineeStatus
from awards.models import Dossier, DossierVersion, Nominee
from awards.shortlist_table import ShortlistTable
from awards.shortlists import latest_shortlist
from campaign.models import Phase
from campaign.scoring.facts import CLASS_KEYS
from campaign.standing import Line, StandingTable, standing_of
from core.audit import acting
from core.enums import AreaKind
from core.people import system_user
from riskmap.enums import MapView, RiskLevel
from riskmap.models import LevelSpan, MapEdition

HANDED_IN = (DossierStatus.SUBMITTED, DossierStatus.IN_REVIEW, DossierStatus.REVIEWED)
#: Days before a phase whose counts its levels rest on: the longest window of any rule set.
WINDOW = timedelta(days=28)
_FACTS = (
    "level_at_start", "level_at_end", "lowest_level", "lowest_since", "steps_lowered", "last_very_high",
    "green_since", "days_to_green", "days_from_very_high", "days_green", "longest_green", "green_run",
    "relapses", "provisional_days", "days_without_level", "cases", "cases_per_100k",
)  # fmt: skip
_LEVELS = {"level_at_start", "level_at_end", "lowest_level"}


def evidence_of(*, nominee: Nominee, at: datetime) -> dict[str, Any]:
    """What is known of one nominee; see ``evidence_of_all``."""
    return evidence_of_all(phase=nominee.dossier.phase, nominees=[nominee], at=at)[nominee.pk]


def evidence_of_all(*, phase: Phase, nominees: Sequence[Nominee], at: datetime) -> dict[int, dict[str, Any]]:
    """By nominee (id), plain values that JSON holds: the strip of levels, what it comes to, the standing and
    its hash, the edition and its. The same number of queries however many nominees."""
    through = min(phase.last_day, timezone.localdate(at))
    strips = _strips({nominee.unit.seat for nominee in nominees}, phase.first_day, through)
    table = standing_of(phase=phase, view=MapView.PUBLISHED) or standing_of(phase=phase, view=MapView.KNOWN)
    lines = _lines(table, {nominee.unit_id for nominee in nominees})
    edition, shortlist = _edition(phase, table), latest_shortlist(phase)
    return {
        nominee.pk: {
            "first_day": phase.first_day.isoformat(),
            "through": through.isoformat(),
            "strip": strips[nominee.unit.seat_id],
            "standing": _standing(table, lines.get(nominee.unit_id)),
            "edition": edition,
            "shortlist": _listed(shortlist, nominee.unit_id),
        }
        for nominee in nominees
    }


def mark_touched(*, at: datetime) -> int:
    """Mark the dossiers handed in on which a correction since bears, once; how many. Frozen evidence stays.

    A correction bears on a dossier that says counts of a nominee's area within the days its evidence rests
    on, or that changes the level of one of the days it shows. The ordinary report of the very day on which
    the dossier was handed in corrects nothing.
    """
    found = _with_later_counts() | _with_other_levels()
    with acting(by=system_user(), reason="Đính chính sau khi nộp có liên quan đến hồ sơ khen thưởng"):
        return Dossier.objects.filter(pk__in=found, touched_at__isnull=True).update(touched_at=at)


_LATER_COUNTS = """
    select d.id from awards_dossier d
    join lateral (
        select received_at, (content ->> 'through')::date as through from awards_dossierversion
        where dossier_id = d.id order by number desc limit 1
    ) v on true
    join campaign_phase f on f.id = d.phase_id
    where d.touched_at is null and d.status = any(%(handed_in)s) and exists (
        select from awards_nominee n
        join campaign_unit u on u.id = n.unit_id
        join core_area s on s.id = u.seat_id
        join core_area a on a.path = s.path or a.path like s.path || '/%%'
        join riskmap_countentry e on e.area_id = a.id
            and e.day between f.first_day - %(window)s::interval and v.through
        join riskmap_countpost p on p.id = e.post_id
        where n.dossier_id = d.id and n.status <> %(withdrawn)s and p.posted_at > v.received_at and (
            e.day <> (v.received_at at time zone %(zone)s)::date
            or exists (
                select from riskmap_countentry b join riskmap_countpost bp on bp.id = b.post_id
                where b.area_id = e.area_id and b.day = e.day and bp.posted_at <= v.received_at
            )
        )
    )
"""


def _with_later_counts() -> set[int]:
    asked = {"handed_in": list(HANDED_IN), "withdrawn": NomineeStatus.WITHDRAWN.value, "window": WINDOW}
    asked |= {"zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute(_LATER_COUNTS, asked)
        return {pk for (pk,) in cursor.fetchall()}


def _with_other_levels() -> set[int]:
    """The dossiers one of whose frozen strips is no longer what the levels say."""
    waiting = Dossier.objects.filter(touched_at__isnull=True, status__in=HANDED_IN)
    latest = (
        DossierVersion.objects.filter(dossier__in=waiting)
        .select_related("dossier__phase")
        .order_by("dossier", "-number")
        .distinct("dossier")
    )
    asked: dict[tuple[date, date], list[tuple[int, DossierVersion]]] = defaultdict(list)
    for version in latest:
        period = (version.dossier.phase.first_day, date.fromisoformat(version.content["through"]))
        asked[period].append((version.dossier_id, version))
    found: set[int] = set()
    for period, versions in asked.items():
        nominees = Nominee.objects.filter(dossier__in=[pk for pk, _version in versions])
        seats = {n.pk: n.unit.seat for n in nominees.select_related("unit__seat")}
        strips = _strips(set(seats.values()), *period)
        for pk, version in versions:
            today = timezone.localdate(version.received_at)  # of which not everybody had reported
            for said in version.content["nominees"]:
                now = strips[seats[said["id"]].pk]
                if _before(said["evidence"]["strip"], today) != _before(now, today):
                    found.add(pk)
    return found


def _before(strip: list[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    """The runs, cut where ``day`` begins."""
    last = (day - timedelta(days=1)).isoformat()
    return [run | {"last": min(run["last"], last)} for run in strip if run["first"] <= last]


def _strips(seats: set, first: date, last: date) -> dict[int, list[dict[str, Any]]]:
    """By seat (id), its levels as runs of days, ends cut to the period. One query."""
    grounds = {seat.pk for seat in seats} | {seat.parent_id for seat in seats if seat.kind == AreaKind.HAMLET}
    runs: dict[int, list[dict[str, Any]]] = defaultdict(list)
    spans = LevelSpan.objects.filter(
        Q(level__gt=RiskLevel.NO_DATA), area__in=grounds, first_day__lte=last, last_day__gte=first
    )
    rows = spans.order_by("area_id", "first_day").values_list(
        "area_id", "first_day", "last_day", "level", "provisional"
    )
    for area, begins, ends, level, provisional in rows:
        _add_run(runs[area], max(begins, first), min(ends, last), RiskLevel(level).key, provisional)
    return {
        seat.pk: runs[seat.pk] or (runs[seat.parent_id] if seat.kind == AreaKind.HAMLET else [])
        for seat in seats
    }


def _add_run(runs: list[dict[str, Any]], first: date, last: date, level: str, provisional: bool) -> None:
    """Spans with other grounds and the same level are one run."""
    run = {"first": first.isoformat(), "last": last.isoformat(), "level": level, "provisional": provisional}
    before = (first - timedelta(days=1)).isoformat()
    if runs and (runs[-1]["last"], runs[-1]["level"], runs[-1]["provisional"]) == (
        before,
        level,
        provisional,
    ):
        runs[-1]["last"] = run["last"]
    else:
        runs.append(run)


def _lines(table: StandingTable | None, units: set[int]) -> dict[int, tuple[str, Line]]:
    """By unit (id), the name of its group and its line."""
    found: dict[int, tuple[str, Line]] = {}
    for group in table.groups if table else ():
        rows = [row for row, unit in enumerate(group.units) if unit.unit_id in units]
        found |= {line.unit_id: (group.name, line) for line in group.lines(rows)}
    return found


def _standing(table: StandingTable | None, said: tuple[str, Line] | None) -> dict[str, Any] | None:
    if table is None or said is None:
        return None
    group, line = said
    return {
        "view": str(table.view),
        "day": table.day.isoformat(),
        "computed_at": table.computed_at.isoformat(),
        "hash": table.hash,
        "group": group,
        "class": CLASS_KEYS[line.unit_class],
        "competing": line.competing,
        "rank": line.rank,
        "sharing": line.sharing,
        "words": line.words,
        "rank_words": line.rank_words,
        "facts": _plain(asdict(line.facts)),
    }


def _listed(shortlist: ShortlistTable | None, unit: int) -> dict[str, Any] | None:
    """The unit's line on the shortlist that was made last."""
    line = shortlist.line_of(unit) if shortlist else None
    if line is None:
        return None
    return {
        "stage": str(shortlist.stage),
        "made_at": shortlist.made_at.isoformat(),
        "hash": shortlist.hash,
        "eligible": line.eligible,
        "words": "; ".join(line.reasons) if line.eligible else line.ineligible_because,
        "rank": line.rank,
        "rank_low": line.rank_low,
        "rank_high": line.rank_high,
        "flags": [flag.code for flag in line.flags],
    }


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name in _FACTS:
        value = facts[name]
        if name in _LEVELS:
            value = RiskLevel(max(value, 0)).key
        plain[name] = value.isoformat() if isinstance(value, date) else value
    return plain


def _edition(phase: Phase, table: StandingTable | None) -> dict[str, Any] | None:
    edition = table.edition if table and table.edition else _last_edition(phase)
    if edition is None:
        return None
    return {"number": edition.number, "day": edition.day.isoformat(), "hash": edition.hash}


def _last_edition(phase: Phase) -> MapEdition | None:
    within = MapEdition.objects.filter(
        province=phase.campaign.province_id, day__range=(phase.first_day, phase.last_day)
    )
    return within.defer("codes", "cells").order_by("-number").first()
