"""``/campaigns/…/standings/``: who stands where on a day of a phase, with the facts and why."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from rest_framework import serializers

from campaign.api.plans import GROUP_KINDS, campaign_of_address
from campaign.enums import ScoringFact
from campaign.models import Campaign, Phase
from campaign.scoring.facts import CLASS_KEYS
from campaign.scoring.targets import TARGET_KEYS
from campaign.standing import days_of, standing_of
from campaign.standing_table import GroupTable, Line, StandingTable
from campaign.standing_units import STATE_KEYS
from core.api.answers import PublicView
from core.api.questions import DayField, Question
from core.errors import DomainError
from riskmap.api.answers import LevelField
from riskmap.enums import MapView

FACTS = [(fact.value, fact.value) for fact in ScoringFact]
VIEWS = [(view.value, view.value) for view in MapView]
CLASSES = [(key, key) for key in CLASS_KEYS]
TARGETS = [(key, key) for key in TARGET_KEYS]
REGISTERED = [(key, key) for key in STATE_KEYS if key]
UNKNOWN_CODE = 60  # as much of a code that is not there as is said back


class StandingNotFound(DomainError):
    """The phase, group or day asked about has no standing."""

    code = "standing_not_found"


class StandingFacts(serializers.Serializer):
    """Facts over the days of the phase through the day; null where there is nothing to say."""

    level_at_start = LevelField()
    level_at_end = LevelField(help_text="On the day.")
    lowest_level = LevelField()
    lowest_since = serializers.DateField(allow_null=True)
    steps_lowered = serializers.IntegerField(allow_null=True, help_text="Below 0 where the level rose.")
    last_very_high = serializers.DateField(allow_null=True)
    green_since = serializers.DateField(allow_null=True, help_text="Of the green that lasts through the day.")
    days_to_green = serializers.IntegerField(allow_null=True, help_text="From the phase's first day.")
    days_from_very_high = serializers.IntegerField(allow_null=True, help_text="From the last very high day.")
    days_green = serializers.IntegerField()
    longest_green = serializers.IntegerField()
    green_run = serializers.IntegerField()
    climbs = serializers.IntegerField()
    relapses = serializers.IntegerField(help_text="Climbs that follow a fall.")
    provisional_days = serializers.IntegerField(help_text="Days on which a missing report kept the level.")
    days_without_level = serializers.IntegerField()
    cases = serializers.IntegerField(help_text="F0.")
    cases_per_100k = serializers.FloatField(allow_null=True)
    registered_on = serializers.DateField(allow_null=True)
    registered_late = serializers.BooleanField()
    target_level = LevelField()
    target_day = serializers.DateField(allow_null=True)
    target_state = serializers.ChoiceField(TARGETS)
    target_since = serializers.DateField(allow_null=True)


_FACT_NAMES = tuple(StandingFacts().fields)


class StandingLine(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField(help_text="As it was when this was computed.")
    seat_code = serializers.CharField(help_text="Of the area, or of the one the organisation sits in.")
    parent_name = serializers.CharField(help_text="Of what that area lies in.")
    district_code = serializers.CharField(help_text="Empty where there is no district.")
    registered = serializers.ChoiceField(
        REGISTERED, allow_null=True, help_text="How its registration stood; null: none was ever confirmed."
    )
    competing = serializers.BooleanField()
    unit_class = serializers.ChoiceField(CLASSES)
    rank = serializers.IntegerField(allow_null=True, help_text="Within group and class; null: not ranked.")
    sharing = serializers.IntegerField(help_text="How many units have this rank.")
    facts = StandingFacts()
    words = serializers.CharField()
    rank_words = serializers.CharField(help_text="Why it stands there, or why it is not ranked.")


class StandingGroup(serializers.Serializer):
    code = serializers.CharField()
    kind = serializers.ChoiceField(GROUP_KINDS)
    name = serializers.CharField()
    note = serializers.CharField(help_text="Why there is nobody; else empty.")
    units = StandingLine(many=True, help_text="In Vietnamese order.")


class StandingEdition(serializers.Serializer):
    number = serializers.IntegerField()
    hash = serializers.CharField()


class StandingScoring(serializers.Serializer):
    order = serializers.ListField(child=serializers.ChoiceField(FACTS))
    ties = serializers.ListField(child=serializers.ChoiceField(FACTS))


class StandingsAnswer(serializers.Serializer):
    campaign = serializers.CharField()
    phase = serializers.CharField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    view = serializers.ChoiceField(VIEWS)
    days = serializers.ListField(child=serializers.DateField(), help_text="That have a standing.")
    day = serializers.DateField()
    edition = StandingEdition(allow_null=True, help_text="The last edition used; null of what is known.")
    computed_at = serializers.DateTimeField()
    hash = serializers.CharField(help_text="SHA-256 of the standing and of what it was computed from.")
    scoring = StandingScoring(help_text="By what the units of a class are put in order.")
    groups = StandingGroup(many=True)


class StandingsQuestion(Question):
    phase = serializers.CharField(
        required=False, help_text="Its code; by default the last phase that has begun."
    )
    day = DayField(required=False, help_text="By default the last that has a standing.")
    view = serializers.ChoiceField(
        VIEWS,
        required=False,
        default=MapView.PUBLISHED.value,
        help_text="As published, days without an edition having no level, or as known now.",
    )
    group = serializers.CharField(required=False, help_text="Only this group, by its code.")


class StandingsView(PublicView):
    """Standings.

    Units of each group by class (their level at the start, or green throughout) and rank, with the facts
    anyone can check. A day that two phases share has a standing in both.
    """

    room = "campaigns"
    operation = "standings"
    question_class = StandingsQuestion
    answer_class = StandingsAnswer

    def answer(self, asked: dict, *, on: date, slug: str) -> dict:
        campaign = campaign_of_address(slug)
        phase = _phase(campaign, asked.get("phase"), on=on)
        view = MapView(asked["view"])
        table = _table(phase, view, asked.get("day"))
        return {
            "campaign": campaign.slug,
            "phase": phase.code,
            "first_day": phase.first_day,
            "last_day": phase.last_day,
            "view": view.value,
            "days": days_of(phase, view),
            "day": table.day,
            "edition": table.edition,
            "computed_at": table.computed_at,
            "hash": table.hash,
            "scoring": table.scoring,
            "groups": [_group(group) for group in _groups(table, asked.get("group"))],
        }


def _phase(campaign: Campaign, code: str | None, *, on: date) -> Phase:
    phases = list(campaign.phases.order_by("number"))
    begun = [phase for phase in phases if phase.first_day <= on]
    found = [phase for phase in phases if phase.code == code] if code is not None else begun[-1:]
    if not found:
        raise StandingNotFound(
            _("Không có đợt “%(code)s”; các đợt: %(known)s.")
            % {"code": code[:UNKNOWN_CODE], "known": _known(phases)}
            if code is not None
            else _("Phong trào chưa có đợt nào bắt đầu.")
        )
    return found[0]


def _table(phase: Phase, view: MapView, day: date | None) -> StandingTable:
    """Of the very day that is asked about: never another one silently."""
    table = _exactly(phase, view, day)
    if table is None:
        if view == MapView.PUBLISHED and _exactly(phase, MapView.KNOWN, day):
            raise StandingNotFound(
                _("Chưa có bản đồ công bố của những ngày này; hỏi view=known để xem theo số biết hiện nay.")
            )
        raise StandingNotFound(
            _("Chưa có bảng xếp hạng của đợt này.")
            if day is None
            else _("Không có bảng xếp hạng ngày %(day)s; bỏ tham số day để xem các ngày có bảng.")
            % {"day": f"{day:%d/%m/%Y}"}
        )
    return table


def _exactly(phase: Phase, view: MapView, day: date | None) -> StandingTable | None:
    table = standing_of(phase=phase, view=view, day=day)
    return table if table and day in (None, table.day) else None


def _groups(table: StandingTable, code: str | None) -> list[GroupTable]:
    found = [group for group in table.groups if code is None or group.code == code]
    if code is not None and not found:
        raise StandingNotFound(
            _("Không có nhóm “%(code)s”; các nhóm: %(known)s.")
            % {"code": code[:UNKNOWN_CODE], "known": _known(table.groups)}
        )
    return found


def _known(rows) -> str:
    return ", ".join(row.code for row in rows) or "–"


def _group(group: GroupTable) -> dict:
    return {
        "code": group.code,
        "kind": group.kind,
        "name": group.name,
        "note": group.empty_words,
        "units": [_line(line) for line in group.lines()],
    }


def _line(line: Line) -> dict:
    facts = {name: getattr(line.facts, name) for name in _FACT_NAMES}
    return {
        **{
            name: getattr(line, name)
            for name in ("code", "name", "seat_code", "parent_name", "district_code")
        },
        **{
            name: getattr(line, name)
            for name in ("registered", "competing", "sharing", "words", "rank_words")
        },
        "unit_class": CLASS_KEYS[line.unit_class],
        "rank": line.rank or None,
        "facts": facts | {"target_state": TARGET_KEYS[line.facts.target_state]},
    }
