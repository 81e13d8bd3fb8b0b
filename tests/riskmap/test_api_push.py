"""POST /api/v1/counts/: every row is answered for, and who may not send is told so."""

import gzip
import json
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from core.enums import Role
from core.models import Area
from core.people import end_grant
from riskmap.api import push as push_api
from riskmap.api.push import MOST_BYTES, MOST_ROWS, TokenThrottle, WrongTokenThrottle
from riskmap.levels import reassess
from riskmap.models import (
    CorrectionRequest,
    CountEntry,
    CountPost,
    DailyCount,
    DayReport,
    GuardedPeriod,
    LockException,
    PushReceipt,
)
from riskmap.tokens import revoke_token
from tests.factories import GrantFactory, HamletFactory
from tests.riskmap.machine import ADDRESS, Machine, refused, row, said_by_cdc
from tests.riskmap.province import AT, day, make_province


@pytest.fixture
def province(db):
    return make_province(districts={"901": ["90101", "90102", "90103"], "902": ["90201"]})


@pytest.fixture
def machine(province):
    return Machine(province)


def statuses(response):
    return [(each["row"], each["status"]) for each in response.json()["rows"]]


def refusals(response):
    return [(each["row"], each["field"], each["code"]) for each in response.json()["rows"] if "code" in each]


class TestRows:
    def test_new_rows_are_posted_together_under_the_owner(self, machine):
        response = machine.push(
            row(unknown_source=2, known_source=1, isolated=0, close_contacts=5, tests=40, suspected=1),
            row("90102", isolated=4),
        )

        assert response.status_code == 200
        said = response.json()
        assert said["summary"] == {"new": 2, "corrected": 0, "unchanged": 0, "held": 0, "refused": 0}
        assert said["rows"] == [{"row": 1, "status": "new"}, {"row": 2, "status": "new"}]
        post = CountPost.objects.get()
        assert (said["post"], said["correction"]) == (post.pk, None)
        assert (post.source.name, post.posted_by) == ("CDC", machine.owner)
        entry = CountEntry.objects.get(area__code="90101")
        assert (entry.unknown_source, entry.known_source, entry.isolated, entry.close_contacts) == (
            2,
            1,
            0,
            5,
        )
        assert (entry.tests, entry.suspected, entry.unclassified) == (40, 1, None)
        assert DailyCount.objects.get(area__code="90101").unknown_source == 2
        assert DayReport.objects.get().scope.code == "901"

    def test_same_numbers_under_another_key_post_nothing(self, machine):
        machine.push(row())

        response = machine.push(row(), key="2")

        assert (statuses(response), response.json()["post"]) == ([(1, "unchanged")], None)
        assert CountEntry.objects.count() == 1

    def test_changed_number_is_a_correction_with_a_reason(self, machine):
        machine.push(row())

        response = machine.push(row(unknown_source=5), row("90102"), key="2", reason="rà soát lại")

        assert statuses(response) == [(1, "corrected"), (2, "new")]
        assert CountPost.objects.order_by("id").last().reason == "rà soát lại"

    def test_changed_number_without_a_reason_is_refused(self, machine):
        machine.push(row())

        response = machine.push(row("90102"), row(unknown_source=5), key="2")

        refused(response, 422, "rows_refused")
        assert refusals(response) == [(2, "reason", "reason_needed")]
        assert len(said_by_cdc()) == 1

    def test_accepted_day_needs_an_exception_and_a_document(self, machine, province):
        machine.push(row(), row("90201"))
        _accept(province.districts["901"], day(3), machine.owner)
        change = [row(unknown_source=5), row("90201", unknown_source=5)]

        locked = machine.push(*change, key="2", reason="rà soát", document="12/CV")
        _except(province.communes["90101"], day(3), machine.owner)
        without_document = machine.push(*change, key="3", reason="rà soát")
        taken = machine.push(*change, key="4", reason="rà soát", document="12/CV-CDC")

        assert refusals(locked) == [(1, "day", "day_locked")]
        assert refusals(without_document) == [(1, "document", "document_needed")]
        assert statuses(taken) == [(1, "corrected"), (2, "corrected")]
        assert CountPost.objects.order_by("id").last().document == "12/CV-CDC"

    def test_correction_that_moves_a_guarded_colour_is_held_and_the_new_is_posted(self, machine, province):
        province.post({}, complete=(0, 9))
        machine.push(row(unknown_source=4))
        reassess(on=day(9), at=AT)
        GuardedPeriod.objects.create(province=province.area, name="Đợt 1", first_day=day(0), last_day=day(9))

        response = machine.push(row(unknown_source=0), row("90102"), key="2", reason="ghi nhầm xã")

        assert statuses(response) == [(1, "held"), (2, "new")]
        said = response.json()
        assert said["summary"]["held"] == 1
        assert said["correction"] == CorrectionRequest.objects.get().pk
        assert said_by_cdc() == [("90101", day(3), 4), ("90102", day(3), 2)]

    def test_hamlets_are_counted_as_well(self, machine, province):
        HamletFactory(code="9010101", parent=province.communes["90101"], valid_from=day(0))

        assert machine.push(row("9010101")).status_code == 200
        assert said_by_cdc() == [("9010101", day(3), 2)]

    @pytest.mark.parametrize(
        ("wrong", "field", "code"),
        [
            ({"code": "90109"}, "code", "unknown_code"),
            ({"code": "901"}, "code", "not_a_commune"),
            ({"code": "91101"}, "code", "other_province"),
            ({"code": 90101}, "code", "unreadable_code"),
            ({"code": "90101\x00"}, "code", "unreadable_code"),
            ({"code": "\ud800"}, "code", "unreadable_code"),
            ({"code": ""}, "code", "unreadable_code"),
            ({"code": None}, "code", "missing_code"),
            ({"day": "2999-01-01"}, "day", "future_day"),
            ({"day": "2019-12-31"}, "day", "day_before_the_epidemic"),
            ({"day": "2021-02-30"}, "day", "unreadable_day"),
            ({"day": "01/08/2021"}, "day", "unreadable_day"),
            ({"day": 44409}, "day", "unreadable_day"),
            ({"day": None}, "day", "unreadable_day"),
            ({"unknown_source": True}, "unknown_source", "not_a_count"),
            ({"unknown_source": "2"}, "unknown_source", "not_a_count"),
            ({"unknown_source": [2]}, "unknown_source", "not_a_count"),
            ({"unknown_source": -1}, "unknown_source", "negative_count"),
            ({"unknown_source": 2.5}, "unknown_source", "fractional_count"),
            ({"unknown_source": 1_000_001}, "unknown_source", "count_too_large"),
            ({"unknown_source": 10**30}, "unknown_source", "count_too_large"),
            ({"tests": 1e300}, "tests", "count_too_large"),
            ({"tests": -(10**30)}, "tests", "negative_count"),
            ({"unknown_source": None}, "", "no_number"),
            ({"cases": 2}, "cases", "unknown_field"),
            ({"\ud800\x00": 2}, "?", "unknown_field"),
        ],
    )
    def test_wrong_row_is_refused_and_nothing_is_written(self, machine, wrong, field, code):
        make_province("91", districts={"911": ["91101"]})

        response = machine.push(row("90102"), row() | wrong)

        said = refused(response, 422, "rows_refused")
        assert refusals(response) == [(2, field, code)]
        assert said["rows"][0]["message"]
        assert CountEntry.objects.count() == 0

    @pytest.mark.parametrize("wrong", ["90101", None, 3, ["90101"]])
    def test_row_that_is_no_object_is_refused(self, machine, wrong):
        response = machine.push(row(), wrong)

        assert refusals(response) == [(2, "", "not_an_object")]

    def test_all_that_is_wrong_with_a_row_is_said_at_once(self, machine):
        response = machine.push(row("90109", tests=-1, suspected=True) | {"day": "hôm qua"})

        (only,) = response.json()["rows"]
        told = [only, *only["more"]]
        assert [(each["field"], each["code"]) for each in told] == [
            ("code", "unknown_code"),
            ("day", "unreadable_day"),
            ("tests", "negative_count"),
            ("suspected", "not_a_count"),
        ]

    def test_many_faults_of_a_row_are_not_all_told(self, machine):
        response = machine.push({f"x{n}": n for n in range(5000)})

        assert len(response.json()["rows"][0]["more"]) == 9

    def test_unit_that_is_no_more_is_refused_for_later_days(self, machine, province):
        Area.objects.filter(code="90101").update(valid_to=day(3))

        response = machine.push(row(number=3), row(number=4))

        assert refusals(response) == [(2, "day", "not_valid_that_day")]

    def test_unit_and_day_twice_are_all_refused(self, machine):
        response = machine.push(row(), row("90102"), row(unknown_source=9), row(number=4))

        assert refusals(response) == [(1, "code", "repeated_row"), (3, "code", "repeated_row")]
        assert CountEntry.objects.count() == 0

    def test_token_of_a_district_speaks_of_its_communes_only(self, province):
        machine = Machine(province, area=province.districts["901"])

        response = machine.push(row(), row("90201"))

        assert refusals(response) == [(2, "code", "outside_area")]
        assert machine.push(row(), key="2").status_code == 200

    def test_token_of_a_commune_speaks_of_it_and_its_hamlets(self, province):
        machine = Machine(province, area=province.communes["90101"])
        HamletFactory(code="9010101", parent=province.communes["90101"], valid_from=day(0))

        response = machine.push(row(), row("9010101"), row("90102"), partial=True)

        assert statuses(response) == [(1, "new"), (2, "new"), (3, "refused")]

    def test_right_rows_go_alone_where_that_is_wished(self, machine):
        response = machine.push(row("90109"), row(), row("90102", tests=-1), row("90103"), partial=True)

        assert response.status_code == 200
        assert statuses(response) == [(1, "refused"), (2, "new"), (3, "refused"), (4, "new")]
        assert response.json()["summary"] == {
            "new": 2, "corrected": 0, "unchanged": 0, "held": 0, "refused": 2
        }  # fmt: skip
        assert [code for code, _, _ in said_by_cdc()] == ["90101", "90103"]

    def test_nothing_right_is_a_refusal_also_where_parts_are_wished(self, machine):
        refused(machine.push(row("90109"), partial=True), 422, "rows_refused")

    def test_sentences_come_in_the_language_asked_for(self, machine):
        body = {"rows": [row(tests=True)]}

        vietnamese = machine.send(body, key="1")
        english = machine.send(body, key="2", **{"Accept-Language": "en"})

        assert vietnamese["Content-Language"] == "vi"
        assert english["Content-Language"] == "en"
        assert vietnamese.json()["message"] != english.json()["message"]

    def test_queries_do_not_grow_with_rows(self, machine, django_assert_max_num_queries):
        taken = []
        for many, key in ((1, "1"), (300, "2")):
            rows = [
                row(code, number) for number in range(many // 3 or 1) for code in ("90101", "90102", "90103")
            ]
            with django_assert_max_num_queries(60) as queries:
                assert machine.push(*rows, key=key).status_code == 200
            taken.append(len(queries))
        assert taken[0] == taken[1]


class TestRequest:
    @pytest.mark.parametrize(
        "body",
        [
            b" ",
            b"{",
            b"[]",
            b"7",
            b'"rows"',
            b"\xff",
            b"[" * 100_000,
            b'{"rows": [{"code": "90101", "day": "2021-08-04", "tests": NaN}]}',
            b'{"rows": [{"code": "90101", "day": "2021-08-04", "tests": 1, "tests": 2}]}',
            b'{"rows": [{"code": "90101", "day": "2021-08-04", "tests": ' + b"9" * 5000 + b"}]}",
            {},
            {"rows": {}},
            {"rows": []},
            {"rows": [row()], "rowz": 1},
            {"rows": [row()], "\ud800": 1},
            {"rows": [row()], "partial": 1},
            {"rows": [row()], "partial": None},
            {"rows": [row()], "reason": 3},
            {"rows": [row()], "reason": "x" * 301},
            {"rows": [row()], "reason": "a\x00b"},
            {"rows": [row()], "reason": "a\ud800"},
            {"rows": [row()], "document": "x" * 201},
        ],
        ids=lambda body: str(body)[:40],
    )
    def test_body_that_cannot_be_read_is_refused(self, machine, body):
        refused(machine.send(body), 400, "invalid")
        assert (CountEntry.objects.count(), PushReceipt.objects.count()) == (0, 0)

    def test_body_of_another_kind_is_refused(self, machine):
        refused(machine.send({"rows": [row()]}, content_type="text/csv"), 415, "not_json")

    def test_compressed_body_is_refused(self, machine):
        body = gzip.compress(json.dumps({"rows": [row()]}).encode())

        refused(machine.send(body, **{"Content-Encoding": "gzip"}), 415, "not_json")
        refused(machine.send(body), 400, "invalid")

    def test_mark_of_utf_8_before_the_body_is_no_fault(self, machine):
        assert machine.send(b"\xef\xbb\xbf" + json.dumps({"rows": [row()]}).encode()).status_code == 200

    def test_more_rows_than_allowed_are_refused(self, machine):
        said = refused(machine.push(*[None] * (MOST_ROWS + 1)), 413, "too_many_rows")
        assert "5.000" in said["message"] or "5000" in said["message"]

    def test_longer_body_than_allowed_is_refused_unread(self, machine):
        refused(machine.send(b" " * (MOST_BYTES + 1)), 413, "too_large")

    def test_number_beyond_all_that_a_machine_holds_is_refused_as_a_number(self, machine):
        body = b'{"rows": [{"code": "90101", "day": "2021-08-04", "tests": 1e400, "isolated": -1e400}]}'

        assert refusals(machine.send(body)) == [(1, "isolated", "not_a_count")]

    @pytest.mark.parametrize("key", ["", " ", "x" * 201, "khóa", " x", "x\t"])
    def test_key_is_needed(self, machine, key):
        refused(
            machine.send({"rows": [row()]}, key=None, **{"Idempotency-Key": key}),
            400,
            "idempotency_key_needed",
        )
        assert CountEntry.objects.count() == 0

    def test_missing_key_is_said_before_the_rows_are_looked_at(self, machine):
        refused(machine.send({"rows": [row()]}, key=None), 400, "idempotency_key_needed")

    @pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options", "trace"])
    def test_other_methods_are_refused(self, client, method, db):
        said = refused(getattr(client, method)(ADDRESS), 405, "method_not_allowed")
        assert "POST" in said["message"]
        assert client.head(ADDRESS).status_code == 405


class TestToken:
    @pytest.mark.parametrize("given", [None, "", "Bearer", "Basic dXNlcg==", "Bearer vx_short", "Bearer a b"])
    def test_without_a_token_nothing_is_taken(self, machine, given):
        headers = {"Idempotency-Key": "1"} | ({} if given is None else {"Authorization": given})

        response = machine.client.post(ADDRESS, {"rows": [row()]}, "application/json", headers=headers)

        refused(response, 401, "not_authenticated")
        assert response["WWW-Authenticate"] == "Bearer"
        assert CountEntry.objects.count() == 0

    def test_token_in_the_address_is_none(self, machine):
        """It would be written into the logs on its way."""
        for name in ("token", "access_token", "Authorization"):
            response = machine.client.post(
                f"{ADDRESS}?{name}={machine.secret}", {"rows": [row()]}, "application/json",
                headers={"Idempotency-Key": "1"},
            )  # fmt: skip

            refused(response, 401, "not_authenticated")

    def test_session_is_no_token(self, machine):
        machine.client.force_login(machine.owner)

        response = machine.client.post(ADDRESS, {"rows": [row()]}, "application/json")

        refused(response, 401, "not_authenticated")

    def test_revoked_token_takes_nothing(self, machine):
        revoke_token(token=machine.token, by=machine.owner, at=timezone.now())

        refused(machine.push(row()), 401, "not_authenticated")

    def test_token_of_somebody_without_the_right_takes_nothing(self, machine, province):
        admin = GrantFactory(area=province.area, role=Role.ADMINISTRATOR).user
        end_grant(grant=machine.owner.grants.get(), by=admin, at=timezone.now(), reason="chuyển đi")

        refused(machine.push(row()), 401, "not_authenticated")

    @override_settings(PUSH_REQUESTS_PER_MINUTE=2)
    def test_too_many_requests_of_a_token_wait(self, machine, province, monkeypatch):
        monkeypatch.setattr(TokenThrottle, "_asked", {})
        other = Machine(make_province("91", districts={"911": ["91101"]}))
        assert [machine.push(row(), key=key).status_code for key in "12"] == [200, 200]

        response = machine.push(row(), key="3")

        refused(response, 429, "throttled")
        assert 0 < int(response["Retry-After"]) <= 60
        assert not PushReceipt.objects.filter(key="3").exists()
        assert other.push(row("91101")).status_code == 200

    @override_settings(PUSH_WRONG_TOKENS_PER_MINUTE=2)
    def test_guesses_of_an_address_are_limited_whatever_it_says_of_itself(self, machine, monkeypatch):
        monkeypatch.setattr(WrongTokenThrottle, "_asked", {})
        right, machine.secret = machine.secret, "vx_" + "A" * 43
        for number in range(2):
            refused(machine.send({}, **{"X-Forwarded-For": f"10.0.0.{number}"}), 401, "not_authenticated")

        response = machine.send({}, **{"X-Forwarded-For": "10.0.0.9"})
        machine.secret = right
        from_elsewhere = machine.client.post(
            ADDRESS,
            json.dumps({"rows": [row()]}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {right}", "Idempotency-Key": "1"},
            REMOTE_ADDR="10.1.1.1",
        )

        refused(response, 429, "throttled")
        assert 0 < int(response["Retry-After"]) <= 60
        refused(machine.push(row()), 429, "throttled")  # the right one would tell a guesser
        assert from_elsewhere.status_code == 200


def _accept(district, day_, by):
    now = timezone.now()
    DayReport.objects.update_or_create(
        scope=district,
        day=day_,
        defaults={
            "status": "accepted",
            "sent_at": now,
            "sent_by": by,
            "decided_at": now,
            "decided_by": by,
            "accepted_post": CountPost.objects.order_by("id").last(),
        },
    )


def _except(area, day_, by):
    now = timezone.now() - timedelta(minutes=1)
    LockException.objects.create(
        area=area,
        day=day_,
        reason="sai số",
        granted_at=now,
        granted_by=by,
        expires_at=now + timedelta(days=1),
    )


def test_limits_are_those_of_the_document():
    assert (MOST_ROWS, push_api.MOST_BYTES) == (5_000, 2_000_000)
