"""``POST /counts/``: another system sends the counts of its source, with a token and an Idempotency-Key."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from core.api.answers import ApiView
from core.api.questions import CODE
from core.api.schema import DocumentedSchema, ErrorAnswer
from core.api.throttles import MinuteThrottle
from riskmap.imports.cells import MAX_COUNT
from riskmap.in_force import COUNT_COLUMNS
from riskmap.models import CountPost, SourceToken
from riskmap.pushes import STATUSES, Answer, Push, receive
from riskmap.tokens import token_of

MOST_ROWS = 5_000
MOST_BYTES = 2_000_000  # 5,000 rows with every field, and room for how they are laid out
_KEY = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?", re.ASCII)
_BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE | re.ASCII)


class _Refusal(exceptions.APIException):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status_code, self.default_code = status, code


class TokenThrottle(MinuteThrottle):
    """``PUSH_REQUESTS_PER_MINUTE`` of a token."""

    limit = "PUSH_REQUESTS_PER_MINUTE"

    def asker(self, request: Request) -> int:
        return request.auth.pk


class WrongTokenThrottle(MinuteThrottle):
    """``PUSH_WRONG_TOKENS_PER_MINUTE`` of an address: more guesses are not even looked at."""

    limit = "PUSH_WRONG_TOKENS_PER_MINUTE"

    def refuse_guessing(self, request: Request) -> None:
        if self.count(request, 0) >= settings.PUSH_WRONG_TOKENS_PER_MINUTE:
            raise exceptions.Throttled(wait=self.wait())


class SourceTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer vx_…``; the session is not looked at. ``request.auth`` is the token."""

    def authenticate(self, request: Request) -> tuple[object, SourceToken]:
        given = _BEARER.fullmatch(request.headers.get("Authorization", ""))
        if given is None:
            raise exceptions.NotAuthenticated
        wrong = WrongTokenThrottle()
        wrong.refuse_guessing(request)
        token = token_of(given[1], timezone.now())
        if token is None:
            wrong.count(request, 1)
            raise exceptions.AuthenticationFailed
        return token.opened_by, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SourceTokenScheme(OpenApiAuthenticationExtension):
    target_class = SourceTokenAuthentication
    name = "sourceToken"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "http", "scheme": "bearer", "description": "The token of a source: `vx_…`."}


class PushedRow(serializers.Serializer):
    """What the source says of one unit and day. At least one number; null or absent: not said."""

    code = serializers.RegexField(CODE, max_length=20)
    day = serializers.DateField()

    def get_fields(self):
        number = {"min_value": 0, "max_value": MAX_COUNT, "required": False, "allow_null": True}
        return super().get_fields() | {name: serializers.IntegerField(**number) for name in COUNT_COLUMNS}


class PushRequest(serializers.Serializer):
    rows = serializers.ListField(child=PushedRow(), min_length=1, max_length=MOST_ROWS)
    reason = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=CountPost._meta.get_field("reason").max_length,
        help_text="Needed where a row changes what the source said before.",
    )
    document = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=CountPost._meta.get_field("document").max_length,
        help_text="Number of the document; needed where the day was approved.",
    )
    partial = serializers.BooleanField(
        required=False, help_text="Take the right rows and refuse the others; by default all or nothing."
    )


class FaultOfRow(serializers.Serializer):
    field = serializers.CharField(allow_blank=True, help_text="Empty where it is the row as a whole.")
    code = serializers.CharField()
    message = serializers.CharField()


class RowAnswer(serializers.Serializer):
    """What became of a row. A refused one says why."""

    row = serializers.IntegerField(min_value=1, help_text="Its place in `rows`, the first being 1.")
    status = serializers.ChoiceField([(status, status) for status in STATUSES])
    code = serializers.CharField(required=False)
    message = serializers.CharField(required=False)
    more = FaultOfRow(many=True, required=False, help_text="What else is wrong with it.")

    def get_fields(self):
        return super().get_fields() | {"field": serializers.CharField(required=False, allow_blank=True)}


class Summary(serializers.Serializer):
    def get_fields(self):
        return {status: serializers.IntegerField(min_value=0) for status in STATUSES}


class PushAnswer(serializers.Serializer):
    summary = Summary()
    post = serializers.IntegerField(allow_null=True, help_text="The posting; null where nothing was posted.")
    correction = serializers.IntegerField(
        allow_null=True, help_text="The correction that the held rows wait in for a second person."
    )
    rows = RowAnswer(many=True)


class RowsRefused(serializers.Serializer):
    """Nothing was written. ``rows`` are those that were refused; a reused key has none."""

    code = serializers.ChoiceField([(code, code) for code in ("rows_refused", "idempotency_key_reused")])
    message = serializers.CharField()
    rows = RowAnswer(many=True, required=False)


class PushSchema(DocumentedSchema):
    def get_override_parameters(self):
        return [
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "minLength": 1, "maxLength": 200, "pattern": f"^{_KEY.pattern}$"},
                OpenApiParameter.HEADER,
                required=True,
                description="Chosen by the sender, one for each request; kept when it is sent again.",
            ),
            self.language_parameter(),
        ]

    def get_request_serializer(self):
        return PushRequest

    def get_response_serializers(self):
        return {
            200: PushAnswer,
            400: OpenApiResponse(ErrorAnswer, description="The request cannot be read, or has no key."),
            401: OpenApiResponse(ErrorAnswer, description="No token, or one that opens nothing (any more)."),
            413: OpenApiResponse(ErrorAnswer, description="Too many rows, or too many bytes."),
            415: OpenApiResponse(ErrorAnswer, description="The body is not JSON."),
            422: OpenApiResponse(RowsRefused, description="Rows are wrong, or the key was used before."),
            429: OpenApiResponse(ErrorAnswer, description="Asked too often; see Retry-After."),
        }


class PushView(ApiView):
    """Send counts.

    The counts of a source for units and days, in one posting. Every row is answered for. The same request
    with the same `Idempotency-Key` is posted once and gets the same answer again, with
    `Idempotent-Replayed: true`.
    """

    room = "counts"
    operation = "push_counts"
    http_method_names = ["post"]
    parser_classes = [JSONParser]
    schema = PushSchema()
    authentication_classes = [SourceTokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = [TokenThrottle]

    def initial(self, request: Request, *arguments, **options) -> None:
        if request.method != "POST":  # said before anything is asked about the token
            raise exceptions.MethodNotAllowed(request.method)
        super().initial(request, *arguments, **options)

    def post(self, request: Request) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "")
        if not _KEY.fullmatch(key):
            raise _Refusal(
                400,
                "idempotency_key_needed",
                _("Cần Idempotency-Key: 1–200 ký tự ASCII in được; mỗi yêu cầu một khóa, gửi lại thì giữ."),
            )
        body = _body(request)
        answer = receive(
            token=request.auth,
            key=key,
            request_sha256=hashlib.sha256(body).hexdigest(),
            push=_read(body),
            at=timezone.now(),
        )
        return _respond(answer)


def _body(request: Request) -> bytes:
    if request.content_type.partition(";")[0].strip().lower() != "application/json":
        raise _Refusal(415, "not_json", _("Nội dung phải là JSON: Content-Type: application/json."))
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _Refusal(415, "not_json", _("Nội dung gửi đi không được nén: bỏ Content-Encoding."))
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise _Refusal(
            413,
            "too_large",
            _("Nội dung dài quá %(most)d MB; xin chia thành nhiều lần gửi.") % {"most": MOST_BYTES // 10**6},
        )
    return request.body


def _read(body: bytes) -> Push:
    try:
        given = json.loads(body, object_pairs_hook=_once_each, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _Refusal(400, "invalid", _("Nội dung không phải là JSON đúng.")) from None
    if not isinstance(given, dict):
        raise _Refusal(400, "invalid", _("Nội dung phải là một đối tượng có trường rows."))
    known = ("rows", "reason", "document", "partial")
    if unknown := given.keys() - set(known):
        message = _("Không có trường này. Các trường: %(known)s.") % {"known": ", ".join(known)}
        raise serializers.ValidationError(
            {ascii(name)[1:-1][:60]: [message] for name in sorted(unknown)[:10]}
        )
    rows, partial = given.get("rows"), given.get("partial", False)
    if not isinstance(rows, list) or not rows:
        raise serializers.ValidationError({"rows": [_("Phải là danh sách có ít nhất một dòng.")]})
    if len(rows) > MOST_ROWS:
        raise _Refusal(
            413,
            "too_many_rows",
            _("Mỗi lần gửi nhiều nhất %(most)d dòng; xin chia thành nhiều lần.") % {"most": MOST_ROWS},
        )
    if not isinstance(partial, bool):
        raise serializers.ValidationError({"partial": [_("Phải là true hoặc false.")]})
    return Push(rows, _words(given, "reason"), _words(given, "document"), partial)


def _once_each(pairs: Sequence[tuple[str, object]]) -> dict:
    """An object as JSON means it; a name given twice could be read in two ways."""
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("a name is given twice")
    return read


def _no_number(constant: str) -> None:
    raise ValueError(constant)  # NaN, Infinity: no JSON, although Python reads it


def _words(given: dict, name: str) -> str:
    value = given.get(name, "")
    longest = CountPost._meta.get_field(name).max_length
    if not isinstance(value, str) or len(value) > longest or not " ".join(value.split()).isprintable():
        raise serializers.ValidationError(
            {name: [_("Phải là một dòng chữ dài nhất %(longest)d ký tự.") % {"longest": longest}]}
        )
    return " ".join(value.split())


def _respond(answer: Answer) -> HttpResponse:
    """The same bytes for the same answer, whether it was made now or kept."""
    body = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    headers = {"Cache-Control": "no-store", "Content-Language": answer.language}
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    return HttpResponse(body, status=answer.status, content_type="application/json", headers=headers)
