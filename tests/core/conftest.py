import pytest
from django.db import connection

from core.governance import GovernLedger
from core.journal import governed_tables
from tests.core.ledger import LEDGER, govern


@pytest.fixture
def ledger(db, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute(LEDGER)
        operation = govern(cursor, GovernLedger, "trial_ledger", group="post_id")
    monkeypatch.setattr("core.journal.governed_tables", lambda: [*governed_tables(), operation])
    return operation
