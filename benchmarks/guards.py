"""What it costs that spans never overlap: the statement's check, or a GiST exclusion and foreign keys.

The numbers of docs/adr/0003. The spans of the nation are copied into tables that differ in nothing else.
"""

from __future__ import annotations

from io import BytesIO

from django.db import connection

from benchmarks.report import Row, median, row, seconds

_COLUMNS = "area_id, first_day, last_day, level, provisional, grounds_id"
_NO_GUARD = """
    create table guarded (
        area_id bigint not null, first_day date not null, last_day date not null, level smallint not null,
        provisional boolean not null, grounds_id bigint not null, primary key (area_id, first_day)
    )
"""
_KEYS = """
    alter table guarded add foreign key (area_id) references core_area (id),
        add foreign key (grounds_id) references riskmap_grounds (id)
"""
GUARDS = {
    "nothing but the primary key": (),
    "the check of each statement, as built": (
        "create trigger spans_inserted after insert on guarded referencing new table as written"
        " for each statement execute function spans_hold_together()",
    ),
    "foreign keys, row by row": (_KEYS,),
    "a GiST exclusion": (
        "alter table guarded add exclude using gist"
        " (area_id with =, daterange(first_day, last_day, '[]') with &&)",
    ),
    "a GiST exclusion and foreign keys": (
        "alter table guarded add exclude using gist"
        " (area_id with =, daterange(first_day, last_day, '[]') with &&)",
        _KEYS,
    ),
}


def measure_guards(*, rounds: int) -> list[Row]:
    """Copy all stored spans under each guard, in turns."""
    spans = BytesIO()
    with connection.cursor() as cursor:
        cursor.execute("create extension if not exists btree_gist")
        ordered = f"(select {_COLUMNS} from riskmap_levelspan order by area_id, first_day)"
        cursor.copy_expert(f"copy {ordered} to stdout binary", spans)
        cursor.execute("select count(*) from riskmap_levelspan")
        (many,) = cursor.fetchone()
        took: dict[str, list[float]] = {guard: [] for guard in GUARDS}
        for _ in range(rounds):
            for guard, statements in GUARDS.items():
                cursor.execute("drop table if exists guarded")
                for statement in (_NO_GUARD, *statements):
                    cursor.execute(statement)
                spans.seek(0)
                copy = f"copy guarded ({_COLUMNS}) from stdin binary"
                took[guard].append(seconds(lambda copy=copy: cursor.copy_expert(copy, spans, 1 << 20)))
        cursor.execute("drop table guarded")
    bare = took["nothing but the primary key"]
    return [
        row(
            f"{many} spans written under {guard}",
            f"median of {rounds}",
            median(each),
            "s",
            against=f"nothing but the primary key: {median(bare):.3f} s",
            ratio=median([mine / other for mine, other in zip(each, bare, strict=True)]),
        )
        for guard, each in took.items()
    ]
