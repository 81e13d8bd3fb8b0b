"""Forms of dossiers: nominees, papers, attachments, permits."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.dossier_papers import LONGEST, fields_of, kinds_of, law_of
from awards.enums import ItemKind, SummaryForm
from awards.models import Dossier, DossierItem, Nominee
from awards.nominees import PERSON, units_of
from campaign.forms_registrations import UnitField
from campaign.models import Phase
from core.enums import AreaKind
from core.forms_files import DocumentField
from core.models import AreaQuerySet, User


class NominatedUnitField(UnitField):
    none_found = gettext_lazy("Địa bàn của hồ sơ không có đơn vị nào như vậy; xin gõ mã hoặc tên đơn vị.")


class NomineeForm(forms.Form):
    """Who is proposed for which award. What a person needs is asked for where the award is a person's."""

    kind = forms.ChoiceField(label=gettext_lazy("Hình thức khen"), widget=forms.RadioSelect)
    unit = NominatedUnitField(
        label=gettext_lazy("Đơn vị được đề nghị, hoặc đơn vị đề cử cá nhân"),
        help_text=gettext_lazy("Gõ mã hoặc tên, không cần dấu; ví dụ: phuoc hai."),
    )
    person = forms.CharField(
        label=gettext_lazy("Họ và tên cá nhân"),
        help_text=gettext_lazy("Để trống khi đề nghị tập thể."),
        max_length=120,
        required=False,
    )
    person_post = forms.CharField(label=gettext_lazy("Chức vụ, nơi công tác"), max_length=200, required=False)
    deeds = forms.CharField(
        label=gettext_lazy("Đã làm gì, ở đâu"),
        help_text=gettext_lazy("Vai trò, việc làm, nơi làm; cá nhân phải ghi."),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, dossier: Dossier, nominee: Nominee | None = None, **options) -> None:
        initial = options.pop("initial", {})
        if nominee:
            initial = {name: getattr(nominee, name) for name in ("kind", "person", "person_post", "deeds")}
            initial |= {"unit": f"{nominee.unit.code} – {nominee.unit.name}", "version": nominee.version}
        super().__init__(*args, initial=initial, **options)
        kinds = kinds_of(dossier.phase.campaign)
        self.of_persons = {kind.code for kind in kinds if kind.recipient == PERSON}
        told = {True: _("cho cá nhân"), False: _("cho tập thể")}
        self.fields["kind"].choices = [
            (kind.code, f"{kind.name} {told[kind.code in self.of_persons]}") for kind in kinds
        ]
        self.fields["unit"].among = units_of(dossier).select_related("seat__parent").in_vietnamese_order()
        self.fields["unit"].widget.attrs |= {"list": "unit_offers"}
        for name, field in self.fields.items():
            if name != "kind":
                field.widget.attrs.setdefault("autocomplete", "off")

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("kind") in self.of_persons:
            for name in ("person", "person_post", "deeds"):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("Khen cá nhân thì mục này phải ghi."))
        return cleaned


class PaperForm(forms.Form):
    """The fields of one paper, its form and its signed file. ``version`` is the one that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        *args,
        dossier: Dossier,
        kind: ItemKind,
        item: DossierItem | None,
        by: User,
        at: datetime,
        **options,
    ) -> None:
        words = item.words if item else {}
        initial = words | {"version": item.version if item else 0, "file": item and item.file}
        super().__init__(*args, initial=initial, **options)
        self.names = [field.name for field in fields_of(kind)]
        if kind == ItemKind.SUMMARY:
            law = law_of(dossier)
            self.initial["form"] = item.form if item else law.default_form
            self.fields["form"] = forms.ChoiceField(
                label=_("Mẫu báo cáo"),
                choices=[(form, SummaryForm(form).label.capitalize()) for form in law.forms],
                widget=forms.RadioSelect,
            )
        for field in fields_of(kind):
            widget = forms.Textarea({"rows": field.rows}) if field.rows > 1 else forms.TextInput()
            self.fields[field.name] = forms.CharField(
                label=field.label,
                help_text=field.help,
                max_length=LONGEST if field.rows > 1 else 300,
                required=False,
                widget=widget,
            )
            self.fields[field.name].widget.attrs |= {"autocomplete": "off", "data-autosave": field.name}
        if kind in (ItemKind.SUBMISSION, ItemKind.ATTACHMENT):
            title = _("Tờ trình đã ký") if kind == ItemKind.SUBMISSION else _("Tệp")
            self.fields["file"] = DocumentField(label=title, required=False)
            self.fields["file"].bind(area=dossier.area, by=by, at=at)

        self.needed = {field.name for field in fields_of(kind) if field.required}
        self.needed |= {"file"} & set(self.fields)
        self._call_needed(not self.is_bound)

    def _call_needed(self, needed: bool) -> None:
        """What is needed to hand it in is not called optional; saving asks for none of it."""
        for name in self.needed:
            self.fields[name].required = needed

    def clean(self) -> dict:
        cleaned = super().clean()
        self._call_needed(True)
        return cleaned

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.names}

    def show_over(self, version: int) -> None:
        """What is sent next is over what is shown now."""
        self.data = self.data.copy()
        self.data["version"] = version


class PermitForm(forms.Form):
    """Leave for one area to hand in after the deadline."""

    phase = forms.ModelChoiceField(label=gettext_lazy("Đợt"), queryset=Phase.objects.none())
    area = forms.ModelChoiceField(label=gettext_lazy("Địa bàn"), queryset=None, to_field_name="pk")
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=500, widget=forms.Textarea({"rows": 2}))
    expires_at = forms.SplitDateTimeField(
        label=gettext_lazy("Nhận trước lúc"),
        input_date_formats=["%d/%m/%Y", "%Y-%m-%d"],
        input_time_formats=["%H:%M"],
        help_text=gettext_lazy("Ngày và giờ. Đến đúng lúc đó là đã hết hạn."),
        widget=forms.SplitDateTimeWidget(
            date_format="%d/%m/%Y",
            time_format="%H:%M",
            date_attrs={
                "placeholder": gettext_lazy("ngày/tháng/năm"),
                "inputmode": "numeric",
                "autocomplete": "off",
                "aria-label": gettext_lazy("Ngày hết hạn"),
            },
            time_attrs={
                "placeholder": gettext_lazy("giờ:phút"),
                "autocomplete": "off",
                "aria-label": gettext_lazy("Giờ hết hạn"),
            },
        ),
        error_messages={
            "invalid_date": gettext_lazy(
                "Ngày không đúng; xin ghi theo dạng ngày/tháng/năm, ví dụ 15/07/2021."
            ),
            "invalid_time": gettext_lazy("Giờ không đúng; xin ghi theo dạng giờ:phút, ví dụ 17:00."),
        },
    )

    def __init__(self, *args, areas: AreaQuerySet, **options) -> None:
        super().__init__(*args, **options)
        places = areas.filter(kind__in=(AreaKind.PROVINCE, AreaKind.DISTRICT))
        self.fields["area"].queryset = places.order_by("path")
        phases = Phase.objects.filter(campaign__province__in=areas, dossier_deadline__isnull=False)
        self.fields["phase"].queryset = phases.select_related("campaign").order_by("-dossier_deadline")
        self.fields["phase"].label_from_instance = lambda phase: f"{phase.campaign.short_title}, {phase.name}"
