"""Contexts: what a paper says, as plain texts under the names of its kind's placeholders.

From the same frozen content as the portal's own letter, and from that letter where the words are already its.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from awards.paper.wording import (
    Content,
    count_words,
    day_of,
    money_words,
    post_and_unit,
    province_in_sentence,
    split,
)
from core.letters import Facts, Items, Letter, Paragraph, Style, Table
from core.letters.wording import BLANK, short_day
from core.word_templates import Context

#: The columns of the table of a secret vote.
_RESULT = ("stt", "tên", "tán_thành", "không_tán_thành", "không_ý_kiến", "tỷ_lệ", "kết_luận")


def context_of_proposal(content: Content, letter: Letter) -> Context:
    """Tờ trình of Sở Nội vụ."""
    said = [
        block.text for block in letter.blocks if isinstance(block, Paragraph) and block.style == Style.TEXT
    ]
    between = [{"lời": text} for text in said[1:-1]]
    return {**_common(content, content["lines"]), "thuyết_minh": between}


def context_of_slip(content: Content) -> Context:
    """Phiếu lấy ý kiến."""
    lines = content["lines"]
    asked = [
        {"stt": str(number), "tên": _named(row), "địa_bàn": row["district"]}
        for number, row in enumerate((*split(lines)[0], *split(lines)[1]), 1)
    ]
    said = {"hạn_trả_lời": content["due"], "ghi_chú": content["note"], "xin_ý_kiến": asked}
    return {**_common(content, lines), **said}


def context_of_minutes(content: Content, letter: Letter) -> Context:
    """Biên bản họp của Hội đồng: what the vote came to is worded by the letter."""
    session, counts = content["session"], content["counts"]
    there = [row for row in content["members"] if row["present"]]
    (facts,) = (block for block in letter.blocks if isinstance(block, Facts))
    (listed,) = (block for block in letter.blocks if isinstance(block, Items))
    (table,) = (block for block in letter.blocks if isinstance(block, Table))
    said = [block for block in letter.blocks if isinstance(block, Paragraph)]
    rules, concluded = _under(said, "II."), _under(said, "IV.")
    return {
        **_common(content, content["lines"]),
        "ngày_họp": short_day(day_of(session["held_on"])),
        "thời_gian": facts.rows[0][1],
        "nơi_họp": session["place"],
        "chủ_trì": session["chair"],
        "thư_ký": session["secretary"],
        "tổng_số": f"{counts['members']:02d}",
        "có_mặt": f"{counts['present']:02d}",
        "tối_thiểu": f"{session['quorum']:02d}",
        "vắng_mặt": ", ".join(row["name"] for row in content["members"] if row not in there),
        "cách_tính": rules[-1],
        "diễn_biến": _under(said, "III.")[0],
        "kết_thúc": concluded[-1],
        "thành_viên": _numbered({"tên": name} for name in listed.items),
        "kết_quả": [dict(zip(_RESULT, row, strict=True)) for row in table.rows],
        "không_bỏ_phiếu": [{"lời": block.text} for block in said if block.style == Style.NOTE],
        "kết_luận": [{"lời": text} for text in concluded[:-1]],
    }


def context_of_decision(content: Content) -> Context:
    """Quyết định, or what is drafted of it."""
    signed = "signed_on" in content
    lines = [row for row in content["lines"] if row.get("awarded", True)]
    proposal = content["proposal"]["number"] if signed else content.get("number", "") or f"{BLANK}/TTr-SNV"
    money, corrects = sum(row["money"] or 0 for row in lines), content.get("corrects")
    return {
        **_common(content, lines),
        "tờ_trình": proposal,
        "tổng_tiền_thưởng": money_words(money) if money else "",
        "thay_quyết_định": corrects["number"] if corrects else "",
        "thay_ngày": short_day(day_of(corrects["signed_on"])) if corrects else "",
        "thay_lý_do": corrects["reason"] if corrects else "",
    }


def context_of_notice(content: Content) -> Context:
    """Thông báo kết quả: those who are awarded, and why others are not."""
    awarded = [row for row in content["lines"] if row["awarded"]]
    others = [row for row in content["lines"] if not row["awarded"]]
    return {
        **_common(content, awarded),
        "quyết_định": content["number"],
        "ngày_quyết_định": short_day(day_of(content["signed_on"])),
        "không_khen": [{"tên": row["name"], "lý_do": row["reason"]} for row in others],
    }


def _under(said: Sequence[Paragraph], title: str) -> list[str]:
    """The words below the part whose title begins so, up to the next part."""
    texts: list[str] = []
    inside = False
    for block in said:
        if block.style == Style.PART:
            inside = block.text.startswith(title)
        elif inside:
            texts.append(block.text)
    return texts


def _common(content: Content, lines: Sequence[Content]) -> Context:
    phase, (collectives, people) = content["phase"], split(lines)
    return {
        "tỉnh": province_in_sentence(content),
        "phong_trào": content["campaign"]["title"],
        "đợt": phase["name"][:1].lower() + phase["name"][1:],
        "từ_ngày": short_day(day_of(phase["first_day"])),
        "đến_ngày": short_day(day_of(phase["last_day"])),
        "văn_bản_luật": content["law"]["title"],
        "thủ_tục": content["law"]["procedure"],
        "đối_tượng": count_words(lines),
        "số_tập_thể": f"{len(collectives):02d}",
        "số_cá_nhân": f"{len(people):02d}",
        "tập_thể": _numbered({"tên": row["name"], **_of_both(row)} for row in collectives),
        "cá_nhân": _numbered(
            {"họ_tên": row["name"], "chức_vụ": _post(row), "đơn_vị": row["unit"], **_of_both(row)}
            for row in people
        ),
    }


def _of_both(row: Content) -> dict[str, str]:
    return {
        "địa_bàn": row["district"],
        "hình_thức": row["award"],
        "thành_tích": row["deeds"],
        "tiền_thưởng": money_words(row["money"]) if row.get("money") else "",
    }


def _numbered(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [{"stt": str(number), **row} for number, row in enumerate(rows, 1)]


def _post(row: Content) -> str:
    """As the lists have it: with the unit, unless the post names it."""
    return post_and_unit(row["post"], row["unit"])


def _named(row: Content) -> str:
    return row["name"] if row["recipient"] == "collective" else f"{row['name']}, {row['post']}"
