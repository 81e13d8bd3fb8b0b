"""Forms of a plan: the campaign itself, and one line of its lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from campaign.models import AwardGround, Campaign, Duty, GreenCondition, Phase, ScoringRule, TargetGroup
from campaign.models.phases import DAYS_REVERSED
from core.forms import DayField
from core.models import AreaQuerySet
from riskmap.rules.ruleset import available_rule_sets, load_rule_set

#: Where on the form a constraint is told of.
FIELDS = {
    "campaign_number_once_per_province": "number",
    "campaign_target_day_has_its_target": "target",
    "phase_number_once_per_campaign": "number",
    "phase_ends_after_it_begins": "last_day",
    "phases_share_at_most_the_day_they_meet": "first_day",
    "phase_review_not_before_it_begins": "review_date",
    "phase_deadline_with_its_wording": "deadline_wording",
    "phase_deadline_of_the_plan_is_given": "dossier_deadline",
    "phase_deadline_after_it_begins": "dossier_deadline",
    "phase_deadline_not_after_its_review": "dossier_deadline",
    "scoring_fact_once_per_campaign": "fact",
}


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    widget = forms.Textarea

    def __init__(self, *, longest: int, **options) -> None:
        super().__init__(**options)
        self.longest_line = longest

    def clean(self, value: str) -> list[str]:
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        for line in lines:
            if len(line) > self.longest_line:
                raise forms.ValidationError(
                    _("Dòng “%(begins)s…” dài quá %(longest)d ký tự; xin rút ngắn hoặc tách thành hai dòng."),
                    params={"begins": line[:30], "longest": self.longest_line},
                )
        return [line for line in lines if line]

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value


class _PlanForm(forms.ModelForm):
    """A row of a plan. Constraints are told at their fields; a plan that has begun asks for a reason."""

    reason = forms.CharField(
        label=_("Lý do thay đổi"),
        max_length=300,
        help_text=_("Phong trào đã bắt đầu. Lý do được ghi vào nhật ký; ví dụ số văn bản điều chỉnh."),
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Phong trào đã bắt đầu; xin ghi lý do thay đổi.")},
    )

    def __init__(self, *args, begun: bool, **options) -> None:
        super().__init__(*args, **options)
        if not begun:
            del self.fields["reason"]
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")
            if isinstance(field.widget, forms.RadioSelect):
                field.choices = [choice for choice in field.choices if choice[0]]  # none is no answer

    @property
    def said_reason(self) -> str:
        return self.cleaned_data.get("reason", "")

    def _get_validation_exclusions(self) -> set[str]:
        # The campaign is not asked for, and yet its other lines count.
        return super()._get_validation_exclusions() - {"campaign"}

    def _post_clean(self) -> None:
        super()._post_clean()
        places = {
            str(constraint.violation_error_message): FIELDS[constraint.name]
            for constraint in self._meta.model._meta.constraints
            if constraint.name in FIELDS
        }
        for message in list(self._errors.pop(NON_FIELD_ERRORS, [])):
            field = places.get(message)
            self.add_error(field if field in self.fields else None, message)


class CampaignForm(_PlanForm):
    issued_on = DayField(label=_("Ngày ban hành"), required=False)
    launched_on = DayField(label=_("Ngày phát động"), required=False)
    target_day = DayField(label=_("Ngày đạt mục tiêu"), required=False)
    registration_required = forms.TypedChoiceField(
        label=_("Xếp hạng ai"),
        choices=[
            ("True", _("chỉ đơn vị có đăng ký được xác nhận")),
            ("False", _("mọi đơn vị thuộc đối tượng, dù không đăng ký")),
        ],
        coerce=lambda value: value == "True",
        initial=True,
        widget=forms.RadioSelect,
        error_messages={"required": _("Xin chọn xếp hạng ai.")},
    )
    register_by = DayField(
        label=_("Hạn đăng ký"),
        required=False,
        help_text=_("Ngày cuối còn đúng hạn; đăng ký sau ngày này được nhận và ghi là muộn."),
    )
    rule_set = forms.ChoiceField(label=_("Bộ tiêu chí mức độ nguy cơ"))
    legal_basis = LinesField(
        label=_("Căn cứ"),
        longest=300,
        required=False,
        help_text=_("Mỗi văn bản một dòng, có số và ngày."),
        widget=forms.Textarea({"rows": 4}),
    )

    class Meta:
        model = Campaign
        fields = (
            "province",
            "title",
            "short_title",
            "issuer",
            "number",
            "issued_on",
            "launched_on",
            "purpose",
            "target",
            "target_day",
            "legal_basis",
            "rule_set",
            "registration_required",
            "register_by",
            "award_law",
            "dossier_recipient",
            "source_note",
        )
        widgets = {
            "title": forms.Textarea({"rows": 2}),
            "purpose": forms.Textarea({"rows": 6}),
            "source_note": forms.Textarea({"rows": 2}),
        }
        help_texts = {
            "short_title": _("Hiện trong danh sách và đường dẫn; ví dụ: Bảo vệ “Vùng xanh” Ninh Thuận."),
            "number": _("Ví dụ: 4458/KH-UBND. Để trống nếu chưa có số."),
            "purpose": _("Viết ngắn, bằng lời dễ hiểu: mọi người đều đọc."),
            "target": _("Ví dụ: Xanh hóa toàn bản đồ của tỉnh."),
            "dossier_recipient": _("Cơ quan nhận hồ sơ đề nghị khen thưởng."),
            "source_note": _("Điều bản kế hoạch không ghi hoặc chưa rõ."),
        }

    def __init__(self, *args, provinces: AreaQuerySet, **options) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            del self.fields["province"]
        else:
            provinces = provinces.in_vietnamese_order()
            self.fields["province"].queryset = provinces
            if len(provinces) == 1:
                self.initial.setdefault("province", provinces[0].pk)
        self.fields["rule_set"].choices = [
            (name, load_rule_set(name).number) for name in available_rule_sets()
        ]

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"province"}


class PhaseForm(_PlanForm):
    first_day = DayField(label=_("Từ ngày"))
    last_day = DayField(label=_("Đến hết ngày"))
    review_date = DayField(label=_("Ngày sơ kết"), required=False)
    dossier_deadline = forms.DateTimeField(
        label=_("Hạn gửi hồ sơ: nhận trước lúc"),
        required=False,
        input_formats=("%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y"),
        widget=forms.DateTimeInput({"placeholder": "00:00 08/09/2021"}, format="%H:%M %d/%m/%Y"),
        help_text=_(
            "Ghi giờ:phút ngày/tháng/năm; đúng thời điểm này là đã muộn. “Trước ngày 08/9/2021” ghi là "
            "00:00 08/09/2021. Để trống nếu chưa đặt."
        ),
        error_messages={"invalid": _("Xin ghi giờ:phút ngày/tháng/năm, ví dụ 00:00 08/09/2021.")},
    )

    class Meta:
        model = Phase
        fields = (
            "number",
            "name",
            "first_day",
            "first_day_set_by",
            "first_day_note",
            "last_day",
            "review_date",
            "dossier_deadline",
            "deadline_wording",
            "deadline_set_by",
        )
        widgets = {
            "first_day_set_by": forms.RadioSelect,
            "first_day_note": forms.Textarea({"rows": 3}),
            "deadline_set_by": forms.RadioSelect,
        }
        help_texts = {
            "name": _("Ví dụ: Đợt 1."),
            "deadline_wording": _("Như trong văn bản; ví dụ: trước ngày 08/9/2021."),
            "first_day_note": _("Vì sao là ngày này, nếu kế hoạch không ghi."),
        }

    def clean(self) -> dict:
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last <= first:  # no range of days: the database could not compare it
            self.add_error("last_day", DAYS_REVERSED)
        return cleaned


class _LineForm(_PlanForm):
    """A line with its place in the list."""

    at_place = forms.IntegerField(
        label=_("Thứ tự"),
        min_value=1,
        max_value=999,
        required=False,
        help_text=_("Các dòng từ thứ tự này lùi xuống. Để trống thì ở cuối, hoặc giữ chỗ đang có."),
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("at_place", self.instance.place)


class GroupForm(_LineForm):
    class Meta:
        model = TargetGroup
        fields = ("kind", "name")


class ConditionForm(_LineForm):
    class Meta:
        model = GreenCondition
        fields = ("wording", "citation")
        widgets = {"wording": forms.Textarea({"rows": 3})}


class GroundForm(_LineForm):
    class Meta:
        model = AwardGround
        fields = ("recipient", "wording", "award")
        widgets = {"wording": forms.Textarea({"rows": 3}), "recipient": forms.RadioSelect}


class ScoringForm(_LineForm):
    class Meta:
        model = ScoringRule
        fields = ("fact", "role", "wording", "set_by")
        widgets = {"role": forms.RadioSelect, "set_by": forms.RadioSelect}


class DutyForm(_LineForm):
    class Meta:
        model = Duty
        fields = ("department", "wording")
        widgets = {"wording": forms.Textarea({"rows": 3})}


class DropForm(forms.Form):
    """Taking a line out of a plan; one that has begun asks for a reason."""

    reason = forms.CharField(
        label=_("Lý do bỏ"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Phong trào đã bắt đầu; xin ghi lý do bỏ dòng này.")},
    )

    def __init__(self, *args, begun: bool) -> None:
        super().__init__(*args)
        if not begun:
            del self.fields["reason"]


class DayForm(forms.Form):
    """Which phase does a day count for?"""

    day = DayField(label=_("Một ngày tính cho đợt nào?"))


#: The lists of a plan: their names in addresses, forms, and words.
LISTS: dict[str, tuple[type[_PlanForm], Any]] = {
    "phases": (PhaseForm, _("Đợt thi đua")),
    "groups": (GroupForm, _("Đối tượng thi đua")),
    "conditions": (ConditionForm, _("Điều kiện vùng xanh")),
    "grounds": (GroundForm, _("Tiêu chuẩn khen thưởng")),
    "scoring": (ScoringForm, _("Tiêu chí xếp hạng")),
    "duties": (DutyForm, _("Việc được giao")),
}
