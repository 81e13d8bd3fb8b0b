"""Proof of the editions: each is what was frozen, and none is missing from the chain."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from core.models import Area
from riskmap.as_of import known_at
from riskmap.editions import GENESIS, UNAPPROVED, hash_of, pack_cells, unapproved_communes
from riskmap.models import MapEdition, PublishedMap


@dataclass(slots=True)
class Proof:
    """How many editions were read, what is wrong with them, and where the ledger now answers otherwise."""

    editions: int = 0
    faults: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)


def verify_editions(*, province: str = "", replay: bool = False) -> Proof:
    """Read every edition (of one province's code) and work out its hashes again.

    With ``replay`` the levels of each cut-off are found again from the ledger as well; where units, borders
    or parameters were changed since, they may rightly differ, and are only reported.
    """
    proof = Proof()
    editions = MapEdition.objects.select_related("province", "payload").order_by("province_id", "number")
    if province:
        editions = editions.filter(province__code=province)
    last: MapEdition | None = None
    for edition in editions.iterator(chunk_size=50):
        if last is None or last.province_id != edition.province_id:
            last = None
        proof.editions += 1
        name = f"{edition.province.code} số {edition.number}"
        proof.faults += [f"{name}: {fault}" for fault in _faults(edition, last)]
        if replay and not _replays(edition):
            proof.differing.append(name)
        last = edition
    last_ones = editions.order_by("province_id", "-number").distinct("province_id")
    newest = dict(last_ones.values_list("province", "pk"))
    for pointer in PublishedMap.objects.filter(province__in=newest):
        if pointer.edition_id != newest[pointer.province_id]:
            proof.faults.append(f"{pointer.province}: bản đồ đang hiện không phải bản công bố mới nhất")
    return proof


def _faults(edition: MapEdition, last: MapEdition | None) -> list[str]:
    faults = []
    if edition.number != (last.number if last else 0) + 1:
        faults.append("số công bố không liền nhau")
    if edition.previous_hash != (last.hash if last else GENESIS):
        faults.append("không nối với bản trước")
    if edition.hash != hash_of(edition):
        faults.append("mã băm không khớp với bản ghi")
    body = bytes(edition.payload.body)
    if hashlib.sha256(body).hexdigest() != edition.payload_id:
        faults.append("nội dung không khớp với mã băm của nó")
    elif pack_cells(json.loads(body)["layers"]) != bytes(edition.cells):
        faults.append("mức độ trên bản đồ không khớp với nội dung")
    return faults


def _replays(edition: MapEdition) -> bool:
    knowledge = known_at(province=edition.province, instant=edition.cut_off)
    if knowledge is None:
        return False
    areas = knowledge.areas
    cell_of = dict(
        zip(areas.ids.tolist(), knowledge.cells()[:, knowledge.column_of(edition.day)], strict=True)
    )
    codes = edition.codes.replace("|", " ").split()
    # Only an edition that spoke of approval is compared in it: the province's policy may have changed since.
    speaks = json.loads(bytes(edition.payload.body)).get("approval", False)
    unapproved = unapproved_communes(knowledge, edition.day) if speaks else frozenset()
    own = Area.objects.filter(pk__in=areas.ids[areas.own].tolist(), code__in=codes)
    replayed = {
        code: int(cell_of[pk]) | (UNAPPROVED if pk in unapproved and cell_of[pk] else 0)
        for code, pk in own.values_list("code", "pk")
    }
    return all(replayed.get(code) == cell for code, cell in zip(codes, bytes(edition.cells), strict=True))
