"""What the pages of the conditions show: the units whose turn it is, and the checklist of one. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.area_units import area_kinds_of
from campaign.enums import AnswerStage, GroupKind
from campaign.models import Campaign, ConditionAnswer, ConditionEvidence, GreenCondition, RecognisedZone, Unit
from campaign.units import confirming_area
from campaign.zones import competing_units, gives_hamlets_levels, green_units, latest_answers
from core.access import Permission
from core.models import User
from core.models.scoping import granted_paths
from core.vietnamese import fold
from riskmap.models import MapEdition
from riskmap.published import edition_in_force

#: How the last word on a condition stands, and what it is called.
STATES = {
    "open": gettext_lazy("chưa tự đánh giá"),
    "lacking": gettext_lazy("đơn vị tự thấy chưa đạt"),
    "waiting": gettext_lazy("chờ kiểm tra"),
    "refused": gettext_lazy("kiểm tra thấy chưa đạt"),
    "met": gettext_lazy("đã kiểm tra, đạt"),
}
_FOR_THE_UNIT = {"open", "lacking", "refused"}


def state_of(latest: ConditionAnswer | None) -> str:
    """The key in ``STATES`` of the last word on a condition."""
    if latest is None:
        return "open"
    if latest.stage == AnswerStage.SELF:
        return "waiting" if latest.met else "lacking"
    return "met" if latest.met else "refused"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in the list: how many of the plan's conditions stand where."""

    campaign: Campaign
    unit: Unit
    total: int
    counts: dict[str, int]
    recognised: bool
    for_unit: bool  # something is left for the unit to say
    for_check: bool  # something waits for a check that the reader may make


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One condition of a unit: its own last word, the check of it if any, and all that was ever said."""

    condition: GreenCondition
    own: ConditionAnswer | None
    check: ConditionAnswer | None
    history: Sequence[ConditionAnswer]

    @property
    def latest(self) -> ConditionAnswer | None:
        return self.history[0] if self.history else None

    @property
    def state(self) -> str:
        return state_of(self.latest)

    @property
    def state_words(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class Checklist:
    """The conditions of a unit, and what else it takes to be recognised."""

    campaign: Campaign
    unit: Unit
    lines: Sequence[ConditionLine]
    edition: MapEdition | None
    zones: Sequence[RecognisedZone]  # the newest first
    obstacles: Sequence[str] = field(default=())

    @property
    def standing(self) -> RecognisedZone | None:
        return next((zone for zone in self.zones if zone.ended_at is None), None)

    @property
    def met(self) -> int:
        return sum(line.state == "met" for line in self.lines)


def units_with_conditions(user: User, *, on: date, name: str = "") -> list[UnitRow]:
    """The area units of the reader's own with how they stand; five queries a campaign."""
    own = Unit.objects.open().for_user(user, Permission.REGISTER_UNITS, on=on)
    checked = granted_paths(user, Permission.CONFIRM_REGISTRATIONS, on=on)
    campaigns = Campaign.objects.filter(province__in=own.values("province"), green_conditions__isnull=False)
    rows = []
    for campaign in campaigns.distinct().newest_first():
        units = own.filter(province=campaign.province_id, kind__in=area_kinds_of(campaign))
        for word in fold(name).split():
            units = units.filter(search_text__contains=word)
        units = list(units.select_related("seat__parent").order_by("seat__path"))
        total = campaign.green_conditions.count()
        recognised = set(campaign.zones.filter(ended_at__isnull=True).values_list("unit_id", flat=True))
        said: dict[int, list[ConditionAnswer]] = defaultdict(list)
        for answer in latest_answers(campaign):
            said[answer.unit_id].append(answer)
        rows += [
            _row(campaign, unit, total, said[unit.pk], unit.pk in recognised, user, checked) for unit in units
        ]
    return rows


def _row(
    campaign: Campaign,
    unit: Unit,
    total: int,
    answers: Sequence[ConditionAnswer],
    recognised: bool,
    user: User,
    checked: Iterable[str],
) -> UnitRow:
    counts = dict.fromkeys(STATES, 0)
    for answer in answers:
        counts[state_of(answer)] += 1
    counts["open"] = total - len(answers)
    path = confirming_area(unit).path
    may_check = any(path == granted or path.startswith(granted + "/") for granted in checked)
    return UnitRow(
        campaign,
        unit,
        total,
        counts,
        recognised,
        for_unit=any(counts[state] for state in _FOR_THE_UNIT),
        for_check=may_check
        and any(state_of(each) == "waiting" and each.answered_by_id != user.pk for each in answers),
    )


def checklist_of(campaign: Campaign, unit: Unit) -> Checklist:
    """All conditions of the plan for the unit, with what was said of each, the newest first."""
    conditions = list(campaign.green_conditions.all())
    evidence = Prefetch("evidence", ConditionEvidence.objects.select_related("file").order_by("pk"))
    answers = (
        unit.condition_answers.filter(condition__campaign=campaign)
        .select_related("answered_by")
        .prefetch_related(evidence)
        .order_by("-id")
    )
    said: dict[int, list[ConditionAnswer]] = defaultdict(list)
    for answer in answers:
        said[answer.condition_id].append(answer)
    edition = edition_in_force(campaign.province)
    return Checklist(
        campaign=campaign,
        unit=unit,
        lines=[_line(condition, said[condition.pk]) for condition in conditions],
        edition=edition,
        zones=list(unit.zones.filter(campaign=campaign).order_by("-recognised_at", "-pk")),
        obstacles=_obstacles(campaign, unit, edition),
    )


def _line(condition: GreenCondition, history: Sequence[ConditionAnswer]) -> ConditionLine:
    """``history``: the newest first. A check that the unit has answered since is history alone."""
    own = next((each for each in history if each.stage == AnswerStage.SELF), None)
    check = history[0] if history and history[0].stage == AnswerStage.CHECK else None
    return ConditionLine(condition, own, check, history)


def _obstacles(campaign: Campaign, unit: Unit, edition: MapEdition | None) -> list[str]:
    """What keeps the unit from being recognised besides its conditions."""
    if not campaign.green_conditions.exists():
        return [_("Kế hoạch không đặt điều kiện nào, nên không công nhận vùng xanh: chỉ có màu thì chưa đủ.")]
    said = []
    if unit.closed_at is not None:
        said.append(_("Đơn vị đã ngừng thi đua."))
    elif unit.pk not in competing_units(campaign):
        said.append(_("Đơn vị chưa có đăng ký thi đua được xác nhận."))
    if unit.kind == GroupKind.HAMLET and not gives_hamlets_levels(campaign):
        said.append(
            _("Tỉnh chưa xếp mức riêng cho thôn, khu phố, nên chưa công nhận được vùng xanh ở cấp này.")
        )
    elif edition is None:
        said.append(_("Tỉnh chưa công bố bản đồ nào."))
    elif unit.pk not in green_units(campaign, [unit], edition):
        said.append(
            _("Bản đồ công bố ngày %(day)s chưa có màu xanh ở đây.") % {"day": f"{edition.day:%d/%m/%Y}"}
        )
    return said
