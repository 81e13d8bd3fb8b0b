"""Forms of inspections and of what follows them."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.enums import InspectionStatus
from campaign.forms_registrations import UnitField
from campaign.models import Campaign, CampaignQuerySet, FollowUp, Inspection, UnitQuerySet
from campaign.models.inspections import InspectionQuerySet
from core.enums import Role
from core.forms import DayField
from core.forms_files import DocumentField
from core.models import Area, User
from core.vietnamese import fold

OVERDUE, MINE = "overdue", "mine"


class InspectedUnitField(UnitField):
    none_found = _("Không có đơn vị nào như vậy trong địa bàn bạn kiểm tra; xin gõ mã hoặc tên đơn vị.")


class InspectionFilterForm(forms.Form):
    """The list of inspections: how far they have come, and part of the unit's name."""

    state = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[
            ("", _("tất cả")),
            *InspectionStatus.choices,
            (OVERDUE, _("có kiến nghị quá hạn")),
            (MINE, _("do tôi lập hoặc ghi")),
        ],
    )
    q = forms.CharField(label=_("Tên hoặc mã đơn vị"), required=False, max_length=100)

    def narrow(self, rows: InspectionQuerySet, *, user: User) -> InspectionQuerySet:
        """The rows that match; none where the form is not understood."""
        if not self.is_valid():
            return rows.none()
        state = self.cleaned_data["state"]
        if state == OVERDUE:
            rows = rows.filter(overdue__gt=0)
        elif state == MINE:
            rows = rows.filter(Q(created_by=user) | Q(recorded_by=user))
        elif state:
            rows = rows.filter(status=state)
        for word in fold(self.cleaned_data["q"]).split():
            rows = rows.filter(Q(unit__search_text__contains=word) | Q(unit__code__iexact=word))
        return rows


class InspectionForm(forms.Form):
    """Who inspects which unit, when and for what. ``units`` are those that the person may inspect."""

    campaign = forms.ModelChoiceField(
        label=_("Phong trào"),
        queryset=Campaign.objects.none(),
        empty_label=None,
        error_messages={"required": _("Xin chọn một phong trào.")},
    )
    unit = InspectedUnitField(
        label=_("Đơn vị được kiểm tra"), help_text=_("Gõ mã hoặc tên, không cần dấu; ví dụ: phuoc hai.")
    )
    department = forms.TypedChoiceField(label=_("Cơ quan kiểm tra"), coerce=Role)
    purpose = forms.CharField(
        label=_("Nội dung kiểm tra"),
        max_length=Inspection._meta.get_field("purpose").max_length,
        widget=forms.Textarea({"rows": 3}),
    )
    planned_on = DayField(
        label=_("Dự kiến ngày"), help_text=_("Cán bộ của đơn vị được báo ngày này trong hộp thư.")
    )

    def __init__(
        self, *args, campaigns: CampaignQuerySet, units: UnitQuerySet, departments: list[Role], **options
    ) -> None:
        super().__init__(*args, **options)
        self.fields["campaign"].queryset = campaigns
        self.fields["unit"].among = units
        self.fields["unit"].widget.attrs |= {"list": "unit_offers", "autocomplete": "off"}
        self.fields["department"].choices = [(role.value, role.label) for role in departments]


class _BoundFileForm(forms.Form):
    """A form with one file, of the area ``area``."""

    file_field: str

    def __init__(self, *args, area: Area, by: User, at: datetime, **options) -> None:
        super().__init__(*args, **options)
        self.fields[self.file_field].bind(area=area, by=by, at=at)


class VisitForm(_BoundFileForm):
    """What was found. ``version`` is that of the inspection that was seen."""

    file_field = "report"
    visited_on = DayField(label=_("Kiểm tra ngày"))
    findings = forms.CharField(
        label=_("Kết quả"),
        max_length=Inspection._meta.get_field("findings").max_length,
        help_text=_("Không ghi tên, thông tin riêng của người dân, người bệnh."),
        widget=forms.Textarea({"rows": 8}),
    )
    report = DocumentField(label=_("Biên bản có chữ ký"), required=False)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def see(self, inspection: Inspection) -> None:
        """What is sent from here on was typed with ``inspection`` before one's eyes."""
        self.data = self.data.copy()
        self.data["version"] = str(inspection.version)


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do hủy"),
        max_length=Inspection._meta.get_field("reason").max_length,
        widget=forms.Textarea({"rows": 2}),
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class FollowUpForm(forms.Form):
    wording = forms.CharField(
        label=_("Kiến nghị"),
        max_length=FollowUp._meta.get_field("wording").max_length,
        help_text=_("Việc đơn vị phải khắc phục, mỗi kiến nghị một việc."),
        widget=forms.Textarea({"rows": 2}),
    )
    due_on = DayField(label=_("Hạn khắc phục"))


class AnswerForm(_BoundFileForm):
    """``seen`` is the last step of the follow-up that was seen."""

    file_field = "file"
    answer = forms.CharField(
        label=_("Đã khắc phục thế nào"),
        max_length=FollowUp._meta.get_field("answer").max_length,
        widget=forms.Textarea({"rows": 4}),
    )
    file = DocumentField(label=_("Minh chứng"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)


class CloseForm(forms.Form):
    note = forms.CharField(
        label=_("Nhận xét"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do mở lại"),
        max_length=300,
        help_text=_("Cán bộ của đơn vị đọc được lý do này."),
        widget=forms.Textarea({"rows": 2}),
    )
    due_on = DayField(label=_("Hạn khắc phục mới"))
    seen = forms.IntegerField(widget=forms.HiddenInput)
