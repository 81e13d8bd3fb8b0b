"""Forms of units: the list narrowed, a unit, its closing, a file of units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.enums import GroupKind
from campaign.models import Unit, UnitQuerySet
from campaign.near_units import Near, near_duplicates
from campaign.unit_checks import MOST_PEOPLE
from campaign.unit_files import UnitFile
from campaign.units import OF_AN_ORGANISATION, WRITTEN
from core.enums import AreaKind
from core.finding import province_of
from core.forms import AreaField
from core.models import Area, AreaQuerySet
from core.vietnamese import fold, normalise_name
from riskmap.forms_entry import NumberField
from riskmap.forms_facts import AnyAreaField, units_of_day
from riskmap.imports.sheets import MAX_BYTES

KINDS = [kind for kind in GroupKind if kind.area_kind is None]
ORGANISATIONS = "organisations"
_SIZE = next(each for each in Unit._meta.constraints if each.name == "unit_size_is_of_people")


class SizeField(NumberField):
    """People, in digits alone: who writes "1.000" means a thousand, and elsewhere it is one."""

    default_error_messages = {
        "invalid": _("Ghi số nguyên, không có dấu chấm, dấu phẩy; chưa biết thì để trống."),
        "min_value": _SIZE.violation_error_message,
        "max_value": _("Số quá lớn."),
    }

    def __init__(self, **options) -> None:
        super().__init__(min_value=1, max_value=MOST_PEOPLE, **options)


class UnitFilterForm(forms.Form):
    """The list of units: of a kind, in an area with all below it, by name, closed ones too."""

    kind = forms.ChoiceField(label=_("Loại"), required=False)
    area = AnyAreaField(label=_("Địa bàn"), required=False)
    q = forms.CharField(label=_("Tên hoặc mã"), required=False, max_length=100)
    closed = forms.BooleanField(label=_("cả đơn vị đã ngừng"), required=False)

    def __init__(self, asked, *, areas: AreaQuerySet) -> None:
        super().__init__({name: asked.get(name, "") for name in self.base_fields})
        self.fields["kind"].choices = [
            ("", _("tất cả")),
            (ORGANISATIONS, _("mọi cơ quan, tổ chức")),
            *GroupKind.choices,
        ]
        self.fields["area"].among = areas
        self.fields["area"].widget.attrs |= {"list": "area_offers", "autocomplete": "off"}

    @property
    def narrows(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    def narrow(self, units: UnitQuerySet, *, kind: bool = True) -> UnitQuerySet:
        """``units`` that match; none where the form is not understood. ``kind=False``: of every kind."""
        if not self.is_valid():
            return units.none()
        asked = self.cleaned_data
        if not asked["closed"]:
            units = units.open()
        if asked["area"]:
            units = units.filter(seat__in=Area.objects.under(asked["area"]))
        if asked["q"].strip():
            words = [Q(search_text__contains=word) for word in fold(asked["q"]).split()]
            named = Q(*words) if words else Q(pk__in=[])
            units = units.filter(named | Q(code__iexact=asked["q"].strip()))
        if kind and asked["kind"] == ORGANISATIONS:
            return units.organisations()
        return units.filter(kind=asked["kind"]) if kind and asked["kind"] else units


class UnitForm(forms.ModelForm):
    """A unit. ``areas`` are those in which the person may list one; of an area only its office is asked for.

    A name that is near another's is written once the person has said that it is another unit.
    """

    seat = AreaField(
        label=_("Nơi đóng"),
        help_text=_("Xã, phường, thị trấn nơi đơn vị đóng; cơ quan cấp huyện, cấp tỉnh thì ghi huyện, tỉnh."),
    )
    size = SizeField(
        label=_("Số người"),
        help_text=_("Số cán bộ, công chức, người lao động; chưa biết thì để trống."),
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    another = forms.BooleanField(label=_("Đây là đơn vị khác"), required=False)
    read_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Unit
        fields = ("kind", "name", "seat", "head", "head_post", "phone", "email", "size")
        help_texts = {
            "name": _("Tên đầy đủ như trong quyết định thành lập hoặc đăng ký kinh doanh."),
            "phone": _("Số của cơ quan, không phải số riêng."),
        }
        error_messages = {"kind": {"required": _("Xin chọn loại đơn vị.")}}

    def __init__(self, *args, areas: AreaQuerySet, today: date, **options) -> None:
        super().__init__(*args, **options)
        self.near: list[Near] = []
        self.stored = Unit.objects.filter(pk=self.instance.pk).select_related("seat__parent").first()
        self.initial["read_version"] = self.instance.version
        if self.stored and self.stored.is_area:
            for name in (*OF_AN_ORGANISATION, "another"):
                del self.fields[name]
        else:
            self.fields["kind"].choices = [("", "–"), *((kind.value, kind.label) for kind in KINDS)]
            seat = self.fields["seat"]
            seat.among = units_of_day(areas, today).exclude(kind=AreaKind.HAMLET)
            seat.widget.attrs |= {"list": "seat_offers", "autocomplete": "off"}
            if self.stored:
                self.initial["seat"] = seat.offer(self.stored.seat)
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def clean(self) -> dict:
        cleaned = super().clean()
        self._validate_unique = False  # the constraints say it better
        if self.stored is None and cleaned.get("seat"):
            self.instance.province = province_of(cleaned["seat"])
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        for message in self._errors.pop(NON_FIELD_ERRORS, []):
            # Of the constraints, a form that has all it asks for can break only that of the size.
            self.add_error("size" if message == _SIZE.violation_error_message else None, message)
        self._ask_of_near_names()

    def _ask_of_near_names(self) -> None:
        """Look for near names of a new one; they are shown, and the person says whether it is another."""
        if "name" not in self.fields or self.errors:
            return
        renamed = self.stored is None or self.stored.name != normalise_name(self.instance.name)
        if not renamed:
            return
        self.near = near_duplicates(unit=self.instance)
        if self.near and not self.cleaned_data["another"]:
            self.add_error(
                "another",
                _("Đã có đơn vị tên gần giống. Nếu là một thì dùng đơn vị đó; nếu khác thì đánh dấu ô này."),
            )

    def theirs(self) -> Sequence[tuple[str, str, str]]:
        """Where another person's writing and this one differ: what it is called, theirs, mine."""
        if self.stored is None:
            return []
        told = []
        for name in WRITTEN:
            if name in self.fields:
                pair = (_shown(self.stored, name), _shown(self.instance, name))
                if pair[0] != pair[1]:
                    told.append((str(self.fields[name].label), *pair))
        return told


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do ngừng hoạt động"),
        max_length=Unit._meta.get_field("closing_reason").max_length,
        help_text=_("Ví dụ: giải thể, sáp nhập vào đơn vị khác, ghi hai lần."),
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Xin ghi lý do ngừng hoạt động.")},
    )


class UnitFileForm(forms.Form):
    """``areas`` are those in which the person may list units."""

    area = AreaField(label=_("Địa bàn"), help_text=_("Dòng của đơn vị ngoài địa bàn này sẽ bị từ chối."))
    file = forms.FileField(
        label=_("Tệp đơn vị"),
        allow_empty_file=True,  # the reading says better what is wrong
        help_text=_("XLSX hoặc CSV (UTF-8), nhiều nhất 10.000 dòng. Nên dùng tệp xuất ra từ cổng."),
        error_messages={"required": _("Xin chọn tệp.")},
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args, areas: AreaQuerySet, today: date, **options) -> None:
        super().__init__(*args, **options)
        area = self.fields["area"]
        area.among = units_of_day(areas, today).exclude(kind=AreaKind.HAMLET)
        area.widget.attrs |= {"list": "area_offers", "autocomplete": "off"}

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("Tệp lớn hơn 20 MB. Hãy chia thành nhiều tệp rồi nhập lần lượt."))
        return file


class UnitCommitForm(forms.Form):
    """What was shown, and what of it is to be written."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    others = forms.BooleanField(
        label=_("Các đơn vị tên gần giống nêu trên là đơn vị khác"),
        error_messages={"required": _("Xin xem các tên gần giống; nếu là đơn vị khác thì đánh dấu ô này.")},
    )
    right_rows_only = forms.TypedChoiceField(
        label=_("Tệp còn dòng sai"),
        choices=[
            (False, _("không ghi gì; tôi sửa tệp rồi nhập lại")),
            (True, _("chỉ ghi các dòng đúng, bỏ các dòng sai")),
        ],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        error_messages={"required": _("Xin chọn ghi thế nào.")},
    )

    def ask(self, file: UnitFile) -> UnitCommitForm:
        """Leave on the form what there is to say of ``file``."""
        self.initial["shown"] = file.fingerprint
        if not file.near:
            del self.fields["others"]
        if not file.refusals:
            del self.fields["right_rows_only"]
        return self


def _shown(unit: Unit, name: str) -> str:
    if name == "kind":
        return str(unit.get_kind_display())
    value = getattr(unit, name)
    return "–" if value in (None, "") else str(value)
