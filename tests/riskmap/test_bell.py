"""The bell is heard when there is a broker and never fails its caller when there is none."""

import logging
import time

import pytest
from celery import current_app

from riskmap.bell import REASSESS_STALE, ring


@pytest.fixture
def queue():
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue("celery")
        queue.clear()
        yield queue
        queue.clear()
        queue.close()


def test_ring_puts_one_message_in_the_queue(queue):
    ring()

    message = queue.get(timeout=5)
    assert message.headers["task"] == REASSESS_STALE
    message.ack()
    with pytest.raises(queue.Empty):
        queue.get_nowait()


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "redis+socket:///nowhere/at/all.sock"])
def test_ring_without_a_broker_returns_at_once_and_leaves_a_line(url, monkeypatch, caplog):
    monkeypatch.setattr(current_app.conf, "broker_write_url", url)
    begun = time.monotonic()

    with caplog.at_level(logging.WARNING, logger="riskmap.bell"):
        ring()

    assert time.monotonic() - begun < 3
    assert "beat will ring again" in caplog.text
