"""The journal read back: is it whole, and are the rows still those it speaks of?

Nothing here trusts the functions inside the database: hashes and digests are computed by the statements
below.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.governance import GovernLedger, GovernTable

BATCH = 50_000  # events hashed by one statement

# Rows are read as text the way the recorders wrote them (migration 0002), whatever the session speaks.
_AS_WRITTEN = """
SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';
SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'
"""

_CANONICAL = """convert_to(jsonb_build_array(id, at, actor_id, actor, reason, table_name, action, row_count,
    changes, encode(rows_sha256, 'hex'), row_group, position)::text, 'UTF8')"""

_CHAIN = f"""
WITH link AS MATERIALIZED (
    SELECT position, hash,
           position <> coalesce(lag(position) OVER place, %(position)s) + 1 AS gap,
           hash IS DISTINCT FROM sha256(coalesce(lag(hash) OVER place, %(hash)s) || {_CANONICAL}) AS altered
      FROM (SELECT * FROM core_auditevent
             WHERE position > %(position)s ORDER BY position LIMIT %(batch)s) event
    WINDOW place AS (ORDER BY position)
)
SELECT count(*), max(position), (SELECT hash FROM link ORDER BY position DESC LIMIT 1),
       min(position) FILTER (WHERE gap), min(position) FILTER (WHERE altered),
       max(encode(hash, 'hex')) FILTER (WHERE position = %(noted)s)
  FROM link
"""

# Each event of a ledger against the rows it wrote, found again by their group and the range of their ids.
_LEDGER = """
WITH event AS (
    SELECT position, row_count, rows_sha256, parts[1]::bigint AS grouped, parts[2]::bigint AS first,
           parts[3]::bigint AS last
      FROM core_auditevent, regexp_match(row_group, '^\\w+=(\\d+);id=(\\d+)\\.\\.(\\d+)$') parts
     WHERE table_name = %s AND changes->'columns' = %s::jsonb
)
SELECT min(position)
  FROM event, LATERAL (
       SELECT count(*) AS rows,
              sha256(convert_to(string_agg(ROW({columns})::text, E'\\n' ORDER BY id), 'UTF8')) AS digest
         FROM {table} WHERE id BETWEEN first AND last AND {group} = grouped) now
 WHERE (now.rows, now.digest) IS DISTINCT FROM (event.row_count::bigint, event.rows_sha256)
"""


@dataclass(frozen=True)
class JournalState:
    """What ``verify_journal`` found. ``faults`` are sentences; none means that the journal is whole."""

    events: int
    head_position: int
    head_hash: str
    ledger_rows: int
    faults: tuple[str, ...]


class NotANote(DomainError):
    """A noted head that is not ``position:hash``."""

    code = "not_a_note"


def governed_tables() -> list[GovernTable]:
    """Every table that an applied migration put under the journal."""
    loader = MigrationLoader(connection)
    return [
        operation
        for key, migration in sorted(loader.disk_migrations.items())
        if key in loader.applied_migrations
        for operation in migration.operations
        if isinstance(operation, GovernTable)
    ]


def verify_journal(*, noted: str = "") -> JournalState:
    """Prove the triggers, the chain and the ledgers, on one snapshot of the database.

    ``noted`` is a head written down earlier, ``position:hash``: the chain must still pass through it, which
    also shows that no events were cut off its end. Raises ``NotANote``.
    """
    note = _read_note(noted)
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(_AS_WRITTEN)
        tables = governed_tables()
        faults = _trigger_faults(cursor, tables)
        events, position, head, chain_faults = _walk_chain(cursor, note)
        faults += chain_faults
        ledger_rows = 0
        for ledger in tables:
            if isinstance(ledger, GovernLedger):
                rows, ledger_faults = _check_ledger(cursor, ledger)
                ledger_rows += rows
                faults += ledger_faults
    return JournalState(events, position, head, ledger_rows, tuple(faults))


def _read_note(noted: str) -> tuple[int, str] | None:
    if not noted:
        return None
    position, _colon, digest = noted.strip().lower().partition(":")
    if not position.isdecimal() or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise NotANote(_("Mốc đã ghi phải có dạng VỊ_TRÍ:MÃ_BĂM, như lệnh này in ra ở lần chạy trước."))
    return int(position), digest


def _trigger_faults(cursor, tables: list[GovernTable]) -> list[str]:
    expected = {(table.table, name) for table in tables for name in table.trigger_names}
    expected |= {("core_auditevent", name) for name in ("audit_guard", "audit_delete", "audit_seal")}
    cursor.execute(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
        "WHERE tgname LIKE 'audit%' AND tgenabled IN ('O', 'A')"
    )
    return [
        _("Bảng %(table)s thiếu hoặc đã tắt trigger %(trigger)s.") % {"table": table, "trigger": trigger}
        for table, trigger in sorted(expected - set(cursor.fetchall()))
    ]


def _walk_chain(cursor, note: tuple[int, str] | None) -> tuple[int, int, str, list[str]]:
    """Number of sealed events, position and hash of the last, and the first break of each kind."""
    noted_position, noted_hash = note or (0, "")
    events, position, head, passed = 0, 0, b"", note is None
    while True:
        cursor.execute(_CHAIN, {"position": position, "hash": head, "batch": BATCH, "noted": noted_position})
        count, last, last_hash, gap, altered, at_note = cursor.fetchone()
        if not count:
            break
        events, position, head = events + count, last, bytes(last_hash or b"")
        passed = passed or at_note == noted_hash
        broken = min(found for found in (gap, altered, last + 1) if found is not None)
        if broken <= last:
            return (
                events,
                position,
                head.hex(),
                [
                    _("Chuỗi nhật ký đứt tại vị trí %(position)d: mất hoặc chen sự kiện.")
                    % {"position": broken}
                    if broken == gap
                    else _("Chuỗi nhật ký đứt tại vị trí %(position)d: nội dung đã bị sửa.")
                    % {"position": broken}
                ],
            )
    faults = []
    cursor.execute("SELECT count(*), min(id) FROM core_auditevent WHERE position IS NULL")
    unsealed, first = cursor.fetchone()
    if unsealed:
        faults.append(
            _("Có %(count)d sự kiện chưa được nối vào chuỗi, đầu tiên là số %(id)d.")
            % {"count": unsealed, "id": first}
        )
    if not passed:
        faults.append(
            _("Chuỗi không còn đi qua mốc đã ghi ở vị trí %(position)d.") % {"position": noted_position}
        )
    return events, position, head.hex(), faults


def _check_ledger(cursor, ledger: GovernLedger) -> tuple[int, list[str]]:
    """Number of rows of the ledger, and what is wrong with it."""
    cursor.execute(
        "SELECT changes->>'columns', sum(row_count) FROM core_auditevent WHERE table_name = %s GROUP BY 1",
        [ledger.table],
    )
    faults, journalled = [], 0
    for columns, rows in cursor.fetchall():
        journalled += rows
        names = ", ".join(connection.ops.quote_name(name) for name in json.loads(columns))
        query = _LEDGER.format(columns=names, table=ledger.table, group=ledger.group)
        cursor.execute(query, [ledger.table, columns])
        (position,) = cursor.fetchone()
        if position is not None:
            faults.append(
                _("Sổ %(table)s khác với lúc ghi, ở các dòng của sự kiện vị trí %(position)d.")
                % {"table": ledger.table, "position": position}
            )
    cursor.execute(f"SELECT count(*) FROM {ledger.table}")
    (rows,) = cursor.fetchone()
    if rows != journalled:
        faults.append(
            _("Sổ %(table)s có %(rows)d dòng, nhật ký ghi %(journalled)d dòng.")
            % {"table": ledger.table, "rows": rows, "journalled": journalled}
        )
    return rows, faults
