"""One number put right, a month later: in a city alone, and in the same-sized province of a whole nation."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from benchmarks.queries import statements
from benchmarks.report import Row, median, row, seconds, spread
from core.enums import AreaKind
from core.models import Area
from core.people import system_user
from riskmap.counts import CountRow, post_counts
from riskmap.levels import reassess
from riskmap.models import Assessment, CountSource, DailyCount

DAYS_BACK = 30
REACH = 50  # ms
QUERIES = 25


def measure_correction(
    *, province: Area, where: str, at: datetime, rounds: int, promised: bool = True
) -> list[Row]:
    """Post one correction and reassess, each round in another commune."""
    source = CountSource.objects.filter(province=province).first()
    known = Assessment.objects.get(province=province)
    on = known.last_reported_day
    reassess(on=on, at=at)
    communes = list(Area.objects.under(province).of_kind(AreaKind.COMMUNE).order_by("code"))
    step = len(communes) // (rounds + 1)
    by = system_user()
    took, asked = [], []
    for number in range(rounds + 1):
        area = communes[number * step]
        day = on - timedelta(DAYS_BACK)
        corrected = _corrected(area, day)

        def correct(corrected=corrected):
            post_counts(source=source, rows=[corrected], reason="đính chính", by=by, at=at)
            reassess(on=on, at=at)

        with statements() as sent:
            one = seconds(correct)
        if number:
            took.append(one * 1000)
            asked.append(len(sent))
    return [
        row(
            f"one correction {DAYS_BACK} days back in one commune of {len(communes)}, {where}",
            f"median of {rounds} ({spread(took)} ms), post and reassess",
            median(took),
            "ms",
            reach=f"<= {REACH}" if promised else None,
            met=median(took) <= REACH if promised else None,
        ),
        row(
            "statements sent for it",
            "the most of any round",
            max(asked),
            "",
            reach=f"<= {QUERIES}" if promised else None,
            met=max(asked) <= QUERIES if promised else None,
        ),
    ]


def _corrected(area: Area, day: date) -> CountRow:
    """One more case than was said, so that the level may change."""
    said = DailyCount.objects.filter(area=area, day=day).first()
    if said is not None and said.unknown_source is not None:
        return CountRow(
            area.pk, day, unknown_source=said.unknown_source + 1, known_source=said.known_source,
            isolated=said.isolated,
        )  # fmt: skip
    return CountRow(area.pk, day, unclassified=(said.unclassified or 0) + 1 if said else 1)
