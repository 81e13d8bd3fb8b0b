"""Declarations: facts the rule needs and no number tells, each with its document, and their whole life.

A fact acts from its declaration on: it can only raise a level, and waiting for the second person would show a
safer colour than is known. One that is refused acts no longer; one that is ended acts to its last day.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import acting
from core.enums import AreaKind
from core.errors import DomainError
from core.finding import province_of
from core.models import Area, User
from riskmap.counts import lock_provinces
from riskmap.enums import FactKind
from riskmap.imports.cells import EPIDEMIC_BEGAN
from riskmap.models import DeclaredFact
from riskmap.published import known_after
from riskmap.rules.scale import DECLARED_KINDS, TIER_KEYS
from riskmap.second_person import (
    tell_fact_confirmed,
    tell_fact_declared,
    tell_fact_ended,
    tell_fact_refused,
)
from riskmap.stale import mark_stale

LONGEST_DOCUMENT = DeclaredFact._meta.get_field("document").max_length
LONGEST_REFUSAL = DeclaredFact._meta.get_field("refusal").max_length
_DAY = timedelta(days=1)

#: The tier each kind of fact speaks about.
TIER_OF_KIND = {FactKind(kind): AreaKind(TIER_KEYS[tier]) for kind, tier in DECLARED_KINDS.items()}


class FactRefused(DomainError):
    """The fact cannot be declared, confirmed, refused or ended; nothing was written."""

    code = "fact_refused"


def declare_fact(
    *,
    area: Area,
    kind: FactKind,
    since: date,
    document: str,
    by: User,
    at: datetime,
    until: date | None = None,
) -> DeclaredFact:
    """Declare that ``kind`` holds in ``area`` on each day from ``since`` to ``until``, both included.

    The province becomes stale from ``since``. Raises ``FactRefused`` for a kind of another tier, days out of
    order or outside the unit's validity, an empty document, and a fact already declared for some of
    these days.
    """
    document = " ".join(document.split())
    _check(area, kind, since, until, document)
    with acting(by=by, reason=_("Khai báo theo văn bản %(document)s") % {"document": document}):
        province = province_of(area)
        lock_provinces([province.pk])
        _refuse_twice(area, kind, since, until)
        fact = DeclaredFact.objects.create(
            area=area,
            kind=kind,
            since=since,
            until=until,
            document=document,
            declared_at=known_after(province, at),
            declared_by=by,
        )
        mark_stale(province=province, since=first_felt(since, at), cause=_("khai báo yếu tố dịch tễ"))
        tell_fact_declared(fact=fact)
    return fact


def confirm_fact(*, fact: DeclaredFact, by: User, at: datetime) -> DeclaredFact:
    """Confirm a fact somebody else declared; levels stay, since it acts already. Raises ``FactRefused``."""
    reason = _("Xác nhận khai báo theo văn bản %(document)s") % {"document": fact.document}
    with _waiting(fact, by, reason) as waiting:
        waiting.confirmed_at, waiting.confirmed_by = known_after(province_of(waiting.area), at), by
        waiting.save(update_fields=["confirmed_at", "confirmed_by"])
        tell_fact_confirmed(fact=waiting)
    return waiting


def refuse_fact(*, fact: DeclaredFact, refusal: str, by: User, at: datetime) -> DeclaredFact:
    """Refuse a fact somebody else declared, with a reason: from now on it acts no longer.

    The province becomes stale from its first day. Raises ``FactRefused``.
    """
    refusal = " ".join(refusal.split())
    if not refusal or len(refusal) > LONGEST_REFUSAL:
        raise FactRefused(
            _("Phải ghi lý do không xác nhận, dài nhất %(longest)d ký tự.") % {"longest": LONGEST_REFUSAL}
        )
    with _waiting(fact, by, _("Không xác nhận khai báo: %(why)s") % {"why": refusal}) as waiting:
        province = province_of(waiting.area)
        waiting.refused_at, waiting.refused_by = known_after(province, at), by
        waiting.refusal = refusal
        waiting.save(update_fields=["refused_at", "refused_by", "refusal"])
        mark_stale(province=province, since=first_felt(waiting.since, at), cause=_("không xác nhận khai báo"))
        tell_fact_refused(fact=waiting)
    return waiting


def end_fact(*, fact: DeclaredFact, on: date, by: User, at: datetime) -> DeclaredFact:
    """End a confirmed fact: ``on`` is its last day, or the day before its first when it never held.

    The province becomes stale from the day after. Raises ``FactRefused`` for a fact that is not confirmed or
    ended already, and for a day that would not shorten it.
    """
    reason = _("Kết thúc yếu tố đã khai báo theo văn bản %(document)s") % {"document": fact.document}
    with _locked(fact, by, reason) as standing:
        if standing.confirmed_at is None:
            raise FactRefused(_("Khai báo này chưa được xác nhận: chỉ kết thúc yếu tố đã được xác nhận."))
        if standing.ended_at is not None:
            raise FactRefused(
                _("Yếu tố này đã được kết thúc, ngày cuối là %(day)s.")
                % {"day": f"{standing.ended_on:%d/%m/%Y}"}
            )
        if on < standing.since - _DAY or (standing.until and on >= standing.until):
            raise FactRefused(
                (
                    _("Ngày cuối phải từ %(first)s (ngay trước ngày bắt đầu) và trước %(until)s.")
                    if standing.until
                    else _("Ngày cuối phải từ %(first)s (ngay trước ngày bắt đầu) trở đi.")
                )
                % {
                    "first": f"{standing.since - _DAY:%d/%m/%Y}",
                    "until": f"{standing.until:%d/%m/%Y}" if standing.until else "",
                }
            )
        province = province_of(standing.area)
        standing.ended_at, standing.ended_by = known_after(province, at), by
        standing.ended_on = on
        standing.save(update_fields=["ended_at", "ended_by", "ended_on"])
        mark_stale(province=province, since=first_felt(on + _DAY, at), cause=_("kết thúc yếu tố dịch tễ"))
        tell_fact_ended(fact=standing)
    return standing


def first_felt(since: date, at: datetime) -> date:
    """The day to compute from for something that begins on ``since``: today, where that is still to come."""
    return min(since, timezone.localdate(at))


@contextmanager
def _locked(fact: DeclaredFact, by: User, reason: str) -> Iterator[DeclaredFact]:
    """The fact as it stands, nobody else posting or declaring in its province meanwhile."""
    with acting(by=by, reason=reason):
        lock_provinces([province_of(fact.area).pk])
        yield DeclaredFact.objects.select_related("area").get(pk=fact.pk)


@contextmanager
def _waiting(fact: DeclaredFact, by: User, reason: str) -> Iterator[DeclaredFact]:
    """The fact, which is still to be confirmed or refused, and not by ``by`` who declared it."""
    with _locked(fact, by, reason) as waiting:
        if waiting.confirmed_at is not None:
            raise FactRefused(_("Khai báo này đã được xác nhận."))
        if waiting.refused_at is not None:
            raise FactRefused(_("Khai báo này đã bị từ chối xác nhận."))
        if waiting.declared_by_id == by.pk:
            raise FactRefused(_("Người khai báo không tự xác nhận được: cần một người khác có quyền."))
        yield waiting


def check_declaration(
    *, area: Area, kind: FactKind, since: date, document: str, until: date | None = None
) -> None:
    """Raise ``FactRefused`` where ``declare_fact`` would; writes nothing."""
    _check(area, kind, since, until, " ".join(document.split()))
    _refuse_twice(area, kind, since, until)


def _check(area: Area, kind: FactKind, since: date, until: date | None, document: str) -> None:
    tier = TIER_OF_KIND[FactKind(kind)]
    if area.kind != tier:
        fitting = [known.value for known, known_tier in TIER_OF_KIND.items() if known_tier == area.kind]
        raise FactRefused(
            _("“%(kind)s” khai báo cho cấp %(tier)s; %(area)s là %(its)s, nhận: %(fitting)s.")
            % {
                "kind": FactKind(kind).label,
                "tier": tier.label,
                "area": area.name,
                "its": AreaKind(area.kind).label,
                "fitting": ", ".join(fitting) or "–",
            }
        )
    if until and until < since:
        raise FactRefused(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
    if since < EPIDEMIC_BEGAN:
        raise FactRefused(_("Ngày này trước khi có dịch; xin xem lại năm."))
    if area.valid_to and since > area.valid_to:
        raise FactRefused(
            _("%(area)s không còn từ sau ngày %(day)s.")
            % {"area": area.name, "day": f"{area.valid_to:%d/%m/%Y}"}
        )
    if not document or len(document) > LONGEST_DOCUMENT:
        raise FactRefused(
            _("Phải ghi số văn bản làm căn cứ, dài nhất %(longest)d ký tự.") % {"longest": LONGEST_DOCUMENT}
        )


def _refuse_twice(area: Area, kind: FactKind, since: date, until: date | None) -> None:
    standing = DeclaredFact.objects.filter(area=area, kind=kind, refused_at=None).order_by("since")
    before = next(
        (
            fact
            for fact in standing
            if (fact.last_day is None or fact.last_day >= max(since, fact.since))
            and (until is None or fact.since <= until)
        ),
        None,
    )
    if before is not None:
        raise FactRefused(
            _("Yếu tố này đã được khai báo cho %(area)s từ %(since)s đến %(until)s (văn bản %(document)s).")
            % {
                "area": area.name,
                "since": f"{before.since:%d/%m/%Y}",
                "until": f"{before.last_day:%d/%m/%Y}" if before.last_day else _("chưa định"),
                "document": before.document,
            }
        )
