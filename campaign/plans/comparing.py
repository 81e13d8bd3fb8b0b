"""What a plan's file would change, line by line; nothing is written.

Where the plan is silent the office's word stands: a first day, a deadline or an order that the file marks
``office`` is taken once, when it is new, and what the file leaves empty stays as the office wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.enums import SetBy
from campaign.models import Campaign
from campaign.plans.reading import PARTS, Plan, PlanRefused, fault_of_phases
from core.finding import find_province
from core.models import Area

OFFICES_DATES = {
    "first_day_set_by": ("first_day", "first_day_note"),
    "deadline_set_by": ("dossier_deadline", "deadline_wording"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One difference. ``before`` is None for what is new, ``after`` for what goes away."""

    what: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.before is None:
            return f"+ {self.what}: {self.after}"
        if self.after is None:
            return f"− {self.what}: {self.before}"
        return f"~ {self.what}: {self.before or '(trống)'} → {self.after or '(trống)'}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What loading would do. ``parts`` are the values of all lines as they would then be, by their list."""

    province: Area
    campaign: Campaign | None  # as it is
    values: Mapping[str, Any]
    parts: Mapping[str, Sequence[Mapping[str, Any]]]
    lines: Sequence[Line]
    rows: Mapping[str, Mapping[str, models.Model]] = field(repr=False)  # as they are, by list and code


def compare_plan(plan: Plan) -> Difference:
    """Compare the plan with what is stored. Raises ``PlanRefused``, ``AreaNotFound``."""
    province = find_province(plan.province)
    campaign = Campaign.objects.filter(slug=plan.campaign["slug"]).select_related("province").first()
    if campaign and campaign.province_id != province.pk:
        raise PlanRefused(
            _("%(file)s: mã %(slug)s đã dùng cho phong trào của %(province)s; xin đặt slug khác.")
            % {"file": plan.file, "slug": campaign.slug, "province": campaign.province.name}
        )
    rows = {
        section: {row.code: row for row in getattr(campaign, section).all()} if campaign else {}
        for section in PARTS
    }
    values = _without_gaps(plan.campaign, campaign)
    parts = dict(plan.parts)
    parts["phases"] = [_with_offices_dates(each, rows["phases"]) for each in parts["phases"]]
    if campaign:
        parts["scoring_rules"] = _with_offices_order(parts["scoring_rules"], rows["scoring_rules"])
    if fault := fault_of_phases(parts["phases"]):  # with the office's own dates among them
        raise PlanRefused(f"{plan.file}: {fault}")
    lines = _campaign_lines(values, campaign)
    for section in PARTS:
        lines += _part_lines(section, parts[section], rows[section])
    return Difference(province, campaign, values, parts, tuple(lines), rows)


def _without_gaps(values: Mapping[str, Any], campaign: Campaign | None) -> dict[str, Any]:
    if campaign is None:
        return dict(values)
    return {name: getattr(campaign, name) if value in (None, "") else value for name, value in values.items()}


def _with_offices_dates(values: Mapping[str, Any], rows: Mapping[str, models.Model]) -> dict[str, Any]:
    row = rows.get(values["code"])
    kept = dict(values)
    for set_by, names in OFFICES_DATES.items():
        if row is not None and values[set_by] == getattr(row, set_by) == SetBy.OFFICE:
            kept |= {name: getattr(row, name) for name in names}
    return kept


def _with_offices_order(
    lines: Sequence[Mapping[str, Any]], rows: Mapping[str, models.Model]
) -> list[Mapping[str, Any]]:
    """The plan's own facts as the file has them, then the office's as they stand."""
    own = [line for line in lines if line["set_by"] == SetBy.PLAN]
    facts = {line["fact"] for line in own}
    names = [*PARTS["scoring_rules"], "place"]
    offices = [
        {name: getattr(row, name) for name in names}
        for row in rows.values()
        if row.set_by == SetBy.OFFICE and row.fact not in facts
    ]
    taken = {line["place"] for line in own}
    if taken & {line["place"] for line in offices}:
        offices = [line | {"place": max(taken) + nth} for nth, line in enumerate(offices, start=1)]
    return [*own, *offices]


def _campaign_lines(values: Mapping[str, Any], campaign: Campaign | None) -> list[Line]:
    if campaign is None:
        return [Line(_("phong trào mới"), None, values["short_title"])]
    return [
        Line(label(Campaign, name), said(getattr(campaign, name)), said(value))
        for name, value in values.items()
        if getattr(campaign, name) != value
    ]


def _part_lines(
    section: str, parts: Sequence[Mapping[str, Any]], rows: Mapping[str, models.Model]
) -> list[Line]:
    model = Campaign._meta.get_field(section).related_model
    noun = str(model._meta.verbose_name)
    lines = []
    for values in parts:
        row = rows.get(values["code"])
        if row is None:
            lines.append(Line(f"{noun} {values['code']}", None, str(model(**values))))
            continue
        lines += [
            Line(f"{noun} {row.code}, {label(model, name)}", said(getattr(row, name)), said(value))
            for name, value in values.items()
            if getattr(row, name) != value
        ]
    stay = {values["code"] for values in parts}
    lines += [Line(f"{noun} {code}", str(row), None) for code, row in rows.items() if code not in stay]
    return lines


def label(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def said(value: Any) -> str:
    """A value as people write it here."""
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%H:%M %d/%m/%Y}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, (list, tuple)):
        return "; ".join(value)
    return "" if value is None else str(value)
