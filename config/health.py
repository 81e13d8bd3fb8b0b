"""``/healthz``: whether this process can do its work, for health checks of containers and balancers."""

from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse

PATH = "/healthz"


class HealthMiddleware:
    """Answers before hosts are checked and before http is sent to https: a health check knows neither."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request) -> HttpResponse:
        if request.path != PATH:
            return self.get_response(request)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return JsonResponse({"status": "database unreachable"}, status=503)
        return JsonResponse({"status": "ok"})
