"""The journal of every write to a governed table, made by the database itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One statement's writes to one governed table. Append-only; sealed into a hash chain at commit.

    ``changes`` holds the old and new rows. A ledger's insert (rows that can never change) keeps only the
    number of rows and their SHA-256, so that a file of thousands of rows is one event.
    ``position`` and ``hash`` are given once, when the transaction commits, in the order of commits:
    ``hash = sha256(previous hash ‖ canonical event)``.
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)  # no foreign key: the journal outlives accounts
    actor = models.CharField(max_length=150)  # the account's name then, or the database role
    reason = models.TextField(blank=True)
    table_name = models.CharField(max_length=63)
    action = models.CharField(max_length=6)  # INSERT, UPDATE, DELETE
    row_count = models.PositiveIntegerField()
    changes = models.JSONField(null=True)
    rows_sha256 = models.BinaryField(null=True)
    row_group = models.CharField(max_length=60, blank=True)  # how to find a ledger's rows again
    position = models.BigIntegerField(null=True, unique=True)
    hash = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("nhật ký")
        verbose_name_plural = _("nhật ký")
        indexes = [models.Index(fields=["table_name", "at"], name="audit_table_at")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.action} {self.at:%d/%m/%Y %H:%M:%S}"
