"""Forms of nominations: what a unit says of a person, what a district answers."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from awards.law import AwardKind
from awards.models import Nomination
from campaign.forms_registrations import UnitField
from campaign.models import Unit

MOST_SHOWN = 300


class NominatingUnitField(UnitField):
    none_found = gettext_lazy("Địa bàn của bạn không có đơn vị nào như vậy; xin gõ mã hoặc tên đơn vị.")


class NominationForm(forms.Form):
    """Who is nominated: post, deeds and where. The award is asked for where there is more than one."""

    unit = NominatingUnitField(
        label=gettext_lazy("Đơn vị đề cử"),
        help_text=gettext_lazy("Gõ mã hoặc tên, không cần dấu; ví dụ: phuoc hai."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Hình thức khen"), widget=forms.RadioSelect)
    person = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=120)
    person_post = forms.CharField(
        label=gettext_lazy("Chức vụ, nơi công tác"),
        help_text=gettext_lazy("Ví dụ: Tổ trưởng tổ COVID cộng đồng, khu phố 3."),
        max_length=200,
    )
    deeds = forms.CharField(
        label=gettext_lazy("Đã làm gì, ở đâu"),
        help_text=gettext_lazy("Vai trò, việc đã làm, nơi làm, kết quả; không ghi thông tin về bệnh của ai."),
        max_length=2000,
        widget=forms.Textarea({"rows": 8}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args, units: QuerySet[Unit], kinds: list[AwardKind], nomination: Nomination | None = None,
        **options,
    ) -> None:  # fmt: skip
        initial = options.pop("initial", {})
        if nomination:
            initial = {name: getattr(nomination, name) for name in ("kind", "person", "person_post", "deeds")}
            initial["unit"] = f"{nomination.unit.code} – {nomination.unit.name}"
            initial["version"] = nomination.version
        super().__init__(*args, initial=initial, **options)
        unit, kind = self.fields["unit"], self.fields["kind"]
        unit.among = units.select_related("seat__parent").in_vietnamese_order()
        unit.widget.attrs |= {"list": "unit_offers"}
        kind.choices = [(each.code, each.name) for each in kinds]
        if len(kinds) == 1:
            kind.widget, kind.initial, kind.required = forms.HiddenInput(), kinds[0].code, True
        for name, field in self.fields.items():
            if name != "kind":
                field.widget.attrs.setdefault("autocomplete", "off")

    def show_over(self, version: int) -> None:
        """What is sent next is over what is shown now."""
        self.data = self.data.copy()
        self.data["version"] = version


class AnswerForm(forms.Form):
    """What a district answers to those that were ticked. ``shown`` names them with their versions."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do, khi không đưa vào hồ sơ"),
        help_text=gettext_lazy("Đơn vị đề cử đọc được lý do này."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def ticked(self) -> list[str]:
        return self.data.getlist("nomination") if self.is_bound else []

    def shown(self) -> dict[int, int]:
        """By id, the version that was shown; what is none is left out."""
        pairs = (each.partition(":") for each in self.ticked()[:MOST_SHOWN])
        return {
            int(pk): int(version)
            for pk, _colon, version in pairs
            if all(part.isascii() and part.isdecimal() and len(part) < 10 for part in (pk, version))
        }
