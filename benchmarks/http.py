"""The public's payloads over HTTP, beside nginx sending the same bytes from a file. Loopback only.

``python -m benchmarks.http`` measures this alone, in a database of its own. Both servers are asked by
``wrk`` in turns, some seconds each, and a ratio is the median of the ratios of the rounds.
"""

from __future__ import annotations

import getpass
import json
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROUNDS = 5
SECONDS = 2
CONNECTIONS = 16
REACH = 0.45  # of nginx's requests per second, of payloads that lie under their hash
ASKED_REACH = 0.10  # of answers that Django is asked for when the data change
TOOLS = ("wrk", "nginx")
ACCEPT = "br"

NGINX = """
daemon off; user {user}; worker_processes 2;
pid {root}/nginx.pid; error_log {root}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off; sendfile on; tcp_nopush on; open_file_cache max=16; keepalive_requests 1000000;
    client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi; scgi_temp_path {root}/scgi;
    types {{ application/json json; }}
    server {{
        listen 127.0.0.1:{port}; root {root};
        location / {{ add_header Content-Encoding br; add_header Cache-Control public; }}
    }}
}}
"""


def run() -> list[dict]:
    """Rows for the report; none, with a word why, where a tool is missing."""
    from django.utils import timezone

    from riskmap.public_files import refresh_public_files

    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        print(
            f"HTTP is not measured without {', '.join(missing)}: apt-get install wrk nginx-light",
            file=sys.stderr,
        )
        return []
    province, day = _city()
    refresh_public_files(on=timezone.localdate())
    with serve_portal() as portal, tempfile.TemporaryDirectory() as place, _nginx(Path(place)) as nginx:
        in_force = json.loads(_get(f"{portal}/current/{province}.json", encoding="identity")[2])["known"]
        question = f"{portal}/api/v1/levels/?province={province}&day={day}"
        asked = {
            "frames": (portal + in_force["frames"]["url"], REACH),
            "the day's levels": (portal + in_force["levels"]["commune"]["url"], REACH),
            "totals": (portal + in_force["totals"]["commune"]["url"], REACH),
            "levels of a day, asked of the API": (question, ASKED_REACH),
        }
        pairs = {}
        for number, (work, (url, reach)) in enumerate(asked.items()):
            _status, etag, body = _get(url)
            (Path(place) / f"{number}.json").write_bytes(body)
            beside = f"{nginx}/{number}.json"
            their_etag = _same_bytes(beside, body)
            pairs[f"{work}, 200"] = (url, None), (beside, None), len(body), reach
            pairs[f"{work}, 304"] = (url, etag), (beside, their_etag), 0, reach
        return [_measure(work, *pair) for work, pair in pairs.items()]


def _measure(work: str, ours: tuple, theirs: tuple, size: int, reach: float) -> dict:
    expected = 304 if ours[1] else 200
    for url, etag in (ours, theirs):
        assert _get(url, etag)[0] == expected, (url, expected)
        _wrk(url, etag, seconds=1)
    rounds = [(_wrk(*ours), _wrk(*theirs)) for _ in range(ROUNDS)]
    ratio = statistics.median(mine / other for mine, other in rounds)
    return {
        "work": f"{work} over HTTP" + (f", {size} bytes" if size else ""),
        "measure": "requests per second",
        "value": round(statistics.median(mine for mine, _ in rounds)),
        "unit": "1/s",
        "against": f"nginx, the same bytes as a file: {statistics.median(b for _, b in rounds):.0f}/s",
        "ratio": round(ratio, 3),
        "reach": f">= {reach}",
        "met": ratio >= reach,
    }


def _wrk(url: str, etag: str | None, *, seconds: int = SECONDS) -> float:
    condition = ["-H", f"If-None-Match: {etag}"] if etag else []
    accept = ["-H", f"Accept-Encoding: {ACCEPT}"]
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *accept, *condition, url],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 30,
    ).stdout
    assert "Non-2xx" not in said, said
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def _get(url: str, etag: str | None = None, encoding: str = ACCEPT) -> tuple[int, str, bytes]:
    """Status, ETag and the bytes as they come."""
    headers = {"Accept-Encoding": encoding} | ({"If-None-Match": etag} if etag else {})
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
            return answer.status, answer.headers["ETag"], answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers["ETag"], refusal.read()


def _same_bytes(url: str, body: bytes) -> str:
    status, etag, theirs = _get(url)
    assert (status, theirs) == (200, body), url
    return etag


def _city() -> tuple[str, str]:
    """A province with frames (the first of the nation has the size of a city), or a city made for this."""
    from benchmarks.loading import at_noon, load_nation
    from benchmarks.nation import make_counts, make_nation
    from riskmap.levels import reassess
    from riskmap.maps import draw_frames
    from riskmap.models import Assessment

    if not Assessment.objects.filter(frames__isnull=False).exists():
        days = 80
        nation = make_nation(communes=312, districts=22, provinces=1)
        loaded = load_nation(nation)
        last = at_noon(days - 1)
        loaded.post_days(make_counts(nation, days=days), first=0, last=days - 1, at=last)
        reassess(on=last.date(), at=last)
        draw_frames(province=loaded.provinces[0], on=last.date(), at=last)
    known = (
        Assessment.objects.filter(frames__isnull=False)
        .order_by("province__code")
        .select_related("province")[0]
    )
    return known.province.code, known.last_reported_day.isoformat()


@contextmanager
def serve_portal() -> Iterator[str]:
    """The web server as ``make demo`` starts it, on the database in use."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface=wsgi", "--host=127.0.0.1", f"--port={port}"),
        *("--workers=2", "--blocking-threads=1", "--no-ws", "--log-level=warning", "config.wsgi:application"),
    ]
    with _running(command, f"http://127.0.0.1:{port}/healthz"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _nginx(place: Path) -> Iterator[str]:
    port = _free_port()
    (place / "up.json").write_text("{}")
    (place / "nginx.conf").write_text(NGINX.format(root=place, port=port, user=getpass.getuser()))
    with _running(["nginx", "-p", str(place), "-c", "nginx.conf"], f"http://127.0.0.1:{port}/up.json"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _running(command: list[str], answers: str) -> Iterator[None]:
    process = subprocess.Popen(command)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(answers, timeout=5).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{command[0]} does not answer at {answers}") from None
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    from benchmarks.database import drop_own_database, use_own_database

    use_own_database()
    try:
        for row in run():
            print(json.dumps(row, ensure_ascii=False))
    finally:
        drop_own_database()
