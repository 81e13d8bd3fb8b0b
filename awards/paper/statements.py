"""What each paper of a list or a decision stands for, and what whoever holds its code is told of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from awards.enums import PaperKind
from awards.models import Decision
from awards.paper.wording import Content, count_words, day_of
from campaign.models import Phase
from core.issued_papers import Statement
from core.models import Area

CERTIFICATES, DECIDED_LIST, PROPOSED_LIST = "certificates", "decided_list", "proposed_list"
#: The papers that say what a decision says, and which a further decision replaces with it.
OF_DECISIONS = {
    PaperKind.DECISION: "Quyết định khen thưởng",
    PaperKind.NOTICE: "Thông báo kết quả khen thưởng",
    CERTIFICATES: "Bằng khen kèm theo quyết định",
    DECIDED_LIST: "Danh sách khen thưởng kèm theo quyết định",
}
#: The papers of a list that is not decided yet.
OF_LISTS = {
    PaperKind.PROPOSAL: "Tờ trình khen thưởng của Sở Nội vụ",
    PaperKind.DECISION: "Dự thảo quyết định khen thưởng, trình ký",
    PaperKind.OPINION_SLIP: "Phiếu lấy ý kiến Sở Y tế",
    PROPOSED_LIST: "Danh sách đề nghị khen thưởng kèm theo tờ trình",
}


def of_decision(decision: Decision, kind: str, *, area: Area) -> Statement:
    """A paper of an entered decision."""
    content = decision.content
    facts = (
        *("Số, ký hiệu quyết định", content["number"]),
        *("Ngày ký", f"{day_of(content['signed_on']):%d/%m/%Y}"),
        *_facts(content, (row for row in content["lines"] if row["awarded"])),
    )
    return Statement(kind, content, decision.entered_at, area, OF_DECISIONS[kind], facts)


def of_list(content: Content, kind: str, *, phase: Phase, moment: datetime) -> Statement:
    """A paper of a list that Sở Nội vụ or the office works on."""
    number = ("Số, ký hiệu tờ trình", content["number"]) if content.get("number") else ()
    facts = (*number, *_facts(content, content["lines"]))
    return Statement(kind, content, moment, phase.campaign.province, OF_LISTS[kind], facts)


def _facts(content: Content, lines: Iterable[Content]) -> tuple[str, ...]:
    return (
        *("Phong trào", content["campaign"]["short_title"] or content["campaign"]["title"]),
        *("Đợt", content["phase"]["name"]),
        *("Đối tượng", count_words(list(lines)) or "không có"),
    )
