"""The ground the files of these tests speak of: a province with leading zeros, and a neighbour's commune."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl

from core.people import system_user
from riskmap.imports import preview_batch
from tests.riskmap.province import Province, make_province

FIXTURES = Path(__file__).parent / "fixtures"
AT = datetime(2021, 8, 10, 18, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def make_ground() -> Province:
    make_province("79", districts={"760": ["26734"]})
    return make_province("01", districts={"001": ["00001", "00004", "00007"], "002": ["00037"]})


def preview(province: Province, content, *, name: str = "tep.csv", source: str = "CDC", **options):
    """Preview a fixture by its name, or bytes as they are."""
    if isinstance(content, str):
        name, content = content, (FIXTURES / content).read_bytes()
    return preview_batch(
        file=io.BytesIO(content),
        name=name,
        province=province.area,
        source=source,
        by=system_user(),
        at=AT,
        **options,
    )


def faults(previewed) -> list[tuple[int, str, str]]:
    """Row, column and code of each refusal."""
    return [(refusal.row, refusal.column, refusal.code) for refusal in previewed.refusals]


def csv_of(*rows: str) -> bytes:
    return "\n".join(("code,date,cases", *rows, "")).encode()


def workbook_of(*rows, header=("code", "date", "cases"), change=None) -> bytes:
    """An XLSX of these rows; ``change`` is given the workbook and its sheet before it is saved."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (header, *rows):
        sheet.append(list(row))
    if change:
        change(workbook, sheet)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()
