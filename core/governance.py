"""Governed tables: what a migration says to put a table under the journal.

A migration that makes a table governs it in one line::

    operations = [GovernTable("riskmap_declaredfact"), GovernLedger("riskmap_countentry", group="post_id")]

From then on every statement that writes to the table leaves one ``AuditEvent``, made by statement triggers
with transition tables. The functions behind them are in ``core/migrations/0002_audit.py``.
"""

from django.db import migrations


class GovernTable(migrations.RunSQL):
    """Journal the old and new rows of every statement; TRUNCATE is refused.

    The content of ``bytea`` columns and of ``secrets`` is journalled as a fingerprint (SHA-256, eight hex
    digits for secrets). A change of ``unwatched`` columns alone leaves no event, nor does an update
    that changes nothing.
    """

    watches = (
        ("insert", "REFERENCING NEW TABLE AS new_rows"),
        ("update", "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        ("delete", "REFERENCING OLD TABLE AS old_rows"),
    )
    refuses = ("truncate",)
    recorder = "audit_rows"

    def __init__(self, table: str, *, secrets: tuple[str, ...] = (), unwatched: tuple[str, ...] = ()) -> None:
        self.table = table
        self._make(",".join(secrets), ",".join(unwatched))

    def _make(self, *arguments: str) -> None:
        quoted = ", ".join(f"'{argument}'" for argument in arguments)
        statements = [
            f"CREATE TRIGGER audit_{verb} AFTER {verb.upper()} ON {self.table} {rows} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {self.recorder}({quoted})"
            for verb, rows in self.watches
        ]
        statements += [
            f"CREATE TRIGGER audit_{verb} BEFORE {verb.upper()} ON {self.table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
            for verb in self.refuses
        ]
        super().__init__(
            statements,
            [f"DROP TRIGGER {name} ON {self.table}" for name in self.trigger_names],
        )

    @property
    def trigger_names(self) -> tuple[str, ...]:
        return tuple(
            f"audit_{verb}" for verb in ([verb for verb, _rows in self.watches] + list(self.refuses))
        )


class GovernLedger(GovernTable):
    """Only insertion is allowed; the journal keeps the number of rows and their SHA-256 for each ``group``.

    The digest is taken over the rows in the order of their ``id``, so that ``verify_audit`` can find
    the same rows again and see that each is as it was written.
    """

    watches = GovernTable.watches[:1]
    refuses = ("update", "delete", "truncate")
    recorder = "audit_ledger"

    def __init__(self, table: str, *, group: str) -> None:
        self.table, self.group = table, group
        self._make(group)
