"""The doors of dossiers: those of a district are for its own people and Sở Nội vụ; see ``test_doors``."""

from awards.models import Dossier, DossierItem, Nominee
from core.access import Permission
from tests.awards.dossiers import make_document, make_dossier, make_item, make_nominee, make_version
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_unit
from tests.house.door import Door
from tests.house.places import Place
from tests.riskmap.province import AT

PREPARE, SUBMIT = Permission.PREPARE_DOSSIERS, Permission.SUBMIT_DOSSIERS
EMPTY_EVIDENCE = {"strip": [], "standing": None, "edition": None}


def dossier_of(place: Place) -> Dossier:
    """The dossier of the district, with a person, words, a file and a version that are for nobody else."""
    slug = f"khen-{place.province.code}"
    there = Dossier.objects.filter(area=place.district, phase__campaign__slug=slug).first()
    if there:
        return there
    place.campaign  # noqa: B018  (the province's first campaign is the one that goes on)
    campaign = place.province.campaigns.filter(slug=slug).first()
    campaign = campaign or make_campaign(province=place.province, slug=slug)
    phase = campaign.phases.first() or make_phase(
        campaign, dossier_deadline=AT, deadline_wording="trước hạn", deadline_set_by="plan"
    )
    dossier = make_dossier(place.district, phase)
    unit = make_unit(place.district, "agency")
    person = {"kind": "bang-khen-tinh-ca-nhan", "person": place.said, "person_post": place.said}
    make_nominee(dossier, unit, **person, deeds=place.said) if place.said else make_nominee(dossier, unit)
    make_item(dossier, words={"body": place.said}, saved_at=AT, saved_by=place.clerk)
    file = make_document(place.district)
    make_item(dossier, kind="attachment", words={"title": place.said}, file=file)
    words = {"number": "1", "dated": "1", "body": place.said, "signer": "", "signer_post": ""}
    make_version(
        dossier,
        deadline=AT,
        content={"submission": {"words": words, "file": None}, "nominees": [], "attachments": []}
        | {"received_by": place.said, "deadline": AT.isoformat()},
    )
    return dossier


def _nominee(place: Place) -> Nominee:
    return dossier_of(place).nominees.get()


def _attachment(place: Place) -> DossierItem:
    return dossier_of(place).items.get(kind="attachment")


def _at(place: Place, rest: str = "") -> str:
    return f"{dossier_of(place).get_absolute_url()}{rest}"


DOORS_OF_DOSSIERS = {
    "dossiers/": Door(lambda place: "/dossiers/", PREPARE),
    "dossiers/open/": Door(lambda place: "/dossiers/open/", PREPARE, reads=405, writes=302),
    "dossiers/<int:pk>/": Door(_at, PREPARE, of_area=True),
    "dossiers/<int:pk>/check/": Door(lambda place: _at(place, "check/"), PREPARE, of_area=True),
    "dossiers/<int:pk>/submit/": Door(
        lambda place: _at(place, "submit/"), SUBMIT, of_area=True, reads=405, writes=200
    ),
    "dossiers/<int:pk>/steps/": Door(
        lambda place: _at(place, "steps/"), SUBMIT, of_area=True, reads=405, writes=200
    ),
    "dossiers/<int:pk>/versions/<int:number>/": Door(
        lambda place: _at(place, "versions/1/"), PREPARE, of_area=True
    ),
    "dossiers/<int:pk>/reads/": Door(lambda place: _at(place, "reads/"), SUBMIT, of_area=True),
    "dossiers/<int:pk>/versions/<int:number>/receipt.<str:fmt>": Door(
        lambda place: _at(place, "versions/1/receipt.docx"), PREPARE, of_area=True
    ),
    "dossiers/<int:pk>/versions/<int:number>/<slug:key>.<str:fmt>": Door(
        lambda place: _at(place, "versions/1/submission.docx"), PREPARE, of_area=True
    ),
    "dossiers/<int:pk>/draft/<slug:key>.<str:fmt>": Door(
        lambda place: _at(place, "draft/submission.docx"), PREPARE, of_area=True
    ),
    "dossiers/<int:pk>/versions/<int:number>/changes/": Door(
        lambda place: _at(place, "versions/1/changes/"), PREPARE, of_area=True
    ),
    "dossiers/<int:pk>/nominees/new/": Door(
        lambda place: _at(place, "nominees/new/"), PREPARE, of_area=True, writes=200
    ),
    "dossiers/<int:pk>/nominees/<int:nominee_id>/": Door(
        lambda place: _at(place, f"nominees/{_nominee(place).pk}/"), PREPARE, of_area=True, writes=200
    ),
    "dossiers/<int:pk>/nominees/<int:nominee_id>/drop/": Door(
        lambda place: _at(place, f"nominees/{_nominee(place).pk}/drop/"),
        PREPARE,
        of_area=True,
        reads=405,
        writes=302,
    ),
    "dossiers/<int:pk>/papers/<slug:key>/": Door(
        lambda place: _at(place, "papers/submission/"), PREPARE, of_area=True, writes=200
    ),
    "dossiers/<int:pk>/papers/<slug:key>/save/": Door(
        lambda place: _at(place, "papers/submission/save/"), PREPARE, of_area=True, reads=405, writes=400
    ),
    "dossiers/<int:pk>/attachments/new/": Door(
        lambda place: _at(place, "attachments/new/"), PREPARE, of_area=True, writes=200
    ),
    "dossiers/<int:pk>/attachments/<int:item_id>/drop/": Door(
        lambda place: _at(place, f"attachments/{_attachment(place).pk}/drop/"),
        PREPARE,
        of_area=True,
        reads=405,
        writes=302,
    ),
    "api/v1/dossiers/": Door(lambda place: "/api/v1/dossiers/", PREPARE, of_api=True),
    "api/v1/dossiers/<str:number>/": Door(
        lambda place: f"/api/v1{_at(place)}", PREPARE, of_area=True, of_api=True
    ),
    "api/v1/dossiers/<str:number>/versions/": Door(
        lambda place: f"/api/v1{_at(place, 'versions/')}",
        SUBMIT,
        of_area=True,
        of_api=True,
        reads=405,
        writes=409,
    ),
    "permits/": Door(lambda place: "/permits/", Permission.ISSUE_PERMITS, writes=200),
}
