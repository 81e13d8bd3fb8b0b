"""Checks: what the machine finds of nominees, and what a reviewer decided otherwise, for a reason.

The machine says yes, no, or that a person must look (``None``). Everything is read for all nominees at
once: the same number of queries however many they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.candidates import withdrawn_units
from awards.dossier_papers import fields_of, kinds_of
from awards.enums import ItemKind, NomineeStatus
from awards.models import DossierVersion, FlagSeen, Nominee, Tick
from awards.near_duplicates import Lists
from awards.review_queue import STATES
from awards.shortlist_table import ShortlistLine
from awards.shortlists import latest_shortlist
from campaign.models import Phase, Registration

MOST_NAMED = 3

LABELS = {
    "in_time": gettext_lazy("Nộp đúng hạn"),
    "documents": gettext_lazy("Đủ giấy tờ"),
    "registered": gettext_lazy("Đăng ký thi đua đã được xác nhận"),
    "kind": gettext_lazy("Hình thức khen đúng đối tượng"),
    "shortlist": gettext_lazy("Có trong danh sách xét khen"),
    "flags": gettext_lazy("Đã xem các dấu hiệu"),
    "prior": gettext_lazy("Chưa được khen cho thành tích này"),
    "near": gettext_lazy("Không trùng đối tượng khác"),
    "two_levels": gettext_lazy("Không đề nghị cùng thành tích ở hai cấp"),
}


class CheckLink(NamedTuple):
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of a nominee. ``passed`` is the machine's; ``tick`` what a person decided last."""

    code: str
    passed: bool | None
    words: str
    links: tuple[CheckLink, ...] = ()
    tick: Tick | None = None

    @property
    def label(self) -> str:
        return str(LABELS[self.code])

    @property
    def holds(self) -> bool | None:
        return self.tick.passed if self.tick else self.passed


@dataclass(frozen=True)
class _Ground:
    """What is known of the nominees of one phase."""

    phase: Phase
    versions: dict[int, DossierVersion]
    registered: set[int]
    lines: dict[int, ShortlistLine] | None
    withdrawn: set[int]
    seen: dict[int, set[str]]
    listed: Lists  # in the phase
    awarded: Lists  # in the campaign
    kinds: set[str]


def checks_of(nominees: Iterable[Nominee]) -> dict[int, tuple[Check, ...]]:
    """By nominee (id), its checks in one order, with what people decided of them last."""
    by_phase: dict[int, list[Nominee]] = defaultdict(list)
    for nominee in nominees:
        by_phase[nominee.dossier.phase_id].append(nominee)
    found: dict[int, tuple[Check, ...]] = {}
    for group in by_phase.values():
        ground = _ground(group)
        ticks = _latest_ticks(group)
        for nominee in group:
            found[nominee.pk] = tuple(
                replace(check, tick=ticks.get((nominee.pk, check.code)))
                for check in (
                    _in_time(nominee, ground),
                    _documents(nominee, ground),
                    _registered(nominee, ground),
                    _kind(nominee, ground),
                    _shortlist(nominee, ground),
                    _flags(nominee, ground),
                    _prior(nominee, ground),
                    _near(nominee, ground),
                    _two_levels(nominee, ground),
                )
            )
    return found


def _ground(nominees: Sequence[Nominee]) -> _Ground:
    phase = nominees[0].dossier.phase
    units = {nominee.unit_id for nominee in nominees}
    latest = DossierVersion.objects.filter(dossier__in={nominee.dossier_id for nominee in nominees})
    latest = latest.select_related("permit").order_by("dossier", "-number").distinct("dossier")
    confirmed = Registration.objects.competing().filter(campaign=phase.campaign_id, unit__in=units)
    table = latest_shortlist(phase)
    seen: dict[int, set[str]] = defaultdict(set)
    for nominee, flag in FlagSeen.objects.filter(nominee__in=nominees).values_list("nominee", "flag"):
        seen[nominee].add(flag)
    others = Nominee.objects.filter(dossier__phase__campaign=phase.campaign_id)
    others = list(
        others.exclude(status=NomineeStatus.WITHDRAWN)
        .select_related("unit", "dossier__area", "dossier__phase")
        .order_by("pk")
    )
    return _Ground(
        phase=phase,
        versions={version.dossier_id: version for version in latest},
        registered=set(confirmed.values_list("unit", flat=True)),
        lines={line.unit_id: line for line in table.lines} if table else None,
        withdrawn=withdrawn_units(table.shortlist) if table else set(),
        seen=seen,
        listed=Lists(each for each in others if each.dossier.phase_id == phase.pk),
        awarded=Lists(each for each in others if each.status == NomineeStatus.AWARDED),
        kinds=set(phase.campaign.target_groups.values_list("kind", flat=True)),
    )


def _latest_ticks(nominees: Sequence[Nominee]) -> dict[tuple[int, str], Tick]:
    rows = Tick.objects.filter(nominee__in=nominees).select_related("ticked_by")
    latest = rows.order_by("nominee_id", "check_code", "-pk").distinct("nominee_id", "check_code")
    return {(tick.nominee_id, tick.check_code): tick for tick in latest}


def _in_time(nominee: Nominee, ground: _Ground) -> Check:
    version = ground.versions.get(nominee.dossier_id)
    if version is None:
        return Check("in_time", False, _("Hồ sơ chưa được nộp."))
    if version.is_late:
        return Check(
            "in_time",
            True,
            _("Nộp muộn, theo phép của Sở Nội vụ: %(why)s") % {"why": version.permit.reason},
        )
    return Check("in_time", True, _("Lần nộp %(number)s, trước hạn.") % {"number": version.number})


def _documents(nominee: Nominee, ground: _Ground) -> Check:
    version = ground.versions.get(nominee.dossier_id)
    content = version.content if version else {}
    said = next((each for each in content.get("nominees", ()) if each["id"] == nominee.pk), None)
    if said is None:
        return Check("documents", False, _("Đối tượng không có trong lần nộp gần nhất."))
    lacking = []
    submission = content.get("submission")
    if not _is_whole(submission, ItemKind.SUBMISSION) or not submission["file"]:
        lacking.append(_("tờ trình có bản ký"))
    if not _is_whole(said["summary"], ItemKind.SUMMARY):
        lacking.append(_("báo cáo tóm tắt thành tích"))
    if lacking:
        return Check("documents", False, _("Thiếu: %(papers)s.") % {"papers": ", ".join(lacking)})
    return Check("documents", True, _("Tờ trình, danh sách, báo cáo tóm tắt thành tích."))


def _is_whole(item: dict[str, Any] | None, kind: ItemKind) -> bool:
    return bool(item) and all(
        item["words"].get(field.name) for field in fields_of(kind, item.get("form", "")) if field.required
    )


def _registered(nominee: Nominee, ground: _Ground) -> Check:
    if nominee.unit_id in ground.registered:
        return Check("registered", True, _("Đăng ký của đơn vị đã được xác nhận."))
    if not ground.phase.campaign.registration_required:
        return Check("registered", True, _("Kế hoạch không đòi đăng ký."))
    return Check("registered", False, _("Đơn vị không có đăng ký đang được xác nhận."))


def _kind(nominee: Nominee, ground: _Ground) -> Check:
    kind = next((each for each in kinds_of(ground.phase.campaign) if each.code == nominee.kind), None)
    if kind is None:
        return Check("kind", False, _("Hình thức khen không có trong quy định của phong trào."))
    if (kind.recipient == "person") != bool(nominee.person):
        return Check("kind", False, _("%(name)s chỉ dành cho %(whom)s.") % _whom(kind))
    if not nominee.person and ground.kinds and nominee.unit.kind not in ground.kinds:
        return Check("kind", False, _("Loại đơn vị này không phải đối tượng thi đua của kế hoạch."))
    return Check("kind", True, _("%(name)s, dành cho %(whom)s.") % _whom(kind))


def _whom(kind) -> dict[str, str]:
    return {"name": kind.name, "whom": kind.recipient_words}


def _shortlist(nominee: Nominee, ground: _Ground) -> Check:
    if ground.lines is None:
        return Check("shortlist", None, _("Đợt chưa có danh sách xét khen."))
    line = ground.lines.get(nominee.unit_id)
    if nominee.unit_id in ground.withdrawn:
        return Check("shortlist", False, _("Đơn vị đã bị rút khi kiểm tra lại cuối đợt."))
    if line is not None and line.eligible:
        return Check("shortlist", True, "; ".join(line.reasons))
    why = line.ineligible_because if line else _("đơn vị không có trong danh sách")
    if nominee.person:
        return Check("shortlist", None, _("Cá nhân của đơn vị không đủ điều kiện: %(why)s.") % {"why": why})
    return Check("shortlist", False, _("Không đủ điều kiện: %(why)s.") % {"why": why})


def _flags(nominee: Nominee, ground: _Ground) -> Check:
    line = (ground.lines or {}).get(nominee.unit_id)
    flags = line.flags if line else ()
    if not flags:
        return Check("flags", True, _("Không có dấu hiệu nào."))
    unseen = [flag.label for flag in flags if flag.code not in ground.seen[nominee.pk]]
    if unseen:
        return Check("flags", None, _("Chưa ai xem: %(flags)s.") % {"flags": ", ".join(unseen)})
    return Check("flags", True, _("Đã xem cả %(count)s dấu hiệu.") % {"count": len(flags)})


def _prior(nominee: Nominee, ground: _Ground) -> Check:
    awarded = ground.awarded.same(nominee)
    if not awarded:
        return Check("prior", True, _("Chưa được khen trong phong trào này."))
    links = tuple(_link(each) for each in awarded[:MOST_NAMED])
    if any(each.dossier.phase_id == ground.phase.pk for each in awarded):
        return Check("prior", False, _("Đã được khen trong đợt này."), links)
    phases = ", ".join(dict.fromkeys(each.dossier.phase.name for each in awarded))
    said = _("Đã được khen ở %(phases)s; xin xem có phải cùng thành tích.") % {"phases": phases}
    return Check("prior", None, said, links)


def _near(nominee: Nominee, ground: _Ground) -> Check:
    alike = ground.listed.near(nominee)[:MOST_NAMED]
    if not alike:
        return Check("near", True, _("Không có tên gần giống trong các danh sách của đợt."))
    words = _("Tên gần giống: %(names)s.") % {"names": "; ".join(_alike(*each) for each in alike)}
    return Check("near", None, words, tuple(_link(other) for other, _score in alike))


def _alike(other: Nominee, score: float) -> str:
    said = {"name": other, "area": other.dossier.area.name, "score": int(score * 100)}
    return _("%(name)s (hồ sơ của %(area)s), giống %(score)s %%") % said


def _two_levels(nominee: Nominee, ground: _Ground) -> Check:
    twice = [*ground.listed.same(nominee), *ground.listed.two_levels(nominee)]
    if not twice:
        return Check("two_levels", True, _("Chỉ được đề nghị một lần trong đợt."))
    named = "; ".join(
        _("%(name)s trong hồ sơ của %(area)s") % {"name": each, "area": each.dossier.area.name}
        for each in twice[:MOST_NAMED]
    )
    said = _("Cùng thành tích có thể được đề nghị hai lần: %(named)s.") % {"named": named}
    return Check("two_levels", None, said, tuple(_link(each) for each in twice[:MOST_NAMED]))


def _link(nominee: Nominee) -> CheckLink:
    """To where it is reviewed; before it is handed in, to the dossier that is being written."""
    address = nominee.dossier.get_absolute_url()
    if nominee.dossier.status in STATES:
        address = reverse("awards:review_dossier", args=[nominee.dossier_id], query={"nominee": nominee.pk})
    return CheckLink(str(nominee), address)
