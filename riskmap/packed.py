"""Packed: many rows in one value of the database's binary COPY, read and written by NumPy.

A row fetched as Python objects costs ten times what it costs to compute with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO

import numpy as np
from django.db import connection

#: Of binary COPY: what comes before the first field of a lone row (signature, flags, no extension; the
#: number of fields and the field's length), and what ends it.
_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_BEFORE = len(_SIGNATURE) + 2 + 4
_TRAILER = b"\xff\xff"

_AT_ONCE = 1 << 20
_ROWS_AT_ONCE = 1 << 14


def as_literal(ids: Iterable[int]) -> str:
    """A PostgreSQL array as text: a literal is read far faster than an expression of thousands of numbers."""
    return "{" + ",".join(map(str, ids)) + "}"


def read_packed(
    select: str, parameters: Sequence[object] | Mapping[str, object], row: np.dtype
) -> np.ndarray:
    """The rows of a statement that answers one bytea: many of ``row``, packed by send functions."""
    answer = BytesIO()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(f"copy ({select}) to stdout binary", parameters).decode()
        cursor.copy_expert(statement, answer)
    return np.frombuffer(answer.getbuffer()[_BEFORE : -len(_TRAILER)], row)


def write_packed(table: str, columns: dict[str, np.ndarray]) -> int:
    """Copy the columns (of the database's own types, parallel) into the table; returns how many rows.

    The rows are packed while the server still reads those before.
    """
    (rows,) = {len(values) for values in columns.values()}
    if rows:
        with connection.cursor() as cursor:
            cursor.copy_expert(
                f"copy {table} ({', '.join(columns)}) from stdin binary",
                _Stream(_copy(columns, rows)),
                _AT_ONCE,
            )
    return rows


def _copy(columns: dict[str, np.ndarray], rows: int) -> Iterator[bytes]:
    layout = [("fields", ">i2")]
    for name, values in columns.items():
        layout += [(f"{name} length", ">i4"), (name, values.dtype.newbyteorder(">"))]
    records = np.empty(min(rows, _ROWS_AT_ONCE), np.dtype(layout))
    records["fields"] = len(columns)
    for name, values in columns.items():
        records[f"{name} length"] = values.dtype.itemsize
    yield _SIGNATURE
    for start in range(0, rows, _ROWS_AT_ONCE):
        part = records[: rows - start]
        for name, values in columns.items():
            part[name] = values[start : start + len(part)]
        yield part.tobytes()
    yield _TRAILER


class _Stream:
    """What ``copy_expert`` reads: one piece at a time, each smaller than it asks for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, size: int) -> bytes:
        return next(self._pieces, b"")
