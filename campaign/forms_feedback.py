"""Forms of the public box: what anybody writes, and what the district does with it."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign.enums import FeedbackKind
from campaign.feedback import CODE_LENGTH, plain_code
from core.forms import DayField
from riskmap.imports.cells import EPIDEMIC_BEGAN

SHORTEST = 10
_TEXT = {"max_length": 2000, "widget": forms.Textarea({"rows": 6})}


class FeedbackForm(forms.Form):
    """Written by anybody, without an account. ``website`` is for machines: people do not see it."""

    kind = forms.TypedChoiceField(
        label=_("Bạn muốn"),
        choices=[(FeedbackKind.BREACH, _("Phản ánh vi phạm")), (FeedbackKind.PRAISE, _("Khen cách làm hay"))],
        coerce=FeedbackKind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Xin chọn phản ánh hoặc khen.")},
    )
    text = forms.CharField(
        label=_("Nội dung"),
        min_length=SHORTEST,
        help_text=_("Việc gì, ở đâu. Không cần ghi tên ai; nhiều nhất 2.000 chữ cái."),
        error_messages={
            "required": _("Xin viết nội dung."),
            "min_length": _("Xin viết rõ hơn, ít nhất 10 chữ cái."),
            "max_length": _("Nội dung dài quá 2.000 chữ cái; xin viết gọn lại."),
        },
        **_TEXT,
    )
    happened_on = DayField(label=_("Xảy ra ngày"), required=False)
    contact = forms.CharField(
        label=_("Cách liên lạc với bạn"),
        max_length=100,
        required=False,
        help_text=_("Chỉ khi bạn muốn được gọi lại. Chỉ người xử lý đọc được; xử lý xong thì xóa."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    website = forms.CharField(
        label=_("Xin để trống ô này"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_happened_on(self) -> date | None:
        day = self.cleaned_data["happened_on"]
        if day and day > self.today:
            raise ValidationError(_("Ngày này chưa đến; xin ghi ngày đã qua, hoặc để trống."))
        if day and day < EPIDEMIC_BEGAN:
            raise ValidationError(_("Ngày này trước khi có dịch; xin xem lại năm, hoặc để trống."))
        return day

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.pop("website", ""):
            raise ValidationError(_("Chưa gửi được: ô “Xin để trống ô này” phải để trống."))
        return cleaned


class ReceiptForm(forms.Form):
    code = forms.CharField(
        label=_("Mã biên nhận"),
        max_length=40,
        help_text=_("12 chữ và số, ví dụ: ABCD-EFGH-2345."),
        error_messages={"required": _("Xin ghi mã biên nhận.")},
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        code = plain_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise ValidationError(_("Mã biên nhận có 12 chữ và số; xin xem lại mã đã chép."))
        return code


class _Act(forms.Form):
    """What is done with a feedback; ``seen`` is how it stood when it was read."""

    seen = forms.CharField(max_length=200, widget=forms.HiddenInput)


class AnswerFeedbackForm(_Act):
    answer = forms.CharField(
        label=_("Câu trả lời"),
        help_text=_("Người gửi đọc được bằng mã biên nhận; không ghi tên, số điện thoại của ai."),
        error_messages={"required": _("Xin viết câu trả lời.")},
        **_TEXT,
    )


class SetAsideForm(_Act):
    reason = forms.CharField(
        label=_("Lý do không xử lý"),
        max_length=300,
        help_text=_(
            "Người gửi đọc được bằng mã biên nhận; ví dụ: không thuộc địa bàn, trùng với phản ánh khác."
        ),
        error_messages={"required": _("Xin ghi lý do.")},
        widget=forms.Textarea({"rows": 2}),
    )


class PublishForm(_Act):
    public_text = forms.CharField(
        label=_("Nội dung công khai"),
        help_text=_("Viết lại cho gọn, bỏ tên người, số nhà, số điện thoại."),
        error_messages={"required": _("Xin viết nội dung công khai.")},
        **_TEXT,
    )


class WithholdForm(_Act):
    reason = forms.CharField(
        label=_("Lý do thôi công khai"),
        max_length=300,
        help_text=_("Ghi vào nhật ký."),
        error_messages={"required": _("Xin ghi lý do.")},
        widget=forms.Textarea({"rows": 2}),
    )
