"""Forms of paper templates."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from core.forms_files import DocumentField, KeptFileInput


class TemplateForm(forms.Form):
    """A Word file, and what it is called among those who work with it."""

    file = DocumentField(
        label=gettext_lazy("Tệp mẫu"),
        help_text=gettext_lazy("Word (.docx), không có hình ảnh, liên kết, macro; lớn nhất 2 MB."),
        widget=KeptFileInput({"accept": ".docx"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Ghi chú"),
        help_text=gettext_lazy("Ví dụ: theo Quyết định số 12/QĐ-SNV ngày 05/8/2021."),
        max_length=300,
        required=False,
    )
