"""The ledger: what each source said of an area and day, and since when the map may be out of date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Max, Min

from core.audit import acting
from core.enums import AreaKind
from core.finding import province_of
from core.models import Area, User
from riskmap.in_force import COUNT_COLUMNS, apply_posts, choose_all
from riskmap.models import Assessment, CountPost, CountSource, ImportBatch, MapEdition, SourceChoice
from riskmap.posting_sql import COMPARE, POST, WITHDRAW
from riskmap.stale import mark_provinces_stale

LOCK = 2700  # the first key of the advisory locks of this stage; the second is the province


class CountRow(NamedTuple):
    """What a source says of one area and day; ``None`` where it does not say.

    F0, F1, tests and suspected cases are statements of their own: a row that says nothing of one of them
    leaves what its source said before. The four F0 numbers belong together: a row that gives any of them
    replaces all four.
    """

    area_id: int
    day: date
    unclassified: int | None = None
    unknown_source: int | None = None
    known_source: int | None = None
    isolated: int | None = None
    close_contacts: int | None = None
    tests: int | None = None
    suspected: int | None = None


class Coverage(NamedTuple):
    """The source is complete for all units of ``kind`` under ``scope`` on these days: no row means zero.

    ``contacts`` says that it is complete for F1 as well.
    """

    scope: Area
    first_day: date
    last_day: date
    kind: AreaKind = AreaKind.COMMUNE
    contacts: bool = False


@dataclass(frozen=True, slots=True)
class Posting:
    """What one source of one province posts."""

    source: CountSource
    rows: Sequence[CountRow] = ()
    coverages: Sequence[Coverage] = ()
    batch: ImportBatch | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """What a posting came to. ``post_id`` and ``stale_since`` are ``None`` where nothing changed."""

    post_id: int | None
    new: int  # rows of an area and day the source had not spoken of
    corrected: int  # rows that differ from what the source said before
    zeroed: int  # earlier numbers that a complete report no longer has
    unchanged: int
    coverages: int
    stale_since: date | None


def post_counts(
    *,
    source: CountSource,
    rows: Sequence[CountRow],
    coverages: Sequence[Coverage] = (),
    reason: str,
    by: User,
    at: datetime,
    batch: ImportBatch | None = None,
    document: str = "",
) -> Posted:
    """Append to the ledger what differs from the source's last word; choose the values in force again.

    Marks the province stale from the earliest day whose value or report state changed. All in one
    transaction, one posting of a province at a time; the order in which sources post does not matter.
    """
    posting = Posting(source, rows, coverages, batch)
    return post_together(postings=[posting], reason=reason, by=by, at=at, document=document)[0]


def post_together(
    *, postings: Sequence[Posting], reason: str, by: User, at: datetime, document: str = ""
) -> list[Posted]:
    """As ``post_counts`` for many sources at once, each at most once: a nation costs as few statements."""
    with acting(by=by, reason=reason), connection.cursor() as cursor:
        lock_provinces([posting.source.province_id for posting in postings])
        parameters = as_parameters(postings) | {
            "reason": reason,
            "document": document,
            "by": by.pk,
            "at": at,
        }
        cursor.execute(POST, parameters)
        written = {source_id: numbers for source_id, *numbers in cursor.fetchall()}
        posts = [numbers[0] for numbers in written.values() if numbers[0] is not None]
        complete = (parameters["complete_from"], parameters["complete_to"])
        since = apply_posts(posts=posts, complete=complete) if posts else {}
        mark_provinces_stale(since_by_province=since, cause=reason[:60])
    return [
        Posted(*written[posting.source.pk], stale_since=since.get(posting.source.province_id))
        for posting in postings
    ]


def compare_counts(*, posting: Posting) -> Posted:
    """What ``post_counts`` would come to, without writing anything and without ``stale_since``."""
    with connection.cursor() as cursor:
        cursor.execute(COMPARE, as_parameters([posting]))
        new, corrected, zeroed = cursor.fetchone()
    unchanged = len(posting.rows) - new - corrected
    return Posted(None, new, corrected, zeroed, unchanged, len(posting.coverages), None)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What an undoing came to: areas and days taken back, and those spoken of since, which stay."""

    taken_back: int
    left: int
    stale_since: date | None


def withdraw_batch(*, batch: ImportBatch, reason: str, by: User, at: datetime) -> Withdrawn:
    """Take back what a committed file said, in a new posting: the source's earlier word, or none, holds.

    Areas and days its source has spoken of since are left. Reports of zero (coverages) are not taken back.
    Where the file may have been the first or last to report, levels are found again from their first day on.
    """
    with acting(by=by, reason=reason), connection.cursor() as cursor:
        lock_provinces([batch.province_id])
        undone = CountPost.objects.filter(batch=batch).first()
        if undone is None:
            return Withdrawn(0, 0, None)
        post = _open_post(undone.source, reason=reason, document="", by=by, at=at)
        cursor.execute(WITHDRAW, {"undone": undone.pk, "post": post.pk})
        taken_back, left = cursor.fetchone()
        since = _apply(post)
        if since and (begun := _begun_of_ends(post)):
            mark_provinces_stale(since_by_province={post.province_id: begun}, cause=reason[:60])
        return Withdrawn(taken_back, left, since)


def _begun_of_ends(post: CountPost) -> date | None:
    """The first day of the province's levels, where the post speaks of their first or last reported day."""
    spoken = post.entries.aggregate(first=Min("day"), last=Max("day"))
    known = Assessment.objects.filter(province=post.province_id).first()
    if known is None or (known.first_day < spoken["first"] and spoken["last"] < known.last_reported_day):
        return None
    return known.first_day


def choose_source(
    *,
    area: Area,
    day: date,
    source: CountSource | None,
    reason: str,
    by: User,
    at: datetime,
    document: str = "",
) -> CountPost:
    """Let ``source`` count for the area and day, whatever the province's policy; ``None``: the policy again.

    The area is a commune or hamlet of a province with sources. Faces call ``riskmap.source_choices``, which
    looks first; the database refuses an accepted day without an exception and a document.
    """
    province = province_of(area)
    with acting(by=by, reason=reason):
        lock_provinces([province.pk])
        speaks = source or _chosen_source(area, day) or province.count_sources.order_by("rank")[0]
        post = _open_post(speaks, reason=reason, document=document, by=by, at=at)
        SourceChoice.objects.create(post=post, area=area, day=day, source=source)
        _apply(post)
    return post


def _chosen_source(area: Area, day: date) -> CountSource | None:
    latest = SourceChoice.objects.filter(area=area, day=day).order_by("-pk").first()
    return latest.source if latest else None


def _open_post(source: CountSource, *, reason: str, document: str, by: User, at: datetime) -> CountPost:
    """A posting of the source, never recorded before an edition of its province that is out already."""
    last = MapEdition.objects.filter(province=source.province_id).aggregate(cut_off=Max("cut_off"))["cut_off"]
    return CountPost.objects.create(
        province_id=source.province_id,
        source=source,
        reason=reason,
        document=document,
        posted_at=max(at, last + timedelta(microseconds=1)) if last else at,
        posted_by=by,
    )


def _apply(post: CountPost) -> date | None:
    since = apply_posts(posts=[post.pk], complete=(None, None))
    mark_provinces_stale(since_by_province=since, cause=post.reason[:60])
    return since.get(post.province_id)


def rebuild_daily_counts(*, province: Area) -> int:
    """Replay the values in force of ``province`` from the ledger; returns how many there are.

    The replay gives what the postings left, unless the province's policy was changed in between.
    """
    with acting(reason="Chọn lại số ca có hiệu lực từ sổ"):
        lock_provinces([province.pk])
        return choose_all(province=province)


def lock_provinces(provinces: Iterable[int]) -> None:
    """Wait for every other posting of these provinces (ids); held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id::int) FROM unnest(%s::bigint[]) WITH ORDINALITY AS p (id, n)"
            " ORDER BY n",
            [LOCK, sorted(set(provinces))],
        )


def first_reported_day(*, province: Area) -> date | None:
    """The first day any source reported anything of the province; ``None`` before that."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT least(
                (SELECT min(d.day) FROM core_area p
                 JOIN core_area a ON starts_with(a.path || '/', p.path || '/')
                 CROSS JOIN LATERAL (
                    SELECT day FROM riskmap_dailycount WHERE area_id = a.id ORDER BY day LIMIT 1
                 ) d WHERE p.id = %(province)s),
                (SELECT min(c.first_day) FROM riskmap_reportcoverage c
                 JOIN riskmap_countsource s ON s.id = c.source_id WHERE s.province_id = %(province)s))
            """,
            {"province": province.pk},
        )
        return cursor.fetchone()[0]


def as_parameters(postings: Sequence[Posting]) -> dict[str, object]:
    rows = [(posting.source.pk, row) for posting in postings for row in posting.rows]
    scopes = [(posting.source.pk, coverage) for posting in postings for coverage in posting.coverages]
    columns = {}
    if rows:
        columns = dict(zip(CountRow._fields, zip(*(row for _, row in rows), strict=True), strict=True))
    days = {day: day.isoformat() for day in set(columns.get("day", ()))}
    return {
        "source": [posting.source.pk for posting in postings],
        "batch": [posting.batch.pk if posting.batch else None for posting in postings],
        "row_source": _array(source for source, _ in rows),
        "area_id": _array(columns.get("area_id", ())),
        "day": _array(map(days.__getitem__, columns.get("day", ()))),
        **{name: _array(columns.get(name, ())) for name in COUNT_COLUMNS},
        "scope_source": [source for source, _ in scopes],
        "scope": [coverage.scope.pk for _, coverage in scopes],
        "path": [coverage.scope.path for _, coverage in scopes],
        "kind": [str(coverage.kind) for _, coverage in scopes],
        "first_day": [coverage.first_day for _, coverage in scopes],
        "last_day": [coverage.last_day for _, coverage in scopes],
        "contacts": [coverage.contacts for _, coverage in scopes],
        "complete_from": min((coverage.first_day for _, coverage in scopes), default=None),
        "complete_to": max((coverage.last_day for _, coverage in scopes), default=None),
    }


def _array(values: Iterable[object]) -> str:
    """A PostgreSQL array as text: one literal is read far faster than an expression of 450,000 numbers."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"
