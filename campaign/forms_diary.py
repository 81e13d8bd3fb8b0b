"""Forms of diaries: an entry with its photos, and the word of the level above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.diary import PHOTOS_AT_MOST, DiaryRefused, SaidPhoto
from campaign.forms_registrations import UnitField
from campaign.models import Campaign, DiaryEntry, DiaryPhoto, Unit
from core.forms import DayField
from core.forms_files import PhotoField
from core.models import Area, User

PLACES = range(1, PHOTOS_AT_MOST + 1)


class Slot(NamedTuple):
    """The two fields of one photo."""

    place: int
    photo: BoundField
    caption: BoundField

    @property
    def is_used(self) -> bool:
        """Whether there is anything in it, right or wrong."""
        return bool(self.photo.value() or self.caption.value() or self.photo.errors or self.caption.errors)


class WritingUnitField(UnitField):
    none_found = gettext_lazy(
        "Không có đơn vị nào như vậy đang thi đua trong địa bàn của bạn; xin gõ mã hoặc tên đơn vị."
    )


class DiaryForm(forms.ModelForm):
    """What a unit did on a day, and up to six photos of it, each with its caption."""

    unit = WritingUnitField(
        label=gettext_lazy("Đơn vị"),
        help_text=gettext_lazy("Gõ mã hoặc tên, không cần dấu; ví dụ: phuoc hai."),
    )
    happened_on = DayField(label=gettext_lazy("Ngày"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = DiaryEntry
        fields = ("happened_on", "title", "text")
        widgets = {"text": forms.Textarea({"rows": 10})}
        help_texts = {
            "title": gettext_lazy(
                "Đã làm gì, ở đâu; ví dụ: Tổ COVID cộng đồng đi từng nhà ở thôn Phước Lập."
            ),
            "text": gettext_lazy(
                "Làm thế nào, ai cùng làm, kết quả ra sao. Không ghi tên, địa chỉ người bệnh, người cách ly."
            ),
        }

    field_order = ("unit", *Meta.fields)  # the unit first: the photos are of its seat

    def __init__(
        self, *args, campaign: Campaign, units: QuerySet[Unit], by: User, at: datetime, **options
    ) -> None:
        super().__init__(*args, **options)
        self.by, self.at = by, at
        for place in PLACES:
            self.fields[f"photo_{place}"] = PhotoField(
                label=_("Ảnh %(place)s") % {"place": place}, required=False
            )
            self.fields[f"caption_{place}"] = forms.CharField(
                label=_("Chú thích ảnh %(place)s") % {"place": place},
                max_length=DiaryPhoto._meta.get_field("caption").max_length,
                required=False,
                help_text=_("Trong ảnh có gì: cho người không nhìn thấy ảnh."),
            )
        if self.instance.pk:
            del self.fields["unit"]
            self._begin_with_stored()
        else:
            self.instance.campaign = campaign
            self.fields["unit"].among = units
            self.fields["unit"].widget.attrs |= {"list": "unit_offers"}
            self._bind(None)
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def _begin_with_stored(self) -> None:
        self.initial["version"] = self.instance.version
        for photo in self.instance.photos.all():
            self.initial |= {f"photo_{photo.place}": photo.file, f"caption_{photo.place}": photo.caption}
        self._bind(self.instance.unit.seat)

    def _bind(self, area: Area | None) -> None:
        for place in PLACES:
            self.fields[f"photo_{place}"].bind(area=area, by=self.by, at=self.at)

    def clean_unit(self) -> Unit:
        """Known before the photos are, which are of its seat."""
        unit = self.cleaned_data["unit"]
        self.instance.unit = unit
        self._bind(unit.seat)
        return unit

    def clean(self) -> dict:
        cleaned, seen = super().clean(), set()
        for place in PLACES:
            photo, caption = cleaned.get(f"photo_{place}"), cleaned.get(f"caption_{place}")
            if photo and not caption and f"caption_{place}" not in self.errors:
                self.add_error(f"caption_{place}", _("Xin ghi chú thích cho ảnh này."))
            given_back = self[f"photo_{place}"].data.removed  # its caption goes with it
            if caption and not photo and not given_back and f"photo_{place}" not in self.errors:
                self.add_error(
                    f"photo_{place}", _("Có chú thích mà chưa có ảnh: xin chọn ảnh hoặc xóa chú thích.")
                )
            if photo and photo.pk in seen:
                self.add_error(f"photo_{place}", _("Ảnh này đã có ở trên."))
            seen.add(photo and photo.pk)
        return cleaned

    def photos(self) -> list[SaidPhoto]:
        """The photos as said, in their order, those left out closed up."""
        said = [(self.cleaned_data[f"photo_{n}"], self.cleaned_data[f"caption_{n}"]) for n in PLACES]
        return [SaidPhoto(photo, caption) for photo, caption in said if photo]

    def slots(self) -> Sequence[Slot]:
        return [Slot(place, self[f"photo_{place}"], self[f"caption_{place}"]) for place in PLACES]

    def shown_slots(self) -> Sequence[Slot]:
        """Those in use and the next free one; the others are ``more_slots``."""
        return self.slots()[: self._used() + 1]

    def more_slots(self) -> Sequence[Slot]:
        return self.slots()[self._used() + 1 :]

    def _used(self) -> int:
        return max((slot.place for slot in self.slots() if slot.is_used), default=0)

    def take(self, refusal: DiaryRefused) -> None:
        """Tell a refusal of the stage at its fields."""
        for name, sentence in (refusal.faults or {"": refusal.message}).items():
            self.add_error(name if name in self.fields else None, sentence)


class DecideForm(forms.Form):
    """Whether it is a good way of working, or why it is returned or taken down."""

    use_required_attribute = False  # the buttons beside it ask for none

    good_practice = forms.BooleanField(label=gettext_lazy("Giới thiệu là cách làm hay"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Lý do trả lại"),
        max_length=DiaryEntry._meta.get_field("reason").max_length,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Xin ghi lý do, để người viết biết cần làm gì.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, why: bool = True, **options) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = why

    def ask_why_taken_down(self) -> None:
        self.fields["reason"].label = _("Lý do gỡ")
        self.fields["reason"].help_text = _("Bài và ảnh không còn ai ngoài địa bàn thấy; không xóa gì.")
