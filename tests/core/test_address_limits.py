"""How often an address may do what needs no account."""

import ipaddress
import multiprocessing
import secrets
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisAway

from core.address_limits import TooOften, count_once_more

AT = datetime(2021, 8, 25, 1, 40, tzinfo=UTC)


@pytest.fixture
def act():
    """A name nobody counted under before: the cache outlives the tests."""
    return secrets.token_hex(8)


def counted(act, address, times, *, limit=3, at=AT) -> int:
    """How many of ``times`` were taken."""
    taken = 0
    for _time in range(times):
        try:
            count_once_more(act=act, address=address, limit=limit, at=at)
            taken += 1
        except TooOften:
            pass
    return taken


def test_address_is_counted_up_to_the_limit_and_each_for_itself(act):
    assert counted(act, "192.0.2.1", 5) == 3
    assert counted(act, "192.0.2.2", 5) == 3
    assert counted(act + "x", "192.0.2.1", 5) == 3


def test_next_hour_begins_anew(act):
    counted(act, "192.0.2.1", 5)

    assert counted(act, "192.0.2.1", 1, at=AT + timedelta(minutes=19)) == 0
    assert counted(act, "192.0.2.1", 1, at=AT + timedelta(minutes=20)) == 1


def test_refusal_says_after_how_many_minutes(act):
    counted(act, "192.0.2.1", 3)

    with pytest.raises(TooOften, match="20 phút"):
        count_once_more(act=act, address="192.0.2.1", limit=3, at=AT)


def test_addresses_of_one_line_are_one(act):
    network = ipaddress.ip_network("2001:db8:1:2::/64")

    assert sum(counted(act, str(network[place]), 1) for place in range(5)) == 3
    assert counted(act, "2001:db8:1:3::1", 1) == 1
    assert counted(act, "::ffff:192.0.2.9", 2) + counted(act, "192.0.2.9", 2) == 3


def test_several_at_once_pass_the_limit_in_no_process(act):
    """Threads and processes alike share the count: the cache does the adding."""
    context = multiprocessing.get_context("fork")
    with context.Pool(2, initializer=cache.close) as pool:
        taken = pool.starmap(counted, [(act, "192.0.2.7", 5)] * 4)

    assert sum(taken) == 3


def test_nothing_of_the_address_is_kept(act):
    counted(act, "203.0.113.77", 1)

    client = cache._cache.get_client(None, write=True)
    keys = [key.decode() for key in client.scan_iter(f"*{act}*")]
    assert len(keys) == 1
    assert "203.0.113.77" not in keys[0]
    assert 0 < client.ttl(keys[0]) <= 3660


def test_salt_of_the_day_is_forgotten(act):
    counted(act, "192.0.2.1", 3)
    cache.delete(f"limit:salt:{AT:%Y%m%d}")

    assert counted(act, "192.0.2.1", 1) == 1


def test_nobody_is_turned_away_while_the_cache_is_away(act, monkeypatch):
    def away(*_arguments, **_options):
        raise RedisAway

    monkeypatch.setattr("core.address_limits.cache.add", away)

    assert counted(act, "192.0.2.1", 9) == 9
