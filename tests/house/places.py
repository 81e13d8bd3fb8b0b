"""Places for the tests of who may see what: a province with something of everything going on in it."""

import io
import json
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from campaign.enums import FeedbackKind
from campaign.feedback import receive
from campaign.models import (
    Campaign,
    ConditionAnswer,
    DiaryEntry,
    Feedback,
    FollowUp,
    GreenCondition,
    Registration,
    Unit,
    UnitBatch,
)
from campaign.unit_files import keep_unit_file
from core.assets import put_asset
from core.enums import Role
from core.inbox import send_notices
from core.models import Area, BoundarySet, PublicAsset, User
from core.people import system_user
from riskmap.counts import CountRow, post_counts
from riskmap.decisions import decide_level
from riskmap.declarations import declare_fact
from riskmap.editions import publish
from riskmap.entry_source import entry_source
from riskmap.enums import FactKind, RiskLevel
from riskmap.imports import preview_batch
from riskmap.in_force import COUNT_COLUMNS
from riskmap.levels import reassess
from riskmap.maps import draw_frames
from riskmap.models import (
    CorrectionRequest,
    DeclaredFact,
    ImportBatch,
    LevelOverride,
    LockException,
    SourceToken,
)
from tests.campaign.diaries import make_entry, make_photo
from tests.campaign.inspections import make_follow_up, make_inspection
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_registration, make_unit
from tests.factories import GrantFactory
from tests.riskmap.province import AT, Province, day, make_province

NO_SHAPES = json.dumps(
    {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [],
        "objects": {
            layer: {"type": "GeometryCollection", "geometries": []}
            for layer in ("commune", "district", "province")
        },
    }
).encode()


RUNNING = "dang-ky-"  # how the address of a campaign begins that goes on now


@dataclass(frozen=True)
class Place:
    """A province with published levels, a district and a commune in it, someone with a grant there."""

    province: Area
    district: Area
    commune: Area
    map: PublicAsset
    clerk: User
    fact: DeclaredFact
    decision: LevelOverride
    said: str  # what people wrote there, that is for nobody else

    @property
    def api(self) -> str:
        return f"/api/v1/areas/{self.commune.code}"

    @property
    def file(self) -> str:
        """The pages of a file of the district, which corrects a number: without a reason it goes nowhere."""
        batch = ImportBatch.objects.filter(scope=self.district).first() or _correcting_file(self)
        return f"/imports/{batch.pk}"

    @property
    def edition(self) -> str:
        return f"/api/v1/editions/{self.province.code}/1"

    @property
    def correction(self) -> int:
        return CorrectionRequest.objects.get(area=self.commune).pk

    @property
    def campaign(self) -> str:
        """The pages of the province's campaign, which has one phase, begun long ago."""
        campaign = self.province.campaigns.exclude(slug__startswith=RUNNING).first()
        if campaign is None:
            campaign = make_campaign(province=self.province, slug=f"thi-dua-{self.province.code}")
            make_phase(campaign)
        return f"/campaigns/{campaign.slug}"

    @property
    def follow_up(self) -> FollowUp:
        """What the commune is to put right after an inspection, in the words of the place."""
        there = FollowUp.objects.filter(inspection__unit__seat=self.commune).first()
        return there or _follow_up(self)

    def diary(self, status: str = "draft") -> str:
        """The page of an entry of the commune's diary, with a photo; a public one says nothing secret."""
        entry = DiaryEntry.objects.filter(unit__seat=self.commune, status=status).first()
        return (entry or _written(self, status)).get_absolute_url()

    @property
    def registering(self) -> str:
        """The pages of another campaign of the province, which goes on now and which communes may join."""
        slug = f"{RUNNING}{self.province.code}"
        if not self.province.campaigns.filter(slug=slug).exists():
            campaign, today = make_campaign(province=self.province, slug=slug), timezone.localdate()
            make_phase(campaign, first_day=today, last_day=today + timedelta(days=30))
            make_group(campaign)
        self.registration  # noqa: B018  (the commune is a unit then)
        return f"/campaigns/{slug}"

    @property
    def registration(self) -> str:
        """The pages of what the commune has begun to register there."""
        campaign = self.province.campaigns.filter(slug__startswith=RUNNING).first()
        if campaign is None:
            return self.registering and self.registration
        unit = Unit.objects.filter(seat=self.commune).first() or make_unit(self.commune)
        there = Registration.objects.filter(campaign=campaign, unit=unit).first()
        return f"/registrations/{(there or make_registration(campaign, unit, solutions=self.said)).pk}"

    @property
    def conditions(self) -> str:
        """The pages of what the commune says of the conditions of a green zone, of which there is one."""
        campaign = Campaign.objects.get(slug=self.campaign.rpartition("/")[2])
        unit = Unit.objects.filter(seat=self.commune).areas().first() or make_unit(self.commune)
        if not campaign.green_conditions.exists():
            make_group(campaign, "commune")
            GreenCondition.objects.create(campaign=campaign, code="mot", place=1, wording="Có tổ COVID")
        if not unit.condition_answers.exists():
            ConditionAnswer.objects.create(
                unit=unit, condition=campaign.green_conditions.get(), stage="self", met=True, note=self.said,
                answered_at=AT, answered_by=self.clerk,
            )  # fmt: skip
        return f"{self.campaign}/conditions/{unit.pk}"

    @property
    def feedback(self) -> str:
        """The page of what somebody wrote of the commune."""
        there = Feedback.objects.filter(area=self.commune).first()
        return f"/feedback/{(there or self._written_by_anybody()).pk}"

    def _written_by_anybody(self) -> Feedback:
        kind = FeedbackKind.BREACH
        return receive(
            area=self.commune, kind=kind, text=self.said, happened_on=None, contact=self.said, at=AT
        )

    @property
    def unit(self) -> Unit:
        """An organisation of the commune, whose head and phone are for those who work there."""
        there = Unit.objects.organisations().filter(seat=self.commune).first()
        return there or make_unit(self.commune, "agency", head=self.said, phone=self.said)

    @property
    def unit_file(self) -> str:
        """The pages of a file of units of the district, with a row that cannot be written."""
        batch = UnitBatch.objects.filter(area=self.district).first()
        if batch is None:
            text = f"code;kind;name;seat\n;agency;{self.said};{self.commune.code}\n;;{self.said};"
            name = f"{self.said}.csv"
            file, now = io.BytesIO(text.encode()), timezone.now()
            batch = keep_unit_file(file=file, name=name, area=self.district, by=self.clerk, at=now)
        return f"/units/import/{batch.pk}"

    @property
    def question(self) -> str:
        return f"?province={self.province.code}"


def make_place(code: str) -> Place:
    """A province of its own, published, with work going on in its one district."""
    made = make_province(code, districts={f"{code}1": [f"{code}101", f"{code}102"]})
    made.post({(f"{code}101", 3): 2}, complete=(0, 5))
    return work_in(made, publish_map(made), district=f"{code}1", commune=f"{code}101")


def publish_map(made: Province) -> PublicAsset:
    """The first edition of a province, and its map without shapes."""
    reassess(on=day(6), at=AT)
    publish(province=made.area, cut_off=AT, at=AT, by=system_user())
    frames = draw_frames(province=made.area, on=day(6), at=AT)
    BoundarySet.objects.create(
        province=made.area, source="thử", licence="thử", file_name="x", file_sha256="0" * 64,
        topology=put_asset(body=NO_SHAPES, media_type="application/json", at=AT),
        imported_at=AT, imported_by=system_user(),
    )  # fmt: skip
    return frames


def work_in(made: Province, frames: PublicAsset, *, district: str, commune: str, said: str = "thử") -> Place:
    """Something of everything that is worked on in a district; ``said`` is what people wrote there."""
    district, commune = made.districts[district], made.communes[commune]
    clerk = GrantFactory(area=commune, role=Role.COMMUNE_STAFF, user__full_name=f"Người {said}").user
    LockException.objects.create(
        area=commune,
        day=day(3),
        reason=said,
        granted_at=AT,
        granted_by=clerk,
        expires_at=AT + timedelta(days=1),
    )
    silent = {name: None for name in COUNT_COLUMNS}
    CorrectionRequest.objects.create(
        province=made.area, area=commune, source=made.source(), reason=said, status="waiting",
        rows=[{"area": commune.pk, "day": str(day(3)), **silent, "unknown_source": 1, "before": silent}],
        impact={"changes": [], "editions": []}, requested_at=AT, requested_by=clerk,
    )  # fmt: skip
    send_notices(recipients=[clerk.pk], key=said, subject=said, body=said, link="/", at=AT)
    fact = declare_fact(
        area=commune, kind=FactKind.CROWDED_PLACE_SOURCE, since=day(3), document="1/BC", by=system_user(),
        at=AT,
    )  # fmt: skip
    now = timezone.localtime()
    decision = decide_level(
        area=commune, level=RiskLevel.HIGH, since=now.date(), until=now.date(), reason="thử", document="2/QĐ",
        by=system_user(), at=now,
    )  # fmt: skip
    return Place(made.area, district, commune, frames, clerk, fact, decision, said)


def _written(place: Place, status: str) -> DiaryEntry:
    campaign = Campaign.objects.get(slug=place.campaign.rpartition("/")[2])
    make_group(campaign, "commune")
    unit = Unit.objects.filter(seat=place.commune, kind="commune").first() or make_unit(place.commune)
    said = "công khai" if status == "approved" else place.said
    entry = make_entry(campaign, unit, status=status, title=said, text=said)
    make_photo(entry, caption=said)
    return entry


def _correcting_file(place: Place) -> ImportBatch:
    source = entry_source(province=place.province, by=system_user())
    said = CountRow(place.commune.pk, day(4), unclassified=2)
    post_counts(source=source, rows=[said], reason=place.said, by=system_user(), at=timezone.now())
    return preview_batch(
        file=io.BytesIO(
            f"code,date,cases\n{place.commune.code},{day(4)},3\n{place.said},{day(4)},1\n".encode()
        ),
        name=f"{place.said}.csv",
        province=place.province,
        scope=place.district,
        source=source.name,
        by=system_user(),
        at=timezone.now(),
    ).batch


def _follow_up(place: Place) -> FollowUp:
    campaign = Campaign.objects.get(slug=place.campaign.rpartition("/")[2])
    unit = Unit.objects.filter(seat=place.commune).areas().first() or make_unit(place.commune)
    inspection = make_inspection(unit, campaign, status="visited", purpose=place.said, findings=place.said)
    return make_follow_up(inspection, wording=place.said)


def token_of(place: Place) -> SourceToken:
    return SourceToken.objects.get_or_create(
        area=place.commune,
        defaults={
            "source": place.province.count_sources.get(name="huyện"),
            "name": place.said,
            "digest": f"{place.commune.pk:064x}",
            "hint": "0000",
            "opened_at": AT,
            "opened_by": place.clerk,
            "expires_at": AT + timedelta(days=1),
            "revoked_at": AT,
            "revoked_by": place.clerk,
        },
    )[0]
