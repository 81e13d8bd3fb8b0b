"""Four eyes: who could confirm what one person declared or decided, and what the two tell each other.

Each is told in the transaction of the act itself. Links lead to the page of the fact or decision.
"""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone, translation

from core.inbox import holders_over, send_notices
from core.models import Area, User
from core.permissions import Permission
from riskmap.models import DeclaredFact, LevelOverride


def others_who_may(permission: Permission, *, area: Area, than: int, on: date) -> set[int]:
    """The people (ids) who hold ``permission`` over ``area``, without the one whose act it is."""
    return holders_over(areas=[area], permission=permission, on=on) - {than}


def tell_fact_declared(*, fact: DeclaredFact) -> None:
    """Ask the others for their confirmation."""
    with translation.override("vi"):
        _ask_others(
            fact,
            Permission.DECLARE_FACT,
            by=fact.declared_by,
            subject=f"Chờ bạn xác nhận: {_fact(fact)}",
            body=f"{fact.declared_by} khai báo {_days(fact)}, theo văn bản {fact.document}. "
            "Yếu tố tác động ngay từ khi khai báo và mang dấu “chưa xác nhận” "
            "cho đến khi có người thứ hai xác nhận.",
            at=fact.declared_at,
        )


def tell_fact_confirmed(*, fact: DeclaredFact) -> None:
    _answer(
        fact, "confirmed", to={fact.declared_by}, by=fact.confirmed_by, at=fact.confirmed_at,
        words="đã xác nhận yếu tố bạn khai báo", subject="Đã được xác nhận",
    )  # fmt: skip


def tell_fact_refused(*, fact: DeclaredFact) -> None:
    _answer(
        fact, "refused", to={fact.declared_by}, by=fact.refused_by, at=fact.refused_at,
        words="không xác nhận yếu tố bạn khai báo", subject="Không được xác nhận",
        body=f"Lý do: {fact.refusal.rstrip('.')}. Yếu tố không còn tác động đến mức độ nguy cơ.",
    )  # fmt: skip


def tell_fact_ended(*, fact: DeclaredFact) -> None:
    _answer(
        fact, "ended", to={fact.declared_by, fact.confirmed_by}, by=fact.ended_by, at=fact.ended_at,
        words=f"kết thúc yếu tố này, ngày cuối còn hiệu lực: {fact.ended_on:%d/%m/%Y}", subject="Đã kết thúc",
    )  # fmt: skip


def tell_level_decided(*, decision: LevelOverride) -> None:
    """Ask the others for their confirmation."""
    with translation.override("vi"):
        _ask_others(
            decision,
            Permission.DECIDE_LEVEL,
            by=decision.decided_by,
            subject=f"Chờ bạn xác nhận: {_decision(decision)}",
            body=f"{decision.decided_by} quyết định mức này {_days(decision)}, "
            f"theo văn bản {decision.document}. Quyết định chỉ có hiệu lực khi có người thứ hai xác nhận.",
            at=decision.decided_at,
        )


def tell_decision_confirmed(*, decision: LevelOverride) -> None:
    _answer(
        decision, "confirmed", to={decision.decided_by}, by=decision.confirmed_by, at=decision.confirmed_at,
        words=f"đã xác nhận. Mức này có hiệu lực {_days(decision)}", subject="Đã được xác nhận",
    )  # fmt: skip


def tell_decision_refused(*, decision: LevelOverride) -> None:
    _answer(
        decision, "refused", to={decision.decided_by}, by=decision.refused_by, at=decision.refused_at,
        words="không đồng ý với quyết định của bạn", subject="Không được đồng ý",
        body=f"Lý do: {decision.refusal.rstrip('.')}. Mức độ nguy cơ vẫn theo tính toán.",
    )  # fmt: skip


def tell_decision_ended(*, decision: LevelOverride) -> None:
    _answer(
        decision, "ended", to={decision.decided_by, decision.confirmed_by}, by=decision.ended_by,
        at=decision.ended_at, subject="Đã dừng sớm",
        words=f"dừng quyết định này, ngày cuối còn hiệu lực: {decision.ended_on:%d/%m/%Y}",
    )  # fmt: skip


def _ask_others(
    said: DeclaredFact | LevelOverride,
    permission: Permission,
    *,
    by: User,
    subject: str,
    body: str,
    at: datetime,
) -> None:
    recipients = others_who_may(permission, area=said.area, than=by.pk, on=timezone.localdate(at))
    send_notices(
        recipients=recipients,
        key=f"{_key(said)}:waiting",
        subject=subject,
        body=body,
        link=_link(said),
        at=at,
    )


def _answer(
    said: DeclaredFact | LevelOverride,
    outcome: str,
    *,
    to: set[User],
    by: User,
    at: datetime,
    words: str,
    subject: str,
    body: str = "",
) -> None:
    with translation.override("vi"):
        name = _fact(said) if isinstance(said, DeclaredFact) else _decision(said)
        send_notices(
            recipients={person.pk for person in to} - {by.pk},
            key=f"{_key(said)}:{outcome}",
            subject=f"{subject}: {name}",
            body=f"{by} {words}. {body}".strip(),
            link=_link(said),
            at=at,
        )


def _fact(fact: DeclaredFact) -> str:
    return f"{fact.get_kind_display()}, {fact.area.name}"


def _decision(decision: LevelOverride) -> str:
    return f"mức “{decision.get_level_display()}” cho {decision.area.name}"


def _days(said: DeclaredFact | LevelOverride) -> str:
    end = f"đến hết ngày {said.until:%d/%m/%Y}" if said.until else "chưa định ngày kết thúc"
    return f"từ ngày {said.since:%d/%m/%Y}, {end}"


def _key(said: DeclaredFact | LevelOverride) -> str:
    return f"{'fact' if isinstance(said, DeclaredFact) else 'decision'}:{said.pk}"


def _link(said: DeclaredFact | LevelOverride) -> str:
    return reverse("riskmap:fact" if isinstance(said, DeclaredFact) else "riskmap:decision", args=[said.pk])
