"""The doors of opinions, lists for the chairman, decisions and the register; see ``test_doors``."""

from datetime import date

from awards.decisions import Signed, Verdict, enter_decision
from awards.models import Decision, Dossier, OpinionRequest, Proposal
from awards.proposals import approve_proposal, prepare_proposal, send_proposal
from core.access import Permission
from tests.awards.decisions import make_opinion, make_request
from tests.awards.dossiers import PERSON, make_dossier, make_nominee
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_unit
from tests.factories import UserFactory
from tests.house.door import Door
from tests.house.places import Place
from tests.riskmap.province import AT

REVIEW, OPINE, DECIDE = (
    Permission.REVIEW_DOSSIERS,
    Permission.GIVE_OPINIONS,
    Permission.ENTER_DECISIONS,
)


def dossier_of_list(place: Place) -> Dossier:
    """A reviewed dossier of the district: a person for each list, who did what the place says."""
    slug = f"quyet-dinh-{place.province.code}"
    there = Dossier.objects.filter(area=place.district, phase__campaign__slug=slug).first()
    if there:
        return there
    campaign = place.province.campaigns.filter(slug=slug).first()
    campaign = campaign or make_campaign(province=place.province, slug=slug)
    phase = campaign.phases.first() or make_phase(campaign)
    dossier, unit = (
        make_dossier(place.district, phase, status="reviewed"),
        make_unit(place.district, "agency"),
    )
    for name in ("Một", "Hai", "Ba"):
        make_nominee(
            dossier, unit, kind=PERSON, person=f"Nguyễn {name}", person_post="Y tá", deeds=place.said,
            status="passed", search_text=f"nguyen {name}",
        )  # fmt: skip
    return dossier


def _request(place: Place) -> OpinionRequest:
    dossier = dossier_of_list(place)
    there = OpinionRequest.objects.filter(phase=dossier.phase).first()
    if there is None:
        there = make_request(dossier.phase, note=place.said)
        make_opinion(dossier.nominees.first(), there)
    return there


def list_of(place: Place, status: str) -> Proposal:
    """A list of the place as a draft, sent or decided, which says what is for nobody else."""
    dossier = dossier_of_list(place)
    there = Proposal.objects.filter(phase=dossier.phase, status=status).first()
    if there:
        return there
    nominee = list(dossier.nominees.order_by("place"))[("draft", "sent", "decided").index(status)]
    known = {"by": UserFactory(), "at": AT}
    made = prepare_proposal(phase=dossier.phase, nominees=[nominee.pk], reasons={}, note=place.said, **known)
    if status == "draft":
        return made
    approve_proposal(proposal=made, version=1, by=UserFactory(), at=AT)
    send_proposal(proposal=made, number=f"{made.pk}/TTr", version=2, **known)
    if status == "decided":
        signed = Signed(f"{made.pk}/QĐ", date(2021, 1, 4), "Lê Văn Mười", "Chủ tịch")
        enter_decision(
            proposal=made, signed=signed, verdicts={nominee.pk: Verdict(True)}, version=3,
            by=UserFactory(), at=AT,
        )  # fmt: skip
    made.refresh_from_db()
    return made


def decision_of_place(place: Place) -> Decision:
    return list_of(place, "decided").decisions.get()


def _of(permission: Permission, address, **answers) -> Door:
    return Door(address, permission, of_area=True, of_province=True, **answers)


DOORS_OF_DECISIONS = {
    "awards/": Door(lambda place: "/awards/"),
    "awards/register.xlsx": Door(lambda place: "/awards/register.xlsx"),
    "awards/certificate/": Door(lambda place: "/awards/certificate/"),
    "awards/decisions/<int:pk>/": Door(lambda place: f"/awards/decisions/{decision_of_place(place).pk}/"),
    "api/v1/awards/": Door(lambda place: "/api/v1/awards/"),
    "api/v1/awards/decisions/": Door(lambda place: "/api/v1/awards/decisions/"),
    "api/v1/awards/decisions/<str:number>/": Door(
        lambda place: f"/api/v1/awards/decisions/{decision_of_place(place).pk}/"
    ),
    "opinions/": Door(lambda place: "/opinions/", OPINE),
    "opinions/<int:pk>/": _of(OPINE, lambda place: f"/opinions/{_request(place).pk}/", writes=200),
    "opinions/<int:pk>/answer/": _of(
        OPINE, lambda place: f"/opinions/{_request(place).pk}/answer/", reads=405, writes=200
    ),
    "opinions/asked/": Door(lambda place: "/opinions/asked/", REVIEW),
    "opinions/asked/<int:pk>/": _of(REVIEW, lambda place: f"/opinions/asked/{_request(place).pk}/"),
    "opinions/asked/<int:pk>/slip.<str:fmt>": _of(
        REVIEW, lambda place: f"/opinions/asked/{_request(place).pk}/slip.docx"
    ),
    "opinions/ask/<int:phase_id>/": _of(
        REVIEW, lambda place: f"/opinions/ask/{dossier_of_list(place).phase_id}/", writes=200
    ),
    "proposals/": Door(lambda place: "/proposals/", REVIEW),
    "proposals/new/<int:phase_id>/": _of(
        REVIEW, lambda place: f"/proposals/new/{dossier_of_list(place).phase_id}/", writes=200
    ),
    "proposals/<int:pk>/": _of(REVIEW, lambda place: f"/proposals/{list_of(place, 'draft').pk}/"),
    "proposals/<int:pk>/edit/": _of(
        REVIEW, lambda place: f"/proposals/{list_of(place, 'draft').pk}/edit/", writes=200
    ),
    "proposals/<int:pk>/steps/": _of(
        REVIEW, lambda place: f"/proposals/{list_of(place, 'draft').pk}/steps/", reads=405, writes=302
    ),
    "proposals/<int:pk>/proposal.<str:fmt>": _of(
        REVIEW, lambda place: f"/proposals/{list_of(place, 'draft').pk}/proposal.docx"
    ),
    "proposals/<int:pk>/list.xlsx": _of(
        REVIEW, lambda place: f"/proposals/{list_of(place, 'draft').pk}/list.xlsx"
    ),
    "proposals/received/": Door(lambda place: "/proposals/received/", DECIDE),
    "proposals/received/<int:pk>/": _of(
        DECIDE, lambda place: f"/proposals/received/{list_of(place, 'sent').pk}/", writes=200
    ),
    "proposals/received/<int:pk>/return/": _of(
        DECIDE,
        lambda place: f"/proposals/received/{list_of(place, 'sent').pk}/return/",
        reads=405,
        writes=200,
    ),
    "proposals/received/<int:pk>/draft.<str:fmt>": _of(
        DECIDE, lambda place: f"/proposals/received/{list_of(place, 'sent').pk}/draft.docx"
    ),
    "proposals/decisions/<int:pk>/correct/": _of(
        DECIDE, lambda place: f"/proposals/decisions/{decision_of_place(place).pk}/correct/", writes=200
    ),
    "proposals/decisions/<int:pk>/<slug:paper>.<str:fmt>": _of(
        DECIDE, lambda place: f"/proposals/decisions/{decision_of_place(place).pk}/notice.docx"
    ),
}
