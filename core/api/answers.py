"""How the API answers: public, read only, the same bytes for everyone, and 304 where nothing changed."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.assets import ANY_ORIGIN
from core.api.languages import preferred_language
from core.api.questions import Question
from core.api.schema import PublicSchema
from core.api.throttles import PublicThrottle

MAX_AGE_SECONDS = 10  # caches in between may keep an answer this long before they ask again


class AlwaysJson(BaseContentNegotiation):
    """There is one form; a client that wishes for another is told so by ``Content-Type``."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """Anyone may ask; JSON; sentences as ``Accept-Language`` wishes. The session is not looked at."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [PublicThrottle]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = AlwaysJson
    number_words = "Its id, as the list tells it."  # what a number in the address is

    def dispatch(self, request, *args, **kwargs):
        language = preferred_language(request.headers.get("Accept-Language", ""))
        with translation.override(language):
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, Response):
                response.render()
        response.setdefault("Content-Language", language)
        response["Access-Control-Allow-Origin"] = ANY_ORIGIN
        patch_vary_headers(response, ["Accept-Language"])
        return response

    def cost(self, request: Request) -> int:
        """As how many questions the throttle counts this one."""
        return 1


class NothingHere(ApiView):
    """Every address under ``/api/`` that there is not, whatever the method."""

    schema = None

    def initial(self, request, *args, **kwargs) -> None:
        raise Http404


class PublicView(ApiView):
    """A GET of published data. A subclass says what may be asked, what is answered, and answers.

    ``state`` names everything the answer depends on besides the address and the language; it costs one
    small query, and so does a 304.
    """

    http_method_names = ["get", "head"]
    schema = PublicSchema()
    cache_control = f"public, max-age={MAX_AGE_SECONDS}"
    question_class: type[Question] = Question
    answer_class: type[serializers.Serializer]

    def answer(self, asked: dict, *, on: date, **address: str):
        """What ``answer_class`` serializes. ``asked`` is the validated question, ``on`` is today."""
        raise NotImplementedError

    def state(self) -> str:
        return journal_head()

    def get(self, request: Request, **address: str) -> Response | HttpResponseNotModified:
        asked = self.question_class.read(request.query_params)
        today = timezone.localdate()
        etag = self._etag(request, today)
        condition = request.headers.get("If-None-Match", "")
        if condition and condition.strip() != "*":
            unchanged = get_conditional_response(request._request, etag=etag)
            if unchanged is not None:
                return self._as_published(unchanged, etag)
        response = self._as_published(self.respond(asked, on=today, **address), etag)
        return get_conditional_response(request._request, etag=etag, response=response) or response

    def respond(self, asked: dict, *, on: date, **address: str) -> Response | HttpResponse:
        return Response(self.answer_class(self.answer(asked, on=on, **address)).data)

    def _etag(self, request: Request, today: date) -> str:
        parts = (
            program(),
            self.state(),
            today.isoformat(),
            translation.get_language(),
            request.get_full_path(),
        )
        return f'W/"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]}"'

    def _as_published(self, response, etag: str):
        response["ETag"] = etag
        response["Cache-Control"] = self.cache_control
        return response


class FileView(PublicView):
    """A GET of published data as a file. A subclass writes it: ``answer`` gives its name and its bytes."""

    media_type: str
    file_schema: object = str  # what the OpenAPI document says the file holds

    def answer(self, asked: dict, *, on: date, **address: str) -> tuple[str, bytes]:
        raise NotImplementedError

    def respond(self, asked: dict, *, on: date, **address: str) -> HttpResponse:
        name, body = self.answer(asked, on=on, **address)
        # ``inline``: a browser shows it where it can; a person who saves it gets the name.
        disposition = {"Content-Disposition": f'inline; filename="{name}"'}
        return HttpResponse(body, content_type=self.media_type, headers=disposition)


@cache
def program() -> str:
    """A fingerprint of code, rule sets and texts: after an update nothing old is called unchanged."""
    digest = hashlib.sha256()
    for pattern in (
        "core/**/*.py",
        "riskmap/**/*.py",
        "riskmap/**/*.toml",
        "campaign/**/*.py",
        "awards/**/*.py",
        "awards/**/*.toml",
        "locale/**/*.mo",
    ):
        for file in sorted(settings.BASE_DIR.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def journal_head() -> str:
    """The place of the last committed write to a governed table: areas, shapes, people, the ledger …"""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(position), 0) from core_auditevent")
        return str(cursor.fetchone()[0])
