"""kill -9 in the middle of the demo's months: the next run makes of them what one run would have."""

import os
import signal
import time
from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from core.people import system_user
from demo.loading import load_demo
from riskmap.edition_proof import verify_editions
from riskmap.models import (
    CountEntry,
    CountPost,
    DailyCount,
    DayReportStep,
    DeclaredFact,
    LevelSpan,
    LockException,
    MapEdition,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

AT = timezone.make_aware(datetime(2022, 1, 5, 8))
THROUGH = date(2021, 8, 18)


def load():
    return list(load_demo(by=system_user(), at=AT, through=THROUGH))


def load_in_a_child() -> int:
    """The process id of a child of ours that loads the demo on connections of its own."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            load()
        finally:
            os._exit(0)
    return child


def what_there_is() -> list:
    numbers = ("unknown_source", "known_source", "isolated", "close_contacts")
    return [
        list(
            MapEdition.objects.order_by("number").values_list("number", "cut_off", "published_at", "payload")
        ),
        list(CountPost.objects.order_by("id").values_list("posted_at", "reason", "posted_by__username")),
        list(CountEntry.objects.order_by("id").values_list("post__posted_at", "area__code", "day", *numbers)),
        sorted(DailyCount.objects.values_list("area__code", "day", *numbers)),
        sorted(
            DayReportStep.objects.values_list("scope__code", "day", "act", "taken_at", "taken_by__username")
        ),
        sorted(LockException.objects.values_list("area__code", "day", "granted_at")),
        sorted(DeclaredFact.objects.values_list("area__code", "kind", "declared_at")),
        sorted(LevelSpan.objects.values_list("area__code", "first_day", "last_day", "level", "provisional")),
    ]


def test_demo_that_was_killed_is_finished_as_if_it_never_was():
    load()
    whole = what_there_is()
    call_command("flush", interactive=False)

    for editions in (3, 11):
        child = load_in_a_child()
        while MapEdition.objects.count() < editions:
            assert os.waitpid(child, os.WNOHANG) == (0, 0)
            time.sleep(0.002)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert MapEdition.objects.count() < len(whole[0])
    load()

    assert what_there_is() == whole
    assert len(whole[0]) == 18
    proof = verify_editions(province="58", replay=True)
    assert (proof.editions, proof.faults, proof.differing) == (18, [], [])
