"""Access: may this person do this here, and where may they do it.

What is public (maps, levels, why, counts by commune) asks nothing. Everything else starts from one of
these questions, or from ``Model.objects.for_user``. Nobody is above the grants: ``is_superuser`` opens
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from rest_framework.permissions import BasePermission

from core.enums import Role
from core.models import Area, AreaQuerySet, User
from core.models.scoping import granted_paths
from core.permissions import ROLE_PERMISSIONS, Permission

__all__ = [
    "Permission",
    "areas_where",
    "can",
    "can_anywhere",
    "permission_class",
    "permissions_anywhere",
    "require",
    "require_account",
]


def can(user: User | AnonymousUser, permission: Permission, area: Area, *, on: date) -> bool:
    """Whether ``user`` holds ``permission`` over ``area``, from a grant there or above, on the day ``on``."""
    return any(
        area.path == granted or area.path.startswith(granted + "/")
        for granted in granted_paths(user, permission, on=on)
    )


def can_anywhere(user: User | AnonymousUser, permission: Permission, *, on: date) -> bool:
    """Whether there is any area over which ``user`` holds ``permission`` on the day ``on``."""
    return bool(granted_paths(user, permission, on=on))


def permissions_anywhere(user: User | AnonymousUser, *, on: date) -> frozenset[Permission]:
    """Everything that ``user`` may do somewhere on the day ``on``; one query."""
    if not user.is_authenticated or not user.is_active or user.password_is_temporary:
        return frozenset()
    roles = user.grants.active_on(on).values_list("role", flat=True).distinct()
    return frozenset().union(*(ROLE_PERMISSIONS[Role(role)] for role in roles))


def areas_where(user: User | AnonymousUser, permission: Permission, *, on: date) -> AreaQuerySet:
    """All areas over which ``user`` holds ``permission`` on the day ``on``."""
    return Area.objects.for_user(user, permission, on=on)


def require(permission: Permission) -> Callable:
    """Open a view only to those who hold ``permission`` somewhere today; the view narrows it to its area.

    Someone who is not logged in is sent to the login page and comes back, someone with a temporary password
    to the page that changes it; others get the 403 page.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @require_account
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
            if not can_anywhere(request.user, permission, on=timezone.localdate()):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_permission = permission
        return guarded

    return decorate


def require_account(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open a view about a person's own things to that person, once the password is their own.

    What it answers is kept nowhere, so that "back" shows nothing to whoever sits there next.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.user.password_is_temporary:
            return redirect("core:password_change")
        response = view(request, *args, **kwargs)
        response.setdefault("Cache-Control", "no-store")
        return response

    return guarded


def permission_class(permission: Permission) -> type[BasePermission]:
    """The same door for an API view: ``permission_classes = [permission_class(Permission.X)]``.

    The view's list still starts from ``for_user``; an object must have, or be, an ``area``.
    """

    class Holds(BasePermission):
        message = permission.label

        def has_permission(self, request, view) -> bool:
            return can_anywhere(request.user, permission, on=timezone.localdate())

        def has_object_permission(self, request, view, obj) -> bool:
            area = obj if isinstance(obj, Area) else obj.area
            return can(request.user, permission, area, on=timezone.localdate())

    return Holds
