"""The same push again, also at the same time and after a restart: one entry and the same answer."""

import json
import threading
import urllib.error
import urllib.request
from collections import Counter

import pytest
from django.db import OperationalError, connections
from django.test import Client

from riskmap.api.push import TokenThrottle, WrongTokenThrottle
from riskmap.models import CountEntry, CountPost, PushReceipt
from tests.factories import CommuneFactory
from tests.riskmap.machine import ADDRESS, Machine, refused, row, said_by_cdc
from tests.riskmap.province import day, make_province


@pytest.fixture
def province(db):
    return make_province(districts={"901": ["90101", "90102", "90103"], "902": ["90201"]})


@pytest.fixture
def machine(province):
    return Machine(province)


class TestSameRequestAgain:
    def test_answer_is_the_same_byte_for_byte(self, machine):
        first = machine.push(row(), row("90109"), partial=True)

        again = machine.push(row(), row("90109"), partial=True)

        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
        assert again["Content-Type"] == first["Content-Type"] == "application/json"
        assert (CountPost.objects.count(), PushReceipt.objects.count()) == (1, 1)

    def test_answer_keeps_its_language(self, machine):
        body = {"rows": [row("90109")]}
        first = machine.send(body, **{"Accept-Language": "en"})

        again = machine.send(body)

        assert (again.content, again["Content-Language"]) == (first.content, "en")

    def test_refusal_stays_what_it_was(self, machine, province):
        first = machine.push(row("90104"))
        CommuneFactory(code="90104", parent=province.districts["901"], valid_from=day(0))

        again = machine.push(row("90104"))

        assert (again.status_code, again.content) == (422, first.content)
        assert machine.push(row("90104"), key="2").status_code == 200

    def test_answer_stays_what_it_was_after_later_words(self, machine):
        first = machine.push(row())
        machine.push(row(unknown_source=7), key="2", reason="rà soát")

        again = machine.push(row())

        assert again.content == first.content
        assert said_by_cdc()[-1] == ("90101", day(3), 7)

    def test_other_request_with_the_same_key_is_refused(self, machine):
        machine.push(row())

        response = machine.push(row(unknown_source=3))

        refused(response, 422, "idempotency_key_reused")
        assert "Idempotent-Replayed" not in response
        assert said_by_cdc() == [("90101", day(3), 2)]

    def test_keys_of_two_tokens_are_apart(self, machine, province):
        other = Machine(province)
        machine.push(row())

        response = other.push(row("90102"))

        assert (response.status_code, "Idempotent-Replayed" in response) == (200, False)

    def test_receipt_names_its_posting(self, machine):
        machine.push(row())

        receipt = PushReceipt.objects.get()

        assert (receipt.token, receipt.key, receipt.status) == (machine.token, "1", 200)
        assert receipt.post == CountPost.objects.get()

    def test_failure_keeps_nothing_so_that_it_can_be_sent_again(self, machine, monkeypatch):
        def fail(**_options):
            raise OperationalError("server closed the connection unexpectedly")

        with monkeypatch.context() as patch:
            patch.setattr("riskmap.pushes.PushReceipt.objects.create", fail)
            refused(machine.push(row()), 503, "unavailable")
        assert CountEntry.objects.count() == 0

        assert machine.push(row()).status_code == 200


@pytest.mark.django_db(transaction=True)
class TestTogether:
    """Real connections: a live server, twenty senders at once."""

    SENDERS = 20

    def test_repeated_keys_at_once_are_one_entry_and_one_answer(self, live_server, province):
        machine = Machine(province)
        requests = [(f"k{n}", {"rows": [row(number=n), row("90102", n)]}) for n in range(4)]
        answers = self.send_together(live_server, machine, requests * (self.SENDERS // 4))

        assert Counter(status for _, status, _, _ in answers) == {200: self.SENDERS}
        for key, _ in requests:
            same = [(body, replayed) for asked, _, body, replayed in answers if asked == key]
            assert len({body for body, _ in same}) == 1
            assert sorted(replayed for _, replayed in same) == [False] + [True] * 4
        assert (CountPost.objects.count(), PushReceipt.objects.count()) == (4, 4)
        assert sorted(said_by_cdc()) == sorted(
            (code, day(n), 2) for n in range(4) for code in ("90101", "90102")
        )

    def test_same_numbers_under_many_keys_at_once_are_one_entry(self, live_server, province):
        machine = Machine(province)
        requests = [(f"k{n}", {"rows": [row()]}) for n in range(self.SENDERS)]
        answers = self.send_together(live_server, machine, requests)

        said = Counter(json.loads(body)["rows"][0]["status"] for _, _, body, _ in answers)
        assert said == {"new": 1, "unchanged": self.SENDERS - 1}
        assert said_by_cdc() == [("90101", day(3), 2)]

    def test_answer_is_the_same_after_a_restart(self, live_server, province):
        machine = Machine(province)
        body = {"rows": [row(), row("90109")], "partial": True}
        before = _send(live_server, machine, "1", body)
        connections.close_all()
        TokenThrottle._asked, WrongTokenThrottle._asked = {}, {}  # what a process knows by itself

        after = Machine.__new__(Machine)
        after.client, after.secret = Client(), machine.secret
        again = after.send(json.dumps(body).encode())

        assert (again.status_code, again.content) == (before[1], before[2])

    def send_together(self, live_server, machine, requests):
        start, answers, wrong = threading.Barrier(len(requests)), [], []

        def send(key, body):
            try:
                start.wait()
                answers.append(_send(live_server, machine, key, body))
            except Exception as error:
                wrong.append(error)

        threads = [threading.Thread(target=send, args=request) for request in requests]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert wrong == []
        return answers


def _send(live_server, machine, key, body):
    """Key, status, body and whether it was replayed, over a connection of its own."""
    request = urllib.request.Request(
        live_server.url + ADDRESS,
        json.dumps(body).encode(),
        {
            "Authorization": f"Bearer {machine.secret}",
            "Idempotency-Key": key,
            "Content-Type": "application/json",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return key, answer.status, answer.read(), "Idempotent-Replayed" in answer.headers
    except urllib.error.HTTPError as answer:
        return key, answer.status, answer.read(), "Idempotent-Replayed" in answer.headers
