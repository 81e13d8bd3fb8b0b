"""What every page knows besides its own."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core.access import Permission, can_anywhere


def navigation(request: HttpRequest) -> dict:
    """Which of the guarded rooms the header offers; asked only where the header is drawn."""
    return {
        "may_manage_grants": SimpleLazyObject(
            lambda: can_anywhere(request.user, Permission.MANAGE_GRANTS, on=timezone.localdate())
        )
    }
