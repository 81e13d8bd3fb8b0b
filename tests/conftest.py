"""What every test stands on: the private servers, a queue and a cache of the tests' own, a browser if any."""

import os
import shutil

import pytest
from django.conf import settings
from django.db.backends.postgresql.operations import DatabaseOperations

from config.celery import app as celery_app

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
TEST_QUEUE_DATABASE = 15
TEST_CACHE_DATABASE = 14


@pytest.fixture(autouse=True, scope="session")
def _let_tests_empty_what_nobody_may_empty():
    """The governed tables refuse TRUNCATE; between two tests of committed work it is allowed after all."""
    sql_flush = DatabaseOperations.sql_flush

    def without_triggers(self, *arguments, **options):
        statements = sql_flush(self, *arguments, **options)
        off, on = "SET session_replication_role = replica", "SET session_replication_role = origin"
        return [off, *statements, on] if statements else []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", without_triggers)
        yield


def pytest_configure():
    """Keep the tests out of the queue and the cache of a demo that runs on the same servers."""
    celery_app.conf.broker_url = _redis_database(settings.CELERY_BROKER_URL, TEST_QUEUE_DATABASE)
    settings.CACHES["default"]["LOCATION"] = _redis_database(settings.REDIS_URL, TEST_CACHE_DATABASE)
    settings.API_REQUESTS_PER_MINUTE = 10**9  # all tests together are one address
    settings.PUSH_REQUESTS_PER_MINUTE = settings.PUSH_WRONG_TOKENS_PER_MINUTE = 10**9
    settings.FEEDBACK_PER_HOUR = settings.FEEDBACK_LOOKUPS_PER_HOUR = 10**9
    settings.PUBLIC_FILES_DIR = None  # those of a demo stay as they are
    # Slow on purpose is for outside.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _redis_database(url: str, number: int) -> str:
    if url.startswith("redis+socket://"):
        return f"{url}?virtual_host={number}"
    if url.startswith("unix://"):
        return f"{url}?db={number}"
    host = url.split("://", 1)[1].split("/", 1)[0]
    return f"{url.split('://', 1)[0]}://{host}/{number}"


def chromium() -> str | None:
    """The path of the Chromium to test with: that of ``CHROMIUM``, or the system's."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else CHROMIUM_NAMES
    return next((path for path in map(shutil.which, names) if path), None)


def pytest_collection_modifyitems(items):
    if chromium():
        return
    skip = pytest.mark.skip(reason="no Chromium here; get it with: apt-get install chromium")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return chromium()
