"""Dossiers for tests, laid down as the tables want them."""

import secrets
from datetime import UTC, datetime, timedelta

from awards.models import Dossier, DossierItem, DossierStep, DossierVersion, LatePermit, Nominee
from campaign.models import Phase, Unit
from core.models import Area, StoredFile
from core.people import system_user
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_unit
from tests.factories import CommuneFactory, UserFactory

AT = datetime(2021, 9, 1, 1, tzinfo=UTC)
DEADLINE = datetime(2021, 9, 7, 17, tzinfo=UTC)  # before 08/9 in Vietnam
COLLECTIVE, PERSON = "bang-khen-tinh-tap-the", "bang-khen-tinh-ca-nhan"


def make_dossier(area: Area | None = None, phase: Phase | None = None, **said) -> Dossier:
    """A draft of a district, of a province and phase of its own unless told."""
    area = area or CommuneFactory().parent
    phase = phase or make_phase(
        make_campaign(province=area.parent or area),
        dossier_deadline=DEADLINE,
        deadline_set_by="plan",
        deadline_wording="trước ngày 08/9/2021",
    )
    return Dossier.objects.create(
        phase=phase, area=area, **{"opened_at": AT, "opened_by": system_user()} | said
    )


def make_nominee(dossier: Dossier, unit: Unit | None = None, **said) -> Nominee:
    """A collective: the district's own unit unless told."""
    unit = unit or make_unit(dossier.area)
    usual = {"place": dossier.nominees.count() + 1, "kind": COLLECTIVE, "search_text": unit.search_text}
    return Nominee.objects.create(
        dossier=dossier, unit=unit, **usual | {"added_at": AT, "added_by": system_user()} | said
    )


def make_item(dossier: Dossier, **said) -> DossierItem:
    return DossierItem.objects.create(dossier=dossier, **{"kind": "submission"} | said)


def make_permit(dossier: Dossier, **said) -> LatePermit:
    usual = {"reason": "Đường sạt lở.", "expires_at": AT + timedelta(days=30), "issued_at": AT}
    return LatePermit.objects.create(
        phase=dossier.phase, area=dossier.area, **usual | {"issued_by": system_user()} | said
    )


def make_version(dossier: Dossier, **said) -> DossierVersion:
    usual = {"number": 1, "received_at": AT, "received_by": system_user(), "deadline": DEADLINE}
    usual |= {"content": {}, "sha256": "0" * 64, "receipt": f"R{DossierVersion.objects.count():07d}"}
    return DossierVersion.objects.create(dossier=dossier, **usual | said)


def make_step(dossier: Dossier, **said) -> DossierStep:
    usual = {"act": "open", "after": "draft", "taken_at": AT}
    if "taken_by" not in said:  # a stranger: nobody reviews what they opened
        usual["taken_by"] = UserFactory()
    return DossierStep.objects.create(dossier=dossier, **usual | said)


def make_document(area: Area) -> StoredFile:
    return StoredFile.objects.create(
        token=secrets.token_hex(16), area=area, kind="document", name="to-trinh.pdf", size=4, sha256="1" * 64,
        content_type="application/pdf", content=b"%PDF", uploaded_at=AT, uploaded_by=system_user(),
    )  # fmt: skip


SUBMISSION = {
    "number": "25/TTr-UBND",
    "dated": "05/9/2021",
    "body": "Đề nghị khen thưởng.",
    "signer": "Lê Văn Chín",
    "signer_post": "Chủ tịch",
}
SUMMARY = {
    "situation": "Địa bàn miền núi.",
    "deeds": "Giữ vững vùng xanh.",
    "confirmer": "Lê Văn Chín",
    "confirmer_post": "Chủ tịch",
}


def make_ready(dossier: Dossier | None = None) -> Dossier:
    """A dossier in which nothing is lacking: one collective, its summary, the signed submission."""
    dossier = dossier or make_dossier()
    nominee = make_nominee(dossier)
    saved = {"saved_at": AT, "saved_by": system_user()}
    make_item(dossier, words=SUBMISSION, file=make_document(dossier.area), **saved)
    make_item(dossier, kind="summary", form="06", nominee=nominee, words=SUMMARY, **saved)
    return dossier
