"""How often one address may ask, counted by each process for itself: no server has to be asked."""

import time

from django.conf import settings
from rest_framework.throttling import BaseThrottle

WINDOW_SECONDS = 60


class PublicThrottle(BaseThrottle):
    """``API_REQUESTS_PER_MINUTE`` of an address in each minute of the clock.

    Guards what is computed; answers from memory (``config.public_bytes``) never come here.
    """

    _minute = 0
    _asked: dict[str, int] = {}

    def allow_request(self, request, view) -> bool:
        minute = int(time.time() // WINDOW_SECONDS)
        if minute != PublicThrottle._minute:
            PublicThrottle._minute, PublicThrottle._asked = minute, {}
        address = self.get_ident(request) or ""
        asked = PublicThrottle._asked.get(address, 0) + view.cost(request)
        PublicThrottle._asked[address] = asked
        return asked <= settings.API_REQUESTS_PER_MINUTE

    def wait(self) -> float:
        return WINDOW_SECONDS - time.time() % WINDOW_SECONDS
