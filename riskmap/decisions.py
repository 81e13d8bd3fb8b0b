"""Decisions: levels Sở Y tế decides otherwise than the rule computes, for some days and with a document.

A decision acts only from its confirmation by a second person on: unlike a fact it can lower a level.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import acting
from core.enums import AreaKind
from core.errors import DomainError
from core.finding import province_of
from core.models import Area, User
from riskmap.counts import lock_provinces
from riskmap.declarations import first_felt
from riskmap.enums import RiskLevel
from riskmap.models import LevelOverride
from riskmap.policies import rule_set_of
from riskmap.published import known_after
from riskmap.second_person import (
    tell_decision_confirmed,
    tell_decision_ended,
    tell_decision_refused,
    tell_level_decided,
)
from riskmap.stale import mark_stale

#: A decision stands in for the rule, so it is looked at anew after this many days at the latest.
MOST_DAYS = 90

LONGEST = {name: LevelOverride._meta.get_field(name).max_length for name in ("reason", "document", "refusal")}
_DAY = timedelta(days=1)


class DecisionRefused(DomainError):
    """The level cannot be decided, or the decision not confirmed, refused or ended; nothing was written."""

    code = "decision_refused"


def decide_level(
    *,
    area: Area,
    level: RiskLevel,
    since: date,
    until: date,
    reason: str,
    document: str,
    by: User,
    at: datetime,
) -> LevelOverride:
    """Decide that ``area`` has ``level`` on each day from ``since`` to ``until``, both included.

    It acts once a second person confirms it. Raises ``DecisionRefused`` for no level, days out of order, more
    than ``MOST_DAYS`` or outside the unit's validity, days over already, a reason or document that is empty
    or too long, a hamlet where hamlets have no level, and days that are decided already.
    """
    reason, document = " ".join(reason.split()), " ".join(document.split())
    _check(area, level, since, until, reason, document, at)
    province = province_of(area)
    with acting(by=by, reason=_("Quyết định mức theo văn bản %(document)s") % {"document": document}):
        lock_provinces([province.pk])
        _refuse_twice(area, since, until)
        decision = LevelOverride.objects.create(
            area=area,
            level=level,
            since=since,
            until=until,
            reason=reason,
            document=document,
            decided_at=known_after(province, at),
            decided_by=by,
        )
        tell_level_decided(decision=decision)
    return decision


def check_decision(
    *,
    area: Area,
    level: RiskLevel,
    since: date,
    until: date,
    reason: str,
    document: str,
    at: datetime,
) -> None:
    """Raise ``DecisionRefused`` where ``decide_level`` would; writes nothing."""
    _check(area, level, since, until, " ".join(reason.split()), " ".join(document.split()), at)
    _refuse_twice(area, since, until)


def confirm_decision(*, decision: LevelOverride, by: User, at: datetime) -> LevelOverride:
    """Confirm what somebody else decided: from now on it is the level of its days.

    The province becomes stale from its first day. Raises ``DecisionRefused``, also when its days are over.
    """
    reason = _("Xác nhận mức quyết định theo văn bản %(document)s") % {"document": decision.document}
    with _waiting(decision, by, reason) as waiting:
        if waiting.until < timezone.localdate(at):
            raise DecisionRefused(
                _("Quyết định này đã hết hạn ngày %(until)s: hãy lập quyết định mới nếu còn cần.")
                % {"until": f"{waiting.until:%d/%m/%Y}"}
            )
        province = province_of(waiting.area)
        waiting.confirmed_at, waiting.confirmed_by = known_after(province, at), by
        waiting.save(update_fields=["confirmed_at", "confirmed_by"])
        mark_stale(province=province, since=first_felt(waiting.since, at), cause=_("xác nhận mức quyết định"))
        tell_decision_confirmed(decision=waiting)
    return waiting


def refuse_decision(*, decision: LevelOverride, refusal: str, by: User, at: datetime) -> LevelOverride:
    """Refuse what somebody else decided, with a reason; it never acted. Raises ``DecisionRefused``."""
    refusal = " ".join(refusal.split())
    _check_words(_("Phải ghi lý do không xác nhận, dài nhất %(longest)d ký tự."), refusal, LONGEST["refusal"])
    with _waiting(decision, by, _("Không xác nhận quyết định: %(why)s") % {"why": refusal}) as waiting:
        waiting.refused_at, waiting.refused_by = known_after(province_of(waiting.area), at), by
        waiting.refusal = refusal
        waiting.save(update_fields=["refused_at", "refused_by", "refusal"])
        tell_decision_refused(decision=waiting)
    return waiting


def end_decision(*, decision: LevelOverride, on: date, by: User, at: datetime) -> LevelOverride:
    """End a confirmed decision early: ``on`` is its last day, or the day before its first to cancel it whole.

    The province becomes stale from the day after. Raises ``DecisionRefused`` for a decision that is not
    confirmed or ended already, and for a day that would not shorten it.
    """
    reason = _("Kết thúc sớm mức quyết định theo văn bản %(document)s") % {"document": decision.document}
    with _locked(decision, by, reason) as standing:
        if standing.confirmed_at is None:
            raise DecisionRefused(
                _("Quyết định này chưa được xác nhận: chỉ kết thúc sớm quyết định đã được xác nhận.")
            )
        if standing.ended_at is not None:
            raise DecisionRefused(
                _("Quyết định này đã được kết thúc sớm, ngày cuối là %(day)s.")
                % {"day": f"{standing.ended_on:%d/%m/%Y}"}
            )
        if not standing.since - _DAY <= on < standing.until:
            raise DecisionRefused(
                _("Ngày cuối phải từ %(first)s (ngay trước ngày bắt đầu) và trước %(until)s.")
                % {"first": f"{standing.since - _DAY:%d/%m/%Y}", "until": f"{standing.until:%d/%m/%Y}"}
            )
        province = province_of(standing.area)
        standing.ended_at, standing.ended_by = known_after(province, at), by
        standing.ended_on = on
        standing.save(update_fields=["ended_at", "ended_by", "ended_on"])
        mark_stale(province=province, since=first_felt(on + _DAY, at), cause=_("kết thúc sớm mức quyết định"))
        tell_decision_ended(decision=standing)
    return standing


@contextmanager
def _locked(decision: LevelOverride, by: User, reason: str) -> Iterator[LevelOverride]:
    """The decision as it stands, nobody else posting or deciding in its province meanwhile."""
    with acting(by=by, reason=reason):
        lock_provinces([province_of(decision.area).pk])
        yield LevelOverride.objects.select_related("area").get(pk=decision.pk)


@contextmanager
def _waiting(decision: LevelOverride, by: User, reason: str) -> Iterator[LevelOverride]:
    """The decision, which is still to be confirmed or refused, and not by ``by`` who made it."""
    with _locked(decision, by, reason) as waiting:
        if waiting.confirmed_at is not None:
            raise DecisionRefused(_("Quyết định này đã được xác nhận."))
        if waiting.refused_at is not None:
            raise DecisionRefused(_("Quyết định này đã bị từ chối xác nhận."))
        if waiting.decided_by_id == by.pk:
            raise DecisionRefused(_("Người quyết định không tự xác nhận được: cần một người khác có quyền."))
        yield waiting


def _check(
    area: Area, level: RiskLevel, since: date, until: date, reason: str, document: str, at: datetime
) -> None:
    _check_days(area, since, until, today=timezone.localdate(at))
    _check_words(_("Phải ghi lý do quyết định, dài nhất %(longest)d ký tự."), reason, LONGEST["reason"])
    _check_words(
        _("Phải ghi số văn bản làm căn cứ, dài nhất %(longest)d ký tự."), document, LONGEST["document"]
    )
    if level == RiskLevel.NO_DATA:
        raise DecisionRefused(_("Phải quyết định một trong bốn mức độ nguy cơ."))
    province = province_of(area)
    if area.kind == AreaKind.HAMLET and not rule_set_of([province.pk])[province.pk]["hamlets_as_communes"]:
        raise DecisionRefused(
            _("%(province)s không xét mức độ nguy cơ đến thôn, khu phố, ấp.") % {"province": province.name}
        )


def _check_words(complaint: str, words: str, longest: int) -> None:
    if not words or len(words) > longest:
        raise DecisionRefused(complaint % {"longest": longest})


def _check_days(area: Area, since: date, until: date, *, today: date) -> None:
    if until < since:
        raise DecisionRefused(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
    if until < today:
        raise DecisionRefused(
            _("Thời hạn đã qua: ngày kết thúc phải từ hôm nay, %(today)s, trở đi.")
            % {"today": f"{today:%d/%m/%Y}"}
        )
    if (until - since).days + 1 > MOST_DAYS:
        raise DecisionRefused(
            _("Quyết định có hiệu lực nhiều nhất %(most)d ngày: hãy rút ngắn, rồi quyết định tiếp khi cần.")
            % {"most": MOST_DAYS}
        )
    if area.valid_to and until > area.valid_to:
        raise DecisionRefused(
            _("%(area)s không còn từ sau ngày %(day)s.")
            % {"area": area.name, "day": f"{area.valid_to:%d/%m/%Y}"}
        )
    if since < area.valid_from and area.valid_from > _oldest_list(area):
        raise DecisionRefused(
            _("%(area)s chưa có trước ngày %(day)s.")
            % {"area": area.name, "day": f"{area.valid_from:%d/%m/%Y}"}
        )


def _oldest_list(area: Area) -> date:
    """When the oldest list of units known of the province begins; it stands for the days before it too."""
    communes = Area.objects.filter(kind=AreaKind.COMMUNE, path__startswith=area.path.split("/")[0] + "/")
    return communes.aggregate(first=Min("valid_from"))["first"] or area.valid_from


def _refuse_twice(area: Area, since: date, until: date) -> None:
    standing = LevelOverride.objects.filter(area=area, refused_at=None, since__lte=until, until__gte=since)
    before = next(
        (each for each in standing.order_by("since") if each.last_day >= max(since, each.since)), None
    )
    if before is not None:
        raise DecisionRefused(
            _("Mức của %(area)s đã được quyết định từ %(since)s đến hết %(until)s (văn bản %(document)s).")
            % {
                "area": area.name,
                "since": f"{before.since:%d/%m/%Y}",
                "until": f"{before.last_day:%d/%m/%Y}",
                "document": before.document,
            }
        )
