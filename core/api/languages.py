"""The language of an answer of the API: what ``Accept-Language`` asks for, Vietnamese otherwise."""

from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

LONGEST_HEADER = 500


@lru_cache(maxsize=512)
def preferred_language(accept_language: str) -> str:
    """A code of ``settings.LANGUAGES``. Cookies are not asked: a program has none."""
    for wanted, _weight in parse_accept_lang_header(accept_language[:LONGEST_HEADER]):
        if wanted == "*":
            break
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
