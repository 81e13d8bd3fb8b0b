"""Styles: the kinds of lines of a letter under names of their own, so that an office changes all at once."""

from __future__ import annotations

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from core.letters import geometry
from core.letters.letter import Style

FONT = "Times New Roman"
_LEFT, _MIDDLE, _BOTH = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY

NAMES = {
    Style.TEXT: "VB Nội dung",
    Style.GROUND: "VB Căn cứ",
    Style.ACT: "VB Quyết nghị",
    Style.PART: "VB Mục",
    Style.CLAUSE: "VB Khoản",
    Style.NOTE: "VB Ghi chú",
    Style.CENTRED: "VB Chỉ dẫn",
    Style.CAPTION: "VB Tên bảng",
    "figure": "VB Hình",
    "heading": "VB Đầu trang",
    "rule": "VB Đường kẻ",
    "title": "VB Tên loại",
    "addressee": "VB Kính gửi",
    "addressees": "VB Kính gửi nhiều nơi",
    "label": "VB Nhãn",
    "value": "VB Giá trị",
    "head": "VB Đầu bảng",
    "cell": "VB Ô bảng",
    "band": "VB Nhóm trong bảng",
    "signature": "VB Chữ ký",
    "signature_note": "VB Ghi chú chữ ký",
    "recipients_head": "VB Nơi nhận",
    "recipients": "VB Danh sách nơi nhận",
    "page_number": "VB Số trang",
    "foot": "VB Chân trang",
}


#: What the styles of a new document stand on; the many others are of no use here.
_FOUNDATION = ("Normal", "DefaultParagraphFont", "TableNormal", "NoList", "Header", "HeaderChar")


def id_of(kind: str) -> str:
    """The identity of a style inside the file, which is the same whatever its name."""
    return "Vb" + "".join(part.capitalize() for part in kind.split("_"))


def give_style(paragraph: Paragraph, kind: str) -> Paragraph:
    """The paragraph in one of our styles: by identity, since to look for names takes most of the time; and of
    one that has no properties yet written at once, since to look for their place takes the rest."""
    if paragraph._p.pPr is None:
        properties, style = OxmlElement("w:pPr"), OxmlElement("w:pStyle")
        style.set(qn("w:val"), id_of(kind))
        properties.append(style)
        paragraph._p.insert(0, properties)
    else:
        paragraph._p.style = id_of(kind)
    return paragraph


def write_styles(document: Document) -> None:
    """Our styles and no others, and Times New Roman as the letter of everything."""
    for style in list(document.styles):
        if style.style_id not in _FOUNDATION:
            style.delete()
    _write_defaults(document)
    spaced = {"lines": geometry.LINES, "before": geometry.BETWEEN}
    body = {"align": _BOTH, "indent": geometry.INDENT, **spaced}
    table = {"points": geometry.TABLE}
    wanted = {
        Style.TEXT: body,
        Style.GROUND: body | {"italic": True},
        Style.ACT: spaced | {"align": _MIDDLE, "bold": True, "keep": True},
        Style.PART: body | {"bold": True, "keep": True, "outline": 0},
        Style.CLAUSE: body | {"bold": True, "keep": True, "outline": 1},
        Style.NOTE: body | {"italic": True, "points": geometry.NOTE},
        Style.CENTRED: spaced | {"align": _MIDDLE, "italic": True},
        Style.CAPTION: table | {"align": _MIDDLE, "bold": True, "keep": True, "before": 2 * geometry.BETWEEN},
        "figure": {"align": _MIDDLE, "before": geometry.BETWEEN},
        "heading": {"align": _MIDDLE},
        "rule": {"points": 1},
        "title": {"align": _MIDDLE, "bold": True, "keep": True},
        "addressee": spaced | {"align": _MIDDLE},
        "addressees": {"left": 30},
        "label": spaced,
        "value": spaced | {"align": _BOTH},
        "head": table | {"align": _MIDDLE, "bold": True},
        "cell": table,
        "band": table | {"bold": True, "keep": True},
        "signature": {"align": _MIDDLE, "bold": True, "keep": True},
        "signature_note": {"align": _MIDDLE, "italic": True, "keep": True},
        "recipients_head": {"points": geometry.RECIPIENTS_HEAD, "bold": True, "italic": True},
        "recipients": {"points": geometry.RECIPIENTS},
        "page_number": {"align": _MIDDLE, "points": geometry.PAGE_NUMBER},
        "foot": {"points": geometry.FOOT},
    }
    for kind, form in wanted.items():
        style = document.styles.add_style(NAMES[kind], WD_STYLE_TYPE.PARAGRAPH)
        style.element.styleId = id_of(kind)
        style.base_style = document.styles["Normal"]
        _form(style, **form)


def _form(
    style: ParagraphStyle,
    *,
    align: WD_ALIGN_PARAGRAPH = _LEFT,
    points: float = geometry.TEXT,
    bold: bool = False,
    italic: bool = False,
    lines: float = 1,
    before: float = 0,
    indent: float = 0,
    left: float = 0,
    keep: bool = False,
    outline: int | None = None,
) -> None:
    style.quick_style, style.font.size, style.font.bold, style.font.italic = True, Pt(points), bold, italic
    paragraph = style.paragraph_format
    paragraph.alignment, paragraph.keep_with_next, paragraph.widow_control = align, keep, True
    paragraph.line_spacing, paragraph.space_before, paragraph.space_after = lines, Pt(before), Pt(0)
    paragraph.first_line_indent, paragraph.left_indent = Mm(indent), Mm(left)
    if outline is not None:  # a heading, as Word lists them beside the text
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(outline))
        style.element.get_or_add_pPr().append(level)


def _write_defaults(document: Document) -> None:
    normal = document.styles["Normal"]
    normal.font.size, normal.font.color.rgb = Pt(geometry.TEXT), RGBColor(0, 0, 0)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for letters in (normal.element.get_or_add_rPr().get_or_add_rFonts(), defaults.find(qn("w:rFonts"))):
        letters.attrib.clear()
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            letters.set(qn(f"w:{script}"), FONT)
    defaults.find(qn("w:lang")).set(qn("w:val"), "vi-VN")
    _write_as_new(document)


def _write_as_new(document: Document) -> None:
    """Laid out by the rules of Word since 2013: tables begin at the edge of the text."""
    settings = document.settings.element
    compat = settings.find(qn("w:compat"))
    said = OxmlElement("w:compatSetting")
    for name, value in (
        ("name", "compatibilityMode"),
        ("uri", "http://schemas.microsoft.com/office/word"),
        ("val", "15"),
    ):
        said.set(qn(f"w:{name}"), value)
    compat.clear()
    compat.append(said)
