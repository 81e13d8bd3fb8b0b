"""The forms of pledges: a row of the grid, and of which day and by which paper the numbers are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from campaign.enums import PledgeKind
from campaign.models import PledgeCount
from campaign.pledge_coverage import HAMLETS, Figure
from campaign.pledge_page import KIND_HEADS, GridRow
from campaign.pledges import MOST_OF_A_KIND, PledgeFault, PledgeRow, faults_of
from core.forms import DayField
from core.forms_files import DocumentField
from core.models import Area, User
from riskmap.forms_entry import NumberField

UNREAD = object()  # a number that is none


class PledgedField(NumberField):
    """Plain digits: what stands in the field is never grouped, so neither is what is typed."""

    default_error_messages = {
        "invalid": _("ghi số nguyên, không có dấu chấm, dấu phẩy."),
        "max_value": _("số quá lớn; xin xem lại."),
    }

    def __init__(self, **options) -> None:
        super().__init__(max_value=MOST_OF_A_KIND, **options)


class PledgesForm(forms.Form):
    """What holds for all numbers that are entered together."""

    counted_on = DayField(label=_("Tính đến ngày"))
    document = DocumentField(
        label=_("Bản ký (tệp)"),
        required=False,
        help_text=_("Biên bản, danh sách tổng hợp có chữ ký. Không gửi danh sách có tên người ký cam kết."),
    )
    renew = forms.BooleanField(
        label=_("Các số không sửa vẫn đúng đến ngày này"),
        required=False,
    )

    def __init__(self, *args, area: Area, by: User, at: datetime, **options) -> None:
        super().__init__(*args, **options)
        self.binding = {"area": area, "by": by, "at": at}
        self.fields["document"].bind(**self.binding)

    def anew(self, *, initial: Mapping) -> PledgesForm:
        """The form as if nothing had been sent yet."""
        return PledgesForm(initial=initial, **self.binding)


@dataclass(frozen=True, slots=True)
class Cell:
    """The two fields of a kind; ``theirs``: what somebody else said while this was typed."""

    kind: str
    head: str
    signed: BoundField
    total: BoundField
    hamlets: Figure | None
    theirs: PledgeCount | None

    @property
    def errors(self) -> list[str]:
        return [*self.signed.errors, *self.total.errors]


class PledgeRowForm(forms.Form):
    """One area's row. ``seen`` holds the ids of the words that the row shows, in the order of the kinds."""

    seen = forms.RegexField(r"^\d{0,18}(,\d{0,18})*$", required=False, widget=forms.HiddenInput)

    def __init__(
        self, row: GridRow, data: Mapping | None = None, *, mine: Mapping[str, PledgeRow] | None = None
    ) -> None:
        self.row, self.mine = row, mine or {}
        initial = {
            "seen": ",".join(str(row.words[kind].pk) if kind in row.words else "" for kind in PledgeKind)
        }
        for kind in PledgeKind:
            said = self.mine.get(kind) or row.words.get(kind)
            if said is not None and not getattr(said, "withdrawn", False):
                initial |= {f"{kind}_signed": said.signed, f"{kind}_total": said.total}
        super().__init__(data, prefix=row.area.code, initial=initial)
        for kind, head in KIND_HEADS.items():
            for half, words in (("signed", _("đã ký")), ("total", _("tổng số"))):
                label = f"{row.area.name}, {head}, {words}"
                field = PledgedField(label=label)
                field.widget = forms.TextInput(
                    {
                        "inputmode": "numeric",
                        "autocomplete": "off",
                        "maxlength": 9,
                        "aria-label": label,
                        "data-field": f"{kind}_{half}",
                    }
                )
                self.fields[f"{kind}_{half}"] = field

    def clean(self) -> dict:
        """Numbers that do not go together are told of with all others that are wrong."""
        cleaned = super().clean()
        for fault in faults_of(self.said()):
            self.refuse(fault)
        return cleaned

    def said(self) -> list[PledgeRow]:
        """What the row says of each kind, as far as it can be read."""
        seen = self.cleaned_data.get("seen", "").split(",") + [""] * len(PledgeKind)
        rows = []
        for kind, key in zip(PledgeKind, seen, strict=False):
            halves = [self.cleaned_data.get(f"{kind}_{half}", UNREAD) for half in ("signed", "total")]
            if UNREAD not in halves:
                rows.append(PledgeRow(self.row.area, kind, *halves, int(key) if key else None))
        return rows

    def refuse(self, fault: PledgeFault) -> None:
        self.add_error(f"{fault.row.kind}_{fault.field}", fault.message)

    def cells(self) -> Iterator[Cell]:
        for kind, head in KIND_HEADS.items():
            figure = self.row.figures[kind]
            yield Cell(
                kind,
                head,
                self[f"{kind}_signed"],
                self[f"{kind}_total"],
                figure if figure.basis == HAMLETS else figure.hamlets,
                self.row.words.get(kind) if kind in self.mine else None,
            )

    def faults(self) -> list[tuple[str, str]]:
        """What is wrong, column by column."""
        return [(cell.head, error) for cell in self.cells() for error in cell.errors]

    def beside(self) -> list[Cell]:
        """The cells in which somebody else was quicker."""
        return [cell for cell in self.cells() if cell.theirs]
