"""Forms of opinions, of lists for the chairman and of signed decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.decisions import Signed
from awards.decisions import Verdict as Decided
from awards.enums import Verdict
from awards.models import Nominee, Opinion
from awards.opinions import LONGEST_NOTE, Said
from core.forms import DayField
from core.forms_files import DocumentField
from core.models import Area, User


class AskForm(forms.Form):
    """About whom Sở Y tế is asked, and by when."""

    nominees = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Đối tượng"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Xin chọn ít nhất một đối tượng.")},
    )
    due = forms.SplitDateTimeField(
        label=gettext_lazy("Trả lời trước lúc"),
        input_date_formats=["%d/%m/%Y", "%Y-%m-%d"],
        input_time_formats=["%H:%M"],
        help_text=gettext_lazy("Ngày/tháng/năm và giờ:phút."),
        widget=forms.SplitDateTimeWidget(
            date_format="%d/%m/%Y",
            time_format="%H:%M",
            date_attrs={"inputmode": "numeric", "autocomplete": "off", "aria-label": gettext_lazy("Ngày")},
            time_attrs={"autocomplete": "off", "aria-label": gettext_lazy("Giờ")},
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("Nội dung đề nghị"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args, nominees: Sequence[Nominee], **options) -> None:
        super().__init__(*args, **options)
        self.fields["nominees"].choices = [(row.pk, f"{row} – {row.dossier.area.name}") for row in nominees]


class OpinionLineForm(forms.Form):
    """What is said of one nominee, over the version that was shown."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Ý kiến"), choices=[("", "–"), *Verdict.choices], required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Ghi chú"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args, opinion: Opinion, **options) -> None:
        self.opinion, self.theirs = opinion, None
        initial = {"verdict": opinion.verdict, "note": opinion.note, "version": opinion.version}
        super().__init__(*args, initial=initial, prefix=f"line-{opinion.pk}", **options)
        for name in ("verdict", "note"):
            self.fields[name].widget.attrs["aria-label"] = f"{self.fields[name].label}: {opinion.nominee}"

    @property
    def said(self) -> Said:
        return Said(self.opinion.pk, **self.cleaned_data)

    def see(self, theirs: Opinion) -> None:
        """Show theirs beside what was typed; what is sent next is over it."""
        self.theirs, self.data = theirs, self.data.copy()
        self.data[self.add_prefix("version")] = theirs.version


class AnswerForm(forms.Form):
    document_number = forms.CharField(label=gettext_lazy("Số văn bản trả lời"), max_length=100)


class ProposalForm(forms.Form):
    """Whom a list names; a field of reasons for each with whom Sở Y tế did not agree, or whom the council
    (``results``, by nominee) did not pass."""

    nominees = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": gettext_lazy("Xin chọn ít nhất một đối tượng.")}
    )
    note = forms.CharField(
        label=gettext_lazy("Ghi chú"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args,
        nominees: Sequence[Nominee],
        opinions: dict[int, Opinion],
        results: dict[int, dict],
        **options,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["nominees"].choices = [(row.pk, str(row)) for row in nominees]
        chosen = self["nominees"].value()
        chosen = {str(pk) for pk in chosen} if chosen is not None else {str(row.pk) for row in nominees}
        self.rows = []
        for row in nominees:
            name, opinion, result = f"reason-{row.pk}", opinions.get(row.pk), results.get(row.pk)
            against = opinion is not None and opinion.verdict == Verdict.DISAGREE
            if against or (result and not result["passed"]):
                self.fields[name] = forms.CharField(
                    label=_("Vì sao vẫn trình"),
                    max_length=500,
                    required=False,
                    initial=self.initial.get(name),
                )
                self.fields[name].widget.attrs["aria-label"] = _("Vì sao vẫn trình %(name)s") % {"name": row}
            reason = self[name] if name in self.fields else None
            self.rows.append((row, opinion, result, reason, str(row.pk) in chosen))

    @property
    def reasons(self) -> dict[int, str]:
        said = self.cleaned_data.items()
        return {int(name[7:]): text for name, text in said if name.startswith("reason-")}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=500, widget=forms.Textarea({"rows": 2}))


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Số tờ trình"), max_length=60, help_text=gettext_lazy("Ví dụ: 88/TTr-SNV.")
    )


class DecisionForm(forms.Form):
    """What stands on the signed paper, and what was decided of each line."""

    number = forms.CharField(
        label=gettext_lazy("Số quyết định"), max_length=60, help_text=gettext_lazy("Ví dụ: 512/QĐ-UBND.")
    )
    signed_on = DayField(label=gettext_lazy("Ngày ký"))
    signer = forms.CharField(label=gettext_lazy("Người ký"), max_length=120)
    signer_post = forms.CharField(
        label=gettext_lazy("Chức vụ người ký"), max_length=120, initial=gettext_lazy("Chủ tịch")
    )
    scan = DocumentField(label=gettext_lazy("Bản quét quyết định đã ký"), required=False)

    def __init__(
        self,
        *args,
        nominees: Sequence[Nominee],
        area: Area,
        by: User,
        at: datetime,
        corrects: bool,
        **options,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["scan"].bind(area=area, by=by, at=at)
        if corrects:
            self.fields["reason"] = forms.CharField(label=_("Lý do đính chính"), max_length=500)
        self.rows = []
        for row in nominees:
            self._add_line(row, corrects)
            self.rows.append(
                (row, self[f"awarded-{row.pk}"], self[f"why-{row.pk}"],
                 self[f"name-{row.pk}"] if corrects else None)
            )  # fmt: skip

    def _add_line(self, row: Nominee, corrects: bool) -> None:
        fields = {
            f"awarded-{row.pk}": forms.BooleanField(label=_("Khen"), required=False, initial=True),
            f"why-{row.pk}": forms.CharField(label=_("Lý do không khen"), max_length=500, required=False),
        }
        if corrects:
            fields[f"name-{row.pk}"] = forms.CharField(
                label=_("Tên ghi trên quyết định"), max_length=200, required=False
            )
        for name, field in fields.items():
            field.widget.attrs["aria-label"] = f"{field.label}: {row}"
            self.fields[name] = field

    @property
    def signed(self) -> Signed:
        return Signed(**{name: self.cleaned_data[name] for name in Signed._fields})

    @property
    def verdicts(self) -> dict[int, Decided]:
        said = self.cleaned_data
        return {
            row.pk: Decided(said[f"awarded-{row.pk}"], said[f"why-{row.pk}"], said.get(f"name-{row.pk}", ""))
            for row, *_fields in self.rows
        }


class RegisterFilterForm(forms.Form):
    """What of the register is shown."""

    q = forms.CharField(label=gettext_lazy("Tên, đơn vị, số quyết định"), max_length=100, required=False)
    campaign = forms.ChoiceField(label=gettext_lazy("Phong trào"), required=False)
    phase = forms.ChoiceField(label=gettext_lazy("Đợt"), required=False)
    year = forms.ChoiceField(label=gettext_lazy("Năm"), required=False)

    def __init__(self, *args, choices: Sequence[tuple[str, str, str, str, date]], **options) -> None:
        """``choices``: slug and name of a campaign, code and name of a phase, a day of signing."""
        super().__init__(*args, **options)
        every = [("", _("tất cả"))]
        self.fields["campaign"].choices = every + sorted({(row[0], row[1]) for row in choices})
        self.fields["phase"].choices = every + sorted({(row[2], row[3]) for row in choices})
        years = sorted({str(row[4].year) for row in choices}, reverse=True)
        self.fields["year"].choices = every + [(year, year) for year in years]
