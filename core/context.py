"""What every page knows besides its own."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core.access import Permission, permissions_anywhere
from core.inbox import unread_count


def navigation(request: HttpRequest) -> dict:
    """What the person may do somewhere, and what waits in the inbox; asked only where it is drawn.

    Nothing of it is ever in an answer kept for everyone: no page with the header is one.
    """
    user = getattr(request, "user", AnonymousUser())  # a request refused early has not been asked who it is
    may = SimpleLazyObject(lambda: permissions_anywhere(user, on=timezone.localdate()))
    return {
        "may": may,
        "may_manage_grants": SimpleLazyObject(lambda: Permission.MANAGE_GRANTS in may),
        "unread_notices": SimpleLazyObject(lambda: unread_count(user) if user.is_authenticated else 0),
    }
