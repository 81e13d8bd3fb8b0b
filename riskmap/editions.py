"""Editions: what the public is shown of a day, frozen at a cut-off and chained by hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.assets import SWIFT, put_asset
from core.audit import acting
from core.errors import DomainError
from core.models import Area, User
from riskmap.as_of import Knowledge, known_at
from riskmap.bell import ring
from riskmap.counts import lock_provinces
from riskmap.history import LIVE_DAYS
from riskmap.maps import LAYERS, as_frames
from riskmap.models import Assessment, MapEdition, ProvincePolicy, PublishedMap
from riskmap.published import published_matrices
from riskmap.rules import scale
from riskmap.rules.scale import LEVEL_KEYS
from riskmap.unapproved import unapproved_at

GENESIS = "0" * 64
#: The bit of a cell that says: people decided the level.
DECIDED_CELL = 1 << 4
#: The bit of a cell that says: rests on a number nobody had accepted.
UNAPPROVED = 1 << 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: How many days back a missed edition is still made up for.
CATCH_UP_DAYS = 7
LATE_AFTER = timedelta(hours=1)


class CannotPublish(DomainError):
    """There is nothing to publish, or it was published already."""

    code = "cannot_publish"


def publish(*, province: Area, cut_off: datetime, at: datetime, by: User) -> MapEdition:
    """Freeze the levels of the cut-off's day as they were known at ``cut_off``; the pointer moves with it.

    Posts of the province wait meanwhile, and whatever is recorded afterwards is known after the cut-off: the
    edition is what ``known_at`` answers for that instant for ever. ``at`` is now. Raises ``CannotPublish``
    when the cut-off is still to come, not after the last one, or before the first report.
    """
    cut_off = timezone.localtime(cut_off)
    with acting(by=by, reason=f"Công bố bản đồ chốt lúc {cut_off:%H:%M %d/%m/%Y}"):
        lock_provinces([province.pk])
        knowledge, last = known_for_publication(province=province, cut_off=cut_off, at=at)
        edition = _freeze(knowledge, last=last, at=at, by=by)
        edition.save(force_insert=True)
        PublishedMap.objects.update_or_create(
            province=province, defaults={"edition": edition, "frames": _draw(edition, at=at)}
        )
        transaction.on_commit(ring, robust=True)  # the worker writes the public files
    return edition


def known_for_publication(
    *, province: Area, cut_off: datetime, at: datetime
) -> tuple[Knowledge, MapEdition | None]:
    """What an edition of ``cut_off`` would hold, and the edition before it. Raises ``CannotPublish``."""
    cut_off = timezone.localtime(cut_off)
    last = MapEdition.objects.filter(province=province).order_by("-number").first()
    if cut_off > at:
        raise CannotPublish(_("Chưa đến giờ chốt số liệu %(at)s.") % {"at": f"{cut_off:%H:%M %d/%m/%Y}"})
    if last and cut_off <= last.cut_off:
        raise CannotPublish(
            _("Đã công bố bản số %(number)s, chốt số liệu lúc %(at)s; bản mới phải chốt sau đó.")
            % {"number": last.number, "at": f"{timezone.localtime(last.cut_off):%H:%M %d/%m/%Y}"}
        )
    knowledge = known_at(province=province, instant=cut_off)
    if knowledge is None or cut_off.date() < knowledge.first_reported_day:
        raise CannotPublish(_("Chưa có số liệu nào để công bố."))
    return knowledge, last


def _freeze(knowledge: Knowledge, *, last: MapEdition | None, at: datetime, by: User) -> MapEdition:
    number = last.number + 1 if last else 1
    day = timezone.localtime(knowledge.instant).date()
    unapproved = unapproved_communes(knowledge, day) if must_be_approved(knowledge.province) else None
    layers = _layers(knowledge, day, unapproved or frozenset())
    payload = {
        "province": knowledge.province.code,
        "number": number,
        "day": day.isoformat(),
        "cut_off": _instant(knowledge.instant),
        "last_reported_day": knowledge.last_reported_day.isoformat(),
        "rule_set": knowledge.rule_set.name,
        "rule_set_fingerprint": knowledge.rule_set.fingerprint,
        "layers": layers,
    }
    if unapproved is not None:  # says nothing of itself where the province approves no numbers
        payload["approval"] = True
    body = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    edition = MapEdition(
        province=knowledge.province,
        number=number,
        day=day,
        cut_off=knowledge.instant,
        published_at=at,
        published_by=by,
        rule_set=knowledge.rule_set.name,
        payload=put_asset(body=body, media_type="application/json", at=at, quality=SWIFT),
        codes="|".join(" ".join(row["code"] for row in layers[kind]) for kind in LAYERS),
        cells=pack_cells(layers),
        previous_hash=last.hash if last else GENESIS,
    )
    edition.hash = hash_of(edition)
    return edition


def pack_cells(layers: dict[str, list[dict[str, object]]]) -> bytes:
    """A byte ``level | provisional << 3 | decided << 4 | unapproved << 5`` for each unit of an edition's
    layers, 0 where it has no level."""
    return bytes(
        LEVEL_KEYS.index(row["level"])
        | row["provisional"] << 3
        | row.get("decided", False) * DECIDED_CELL
        | row.get("unapproved", False) * UNAPPROVED
        if row["level"] != "no_data"
        else 0
        for kind in LAYERS
        for row in layers[kind]
    )


def must_be_approved(province: Area) -> bool:
    """Whether the province's editions say which numbers nobody had accepted."""
    return (ProvincePolicy.objects.filter(province=province).first() or ProvincePolicy()).approval


def unapproved_communes(knowledge: Knowledge, day: date) -> frozenset[int]:
    """The communes (ids) whose level of the day rests on a number that was not accepted at the instant.

    It rests on the numbers of every day of the rule set's window.
    """
    first = day - timedelta(days=knowledge.rule_set.window_days - 1)
    return frozenset(
        unapproved_at(province=knowledge.province, first=first, last=day, instant=knowledge.instant)
    )


def _layers(
    knowledge: Knowledge, day: date, unapproved: Collection[int]
) -> dict[str, list[dict[str, object]]]:
    """Every unit of the province that exists on the day, by layer and in Vietnamese order."""
    areas, assessed = knowledge.areas, knowledge.assessed
    column, ordinal = knowledge.column_of(day), day.toordinal()
    exists = areas.own & (areas.valid_from <= ordinal) & (areas.valid_to >= ordinal)
    layers = {}
    for kind in LAYERS:
        rows = (exists & (areas.tier == scale.TIER_KEYS.index(kind))).nonzero()[0]
        row_of = dict(zip(areas.ids[rows].tolist(), rows.tolist(), strict=True))
        units = Area.objects.filter(pk__in=row_of).in_vietnamese_order().values_list("pk", "code", "name")
        layers[str(kind)] = [
            {
                "code": code,
                "name": name,
                "level": LEVEL_KEYS[assessed.level[row_of[pk], column]],
                "provisional": bool(assessed.provisional[row_of[pk], column]),
                "criteria": list(knowledge.rule_set.ids_of(int(assessed.met[row_of[pk], column]))),
            }
            | ({"decided": True} if assessed.met[row_of[pk], column] >> scale.DECIDED_BIT else {})
            | ({"unapproved": True} if pk in unapproved and assessed.level[row_of[pk], column] else {})
            for pk, code, name in units
        ]
    return layers


def _instant(moment: datetime) -> str:
    """An instant to the microsecond, in local time with its offset: the same text for the same instant."""
    return timezone.localtime(moment).isoformat(timespec="microseconds")


def hash_of(edition: MapEdition) -> str:
    """SHA-256 of what makes the edition what it is: hexadecimal. ``edition_continues_the_chain`` in the
    database works out the same."""
    return hashlib.sha256("\n".join(hashed_facts(edition)).encode()).hexdigest()


def hashed_facts(edition: MapEdition) -> tuple[str, ...]:
    """What is hashed, line by line; the hash before comes first."""
    return (
        edition.previous_hash,
        edition.province.code,
        str(edition.number),
        edition.day.isoformat(),
        _microseconds(edition.cut_off),
        _microseconds(edition.published_at),
        str(edition.published_by_id),
        edition.rule_set,
        edition.payload_id,
        edition.codes,
        bytes(edition.cells).hex(),
    )


def _microseconds(moment: datetime) -> str:
    return str((moment - _EPOCH) // timedelta(microseconds=1))


def _draw(edition: MapEdition, *, at: datetime):
    """The frames of every published day of the edition's province, this one included."""
    first = (
        MapEdition.objects.filter(province=edition.province_id)
        .order_by("day")
        .values_list("day", flat=True)[0]
    )
    matrices = published_matrices(province=edition.province, first=first, last=edition.day)
    body = as_frames(
        matrices,
        province=edition.province.code,
        first=first,
        last=edition.day,
        rule_set=edition.rule_set,
        version=edition.number,
    )
    return put_asset(body=body, media_type="application/json", at=at)


def due_cut_offs(*, province: Area, at: datetime) -> list[datetime]:
    """Cut-offs that have come and have no edition, oldest first; none while the province is silent."""
    policy = ProvincePolicy.objects.filter(province=province).first() or ProvincePolicy()
    assessment = Assessment.objects.filter(province=province).first()
    if policy.publish_at is None or assessment is None:
        return []
    now = timezone.localtime(at)
    newest = MapEdition.objects.filter(province=province).aggregate(cut_off=Max("cut_off"))["cut_off"]
    begin = now.date() - timedelta(days=CATCH_UP_DAYS) if newest else now.date()
    last = min(now.date(), assessment.last_reported_day + timedelta(days=LIVE_DAYS))
    days = (begin + timedelta(days=n) for n in range((last - begin).days + 1))
    cut_offs = [datetime.combine(day, policy.publish_at, now.tzinfo) for day in days]
    return [each for each in cut_offs if each <= now and (newest is None or each > newest)]


def is_late(*, province: Area, at: datetime) -> datetime | None:
    """The cut-off whose edition is more than an hour overdue, if there is one."""
    return next((each for each in due_cut_offs(province=province, at=at) if at - each > LATE_AFTER), None)
