"""The day's grid: where the counts of a day are typed, kept as drafts, and tried on the map."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import Permission, areas_where, can, require
from core.forms import DayField
from riskmap.area_identity import area_of_day
from riskmap.drafts import save_cells
from riskmap.entry_colours import colours_of
from riskmap.entry_grid import EntryGrid, grid_of
from riskmap.entry_home import lines_of
from riskmap.entry_scope import places_of
from riskmap.entry_source import entry_source
from riskmap.entry_words import clock, row_for_script, script_words
from riskmap.forms_entry import CellForm
from riskmap.history import LIVE_DAYS
from riskmap.imports.cells import EPIDEMIC_BEGAN


class DayForm(forms.Form):
    """The day to enter counts of; not one to come, nor one of a wrong year."""

    day = DayField(label=_("Ngày"))

    def __init__(self, *arguments, today: date, **options) -> None:
        super().__init__(*arguments, **options)
        self.today = today

    def clean_day(self) -> date:
        if self.cleaned_data["day"] > self.today:
            raise forms.ValidationError(_("Chưa đến ngày này; chỉ nhập số liệu đến hết hôm nay."))
        if self.cleaned_data["day"] < EPIDEMIC_BEGAN:
            raise forms.ValidationError(_("Ngày này trước khi có dịch; xin xem lại năm."))
        return self.cleaned_data["day"]


@require_safe
@require(Permission.ENTER_COUNTS)
def entry_home(request: HttpRequest) -> HttpResponse:
    """The districts and communes whose counts one enters, on ``?day=`` (today); a single one opens."""
    today = timezone.localdate()
    form = DayForm(request.GET if "day" in request.GET else None, today=today)
    day = form.cleaned_data["day"] if form.is_valid() else today
    places = places_of(areas_where(request.user, Permission.ENTER_COUNTS, on=today), day=day)
    wanted = [place for place in places if place.code == request.GET.get("area", "")] or places
    if len(wanted) == 1 and not form.errors:
        return redirect("riskmap:entry_grid", wanted[0].code, day.isoformat())
    context = {
        "form": form,
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "lines": lines_of(places, day=day),
        "area": wanted[0] if len(wanted) == 1 else None,
    }
    return render(request, "riskmap/entry_home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.ENTER_COUNTS)
def entry_grid(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """The grid of a district, or of one commune, on a day; a plain form where there are no scripts."""
    at = timezone.now()
    today = timezone.localdate(at)
    grid = grid_or_404(request, code, day, at=at)
    if request.method != "POST":
        return grid_page(request, grid, [CellForm(row, on=today, prefix=row.area.code) for row in grid.rows])
    posted, grid, saved = save_posted(request, grid, at)
    if any(form.refused for form in posted):
        return grid_page(request, grid, posted)
    if saved:
        messages.success(
            request,
            _("Đã lưu %(count)s xã lúc %(time)s, chưa gửi.")
            % {"count": saved, "time": f"{timezone.localtime(at):%H:%M:%S}"},
        )
    return redirect("riskmap:entry_grid", code, day)


@require_POST
@require(Permission.ENTER_COUNTS)
def save_entry_cells(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """What the page's script saves by itself: ``{"cells": {code: {column: text, note, version, entry}}}``.

    Answers for each row how it stands, what somebody else wrote in it, or what is wrong in which column.
    """
    at = timezone.now()
    on = timezone.localdate(at)
    grid = grid_or_404(request, code, day, at=at)
    try:
        sent = json.loads(request.body)["cells"]
        wanted = {row.area.code: sent[row.area.code] for row in grid.rows if row.area.code in sent}
        posted = [CellForm(row, wanted[row.area.code], on=on) for row in grid.rows if row.area.code in wanted]
        valid = [form for form in posted if form.is_valid()]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadRequest("cells") from None
    changed, grid = _save(request, grid, valid, at)
    rows = {row.area.code: row for row in grid.rows}
    return JsonResponse(
        {
            "rows": {
                form.row.area.code: row_for_script(rows[form.row.area.code], on=on)
                for form in valid
                if form.row.area.pk not in changed
            },
            "changed": {
                row.area.code: row_for_script(row, on=on) for row in grid.rows if row.area.pk in changed
            },
            "errors": {form.row.area.code: dict(form.faults()) for form in posted if form.errors},
        }
    )


@require_POST
@require(Permission.ENTER_COUNTS)
def try_colours(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """The day's colours with the numbers entered; what a form without scripts brings is saved first."""
    at = timezone.now()
    grid = grid_or_404(request, code, day, at=at)
    posted, grid, _saved = save_posted(request, grid, at)
    if any(form.refused for form in posted):
        return grid_page(request, grid, posted)
    context = {"grid": grid, "colours": colours_of(grid=grid, on=timezone.localdate(at))}
    if request.headers.get("X-Requested-With") == "fetch":
        return render(request, "riskmap/_entry_colours.html", context)
    context["breadcrumbs"] = grid_trail(grid, _("Màu bản đồ"))
    return render(request, "riskmap/entry_colours.html", context)


def grid_or_404(request: HttpRequest, code: str, day: str, *, at: datetime) -> EntryGrid:
    """The grid of the address, if the person enters counts there. Raises ``Http404``."""
    today = timezone.localdate(at)
    try:
        of_day = date.fromisoformat(day)
    except ValueError:
        of_day = None
    if of_day is None or of_day.isoformat() != day:
        raise Http404(_("Địa chỉ không ghi đúng ngày."))
    if of_day < EPIDEMIC_BEGAN:
        raise Http404(_("Ngày này trước khi có dịch; xin xem lại năm."))
    area = area_of_day(code=code, day=of_day)
    if area is None or not can(request.user, Permission.ENTER_COUNTS, area, on=today):
        raise Http404(_("Không có đơn vị này trong địa bàn bạn nhập số ca."))
    if of_day > today:
        raise Http404(_("Chưa đến ngày này; chỉ nhập số liệu đến hết hôm nay."))
    grid = grid_of(area=area, day=of_day, at=at)
    if not grid.rows:
        raise Http404(_("Số ca nhập theo từng xã, phường: hãy chọn một huyện hoặc một xã."))
    return grid


def save_posted(request: HttpRequest, grid: EntryGrid, at: datetime) -> tuple[list[CellForm], EntryGrid, int]:
    """Save the rows of a plain form that somebody touched: the forms, the grid as it stands now, how many.

    What was typed before the day was accepted is kept as well, and told of in its row.
    """
    on = timezone.localdate(at)
    posted = []
    for row in grid.rows:
        sent = f"{row.area.code}-version" in request.POST
        posted.append(CellForm(row, request.POST if sent else None, on=on, prefix=row.area.code))
        if sent and "zeros" in request.POST and not row.locked:
            posted[-1].fill_zeros()
    touched = [form for form in posted if form.is_bound and form.touched]
    valid = [form for form in touched if form.is_valid()]
    changed, grid = _save(request, grid, valid, at)
    for form, row in zip(posted, grid.rows, strict=True):
        form.stand(row, refused=form in touched and (bool(form.errors) or row.area.pk in changed))
    cells = [form if form.refused else CellForm(form.row, on=on, prefix=form.prefix) for form in posted]
    return cells, grid, len(valid) - len(changed)


def _save(
    request: HttpRequest, grid: EntryGrid, valid: Sequence[CellForm], at: datetime
) -> tuple[set[int], EntryGrid]:
    """Save valid rows: the communes (ids) that somebody else changed, and the grid as it stands now."""
    if not valid:
        return set(), grid
    source = grid.source or entry_source(province=grid.province, by=request.user)
    saved = save_cells(
        source=source, day=grid.day, edits=[form.edit for form in valid], by=request.user, at=at
    )
    return set(saved.changed), grid_of(area=grid.area, day=grid.day, at=at)


def grid_page(request: HttpRequest, grid: EntryGrid, cells: Sequence[CellForm]) -> HttpResponse:
    """The page of the grid, with what each row is to show."""
    today = timezone.localdate()
    last = grid.last_reported_day
    context = {
        "grid": grid,
        "cells": cells,
        "faulty": any(cell.refused for cell in cells),
        "before": grid.day - timedelta(days=1),
        "after": grid.day + timedelta(days=1) if grid.day < today else None,
        "far_behind": last is not None and last + timedelta(days=LIVE_DAYS) < grid.day,
        "scope_opens": can(request.user, Permission.ENTER_COUNTS, grid.scope, on=today),
        "last_saved_at": grid.last_saved and clock(grid.last_saved.saved_at, on=today),
        "script_words": script_words(),
        "breadcrumbs": grid_trail(grid),
    }
    return render(request, "riskmap/entry_grid.html", context)


def grid_trail(grid: EntryGrid, *here: str) -> list[tuple[str, str]]:
    """Breadcrumbs from the list of places to the grid, and to what lies behind it."""
    name = f"{grid.area.name}, {grid.day:%d/%m/%Y}"
    trail = [(reverse("riskmap:entry_home", query={"day": f"{grid.day:%d/%m/%Y}"}), _("Nhập số ca"))]
    if not here:
        return [*trail, ("", name)]
    grid_url = reverse("riskmap:entry_grid", args=[grid.area.code, grid.day.isoformat()])
    return [*trail, (grid_url, name), *(("", step) for step in here)]
