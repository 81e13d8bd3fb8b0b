"""What reviewers score the nominees of a phase by: set by the office, fixed from the first score on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from awards.dossiers import DossierRefused, clean_text
from awards.models import Criterion, Nominee, Score
from campaign.enums import Recipient
from campaign.models import Phase
from core.audit import acting
from core.models import User

LOCK = 2762  # the first key of the advisory locks that the triggers of scores take; the second is the phase
MOST_CRITERIA = 20
LONGEST_LABEL = 200
USUAL_MAXIMUM, USUAL_WEIGHT = 10, 1


class CriteriaRefused(DossierRefused):
    """The criteria cannot be set so, or no longer."""

    code = "criteria_refused"


class CriteriaChanged(CriteriaRefused):
    """Somebody else set them meanwhile; ``theirs`` are those that are stored. Nothing was written."""

    code = "criteria_changed"

    def __init__(self, message: str, *, theirs: list[Criterion]) -> None:
        super().__init__(message)
        self.theirs = theirs


class CriterionSaid(NamedTuple):
    """One criterion as people set it. ``recipient`` is empty where it is for collectives and persons."""

    label: str
    recipient: str
    maximum: int
    weight: int


def criteria_of(phase: Phase) -> list[Criterion]:
    return list(Criterion.objects.filter(phase=phase).order_by("place", "pk"))


def criteria_for(nominee: Nominee, criteria: Iterable[Criterion]) -> list[Criterion]:
    """Those of them by which the nominee is scored."""
    recipient = Recipient.PERSON if nominee.person else Recipient.COLLECTIVE
    return [each for each in criteria if each.recipient in ("", recipient)]


def default_criteria(phase: Phase) -> list[CriterionSaid]:
    """What the plan commends for, one criterion each: where the office begins."""
    grounds = phase.campaign.award_grounds.order_by("place")
    return [
        CriterionSaid(each.wording[:LONGEST_LABEL], each.recipient, USUAL_MAXIMUM, USUAL_WEIGHT)
        for each in grounds
    ]


def are_fixed(phase: Phase) -> bool:
    """Whether a score of the phase exists."""
    return Score.objects.filter(criterion__phase=phase).exists()


def fingerprint(criteria: Iterable[Criterion]) -> str:
    """Stands for what was shown: other criteria have another."""
    said = [f"{row.pk}\t{row.label}\t{row.recipient}\t{row.maximum}\t{row.weight}" for row in criteria]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def set_criteria(
    *, phase: Phase, said: Sequence[CriterionSaid], seen: str, by: User, at: datetime
) -> list[Criterion]:
    """Set all criteria of the phase over those with the fingerprint ``seen``; the same again changes nothing.

    Raises ``CriteriaChanged`` with theirs, and ``CriteriaRefused``: none at all, too many, without a name,
    points or weight, two of one name, or the phase has a score already.
    """
    said = [each._replace(label=_line(each.label)) for each in said]
    _refuse_faulty(said)
    with acting(by=by, reason=f"Đặt tiêu chí chấm lúc {at:%H:%M:%S}: {phase.name}"):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, phase.pk])
        stored = criteria_of(phase)
        if [CriterionSaid(row.label, row.recipient, row.maximum, row.weight) for row in stored] == said:
            return stored
        if are_fixed(phase):
            raise CriteriaRefused(
                _("Đợt đã có điểm chấm nên tiêu chí không đổi được nữa; mọi đối tượng được chấm như nhau.")
            )
        if fingerprint(stored) != seen:
            raise CriteriaChanged(
                _("Người khác đã đặt tiêu chí sau lúc bạn mở; chưa ghi gì của bạn."), theirs=stored
            )
        Criterion.objects.filter(phase=phase).delete()
        return Criterion.objects.bulk_create(
            Criterion(phase=phase, code=f"tc-{place}", place=place, **each._asdict())
            for place, each in enumerate(said, start=1)
        )


def _refuse_faulty(said: Sequence[CriterionSaid]) -> None:
    if not said:
        raise CriteriaRefused(_("Xin ghi ít nhất một tiêu chí."))
    if len(said) > MOST_CRITERIA:
        raise CriteriaRefused(_("Một đợt có nhiều nhất %(most)s tiêu chí.") % {"most": MOST_CRITERIA})
    for each in said:
        if not each.label or not (1 <= each.maximum <= 100 and 1 <= each.weight <= 100):
            raise CriteriaRefused(_("Tiêu chí phải có tên, điểm tối đa và trọng số từ 1 đến 100."))
        if each.recipient not in ("", *Recipient.values):
            raise CriteriaRefused(_("Tiêu chí phải chấm cho tập thể, cá nhân, hoặc cả hai."))
    names = [(each.label.casefold(), each.recipient) for each in said]
    if len(set(names)) < len(names):
        raise CriteriaRefused(_("Có hai tiêu chí trùng tên; xin ghi tên khác."))


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())[:LONGEST_LABEL]
