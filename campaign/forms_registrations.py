"""Forms of registrations: the registration itself, and the reason of a step."""

from __future__ import annotations

import base64
from datetime import datetime

from django import forms
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.enums import RegistrationStatus
from campaign.models import Campaign, Registration, Unit
from campaign.models.registrations import TARGET_LEVELS
from campaign.registration_faults import faults_of, wanted
from campaign.registration_moves import period_of
from campaign.registrations import RegistrationRefused
from campaign.starting_levels import starting_levels
from core.forms import DayField, PickField, surest
from core.forms_files import DocumentField
from core.models import User
from riskmap.colours import LOOKS

LARGEST_FILE = 1_000_000  # bytes: three thousand lines, and a body that the page can carry back


class UnitField(PickField):
    """A unit named by its code, or by parts of its name and of where it sits, without diacritics."""

    none_found = gettext_lazy(
        "Không có đơn vị nào như vậy chưa đăng ký trong địa bàn của bạn; xin gõ mã hoặc tên đơn vị."
    )
    several_found = gettext_lazy("Có nhiều đơn vị khớp, xin gõ mã của một đơn vị: %(names)s")

    def find(self, typed: str) -> list[Unit]:
        placed = self.among.annotate(
            with_place=Concat(
                Value(" "),
                "search_text",
                Value(" "),
                "seat__search_text",
                Value(" "),
                Coalesce("seat__parent__search_text", Value("")),
                Value(" "),
            )
        )
        return surest(placed, typed)

    def offer(self, row: Unit) -> str:
        place = row.seat.parent if row.is_area else row.seat
        return f"{row.code} – {row.name}" + (f", {place.name}" if place else "")


class RegistrationForm(forms.ModelForm):
    """What a unit registers. ``submitting`` asks for all that must be there to hand it in."""

    unit = UnitField(
        label=gettext_lazy("Đơn vị"),
        help_text=gettext_lazy("Gõ mã hoặc tên, không cần dấu; ví dụ: phuoc hai."),
    )
    target_day = DayField(label=gettext_lazy("Đạt vào ngày"))
    document_date = DayField(label=gettext_lazy("Ngày văn bản"), required=False)
    document = DocumentField(label=gettext_lazy("Bản ký"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Registration
        fields = (
            "group",
            "target_level",
            "target_day",
            "solutions",
            "document_number",
            "document_date",
            "document",
            "head",
            "head_post",
        )
        widgets = {"solutions": forms.Textarea({"rows": 6}), "target_level": forms.RadioSelect}
        help_texts = {
            "group": gettext_lazy("Để trống thì theo loại của đơn vị."),
            "target_level": gettext_lazy("Đơn vị đang xanh đăng ký xanh là đăng ký giữ vững vùng xanh."),
            "solutions": gettext_lazy("Viết ngắn, mỗi giải pháp một dòng."),
            "document_number": gettext_lazy("Ví dụ: 12/UBND-VX."),
        }

    field_order = ("unit", *Meta.fields)  # the unit first: the file is of its seat

    def __init__(
        self,
        *args,
        campaign: Campaign,
        units: QuerySet[Unit],
        submitting: bool,
        by: User,
        at: datetime,
        **options,
    ) -> None:
        super().__init__(*args, **options)
        self.campaign, self.by, self.at = campaign, by, at
        self.submitting = submitting or self.instance.status == RegistrationStatus.RETURNED
        self.fields["target_level"].choices = [
            (level, f"{label} ({LOOKS[level].zone})") for level, label in TARGET_LEVELS
        ]
        for name, sentence in wanted().items():
            # Asked for by the button that hands it in; so it is not called optional before either is pressed.
            self.fields[name].required = self.submitting or not self.is_bound
            self.fields[name].error_messages["required"] = sentence
        self._offer_groups()
        if self.instance.pk:
            del self.fields["unit"]
            self.initial |= {"version": self.instance.version, "document": self.instance.document}
            self._bind_document(self.instance.unit)
        else:
            self.instance.campaign = campaign
            self._bind_document(None)
            self.fields["unit"].among = units
            self.fields["unit"].widget.attrs |= {"list": "unit_offers", "autocomplete": "off"}
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def _offer_groups(self) -> None:
        """A unit's kind says which group it is of, unless the plan parts the units of a kind."""
        kinds = [group.kind for group in self.campaign.target_groups.all()]
        if len(set(kinds)) == len(kinds):
            del self.fields["group"]
            return
        groups = self.fields["group"]
        groups.queryset, groups.required = self.campaign.target_groups.all(), False
        groups.empty_label = _("theo loại của đơn vị")
        groups.label_from_instance = lambda group: group.name

    def _bind_document(self, unit: Unit | None) -> None:
        self.fields["document"].bind(area=unit and unit.seat, by=self.by, at=self.at)

    def clean_solutions(self) -> str:
        """Lines as the file of registrations has them too."""
        return "\n".join(line.strip() for line in self.cleaned_data["solutions"].splitlines())

    def clean_unit(self) -> Unit:
        """Known before the file is, which is of its seat."""
        unit = self.cleaned_data["unit"]
        self._bind_document(unit)
        return unit

    def clean(self) -> dict:
        cleaned = super().clean()
        unit = cleaned.get("unit") if "unit" in self.fields else self.instance.unit
        if unit is None:
            return cleaned
        self.instance.unit = unit
        if not cleaned.get("group"):
            cleaned["group"] = self.campaign.target_groups.filter(kind=unit.kind).first()
            self.instance.group = cleaned["group"]
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.instance.unit_id and self.instance.group_id and self.instance.target_day:
            self._tell_faults()

    def take(self, refusal: RegistrationRefused) -> None:
        """Tell a refusal of the stage at its fields."""
        for name, sentence in (refusal.faults or {"": refusal.message}).items():
            self.add_error(name if name in self.fields else None, sentence)

    def _tell_faults(self) -> None:
        faults = faults_of(
            self.instance,
            period=period_of(self.campaign),
            level=starting_levels(units=[self.instance.unit], at=self.at)[self.instance.unit_id].level,
            on=timezone.localdate(self.at),
            handing_in=self.submitting,
        )
        for name, sentence in faults.items():
            if name not in self.errors:
                self.add_error(name or None, sentence)


class ReasonForm(forms.Form):
    """Why a registration is returned, suspended or withdrawn."""

    use_required_attribute = False  # the buttons beside it ask for none

    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Xin ghi lý do, để người đăng ký biết cần làm gì.")},
    )


class FileForm(forms.Form):
    """A file of registrations, and what is to come of its lines."""

    file = forms.FileField(
        label=gettext_lazy("Tệp đăng ký"),
        allow_empty_file=True,  # the reader says better what is wrong
        help_text=gettext_lazy("Tệp .xlsx tải về ở trên và đã ghi, hoặc CSV (UTF-8); lớn nhất 1 MB."),
        error_messages={"required": gettext_lazy("Xin chọn tệp.")},
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )
    then = forms.ChoiceField(
        label=gettext_lazy("Các dòng đúng"),
        choices=[
            ("keep", gettext_lazy("ghi thành bản đang soạn")),
            ("submit", gettext_lazy("ghi và gửi cấp trên ngay")),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("Tệp lớn hơn 1 MB. Xin chia thành nhiều tệp."))
        return file.read()


class CommitFileForm(forms.Form):
    """The file that was shown, carried by its page; ``shown`` is what it would have done then."""

    content = forms.CharField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput)
    then = forms.ChoiceField(choices=[("keep", ""), ("submit", "")], widget=forms.HiddenInput)
    right_rows_only = forms.BooleanField(
        label=gettext_lazy("Chỉ ghi các dòng đúng, bỏ qua các dòng sai"), required=False
    )

    def clean_content(self) -> bytes:
        try:
            content = base64.b64decode(self.cleaned_data["content"], validate=True)
        except ValueError:
            raise forms.ValidationError(_("Tệp không còn nguyên vẹn; xin chọn lại tệp.")) from None
        if len(content) > LARGEST_FILE:
            raise forms.ValidationError(_("Tệp lớn hơn 1 MB. Xin chia thành nhiều tệp."))
        return content


class QueueForm(forms.Form):
    """The queue, narrowed: which campaign, and whose name."""

    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Phong trào"),
        queryset=Campaign.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("Mọi phong trào"),
    )
    q = forms.CharField(label=gettext_lazy("Tìm đơn vị, địa bàn"), required=False, max_length=100)
    state = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, campaigns: QuerySet[Campaign], **options) -> None:
        super().__init__(*args, **options)
        self.fields["campaign"].queryset = campaigns
        self.fields["campaign"].label_from_instance = lambda campaign: campaign.short_title
