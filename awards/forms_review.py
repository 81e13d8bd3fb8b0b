"""Forms of the review: the queue's filter, ticks, flags, verdicts, what a return asks for."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.checks import LABELS
from awards.dossier_papers import key_of
from awards.enums import ItemKind
from awards.models import Nominee
from awards.review_queue import SHOWS, STATES
from campaign.models import Phase

PASSED, FAILED = "yes", "no"


class QueueForm(forms.Form):
    """``?state=&show=&phase=``; anything else is refused."""

    state = forms.ChoiceField(
        label=gettext_lazy("Trạng thái"),
        required=False,
        choices=[("", gettext_lazy("tất cả")), *((state.value, state.label) for state in STATES)],
    )
    show = forms.ChoiceField(
        label=gettext_lazy("Chỉ xem"),
        required=False,
        choices=[("", gettext_lazy("tất cả")), *SHOWS],
    )
    phase = forms.ModelChoiceField(
        Phase.objects.none(), label=gettext_lazy("Đợt"), required=False, empty_label=gettext_lazy("mọi đợt")
    )

    def __init__(self, *args, phases: QuerySet[Phase], **options) -> None:
        super().__init__(*args, **options)
        self.fields["phase"].queryset = phases
        self.fields["phase"].label_from_instance = name_of_phase


def name_of_phase(phase: Phase) -> str:
    return f"{phase.name}, {phase.campaign.short_title}"


def _reason(label, *, required: bool = True, **options) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=500, required=required, widget=forms.Textarea({"rows": 2}), **options
    )


class _YesNoForm(forms.Form):
    use_required_attribute = False

    def clean_passed(self) -> bool:
        return self.cleaned_data["passed"] == PASSED


class TickForm(_YesNoForm):
    """What a person decides of a check, and why."""

    code = forms.ChoiceField(choices=list(LABELS.items()), widget=forms.HiddenInput)
    passed = forms.ChoiceField(
        label=gettext_lazy("Kết luận"),
        choices=[(PASSED, gettext_lazy("đạt")), (FAILED, gettext_lazy("không đạt"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Xin chọn đạt hoặc không đạt.")},
    )
    reason = _reason(
        gettext_lazy("Lý do"), error_messages={"required": gettext_lazy("Xin ghi lý do kết luận khác máy.")}
    )


class FlagForm(forms.Form):
    use_required_attribute = False

    flag = forms.CharField(max_length=60, widget=forms.HiddenInput)
    note = _reason(
        gettext_lazy("Nhận xét"), error_messages={"required": gettext_lazy("Xin ghi nhận xét về dấu hiệu.")}
    )


class VerdictForm(_YesNoForm):
    """Whether a nominee passes; ``version`` is what was shown."""

    passed = forms.ChoiceField(
        label=gettext_lazy("Kết luận về đối tượng"),
        choices=[(PASSED, gettext_lazy("đủ điều kiện")), (FAILED, gettext_lazy("không đủ điều kiện"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Xin chọn đủ hay không đủ điều kiện.")},
    )
    reason = _reason(
        gettext_lazy("Lý do"),
        required=False,
        help_text=gettext_lazy("Không đủ điều kiện thì phải ghi."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why a dossier is reviewed once more."""

    use_required_attribute = False

    reason = _reason(gettext_lazy("Lý do"), error_messages={"required": gettext_lazy("Xin ghi lý do.")})


class ReturnForm(ReasonForm):
    """What a return asks for, paper by paper, and until when."""

    due = forms.DateTimeField(
        label=gettext_lazy("Bổ sung trước lúc"),
        help_text=gettext_lazy("Giờ và ngày, ví dụ: 17:00 10/09/2021."),
        input_formats=["%H:%M %d/%m/%Y", "%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput({"autocomplete": "off"}, format="%H:%M %d/%m/%Y"),
        error_messages={
            "invalid": gettext_lazy("Thời điểm không đúng; xin ghi giờ và ngày, ví dụ: 17:00 10/09/2021."),
            "required": gettext_lazy("Xin ghi hạn bổ sung."),
        },
    )

    def __init__(self, *args, nominees: list[Nominee], **options) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].label = _("Lý do trả lại")
        self.asked_of = {
            key_of(ItemKind.SUBMISSION): _("Tờ trình: cần bổ sung gì"),
            key_of(ItemKind.LIST): _("Danh sách: cần bổ sung gì"),
        } | {
            key_of(ItemKind.SUMMARY, nominee): _("Báo cáo của %(name)s: cần bổ sung gì") % {"name": nominee}
            for nominee in nominees
        }
        for key, label in self.asked_of.items():
            self.fields[key] = _reason(label, required=False)

    def clean(self) -> dict:
        cleaned = super().clean()
        asked = [{"item": key, "words": cleaned[key]} for key in self.asked_of if cleaned.get(key)]
        if not asked:
            self.add_error(None, _("Xin ghi cần bổ sung gì, ở ít nhất một giấy tờ."))
        return {"reason": cleaned.get("reason", ""), "due": cleaned.get("due"), "asked": asked}

    @property
    def items(self) -> list[forms.BoundField]:
        return [self[key] for key in self.asked_of]
