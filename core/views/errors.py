"""Pages for what went wrong. Those of 400, 403 and 404 are templates alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug: say so, with the id that stands in the log beside the traceback."""
    return render(request, "500.html", {"request_id": getattr(request, "id", "")}, status=500)
