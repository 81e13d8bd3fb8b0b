"""The ledger of counts under the journal: each posting is one event, and no row can change unseen."""

import pytest
from django.db import connection

from core.journal import verify_journal
from core.models import AuditEvent
from tests.riskmap.province import make_province


@pytest.fixture
def province(db):
    province = make_province()
    province.post({("90101", 0): 1, ("90102", 0): 2}, complete=(0, 3), reason="báo cáo sáng")
    province.post({("90101", 1): 3}, reason="báo cáo chiều")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return province


def test_posting_is_one_event_with_its_reason(province):
    events = AuditEvent.objects.filter(table_name="riskmap_countentry").order_by("position")

    assert [(event.actor, event.reason, event.row_count) for event in events] == [
        ("he-thong", "báo cáo sáng", 2),
        ("he-thong", "báo cáo chiều", 1),
    ]


def test_journal_knows_every_row_of_the_ledger(province):
    state = verify_journal()

    assert (state.faults, state.ledger_rows) == ((), 4)  # three entries and one coverage


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE riskmap_countentry SET unknown_source = 0 WHERE unknown_source = 3",
        "UPDATE riskmap_reportcoverage SET last_day = last_day - 1",
        "DELETE FROM riskmap_countentry WHERE unknown_source = 2",
    ],
)
def test_journal_finds_a_changed_row_of_the_ledger(province, tampering):
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(tampering)
        cursor.execute("SET session_replication_role = DEFAULT")

    assert "khác với lúc ghi" in verify_journal().faults[0]
