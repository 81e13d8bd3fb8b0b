"""The pages of sources: who reports, in which order they count, and the keys of other systems."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import Permission, areas_where, can, require
from core.errors import DomainError
from core.finding import AreaNotFound, find_province
from core.models import Area, AreaQuerySet
from riskmap.addresses import refuse_repeated
from riskmap.api.push import MOST_ROWS
from riskmap.forms_sources import NEW_SOURCE, POLICY_WORDS, TokenForm, WeighForm
from riskmap.models import CountSource, SourceToken
from riskmap.source_page import page_of_sources, policy_of, provinces_with, sources_of, tokens_within
from riskmap.sources import ensure_source, weigh_sources
from riskmap.tokens import LONGEST_LIFE, open_token, revoke_token


@require_safe
@require(Permission.VIEW_WORKING)
def source_list(request: HttpRequest) -> HttpResponse:
    """``?province=``: its sources, what each posted last, and the keys I look after."""
    refuse_repeated(request)
    at, today = timezone.now(), timezone.localdate()
    provinces = provinces_with(request.user, Permission.VIEW_WORKING, on=today)
    province = _asked(request, provinces)
    page = page_of_sources(province=province, user=request.user, at=at, on=today)
    context = {
        "page": page,
        "province": province,
        "provinces": provinces,
        "policy_words": POLICY_WORDS[page.policy.source_policy],
        "may_weigh": can(request.user, Permission.MANAGE_SOURCES, province, on=today),
        "may_open": _my_areas(request, province).exists(),
    }
    return render(request, "riskmap/sources.html", context)


def _asked(request: HttpRequest, provinces: list[Area]) -> Area:
    code = request.GET.get("province")
    asked = [province for province in provinces if code in (None, province.code)]
    if not asked:
        raise Http404(_("Trong địa bàn của bạn không có tỉnh mang mã này."))
    return asked[0]


@require(Permission.MANAGE_SOURCES)
def source_policy(request: HttpRequest, code: str) -> HttpResponse:
    """Order of the sources, and which of them counts."""
    province = _province_or_404(code)
    if not can(request.user, Permission.MANAGE_SOURCES, province, on=timezone.localdate()):
        raise Http404(_("Trong địa bàn của bạn không có tỉnh mang mã này."))
    form = WeighForm(request.POST or None, sources=sources_of(province), policy=policy_of(province))
    if form.is_valid():
        try:
            changed = weigh_sources(province=province, **form.weighed(), by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            done = (
                _("Đã ghi. Số ca có hiệu lực và màu được tính lại.")
                if changed
                else _("Không có gì thay đổi.")
            )
            messages.success(request, done)
            return redirect(_address(province))
    context = {"form": form, "province": province, "trail": _trail(province, _("Thứ tự và quy ước"))}
    return render(request, "riskmap/source_policy.html", context)


@require(Permission.MANAGE_SOURCES)
def token_open(request: HttpRequest, code: str) -> HttpResponse:
    """A new key for another system; its secret is shown once, on the answer to this very request."""
    at, today, province = timezone.now(), timezone.localdate(), _province_or_404(code)
    areas = _my_areas(request, province)
    if (widest := areas.first()) is None:
        raise Http404(_("Trong địa bàn của bạn không có tỉnh mang mã này."))
    form = TokenForm(
        request.POST or None,
        initial={"last_day": today + LONGEST_LIFE / 2, "area": f"{widest.code} – {widest.name}"},
        sources=sources_of(province),
        may_add=can(request.user, Permission.MANAGE_SOURCES, province, on=today),
        areas=areas.select_related("parent"),
        today=today,
    )
    if form.is_valid():
        try:
            token, secret = open_token(
                source=_source(request, province, form.cleaned_data),
                area=form.cleaned_data["area"],
                name=form.cleaned_data["name"],
                expires_at=form.expires_at(),
                by=request.user,
                at=at,
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return _show_secret(request, token, secret)
    context = {"form": form, "province": province, "trail": _trail(province, _("Cấp khóa"))}
    return render(request, "riskmap/token_open.html", context)


def _source(request: HttpRequest, province: Area, said: dict) -> CountSource:
    if said["source"] == NEW_SOURCE:
        return ensure_source(province=province, name=said["new_source"], by=request.user)
    return CountSource.objects.select_related("province").get(pk=said["source"])


def _show_secret(request: HttpRequest, token: SourceToken, secret: str) -> HttpResponse:
    province = token.source.province
    context = {
        "token": token,
        "secret": secret,
        "address": request.build_absolute_uri("/api/v1/counts/"),
        "most_rows": MOST_ROWS,
        "back": _address(province),
        "trail": _trail(province, _("Khóa mới")),
    }
    response = render(request, "riskmap/token_secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require(Permission.MANAGE_SOURCES)
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Let a key open nothing any more, after one look."""
    token = tokens_within(request.user, on=timezone.localdate()).filter(pk=token_id).first()
    if token is None:
        raise Http404(_("Trong địa bàn của bạn không có khóa này."))
    province = token.source.province
    if request.method == "POST":
        try:
            revoke_token(token=token, by=request.user, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Đã thu hồi khóa của %(name)s.") % {"name": token.name})
        return redirect(_address(province))
    context = {"token": token, "back": _address(province), "trail": _trail(province, _("Thu hồi khóa"))}
    return render(request, "riskmap/token_revoke.html", context)


def _my_areas(request: HttpRequest, province: Area) -> AreaQuerySet | QuerySet[Area]:
    """Where in the province I manage sources, as units are today, from the top down."""
    today = timezone.localdate()
    mine = areas_where(request.user, Permission.MANAGE_SOURCES, on=today).under(province).valid_on(today)
    return mine.order_by("path")


def _province_or_404(code: str) -> Area:
    try:
        return find_province(code)
    except (AreaNotFound, ValueError):  # what PostgreSQL takes for no text at all is no code either
        raise Http404(_("Trong địa bàn của bạn không có tỉnh mang mã này.")) from None


def _address(province: Area) -> str:
    return reverse("riskmap:sources", query={"province": province.code})


def _trail(province: Area, here: str) -> list[tuple[str, str]]:
    return [(_address(province), _("Nguồn số liệu")), ("", here)]
