"""A dossier as its reviewer reads it: what was handed in beside what it was before, evidence, checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from awards.checks import Check, checks_of
from awards.conflicts import conflicts_of
from awards.dossier_page import shown
from awards.dossier_papers import fields_of
from awards.dossier_steps import allowed_acts
from awards.enums import DossierAct, DossierStatus, ItemKind, NomineeStatus
from awards.models import Dossier, DossierVersion, FlagSeen, Nominee
from awards.reviewing import UNDER_REVIEW
from awards.shortlist_table import Flag, ShortlistLine
from awards.shortlists import latest_shortlist
from awards.word_changes import Piece, word_changes
from core.models import User


@dataclass(frozen=True, slots=True)
class Said:
    """A field as it was handed in. ``before`` is what the version before said where that was another."""

    label: str
    text: str
    before: str | None = None

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The two word by word, where they differ."""
        return () if self.before is None else word_changes(self.before, self.text)


@dataclass(frozen=True, slots=True)
class FlagToSee:
    flag: Flag
    seen: tuple[FlagSeen, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class NomineeReview:
    """The nominee that is being looked at."""

    nominee: Nominee
    checks: tuple[Check, ...]
    conflict: str
    line: ShortlistLine | None
    flags: tuple[FlagToSee, ...]
    papers: tuple[Said, ...]
    evidence: dict[str, Any] | None
    may_judge: bool


@dataclass(frozen=True, slots=True)
class ReviewPage:
    versions: list[DossierVersion]
    version: DossierVersion | None
    submission: tuple[Said, ...]
    nominees: list[Nominee]
    conflicts: dict[int, str]
    chosen: NomineeReview | None
    next: Nominee | None
    acts: list[DossierAct]
    judged: int


def review_page(
    dossier: Dossier, *, nominee: Nominee | None, number: int | None, by: User, at: datetime
) -> ReviewPage:
    """``nominee`` is the one to look at, the first that waits without one; ``number`` the version to read."""
    on = timezone.localdate(at)
    versions = list(dossier.versions.select_related("received_by", "permit").order_by("-number"))
    version = next((each for each in versions if number in (None, each.number)), None)
    before = next((each for each in versions if version and each.number == version.number - 1), None)
    nominees = nominees_of(dossier)
    conflicts = conflicts_of(nominees=[each.pk for each in nominees], by=by, on=on)
    chosen = nominee or next_to_judge(nominees, conflicts) or (nominees[0] if nominees else None)
    acts = [] if conflicts else allowed_acts(dossier, by, on=on)
    return ReviewPage(
        versions=versions,
        version=version,
        submission=_submission(version, before),
        nominees=nominees,
        conflicts=conflicts,
        chosen=chosen and _of_nominee(dossier, chosen, conflicts, version, before, by),
        next=next_to_judge(nominees, conflicts, after=chosen),
        acts=[act for act in acts if act in _OF_REVIEWERS],
        judged=sum(each.status != NomineeStatus.PROPOSED for each in nominees),
    )


_OF_REVIEWERS = (DossierAct.TAKE_UP, DossierAct.RETURN, DossierAct.FINISH, DossierAct.REOPEN)


def nominees_of(dossier: Dossier) -> list[Nominee]:
    """Those that stand, ready for ``checks_of``."""
    rows = dossier.nominees.exclude(status=NomineeStatus.WITHDRAWN).select_related("unit__seat__parent")
    found = list(rows.order_by("place", "pk"))
    for each in found:
        each.dossier = dossier
    return found


def next_to_judge(
    nominees: Iterable[Nominee], conflicts: dict[int, str], *, after: Nominee | None = None
) -> Nominee | None:
    """The next nominee that waits and may be judged: after the one, then from the beginning."""
    waiting = [
        each
        for each in nominees
        if each.status == NomineeStatus.PROPOSED
        and each.pk not in conflicts
        and (after is None or each.pk != after.pk)
    ]
    if after is not None:
        waiting.sort(key=lambda each: (each.place, each.pk) <= (after.place, after.pk))
    return waiting[0] if waiting else None


def _of_nominee(
    dossier: Dossier,
    nominee: Nominee,
    conflicts: dict[int, str],
    version: DossierVersion | None,
    before: DossierVersion | None,
    by: User,
) -> NomineeReview:
    table = latest_shortlist(dossier.phase)
    line = table.line_of(nominee.unit_id) if table else None
    seen = list(nominee.flags_seen.select_related("seen_by").order_by("pk"))
    said = _nominee_in(version, nominee)
    conflict = conflicts.get(nominee.pk, "")
    return NomineeReview(
        nominee=nominee,
        checks=checks_of([nominee])[nominee.pk],
        conflict=conflict,
        line=line,
        flags=tuple(
            FlagToSee(
                flag,
                tuple(each for each in seen if each.flag == flag.code),
                any(each.flag == flag.code and each.seen_by_id == by.pk for each in seen),
            )
            for flag in (line.flags if line else ())
        ),
        papers=_nominee_papers(said, _nominee_in(before, nominee) if before else None),
        evidence=shown(said["evidence"]) if said else None,
        may_judge=not conflict
        and dossier.status == DossierStatus.IN_REVIEW
        and nominee.status in UNDER_REVIEW,
    )


def _submission(version: DossierVersion | None, before: DossierVersion | None) -> tuple[Said, ...]:
    now = version.content.get("submission") if version else None
    earlier = before.content.get("submission") if before else None
    return _paper(ItemKind.SUBMISSION, now, earlier, compare=before is not None)


def _nominee_in(version: DossierVersion | None, nominee: Nominee) -> dict[str, Any] | None:
    said = version.content.get("nominees", ()) if version else ()
    return next((each for each in said if each["id"] == nominee.pk), None)


def _nominee_papers(now: dict[str, Any] | None, before: dict[str, Any] | None) -> tuple[Said, ...]:
    if now is None:
        return ()
    told = before or {}
    own = (
        (_("Hình thức khen"), now["kind"]["name"], told and told["kind"]["name"]),
        (_("Đơn vị"), now["unit"]["name"], told and told["unit"]["name"]),
        (_("Họ và tên"), now["person"], told and told["person"]),
        (_("Chức vụ, nơi công tác"), now["person_post"], told and told["person_post"]),
        (_("Đã làm gì, ở đâu"), now["deeds"], told and told["deeds"]),
    )
    rows = tuple(_said(*each, compare=bool(before)) for each in own if each[1] or (each[2] or ""))
    return rows + _paper(ItemKind.SUMMARY, now["summary"], told.get("summary"), compare=bool(before))


def _paper(
    kind: ItemKind, now: dict[str, Any] | None, before: dict[str, Any] | None, *, compare: bool
) -> tuple[Said, ...]:
    words, earlier = ((each or {}).get("words", {}) for each in (now, before))
    rows = [
        _said(str(field.label), words.get(field.name, ""), earlier.get(field.name, ""), compare=compare)
        for field in fields_of(kind, (now or {}).get("form", ""))
    ]
    files = [((each or {}).get("file") or {}) for each in (now, before)]
    if any(files):
        names = [each.get("name", "") for each in files]
        changed = files[0].get("sha256") != files[1].get("sha256")
        rows.append(Said(_("Tệp"), names[0], names[1] if compare and changed else None))
    return tuple(row for row in rows if row.text or row.before)


def _said(label: str, now: str, before: str, *, compare: bool) -> Said:
    return Said(str(label), now, before if compare and now != before else None)
