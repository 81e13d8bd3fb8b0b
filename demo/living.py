"""Living the demo's story again: each event by the verb that people's pages call, at its own instant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Max
from django.utils import timezone

from campaign.models import (
    Campaign,
    ConditionAnswer,
    DiaryEntry,
    Feedback,
    FollowUpStep,
    Inspection,
    PledgeCount,
    RegistrationStep,
    Unit,
)
from core.audit import acting
from core.errors import DomainError
from core.inbox import mark_read, notices_of
from core.models import Area, User
from core.people import system_user
from demo.accounts import SAMPLES
from demo.awarding import Awarding, traces_of_awards
from demo.competing import Competition
from demo.ninh_thuan.awarding import Award
from demo.ninh_thuan.competition import Deed
from demo.ninh_thuan.happenings import (
    Acceptance,
    Confirmation,
    CutOff,
    DayOfDistrict,
    Decision,
    Declaration,
    Event,
    Leave,
    Reading,
    Report,
    Return,
    Source,
)
from demo.ninh_thuan.watching import Watch
from demo.watching import Watching
from riskmap.corrections import confirm_correction
from riskmap.counts import CountRow
from riskmap.day_numbers import DayOf, numbers_of
from riskmap.day_reports import Seen, accept_days, return_days
from riskmap.decisions import confirm_decision, decide_level
from riskmap.declarations import confirm_fact, declare_fact
from riskmap.editions import publish
from riskmap.entry_source import ENTRY_SOURCE, entry_source
from riskmap.enums import CorrectionStatus, FactKind, RiskLevel
from riskmap.levels import reassess
from riskmap.lock_exceptions import grant_exception
from riskmap.models import (
    CorrectionRequest,
    CountPost,
    CountSource,
    DayReportStep,
    DeclaredFact,
    LevelOverride,
    LockException,
    MapEdition,
)
from riskmap.sources import ensure_source
from riskmap.submissions import submit_counts

OFFICER, SECOND_OFFICER = "so-y-te", "so-y-te-2"
CAMPAIGN = "ninh-thuan-2021"
CDC = "CDC tỉnh (mô phỏng)"
Lived = Event | Deed | Watch | Award


@dataclass(frozen=True)
class Happened:
    """An event, and why it could not happen: somebody had done otherwise meanwhile."""

    event: Lived
    refusal: str = ""


def live(province: Area, ahead: list[Lived], *, since: date) -> Iterator[Happened]:
    """Let the events happen one after another, each in a transaction of its own; yields each when it has.

    An event that a visitor stands in the way of (a day accepted, a later map published) is passed over.
    """
    if not ahead:
        return
    life = _Life(province, since)
    for event in ahead:
        try:
            life.let_happen(event)
        except DomainError as refusal:
            yield Happened(event, refusal.message)
        else:
            yield Happened(event)


def ahead_of(province: Area | None, story: list[Lived]) -> list[Lived]:
    """What is still to happen. Events happen in order, and each leaves a trace with its own instant.

    A trace later than the story is a visitor's. A story that an earlier version told, before people approved
    numbers, is left as it is.
    """
    if province is None or not story:
        return story
    end = story[-1].at
    told = CountPost.objects.filter(province=province, posted_at__lte=end)
    if told.exists() and not told.filter(source__name=ENTRY_SOURCE).exists():
        return []
    inside = Area.objects.under(province)
    facts, decisions = (model.objects.filter(area__in=inside) for model in (DeclaredFact, LevelOverride))
    requests = CorrectionRequest.objects.filter(province=province)
    traces = (
        (told, "posted_at"),
        (MapEdition.objects.filter(province=province), "cut_off"),
        (DayReportStep.objects.filter(scope__in=inside), "taken_at"),
        (LockException.objects.filter(area__in=inside), "granted_at"),
        (facts, "declared_at"),
        (facts, "confirmed_at"),
        (decisions, "decided_at"),
        (decisions, "confirmed_at"),
        (requests, "requested_at"),
        (requests, "decided_at"),
        (Unit.objects.filter(province=province), "created_at"),
        (RegistrationStep.objects.filter(registration__campaign__province=province), "taken_at"),
        (PledgeCount.objects.filter(area__in=inside), "entered_at"),
        (ConditionAnswer.objects.filter(unit__seat__in=inside), "answered_at"),
        (Feedback.objects.filter(area__in=inside), "received_at"),
        (Feedback.objects.filter(area__in=inside), "answered_at"),
        (Feedback.objects.filter(area__in=inside), "set_aside_at"),
        (Inspection.objects.filter(unit__seat__in=inside), "created_at"),
        (FollowUpStep.objects.filter(follow_up__inspection__unit__seat__in=inside), "taken_at"),
        (DiaryEntry.objects.filter(unit__seat__in=inside), "created_at"),
        (DiaryEntry.objects.filter(unit__seat__in=inside), "decided_at"),
        *traces_of_awards(province),
    )
    lasts = (
        rows.filter(**{f"{instant}__lte": end}).aggregate(last=Max(instant))["last"]
        for rows, instant in traces
    )
    last = max(filter(None, lasts), default=None)
    return story if last is None else [event for event in story if event.at > last]


class _Life:
    """The province's units, sources and people, looked up once."""

    def __init__(self, province: Area, since: date) -> None:
        self.province = province
        self.areas = {area.code: area for area in Area.objects.under(province).valid_on(since)}
        self.people = {person.username: person for person in User.objects.all()}
        self.system = system_user()

    @cached_property
    def sources(self) -> dict[Source, CountSource]:
        return {
            Source.DISTRICTS: entry_source(province=self.province, by=self.system),
            Source.CDC: ensure_source(province=self.province, name=CDC, by=self.system),
        }

    @cached_property
    def competition(self) -> Competition | None:
        """None where a visitor has made another campaign than the sample's."""
        campaign = Campaign.objects.filter(province=self.province, slug=CAMPAIGN).first()
        if campaign is None:
            return None
        return Competition(campaign, areas=self.areas, people=self.people, system=self.system)

    @cached_property
    def watching(self) -> Watching:
        return Watching(self.competition.campaign, areas=self.areas, people=self.people)

    @cached_property
    def awarding(self) -> Awarding:
        campaign = self.competition.campaign
        return Awarding(campaign, areas=self.areas, people=self.people, system=self.system)

    @property
    def officer(self) -> User:
        return self.people[OFFICER]

    @property
    def second_officer(self) -> User:
        return self.people[SECOND_OFFICER]

    def let_happen(self, event: Lived) -> None:
        match event:
            case Report():
                self._report(event)
            case Acceptance(at, days):
                accept_days(items=self._seen(days), by=self.officer, at=at)
            case Return(at, day, reason):
                return_days(items=self._seen([day]), reason=reason, by=self.officer, at=at)
            case Leave():
                self._give_leave(event)
            case Confirmation(at, of):
                self._confirm(of, at)
            case Declaration():
                declare_fact(
                    area=self.areas[event.commune],
                    kind=FactKind(event.kind),
                    since=event.since,
                    until=event.until,
                    document=event.document,
                    by=self.officer,
                    at=event.at,
                )
            case Decision():
                decide_level(
                    area=self.areas[event.commune],
                    level=RiskLevel[event.level.upper()],
                    since=event.since,
                    until=event.until,
                    reason=event.reason,
                    document=event.document,
                    by=self.officer,
                    at=event.at,
                )
            case CutOff(at, published_at):
                publish(province=self.province, cut_off=at, at=published_at, by=self.officer)
                if self.competition:
                    self.competition.follow_edition(at=published_at)
            case Reading(at):
                self._read_inboxes(at)
            case _ if self.competition is None:
                pass  # a visitor's campaign is not this story's
            case _ if isinstance(event, Watch):
                self.watching.let_happen(event)
            case _ if isinstance(event, Award):
                self.awarding.let_happen(event)
            case _:
                self.competition.let_happen(event)

    def _report(self, report: Report) -> None:
        if report.day is None:  # what a correction would change is told against the map as it is
            reassess(provinces=[self.province], on=timezone.localdate(report.at), at=report.at)
        submit_counts(
            source=self.sources[report.source],
            rows=[
                CountRow(self.areas[code].pk, day, None, *numbers)
                for (code, day), numbers in report.rows.items()
            ],
            reason=report.reason,
            document=report.document,
            by=self.people[report.by] if report.by else self.system,
            at=report.at,
        )

    def _seen(self, days: tuple[DayOfDistrict, ...] | list[DayOfDistrict]) -> list[Seen]:
        found = numbers_of(DayOf(self.areas[code].pk, day) for code, day in days)
        return [Seen(*item, numbers.last_post_id) for item, numbers in found.items()]

    def _give_leave(self, leave: Leave) -> None:
        with acting(by=self.officer, reason=leave.reason):
            for code, day in leave.cells:
                grant_exception(
                    area=self.areas[code],
                    day=day,
                    reason=leave.reason,
                    expires_at=leave.expires_at,
                    by=self.officer,
                    at=leave.at,
                )

    def _confirm(self, of: Declaration | Decision | None, at: datetime) -> None:
        match of:
            case Declaration():
                fact = DeclaredFact.objects.get(area=self.areas[of.commune], kind=of.kind, since=of.since)
                confirm_fact(fact=fact, by=self.second_officer, at=at)
            case Decision():
                decision = LevelOverride.objects.get(area=self.areas[of.commune], since=of.since)
                confirm_decision(decision=decision, by=self.second_officer, at=at)
            case None:
                waiting = CorrectionRequest.objects.filter(
                    province=self.province,
                    status=CorrectionStatus.WAITING,
                    requested_at__range=(at - timedelta(days=1), at),
                )
                for request in waiting:
                    confirm_correction(request=request, by=self.second_officer, at=at)

    def _read_inboxes(self, at: datetime) -> None:
        for sample in SAMPLES:
            person = self.people[sample.username]
            there = notices_of(person).filter(created_at__lte=at).values_list("pk", flat=True)
            mark_read(user=person, notices=there, at=at)
