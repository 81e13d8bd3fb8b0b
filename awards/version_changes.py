"""What changed between two versions of a dossier: papers word by word, nominees, files, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.dossier_papers import fields_of
from awards.enums import ItemKind
from awards.models import DossierVersion
from awards.shortlist_table import FLAG_LABELS
from awards.word_changes import ADDED, DROPPED, SAME, Piece, word_changes
from campaign.standing_words import COLOURS, FACT_LABELS
from riskmap.enums import RiskLevel

CHANGED = "changed"
STATES = {
    ADDED: gettext_lazy("thêm vào"),
    DROPPED: gettext_lazy("bỏ ra"),
    CHANGED: gettext_lazy("đã đổi"),
}
_COLOUR_OF = {level.key: COLOURS[level] for level in RiskLevel}
_LEVELS = ("level_at_end", "lowest_level")


@dataclass(frozen=True, slots=True)
class Row:
    """A field that is not what it was."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A paper, a nominee or the attachments. ``state`` says whether it was added, dropped or changed."""

    title: str
    state: str
    rows: tuple[Row, ...]

    @property
    def state_label(self) -> str:
        return str(STATES[self.state])


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """From the earlier to the later; ``unchanged`` names what stayed as it was."""

    early: DossierVersion
    late: DossierVersion
    parts: tuple[Part, ...]
    unchanged: tuple[str, ...]


def version_changes(early: DossierVersion, late: DossierVersion) -> VersionChanges:
    """Everything that people wrote and the portal filled in, compared; nothing is read but the two."""
    one, other = early.content, late.content
    parts = [
        _part(_("Tờ trình"), _submission(one.get("submission")), _submission(other.get("submission"))),
        *_nominees(one.get("nominees", ()), other.get("nominees", ())),
        _part(_("Tài liệu kèm theo"), _attachments(one), _attachments(other)),
    ]
    return VersionChanges(
        early,
        late,
        tuple(part for part in parts if part.state != SAME),
        tuple(part.title for part in parts if part.state == SAME and part.title),
    )


def _nominees(early: Sequence[Mapping], late: Sequence[Mapping]) -> Iterable[Part]:
    before, after = ({each["id"]: each for each in said} for said in (early, late))
    for pk in [*after, *(pk for pk in before if pk not in after)]:
        one, other = before.get(pk), after.get(pk)
        said = other or one
        yield _part(said["person"] or said["unit"]["name"], _nominee(one), _nominee(other))


def _part(title: str, before: dict[str, str] | None, after: dict[str, str] | None) -> Part:
    state = ADDED if before is None else DROPPED if after is None else CHANGED
    before, after = before or {}, after or {}
    rows = tuple(
        Row(label, word_changes(before.get(label, ""), after.get(label, "")))
        for label in [*after, *(label for label in before if label not in after)]
        if before.get(label, "") != after.get(label, "")
    )
    return Part(title, state if rows else SAME, rows)


def _submission(item: Mapping | None) -> dict[str, str]:
    return _paper(ItemKind.SUBMISSION, item)


def _paper(kind: ItemKind, item: Mapping | None) -> dict[str, str]:
    """By label, what a paper says; its file by name and the beginning of its hash."""
    if not item:
        return {}
    fields = fields_of(kind, item.get("form", ""))
    said = {str(field.label): item["words"].get(field.name, "") for field in fields}
    if item.get("file"):
        said[_("Tệp")] = _file(item["file"])
    return said


def _file(file: Mapping[str, Any]) -> str:
    return _("%(name)s (mã băm %(hash)s…)") % {"name": file["name"], "hash": file["sha256"][:12]}


def _attachments(content: Mapping) -> dict[str, str]:
    """By title and file, so that another file under the same title is one dropped and one added."""
    named = [
        f"{each['words'].get('title', '')}: {_file(each['file'])}"
        for each in content.get("attachments", ())
        if each and each.get("file")
    ]
    return {_("Danh sách tài liệu"): "\n".join(sorted(named))}


def _nominee(said: Mapping[str, Any] | None) -> dict[str, str] | None:
    if said is None:
        return None
    found = {
        _("Hình thức khen"): said["kind"]["name"],
        _("Đơn vị"): said["unit"]["name"],
        _("Họ và tên"): said["person"],
        _("Chức vụ, nơi công tác"): said["person_post"],
        _("Đã làm gì, ở đâu"): said["deeds"],
    }
    summary = said.get("summary") or {}
    if summary.get("form"):
        found[_("Mẫu báo cáo")] = summary["form"]
    return found | _paper(ItemKind.SUMMARY, summary or None) | _evidence(said.get("evidence") or {})


def _evidence(said: Mapping[str, Any]) -> dict[str, str]:
    """What the portal filled in, in the words in which it is shown."""
    standing, edition, listed = (said.get(name) or {} for name in ("standing", "edition", "shortlist"))
    found = {_("Mức độ nguy cơ từng ngày"): "\n".join(map(_run, said.get("strip", ())))}
    if standing:
        found[_("Thành tích")] = standing["words"]
        found[_("Xếp hạng")] = f"{standing['rank_words']} ({standing['group']})"
        found[_("Bảng xếp hạng")] = _("đến hết ngày %(day)s") % {"day": _day(standing["day"])}
        for name, label in FACT_LABELS.items():
            if standing["facts"].get(name) is not None:
                found[str(label).capitalize()] = _fact(name, standing["facts"][name])
    if edition:
        numbered = {"number": edition["number"], "day": _day(edition["day"])}
        found[_("Bản đồ công bố")] = _("số %(number)s, ngày %(day)s") % numbered
    if listed:
        found[_("Danh sách xét khen")] = listed["words"]
        flags = listed.get("flags", ())
        found[_("Dấu hiệu phải xem")] = ", ".join(str(FLAG_LABELS.get(code, code)) for code in flags)
    return {label: text for label, text in found.items() if text}


def _run(run: Mapping[str, Any]) -> str:
    words = _("%(first)s–%(last)s: %(level)s") % {
        "first": _day(run["first"]),
        "last": _day(run["last"]),
        "level": _COLOUR_OF[run["level"]],
    }
    return f"{words} ({_('tạm tính')})" if run["provisional"] else words


def _fact(name: str, value: Any) -> str:
    if name in _LEVELS:
        return str(_COLOUR_OF.get(value, value))
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return number_format(round(value, 1) if isinstance(value, float) else value)


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"
