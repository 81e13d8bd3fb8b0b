"""What every request passes: the language that was chosen, and refusals that a view let through."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from core.errors import DomainError


class ChosenLanguageMiddleware:
    """Vietnamese, unless the person chose otherwise by the switch; the browser's wishes are not asked.

    A public office speaks Vietnamese, also on a computer that was installed in English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.languages = dict(settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        request.LANGUAGE_CODE = chosen if chosen in self.languages else settings.LANGUAGE_CODE
        with translation.override(request.LANGUAGE_CODE):
            response = self.get_response(request)
        if "Content-Language" in response.headers or "immutable" in response.get("Cache-Control", ""):
            return response  # in a language of its own choice (the API), or in none
        response["Content-Language"] = request.LANGUAGE_CODE
        patch_vary_headers(response, ["Cookie"])
        return response


class LargestBodyMiddleware:
    """A request that is far too large is refused in words, before anybody reads it for a token or a field.

    What is not quite so large is told beside its field, by the form. The API says its own limits.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, arguments, named) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.path.startswith("/api/") or (length.isdecimal() and int(length) <= settings.LARGEST_BODY):
            return None
        message = _(
            "Các tệp gửi lên quá lớn, chưa tệp nào được nhận. Mỗi tệp lớn nhất 10 MB: hãy quay lại, "
            "thu nhỏ tệp rồi gửi."
        )
        return render(request, "core/refused.html", {"message": message}, status=413)


class RefusalMiddleware:
    """A ``DomainError`` that no view caught is still a sentence for a person, not a failure of the server."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"code": exception.code, "message": exception.message}, status=400)
        return render(request, "core/refused.html", {"message": exception.message}, status=400)
