"""What a dossier says, as plain values that JSON holds: frozen when it is handed in, a draft before.

Everything that its papers need stands in it, so that a paper of a version is the same whenever it is printed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from awards.dossier_papers import law_of, proposed
from awards.enums import ItemKind
from awards.evidence import evidence_of_all
from awards.models import Dossier, DossierItem, DossierVersion, Nominee
from awards.proposal_content import phase_content
from campaign.models import Unit
from campaign.paper.offices import addressee_of, issuer_of, office_of, place_of, signature_of
from core.letters import Issuer
from core.models import Area, StoredFile

FORMAT = 2  # 1 named no offices; see ``content_of_version``


def content_of(dossier: Dossier, *, items: list[DossierItem], at: datetime) -> dict[str, Any]:
    """What is written and what the portal knows, at an instant; ``items`` with their files and nominees."""
    phase, nominees = dossier.phase, proposed(dossier)
    with override("vi"):  # what is frozen is Vietnamese, whatever language the page was in
        evidence = evidence_of_all(phase=phase, nominees=nominees, at=at)
    return {
        "format": FORMAT,
        "campaign": phase.campaign.slug,
        "law": phase.campaign.award_law,
        "phase": {"code": phase.code, "name": phase.name},
        "about": phase_content(phase),
        "area": _area(dossier.area),
        "through": min(phase.last_day, timezone.localdate(at)).isoformat(),
        "submission": _item(_of(items, ItemKind.SUBMISSION)),
        "nominees": [_nominee(dossier, each, items, evidence[each.pk]) for each in nominees],
        "attachments": [_item(item) for item in items if item.kind == ItemKind.ATTACHMENT],
    }


def content_of_version(version: DossierVersion) -> dict[str, Any]:
    """What was handed in, with its receipt. Offices that an older program did not freeze are as of now."""
    content, dossier = version.content, version.dossier
    if content.get("format", 1) < FORMAT:
        units = {each.pk: _unit(each.unit) for each in dossier.nominees.select_related("unit__seat__parent")}
        content = content | {
            "about": phase_content(dossier.phase),
            "area": _area(dossier.area),
            "submission": content.get("submission"),
            "nominees": [
                each | {"unit": units[each["id"]] | each["unit"]} for each in content.get("nominees", ())
            ],
        }
    return content | {
        "received_at": version.received_at.isoformat(),
        "number": version.number,
        "receipt": version.receipt,
        "sha256": version.sha256,
    }


def items_of(dossier: Dossier) -> list[DossierItem]:
    """The papers as they are written, without the bytes of their files."""
    return list(dossier.items.select_related("file", "nominee").defer("file__content").order_by("pk"))


def _area(area: Area) -> dict[str, Any]:
    return {
        "code": area.code,
        "name": area.name,
        "called": addressee_of(area),  # the office, within a sentence
        "place": place_of(area),
        "office": _office(office_of(area)),
    }


def _unit(unit: Unit) -> dict[str, Any]:
    head = signature_of(unit, name=unit.head, post=unit.head_post)
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "place": place_of(unit.seat),
        "seat": unit.seat.name,
        "office": _office(issuer_of(unit)),
        "head": {"capacity": list(head.capacity), "name": head.name},
    }


def _office(issuer: Issuer) -> dict[str, list[str]]:
    return {"name": list(issuer.name), "superior": list(issuer.superior)}


def _of(items: list[DossierItem], kind: ItemKind, nominee: Nominee | None = None) -> DossierItem | None:
    pk = nominee and nominee.pk
    return next((item for item in items if item.kind == kind and item.nominee_id == pk), None)


def _item(item: DossierItem | None) -> dict[str, Any] | None:
    return item and {"form": item.form, "words": item.words, "file": _file(item.file)}


def _file(file: StoredFile | None) -> dict[str, Any] | None:
    return file and {"name": file.name, "size": file.size, "sha256": file.sha256, "token": file.token}


def _nominee(
    dossier: Dossier, nominee: Nominee, items: list[DossierItem], evidence: dict[str, Any]
) -> dict[str, Any]:
    kind = law_of(dossier).kind(nominee.kind)
    award = {"name": kind.name, "recipient": str(kind.recipient)} if kind else {}
    return {
        "id": nominee.pk,
        "place": nominee.place,
        "kind": {"code": nominee.kind, "name": nominee.kind, "recipient": ""} | award,
        "unit": _unit(nominee.unit),
        "person": nominee.person,
        "person_post": nominee.person_post,
        "deeds": nominee.deeds,
        "summary": _item(_of(items, ItemKind.SUMMARY, nominee)),
        "evidence": evidence,
    }
