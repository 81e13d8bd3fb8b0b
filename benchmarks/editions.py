"""A city's day: its map published at 17:00, and a look back at what was known a month before.

Eighty days are reported, the last thirty of them published each evening; thirty more follow, each with its
report, corrections of the weeks before it, and its edition. Then it is asked what the eightieth evening knew.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from benchmarks.city import DAYS, DISTRICTS, vacuum
from benchmarks.loading import REASON, Loaded, at_noon, load_nation
from benchmarks.nation import CITY, FIRST_DAY, SEED, make_counts, make_nation
from benchmarks.queries import statements
from benchmarks.report import Row, median, row, seconds, spread
from riskmap.as_of import Knowledge, known_at
from riskmap.counts import CountRow, post_counts
from riskmap.editions import UNAPPROVED, publish
from riskmap.levels import reassess
from riskmap.models import CountEntry, MapEdition

BACK = 30  # days
CORRECTIONS = 30  # a day
PUBLISH_REACH, AS_OF_REACH = 150, 300  # ms


def measure_editions(
    *, rounds: int, communes: int = CITY, districts: int = DISTRICTS, days: int = DAYS, back: int = BACK
) -> list[Row]:
    """Live ``back`` days on either side of the day that is asked about, the last of ``days``."""
    nation = make_nation(communes=communes, districts=districts, provinces=1)
    loaded = load_nation(nation)
    counts = make_counts(nation, days=days + back)
    random = np.random.default_rng(SEED)
    begin, asked_day = days - back, days - 1
    loaded.post_days(counts, first=0, last=begin - 1, at=at_noon(begin - 1))
    vacuum()
    took, sent = [], []
    for day in range(begin, days + back):
        loaded.post_days(counts, first=day, last=day, at=at_noon(day))
        if day > asked_day:
            _correct(loaded, random, day=day, back=back)
        reassess(on=at_noon(day).date(), at=at_noon(day))
        if day == asked_day:
            vacuum()
        with statements() as asked:
            one = seconds(lambda day=day: _publish(loaded, day))
        if day > asked_day:
            took.append(one * 1000)
            sent.append(len(asked))
    vacuum()
    return [
        row(
            f"publish of {communes} communes: edition, pointer, and frames of all days published",
            f"median of {len(took)} evenings ({spread(took)} ms), at most {max(sent)} statements",
            median(took),
            "ms",
            reach=f"<= {PUBLISH_REACH}",
            met=median(took) <= PUBLISH_REACH,
        ),
        _look_back(loaded, evening(asked_day), days=days, back=back, rounds=rounds),
    ]


def evening(day: int) -> datetime:
    """17:00 of a day of the series."""
    return at_noon(day) + timedelta(hours=5)


def _publish(loaded: Loaded, day: int) -> MapEdition:
    at = evening(day)
    return publish(province=loaded.provinces[0], cut_off=at, at=at + timedelta(seconds=5), by=loaded.by)


def _correct(loaded: Loaded, random: np.random.Generator, *, day: int, back: int) -> None:
    """Other numbers for some communes on days of the month before; the afternoon of ``day``."""
    places = random.integers(0, len(loaded.communes), CORRECTIONS)
    days = random.integers(day - back, day, CORRECTIONS)
    rows = {
        (place, on): CountRow(
            loaded.communes[place].pk,
            FIRST_DAY + timedelta(on),
            unknown_source=unknown,
            known_source=known,
            isolated=0,
        )
        for place, on, (unknown, known) in zip(
            places.tolist(), days.tolist(), random.integers(0, 9, (CORRECTIONS, 2)).tolist(), strict=True
        )
    }
    at = at_noon(day) + timedelta(hours=3)
    post_counts(source=loaded.sources[0], rows=list(rows.values()), reason=REASON, by=loaded.by, at=at)


def _look_back(loaded: Loaded, instant: datetime, *, days: int, back: int, rounds: int) -> Row:
    asked = {"province": loaded.provinces[0], "instant": instant}
    took = [1000 * seconds(lambda: known_at(**asked)) for _ in range(rounds + 1)][1:]
    known = known_at(**asked)
    assert known.assessed.level.shape[1] == days, known.assessed.level.shape
    _assert_as_published(loaded, known)
    corrections = CountEntry.objects.filter(post__posted_at__gt=instant, day__lte=instant.date()).count()
    return row(
        f"as of an instant {back} days back, {len(loaded.communes)} communes × {days} days",
        f"median of {rounds} ({spread(took)} ms); {corrections} corrections of those days posted since",
        median(took),
        "ms",
        reach=f"<= {AS_OF_REACH}",
        met=median(took) <= AS_OF_REACH,
    )


def _assert_as_published(loaded: Loaded, known: Knowledge) -> None:
    """What was known is what that evening's edition froze, commune by commune."""
    edition = MapEdition.objects.get(cut_off=known.instant)
    codes = edition.codes.split("|")[0].split()
    ids = {area.code: area.pk for area in loaded.communes}
    rows = known.areas.rows_of(np.array([ids[code] for code in codes]))
    cells = known.cells()[rows, known.column_of(edition.day)]
    shown = np.frombuffer(bytes(edition.cells)[: len(codes)], np.uint8) & ~np.uint8(UNAPPROVED)
    assert (cells == shown).all(), "the look back and the edition differ"
