"""What a recomputation asks of the database does not grow with the number of communes."""

import pytest
from django.db import transaction

from benchmarks.loading import at_noon, load_nation
from benchmarks.nation import make_counts, make_nation
from benchmarks.queries import statements
from riskmap.levels import reassess
from riskmap.models import LevelSpan

DAYS = 30


def _statements_of(communes: int) -> tuple[int, int, int]:
    """How many statements the first run and the run after one more day send, and how many spans it made."""
    nation = make_nation(communes=communes, districts=5, provinces=1)
    counts = make_counts(nation, days=DAYS)
    with transaction.atomic():
        loaded = load_nation(nation)
        sent = []
        for first, last in ((0, DAYS - 2), (DAYS - 1, DAYS - 1)):
            at = at_noon(last)
            loaded.post_days(counts, first=first, last=last, at=at)
            with statements() as run:
                reassess(on=at.date(), at=at)
            sent.append(len(run))
        spans = LevelSpan.objects.count()
        transaction.set_rollback(True)
    return *sent, spans


@pytest.mark.django_db
def test_statements_do_not_grow_with_the_number_of_communes():
    few_first, few_again, few_spans = _statements_of(10)
    many_first, many_again, many_spans = _statements_of(300)

    assert many_spans > 10 * few_spans
    assert many_first <= few_first
    assert many_again <= few_again + 2  # ten may have no span to end and no new criteria
    assert many_again <= 25
