"""Querysets that start from what a person may see."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from core.permissions import Permission, roles_with

if TYPE_CHECKING:
    from core.models.people import User


def granted_paths(user: User | AnonymousUser, permission: Permission, *, on: date) -> list[str]:
    """The area paths over which ``user`` holds ``permission`` on the day ``on``; one query.

    A password that somebody else set opens nothing until its owner has changed it.
    """
    if not user.is_authenticated or not user.is_active or user.password_is_temporary:
        return []
    grants = user.grants.active_on(on).filter(role__in=roles_with(permission))
    return list(grants.values_list("area__path", flat=True).distinct())


class ScopedQuerySet(models.QuerySet):
    """A queryset whose rows lie in an area; ``area_lookup`` is the way there, empty for areas themselves."""

    area_lookup = "area"

    def for_user(self, user: User | AnonymousUser, permission: Permission, *, on: date) -> Self:
        """The rows in the areas over which ``user`` holds ``permission`` on the day ``on``, and below."""
        path = f"{self.area_lookup}__path" if self.area_lookup else "path"
        allowed = Q(pk__in=[])
        for granted in granted_paths(user, permission, on=on):
            allowed |= Q(**{path: granted}) | Q(**{f"{path}__startswith": granted + "/"})
        return self.filter(allowed)


class ProvinceScopedQuerySet(ScopedQuerySet):
    """Rows of a whole province."""

    area_lookup = "province"
