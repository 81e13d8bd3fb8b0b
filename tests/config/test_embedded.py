"""The private servers: start, take over, replace; nothing is lost and nothing else is touched."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from config import embedded
from config.embedded import postgres, valkey
from config.embedded.places import LONGEST_SOCKET_PATH, Places
from config.embedded.processes import is_alive

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def var(tmp_path):
    yield tmp_path / "var"
    embedded.stop(tmp_path / "var")


def main_process(server, var: Path) -> psutil.Process:
    (process,) = server.found(Places.under(var))
    return process


def kill(process: psutil.Process) -> None:
    """Kill, and wait until it is gone with all its threads: the last of them holds the socket open."""
    process.kill()
    while is_alive(process.pid) or threads_of(process.pid) > 1:
        time.sleep(0.01)


def threads_of(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except FileNotFoundError:
        return 0


def write_row(servers: embedded.Servers) -> None:
    connection = psycopg2.connect(servers.database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')")
    connection.close()
    with redis.from_url(servers.redis_url) as client:
        client.set("kept", "still here")


def read_row(servers: embedded.Servers) -> tuple[str, str]:
    connection = psycopg2.connect(servers.database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT word FROM kept")
        (word,) = cursor.fetchone()
    connection.close()
    with redis.from_url(servers.redis_url, decode_responses=True) as client:
        return word, client.get("kept")


def test_ensure_starts_once_and_then_finds(var):
    first = embedded.ensure(var)
    started = time.perf_counter()
    second = embedded.ensure(var)
    seconds = time.perf_counter() - started

    assert first.started == ("postgres", "valkey")
    assert second == embedded.Servers(first.database_url, first.redis_url, started=())
    assert seconds < 0.2
    assert embedded.alive(var) == ("postgres", "valkey")


def test_stop_ends_both_in_good_order(var):
    embedded.ensure(var)

    assert embedded.stop(var) == ("postgres", "valkey")
    assert embedded.alive(var) == ()
    assert embedded.stop(var) == ()
    assert "database system is shut down" in (var / "log" / "postgres.log").read_text()


def test_data_survives_kill_of_both_servers(var):
    write_row(embedded.ensure(var))
    for server in (postgres, valkey):
        kill(main_process(server, var))

    again = embedded.ensure(var)

    assert again.started == ("postgres", "valkey")
    assert read_row(again) == ("still here", "still here")


def test_server_killed_alone_is_replaced_alone(var):
    embedded.ensure(var)
    before = main_process(postgres, var).pid
    kill(main_process(valkey, var))

    assert embedded.ensure(var).started == ("valkey",)
    assert main_process(postgres, var).pid == before


def test_servers_left_by_a_killed_process_are_taken_over(var):
    parent = subprocess.Popen(
        [sys.executable, "-c", f"from config import embedded; embedded.ensure({str(var)!r}); input()"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    while len(embedded.alive(var)) < 2 or not (var / "valkey.ready").exists():
        time.sleep(0.05)
    pids = [main_process(server, var).pid for server in (postgres, valkey)]
    os.killpg(parent.pid, signal.SIGKILL)
    parent.communicate()
    for mark in var.glob("*.ready"):  # as if it was killed before it could write them
        mark.unlink()

    assert embedded.ensure(var).started == ()
    assert [main_process(server, var).pid for server in (postgres, valkey)] == pids


def test_stale_pid_file_naming_a_living_stranger_does_not_hinder(var):
    embedded.ensure(var)
    kill(main_process(postgres, var))
    pid_file = var / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))

    assert embedded.ensure(var).started == ("postgres",)


def test_two_directories_live_side_by_side(var, tmp_path):
    other = tmp_path / "other"
    try:
        write_row(embedded.ensure(var))
        beside = embedded.ensure(other)

        with pytest.raises(psycopg2.errors.UndefinedTable):
            read_row(beside)
        embedded.stop(other)
        assert embedded.alive(var) == ("postgres", "valkey")
    finally:
        embedded.stop(other)


def test_long_path_puts_the_sockets_elsewhere(tmp_path):
    var = tmp_path / ("đường-dẫn-dài-" * 8) / "var"
    try:
        write_row(embedded.ensure(var))
        sockets = Places.under(var).sockets

        assert sockets.parent != var
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert all(
            len(os.fsencode(server.socket_path(Places.under(var)))) < LONGEST_SOCKET_PATH
            for server in (postgres, valkey)
        )
    finally:
        embedded.stop(var)
    assert not sockets.exists()


def test_processes_that_ask_at_once_start_one_pair(var):
    code = f"from config import embedded; print(len(embedded.ensure({str(var)!r}).started))"

    def ask(_) -> int:
        return int(subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True))

    with ThreadPoolExecutor() as pool:
        started = list(pool.map(ask, range(3)))

    assert sorted(started) == [0, 0, 2]
    assert embedded.alive(var) == ("postgres", "valkey")


def test_directory_removed_under_running_servers_begins_anew(var):
    write_row(embedded.ensure(var))
    subprocess.check_call(["rm", "-rf", var])

    servers = embedded.ensure(var)

    assert servers.started == ("postgres", "valkey")
    with pytest.raises(psycopg2.errors.UndefinedTable):
        read_row(servers)
    assert len(postgres.found(Places.under(var))) == len(valkey.found(Places.under(var))) == 1


def test_nothing_outside_the_directory_changes_hands_or_permissions(var):
    programs = [postgres.program(), valkey.program()]
    paths = [*var.parents, *programs, *(parent for program in programs for parent in program.parents)]
    before = [(path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in paths]

    embedded.ensure(var)

    assert [(path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in paths] == before
    assert main_process(postgres, var).uids().effective != 0
    assert (var / "postgres").stat().st_mode & 0o777 == 0o700
    assert (var / "run").stat().st_mode & 0o777 == 0o700


def test_data_of_another_version_is_refused_in_a_sentence(var):
    embedded.ensure(var)
    embedded.stop(var)
    (var / "postgres" / "PG_VERSION").write_text("9\n")

    with pytest.raises(embedded.ServersNotStarted, match="made by PostgreSQL 9, and this checkout brings"):
        embedded.ensure(var)


def test_directory_that_cannot_be_made_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(embedded.ServersNotStarted, match="Set VAR_DIR to a directory of your own"):
        embedded.ensure(tmp_path / "file" / "var")


def test_addresses_of_private_servers_are_recognised_and_no_others(var):
    servers = embedded.ensure(var)

    assert embedded.is_private(servers.database_url)
    assert embedded.is_private(servers.redis_url)
    assert embedded.is_private(f"postgres:///riskmap?host={var / 'run'}")
    assert not embedded.is_private("postgres://portal:secret@db.example:5432/portal")
    assert not embedded.is_private("postgres://portal@%2Fvar%2Frun%2Fpostgresql/portal")
    assert not embedded.is_private("redis://redis.example:6379/0")
