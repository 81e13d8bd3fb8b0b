"""Forms of the conditions of a green zone. Each remembers the last word that its writer had before them."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.conditions import AnsweredMeanwhile
from campaign.enums import AnswerStage
from campaign.models import ConditionAnswer, ConditionEvidence, GreenCondition, Unit
from core.errors import DomainError
from core.forms_files import DocumentField, PhotoField
from core.models import StoredFile, User

MET = (("yes", _("Đạt")), ("no", _("Chưa đạt")))


class FindForm(forms.Form):
    q = forms.CharField(label=_("Tìm đơn vị (không cần dấu)"), required=False, max_length=100)


class AnswerForm(forms.Form):
    """Met or not, with a note. ``refusal``: why it was not written; ``meanwhile``: what others said first."""

    met = forms.TypedChoiceField(
        label=_("Điều kiện này"),
        choices=MET,
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Xin chọn đạt hoặc chưa đạt.")},
    )
    note = forms.CharField(
        label=_("Ghi chú"), max_length=500, required=False, widget=forms.Textarea({"rows": 3})
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, latest: ConditionAnswer | None, **kwargs) -> None:
        super().__init__(*args, initial={"seen": latest.pk if latest else 0}, **kwargs)
        self.refusal: DomainError | None = None
        self.meanwhile: ConditionAnswer | None = None

    def refuse(self, refusal: DomainError) -> None:
        """Show why nothing was written. What was typed stays, and goes over theirs if it is sent again."""
        self.refusal = refusal
        self.add_error(None, refusal.message)
        if isinstance(refusal, AnsweredMeanwhile):
            self.meanwhile = refusal.latest
            self.data = self.data.copy()
            self.data["seen"] = refusal.latest.pk


class AssessForm(AnswerForm):
    """What the unit says of itself, with what shows it: new files, and those of before that still do."""

    kept = forms.ModelMultipleChoiceField(
        label=_("Minh chứng đã gửi, vẫn dùng"),
        queryset=StoredFile.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    document_1 = DocumentField(label=_("Văn bản"), required=False)
    document_2 = DocumentField(label=_("Văn bản khác"), required=False, help_text="")
    photo_1 = PhotoField(label=_("Ảnh"), required=False)
    photo_2 = PhotoField(label=_("Ảnh khác"), required=False, help_text="")
    FILES = ("document_1", "document_2", "photo_1", "photo_2")

    def __init__(
        self,
        *args,
        unit: Unit,
        condition: GreenCondition,
        latest: ConditionAnswer | None,
        by: User,
        at: datetime,
        **kwargs,
    ) -> None:
        super().__init__(*args, latest=latest, **kwargs)
        for name in self.FILES:
            self.fields[name].bind(area=unit.seat, by=by, at=at)
        shown = ConditionEvidence.objects.filter(
            answer__unit=unit, answer__condition=condition, answer__stage=AnswerStage.SELF
        )
        sent = StoredFile.objects.defer("content").filter(pk__in=shown.values("file")).order_by("pk")
        if not sent:
            del self.fields["kept"]
            return
        self.fields["kept"].queryset = sent
        newest = shown.order_by("-answer_id").values_list("answer_id", flat=True)[:1]
        self.initial["kept"] = list(shown.filter(answer=newest).values_list("file_id", flat=True))

    def evidence(self) -> list[StoredFile]:
        """The files of the answer, each once."""
        sent = list(self.cleaned_data.get("kept", ()))
        return sent + [self.cleaned_data[name] for name in self.FILES if self.cleaned_data[name]]


class CheckForm(AnswerForm):
    """What the level above found; what is not met is said why."""

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("met") is False and not cleaned.get("note", "").strip():
            self.add_error("note", _("Kiểm tra thấy chưa đạt thì phải ghi vì sao."))
        return cleaned
