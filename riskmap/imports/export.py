"""Export: a source's own words of an area, in the form in which they can be imported again."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.models import Area
from riskmap.imports.columns import COUNTS
from riskmap.imports.template import COLUMNS, Line, communes_of, make_book
from riskmap.models import CountSource

MOST_ROWS = 50_000

_WORDS = f"""
    SELECT code, name, day, {", ".join(COUNTS[name] for name in COLUMNS if name in COUNTS)} FROM (
        SELECT DISTINCT ON (e.area_id, e.day) a.code, a.name, a.sort_key, e.*
        FROM core_area a JOIN riskmap_countentry e ON e.area_id = a.id
        WHERE (a.path = %(path)s OR starts_with(a.path, %(path)s || '/'))
            AND e.source_id = %(source)s AND e.day BETWEEN %(first)s AND %(last)s
        ORDER BY e.area_id, e.day, e.id DESC
    ) word
    WHERE NOT withdrawn
    ORDER BY day, sort_key, code
    LIMIT {MOST_ROWS + 1}
"""


class ExportRefused(DomainError):
    """The numbers cannot be written into one file."""

    code = "export_refused"


def export_counts(*, area: Area, source: CountSource | None, first: date, last: date) -> bytes:
    """An XLSX of what ``source`` says of ``area`` and all below it from ``first`` to ``last``.

    Imported again it changes nothing. Raises ``ExportRefused`` for days out of order, or more than
    ``MOST_ROWS`` rows.
    """
    if first > last:
        raise ExportRefused(_("Ngày đầu phải trước hoặc trùng ngày cuối."))
    rows = []
    if source is not None:
        with connection.cursor() as cursor:
            cursor.execute(_WORDS, {"path": area.path, "source": source.pk, "first": first, "last": last})
            rows = cursor.fetchall()
    if len(rows) > MOST_ROWS:
        raise ExportRefused(
            _("Có hơn %(most)s dòng số liệu trong những ngày này. Hãy xuất ít ngày hơn, hoặc từng huyện.")
            % {"most": f"{MOST_ROWS:,}".replace(",", ".")}
        )
    lines = [Line(code, name, day, counts) for code, name, day, *counts in rows]
    return make_book(lines=lines, communes=communes_of(area, last), last_day=last)
