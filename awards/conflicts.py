"""Conflicts of interest: nobody reviews what they prepared, themselves, or what lies in their own area.

Derived by the database (``awards_conflict``), which also refuses scores, ticks and looks in spite of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.models import Dossier, Nominee
from core.errors import DomainError
from core.models import User

SENTENCES = {
    "prepared": gettext_lazy("Bạn đã soạn hoặc nộp hồ sơ này; xin để người khác thẩm định."),
    "same_person": gettext_lazy("Người được đề nghị trùng họ tên với bạn; xin để người khác thẩm định."),
    "own_area": gettext_lazy("Đơn vị này thuộc địa bàn bạn được giao; xin để người khác thẩm định."),
}


class ConflictOfInterest(DomainError):
    """The reviewer has an interest in what is reviewed."""

    code = "conflict_of_interest"


def conflicts_of(*, nominees: Iterable[int], by: User, on: date) -> dict[int, str]:
    """By nominee (id), why ``by`` may not review it; those without a conflict are left out. One query."""
    asked = {"nominees": list(nominees), "by": by.pk, "on": on}
    with connection.cursor() as cursor:
        cursor.execute(
            "select n, awards_conflict(n, %(by)s, %(on)s) from unnest(%(nominees)s::bigint[]) n", asked
        )
        return {nominee: str(SENTENCES[code]) for nominee, code in cursor.fetchall() if code}


def refuse_conflict(*, nominee: Nominee, by: User, on: date) -> None:
    """Raises ``ConflictOfInterest``."""
    if sentence := conflicts_of(nominees=[nominee.pk], by=by, on=on).get(nominee.pk):
        raise ConflictOfInterest(sentence)


def refuse_conflicts_in(*, dossier: Dossier, by: User, on: date) -> None:
    """Raises ``ConflictOfInterest`` for the first of its nominees in which ``by`` has an interest."""
    nominees = dict(dossier.nominees.order_by("place", "pk").values_list("pk", "place"))
    found = conflicts_of(nominees=nominees, by=by, on=on)
    for nominee, place in nominees.items():
        if nominee in found:
            raise ConflictOfInterest(
                _("Đối tượng số %(place)s: %(why)s") % {"place": place, "why": found[nominee]}
            )
