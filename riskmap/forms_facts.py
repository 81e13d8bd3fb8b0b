"""Forms of declared facts and decided levels."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db.models import Min, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.forms import AreaField, DayField
from core.models import AreaQuerySet
from riskmap.decisions import MOST_DAYS
from riskmap.enums import DecisionState, FactState
from riskmap.models import DeclaredFact, LevelOverride
from riskmap.models.overrides import DECIDABLE

DOCUMENT_HELP = _("Số, ký hiệu và ngày của văn bản làm căn cứ; ví dụ: 125/BC-SYT ngày 15/07/2021.")


class AnyAreaField(AreaField):
    """An area, or none: all of them."""

    def clean(self, value):
        return super().clean(value) if self.required or (value or "").strip() else None


class StateFilterForm(forms.Form):
    """A list narrowed to a state, and to an area with all below it."""

    state = forms.ChoiceField(label=_("Tình trạng"), required=False)
    area = AnyAreaField(label=_("Địa bàn"), required=False)

    def __init__(self, asked, *, states: type[FactState] | type[DecisionState], areas: AreaQuerySet) -> None:
        super().__init__({name: asked.get(name, "") for name in self.base_fields})
        self.fields["state"].choices = [("", _("tất cả")), *states.choices]
        self.fields["area"].among = areas
        self.fields["area"].widget.attrs |= {"list": "area_offers", "autocomplete": "off"}

    def narrow(self, rows: QuerySet) -> QuerySet:
        """``rows`` with ``state`` that match; none of them where the form is not understood."""
        if not self.is_valid():
            return rows.none()
        if self.cleaned_data["state"]:
            rows = rows.filter(state=self.cleaned_data["state"])
        if area := self.cleaned_data["area"]:
            rows = rows.filter(area__in=type(area).objects.under(area))
        return rows


class _OfAreaForm(forms.Form):
    """Something said of an area from a day on. ``areas`` are those it may be said of, of any time."""

    # The day comes before the area: it says which units there are to choose from.
    since = DayField(label=_("Từ ngày"))
    area = AreaField(label=_("Đơn vị"), help_text=_("Gõ mã hoặc tên đơn vị, không cần dấu."))

    def __init__(self, *args, areas: AreaQuerySet, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.areas = areas
        self.fields["area"].among = units_of_day(areas, today)
        self.fields["area"].widget.attrs |= {"list": "area_offers", "autocomplete": "off"}

    def clean_since(self) -> date:
        since = self.cleaned_data["since"]
        self.fields["area"].among = units_of_day(self.areas, since)
        return since

    def clean(self) -> dict:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
        return cleaned


class FactForm(_OfAreaForm):
    until = DayField(
        label=_("Đến hết ngày"),
        required=False,
        help_text=_("Để trống nếu chưa biết; khi đó đơn vị chưa có ngày về xanh cho đến khi ghi ngày hết."),
    )
    document = forms.CharField(
        label=_("Số văn bản"),
        max_length=DeclaredFact._meta.get_field("document").max_length,
        help_text=DOCUMENT_HELP,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class DecisionForm(_OfAreaForm):
    """``seen`` names the area and days whose computed level the person was shown before sending."""

    until = DayField(
        label=_("Đến hết ngày"),
        help_text=format_lazy(
            _("Nhiều nhất {days} ngày; hết hạn thì mức lại theo tính toán."), days=MOST_DAYS
        ),
    )
    level = forms.TypedChoiceField(
        label=_("Mức được quyết định"),
        choices=DECIDABLE,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Xin chọn một mức.")},
    )
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=LevelOverride._meta.get_field("reason").max_length,
        help_text=_("Vì sao mức được tính không đúng với tình hình. Mọi người đều đọc được lý do này."),
        widget=forms.Textarea({"rows": 3}),
    )
    document = forms.CharField(
        label=_("Số văn bản"),
        max_length=LevelOverride._meta.get_field("document").max_length,
        help_text=DOCUMENT_HELP,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    seen = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def to_be_seen(self) -> str:
        """What ``seen`` must be for the form to be sent."""
        said = self.cleaned_data
        return f"{said['area'].code} {said['since']} {said['until']}"


class ConfirmForm(forms.Form):
    """The second person says that they looked: at the document, not at this page alone."""

    checked = forms.BooleanField(
        label=_("Tôi đã đối chiếu với văn bản."),
        error_messages={"required": _("Xin đối chiếu với văn bản, rồi đánh dấu vào đây.")},
    )

    def clean(self) -> dict:
        return {}  # the act says it all


class RefusalForm(forms.Form):
    refusal = forms.CharField(
        label=_("Lý do không xác nhận"),
        max_length=DeclaredFact._meta.get_field("refusal").max_length,
        help_text=_("Người đề nghị đọc được lý do này."),
        widget=forms.Textarea({"rows": 2}),
    )


class EndForm(forms.Form):
    on = DayField(label=_("Ngày cuối còn hiệu lực"))


def units_of_day(areas: AreaQuerySet, day: date) -> AreaQuerySet:
    """The ``areas`` there were on the day; the oldest list of units known stands for the days before it."""
    begun = areas.aggregate(first=Min("valid_from"))["first"]
    of_day = areas.valid_on(max(day, begun)) if begun else areas
    return of_day.select_related("parent").order_by("path")
