"""The forms of the day's grid: a row of cells as it comes from a page or from its script."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from riskmap.drafts import LARGEST_NUMBER, LONGEST_NOTE, Edit
from riskmap.entry_grid import GridRow
from riskmap.entry_words import (
    COLUMN_WORDS,
    conflict_in_words,
    notes_in_words,
    row_for_script,
    state_in_words,
)
from riskmap.plausibility import Numbers

#: Signs that come along when a note is pasted, and cannot be seen.
_UNSEEN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u200b": None, "\ufeff": None})
_JOINER = "\u200d"  # holds the parts of an emoji together


class NumberField(forms.IntegerField):
    """A whole number in digits alone: "1.000" is a thousand here and one elsewhere, so it is asked again."""

    default_error_messages = {
        "invalid": _("ghi số nguyên, không có dấu chấm, dấu phẩy; không có ca thì ghi 0."),
        "min_value": _("số không được âm."),
        "max_value": _("số quá lớn; xin xem lại."),
    }

    def __init__(self, **options) -> None:
        super().__init__(**{"required": False, "min_value": 0, "max_value": LARGEST_NUMBER} | options)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        typed = unicodedata.normalize("NFKC", str(value)).strip()
        digits = typed.removeprefix("-")
        if typed and not (digits.isascii() and digits.isdigit()):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(typed)


class CellForm(forms.Form):
    """One commune's row. ``was`` is what it showed, so that a row nobody touched is known from one that was.

    ``row`` is the row as it stands now, told of on the day ``on``. ``refused``: what was typed is not saved.
    """

    note = forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        label=_("Ghi chú"),
        error_messages={"max_length": _("ghi chú quá dài, nhiều nhất %(limit_value)s ký tự.")},
    )
    version = forms.IntegerField(min_value=0)
    entry = forms.IntegerField(required=False)
    was = forms.CharField(required=False)
    choice = forms.ChoiceField(required=False, choices=[("keep", ""), ("take", "")])

    def __init__(
        self, row: GridRow, data: Mapping | None = None, *, on: date, prefix: str | None = None
    ) -> None:
        cell = row.cell
        shown = cell.numbers._asdict() | {"note": cell.note}
        if row.locked:  # a draft that was left behind is told of, and not taken for what was accepted
            shown = (cell.sent or Numbers())._asdict() | {"note": cell.sent_note}
        initial = shown | {"version": cell.version, "entry": cell.entry, "was": _as_text(shown)}
        super().__init__(data, prefix=prefix, initial=initial)
        for name, (_short, label) in COLUMN_WORDS.items():
            self.fields[name] = NumberField(label=label)
        self.row, self.on = row, on
        self.refused = False

    def clean_note(self) -> str:
        note = self.cleaned_data["note"].translate(_UNSEEN).strip()
        if not note.replace(_JOINER, "").isprintable():  # what no keyboard writes, and no database keeps
            raise forms.ValidationError(_("ghi chú có ký tự lạ; xin gõ lại."))
        return note

    @property
    def touched(self) -> bool:
        """Whether the row, as it was posted, holds something else than its page showed, or a choice."""
        if self.data.get(self.add_prefix("choice")):
            return True
        posted = {name: self.data.get(self.add_prefix(name), "") for name in (*Numbers._fields, "note")}
        return self.data.get(self.add_prefix("was"), "") != _as_text(posted)

    @property
    def edit(self) -> Edit:
        """What was typed over what was seen; or, where they were chosen, the other person's numbers."""
        cleaned, cell = self.cleaned_data, self.row.cell
        if cleaned["choice"] == "take":
            return Edit(self.row.area.pk, cell.latest, cell.latest_note, cell.version, cell.entry)
        numbers = Numbers(*(cleaned[name] for name in Numbers._fields))
        return Edit(self.row.area.pk, numbers, cleaned["note"], cleaned["version"], cleaned["entry"])

    def fill_zeros(self) -> None:
        """No cases where the F0 cells are blank."""
        self.data = self.data.copy()
        for name in Numbers._fields[:3]:
            if not self.data.get(self.add_prefix(name), "").strip():
                self.data[self.add_prefix(name)] = "0"

    def stand(self, row: GridRow, *, refused: bool) -> None:
        """The row as it stands after saving. What was refused stays as it was typed, over what it met."""
        self.row, self.refused = row, refused
        if refused and not self.errors:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(row.cell.version)
            self.data[self.add_prefix("entry")] = str(row.cell.entry or "")

    @property
    def changed(self) -> bool:
        """Whether somebody else's numbers stand beside what the person typed: one of them is to be chosen."""
        return self.row.state == "overtaken" or (self.refused and not self.errors)

    def faults(self) -> Iterator[tuple[str, str]]:
        """``(field, sentence)`` of what is wrong, the sentence with the commune's name and the column's."""
        for name, errors in self.errors.items() if self.is_bound else ():
            for error in errors:
                yield name, f"{self.row.area.name}, {self.fields[name].label}: {error}"

    @property
    def status(self) -> str:
        return state_in_words(self.row, on=self.on)

    @property
    def conflict(self) -> str:
        return conflict_in_words(self.row, on=self.on) if self.changed else ""

    @property
    def other(self) -> str:
        """For the page's script, what somebody else wrote: JSON."""
        return json.dumps(row_for_script(self.row, on=self.on))

    @property
    def notes_said(self) -> list[str]:
        return notes_in_words(self.row, on=self.on)

    @property
    def has_more(self) -> bool:
        """Whether there is anything to say below the row."""
        return bool(self.changed or (self.is_bound and self.errors) or self.row.hints or self.notes_said)

    def columns(self) -> list[tuple]:
        """The number fields with what yesterday's number in the same column was."""
        yesterday = self.row.yesterday
        return [
            (self[name], short, getattr(yesterday.counted, name) if yesterday else None)
            for name, (short, _long) in COLUMN_WORDS.items()
        ]


def _as_text(shown: Mapping) -> str:
    values = (shown[name] for name in (*Numbers._fields, "note"))
    return json.dumps(["" if value is None else str(value).strip() for value in values], ensure_ascii=False)
