"""The placeholders that every letter has: its heading, its grounds and words, who signs, its foot."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from core.letters import Items, Letter, Paragraph, Style
from core.letters.letter import DRAFT
from core.word_templates.placeholders import Context, Placeholder

_LINE = Placeholder("dòng", _("một dòng"), "CHỦ TỊCH")
_WORDS = Placeholder("lời", _("lời của đoạn"), "Nội dung của đoạn.")

OF_LETTER = (
    Placeholder("cơ_quan_chủ_quản", _("cơ quan chủ quản"), "UBND tỉnh Ninh Thuận"),
    Placeholder("cơ_quan", _("cơ quan ban hành"), "Sở Nội vụ"),
    Placeholder("số_ký_hiệu", _("số, ký hiệu; chưa có số thì để trống chỗ ghi"), "05/QĐ-UBND"),
    Placeholder("địa_danh", _("địa danh"), "Ninh Thuận"),
    Placeholder("ngày_ký", _("ngày, tháng, năm bằng chữ"), "ngày 20 tháng 9 năm 2021"),
    Placeholder("tên_loại", _("tên loại văn bản"), "Quyết định"),
    Placeholder("trích_yếu", _("trích yếu nội dung"), "Về việc tặng Bằng khen cho tập thể, cá nhân"),
    Placeholder("người_ký", _("họ tên người ký"), "Lê Văn Mười"),
    Placeholder("dự_thảo", _("chữ “DỰ THẢO” khi chưa chốt nội dung, không thì trống"), ""),
    Placeholder("chân_trang", _("mã xác minh và nơi kiểm tra, hoặc lời báo dự thảo"), "Mã: ABCDE-23456"),
    Placeholder("mã_xác_minh", _("mã xác minh"), "ABCDE-23456"),
    Placeholder("nơi_xác_minh", _("địa chỉ kiểm tra mã"), "example.gov.vn/xac-minh"),
    Placeholder("kính_gửi", _("những nơi kính gửi"), fields=(_LINE,)),
    Placeholder("căn_cứ", _("các căn cứ"), fields=(_WORDS,)),
    Placeholder("nội_dung", _("các đoạn của bài do cổng soạn, không kể căn cứ và bảng"), fields=(_WORDS,)),
    Placeholder("chức_vụ_ký", _("thẩm quyền, chức vụ người ký, từng dòng"), fields=(_LINE,)),
    Placeholder("nơi_nhận", _("những nơi nhận"), fields=(_LINE,)),
)  # fmt: skip


def context_of_letter(letter: Letter) -> Context:
    """What the letter says under the names of ``OF_LETTER``; the last who signs is who signs."""
    signature = letter.signatures[-1] if letter.signatures else None
    return {
        "cơ_quan_chủ_quản": " ".join(letter.issuer.superior),
        "cơ_quan": " ".join(letter.issuer.name),
        "số_ký_hiệu": letter.number,
        "địa_danh": letter.place,
        "ngày_ký": letter.day,
        "tên_loại": letter.kind,
        "trích_yếu": letter.subject,
        "người_ký": signature.name if signature else "",
        "dự_thảo": DRAFT if letter.draft else "",
        "chân_trang": letter.foot,
        "mã_xác_minh": letter.seal.code if letter.seal else "",
        "nơi_xác_minh": letter.seal.check_at if letter.seal else "",
        "kính_gửi": _rows("dòng", letter.addressees),
        "căn_cứ": _rows("lời", (text for text, style in _said(letter) if style == Style.GROUND)),
        "nội_dung": _rows("lời", (text for text, style in _said(letter) if style != Style.GROUND)),
        "chức_vụ_ký": _rows("dòng", signature.capacity if signature else ()),
        "nơi_nhận": _rows("dòng", letter.recipients),
    }


def _said(letter: Letter) -> list[tuple[str, Style]]:
    """The words of the letter itself, paragraph by paragraph: without tables and appendices."""
    said = []
    for block in letter.blocks:
        if isinstance(block, Paragraph):
            said.append((" ".join(part for part in (block.lead, block.text) if part), block.style))
        elif isinstance(block, Items):
            said += [(f"{sign} {item}", Style.TEXT) for sign, item in block.signed]
    return said


def _rows(name: str, lines: Iterable[str]) -> list[dict[str, str]]:
    return [{name: line} for line in lines]
