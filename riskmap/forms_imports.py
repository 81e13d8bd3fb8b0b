"""Forms of imported files: which file, of where, in whose name; then why it changes what was said."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.enums import AreaKind
from core.forms import AreaField, DayField
from core.models import AreaQuerySet
from riskmap.entry_source import ENTRY_SOURCE
from riskmap.imports.sheets import MAX_BYTES
from riskmap.imports.sifting import Sifted
from riskmap.models import CountPost, CountSource


class ImportForm(forms.Form):
    """``areas`` are those whose counts the person enters, ``sources`` those they may also speak for."""

    area = AreaField(label=_("Địa bàn"), help_text=_("Dòng của đơn vị ngoài địa bàn này sẽ bị từ chối."))
    source = forms.ModelChoiceField(
        CountSource.objects.none(),
        label=_("Nguồn số liệu"),
        required=False,
        empty_label=ENTRY_SOURCE,
        help_text=_("Số của mỗi nguồn được giữ riêng; chọn nguồn khác khi nhập thay cho nguồn đó."),
    )
    file = forms.FileField(
        label=_("Tệp số ca"),
        allow_empty_file=True,  # the engine says better what is wrong
        help_text=_("XLSX hoặc CSV (UTF-8), lớn nhất 20 MB. Tệp mẫu có ở trang trước."),
        error_messages={"required": _("Xin chọn tệp.")},
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )
    complete_from = DayField(label=_("Từ ngày"), required=False)
    complete_to = DayField(label=_("Đến hết ngày"), required=False)

    def __init__(self, *args, areas: AreaQuerySet, managed: AreaQuerySet, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].among = areas.exclude(kind=AreaKind.HAMLET)
        self.fields["area"].widget.attrs |= {"list": "area_offers", "autocomplete": "off"}
        sources = CountSource.objects.filter(province__in=managed).exclude(name=ENTRY_SOURCE)
        self.fields["source"].queryset = sources.select_related("province").order_by("province__code", "rank")
        self.speaks_for_others = sources.exists()

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("Tệp lớn hơn %(limit)d MB. Hãy chia thành nhiều tệp theo tháng rồi nhập lần lượt."),
                params={"limit": MAX_BYTES // 1_000_000},
            )
        return file

    def clean(self) -> dict:
        cleaned = super().clean()
        source, area = cleaned.get("source"), cleaned.get("area")
        if source and area and not f"{area.path}/".startswith(f"{source.province.path}/"):
            self.add_error("source", _("Nguồn này không phải của tỉnh có địa bàn đã chọn."))
        first, last = cleaned.get("complete_from"), cleaned.get("complete_to")
        misread = {"complete_from", "complete_to"} & set(self.errors)
        if not misread and bool(first) != bool(last):
            missing = "complete_to" if first else "complete_from"
            self.add_error(missing, _("Ghi cả ngày đầu và ngày cuối, hoặc để trống cả hai."))
        return cleaned

    def said(self) -> dict:
        """The arguments of ``preview_batch`` that the person gave."""
        given = self.cleaned_data
        return {
            "file": given["file"],
            "name": given["file"].name,
            "scope": given["area"],
            "source": str(given.get("source") or ENTRY_SOURCE),
            "zero_fill": (given["complete_from"], given["complete_to"]) if given["complete_from"] else None,
        }


class CommitForm(forms.Form):
    """Why what was said before is changed; asked for only where it is, and judged by ``commit_batch``."""

    reason = forms.CharField(
        label=_("Lý do đính chính"),
        max_length=CountPost._meta.get_field("reason").max_length,
        required=False,
        help_text=_("Ghi vào lịch sử của từng số bị sửa."),
        widget=forms.Textarea({"rows": 2}),
    )
    document = forms.CharField(
        label=_("Số văn bản"),
        max_length=CountPost._meta.get_field("document").max_length,
        required=False,
        help_text=_("Văn bản làm căn cứ sửa số liệu của ngày đã duyệt; ví dụ: 125/BC-SYT ngày 15/07/2021."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def ask(self, sifted: Sifted) -> None:
        """Say on the page what cannot be left out."""
        self.fields["reason"].required = sifted.needs_reason
        self.fields["document"].required = sifted.needs_document


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do hoàn tác"),
        max_length=CountPost._meta.get_field("reason").max_length,
        error_messages={"required": _("Xin ghi lý do hoàn tác.")},
        widget=forms.Textarea({"rows": 2}),
    )
