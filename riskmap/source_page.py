"""What the page of sources shows: who reports for a province, in which order, and which systems may push."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery

from core.access import Permission, areas_where, can
from core.enums import AreaKind
from core.models import Area, User
from core.models.scoping import granted_paths
from riskmap.models import CountEntry, CountPost, CountSource, ProvincePolicy, SourceToken


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as it stands. ``state`` is ``open``, ``expired`` or ``revoked``."""

    token: SourceToken
    state: str
    last_used: datetime | None
    requests: int


@dataclass(frozen=True, slots=True)
class SourcePage:
    province: Area
    policy: ProvincePolicy
    sources: Sequence[CountSource]  # with ``posted_at``, ``posted_reason`` of their last posting
    tokens: Sequence[TokenLine]


def provinces_with(user: User | AnonymousUser, permission: Permission, *, on: date) -> list[Area]:
    """The provinces in which ``user`` holds ``permission`` anywhere, in Vietnamese order. Two queries."""
    roots = {path.partition("/")[0] for path in granted_paths(user, permission, on=on)}
    provinces = Area.objects.filter(path__in=roots, kind=AreaKind.PROVINCE)
    latest = {province.path: province for province in provinces.order_by("valid_from")}
    return sorted(latest.values(), key=lambda province: (province.sort_key, province.code))


def page_of_sources(*, province: Area, user: User | AnonymousUser, at: datetime, on: date) -> SourcePage:
    """The sources of ``province``, and the tokens in the areas where ``user`` manages them. Few queries.

    Why a source posted last is told to those who see the province, or a unit that the posting was about.
    """
    tokens = tokens_within(user, on=on).filter(source__province=province)
    return SourcePage(
        province=province,
        policy=policy_of(province),
        sources=_without_reasons_of_others(province, user, on),
        tokens=[
            TokenLine(token, _state(token, at), token.last_used, token.requests)
            for token in tokens.annotate(
                last_used=Max("receipts__received_at"), requests=Count("receipts")
            ).order_by(F("revoked_at").desc(nulls_first=True), "-opened_at")
        ],
    )


def sources_of(province: Area) -> list[CountSource]:
    """In the order in which they are asked, each with when and why it posted last. One query."""
    last = CountPost.objects.filter(source=OuterRef("pk")).order_by("-pk")
    return list(
        CountSource.objects.filter(province=province)
        .annotate(
            posted_at=Subquery(last.values("posted_at")[:1]),
            posted_reason=Subquery(last.values("reason")[:1]),
            posted_id=Subquery(last.values("pk")[:1]),
        )
        .order_by("rank")
    )


def _without_reasons_of_others(province: Area, user: User | AnonymousUser, on: date) -> list[CountSource]:
    sources = sources_of(province)
    if can(user, Permission.VIEW_WORKING, province, on=on):
        return sources
    mine = areas_where(user, Permission.VIEW_WORKING, on=on)
    posts = [source.posted_id for source in sources if source.posted_id]
    readable = set(CountEntry.objects.filter(post__in=posts, area__in=mine).values_list("post", flat=True))
    for source in sources:
        if source.posted_id not in readable:
            source.posted_reason = ""
    return sources


def policy_of(province: Area) -> ProvincePolicy:
    """The province's policy, or the one that holds where none was set."""
    return ProvincePolicy.objects.filter(province=province).first() or ProvincePolicy(province=province)


def tokens_within(user: User | AnonymousUser, *, on: date) -> QuerySet[SourceToken]:
    """The tokens over areas where ``user`` manages sources."""
    mine = areas_where(user, Permission.MANAGE_SOURCES, on=on)
    return SourceToken.objects.filter(area__in=mine).select_related(
        "source__province", "area__parent", "opened_by", "revoked_by"
    )


def _state(token: SourceToken, at: datetime) -> str:
    if token.revoked_at:
        return "revoked"
    return "open" if token.expires_at > at else "expired"
