"""``make demo`` itself: it answers, comes back after ``kill -9``, and Ctrl-C leaves nothing behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest

from config import embedded
from config.children import MARK, end_all
from config.run import ROOT

pytestmark = pytest.mark.timeout(600)
SECONDS_TO_START = 240


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(tmp_path):
    """Starts the demo on ``tmp_path / "var"``; gives the process, the address and what it said, a file."""
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    environment |= {"VAR_DIR": str(tmp_path / "var"), "PORT": str(free_port())}
    started = []

    def start_demo():
        said = tmp_path / f"said-{len(started)}"
        with said.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "config.run"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        started.append(process)
        deadline = time.monotonic() + SECONDS_TO_START
        while not (found := re.search(r"The portal is at (\S+)", said.read_text())):
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.1)
        return process, found.group(1), said

    yield start_demo
    for process in started:
        process.kill()
        process.wait()
    end_all(tmp_path / "var")
    embedded.stop(tmp_path / "var")


def programs_of(var) -> list[str]:
    found = []
    for process in psutil.process_iter(["status"]):
        try:
            if process.info["status"] != psutil.STATUS_ZOMBIE and process.environ().get(MARK) == str(var):
                found.append(" ".join(process.cmdline()))
        except (psutil.Error, OSError):
            continue
    return found


def get(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.status, answer.read().decode()


def test_demo_answers_returns_after_kill_and_ends_with_everything(start, tmp_path):
    var = tmp_path / "var"
    first, address, said = start()

    assert get(address)[0] == 200
    assert json.loads(get(f"{address}healthz")[1]) == {"status": "ok"}
    running = programs_of(var)
    for word in ("granian", "celery --app=config worker", "celery --app=config beat"):
        assert any(word in program for program in running), (word, running)

    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert programs_of(var)  # left behind
    began = time.monotonic()
    second, address_again, said = start()

    assert time.monotonic() - began < 60
    assert re.search(r"Ended \d+ processes that an earlier run left behind", said.read_text())
    assert address_again == address
    assert get(address)[0] == 200

    second.send_signal(signal.SIGINT)
    assert second.wait(timeout=60) == 0
    assert programs_of(var) == []
    assert embedded.alive(var) == ()
    with pytest.raises(OSError, match="refused"):
        get(address)
