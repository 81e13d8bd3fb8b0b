"""What the database itself refuses of proposals and decisions, past all forms."""

import pytest
from django.db import IntegrityError, transaction

from tests.awards.decisions import make_decision, make_decision_line, make_line, make_proposal
from tests.awards.dossiers import make_dossier, make_nominee

pytestmark = pytest.mark.django_db


def _refused(act) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    return refusal.value.__cause__.diag.constraint_name


def test_proposal_names_nominees_of_its_own_phase_alone():
    elsewhere = make_nominee(make_dossier())

    assert _refused(lambda: make_line(elsewhere, make_proposal())) == "proposal_line_of_its_phase"


@pytest.mark.parametrize("make", [make_decision, lambda: make_decision_line(make_decision())])
def test_what_was_decided_is_only_added_to(make):
    row = make()
    rows = type(row).objects.filter(pk=row.pk)

    changed = _refused(lambda: rows.update(reason="đổi"))
    dropped = _refused(rows.delete)

    assert (changed, dropped) == ("awards_ledger_is_append_only",) * 2
