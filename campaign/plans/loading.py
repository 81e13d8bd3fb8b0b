"""Loading a plan's file: the campaign and its lists become what the file says, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import RestrictedError
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.area_units import add_area_units
from campaign.models import Campaign
from campaign.models.parts import Part
from campaign.plans.comparing import Difference, compare_plan
from campaign.plans.guarding import guard_phases
from campaign.plans.reading import PARTS, Plan, PlanRefused
from campaign.plans.reasons import demand_reason
from core.audit import acting
from core.finding import find_province
from core.models import User
from riskmap.counts import lock_provinces


def load_plan(*, plan: Plan, by: User, at: datetime, reason: str = "") -> Difference:
    """Make the stored campaign what the plan's file says; a second time changes nothing.

    Lines with a code that is known are changed, new ones are added, those that the file no longer has go
    away unless something rests on them. What the office set where the plan is silent stays: see
    ``campaign.plans.comparing``. The days of every phase are guarded (``riskmap.guarded``), areas of the
    tiers that compete become units. Returns what was done. Raises ``PlanRefused``, ``ReasonNeeded``,
    ``AreaNotFound``.
    """
    on = timezone.localdate(at)
    with acting(by=by, reason=reason or _("Nạp kế hoạch từ tệp %(file)s") % {"file": plan.file}):
        lock_provinces([find_province(plan.province).pk])
        difference = compare_plan(plan)
        campaign = difference.campaign
        if campaign is None:
            campaign = Campaign(province=difference.province, created_at=at, created_by=by)
        elif difference.lines:
            demand_reason(campaign, reason=reason, on=on)
            _refuse_to_drop_begun_phases(difference, plan, on=on)
        if difference.lines:
            for name, value in difference.values.items():
                setattr(campaign, name, value)
            campaign.save()
            for section in PARTS:
                _write(campaign, section, difference)
        guard_phases(campaign=campaign, by=by)
        add_area_units(campaign=campaign, on=on, by=by, at=at)
    return difference


def _refuse_to_drop_begun_phases(difference: Difference, plan: Plan, *, on: date) -> None:
    stay = {values["code"] for values in difference.parts["phases"]}
    for code, phase in difference.rows["phases"].items():
        if code not in stay and phase.first_day <= on:
            raise PlanRefused(
                _("%(file)s: thiếu đợt %(code)s đã bắt đầu ngày %(day)s; đợt đã bắt đầu thì không bỏ được.")
                % {"file": plan.file, "code": code, "day": f"{phase.first_day:%d/%m/%Y}"}
            )


def _write(campaign: Campaign, section: str, difference: Difference) -> None:
    """Make the lines of one list what they shall be, in three statements."""
    model: type[models.Model] = Campaign._meta.get_field(section).related_model
    rows, wanted = difference.rows[section], difference.parts[section]
    stay = {values["code"] for values in wanted}
    try:
        model.objects.filter(pk__in=[row.pk for code, row in rows.items() if code not in stay]).delete()
    except RestrictedError as restricted:
        raise PlanRefused(
            _(
                "Không bỏ được một dòng của kế hoạch vì đã có đăng ký hoặc hồ sơ dựa vào (%(dependent)s); "
                "xin giữ dòng đó trong tệp."
            )
            % {"dependent": next(iter(restricted.restricted_objects))}
        ) from restricted
    new = [model(campaign=campaign, **values) for values in wanted if values["code"] not in rows]
    known = [_changed(rows[values["code"]], values) for values in wanted if values["code"] in rows]
    names = [*PARTS[section], *(["place"] if issubclass(model, Part) else [])]
    model.objects.bulk_update(known, [name for name in names if name != "code"])
    model.objects.bulk_create(new)


def _changed(row: models.Model, values: Mapping[str, Any]) -> models.Model:
    for name, value in values.items():
        setattr(row, name, value)
    return row
