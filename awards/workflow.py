"""The one table of a dossier's steps: from where, by whom, where to, and on what condition.

``awards.dossiers`` takes the steps; pages ask ``allowed_acts`` and draw what it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from awards.enums import DossierAct, DossierStatus
from core.permissions import Permission


class Condition(Enum):
    """What must hold besides the permission. Each has a sentence in ``awards.dossiers`` and a test."""

    IN_TIME = "in_time"  # before the deadline, or of the return, or with a permit
    COMPLETE = "complete"  # every paper is there
    NOT_OWN = "not_own"  # who prepared or handed it in does not review it
    SECOND_PERSON = "second_person"  # not who took it up
    NOT_PREPARED = "not_prepared"  # who prepared or approved the list, or reviewed, does not decide
    UNDECIDED = "undecided"  # no nominee of it stands on a list for the chairman


@dataclass(frozen=True, slots=True)
class Step:
    to: DossierStatus
    permission: Permission
    conditions: tuple[Condition, ...] = ()
    reason: bool = False


_S, _A, _C = DossierStatus, DossierAct, Condition

STEPS: dict[tuple[DossierStatus, DossierAct], Step] = {
    (_S.DRAFT, _A.SUBMIT): Step(_S.SUBMITTED, Permission.SUBMIT_DOSSIERS, (_C.IN_TIME, _C.COMPLETE)),
    (_S.DRAFT, _A.WITHDRAW): Step(_S.WITHDRAWN, Permission.SUBMIT_DOSSIERS, reason=True),
    (_S.SUBMITTED, _A.WITHDRAW): Step(_S.WITHDRAWN, Permission.SUBMIT_DOSSIERS, reason=True),
    (_S.SUBMITTED, _A.TAKE_UP): Step(_S.IN_REVIEW, Permission.REVIEW_DOSSIERS, (_C.NOT_OWN,)),
    (_S.IN_REVIEW, _A.RETURN): Step(_S.RETURNED, Permission.REVIEW_DOSSIERS, (_C.NOT_OWN,), reason=True),
    (_S.RETURNED, _A.SUBMIT): Step(_S.SUBMITTED, Permission.SUBMIT_DOSSIERS, (_C.IN_TIME, _C.COMPLETE)),
    (_S.RETURNED, _A.WITHDRAW): Step(_S.WITHDRAWN, Permission.SUBMIT_DOSSIERS, reason=True),
    (_S.IN_REVIEW, _A.FINISH): Step(_S.REVIEWED, Permission.REVIEW_DOSSIERS, (_C.NOT_OWN, _C.SECOND_PERSON)),
    (_S.REVIEWED, _A.REOPEN): Step(
        _S.IN_REVIEW, Permission.REVIEW_DOSSIERS, (_C.NOT_OWN, _C.UNDECIDED), reason=True
    ),
    (_S.REVIEWED, _A.DECIDE): Step(_S.DECIDED, Permission.ENTER_DECISIONS, (_C.NOT_PREPARED,)),
    (_S.WITHDRAWN, _A.RESTORE): Step(_S.DRAFT, Permission.SUBMIT_DOSSIERS),
}
