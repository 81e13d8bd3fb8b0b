"""Many posts at once, and a post that is killed in its middle."""

import threading

import psycopg2
import pytest
from django.db import InterfaceError, OperationalError, connection, connections, transaction

from core.models import AuditEvent
from core.people import system_user
from riskmap.counts import CountRow, Posting, post_counts, post_together, rebuild_daily_counts
from riskmap.models import CountEntry, CountPost, DailyCount, StaleMark
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db(transaction=True)

POSTS = 20


def at_once(work, count):
    """Run ``work(n)`` in ``count`` threads that start together; returns what went wrong."""
    start, wrong = threading.Barrier(count), []

    def run(n):
        try:
            start.wait()
            work(n)
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return wrong


def test_twenty_posts_at_once_lose_and_double_nothing():
    province = make_province()
    codes = sorted(province.communes)
    sources = [province.source(name) for name in ("huyện", "CDC", "bản đồ", "bệnh viện")]
    by = system_user()

    def post(n):
        post_counts(
            source=sources[n % 4],
            rows=[
                CountRow(province.communes[codes[n % 3]].pk, day(n % 5), unclassified=n + 1),
                CountRow(province.communes[codes[0]].pk, day(9), unclassified=n + 1),
            ],
            reason=f"lần {n}",
            by=by,
            at=AT,
        )

    assert at_once(post, POSTS) == []

    assert CountPost.objects.count() == POSTS
    assert CountEntry.objects.count() == POSTS * 2
    last_words = [
        CountEntry.objects.filter(source=source, day=day(9)).latest("id").unclassified for source in sources
    ]
    assert DailyCount.objects.get(day=day(9)).unclassified == max(last_words)
    stored = sorted(DailyCount.objects.values_list("area_id", "day", "entry_id", "unclassified"))
    rebuild_daily_counts(province=province.area)
    assert sorted(DailyCount.objects.values_list("area_id", "day", "entry_id", "unclassified")) == stored


def test_posts_of_the_same_provinces_in_opposite_order_do_not_deadlock():
    provinces = [make_province("90"), make_province("91", districts={"911": ["91101"]})]
    by = system_user()
    for province in provinces:
        province.source()

    def post(n):
        postings = [
            Posting(
                province.sources["huyện"],
                [CountRow(next(iter(province.communes.values())).pk, day(n), unclassified=1)],
            )
            for province in provinces
        ]
        post_together(postings=postings if n % 2 else postings[::-1], reason="thử", by=by, at=AT)

    assert at_once(post, 8) == []
    assert DailyCount.objects.count() == 16


def test_post_killed_before_its_commit_leaves_nothing():
    province = make_province()
    by = system_user()
    source = province.source()
    rows = [CountRow(province.communes["90101"].pk, day(n), unclassified=1) for n in range(50)]
    events = AuditEvent.objects.count()

    def post_and_die():
        with transaction.atomic():
            post_counts(source=source, rows=rows, reason="thử", by=by, at=AT)
            assert DailyCount.objects.count() == 50
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                _end_backend(cursor.fetchone()[0])

    with pytest.raises((OperationalError, InterfaceError)):
        post_and_die()
    connection.close()

    assert not CountPost.objects.exists()
    assert not CountEntry.objects.exists()
    assert not DailyCount.objects.exists()
    assert not StaleMark.objects.exists()
    assert AuditEvent.objects.count() == events
    posted = post_counts(source=source, rows=rows, reason="thử", by=by, at=AT)
    assert posted.new == 50


def _end_backend(pid):
    """End the server's side of a connection, as a crash of the machine would."""
    other = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None})
    other.autocommit = True
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()
