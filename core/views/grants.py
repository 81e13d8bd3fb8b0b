"""Who may do what where: the administrators' pages."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import people
from core.access import Permission, areas_where, require
from core.errors import DomainError
from core.forms import AccountForm, EndGrantForm, GrantFilterForm, GrantForm
from core.models import Grant, User
from core.permissions import rights_of_roles

GRANTS_A_PAGE = 50


def _visible_grants(request: HttpRequest) -> QuerySet[Grant]:
    grants = Grant.objects.for_user(request.user, Permission.MANAGE_GRANTS, on=timezone.localdate())
    return grants.select_related("user", "area__parent", "granted_by", "ended_by")


def _person_within_reach(request: HttpRequest, user_id: int) -> User:
    account = people.people_within_reach(request.user, on=timezone.localdate()).filter(pk=user_id).first()
    if account is None:
        raise Http404(_("Trong địa bàn của bạn không có người này."))
    return account


def _trail(here: str) -> list[tuple[str, str]]:
    return [(reverse("core:grants"), _("Phân quyền")), ("", here)]


@require_safe
@require(Permission.MANAGE_GRANTS)
def grant_list(request: HttpRequest) -> HttpResponse:
    """The grants in force in my areas, on a day of choice."""
    today = timezone.localdate()
    form = GrantFilterForm({"on": today, **request.GET.dict()})
    grants = form.narrow(_visible_grants(request), today=today)
    page = Paginator(
        grants.order_by("user__sort_key", "user_id", "area__sort_key", "role", "pk"), GRANTS_A_PAGE
    ).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rights_of_roles": rights_of_roles()}
    return render(request, "core/grant_list.html", context)


@require(Permission.MANAGE_GRANTS)
def grant_give(request: HttpRequest) -> HttpResponse:
    """Trust a person with a role over one of my areas."""
    today = timezone.localdate()
    form = GrantForm(
        request.POST or None,
        initial={"valid_from": today, "user": request.GET.get("user", "")},
        people=people.people_within_reach(request.user, on=today),
        areas=areas_where(request.user, Permission.MANAGE_GRANTS, on=today)
        .valid_on(today)
        .select_related("parent")
        .order_by("path"),
    )
    if form.is_valid():
        try:
            grant = people.give_grant(**form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã giao quyền: %(grant)s.") % {"grant": grant})
            return redirect("core:person", grant.user_id)
    context = {"form": form, "trail": _trail(_("Giao quyền")), "rights_of_roles": rights_of_roles()}
    return render(request, "core/grant_give.html", context)


@require(Permission.MANAGE_GRANTS)
def grant_end(request: HttpRequest, grant_id: int) -> HttpResponse:
    """End a grant at once, with a reason for the journal."""
    grant = _visible_grants(request).filter(pk=grant_id).first()
    if grant is None:
        raise Http404(_("Trong địa bàn của bạn không có phân quyền này."))
    form = EndGrantForm(request.POST or None)
    if form.is_valid():
        try:
            people.end_grant(grant=grant, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã kết thúc phân quyền: %(grant)s.") % {"grant": grant})
            return redirect("core:person", grant.user_id)
    context = {"form": form, "grant": grant, "trail": _trail(_("Kết thúc phân quyền"))}
    return render(request, "core/grant_end.html", context)


@require(Permission.MANAGE_GRANTS)
def account_open(request: HttpRequest) -> HttpResponse:
    """A new account; its temporary password is shown once, on the answer to this very request."""
    form = AccountForm(request.POST or None)
    if form.is_valid():
        try:
            account, password = people.open_account(**form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return _show_password(request, account, password)
    return render(request, "core/account_open.html", {"form": form, "trail": _trail(_("Mở tài khoản"))})


@require_safe
@require(Permission.MANAGE_GRANTS)
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person, and all grants they have or had in my areas."""
    today = timezone.localdate()
    account = _person_within_reach(request, user_id)
    grants = _visible_grants(request).filter(user=account).order_by("-granted_at", "-pk")
    in_force = set(grants.active_on(today).values_list("pk", flat=True))
    return render(
        request,
        "core/person.html",
        {
            "account": account,
            "grants": [(grant, grant.pk in in_force) for grant in grants],
            "trail": _trail(str(account)),
        },
    )


@require_POST
@require(Permission.MANAGE_GRANTS)
def password_reset(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new temporary password for someone who forgot theirs, shown once."""
    now = timezone.now()
    account = _person_within_reach(request, user_id)
    try:
        password = people.reset_password(user=account, by=request.user, at=now)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("core:person", account.pk)
    return _show_password(request, account, password)


def _show_password(request: HttpRequest, account: User, password: str) -> HttpResponse:
    context = {"account": account, "password": password, "trail": _trail(_("Mật khẩu tạm"))}
    response = render(request, "core/temporary_password.html", context)
    response["Cache-Control"] = "no-store"
    return response
