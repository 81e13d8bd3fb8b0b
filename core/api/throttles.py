"""How often one may ask, counted by each process for itself: no server has to be asked."""

import time

from django.conf import settings
from rest_framework.throttling import BaseThrottle

WINDOW_SECONDS = 60


class MinuteThrottle(BaseThrottle):
    """So many questions of one asker in each minute of the clock. A subclass says who asks, and how many."""

    limit: str  # the name of the setting
    _minute = 0
    _asked: dict[object, int] = {}

    def __init_subclass__(cls) -> None:
        cls._minute, cls._asked = 0, {}

    def asker(self, request) -> object:
        """Whose questions are counted together: by default those of one address."""
        return self.get_ident(request) or ""

    def allow_request(self, request, view) -> bool:
        return self.count(request, view.cost(request)) <= getattr(settings, self.limit)

    def count(self, request, cost: int) -> int:
        """How much the asker has asked in this minute, ``cost`` included."""
        counting, minute = type(self), int(time.time() // WINDOW_SECONDS)
        if minute != counting._minute:
            counting._minute, counting._asked = minute, {}
        asker = self.asker(request)
        asked = counting._asked.get(asker, 0) + cost
        counting._asked[asker] = asked
        return asked

    def wait(self) -> float:
        return WINDOW_SECONDS - time.time() % WINDOW_SECONDS


class PublicThrottle(MinuteThrottle):
    """``API_REQUESTS_PER_MINUTE`` of an address.

    Guards what is computed; answers from memory (``config.public_bytes``) never come here.
    """

    limit = "API_REQUESTS_PER_MINUTE"
