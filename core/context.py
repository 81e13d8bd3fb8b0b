"""What every page knows besides its own."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core.access import Permission, can_anywhere
from core.inbox import unread_count


def navigation(request: HttpRequest) -> dict:
    """Which of the guarded rooms the header offers, what waits in the inbox; asked only where it is drawn.

    Nothing of it is ever in an answer kept for everyone: no page with the header is one.
    """
    return {
        "may_manage_grants": SimpleLazyObject(
            lambda: can_anywhere(request.user, Permission.MANAGE_GRANTS, on=timezone.localdate())
        ),
        "unread_notices": SimpleLazyObject(
            lambda: unread_count(request.user) if request.user.is_authenticated else 0
        ),
    }
