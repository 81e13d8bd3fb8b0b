"""Examples that break a constraint, by its name, and what several of them stand on."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from riskmap.models import CountSource

AT = datetime(2021, 7, 15, tzinfo=UTC)
FIRST, LAST = date(2021, 7, 1), date(2021, 7, 31)
BREAKS: dict[str, Callable[[], object]] = {}


def breaks(name: str) -> Callable:
    """Take the function as the example that breaks the constraint ``name``."""

    def remember(example: Callable[[], object]) -> Callable[[], object]:
        assert name not in BREAKS, name
        BREAKS[name] = example
        return example

    return remember


def count_source(**said) -> CountSource:
    return CountSource.objects.create(**{"name": "huyện", "rank": 1} | said)
