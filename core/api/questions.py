"""How the API is asked: parameters read strictly, so that a slip is an error and never another answer."""

from __future__ import annotations

import re
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.finding import AreaNotFound, find_area
from core.models import Area

CODE = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,19}$"
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
LONGEST_PERIOD_DAYS = 800


class DayField(serializers.DateField):
    """A day written 2021-07-12, and in no other way."""

    default_error_messages = {"invalid": _("Ngày phải viết NNNN-TT-NN và có thật, ví dụ 2021-07-12.")}

    def to_internal_value(self, value: str) -> date:
        try:
            if isinstance(value, str) and _ISO_DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.fail("invalid")


class CodeField(serializers.RegexField):
    """The code of a unit, leading zeros kept."""

    default_error_messages = {
        "invalid": _("Mã đơn vị chỉ gồm chữ số, chữ cái không dấu, dấu chấm, gạch, ví dụ 79, 26734.")
    }

    def __init__(self, **kwargs) -> None:
        super().__init__(CODE, max_length=20, trim_whitespace=False, **kwargs)


class Question(serializers.Serializer):
    """The query string of one address. A parameter that is not known, or given twice, is refused."""

    @classmethod
    def read(cls, parameters: QueryDict) -> dict:
        question = cls(data=parameters.dict())
        wrong = {
            name: [_("Không có tham số này. Các tham số: %s.") % (", ".join(question.fields) or "–")]
            for name in parameters
            if name not in question.fields
        }
        wrong |= {
            name: [_("Tham số này chỉ được ghi một lần.")]
            for name in parameters
            if name in question.fields and len(parameters.getlist(name)) > 1
        }
        if wrong:
            raise serializers.ValidationError(wrong)
        question.is_valid(raise_exception=True)
        return question.validated_data


class Period(Question):
    """From ``since`` to ``until``, both included; without them, the days the map shows."""

    since = DayField(required=False, help_text="First day; by default the first day with reports.")
    until = DayField(required=False, help_text="Last day; by default the last day the map shows.")

    def validate(self, asked: dict) -> dict:
        since, until = asked.get("since"), asked.get("until")
        if since and until:
            if since > until:
                raise serializers.ValidationError({"until": [_("Ngày cuối phải từ ngày đầu trở đi.")]})
            if (until - since).days >= LONGEST_PERIOD_DAYS:
                raise serializers.ValidationError(
                    {"until": [_("Mỗi lần hỏi nhiều nhất %d ngày.") % LONGEST_PERIOD_DAYS]}
                )
        return asked


def area_of_address(code: str, *, on: date | None = None) -> Area:
    """The area an address names, on a day. Raises ``AreaNotFound``, also for what can be no code."""
    if not re.fullmatch(CODE, code, re.ASCII):
        raise AreaNotFound(CodeField.default_error_messages["invalid"])
    return find_area(code, on=on)
