"""The chairman's decision with its list, and the notice of results."""

from __future__ import annotations

from datetime import datetime

from awards.paper.wording import (
    Content,
    about,
    committee,
    count_words,
    day_of,
    days_of,
    director,
    grounds_of,
    home_affairs,
    list_table,
    money_words,
    place_of,
    province_in_sentence,
    split,
)
from core.letters import Appendix, Letter, Paragraph, Signature, Style
from core.letters.wording import BLANK, blank_day, capacity_of, closed, recipients, short_day, written_day

GOVERNMENT_LAW = "Luật Tổ chức chính quyền địa phương ngày 19/6/2015 và Luật sửa đổi, bổ sung ngày 22/11/2019"


def decision_of(content: Content, *, moment: datetime) -> Letter:
    """Quyết định; of a list that is not decided yet a draft: no number, no day, no signer, everybody."""
    signed = "signed_on" in content
    lines = [row for row in content["lines"] if row.get("awarded", True)]
    number = content["number"] if signed else f"{BLANK}/QĐ-UBND"
    proposal = content["proposal"]["number"] if signed else content.get("number", "") or f"{BLANK}/TTr-SNV"
    articles = grounds_of(row["citation"] for row in lines)
    grounds = [GOVERNMENT_LAW, content["law"]["title"], *([articles] if articles else [])]
    money = sum(row["money"] or 0 for row in lines)
    second = (
        "Tiền thưởng kèm theo Bằng khen thực hiện theo quy định hiện hành, chi từ Quỹ Thi đua, khen thưởng"
    )
    if money:
        second += f"; tổng số tiền thưởng là {money_words(money)}"
    blocks = [
        *(Paragraph(f"Căn cứ {each};", Style.GROUND) for each in grounds),
        Paragraph(f"Theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số {proposal}.", Style.GROUND),
        Paragraph("QUYẾT ĐỊNH:", Style.ACT),
        Paragraph(
            f"Tặng Bằng khen của Chủ tịch Ủy ban nhân dân {province_in_sentence(content)} cho "
            f"{count_words(lines) or 'các đối tượng'} {about(content)}, "
            f"{days_of(content)} (danh sách kèm theo).",
            lead="Điều 1.",
        ),
        Paragraph(f"{second}.", lead="Điều 2."),
        Paragraph(
            closed(
                f"Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Nội vụ, thủ trưởng các cơ quan, đơn vị "
                f"liên quan và {count_words(lines) or 'các đối tượng'} có tên tại Điều 1 chịu trách nhiệm "
                f"thi hành Quyết định này kể từ ngày ký{_instead(content)}"
            ),
            lead="Điều 3.",
        ),
    ]
    listed = Appendix(
        title="Danh sách được tặng Bằng khen",
        blocks=(list_table(lines),),
        reference=f"Kèm theo Quyết định số {number} của Chủ tịch Ủy ban nhân dân "
        f"{province_in_sentence(content)}",
    )
    capacity = capacity_of(content["signer_post"]) if signed else capacity_of("Chủ tịch")
    return Letter(
        issuer=committee(content),
        number=number,
        place=place_of(content),
        day=written_day(day_of(content["signed_on"])) if signed else blank_day(moment.year),
        kind="Quyết định",
        subject=f"Về việc tặng Bằng khen cho tập thể, cá nhân {about(content)}",
        blocks=tuple(blocks),
        signatures=(Signature(capacity, content["signer"] if signed else ""),),
        recipients=recipients(["Như Điều 3", "Sở Y tế", "Lưu: VT"]),
        appendices=(listed,),
        moment=moment,
    )


def notice_of(content: Content, *, moment: datetime) -> Letter:
    """Thông báo kết quả of Sở Nội vụ: who is awarded, and why others are not."""
    awarded = [row for row in content["lines"] if row["awarded"]]
    others = [row for row in content["lines"] if not row["awarded"]]
    day = short_day(day_of(content["signed_on"]))
    blocks = [
        Paragraph(
            f"Ngày {day}, Chủ tịch Ủy ban nhân dân {province_in_sentence(content)} ký Quyết định số "
            f"{content['number']} tặng Bằng khen cho {count_words(awarded) or 'các đối tượng'} "
            f"{about(content)}."
        )
    ]
    if awarded:
        blocks.append(list_table(awarded))
    blocks += [Paragraph(f"Không khen {row['name']}: {row['reason']}") for row in others]
    blocks.append(Paragraph(closed("Sở Nội vụ thông báo để các địa bàn, đơn vị biết")))
    return Letter(
        issuer=home_affairs(content),
        number=f"{BLANK}/TB-SNV",
        place=place_of(content),
        day=blank_day(day_of(content["signed_on"]).year),
        kind="Thông báo",
        subject=f"Kết quả khen thưởng tập thể, cá nhân {about(content)}",
        blocks=tuple(blocks),
        signatures=(director(),),
        recipients=recipients(["Các địa bàn, đơn vị có hồ sơ", "Lưu: VT"]),
        moment=moment,
    )


def awarded_in_order(content: Content) -> list[Content]:
    """Those who get a certificate, collectives first, as the list has them."""
    collectives, people = split(row for row in content["lines"] if row["awarded"])
    return [*collectives, *people]


def _instead(content: Content) -> str:
    corrects = content.get("corrects")
    if not corrects:
        return ""
    return (
        f" và thay Quyết định số {corrects['number']} ngày {short_day(day_of(corrects['signed_on']))} "
        f"({corrects['reason']})"
    )
