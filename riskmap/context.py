"""What every page says of the data."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.models import Area


def simulated(request: HttpRequest) -> dict:
    """The provinces whose counts are simulated; asked only where a page is drawn."""
    return {
        "simulated_provinces": SimpleLazyObject(
            lambda: list(Area.objects.filter(policy__simulated=True).in_vietnamese_order())
        )
    }
