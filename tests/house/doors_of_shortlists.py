"""The doors of shortlists and of the law of awards; see ``test_doors``."""

from django.utils import timezone

from awards.models import Candidate, Shortlist
from awards.shortlists import make_shortlist
from campaign.models import ScoringRule
from core.access import Permission
from core.models import Area
from core.people import system_user
from riskmap.levels import reassess
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_unit
from tests.house.door import Door
from tests.house.places import Place
from tests.riskmap.province import AT, day

VIEW, REVIEW = Permission.VIEW_WORKING, Permission.REVIEW_DOSSIERS


def _shortlist(place: Place) -> Shortlist:
    """The re-check of a phase of the province, in which the place's communes compete."""
    slug = f"xet-{place.province.code}"
    campaign = place.province.campaigns.filter(slug=slug).first()
    if campaign is None:
        campaign = make_campaign(province=place.province, slug=slug, registration_required=False)
        make_phase(campaign, first_day=day(0), last_day=day(5))
        make_group(campaign, "commune")
        ScoringRule.objects.create(
            campaign=campaign,
            code="r1",
            place=1,
            fact="days_green",
            role="order",
            wording="x",
            set_by="office",
        )
    phase = campaign.phases.get()
    if not phase.shortlists.exists():
        for area in Area.objects.under(place.province).of_kind("commune"):
            if not area.units.filter(kind="commune").exists():
                make_unit(area)
        reassess(provinces=[place.province], on=day(6), at=AT)
        make_shortlist(phase=phase, stage="end", by=system_user(), at=timezone.now())
    return phase.shortlists.get()


def shortlist_of(place: Place) -> str:
    """Its page; what was decided of the green communes of the district is for those who work there."""
    shortlist = _shortlist(place)
    for area in place.district.children.exclude(pk=place.commune.pk):
        Candidate.objects.get_or_create(
            shortlist=shortlist, unit=area.units.get(kind="commune"),
            defaults={"decision": "withdrawn", "reason": place.said or "lý do", "decided_at": AT,
                      "decided_by": place.clerk, "confirmed_at": AT, "confirmed_by": system_user()},
        )  # fmt: skip
    return f"/shortlists/{shortlist.pk}"


def _candidate(place: Place) -> str:
    address = shortlist_of(place)
    decided = Candidate.objects.filter(unit__seat__parent=place.district).first()
    return f"{address}/candidates/{decided.unit_id}/"


def _posted(act: str) -> Door:
    return Door(
        lambda place: f"{shortlist_of(place)}/{act}/", REVIEW, of_area=True, of_province=True, reads=405,
        writes=302,
    )  # fmt: skip


DOORS_OF_SHORTLISTS = {
    "awards/law/<slug:name>/": Door(lambda place: "/awards/law/nd_91_2017/"),
    "shortlists/": Door(lambda place: "/shortlists/", VIEW),
    # Without a phase there is nothing to make a list of.
    "shortlists/make/": Door(lambda place: "/shortlists/make/", REVIEW, reads=405, writes=404),
    "shortlists/<int:pk>/": Door(lambda place: f"{shortlist_of(place)}/", VIEW, of_area=True),
    "shortlists/<int:pk>/list.xlsx": Door(
        lambda place: f"{shortlist_of(place)}/list.xlsx", VIEW, of_area=True
    ),
    "shortlists/<int:pk>/keep/": _posted("keep"),
    "shortlists/<int:pk>/confirm/": _posted("confirm"),
    "shortlists/<int:pk>/candidates/<int:unit_id>/": Door(
        _candidate, REVIEW, of_area=True, of_province=True, writes=200
    ),
    "api/v1/shortlists/": Door(lambda place: "/api/v1/shortlists/", VIEW, of_api=True),
    "api/v1/shortlists/<str:number>/": Door(
        lambda place: f"/api/v1{shortlist_of(place)}/", VIEW, of_area=True, of_api=True
    ),
}
