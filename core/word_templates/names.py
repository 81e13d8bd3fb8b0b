"""Names: whether a tag speaks of what there is, and what was probably meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from core.vietnamese import closest, fold
from core.word_templates.placeholders import Placeholder, is_name
from core.word_templates.tags import Tag, Word

#: Names that mean something to the engine itself.
_TAKEN = frozenset(
    {"loop", "self", "super", "caller", "varargs", "kwargs", "true", "false", "none", "and", "or", "not"}
    | {"in", "is", "if", "else", "elif", "for", "endfor", "endif", "recursive"}
)


class Names:
    """The names that are given, in both spellings."""

    def __init__(self, placeholders: Sequence[Placeholder]) -> None:
        self._given = {each.name: each for each in placeholders}

    def why_no_tag(self, raw: str) -> str:
        """Of braces that are no tag: what to write instead."""
        inner = raw.strip("{}%# ")
        if not raw.startswith(("{{", "{%")) or not inner:
            return _("Dấu ngoặc nhọn lẻ. Chỗ điền viết {{ tên }}, không dùng ngoặc nhọn vào việc khác.")
        near = self._near(inner, self._writable())
        if raw.startswith("{{") and near:
            return _("Không có chỗ điền này. Có phải {{ %(near)s }}?") % {"near": near}
        if raw.startswith("{{"):
            return _("Không nhận: giữa hai dấu ngoặc chỉ được ghi một tên trong danh sách chỗ điền.")
        return _("Không nhận lệnh này. Chỉ có %(known)s, và if, else, endif, như trong mẫu để sửa.") % {
            "known": "{%tr for … in … %}, {%tr endfor %}, {%p for … in … %}, {%p endfor %}"
        }

    def why_unknown(self, tag: Tag, rows: Mapping[str, str]) -> str:
        """Why the tag cannot be filled, or nothing. ``rows`` are the loops it stands in: row to list."""
        if tag.word == Word.FOR:
            return self._why_no_loop(tag)
        if not tag.name:
            return ""
        if tag.name in rows:
            return self._why_no_field(tag, rows[tag.name])
        each = self._given.get(tag.name.lower())
        if each is None or not self._spelt(tag.name):
            return self._suggested(tag.name if not tag.field else f"{tag.name}.{tag.field}", rows)
        if tag.field:
            return _("{{ %(name)s }} không có phần nào bên trong; ngoài vòng lặp chỉ ghi tên.") % {
                "name": tag.name
            }
        if each.is_list and tag.word == Word.WRITE:
            return _("“%(name)s” là danh sách, phải lặp: %(example)s.") % {
                "name": each.name,
                "example": f"{{%tr for dòng in {each.name} %}} … {{%tr endfor %}}",
            }
        return ""

    def _why_no_loop(self, tag: Tag) -> str:
        if tag.row in _TAKEN or tag.row.lower() in self._given or not is_name(tag.row):
            return _("“%(row)s” không dùng làm tên dòng được. Ghi một tên khác, ví dụ dòng.") % {
                "row": tag.row
            }
        each = self._given.get(tag.name)
        if each is None or not each.is_list:
            lists = {name: name.replace("_", " ") for name, each in self._given.items() if each.is_list}
            near = self._near(tag.name, lists)
            if near:
                return _("Không có danh sách này. Có phải %(near)s?") % {"near": near}
            return _("Không có danh sách này. Các danh sách: %(known)s.") % {"known": ", ".join(lists) or "–"}
        return ""

    def _why_no_field(self, tag: Tag, name: str) -> str:
        fields = {field.name: field.name.replace("_", " ") for field in self._given[name].fields}
        if not tag.field:
            if tag.word == Word.IF:
                return ""
            return _("Ghi rõ phần nào của dòng: %(known)s.") % {
                "known": ", ".join(f"{tag.name}.{field}" for field in fields)
            }
        if tag.field.lower() in fields and self._spelt(tag.field):
            return ""
        near = self._near(tag.field, fields)
        if near:
            return _("Không có chỗ điền này. Có phải {{ %(near)s }}?") % {"near": f"{tag.name}.{near}"}
        return _("Danh sách “%(name)s” chỉ có: %(known)s.") % {"name": name, "known": ", ".join(fields)}

    def _suggested(self, name: str, rows: Mapping[str, str]) -> str:
        writable = self._writable()
        for row, of in rows.items():
            writable |= {f"{row}.{field.name}": f"{row} {field.name}" for field in self._given[of].fields}
        near = self._near(name, writable)
        if near:
            return _("Không có chỗ điền này. Có phải {{ %(near)s }}?") % {"near": near}
        return _("Không có chỗ điền này. Xem danh sách chỗ điền của loại văn bản.")

    def _writable(self) -> dict[str, str]:
        return {name: name for name, each in self._given.items() if not each.is_list}

    @staticmethod
    def _spelt(name: str) -> bool:
        return name in (name.lower(), name.upper())

    @staticmethod
    def _near(said: str, names: Mapping[str, str]) -> str | None:
        """The nearest name: the same letters without tones, its words among others, letters alike."""
        plain = {key: fold(_spaced(words)) for key, words in names.items()}
        wanted = fold(_spaced(said))
        same = [key for key, words in plain.items() if words == wanted]
        within = [key for key, words in plain.items() if set(words.split()) <= set(wanted.split())]
        if same or within:
            return same[0] if same else max(within, key=len)
        return closest(wanted, plain)


def _spaced(name: str) -> str:
    return name.replace("_", " ").replace(".", " ")
