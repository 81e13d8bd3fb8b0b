"""Public files: whole maps on the disk, whatever is killed between the steps."""

import gzip
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.db import connection

from config.public_bytes import PublicBytes
from config.wsgi import django_application
from core.models import Area
from core.people import system_user
from riskmap import public_files
from riskmap.bell import ring
from riskmap.editions import publish
from riskmap.levels import reassess
from riskmap.maps import draw_frames
from riskmap.models import MapEdition
from riskmap.public_files import asset_path, pointer_path, refresh_public_files
from riskmap.tasks import reassess_stale
from tests.config.test_public_bytes import ask
from tests.riskmap.province import day, make_province
from tests.riskmap.test_editions import at, put_out

ROOT = Path(__file__).resolve().parents[2]
TODAY = day(4)


@pytest.fixture
def root(tmp_path, settings):
    settings.PUBLIC_FILES_DIR = tmp_path / "public"
    return settings.PUBLIC_FILES_DIR


@pytest.fixture
def province(root):
    made = make_province(borders=[("90101", "90102")])
    made.post({("90101", 3): 2}, complete=(0, 3), at=at(3, 16))
    recompute(made, 3)
    return made


def recompute(province, number):
    reassess(on=day(number), at=at(number))
    draw_frames(province=province.area, on=day(number), at=at(number))


def pointer(root, code="90"):
    return json.loads(pointer_path(root, code).read_bytes())


def named(said):
    for value in said.values():
        if isinstance(value, dict):
            yield from ([value["sha256"]] if "sha256" in value else [])
            yield from named(value)


def assert_whole(root, code="90"):
    """Whoever follows the pointer finds everything it names, unharmed, in all three forms."""
    said = pointer(root, code)
    for sha256 in named(said):
        path = asset_path(root, sha256)
        body = path.read_bytes()
        assert hashlib.sha256(body).hexdigest() == sha256
        assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == body
        assert brotli.decompress(path.with_name(path.name + ".br").read_bytes()) == body
    frames = json.loads(asset_path(root, said["known"]["frames"]["sha256"]).read_bytes())
    assert frames["version"] == said["known"]["version"]
    levels = json.loads(asset_path(root, said["known"]["levels"]["commune"]["sha256"]).read_bytes())
    assert (levels["version"], levels["day"]) == (said["known"]["version"], said["known"]["day"])
    if said["published"]:
        edition = json.loads(asset_path(root, said["published"]["edition"]["sha256"]).read_bytes())
        frames = json.loads(asset_path(root, said["published"]["frames"]["sha256"]).read_bytes())
        assert edition["number"] == frames["version"] == said["published"]["number"]
    return said


@pytest.mark.django_db
class TestWhatIsWritten:
    def test_pointer_names_whole_files_of_what_is_known_and_published(self, root, province):
        put_out(province, 3)

        written = refresh_public_files(on=TODAY)

        said = assert_whole(root)
        assert written.provinces == ("90",)
        assert (said["known"]["day"], said["published"]["number"]) == (str(day(3)), 1)
        assert said["published"]["hash"] == MapEdition.objects.get().hash

    def test_files_hold_what_the_api_answers(self, root, province, client):
        refresh_public_files(on=TODAY)

        known = pointer(root)["known"]
        for name in ("levels", "totals"):
            for kind in ("commune", "district"):
                body = asset_path(root, known[name][kind]["sha256"]).read_bytes()
                answer = client.get(f"/api/v1/{name}/?province=90&kind={kind}&day={day(3)}")
                assert body == answer.content

    def test_our_own_server_serves_the_same_files(self, root, province, client):
        refresh_public_files(on=TODAY)

        answer = client.get("/current/90.json")
        said = answer.json()
        assert answer["Cache-Control"] == "public, max-age=5"
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert client.get("/current/90.json", headers={"If-None-Match": answer["ETag"]}).status_code == 304
        for sha256 in named(said):
            for encoding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)):
                answer = client.get(f"/assets/{sha256}.json", headers={"Accept-Encoding": encoding})
                assert hashlib.sha256(unpack(answer.content)).hexdigest() == sha256
                assert "immutable" in answer["Cache-Control"]

    @pytest.mark.parametrize("path", ["/current/91.json", "/current/..json", "/current/%2e%2e%2fa.json"])
    def test_pointer_that_is_not_there_is_not_found(self, root, province, client, path):
        refresh_public_files(on=TODAY)

        assert client.get(path).status_code == 404

    def test_nothing_is_written_twice(self, root, province, django_assert_num_queries):
        refresh_public_files(on=TODAY)
        before = {path: path.stat().st_mtime_ns for path in root.rglob("*.*")}

        with django_assert_num_queries(2):
            assert refresh_public_files(on=TODAY).provinces == ()

        assert {path: path.stat().st_mtime_ns for path in root.rglob("*.*")} == before

    def test_without_a_directory_nothing_is_written(self, root, province, settings, client):
        settings.PUBLIC_FILES_DIR = None

        assert refresh_public_files(on=TODAY).files == 0
        assert not root.exists()
        assert client.get("/current/90.json").status_code == 404

    def test_new_name_new_day_and_new_counts_move_the_pointer(self, root, province):
        refresh_public_files(on=TODAY)
        Area.objects.filter(code="90102").update(name="Phường Mới")
        assert refresh_public_files(on=TODAY).provinces == ("90",)
        levels = asset_path(root, pointer(root)["known"]["levels"]["commune"]["sha256"]).read_text()
        assert "Phường Mới" in levels

        province.post({("90103", 3): 1}, at=at(4, 9))
        recompute(province, 4)
        assert refresh_public_files(on=TODAY).provinces == ("90",)
        assert assert_whole(root)["known"]["day"] == str(day(4))

    def test_pointer_waits_for_frames_that_are_not_drawn(self, root, province):
        refresh_public_files(on=TODAY)
        before = pointer(root)
        province.post({("90103", 3): 1}, at=at(4, 9))
        reassess(on=day(4), at=at(4, 9))

        assert refresh_public_files(on=TODAY).provinces == ()
        assert pointer(root) == before
        draw_frames(province=province.area, on=day(4), at=at(4, 9))
        assert refresh_public_files(on=TODAY).provinces == ("90",)

    def test_publication_rings_the_bell_and_the_worker_writes(
        self, root, province, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks() as callbacks:
            put_out(province, 3)
        assert ring in callbacks

        reassess_stale()

        assert_whole(root)


@pytest.mark.django_db
class TestRepair:
    @pytest.mark.parametrize("damage", ["pointer gone", "pointer unreadable", "bytes gone", "all gone"])
    def test_what_is_missing_is_written_at_the_next_bell(self, root, province, damage):
        refresh_public_files(on=TODAY)
        path = pointer_path(root, "90")
        victim = asset_path(root, pointer(root)["known"]["totals"]["commune"]["sha256"])
        match damage:
            case "pointer gone":
                path.unlink()
            case "pointer unreadable":
                path.write_text("[")
            case "bytes gone":
                victim.with_name(victim.name + ".br").unlink()
            case "all gone":
                shutil.rmtree(root)

        assert refresh_public_files(on=TODAY).provinces == ("90",)

        assert_whole(root)

    def test_old_bytes_are_swept_after_the_grace_time_and_never_those_in_force(self, root, province):
        refresh_public_files(on=TODAY)
        old = pointer(root)
        for path in root.rglob("*.*"):  # made long ago: what counts is since when nobody points to them
            os.utime(path, (1, 1))
        (root / "assets" / ".dead.json.123").write_text("half")
        os.utime(root / "assets" / ".dead.json.123", (1, 1))
        province.post({("90103", 3): 1}, at=at(4, 9))
        recompute(province, 4)

        refresh_public_files(on=TODAY)
        assert not (root / "assets" / ".dead.json.123").exists()
        assert all(asset_path(root, sha256).exists() for sha256 in named(old))

        gone = set(named(old)) - set(named(pointer(root)))
        assert gone
        for path in root.rglob("*.*"):
            os.utime(path, (time.time() - public_files.GRACE_SECONDS - 1,) * 2)
        province.post({("90103", 3): 2}, reason="đính chính", at=at(4, 10))
        recompute(province, 4)
        refresh_public_files(on=TODAY)

        assert not any(asset_path(root, sha256).exists() for sha256 in gone)
        assert_whole(root)


KILLED = """
import os, sys
import django
django.setup()
from datetime import date, datetime
from django.conf import settings
from core.models import Area
from core.people import system_user
from riskmap.bell import ring
from riskmap.editions import publish
from riskmap.public_files import refresh_public_files

cut_off, today = datetime.fromisoformat(sys.argv[1]), date.fromisoformat(sys.argv[2])
dies_at = int(sys.argv[3])
renamed, replace = 0, os.replace

def replace_or_die(source, target):
    global renamed
    renamed += 1
    if renamed > dies_at:
        os._exit(9)
    replace(source, target)

publish(province=Area.objects.get(code="90"), cut_off=cut_off, at=cut_off, by=system_user())
os.replace = replace_or_die
if dies_at < 0:
    os._exit(9)
refresh_public_files(on=today)
print(renamed)
"""


@pytest.mark.django_db(transaction=True)
class TestKilled:
    @pytest.fixture
    def run(self, root):
        database = connection.settings_dict
        host, port = database["HOST"], database["PORT"]
        url = f"postgres://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?host={host}&port={port}"
        environment = os.environ | {
            "DATABASE_URL": url, "REDIS_URL": settings.REDIS_URL, "DEBUG": "1", "PUBLIC_FILES_DIR": str(root),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip

        def run(number, dies_at):
            return subprocess.run(
                [sys.executable, "-c", KILLED, at(number).isoformat(), str(day(number)), str(dies_at)],
                cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip

        return run

    def test_kill_between_any_two_steps_leaves_a_whole_map_and_the_next_bell_the_new_one(
        self, root, province, run
    ):
        put_out(province, 3)
        refresh_public_files(on=day(3))
        number = 3
        # After the commit and before any file; at the first, a middle and the last file; before the pointer.
        for dies_at in (-1, 0, 1, 3, 5, 6, 10_000):
            number += 1
            before = assert_whole(root)

            done = run(number, dies_at)

            assert done.returncode == (0 if dies_at == 10_000 else 9), done.stderr
            published = assert_whole(root)["published"]["number"]
            assert published == (number - 2 if dies_at == 10_000 else before["published"]["number"])
            refresh_public_files(on=day(number))
            assert assert_whole(root)["published"]["number"] == number - 2
            if dies_at == 10_000:
                assert done.stdout == "7\n"  # edition and frames, three forms each; then the pointer


@pytest.mark.django_db(transaction=True)
def test_reader_during_fifty_publishes_sees_whole_editions_only(root, province):
    """Two readers poll the API, the pointer file and what both name 2,000 times, through the whole stack.

    The API answers from memory, at most a second late (five are allowed here, on a busy machine); the
    pointer file is read each time and never goes back.
    """
    door = PublicBytes(django_application, memory=20_000_000)
    put_out(province, 3)
    refresh_public_files(on=TODAY)
    seen, trouble, done = set(), [], threading.Event()
    polls, out_since = [0, 0], {1: time.monotonic()}

    def fetch(path):
        answer = ask(door, path)
        assert answer.status == 200, (path, answer.status, answer.body[:200])
        return json.loads(answer.body)

    def read(reader):
        try:
            newest = 0
            while polls[reader] < 1000 or not done.is_set():
                polls[reader] += 1
                asked_at = time.monotonic()
                frames = fetch("/api/v1/frames/?province=90&as_of=published")
                body = fetch(frames["url"])
                assert body["version"] == frames["version"]
                due = [number for number, since in out_since.copy().items() if since < asked_at - 5]
                assert frames["version"] >= max(due, default=1), "an edition long out was not told"
                seen.add(frames["version"])
                said = fetch("/current/90.json")["published"]
                assert said["number"] >= newest, "the pointer went back"
                newest = said["number"]
                edition, drawn = fetch(said["edition"]["url"]), fetch(said["frames"]["url"])
                assert edition["number"] == drawn["version"] == said["number"]
                assert edition["day"] == drawn["last_day"] == said["day"]
                levels = fetch(f"/api/v1/editions/90/{said['number']}/")
                assert (levels["hash"], levels["sha256"]) == (said["hash"], said["edition"]["sha256"])
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    readers = [threading.Thread(target=read, args=[number]) for number in (0, 1)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 51):
            cut_off = at(3) + timedelta(minutes=number)
            publish(province=province.area, cut_off=cut_off, at=cut_off, by=system_user())
            out_since[number + 1] = time.monotonic()
            refresh_public_files(on=TODAY)
    finally:
        done.set()
        for reader in readers:
            reader.join(120)

    assert trouble == []
    assert sum(polls) >= 2000
    assert len(seen) > 1
    assert assert_whole(root)["published"]["number"] == 51


NGINX = """
daemon off; pid {here}/nginx.pid; error_log stderr; worker_processes 1;
events {{}}
http {{
  access_log off; default_type application/octet-stream; types {{ application/json json; }}
  client_body_temp_path {here}/a; proxy_temp_path {here}/b; fastcgi_temp_path {here}/c;
  uwsgi_temp_path {here}/d; scgi_temp_path {here}/e;
  upstream portal {{ server 127.0.0.1:9; }}
  server {{
    listen 127.0.0.1:{port};
    {snippet}
  }}
}}
"""


@pytest.mark.skipif(
    shutil.which("nginx") is None, reason="no nginx here; get it: apt-get install nginx-light"
)
@pytest.mark.django_db
def test_nginx_serves_the_files_by_the_snippet_of_the_docs(root, province, tmp_path):
    refresh_public_files(on=TODAY)
    (snippet,) = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs" / "deployment.md").read_text(), re.DOTALL)
    assert "/srv/public" in snippet
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = tmp_path / "nginx.conf"
    config.write_text(
        NGINX.format(here=tmp_path, port=port, snippet=snippet.replace("/srv/public", str(root)))
    )
    tmp_path.chmod(0o755)
    command = [
        "nginx",
        "-p",
        str(tmp_path),
        "-c",
        str(config),
        "-g",
        f"user {_me()};" if os.geteuid() == 0 else "",
    ]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        address = f"http://127.0.0.1:{port}"
        status, headers, body = fetch_when_up(f"{address}/current/90.json")
        assert status == 200
        assert headers["Cache-Control"] == "public, max-age=5"
        for sha256 in named(json.loads(body)):
            status, headers, body = fetch_when_up(f"{address}/assets/{sha256}.json", "gzip")
            assert (status, headers["Content-Encoding"], headers["Content-Type"]) == (
                200, "gzip", "application/json",
            )  # fmt: skip
            assert body == Path(f"{asset_path(root, sha256)}.gz").read_bytes()
            assert "immutable" in headers["Cache-Control"]
            assert headers["ETag"]
            assert headers["Access-Control-Allow-Origin"] == "*"
            assert hashlib.sha256(fetch_when_up(f"{address}/assets/{sha256}.json")[2]).hexdigest() == sha256
        # What is no file is the portal's to answer; here none is running.
        assert fetch_when_up(f"{address}/assets/{'0' * 64}.json")[0] == 502
        assert fetch_when_up(f"{address}/assets/.draft.json")[0] == 502
    finally:
        server.terminate()
        said = server.communicate(timeout=10)[1]
    assert "emerg" not in said


def _me() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def fetch_when_up(url, encoding="identity"):
    request = urllib.request.Request(url, headers={"Accept-Encoding": encoding})
    until = time.monotonic() + 10
    while True:
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
