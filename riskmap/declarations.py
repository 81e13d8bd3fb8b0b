"""Declarations: facts the rule needs and no number tells, each with its document."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from core.audit import acting
from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area, User
from riskmap.counts import lock_provinces
from riskmap.enums import FactKind
from riskmap.models import DeclaredFact
from riskmap.rules.scale import DECLARED_KINDS, TIER_KEYS
from riskmap.stale import mark_stale

LONGEST_DOCUMENT = DeclaredFact._meta.get_field("document").max_length

#: The tier each kind of fact speaks about.
TIER_OF_KIND = {FactKind(kind): AreaKind(TIER_KEYS[tier]) for kind, tier in DECLARED_KINDS.items()}


class FactRefused(DomainError):
    """The fact cannot be declared; nothing was written."""

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
        province = _province_of(area)
        lock_provinces([province.pk])
        _refuse_twice(area, kind, since, until)
        fact = DeclaredFact.objects.create(
            area=area,
            kind=kind,
            since=since,
            until=until,
            document=document,
            declared_at=at,
            declared_by=by,
        )
        mark_stale(province=province, since=since, cause=_("khai báo yếu tố dịch tễ"))
    return fact


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
    overlapping = DeclaredFact.objects.filter(area=area, kind=kind).exclude(until__lt=since)
    if until:
        overlapping = overlapping.filter(since__lte=until)
    before = overlapping.order_by("since").first()
    if before is not None:
        raise FactRefused(
            _("Yếu tố này đã được khai báo cho %(area)s từ %(since)s đến %(until)s (văn bản %(document)s).")
            % {
                "area": area.name,
                "since": f"{before.since:%d/%m/%Y}",
                "until": f"{before.until:%d/%m/%Y}" if before.until else _("chưa định"),
                "document": before.document,
            }
        )


def _province_of(area: Area) -> Area:
    while area.parent_id:
        area = area.parent
    return area
