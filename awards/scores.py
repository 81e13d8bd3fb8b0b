"""Scores: the points that each reviewer gives a nominee, criterion by criterion, over what was shown.

Only nominees of a dossier in review are scored, and only by people without an interest in them, as in all of
the review (``awards.reviewing.in_review``); the database refuses both again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from awards.criteria import criteria_for, criteria_of
from awards.dossiers import clean_text
from awards.models import Criterion, DossierVersion, Nominee, Score
from awards.reviewing import ReviewRefused, in_review
from core.audit import acting
from core.models import User

LONGEST_NOTE = 500


class ScoreChanged(ReviewRefused):
    """Another window of the same reviewer saved first; ``theirs`` are its rows by criterion (id).

    Nothing was written.
    """

    code = "score_changed"

    def __init__(self, message: str, *, theirs: dict[int, Score]) -> None:
        super().__init__(message)
        self.theirs = theirs


class Points(NamedTuple):
    """What is said of one criterion (id), over the ``version`` that was shown (0: there was none).

    ``points`` are empty while it is not scored; once given they are changed, not taken back.
    """

    criterion: int
    points: int | None
    note: str
    version: int


def save_scores(*, nominee: Nominee, said: Sequence[Points], by: User, at: datetime) -> int:
    """Write what one reviewer says of a nominee, all of it or nothing: how many criteria changed.

    Saying again what is stored changes nothing, whatever the version; of a dossier that was handed in anew
    since, it says that the points still stand. Raises ``ScoreChanged``, ``ReviewRefused`` and
    ``ConflictOfInterest``.
    """
    with acting(by=by, reason=f"Chấm điểm lúc {at:%H:%M:%S}"):
        held = in_review(nominee, by=by, at=at)
        known = {each.pk: each for each in criteria_for(held, criteria_of(held.dossier.phase))}
        mine = held.scores.select_for_update(of=("self",)).filter(scored_by=by)
        rows = {row.criterion_id: row for row in mine}
        handed_in = received_at(held)
        changed, conflicts = [], {}
        for each in said:
            row, note = rows.get(each.criterion), clean_text(each.note)[:LONGEST_NOTE]
            _refuse_faulty(each, note, row, known.get(each.criterion))
            same = row is not None and (row.points, row.note) == (each.points, note)
            if each.points is None or (same and not is_outdated(row, handed_in)):
                continue
            if row is not None and not same and row.version != each.version:
                conflicts[each.criterion] = row
                continue
            row = row or Score(nominee=held, criterion_id=each.criterion, scored_by=by, version=0)
            row.points, row.note, row.scored_at = each.points, note, at
            row.version += 1
            changed.append(row)
        if conflicts:
            raise ScoreChanged(
                _("Điểm đã được lưu ở cửa sổ khác sau lúc bạn mở; chưa ghi gì của lần này."), theirs=conflicts
            )
        fresh = [row for row in changed if row.pk is None]
        Score.objects.bulk_update(
            [row for row in changed if row.pk], ["points", "note", "version", "scored_at"]
        )
        Score.objects.bulk_create(fresh)
    return len(changed)


def is_outdated(score: Score, handed_in: datetime | None) -> bool:
    """Whether the dossier was handed in anew since the points were given."""
    return handed_in is not None and score.scored_at < handed_in


def received_at(nominee: Nominee) -> datetime | None:
    """When the nominee's dossier was handed in last."""
    latest = DossierVersion.objects.filter(dossier=nominee.dossier_id).order_by("-number")
    return latest.values_list("received_at", flat=True).first()


def _refuse_faulty(each: Points, note: str, row: Score | None, criterion: Criterion | None) -> None:
    if criterion is None:
        raise ReviewRefused(_("Đối tượng này không chấm theo tiêu chí đó; xin tải lại trang."))
    said = {"label": criterion.label, "most": criterion.maximum}
    if each.points is None and row is not None:
        raise ReviewRefused(_("“%(label)s” đã có điểm: sửa được, không bỏ trống lại được.") % said)
    if each.points is None and note:
        raise ReviewRefused(_("“%(label)s”: xin ghi điểm cùng nhận xét.") % said)
    if each.points is not None and not 0 <= each.points <= criterion.maximum:
        raise ReviewRefused(_("“%(label)s”: xin ghi điểm từ 0 đến %(most)s.") % said)
