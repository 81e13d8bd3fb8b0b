"""What papers of lists and decisions are made from, frozen: a collective, a person, one not awarded."""

from typing import Any


def proposed_content(**first: Any) -> dict[str, Any]:
    """The list for the chairman; ``first`` is said of its collective instead."""
    collective = {
        "place": 1, "nominee": 1, "recipient": "collective", "kind": "bang-khen-tinh-tap-the",
        "award": "Bằng khen của Chủ tịch UBND tỉnh", "citation": "Điều 72 Luật Thi đua, khen thưởng",
        "name": "Xã Phước Hậu", "post": "", "unit": "Xã Phước Hậu", "unit_kind": "commune",
        "district": "Huyện Ninh Phước", "deeds": "", "money": None, "reason": "", "opinion": None,
    }  # fmt: skip
    person = collective | {
        "place": 2, "nominee": 2, "recipient": "person", "name": "Đặng Thị Bảy", "deeds": "Trực chốt.",
        "post": "Trạm trưởng Trạm Y tế", "opinion": {"verdict": "agree", "note": "", "document": "12/SYT"},
    }  # fmt: skip
    other = person | {"place": 3, "nominee": 3, "name": "Trần Văn Không", "reason": "Vì đã xem lại."}
    other["opinion"] = {"verdict": "disagree", "note": "Chưa rõ.", "document": "12/SYT"}
    return {
        "format": 1,
        "province": {"code": "58", "name": "Tỉnh Ninh Thuận", "type_word": "Tỉnh"},
        "campaign": {"slug": "xanh", "title": "Phong trào giữ vùng xanh", "short_title": "Giữ vùng xanh"},
        "phase": {"code": "1", "name": "Đợt 1", "first_day": "2021-08-01", "last_day": "2021-09-09"},
        "law": {"name": "nd", "title": "Luật Thi đua, khen thưởng", "procedure": "thủ tục đơn giản"},
        "note": "",
        "lines": [collective | first, person, other],
    }


def decided_content(**first: Any) -> dict[str, Any]:
    """The decision on it: the last one is not awarded."""
    content = proposed_content(**first)
    collective, person, other = content["lines"]
    content |= {
        "number": "512/QĐ-UBND", "signed_on": "2021-09-20", "signer": "Lê Văn Chín",
        "signer_post": "Phó Chủ tịch", "proposal": {"number": "88/TTr-SNV", "sent_on": "2021-09-15"},
        "corrects": None,
    }  # fmt: skip
    content["lines"] = [
        collective | {"awarded": True, "money": 2980000, "code": "23456789AC"},
        person | {"awarded": True, "money": 1490000, "code": "23456789AD"},
        other | {"awarded": False, "money": 1490000, "code": "23456789AE", "reason": "Đã khen đợt trước."},
    ]
    return content
