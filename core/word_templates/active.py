"""Active: what stands in a Word file and would be run, opened or fetched when somebody reads it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import etree

from core.word_templates.faults import Fault
from core.word_templates.package import Package, W

FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})

_EMBEDDED = gettext_lazy("Mẫu có tệp nhúng hoặc ô điều khiển. Xóa chúng rồi gửi lại.")
_TRACKED = gettext_lazy(
    "Mẫu còn sửa đổi đang theo dõi (Track Changes). Trong Word, vào Review, chọn Accept All Changes "
    "rồi gửi lại."
)
_MERGED = gettext_lazy("Mẫu nối với một nguồn trộn thư. Bỏ trộn thư rồi lưu lại.")
_ELSEWHERE = gettext_lazy("Mẫu lấy nội dung từ tệp khác. Dán nội dung ấy vào mẫu rồi gửi lại.")
_PICTURE = gettext_lazy("Mẫu có hình ảnh. Xóa hình ảnh rồi gửi lại.")
_COMMENT = gettext_lazy("Mẫu có chú thích bên lề. Xóa hết chú thích rồi gửi lại.")
_FORBIDDEN = {
    "object": _EMBEDDED, "control": _EMBEDDED, "OLEObject": _EMBEDDED, "movie": _EMBEDDED,
    "ins": _TRACKED, "del": _TRACKED, "moveFrom": _TRACKED, "moveTo": _TRACKED,
    "cellIns": _TRACKED, "cellDel": _TRACKED, "cellMerge": _TRACKED,
    "mailMerge": _MERGED,
    "altChunk": _ELSEWHERE, "subDoc": _ELSEWHERE, "saveThroughXslt": _ELSEWHERE, "contentPart": _ELSEWHERE,
    "imagedata": _PICTURE, "blip": _PICTURE, "pic": _PICTURE, "binData": _PICTURE,
    "commentReference": _COMMENT,
}  # fmt: skip
_ADDRESSES = frozenset({"src", "href", "althref"})


def active_faults(package: Package) -> Iterator[Fault]:
    """Each kind of such a thing once. What is bound to data beside the text is taken out."""
    said: set[str] = set()
    for name, tree in package.trees.items():
        if name.endswith(".rels") or name == "[Content_Types].xml":
            continue
        for bound in list(tree.iter(f"{W}dataBinding")):
            bound.getparent().remove(bound)
        for message, words in _of_tree(tree):
            if (message, words) not in said:
                said.add((message, words))
                yield Fault("", words, message)


def _of_tree(tree: etree._Element) -> Iterator[tuple[str, str]]:
    for element in tree.iter(etree.Element):
        message = _FORBIDDEN.get(etree.QName(element).localname)
        if message is not None:
            yield str(message), ""
        for name, value in element.attrib.items():
            if etree.QName(name).localname.lower() in _ADDRESSES and value:
                yield _("Mẫu có liên kết ra ngoài. Xóa liên kết rồi gửi lại."), value[:120]
    for instruction in _fields(tree):
        word = (instruction.split() or ["?"])[0].upper()
        if word not in FIELDS:
            yield (
                _("Mẫu có trường tự động “%(field)s”; chỉ nhận trường số trang. Gõ chữ thay cho trường ấy.")
                % {"field": word[:40]},
                " ".join(instruction.split())[:120],
            )


def _fields(tree: etree._Element) -> Iterator[str]:
    """The instructions of all fields, also of those within others and of those spread over runs."""
    open_fields: list[list[str]] = []
    for element in tree.iter(f"{W}fldSimple", f"{W}fldChar", f"{W}instrText", f"{W}delInstrText"):
        if element.tag == f"{W}fldSimple":
            yield element.get(f"{W}instr", "")
        elif element.tag != f"{W}fldChar":
            if open_fields:
                open_fields[-1].append(element.text or "")
            else:
                yield element.text or ""
        elif element.get(f"{W}fldCharType") == "begin":
            open_fields.append([])
        elif open_fields:
            said = open_fields.pop()
            if said:
                yield "".join(said)
            if element.get(f"{W}fldCharType") == "separate":
                open_fields.append([])  # its result, until its end; no instruction stands there
    yield from ("".join(said) for said in open_fields if said)
