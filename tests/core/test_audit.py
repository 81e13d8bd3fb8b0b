import hashlib
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.audit import acting
from core.governance import GovernTable
from core.models import Area, AuditEvent, User
from tests.core.ledger import govern, seal_now, write_ledger
from tests.factories import GrantFactory, ProvinceFactory, UserFactory


@pytest.fixture
def clerk(db):
    return UserFactory(username="lan")


def events(**narrowed):
    return AuditEvent.objects.filter(**narrowed).order_by("id")


def latest() -> AuditEvent:
    return events().last()


@contextmanager
def refused():
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield caught


# --- What is written down -------------------------------------------------------------------------------


def test_insert_leaves_new_row_actor_and_reason(clerk):
    with acting(by=clerk, reason="nhập danh mục"):
        area = ProvinceFactory(name="Phường  Cây Bưởi")

    event = latest()
    assert (event.actor_id, event.actor, event.reason) == (clerk.pk, "lan", "nhập danh mục")
    assert (event.table_name, event.action, event.row_count) == ("core_area", "INSERT", 1)
    assert event.changes["new"][0]["id"] == area.pk
    assert event.changes["new"][0]["name"] == "Phường  Cây Bưởi"
    assert "old" not in event.changes


def test_bulk_update_is_one_event_with_the_changed_rows_only(clerk):
    areas = ProvinceFactory.create_batch(3, population=10, population_year=2019)
    Area.objects.filter(pk=areas[0].pk).update(population=20)
    before = events().count()

    with acting(by=clerk, reason="điều tra dân số"):
        Area.objects.update(population=20)

    event = latest()
    assert events().count() == before + 1
    assert (event.action, event.row_count) == ("UPDATE", 2)
    changed = {areas[1].pk, areas[2].pk}
    assert {row["id"]: row["population"] for row in event.changes["old"]} == dict.fromkeys(changed, 10)
    assert {row["id"]: row["population"] for row in event.changes["new"]} == dict.fromkeys(changed, 20)


def test_update_that_changes_nothing_leaves_no_event(clerk):
    ProvinceFactory()
    before = events().count()

    Area.objects.update(name=Area.objects.get().name)
    Area.objects.filter(pk=0).update(name="không ai")

    assert events().count() == before


def test_delete_leaves_the_old_row(clerk):
    area = ProvinceFactory(code="99")

    with acting(by=clerk, reason="nhập nhầm"):
        area.delete()

    assert latest().action == "DELETE"
    assert latest().changes["old"][0]["code"] == "99"


def test_raw_sql_outside_acting_is_journalled_under_the_database_role(db):
    area = ProvinceFactory()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_area SET name = 'đổi ngoài' WHERE id = %s", [area.pk])
        cursor.execute("SELECT session_user")
        (role,) = cursor.fetchone()

    event = latest()
    assert (event.actor_id, event.actor, event.reason) == (None, f"db:{role}", "")
    assert event.changes["new"][0]["name"] == "đổi ngoài"


def test_password_is_journalled_as_a_fingerprint_and_last_login_not_at_all(db):
    user = UserFactory()
    inserted = latest().changes["new"][0]
    before = events().count()

    User.objects.filter(pk=user.pk).update(last_login=timezone.now())

    assert events().count() == before
    assert "last_login" not in inserted
    assert inserted["password"] == hashlib.sha256(user.password.encode()).hexdigest()[:8]
    user.set_password("khác")
    user.save()
    assert latest().changes["new"][0]["password"] != inserted["password"]


def test_row_is_written_alike_whatever_the_session_speaks(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'Asia/Ho_Chi_Minh'; SET LOCAL datestyle = 'German, DMY'")
        grant = GrantFactory()
        cursor.execute("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'")

    written = latest().changes["new"][0]

    assert written["valid_from"] == "2021-01-01"
    assert written["granted_at"] == "2021-01-01T00:00:00+00:00"
    assert written["id"] == grant.pk


def test_file_content_is_journalled_as_its_hash(db, clerk):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE trial_file (id bigint, content bytea)")
        govern(cursor, GovernTable, "trial_file")
        cursor.execute("INSERT INTO trial_file VALUES (1, %s)", [b"PK\x03\x04"])

    assert latest().changes["new"] == [{"id": 1, "content": hashlib.sha256(b"PK\x03\x04").hexdigest()}]


# --- Who and why ----------------------------------------------------------------------------------------


def test_acting_inside_acting_keeps_what_it_does_not_say(clerk):
    other = UserFactory(username="binh")
    seen = []

    def write():
        ProvinceFactory()
        seen.append((latest().actor, latest().reason))

    with acting(by=clerk, reason="ngoài"):
        with acting(reason="trong"):
            write()
        with acting(by=other):
            write()
        write()

    assert seen == [("lan", "trong"), ("binh", "ngoài"), ("lan", "ngoài")]


def test_acting_that_fails_writes_nothing_and_forgets_who(clerk):
    def fail():
        with acting(by=clerk, reason="hỏng"):
            ProvinceFactory(code="77")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert not Area.objects.filter(code="77").exists()
    assert not events(reason="hỏng").exists()
    ProvinceFactory()
    assert latest().actor.startswith("db:")


@pytest.mark.django_db(transaction=True)
def test_acting_does_not_outlive_its_transaction():
    clerk = UserFactory(username="lan")

    with acting(by=clerk, reason="một việc"):
        ProvinceFactory()
    ProvinceFactory()

    assert [event.actor == "lan" for event in events(table_name="core_area")] == [True, False]


# --- What is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditevent SET reason = 'khác'",
        "UPDATE core_auditevent SET position = NULL, hash = NULL",
        "DELETE FROM core_auditevent",
        "TRUNCATE core_auditevent",
        "INSERT INTO core_auditevent (at, actor, reason, table_name, action, row_count, row_group) "
        "VALUES (now(), 'lan', '', 'core_area', 'DELETE', 1, '')",
    ],
)
def test_journal_refuses_every_hand(clerk, statement):
    seal_now()

    with refused() as caught, connection.cursor() as cursor:
        cursor.execute(statement)

    assert "Nhật ký chỉ do hệ thống ghi thêm" in str(caught.value)


def test_governed_table_refuses_truncate(db):
    ProvinceFactory()
    seal_now()

    with refused() as caught, connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_area CASCADE")

    assert "không cho phép TRUNCATE" in str(caught.value)


@pytest.mark.parametrize(
    "statement", ["UPDATE trial_ledger SET n = 1", "DELETE FROM trial_ledger", "TRUNCATE trial_ledger"]
)
def test_ledger_refuses_all_but_insertion(ledger, statement):
    write_ledger((1, "2021-07-01", 5))

    with refused() as caught, connection.cursor() as cursor:
        cursor.execute(statement)

    assert "ghi một dòng mới kèm lý do" in str(caught.value)


def test_ledger_insert_is_one_event_a_group_with_count_and_digest(ledger):
    write_ledger((1, "2021-07-01", 5), (2, "2021-07-01", 6), (1, "2021-07-02", None))

    first, second = events(table_name="trial_ledger")
    assert [event.row_count for event in (first, second)] == [2, 1]
    assert first.row_group.startswith("post_id=1;id=")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(id::text, ' ' ORDER BY id) FROM trial_ledger WHERE post_id = 1")
        low, high = cursor.fetchone()[0].split()
    rest = r'"2021-07-01 01:00:00+00",0.1,"\\x00ff"'
    text = f"({low},1,2021-07-01,5,{rest})\n({high},1,2021-07-02,,{rest})"
    assert bytes(first.rows_sha256) == hashlib.sha256(text.encode()).digest()
