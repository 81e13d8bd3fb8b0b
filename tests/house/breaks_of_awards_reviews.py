"""How the constraints of reviews are broken; see ``test_constraints``."""

from tests.awards.dossiers import make_dossier, make_nominee
from tests.awards.reviews import make_criterion, make_flag_seen, make_score, make_tick
from tests.house.breaking import breaks


@breaks("criterion_code_once_per_phase")
def _():
    first = make_criterion(make_dossier().phase)
    make_criterion(first.phase)


@breaks("criterion_has_points_and_weight")
def _():
    make_criterion(make_dossier().phase, weight=0)


@breaks("tick_has_a_reason")
def _():
    make_tick(make_nominee(make_dossier()), reason="")


@breaks("flag_seen_once_per_person")
def _():
    first = make_flag_seen(make_nominee(make_dossier()))
    make_flag_seen(first.nominee, first.seen_by)


@breaks("score_once_per_reviewer")
def _():
    first = make_score(make_nominee(make_dossier()))
    make_score(first.nominee, first.criterion, first.scored_by)


@breaks("criterion_recipient_is_known")
def _():
    make_criterion(make_dossier().phase, recipient="both")
