"""Cell history: what the ledger says of the numbers of an area, posting by posting, without persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from core.enums import AreaKind
from core.models import Area
from riskmap.count_days import Counted
from riskmap.in_force import COUNT_COLUMNS


@dataclass(frozen=True, slots=True)
class Entry:
    """What a source said of an area and day. ``before`` is its word until then, ``None`` at its first.

    A source that had said to be complete and had given no number had said zero. ``withdrawn``: it took back
    what it had said, and says nothing now.
    """

    area_code: str
    area_name: str
    day: date
    source: str
    recorded_at: datetime
    reason: str
    before: Counted | None
    after: Counted
    withdrawn: bool = False

    @property
    def corrects(self) -> bool:
        """Whether it changes what the source had said; a note of zero where it was silent changes nothing."""
        return self.withdrawn or (
            self.before is not None
            and any(
                (getattr(self.before, name) or 0) != (getattr(self.after, name) or 0)
                for name in COUNT_COLUMNS
            )
        )


# ``chain`` are all entries of the areas in the period, each with the one before; of a first one it is asked
# whether its source had been complete already. Only cells with a second word, or of the wanted day, are told.
_ENTRIES = f"""
    with unit as materialized (
        select a.id, a.code, a.name, array[a.id, a.parent_id, up.parent_id] as line
        from core_area a left join core_area up on up.id = a.parent_id
        where a.kind = %(kind)s and (a.path = %(path)s or a.path like %(below)s)
    ),
    chain as materialized (
        select e.*, {", ".join(f"lag(e.{name}) over word as was_{name}" for name in COUNT_COLUMNS)},
            coalesce(not lag(e.withdrawn) over word, false) as said_before
        from riskmap_countentry e
        where e.area_id in (select id from unit) and e.day between %(first)s and %(last)s
        window word as (partition by e.area_id, e.day, e.source_id order by e.id)
    ),
    complete as materialized (
        select c.source_id, c.scope_id, day::date as day, min(c.post_id) as post_id
        from riskmap_reportcoverage c
        cross join generate_series(
            greatest(c.first_day, %(first)s), least(c.last_day, %(last)s), interval '1 day'
        ) day
        where c.kind = %(kind)s and c.scope_id in (select unnest(line) from unit)
        group by 1, 2, 3
    ),
    silent as (
        select distinct chain.id
        from chain
        join unit on unit.id = chain.area_id
        join complete c on c.source_id = chain.source_id and c.day = chain.day
        where not chain.said_before and c.post_id < chain.post_id and c.scope_id = any(unit.line)
    )
    select unit.code, unit.name, chain.day, s.name, p.posted_at, p.reason, chain.withdrawn,
        chain.said_before or silent.id is not null,
        {", ".join(f"chain.was_{name}" for name in COUNT_COLUMNS)},
        {", ".join(f"chain.{name}" for name in COUNT_COLUMNS)}
    from chain
    join unit on unit.id = chain.area_id
    join riskmap_countpost p on p.id = chain.post_id
    join riskmap_countsource s on s.id = chain.source_id
    left join silent on silent.id = chain.id
    where chain.said_before or silent.id is not null or chain.withdrawn or chain.day = %(wanted)s::date
    order by chain.day desc, unit.code, p.posted_at desc, chain.id desc
"""


def entries_of(*, area: Area, first: date, last: date, day: date | None = None) -> list[Entry]:
    """What was said anew in the period of the area, or of its communes, newest day first; all of ``day``.

    One query.
    """
    asked = {
        "kind": str(area.kind if area.kind == AreaKind.HAMLET else AreaKind.COMMUNE),
        "path": area.path,
        "below": area.path + "/%",
        "first": first,
        "last": last,
        "wanted": day,
    }
    width = len(COUNT_COLUMNS)
    entries = []
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, asked)
        for *facts, withdrawn, had_said, numbers in ((*row[:8], row[8:]) for row in cursor.fetchall()):
            before = Counted(*numbers[:width]) if had_said else None
            entries.append(Entry(*facts, before, Counted(*numbers[width:]), withdrawn))
    return entries
