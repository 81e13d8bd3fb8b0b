"""Shortlists as bytes: the same content gives the same bytes and hash, and the bytes give the list back.

A body is JSON with sorted keys and no spaces, then gzip. It holds what the standings do not: who is eligible,
how firm the ranks are, what was flagged and when colours changed. The facts are those of the standings, which
are never changed and whose hashes the body names, so that its own hash covers them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import date
from typing import Any

from awards.models import Shortlist
from awards.shortlist_table import Flag, FlagRow, ShortlistGroup, ShortlistLine, ShortlistTable, day_of
from campaign.models import Phase, Standing, Unit
from campaign.standing_bodies import unpack
from campaign.standing_table import Line, StandingTable

FORMAT = 1


def pack(
    *,
    phase: Phase,
    stage: str,
    through: date,
    published: Standing | None,
    known: Standing | None,
    content: list[dict],
) -> tuple[bytes, str]:
    """The body to store, and its hash."""
    edition = published.edition if published else None
    written = json.dumps(
        {
            "format": FORMAT,
            "campaign": phase.campaign.slug,
            "phase": phase.code,
            "stage": str(stage),
            "through": through.isoformat(),
            "published": published.hash if published else None,
            "known": known.hash if known else None,
            "edition": edition.hash if edition else None,
            "groups": content,
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()
    return gzip.compress(written, compresslevel=6, mtime=0), hashlib.sha256(written).hexdigest()


def written_in(shortlist: Shortlist) -> bytes:
    """The canonical bytes of a stored shortlist."""
    return gzip.decompress(bytes(shortlist.body))


def table_of(shortlist: Shortlist) -> ShortlistTable:
    """The stored shortlist, with its facts from the standing it went by."""
    phase = shortlist.phase
    ids = dict(Unit.objects.filter(province=phase.campaign.province_id).values_list("code", "pk"))
    standing = unpack(shortlist.known or shortlist.published, unit_ids=ids)
    groups = json.loads(written_in(shortlist))["groups"]
    return ShortlistTable(
        shortlist=shortlist,
        phase=phase,
        groups=tuple(_group(group, standing, phase) for group in groups),
    )


def _group(said: dict[str, Any], standing: StandingTable, phase: Phase) -> ShortlistGroup:
    group = standing.group(said["code"])
    units = {unit.code: (unit, row) for row, unit in enumerate(group.units)}
    chosen = [units[each["code"]][1] for each in said["lines"]]
    lines = [
        _line(each, line, units[line.code][0].seat_path, said, phase)
        for each, line in zip(said["lines"], group.lines(chosen), strict=True)
    ]
    return ShortlistGroup(said["code"], said["kind"], said["name"], tuple(lines))


def _line(said: dict[str, Any], line: Line, seat_path: str, group: dict, phase: Phase) -> ShortlistLine:
    return ShortlistLine(
        unit_id=line.unit_id,
        code=line.code,
        name=line.name,
        seat_code=line.seat_code,
        seat_path=seat_path,
        parent_name=line.parent_name,
        district_code=line.district_code,
        district_name=line.district_name,
        group_code=group["code"],
        group_kind=group["kind"],
        unit_class=said["class"],
        because=tuple(said["because"]),
        rank_published=said["published"] or None,
        rank_known=said["known"] or None,
        ranks=said["ranks"],
        class_without_last_days=said["class_without_last_days"],
        flags=tuple(_flag(flag) for flag in said["flags"]),
        way=tuple((day_of(phase, number), level) for number, level in said["way"]),
        facts=line.facts,
        words=line.words,
        registration_words=line.registration_words,
        rank_words=line.rank_words,
    )


def _flag(said: dict[str, Any]) -> Flag:
    rows = tuple(FlagRow(code, name, date.fromisoformat(day)) for code, name, day in said["rows"])
    return Flag(said["code"], said["count"], said["cases"], rows, shown=said["shown"], known=said["known"])
