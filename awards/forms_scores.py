"""Forms of scoring: the criteria of a phase, and one line of a reviewer's sheet."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.criteria import LONGEST_LABEL, MOST_CRITERIA, CriterionSaid
from awards.models import Criterion, Score
from awards.scores import LONGEST_NOTE, Points
from campaign.enums import Recipient


class CriterionForm(forms.Form):
    """A criterion; one without a name is left out."""

    use_required_attribute = False

    label = forms.CharField(
        label=gettext_lazy("Tiêu chí"),
        max_length=LONGEST_LABEL,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    recipient = forms.ChoiceField(
        label=gettext_lazy("Chấm cho"),
        choices=[("", gettext_lazy("tập thể và cá nhân")), *Recipient.choices],
        required=False,
    )
    maximum = forms.IntegerField(
        label=gettext_lazy("Điểm tối đa"), min_value=1, max_value=100, required=False
    )
    weight = forms.IntegerField(label=gettext_lazy("Trọng số"), min_value=1, max_value=100, required=False)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        place = self.prefix.rpartition("-")[2]
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = _("%(field)s, dòng %(place)s") % {
                "field": field.label,
                "place": int(place) + 1,
            }

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("label"):
            for name in ("maximum", "weight"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Xin ghi số từ 1 đến 100."))
        return cleaned


class CriteriaSet(forms.BaseFormSet):
    """The criteria of a phase, in their order."""

    @property
    def said(self) -> list[CriterionSaid]:
        rows = (form.cleaned_data for form in self.forms)
        return [CriterionSaid(**row) for row in rows if row.get("label")]


CriteriaFormSet = forms.formset_factory(
    CriterionForm, formset=CriteriaSet, extra=0, max_num=MOST_CRITERIA, absolute_max=MOST_CRITERIA
)


class ScoreForm(forms.Form):
    """The points of one criterion, over the version that was shown."""

    use_required_attribute = False

    points = forms.IntegerField(label=gettext_lazy("Điểm"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Nhận xét"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, criterion: Criterion, stored: Score | None, **options) -> None:
        self.criterion, self.theirs = criterion, None
        initial = {"version": 0}
        if stored is not None:
            initial = {"points": stored.points, "note": stored.note, "version": stored.version}
        super().__init__(*args, initial=initial, prefix=f"criterion-{criterion.pk}", **options)
        field = self.fields["points"]
        field.error_messages["invalid"] = self._range
        field.widget.attrs |= {
            "min": 0,
            "max": criterion.maximum,
            "step": 1,
            "inputmode": "numeric",
            "data-points": "",
            "data-maximum": criterion.maximum,
            "data-weight": criterion.weight,
            "aria-label": _("Điểm, từ 0 đến %(most)s: %(label)s")
            % {"most": criterion.maximum, "label": criterion.label},
        }
        self.fields["note"].widget.attrs["aria-label"] = _("Nhận xét: %(label)s") % {"label": criterion.label}

    @property
    def _range(self) -> str:
        return _("Xin ghi điểm từ 0 đến %(most)s.") % {"most": self.criterion.maximum}

    def clean_points(self) -> int | None:
        points = self.cleaned_data["points"]
        if points is not None and not 0 <= points <= self.criterion.maximum:
            raise forms.ValidationError(self._range)
        return points

    @property
    def said(self) -> Points:
        return Points(self.criterion.pk, **self.cleaned_data)

    def see(self, theirs: Score) -> None:
        """Show what the other window saved beside what was typed; what is sent next is over it."""
        self.theirs, self.data = theirs, self.data.copy()
        self.data[self.add_prefix("version")] = theirs.version
