"""Choices of source: a person lets another source count than the province's policy would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import acting
from core.errors import DomainError
from core.finding import province_of
from core.models import Area, User
from riskmap.correction_notices import tell_of_correction
from riskmap.corrections import hold_correction
from riskmap.counts import choose_source, lock_provinces
from riskmap.day_reports import mark_sent
from riskmap.impact import Impact, guarded_changes, impact_of
from riskmap.models import CorrectionRequest, CountPost, CountSource
from riskmap.published import known_after
from riskmap.row_changes import Chosen, RowChange, compare_choice, faults_of
from riskmap.what_if import suppose


class ChoiceRefused(DomainError):
    """The source cannot be chosen for this area and day; nothing was written."""

    code = "choice_refused"


@dataclass(frozen=True, slots=True)
class Choice:
    """What came of it. ``held`` waits for a second person; both none: the number in force stays as it is."""

    made: bool
    held: CorrectionRequest | None


def impact_of_choice(*, area: Area, day: date, source: CountSource | None, at: datetime) -> Impact:
    """Which colours and editions would differ if the source counted for the area and day."""
    changes = compare_choice(area_id=area.pk, day=day, chosen=_chosen(source), at=at)
    return _impact(province_of(area), changes, at)


def submit_choice(
    *,
    area: Area,
    day: date,
    source: CountSource | None,
    reason: str,
    document: str = "",
    by: User,
    at: datetime,
) -> Choice:
    """Let ``source`` count for the area and day (``None``: the policy again), as a correction of the number.

    It needs a reason; of an accepted day an exception in force and a document; and a second person where it
    would move a colour that is competed for. Raises ``ChoiceRefused`` with nothing written.
    """
    reason, document = " ".join(reason.split()), " ".join(document.split())
    if not reason:
        raise ChoiceRefused(_("Chọn nguồn khác với quy ước của tỉnh thì phải nêu lý do."))
    province = province_of(area)
    with acting(by=by, reason=reason):
        lock_provinces([province.pk])
        chosen = _chosen(source)
        known = known_after(province, at)
        changes = compare_choice(area_id=area.pk, day=day, chosen=chosen, at=known)
        if faults := faults_of(changes, reason=reason, document=document):
            raise ChoiceRefused(faults[0].message)
        impact = _impact(province, changes, at)
        said = {"reason": reason, "document": document, "by": by, "at": at}
        if guarded_changes(province=province, impact=impact):
            speaks = source or province.count_sources.order_by("rank")[0]
            held = hold_correction(source=speaks, corrections=changes, impact=impact, chosen=chosen, **said)
            return Choice(False, held)
        if not changes and not _is_news(area, day, source):
            return Choice(False, None)
        post = choose_source(area=area, day=day, source=source, **said)
        if changes:
            mark_sent(cells=[(area.pk, day)], by=by, at=at)
        if impact:
            tell_of_correction(post_id=post.pk, areas=[area.pk], impact=impact, by=by, at=at)
    return Choice(True, None)


def _chosen(source: CountSource | None) -> Chosen:
    return Chosen(source.pk if source else None)


def _is_news(area: Area, day: date, source: CountSource | None) -> bool:
    """Whether the choice differs from the last one, or sources spoke since, although the number stays."""
    last = area.source_choices.filter(day=day).order_by("-pk").select_related("post").first()
    if last is None or source is None:
        return (last.source_id if last else None) != (source.pk if source else None)
    spoken = CountPost.objects.filter(province=last.post.province_id, pk__gt=last.post_id)
    return last.source_id != source.pk or spoken.exists()


def _impact(province: Area, changes: list[RowChange], at: datetime) -> Impact:
    if not changes:
        return Impact()
    values = [change.row for change in changes]
    supposed = suppose(province=province.pk, values=values, on=timezone.localdate(at))
    return impact_of(province=province, what_if=supposed)
