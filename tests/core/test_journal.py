import io
import threading
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from core.audit import acting
from core.journal import governed_tables, verify_journal
from core.models import AuditEvent, Grant
from tests.core.ledger import seal_now, write_ledger
from tests.factories import GrantFactory, ProvinceFactory, UserFactory


def events(**narrowed):
    return AuditEvent.objects.filter(**narrowed).order_by("id")


def latest() -> AuditEvent:
    return events().last()


@contextmanager
def unguarded():
    """As somebody who holds the whole server and wants to leave no trace."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        cursor.execute("SET session_replication_role = DEFAULT")


# --- The chain and its proof ----------------------------------------------------------------------------


def _make_history():
    ProvinceFactory.create_batch(4)
    seal_now()
    return list(events().values_list("position", flat=True))


def test_chain_has_every_position_and_each_hash_holds_the_one_before(db):
    positions = _make_history()

    state = verify_journal()

    assert positions == list(range(positions[0], positions[0] + len(positions)))
    assert state.faults == ()
    assert (state.events, state.head_position) == (len(positions), positions[-1])
    assert state.head_hash == bytes(latest().hash).hex()


def test_governed_tables_are_those_of_the_migrations(db):
    assert {"core_user", "core_grant", "core_area", "riskmap_countentry"} <= {
        operation.table for operation in governed_tables()
    }


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE core_auditevent SET reason = reason || ' ' WHERE position = %s",
        "UPDATE core_auditevent SET hash = set_bit(hash, 7, 1 - get_bit(hash, 7)) WHERE position = %s",
        "UPDATE core_auditevent SET changes = changes || '{\"x\": 1}' WHERE position = %s",
        "UPDATE core_auditevent SET at = at + interval '1 microsecond' WHERE position = %s",
        "UPDATE core_auditevent SET actor_id = 1 WHERE position = %s",
        "DELETE FROM core_auditevent WHERE position = %s",
    ],
)
def test_verify_names_the_first_broken_position(db, tampering):
    positions = _make_history()
    broken = positions[2]

    with unguarded() as cursor:
        cursor.execute(tampering, [broken])
    (fault,) = verify_journal().faults

    expected = positions[3] if tampering.startswith("DELETE") else broken
    assert f"vị trí {expected}:" in fault


def test_verify_reads_in_batches_and_finds_a_break_at_their_seam(db, monkeypatch):
    monkeypatch.setattr("core.journal.BATCH", 2)
    positions = _make_history()
    assert verify_journal().faults == ()

    with unguarded() as cursor:
        cursor.execute("UPDATE core_auditevent SET actor = 'x' WHERE position = %s", [positions[2]])

    assert f"vị trí {positions[2]}:" in verify_journal().faults[0]


def test_verify_finds_a_cut_tail_by_a_noted_head(db):
    _make_history()
    state = verify_journal()
    noted = f"{state.head_position}:{state.head_hash}"
    ProvinceFactory()
    seal_now()
    assert verify_journal(noted=noted).faults == ()

    with unguarded() as cursor:
        cursor.execute("DELETE FROM core_auditevent WHERE position >= %s", [state.head_position])

    assert verify_journal().faults == ()
    assert f"mốc đã ghi ở vị trí {state.head_position}" in verify_journal(noted=noted).faults[0]


def test_verify_finds_an_event_that_was_never_sealed(db):
    _make_history()

    with unguarded():
        AuditEvent.objects.create(
            at=timezone.now(), actor="x", table_name="core_area", action="INSERT", row_count=1
        )

    assert "chưa được nối vào chuỗi" in verify_journal().faults[0]


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE trial_ledger SET n = 6 WHERE n = 5", "khác với lúc ghi"),
        ("DELETE FROM trial_ledger WHERE n = 5", "khác với lúc ghi"),
        (
            "INSERT INTO trial_ledger (post_id, day, n) VALUES (9, '2021-07-01', 1)",
            "có 4 dòng, nhật ký ghi 3 dòng",
        ),
    ],
)
def test_verify_finds_a_ledger_row_that_is_not_as_written(ledger, tampering, said):
    write_ledger((1, "2021-07-01", 5), (2, "2021-07-01", 6))
    write_ledger((1, "2021-07-02", None))
    seal_now()
    assert (verify_journal().faults, verify_journal().ledger_rows) == ((), 3)

    with unguarded() as cursor:
        cursor.execute(tampering)

    assert said in verify_journal().faults[0]


def test_verify_reads_rows_as_they_were_written_whatever_either_session_speaks(ledger):
    speaks = "SET LOCAL timezone = '{}'; SET LOCAL datestyle = '{}'; SET LOCAL bytea_output = '{}'"
    with connection.cursor() as cursor:
        cursor.execute(speaks.format("Asia/Ho_Chi_Minh", "German, DMY", "escape"))
        write_ledger((1, "2021-07-01", 5))
        seal_now()
        cursor.execute(speaks.format("America/Lima", "SQL, MDY", "hex"))

        assert verify_journal().faults == ()
        cursor.execute(speaks.format("UTC", "ISO, YMD", "hex"))


def test_verify_still_knows_ledger_rows_after_a_column_was_added(ledger):
    write_ledger((1, "2021-07-01", 5))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE trial_ledger ADD COLUMN note text")
    write_ledger((1, "2021-07-02", 7))
    seal_now()

    assert verify_journal().faults == ()


@pytest.mark.parametrize(
    "statement",
    ["ALTER TABLE core_area DISABLE TRIGGER audit_update", "DROP TRIGGER audit_update ON core_area"],
)
def test_verify_finds_a_trigger_that_is_off_or_gone(db, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)

    assert verify_journal().faults == ("Bảng core_area thiếu hoặc đã tắt trigger audit_update.",)


@pytest.mark.django_db(transaction=True)
def test_long_transaction_keeps_nobody_waiting_and_the_chain_follows_the_commits():
    started, release = threading.Event(), threading.Event()

    def long_one():
        try:
            with acting(reason="dài"):
                ProvinceFactory(code="801")
                started.set()
                release.wait(20)
        finally:
            connection.close()

    worker = threading.Thread(target=long_one)
    worker.start()
    started.wait(20)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
    with acting(reason="ngắn"):
        ProvinceFactory(code="802")
    release.set()
    worker.join()

    assert [event.reason for event in AuditEvent.objects.order_by("position")] == ["ngắn", "dài"]
    assert [event.reason for event in AuditEvent.objects.order_by("id")] == ["dài", "ngắn"]
    assert verify_journal().faults == ()


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_gapless_chain():
    def write():
        try:
            for _turn in range(10):
                with acting(reason="cùng lúc"):
                    ProvinceFactory()
                    GrantFactory(user=person)
        finally:
            connection.close()

    person = UserFactory()
    writers = [threading.Thread(target=write) for _writer in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    state = verify_journal()
    assert state.faults == ()
    assert state.events == AuditEvent.objects.count() == state.head_position
    assert Grant.objects.count() == 40


# --- The command ----------------------------------------------------------------------------------------


def _command(*arguments) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_verify_audit_prints_the_head_to_note(db):
    _make_history()
    state = verify_journal()

    code, out, err = _command()

    assert (code, err) == (0, "")
    assert f"{state.head_position}:{state.head_hash}" in out


def test_verify_audit_exits_1_with_the_broken_position(db):
    positions = _make_history()
    with unguarded() as cursor:
        cursor.execute("UPDATE core_auditevent SET actor = 'x' WHERE position = %s", [positions[1]])

    code, out, err = _command()

    assert (code, out) == (1, "")
    assert f"vị trí {positions[1]}:" in err


@pytest.mark.parametrize("noted", ["12", "a:b", "1:" + "g" * 64, "1:abc"])
def test_verify_audit_refuses_a_note_that_is_none(db, noted):
    with pytest.raises(CommandError) as refusal:
        _command("--noted", noted)

    assert refusal.value.returncode == 2


def test_verify_audit_takes_the_head_it_printed(db):
    _make_history()
    _code, out, _err = _command()

    assert _command("--noted", out.split()[-1])[0] == 0
