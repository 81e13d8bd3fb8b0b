"""The standings of a nation: spans read, facts found and units ranked, beside one aggregate over the spans.

The aggregate is the plainest that says anything of a unit: level at the start and at the end, the lowest,
days green and provisional. It knows no runs, so neither since when a unit is green nor its relapses, nor
targets, and ranks nobody.

Then the stage itself, for the campaigns of all provinces one after another: units, registrations, levels and
cases are read, the last day's standing is made, packed and stored; again when nothing changed since; and
every day of the phase of one province of a city's size.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import perf_counter

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from benchmarks.loading import Loaded, at_noon
from benchmarks.nation import FIRST_DAY, Counts
from benchmarks.report import Row, median, row, seconds, spread
from campaign.enums import RegistrationStatus, ScoringRole, SetBy
from campaign.models import Campaign, Phase, Registration, ScoringRule, Standing, TargetGroup, Unit
from campaign.scoring.facts import Facts, facts_of
from campaign.scoring.order import Ranking, Scoring, rank_units
from campaign.scoring.spans import Spans
from campaign.scoring.targets import Registrations
from campaign.standing import compute_standings
from campaign.standing_levels import read_spans
from core.models import User
from riskmap.packed import as_literal
from riskmap.rules.scale import NEW_NORMAL

PHASE_DAYS = 90
SECONDS_REACH = 0.5
RATIO_REACH = 1.5
SCORING = Scoring(
    ("level_at_end", "steps_lowered", "days_to_green", "relapses"), ("days_green", "cases_per_100k")
)

_AGGREGATE = f"""
    select area_id,
        coalesce(max(level) filter (where first_day <= %(first)s), 0),
        coalesce(max(level) filter (where last_day >= %(last)s), 0),
        min(level),
        coalesce(sum(least(last_day, %(last)s) - greatest(first_day, %(first)s) + 1)
            filter (where level = {NEW_NORMAL}), 0),
        coalesce(sum(least(last_day, %(last)s) - greatest(first_day, %(first)s) + 1)
            filter (where provisional), 0)
    from riskmap_levelspan
    where first_day <= %(last)s and last_day >= %(first)s and area_id = any(%(areas)s::bigint[])
    group by area_id
"""


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """A phase of the nation in which every commune has registered to be green at its end."""

    area_ids: np.ndarray  # int64 (communes,)
    population: np.ndarray
    cases: np.ndarray
    first_day: date
    days: int

    def asked(self) -> dict[str, object]:
        return {
            "first": self.first_day,
            "last": self.first_day + timedelta(self.days - 1),
            "areas": as_literal(self.area_ids.tolist()),
        }

    def read(self) -> Spans:
        last = self.first_day + timedelta(self.days - 1)
        return read_spans(self.area_ids, first=self.first_day, last=last)

    def score(self, spans: Spans) -> tuple[Facts, Ranking]:
        units = len(self.area_ids)
        registrations = Registrations(
            np.zeros(units, np.int32),
            np.full(units, NEW_NORMAL, np.int8),
            np.full(units, self.days - 1, np.int32),
        )
        facts = facts_of(
            spans,
            areas=units,
            through=self.days - 1,
            cases=self.cases,
            population=self.population,
            registrations=registrations,
        )
        return facts, rank_units(facts, SCORING)

    def aggregate(self) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(_AGGREGATE, self.asked())
            return cursor.fetchall()


def make_contest(loaded: Loaded, counts: Counts, *, days: int, phase_days: int = PHASE_DAYS) -> Contest:
    """The last ``phase_days`` of the nation's ``days``."""
    phase = counts.between(days - phase_days, days - 1)
    found = phase.unknown_source + phase.known_source + phase.isolated
    return Contest(
        area_ids=np.array([area.pk for area in loaded.communes], np.int64),
        population=loaded.nation.population,
        cases=np.bincount(phase.commune, found, loaded.nation.communes).astype(np.int64),
        first_day=FIRST_DAY + timedelta(days - phase_days),
        days=phase_days,
    )


def measure_standings(contest: Contest, *, rounds: int) -> list[Row]:
    """In turns: spans read, facts and ranks; and the aggregate. The pure part is shown apart as well."""
    whole, pure, sql = [], [], []
    for number in range(rounds + 1):
        started = perf_counter()
        spans = contest.read()
        read = perf_counter()
        contest.score(spans)
        done = perf_counter()
        asked = seconds(contest.aggregate)
        if number:  # the first round warms all up
            whole.append(done - started)
            pure.append(done - read)
            sql.append(asked)
    ratio = median([mine / other for mine, other in zip(whole, sql, strict=True)])
    took = median(whole)
    where = f"{len(contest.area_ids)} communes × {contest.days} days"
    return [
        row(
            f"standings of {where}, {len(spans.row)} spans: read, facts, ranks",
            f"median of {rounds} ({spread(whole)} s), of it facts and ranks {median(pure):.4f} s",
            took,
            "s",
            against=f"one SQL aggregate over the same spans: {median(sql):.3f} s",
            ratio=ratio,
            reach=f"<= {SECONDS_REACH} s, <= {RATIO_REACH}",
            met=took <= SECONDS_REACH and ratio <= RATIO_REACH,
        )
    ]


def make_campaigns(loaded: Loaded, *, days: int, phase_days: int = PHASE_DAYS) -> list[Campaign]:
    """One in each province, its phase that of ``make_contest``, every commune registered and confirmed."""
    at, last = at_noon(days - 1), FIRST_DAY + timedelta(days - 1)
    second = User.objects.create(username="measured", full_name="Measured", password="!")
    made = [
        Campaign.objects.create(
            province=province, slug=f"measured-{province.code}", title="Measured", short_title="Measured",
            issuer="Measured", purpose="Measured", rule_set="qd_2686_2021", created_at=at,
            created_by=loaded.by,
        )
        for province in loaded.provinces
    ]  # fmt: skip
    of_province = {campaign.province_id: campaign for campaign in made}
    Phase.objects.bulk_create(
        Phase(
            campaign=campaign, code="dot-1", number=1, name="Measured", first_day_set_by=SetBy.PLAN,
            first_day=last - timedelta(phase_days - 1), last_day=last, deadline_set_by=SetBy.OFFICE,
        )
        for campaign in made
    )  # fmt: skip
    groups = TargetGroup.objects.bulk_create(
        TargetGroup(campaign=campaign, code="cap-xa", place=1, kind="commune", name="Measured")
        for campaign in made
    )
    roles = [ScoringRole.ORDER] * len(SCORING.order) + [ScoringRole.TIE] * len(SCORING.ties)
    ScoringRule.objects.bulk_create(
        ScoringRule(
            campaign=campaign, code=f"r{place}", place=place, fact=fact, role=role, wording=fact,
            set_by=SetBy.OFFICE,
        )
        for campaign in made
        for place, (fact, role) in enumerate(zip(SCORING.facts, roles, strict=True), 1)
    )  # fmt: skip
    provinces = [loaded.provinces[place] for place in loaded.nation.province.tolist()]
    units = [
        Unit(
            province=province, seat=area, kind="commune", code=area.code, name=area.name, created_at=at,
            created_by=loaded.by,
        )
        for area, province in zip(loaded.communes, provinces, strict=True)
    ]  # fmt: skip
    for unit in units:
        unit.write_search()
    Unit.objects.bulk_create(units, batch_size=5000)
    group_of = {group.campaign_id: group for group in groups}
    handed_in = at_noon(days - phase_days)
    Registration.objects.bulk_create(
        [
            Registration(
                campaign=of_province[unit.province_id], unit=unit,
                group=group_of[of_province[unit.province_id].pk], status=RegistrationStatus.CONFIRMED,
                target_day=last, solutions="Measured", document_number="1", document_date=FIRST_DAY,
                head="Measured", starting_level=NEW_NORMAL, starting_day=FIRST_DAY, created_at=at,
                created_by=loaded.by, submitted_at=handed_in, submitted_by=loaded.by, decided_at=at,
                decided_by=second,
            )
            for unit in units
        ],
        batch_size=5000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")  # as autovacuum does within minutes
    return made


def measure_stage(campaigns: list[Campaign], contest: Contest, *, rounds: int) -> list[Row]:
    """The whole stage, in turns with the aggregate; what it writes is taken back each time."""
    last = contest.first_day + timedelta(contest.days - 1)
    at = timezone.make_aware(datetime.combine(last, time(12)))
    whole, again, sql, written = [], [], [], []
    for number in range(rounds + 1):
        with transaction.atomic():
            started = perf_counter()
            written = compute_standings(at=at, days=[last])
            took = perf_counter() - started
            nothing = seconds(lambda: compute_standings(at=at, days=[last]))
            transaction.set_rollback(True)
        asked = seconds(contest.aggregate)
        if number:
            whole.append(took)
            again.append(nothing)
            sql.append(asked)
    with transaction.atomic():
        all_days = seconds(lambda: compute_standings(campaign=campaigns[0], at=at))
        kept = Standing.objects.filter(phase__campaign=campaigns[0]).count()
        transaction.set_rollback(True)
    size = sum(len(each.body) for each in written)
    where = f"{len(contest.area_ids)} communes, {len(campaigns)} campaigns of {contest.days} days"
    return [
        row(
            f"standings of the last day made whole: {where}",
            f"median of {rounds} ({spread(whole)} s); {len(written)} stored, {size / 1000:.0f} kB",
            median(whole),
            "s",
            against=f"one SQL aggregate over the same spans: {median(sql):.3f} s",
            ratio=median(whole) / median(sql),
        ),
        row(
            "the same when nothing changed since",
            f"median of {rounds} ({spread(again)} s)",
            median(again),
            "s",
        ),
        row(f"standings of all {kept} days of one province", f"{kept} stored, once", all_days, "s"),
    ]
