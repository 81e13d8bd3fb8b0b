"""What the review of a phase (báo cáo sơ kết) says, as plain values that JSON holds. Reads only.

It stands on what is frozen: the standing of the phase's last day as published, with the editions it went by,
the shortlist, the decisions; pledges and zones as of that day. Asked before the phase is over, it is as of
the last day that is told. The same records give the same values.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min
from django.utils import translation
from django.utils.translation import gettext as _

from awards.proposal_content import phase_content
from awards.report_areas import (
    colours_content,
    communes_of,
    days_content,
    differing,
    districts_content,
    places_content,
    ways_content,
)
from awards.report_awards import decisions_content, dossiers_content, shortlist_content
from awards.report_movement import groups_content, pledges_content, zones_content
from campaign.models import Phase
from campaign.standing import StandingTable, standing_of
from core.errors import DomainError
from riskmap.enums import MapView
from riskmap.models import MapEdition

FORMAT = 1


class NothingToReport(DomainError):
    """A phase of which no standing was computed."""

    code = "nothing_to_report"


def report_content(phase: Phase, *, on: date) -> dict[str, Any]:
    """The report as of the phase's last day, or of the day ``on`` where that is earlier.

    ``phase`` comes with its campaign and province. As many queries for a province as for one commune. Raises
    ``NothingToReport`` before the first standing.
    """
    asked = min(on, phase.last_day)
    published = standing_of(phase=phase, view=MapView.PUBLISHED, day=asked)
    known = standing_of(phase=phase, view=MapView.KNOWN, day=published.day if published else asked)
    shown = published or known
    if shown is None:
        raise NothingToReport(
            _(
                "Đợt chưa có bảng xếp hạng nào, nên chưa có gì để báo cáo. "
                "Xin xem lại sau ngày công bố đầu tiên."
            )
        )
    through = shown.day
    group = communes_of(shown)
    places = places_content(group) if group else []
    with translation.override("vi"):
        return {
            "format": FORMAT,
            **phase_content(phase),
            "through": through.isoformat(),
            "interim": through < phase.last_day,
            "sources": _sources(phase, shown, known),
            "places": places,
            "colours": colours_content(places),
            "districts": districts_content(shown, places),
            "days": days_content(shown, through=through) if places else [],
            "differing": differing(shown, known),
            "ways": ways_content(places),
            "groups": groups_content(shown),
            "pledges": pledges_content(phase.campaign, through=through),
            "zones": zones_content(phase, through=through),
            "shortlist": shortlist_content(phase),
            "dossiers": dossiers_content(phase),
            "awards": decisions_content(phase),
        }


def moment_of(content: dict[str, Any]) -> datetime:
    """When the last of what a report says was fixed."""
    told = (content["sources"]["computed_at"], content["awards"]["entered_at"])
    made = content["shortlist"] and content["shortlist"]["made_at"]
    return max(datetime.fromisoformat(each) for each in (*told, made) if each)


def _sources(phase: Phase, shown: StandingTable, known: StandingTable | None) -> dict[str, Any]:
    """From what: the standing with its hash, the editions of the days with the last one's, what is known."""
    editions = MapEdition.objects.filter(
        province=phase.campaign.province_id, day__range=(phase.first_day, shown.day)
    ).aggregate(first=Min("number"), last=Max("number"))
    edition = shown.edition
    return {
        "view": str(shown.view),
        "standing": shown.hash,
        "computed_at": shown.computed_at.isoformat(),
        "known": known.hash if known and known is not shown else None,
        "first_edition": editions["first"] if edition else None,
        "edition": edition
        and {
            "number": edition.number,
            "day": edition.day.isoformat(),
            "cut_off": edition.cut_off.isoformat(),
            "hash": edition.hash,
        },
    }
