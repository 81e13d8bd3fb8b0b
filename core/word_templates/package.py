"""Package: what a Word file is made of, read without trusting any of it.

Only the parts and relationships a letter needs are let in. Everything that another program would open, run or
fetch because of the file is refused by its kind, and what is not known is refused too.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import etree

from core.file_contents import DOCX, FileRefused, read_document
from core.word_templates.faults import Fault

LARGEST = 2_000_000  # bytes of the file
PARTS_AT_MOST = 200
PART_AT_MOST = 1_500_000  # bytes of one part, unpacked
UNPACKED_AT_MOST = 12_000_000

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
MAIN = "word/document.xml"

#: The last word of a relationship's type. What is kept stays; what is dropped is not needed by a letter.
_KEPT = frozenset(
    {"officeDocument", "styles", "stylesWithEffects", "settings", "webSettings", "fontTable", "theme"}
    | {"numbering", "header", "footer", "footnotes", "endnotes"}
    | {"core-properties", "extended-properties"}
)
_DROPPED = frozenset(
    {"customXml", "customXmlProps", "custom-properties", "thumbnail", "glossaryDocument", "people"}
    | {"commentsExtended", "commentsIds", "commentsExtensible", "documenttasks"}
)
#: Where the parts people see must lie: tags are read there and filled there, and nowhere else.
_AT = {
    "officeDocument": re.compile(r"/?word/document\.xml"),
    "header": re.compile(r"(/word/)?header\d*\.xml"),
    "footer": re.compile(r"(/word/)?footer\d*\.xml"),
    "footnotes": re.compile(r"(/word/)?footnotes\.xml"),
}
_REFUSED = {
    "image": gettext_lazy("Mẫu có hình ảnh. Xóa hình ảnh rồi gửi lại."),
    "hyperlink": gettext_lazy(
        "Mẫu có liên kết ra ngoài. Bấm chuột phải vào chữ có liên kết, chọn Xóa siêu liên kết rồi gửi lại."
    ),
    "oleObject": gettext_lazy("Mẫu có tệp nhúng. Xóa tệp nhúng rồi gửi lại."),
    "package": gettext_lazy("Mẫu có tệp nhúng. Xóa tệp nhúng rồi gửi lại."),
    "control": gettext_lazy("Mẫu có nút bấm, ô điều khiển. Xóa chúng rồi gửi lại."),
    "vbaProject": gettext_lazy("Mẫu có macro. Lưu lại thành Word (.docx) không có macro."),
    "comments": gettext_lazy("Mẫu có chú thích bên lề. Xóa hết chú thích rồi gửi lại."),
    "aFChunk": gettext_lazy("Mẫu lấy nội dung từ tệp khác. Dán nội dung ấy vào mẫu rồi gửi lại."),
    "subDocument": gettext_lazy("Mẫu lấy nội dung từ tệp khác. Dán nội dung ấy vào mẫu rồi gửi lại."),
    "attachedTemplate": gettext_lazy(
        "Mẫu gắn với một tệp mẫu khác trên máy hay trên mạng. Trong Word, vào Developer, Document Template, "
        "xóa tên tệp mẫu rồi lưu lại."
    ),
    "mailMergeSource": gettext_lazy("Mẫu nối với một nguồn trộn thư. Bỏ trộn thư rồi lưu lại."),
    "mailMergeHeaderSource": gettext_lazy("Mẫu nối với một nguồn trộn thư. Bỏ trộn thư rồi lưu lại."),
    "font": gettext_lazy("Mẫu nhúng phông chữ. Trong Word, vào Options, Save, bỏ Embed fonts rồi lưu lại."),
}  # fmt: skip
for _of_picture in ("chart", "diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors"):
    _REFUSED[_of_picture] = gettext_lazy("Mẫu có biểu đồ hoặc sơ đồ. Xóa đi rồi gửi lại.")


class Unusable(Exception):
    """The file is not read any further; ``fault`` is why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.fault = Fault("", "", message)


class Package(NamedTuple):
    """The parts of a file as trees by their names, the others (none of a letter) left out."""

    trees: dict[str, etree._Element]

    @property
    def stories(self) -> list[str]:
        """The parts people see and tags are filled in, the main one first."""
        names = [name for name in self.trees if name.startswith(("word/header", "word/footer"))]
        return [MAIN, *sorted(names), *(name for name in ("word/footnotes.xml",) if name in self.trees)]

    def as_bytes(self) -> bytes:
        """The file again, written from the trees."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name, tree in self.trees.items():
                target.writestr(
                    name, etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
                )
        return out.getvalue()


def open_package(body: bytes) -> Package:
    """The file's parts. Raises ``Unusable`` for what is no Word file, or one that is too large or strange."""
    if len(body) > LARGEST:
        raise Unusable(
            _("Tệp mẫu lớn hơn 2 MB. Mẫu chỉ cần chữ và bảng: xóa hình ảnh, tệp nhúng rồi gửi lại.")
        )
    try:
        if read_document(body)[1] != DOCX:
            raise Unusable(_("Tệp không phải Word (.docx). Hãy lưu mẫu thành .docx rồi gửi lại."))
    except FileRefused as refusal:
        raise Unusable(refusal.message) from refusal
    trees = {}
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        listed = [part for part in parts.infolist() if not part.is_dir()]
        _refuse_sizes(listed)
        for part in listed:
            if part.filename.endswith((".xml", ".rels")):
                trees[part.filename] = _tree(parts.read(part), part.filename)
    for name in ("[Content_Types].xml", "_rels/.rels", MAIN):
        if name not in trees:
            raise Unusable(_("Tệp Word không mở được. Mở tệp bằng Word, lưu lại thành .docx rồi gửi."))
    return Package(trees)


def relation_faults(package: Package) -> Iterator[Fault]:
    """What the file would open or fetch; what a letter does not need but is harmless is taken out."""
    said = set()
    for name, tree in package.trees.items():
        if not name.endswith(".rels"):
            continue
        for relation in tree.findall(_RELATION):
            kind, target = relation.get("Type", "").rpartition("/")[2], relation.get("Target", "")
            outside = relation.get("TargetMode", "Internal") != "Internal" or _leads_out(target)
            elsewhere = kind in _AT and not _AT[kind].fullmatch(target)
            if kind in _DROPPED and not outside:
                tree.remove(relation)
            elif (outside or elsewhere or kind not in _KEPT) and (kind, outside) not in said:
                said.add((kind, outside))
                yield Fault("", target[:120] if outside else "", _why(kind, outside=outside))


def _why(kind: str, *, outside: bool) -> str:
    if kind in _REFUSED:
        return str(_REFUSED[kind])
    if outside:
        return _("Mẫu có liên kết ra ngoài. Xóa liên kết rồi gửi lại.")
    return _("Mẫu có phần “%(kind)s” không dùng trong văn bản. Xóa phần ấy rồi gửi lại.") % {
        "kind": kind[:40]
    }


def _leads_out(target: str) -> bool:
    """Whether a relationship's target is anything but a part of this file."""
    return ":" in target or target.startswith(("//", "\\")) or "\\" in target or ".." in target.split("/")[1:]


def _refuse_sizes(listed: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in listed]
    if len(listed) > PARTS_AT_MOST or sum(part.file_size for part in listed) > UNPACKED_AT_MOST:
        raise Unusable(_("Tệp mẫu bung ra quá lớn. Chép nội dung sang một tệp Word mới rồi gửi."))
    if any(part.file_size > PART_AT_MOST for part in listed):
        raise Unusable(_("Mẫu dài quá mức. Mẫu một văn bản chỉ vài trang: bỏ phần thừa rồi gửi lại."))
    if len({name.lower() for name in names}) < len(names):
        raise Unusable(_("Tệp Word không mở được. Mở tệp bằng Word, lưu lại thành .docx rồi gửi."))


def _tree(content: bytes, name: str) -> etree._Element:
    """The part, with nothing declared in it, no comments and no instructions, and nothing fetched."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as trouble:
        raise Unusable(
            _("Tệp Word không mở được. Mở tệp bằng Word, lưu lại thành .docx rồi gửi.")
        ) from trouble
    if tree.getroottree().docinfo.internalDTD is not None or tree.getroottree().docinfo.doctype:
        raise Unusable(
            _("Tệp Word khai báo kiểu tài liệu (DTD) ở phần %(name)s, không nhận được.") % {"name": name}
        )
    return tree
