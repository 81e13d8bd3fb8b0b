"""Shortlists: who may be commended for a phase, made at the dossier deadline and again at the phase's end."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.enums import ShortlistStage
from awards.models import Shortlist
from awards.shortlist_bodies import pack, table_of
from awards.shortlist_changes import Change, changes_between
from awards.shortlist_making import Basis, content_of
from awards.shortlist_notices import tell_made
from awards.shortlist_table import Flag, ShortlistLine, ShortlistTable
from campaign.models import Phase, Standing, Unit
from campaign.standing import compute_standings
from campaign.standing_bodies import unpack
from campaign.standing_inputs import field_of, known_inputs, levels_state, published_inputs
from campaign.standing_table import StandingTable
from core.audit import acting
from core.errors import DomainError
from core.models import User
from core.people import system_user
from riskmap.enums import MapView
from riskmap.models import Assessment

__all__ = [
    "Change",
    "Flag",
    "ShortlistLine",
    "ShortlistRefused",
    "ShortlistTable",
    "changes_between",
    "latest_shortlist",
    "make_due",
    "make_shortlist",
    "shortlists_due",
    "table_of",
    "through_of",
]

logger = logging.getLogger(__name__)

LOCK = 2761  # the first key of the advisory locks of this stage; the second is the phase


class ShortlistRefused(DomainError):
    """A shortlist cannot be made now."""

    code = "shortlist_refused"


def make_shortlist(*, phase: Phase, stage: ShortlistStage, by: User, at: datetime) -> Shortlist:
    """Make the shortlist of the stage, or give the one that was made: that of a stage is made once.

    By hand, one that says what the latest says is not kept again. The standings of its day are brought up to
    date first. Raises ``ShortlistRefused`` before the stage's time, while levels wait to be computed, and
    where there is no standing; ``ScoringRefused`` where the plan orders by nothing.
    """
    phase = Phase.objects.select_related("campaign__province").get(pk=phase.pk)
    through = through_of(phase, stage, at=at)
    label = f"{phase.campaign.short_title}, {phase.name}"
    with acting(by=by, reason=f"Lập danh sách xét khen: {label}"):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, phase.pk])
        there = phase.shortlists.filter(stage=stage).order_by("-pk").first()
        if there and stage != ShortlistStage.BY_HAND:
            return there
        basis = _basis(phase, through, at=at)
        published, known = (_standing(phase, view, through) for view in (MapView.PUBLISHED, MapView.KNOWN))
        body, digest = pack(
            phase=phase, stage=stage, through=through, published=published, known=known,
            content=content_of(basis),
        )  # fmt: skip
        if there and there.hash == digest:
            return there
        made = Shortlist.objects.create(
            phase=phase, stage=stage, through=through, made_at=at, made_by=by, published=published,
            known=known, body=body, hash=digest,
        )  # fmt: skip
        tell_made(made, at=at)
        return made


def through_of(phase: Phase, stage: ShortlistStage, *, at: datetime) -> date:
    """The last day that a shortlist of the stage looks at. Raises ``ShortlistRefused`` before its time."""
    today, deadline = timezone.localdate(at), phase.dossier_deadline
    if today < phase.first_day:
        raise ShortlistRefused(
            _("%(phase)s chưa bắt đầu; xin lập danh sách từ ngày %(day)s.")
            % {"phase": phase.name, "day": f"{phase.first_day:%d/%m/%Y}"}
        )
    if stage == ShortlistStage.BY_HAND:
        return min(today, phase.last_day)
    if stage == ShortlistStage.END:
        if today <= phase.last_day:
            raise ShortlistRefused(
                _("%(phase)s đến hết ngày %(day)s mới kết thúc; danh sách kiểm tra lại được lập sau ngày đó.")
                % {"phase": phase.name, "day": f"{phase.last_day:%d/%m/%Y}"}
            )
        return phase.last_day
    if deadline is None or at < deadline:
        raise ShortlistRefused(
            _("Chưa đến hạn gửi hồ sơ; trước hạn, xin lập danh sách thử.")
            if deadline
            else _("Đợt chưa có hạn gửi hồ sơ; xin đặt hạn trong kế hoạch.")
        )
    before = timezone.localdate(deadline) - timedelta(days=1)
    return max(min(before, phase.last_day), phase.first_day)


def latest_shortlist(phase: Phase) -> ShortlistTable | None:
    """The shortlist of the phase that was made last."""
    newest = Shortlist.objects.filter(phase=phase).order_by("-pk")
    found = newest.select_related(
        "phase__campaign__province", "published__edition", "known", "made_by"
    ).first()
    return table_of(found) if found else None


def shortlists_due(at: datetime) -> QuerySet[Phase]:
    """The phases that lack the shortlist of their deadline or end, and of whose days levels are known."""
    made = Shortlist.objects.filter(phase=OuterRef("pk"))
    lacks = {stage: ~Exists(made.filter(stage=stage)) for stage in ShortlistStage.values}
    over = Q(last_day__lt=timezone.localdate(at)) & Q(lacks[ShortlistStage.END])
    late = Q(dossier_deadline__lte=at) & Q(lacks[ShortlistStage.DEADLINE])
    levels = Assessment.objects.filter(
        province=OuterRef("campaign__province"),
        first_day__lte=OuterRef("last_day"),
        known_through__gte=OuterRef("first_day"),
    )
    return Phase.objects.filter(over | late, Exists(levels)).order_by("last_day", "pk")


def make_due(*, at: datetime) -> list[Shortlist]:
    """Make what is due, each once, after a night without a worker as well. What waits is tried again."""
    made = []
    for phase in shortlists_due(at):
        there = set(phase.shortlists.values_list("stage", flat=True))
        for stage in (ShortlistStage.DEADLINE, ShortlistStage.END):
            if stage in there:
                continue
            try:
                through_of(phase, stage, at=at)
                made.append(make_shortlist(phase=phase, stage=stage, by=system_user(), at=at))
            except DomainError as refusal:
                logger.info("No shortlist of %s (%s): %s", phase, stage, refusal.message)
    return made


def _basis(phase: Phase, through: date, *, at: datetime) -> Basis:
    """The standings of the day, made now if they are not, and the inputs of the one that is gone by.

    What is known where anything is, for it holds the corrections; else what was published.
    """
    campaign, on = phase.campaign, timezone.localdate(at)
    if Assessment.objects.filter(province=campaign.province).exists() and not levels_state(campaign.province):
        raise ShortlistRefused(
            _("Số liệu vừa đổi, mức độ nguy cơ đang được tính lại; xin thử lại sau ít phút.")
        )
    compute_standings(campaign=campaign, at=at, days=[through])
    ids = dict(Unit.objects.filter(province=campaign.province_id).values_list("code", "pk"))

    def table(view: MapView, day: date) -> StandingTable | None:
        standing = _standing(phase, view, day)
        return unpack(standing, unit_ids=ids) if standing else None

    known, published = table(MapView.KNOWN, through), table(MapView.PUBLISHED, through)
    chosen = known or published
    field = field_of(campaign)
    read = known_inputs if known else published_inputs
    inputs = read(field, phase, on=on) if chosen else None
    day = next((each for each in inputs.each_day() if each.day == chosen.day), None) if inputs else None
    if day is None:
        raise ShortlistRefused(_("Chưa có bảng xếp hạng của đợt này để lập danh sách."))
    return Basis(
        phase=phase,
        table=chosen,
        published=published,
        known=known,
        beside=table(MapView.KNOWN, published.day) if known and published else None,
        inputs=inputs,
        day=day,
        at=at,
    )


def _standing(phase: Phase, view: MapView, through: date) -> Standing | None:
    """As ``campaign.standing.standing_of`` chooses it."""
    stored = Standing.objects.filter(phase=phase, view=view, day__range=(phase.first_day, through))
    return stored.select_related("phase__campaign__province", "edition").order_by("-day", "-pk").first()
