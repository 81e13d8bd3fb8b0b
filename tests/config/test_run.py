"""The runner: ports, the place of the only run, children that come back, left-overs that are found."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from config import run
from config.children import MARK, Child, end_all
from config.embedded.processes import is_alive


def test_port_in_use_is_said_and_the_next_free_one_taken(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        found = run.free_port("127.0.0.1", wanted=port)

    assert found > port
    assert f"Port {port} is in use by another program; taking {found} instead." in capsys.readouterr().out


def test_free_port_is_taken_without_a_word(capsys):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    assert run.free_port("127.0.0.1", wanted=port) == port
    assert capsys.readouterr().out == ""


def test_address_that_is_not_of_this_machine_is_refused():
    with pytest.raises(run.CannotRun, match=r"Cannot listen on 192\.0\.2\.1"):
        run.free_port("192.0.2.1", wanted=8000)


@pytest.mark.parametrize("given", ["eight", "0", "65536", "-1"])
def test_port_that_is_no_port_is_refused(monkeypatch, given):
    monkeypatch.setenv("PORT", given)

    with pytest.raises(run.CannotRun, match="PORT must be a number from 1 to 65535"):
        run.wanted_port()


def test_second_run_on_the_same_directory_is_told_where_the_first_is(tmp_path):
    run.write_state(tmp_path, address="http://localhost:8123/")
    environment = {**os.environ, "VAR_DIR": str(tmp_path)}
    with run.place_of_the_only_run(tmp_path) as free:
        second = subprocess.run(
            [sys.executable, "-m", "config.run"],
            cwd=run.ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert free
    assert second.returncode == 1
    assert f"The portal already runs on {tmp_path}: http://localhost:8123/" in second.stderr
    assert "Traceback" not in second.stderr


def test_state_cut_short_by_a_kill_is_read_as_none(tmp_path):
    (tmp_path / "run.json").write_text('{"pid": 12')

    assert run.read_state(tmp_path) == {}


def child(tmp_path, code: str) -> Child:
    environment = {**os.environ, MARK: str(tmp_path)}
    return Child("web", [sys.executable, "-c", code], log=tmp_path / "web.log", environment=environment)


def runs(tmp_path) -> int:
    log = tmp_path / "web.log"
    return log.read_text().count("up") if log.exists() else 0


def wait_for(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_child_that_dies_is_started_again_after_growing_pauses(tmp_path):
    web = child(tmp_path, "print('up', flush=True); raise SystemExit(3)")
    web.start()
    news = []

    def look_until_third_death() -> bool:
        if said := web.look():
            news.append(said)
        return len(news) == 3

    wait_for(look_until_third_death)

    assert runs(tmp_path) == 3
    assert [line.partition(".")[0] for line in news] == [
        "web ended (exit code 3); it starts again in 1 s",
        "web ended (exit code 3); it starts again in 2 s",
        "web ended (exit code 3); it starts again in 4 s",
    ]


def test_child_that_runs_is_left_alone(tmp_path):
    web = child(tmp_path, "import time; print('up', flush=True); time.sleep(60)")
    web.start()
    wait_for(lambda: runs(tmp_path) == 1)

    assert web.look() is None
    assert end_all(tmp_path) == 1
    assert web.look().startswith("web ended (SIGTERM)")
    assert runs(tmp_path) == 1


def test_left_overs_of_a_killed_run_are_ended_and_nobody_else(tmp_path):
    grandchild = "import time; print('up', flush=True); time.sleep(60)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grandchild!r}])"
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, MARK: str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    stranger = subprocess.Popen(
        [sys.executable, "-c", grandchild],
        env={**os.environ, MARK: "/another/var"},
        stdout=subprocess.DEVNULL,
    )
    parent.stdout.readline()
    parent.send_signal(signal.SIGKILL)
    parent.wait()

    try:
        assert end_all(tmp_path) == 1
        assert parent.stdout.read() == ""  # closed: the grandchild is gone
        assert is_alive(stranger.pid)
    finally:
        parent.stdout.close()
        stranger.kill()
        stranger.wait()
