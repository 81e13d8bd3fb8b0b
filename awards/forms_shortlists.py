"""The form by which a candidate is kept or withdrawn."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from awards.enums import CandidateDecision


class CandidateForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Quyết định"),
        choices=CandidateDecision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Xin chọn giữ hoặc rút.")},
    )
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=500,
        required=False,
        help_text=_("Bắt buộc khi rút, và khi giữ một đơn vị không còn đủ điều kiện."),
        widget=forms.Textarea({"rows": 3}),
    )
