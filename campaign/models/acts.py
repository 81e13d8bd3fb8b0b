"""Acts: the two fields, and the constraint, of what may not have happened yet."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def when(verbose_name: Any = "") -> models.DateTimeField:
    """When something was done, if it was."""
    return models.DateTimeField(verbose_name, null=True, blank=True)


def who() -> models.ForeignKey:
    """Who did it, if anybody did."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+"
    )


def acted(noun: str, verb: str, said: Any = None) -> models.CheckConstraint:
    """``{verb}_at`` and ``{verb}_by`` are both there, or neither."""
    at, by = f"{verb}_at__isnull", f"{verb}_by__isnull"
    return models.CheckConstraint(
        name=f"{noun}_{verb}_with_when_and_who",
        condition=Q(**{at: True, by: True}) | Q(**{at: False, by: False}),
        violation_error_message=said or _("Việc đã làm phải ghi cả người làm và thời điểm."),
    )
