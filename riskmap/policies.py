"""Policies: by which rule set, parameters and choice of source a province is read."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import time
from typing import Literal

from django.utils.translation import gettext as _

from core.audit import acting
from core.models import Area, User
from riskmap.counts import first_reported_day, lock_provinces, rebuild_daily_counts
from riskmap.enums import SourcePolicy
from riskmap.models import ProvincePolicy
from riskmap.rules.ruleset import RuleSet, RuleSetRefused, load_rule_set
from riskmap.stale import mark_stale

_NO_LEVEL_RESTS_ON = ("simulated", "disagreement_cases", "approval", "report_by")


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """What ``set_policy`` found: the policy now in force, and the fields it changed (none: it was so)."""

    policy: ProvincePolicy
    changed: tuple[str, ...]


def rule_set_of(provinces: Sequence[int]) -> dict[int, RuleSet]:
    """The rule set of each province (ids) with its own parameters; the default where none is set."""
    policies = {each.province_id: each for each in ProvincePolicy.objects.filter(province__in=provinces)}
    default = ProvincePolicy()
    chosen = {province: policies.get(province, default) for province in provinces}
    return {
        province: load_rule_set(policy.rule_set).with_parameters(policy.parameters)
        for province, policy in chosen.items()
    }


def set_policy(
    *,
    province: Area,
    by: User,
    rule_set: str | None = None,
    source_policy: SourcePolicy | None = None,
    parameters: Mapping[str, int | str | bool | None] | None = None,
    simulated: bool | None = None,
    disagreement_cases: int | None = None,
    approval: bool | None = None,
    report_by: time | Literal["never"] | None = None,
) -> PolicyChange:
    """Change what is given of the province's policy and leave the rest.

    A parameter of ``None`` goes back to the rule set's own value; ``report_by="never"`` asks for numbers by
    no hour. When the choice of source changes, the
    counts in force are chosen again from the ledger; when anything the levels rest on changes, they are
    stale from the first reported day. Raises ``RuleSetRefused`` for what the rule set does not allow.
    """
    with acting(by=by, reason=_("Đặt quy ước của tỉnh")):
        lock_provinces([province.pk])
        policy = ProvincePolicy.objects.filter(province=province).first() or ProvincePolicy(province=province)
        fields = ("rule_set", "source_policy", "parameters", *_NO_LEVEL_RESTS_ON)
        before = [deepcopy(getattr(policy, name)) for name in fields]
        policy.rule_set = rule_set or policy.rule_set
        policy.source_policy = source_policy or policy.source_policy
        policy.simulated = policy.simulated if simulated is None else simulated
        policy.disagreement_cases = disagreement_cases or policy.disagreement_cases
        policy.approval = policy.approval if approval is None else approval
        if report_by is not None:
            policy.report_by = None if report_by == "never" else report_by
        own = {**policy.parameters, **(parameters or {})}
        policy.parameters = {name: value for name, value in own.items() if value is not None}
        load_rule_set(policy.rule_set).with_parameters(policy.parameters)
        changed = tuple(
            name for name, was in zip(fields, before, strict=True) if was != getattr(policy, name)
        )
        if policy.pk is None or changed:
            policy.save()
        if "source_policy" in changed:
            rebuild_daily_counts(province=province)
        first = first_reported_day(province=province)
        if first and set(changed) - set(_NO_LEVEL_RESTS_ON):
            mark_stale(province=province, since=first, cause=_("quy ước của tỉnh"))
    return PolicyChange(policy, changed)


def read_parameters(
    assignments: Sequence[str], *, province: Area, rule_set: str | None = None
) -> dict[str, int | str | bool | None]:
    """``name=value`` as people type it, by the type the rule set gives; an empty value is ``None``.

    Raises ``RuleSetRefused`` for a name the rule set does not have or a value of another type.
    """
    policy = ProvincePolicy.objects.filter(province=province).first() or ProvincePolicy()
    known = {each.name: each for each in load_rule_set(rule_set or policy.rule_set).parameters}
    read: dict[str, int | str | bool | None] = {}
    for assignment in assignments:
        name, equals, text = (part.strip() for part in assignment.partition("="))
        if not equals or name not in known:
            raise RuleSetRefused(
                _("Không hiểu tham số “%(assignment)s”. Ghi tên=giá trị; có: %(known)s.")
                % {"assignment": assignment, "known": ", ".join(p.name for p in known.values() if p.settable)}
            )
        read[name] = _typed(text, type(known[name].value)) if text else None
    return read


def _typed(text: str, kind: type) -> int | str | bool:
    if kind is bool:
        return {"true": True, "false": False}.get(text.casefold(), text)
    if kind is int and text.lstrip("-").isdecimal():
        return int(text)
    return text
