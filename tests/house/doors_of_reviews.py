"""The doors of the review: for Sở Nội vụ alone; see ``test_doors``."""

from awards.models import Dossier
from core.access import Permission
from tests.awards.dossiers import make_dossier, make_nominee, make_version
from tests.awards.reviews import make_criterion, make_score, make_tick
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_unit
from tests.house.door import Door
from tests.house.places import Place
from tests.riskmap.province import AT

REVIEW = Permission.REVIEW_DOSSIERS


def review_of(place: Place) -> Dossier:
    """A dossier of the district that is being reviewed, with what a reviewer wrote of it."""
    slug = f"tham-dinh-{place.province.code}"
    there = Dossier.objects.filter(area=place.district, phase__campaign__slug=slug).first()
    if there:
        return there
    campaign = place.province.campaigns.filter(slug=slug).first()
    campaign = campaign or make_campaign(province=place.province, slug=slug)
    phase = campaign.phases.first() or make_phase(
        campaign, dossier_deadline=AT, deadline_wording="trước hạn", deadline_set_by="plan"
    )
    dossier = make_dossier(place.district, phase, status="in_review")
    nominee = make_nominee(dossier, make_unit(place.district, "agency"))
    make_tick(nominee, reason=place.said)
    criterion = phase.criteria.first() or make_criterion(phase)
    make_score(nominee, criterion, note=place.said)
    words = {"number": "1", "dated": "1", "body": place.said, "signer": "", "signer_post": ""}
    content = {"submission": {"words": words, "file": None}, "nominees": [], "attachments": []}
    make_version(dossier, received_at=AT.replace(year=2020), deadline=AT, content=content)
    return dossier


def _at(place: Place, rest: str = "") -> str:
    return f"/review/{review_of(place).pk}/{rest}"


def _of_nominee(act: str) -> Door:
    return Door(
        lambda place: _at(place, f"nominees/{review_of(place).nominees.get().pk}/{act}/"),
        REVIEW,
        of_area=True,
        of_province=True,
        reads=405,
        writes=200,
    )


def _of_phase(rest: str, **said) -> Door:
    return Door(
        lambda place: f"/review/phases/{review_of(place).phase_id}/{rest}",
        REVIEW,
        of_area=True,
        of_province=True,
        **said,
    )


DOORS_OF_REVIEWS = {
    "review/": Door(lambda place: "/review/", REVIEW),
    "review/near/": Door(lambda place: "/review/near/", REVIEW),
    "review/<int:pk>/": Door(_at, REVIEW, of_area=True, of_province=True),
    "review/<int:pk>/steps/": Door(
        lambda place: _at(place, "steps/"), REVIEW, of_area=True, of_province=True, reads=405, writes=302
    ),
    "review/<int:pk>/nominees/<int:nominee_id>/tick/": _of_nominee("tick"),
    "review/<int:pk>/nominees/<int:nominee_id>/flag/": _of_nominee("flag"),
    "review/<int:pk>/nominees/<int:nominee_id>/verdict/": _of_nominee("verdict"),
    "review/<int:pk>/nominees/<int:nominee_id>/score/": Door(
        lambda place: _at(place, f"nominees/{review_of(place).nominees.get().pk}/score/"),
        REVIEW,
        of_area=True,
        of_province=True,
        writes=200,
    ),
    "review/phases/<int:phase_id>/criteria/": _of_phase("criteria/", writes=200),
    "review/phases/<int:phase_id>/scores/": _of_phase("scores/"),
    "review/phases/<int:phase_id>/scores/next/": _of_phase("scores/next/", reads=302),
    "review/phases/<int:phase_id>/scores.xlsx": _of_phase("scores.xlsx"),
}
