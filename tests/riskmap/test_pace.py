"""Pace: so many a minute for each address, and a new minute is a new count."""

from riskmap.pace import Pace


def test_address_may_ask_so_often_in_a_minute_and_no_more():
    pace = Pace(per_minute=2)

    assert [pace.allows("a", seconds=second) for second in (0, 30, 59)] == [True, True, False]


def test_other_addresses_and_other_minutes_are_counted_apart():
    pace = Pace(per_minute=1)
    pace.allows("a", seconds=59)

    assert pace.allows("b", seconds=59)
    assert not pace.allows("a", seconds=59)
    assert pace.allows("a", seconds=60)
