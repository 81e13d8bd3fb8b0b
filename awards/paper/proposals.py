"""Sở Nội vụ's papers: the request for an opinion, and the list for the chairman with its submission."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from awards.enums import Verdict
from awards.paper.wording import (
    LIST_COLUMNS,
    Content,
    about,
    count_words,
    days_of,
    director,
    home_affairs,
    list_table,
    place_of,
    province_in_sentence,
    split,
)
from core.letters import Align, Appendix, Column, Letter, Paragraph, Style, Table
from core.letters.wording import BLANK, blank_day, closed, recipients, short_day, written_day

ASKED_COLUMNS = (
    Column("STT", 16, Align.CENTRE),
    *LIST_COLUMNS[1:3],
    Column("Đồng ý", 18, Align.CENTRE),
    Column("Không đồng ý", 18, Align.CENTRE),
    Column("Ý kiến khác", 50),
)


def submission_of(content: Content, *, moment: datetime) -> Letter:
    """Tờ trình of Sở Nội vụ with the list; number and day are blank until it was numbered and sent."""
    lines, number = content["lines"], content.get("number", "")
    sent_on = date.fromisoformat(content["sent_on"]) if content.get("sent_on") else None
    said = [row for row in lines if row["opinion"]]
    against = [row for row in said if row["opinion"]["verdict"] == Verdict.DISAGREE]
    blocks = [
        Paragraph(f"Căn cứ {content['law']['title']};", Style.GROUND),
        Paragraph(f"Căn cứ kế hoạch {content['campaign']['title']};", Style.GROUND),
        Paragraph(
            f"Sau khi thẩm định hồ sơ của các địa bàn, đơn vị ({content['law']['procedure']}), Sở Nội vụ "
            f"kính trình Chủ tịch {_committee(content)} xem xét, tặng Bằng khen cho {count_words(lines)} "
            f"{about(content)}, {days_of(content)} (danh sách kèm theo)."
        ),
    ]
    if said:
        documents = sorted({row["opinion"]["document"] for row in said})
        words = f"Sở Y tế đã cho ý kiến về {len(said)} đối tượng tại văn bản số {', '.join(documents)}"
        blocks.append(Paragraph(f"{words}; không đồng ý {len(against)} đối tượng."))
    blocks += [
        Paragraph(
            f"{row['name']}: Sở Y tế không đồng ý ({row['opinion']['note']}). "
            f"Lý do vẫn trình: {row['reason'].rstrip('.')}."
        )
        for row in against
    ]
    blocks += _council(lines)
    if content["note"]:
        blocks.append(Paragraph(content["note"]))
    blocks.append(Paragraph(closed("Sở Nội vụ kính trình Chủ tịch xem xét, quyết định")))
    symbol = number or f"{BLANK}/TTr-SNV"
    listed = Appendix(
        title="Danh sách đề nghị tặng Bằng khen",
        blocks=(list_table(lines),),
        reference=f"Kèm theo Tờ trình số {symbol} của Sở Nội vụ",
    )
    return Letter(
        issuer=home_affairs(content),
        number=symbol,
        place=place_of(content),
        day=written_day(sent_on) if sent_on else blank_day(moment.year),
        kind="Tờ trình",
        subject=f"Về việc tặng Bằng khen cho tập thể, cá nhân {about(content)}",
        addressees=(f"Chủ tịch {_committee(content)}",),
        blocks=tuple(blocks),
        signatures=(director(),),
        recipients=recipients(["Như trên", "Lưu: VT"]),
        appendices=(listed,),
        moment=moment,
    )


def opinion_slip_of(content: Content, *, due: str, note: str, moment: datetime) -> Letter:
    """Phiếu lấy ý kiến: each nominee with room for a mark and a word."""
    rows = []
    for row in (*split(content["lines"])[0], *split(content["lines"])[1]):
        who = row["name"] if row["recipient"] == "collective" else f"{row['name']}, {row['post']}"
        rows.append((str(len(rows) + 1), who, row["district"], "", "", ""))
    blocks = [
        Paragraph(
            f"Sở Nội vụ đề nghị Sở Y tế cho ý kiến về {count_words(content['lines'])} được đề nghị khen "
            f"thưởng {about(content)}, {days_of(content)}. Xin trả lời trước {due}."
        )
    ]
    if note:
        blocks.append(Paragraph(note))
    blocks += [
        Table(ASKED_COLUMNS, tuple(rows)),
        Paragraph(closed("Sở Nội vụ cảm ơn sự phối hợp của quý Sở")),
    ]
    return Letter(
        issuer=home_affairs(content),
        number=f"{BLANK}/PLYK-SNV",
        place=place_of(content),
        day=blank_day(moment.year),
        kind="Phiếu lấy ý kiến",
        subject=f"Về đối tượng đề nghị khen thưởng {about(content)}",
        addressees=(f"Sở Y tế {province_in_sentence(content)}",),
        blocks=tuple(blocks),
        signatures=(director(),),
        recipients=recipients(["Như trên", "Lưu: VT"]),
        moment=moment,
        landscape=True,
    )


def _council(lines: Sequence[Content]) -> list[Paragraph]:
    """What a council voted, where there was one, and why those are proposed whom it did not pass."""
    voted = [row for row in lines if row.get("council")]
    if not voted:
        return []
    held = sorted({date.fromisoformat(row["council"]["held_on"]) for row in voted})
    days = ", ".join(short_day(day) for day in held)
    said = (
        f"Hội đồng Thi đua - Khen thưởng họp ngày {days} đã bỏ phiếu kín về {len(voted)} đối tượng, "
        f"thông qua {sum(row['council']['passed'] for row in voted)} đối tượng."
    )
    return [
        Paragraph(said),
        *(
            Paragraph(
                f"{row['name']}: Hội đồng không thông qua ({row['council']['votes']['for']}/"
                f"{row['council']['of']} phiếu tán thành). Lý do vẫn trình: {row['reason'].rstrip('.')}."
            )
            for row in voted
            if not row["council"]["passed"]
        ),
    ]


def _committee(content: Content) -> str:
    return f"Ủy ban nhân dân {province_in_sentence(content)}"
