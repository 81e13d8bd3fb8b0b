"""The papers of a council: for the office and for its members the same."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from awards.council_content import agenda_content
from awards.enums import PaperKind
from awards.models import CouncilSession
from awards.paper.contexts import context_of_minutes
from awards.paper.hand_out import hand_out
from awards.paper.minutes import agenda_of, minutes_of, protocol_of
from awards.paper.wording import Content, count_words, day_of

AGENDA, COUNT = "agenda", "count"
TITLES = {
    AGENDA: "Tài liệu họp hội đồng xét khen thưởng",
    PaperKind.MINUTES: "Biên bản họp hội đồng xét khen thưởng",
    COUNT: "Biên bản kiểm phiếu của hội đồng xét khen thưởng",
}
NAMES = {AGENDA: "tai-lieu-hop", PaperKind.MINUTES: "bien-ban-hop", COUNT: "bien-ban-kiem-phieu"}
FROZEN = {PaperKind.MINUTES: minutes_of, COUNT: protocol_of}


def council_letter(session: CouncilSession, paper: str, fmt: str) -> HttpResponse:
    """``paper``: the agenda pack as it stands; of a closed vote ``minutes`` and ``count``, as frozen."""
    if paper == AGENDA:
        content = agenda_content(session)
        letter = agenda_of(content, moment=session.created_at)
    elif paper in FROZEN and session.closed_at:
        content = session.content
        letter = FROZEN[paper](content, moment=session.closed_at)
    else:
        raise Http404(_("Không có văn bản này."))
    return hand_out(
        letter,
        fmt,
        name=f"{NAMES[paper]}-{session.pk}",
        kind=paper,
        area=session.phase.campaign.province,
        title=TITLES[paper],
        facts=_facts(content),
        evidence=content,
        context=context_of_minutes(content, letter) if paper == PaperKind.MINUTES else None,
    )


def _facts(content: Content) -> tuple[str, ...]:
    """What whoever has the code is told: nothing of a person, and no vote."""
    return (
        *("Phong trào", content["campaign"]["short_title"] or content["campaign"]["title"]),
        *("Đợt", content["phase"]["name"]),
        *("Ngày họp", f"{day_of(content['session']['held_on']):%d/%m/%Y}"),
        *("Đối tượng", count_words(content["lines"])),
    )
