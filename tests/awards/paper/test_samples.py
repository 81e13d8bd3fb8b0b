"""The samples offices edit say what the portal's letters say, word by word, filled with the same content."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from docx import Document

from awards.enums import PaperKind
from awards.paper.contexts import (
    context_of_decision,
    context_of_minutes,
    context_of_notice,
    context_of_proposal,
    context_of_slip,
)
from awards.paper.decisions import decision_of, notice_of
from awards.paper.minutes import minutes_of
from awards.paper.placeholders import PLACEHOLDERS, kinds_with_placeholders
from awards.paper.proposals import opinion_slip_of, submission_of
from awards.paper.samples import sample_of
from core.letters import LetterFormat, Seal, print_letter
from core.word_templates import check_template, fill
from core.word_templates.letter_context import context_of_letter
from tests.awards.dossiers import AT

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def line(name, *, person=False, **said):
    post = {"recipient": "person", "post": "Y tá", "unit": "Trạm Y tế"} if person else {}
    usual = {"recipient": "collective", "post": "", "unit": name, "district": "Huyện Ninh Phước"}
    usual |= {"award": "Bằng khen", "citation": "Điều 71 Luật", "deeds": "Giữ vùng xanh.", "money": 1_490_000}
    usual |= {"awarded": True, "reason": "", "opinion": None}
    return usual | {"name": name} | post | said


def content_of(*lines, **said):
    usual = {
        "province": {"code": "58", "name": "Tỉnh Ninh Thuận", "type_word": "Tỉnh"},
        "campaign": {"slug": "x", "title": "phong trào thi đua giữ vùng xanh", "short_title": "vùng xanh"},
        "phase": {"code": "1", "name": "Đợt 1", "first_day": "2021-08-18", "last_day": "2021-09-10"},
        "law": {"name": "nd", "title": "Luật Thi đua, Khen thưởng", "procedure": "thủ tục đơn giản"},
        "note": "Trình gấp.",
        "due": "17 giờ 00 ngày 12/9/2021",
        "number": "88/TTr-SNV",
        "sent_on": "2021-09-15",
        "lines": list(lines),
    }
    return usual | said


def signed(**said):
    usual = {"number": "512/QĐ-UBND", "signed_on": "2021-09-20", "signer": "Lê Huyền"}
    return usual | {"signer_post": "Phó Chủ tịch", "proposal": {"number": "88/TTr-SNV"}} | said


BOTH = (line("Xã Phước Hải"), line("Xã Phước Thuận"), line("Đặng Thị Bảy", person=True))
AGAINST = {"verdict": "disagree", "note": "Còn ca mắc mới", "document": "12/SYT"}
CORRECTED = {"number": "500/QĐ-UBND", "signed_on": "2021-09-18", "reason": "Sai tên"}
CONTENTS = {
    "đủ": content_of(*BOTH),
    "chỉ cá nhân": content_of(line("Đặng Thị Bảy", person=True), note=""),
    "chưa có số": content_of(*BOTH, number="", sent_on=""),
    "Sở Y tế không đồng ý": content_of(line("Xã Phước Hải", opinion=AGAINST, reason="Đã kiểm tra.")),
    "tên như lệnh": content_of(line("{{ số_ký_hiệu }} {% for x in y %} <w:t>&amp;")),
}
DECIDED = {
    "đủ": content_of(*BOTH, **signed()),
    "một phần": content_of(BOTH[0], line("Xã Cà Ná", awarded=False, reason="Đã khen."), **signed()),
    "không ai": content_of(line("Xã Cà Ná", awarded=False, reason="Đã khen."), **signed()),
    "thay": content_of(*BOTH, **signed(corrects=CORRECTED)),
    "tên như lệnh": content_of(line("{{ số_ký_hiệu }} {% for x in y %} <w:t>&amp;"), **signed()),
}  # fmt: skip


MEMBERS = [
    {"name": "Lê Văn Mười", "post": "Chủ tịch UBND tỉnh", "present": True, "voted": True},
    {"name": "Lê Văn Phúc", "post": "", "present": True, "voted": True},
]
ABSENT = {"name": "Nguyễn Thị Sáu", "post": "", "present": False, "voted": False}


def voted(row, *, passed=True, barred=()):
    votes = {"for": 2 if passed else 0, "against": 0 if passed else 2, "blank": 0}
    return row | {"votes": votes, "of": 2, "barred": list(barred), "passed": passed}


def council(*lines, members=(), conclusion=""):
    session = {"held_on": "2021-09-12", "place": "Hội trường", "chair": "Lê Văn Mười", "quorum": 2}
    session |= {"secretary": "Lê Văn Phúc", "pass_percent": 90, "counted_of": "members"}
    session |= {"opened_at": "2021-09-12T08:00:00+07:00", "closed_at": "2021-09-12T10:30:00+07:00"}
    said = {"session": session, "members": [*MEMBERS, *members], "conclusion": conclusion}
    counts = {"members": len(said["members"]), "present": 2, "voted": 2}
    return content_of(*lines, **said, counts=counts)


HELD = {
    "đủ": council(voted(BOTH[0]), voted(BOTH[2], passed=False)),
    "có người vắng": council(voted(BOTH[0], barred=["Lê Văn Phúc"]), members=[ABSENT], conclusion="Một\nHai"),
    "không ai được thông qua": council(voted(BOTH[1], passed=False)),
}


def letters():
    for name, content in HELD.items():
        minutes = minutes_of(content, moment=AT)
        yield f"biên bản {name}", PaperKind.MINUTES, minutes, context_of_minutes(content, minutes)
    for name, content in CONTENTS.items():
        letter = submission_of(content, moment=AT)
        yield f"tờ trình {name}", PaperKind.PROPOSAL, letter, context_of_proposal(content, letter)
        slip = opinion_slip_of(content, due=content["due"], note=content["note"], moment=AT)
        yield f"phiếu {name}", PaperKind.OPINION_SLIP, slip, context_of_slip(content)
        drafted = decision_of(content, moment=AT)
        yield f"dự thảo {name}", PaperKind.DECISION, drafted, context_of_decision(content)
    for name, content in DECIDED.items():
        decided = decision_of(content, moment=AT)
        yield f"quyết định {name}", PaperKind.DECISION, decided, context_of_decision(content)
        notice = notice_of(content, moment=AT)
        yield f"thông báo {name}", PaperKind.NOTICE, notice, context_of_notice(content)


def words_of(body):
    """Every paragraph with words, of the text, its tables and its foot, in order."""
    document = Document(io.BytesIO(body))
    feet = [part for section in document.sections for part in (section.footer, section.first_page_footer)]
    roots = [document.element.body, *(foot._element for foot in feet)]
    said = ["".join(t.text or "" for t in p.iter(f"{W}t")) for root in roots for p in root.iter(f"{W}p")]
    return [text for text in said if text]


@pytest.mark.parametrize("case", list(letters()), ids=lambda case: case[0])
def test_filled_sample_says_what_the_letter_says(case):
    _name, kind, letter, context = case
    letter = replace(letter, seal=Seal("ABCDE-23456", "x.vn/xac-minh"))

    filled = fill(
        sample_of(kind), PLACEHOLDERS[kind], {**context_of_letter(letter), **context},
        title="", author="", moment=AT,
    )  # fmt: skip

    assert words_of(filled) == words_of(print_letter(letter, LetterFormat.DOCX))


@pytest.mark.parametrize("kind", kinds_with_placeholders())
def test_sample_is_a_template_without_faults(kind):
    assert check_template(sample_of(kind), PLACEHOLDERS[kind]) == ()


@pytest.mark.parametrize("kind", kinds_with_placeholders())
def test_names_of_a_kind_are_those_of_its_context_and_of_the_page_that_tells_them(kind):
    told = (Path(settings.BASE_DIR) / "docs" / "templates.md").read_text(encoding="utf-8")
    letter, context = next((letter, said) for _name, each, letter, said in letters() if each == kind)

    names = {each.name for each in PLACEHOLDERS[kind]}

    assert names == {*context_of_letter(letter), *context}
    assert [name for name in names if f"| `{name}` |" not in told] == []
