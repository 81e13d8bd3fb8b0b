"""Forms of a council's meetings, and the ballot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.council_voting import LONGEST_CONCLUSION
from awards.councils import Meeting
from awards.enums import CountedOf, Vote
from awards.models import AgendaLine, CouncilSession, Nominee
from core.forms import DayField, PersonField

MOST_MEMBERS = 200
NUMBER_ERRORS = {"invalid": gettext_lazy("Xin ghi một số nguyên, ví dụ: 7.")}


class SessionForm(forms.Form):
    """When and where, by which rule, and on whom. ``earlier`` is what councils voted of them before."""

    held_on = DayField(label=gettext_lazy("Họp ngày"))
    place = forms.CharField(label=gettext_lazy("Địa điểm"), max_length=200)
    chair = forms.CharField(label=gettext_lazy("Chủ trì"), max_length=120)
    secretary = forms.CharField(label=gettext_lazy("Thư ký"), max_length=120)
    quorum = forms.IntegerField(
        label=gettext_lazy("Số thành viên tối thiểu"),
        min_value=2,
        max_value=MOST_MEMBERS,
        error_messages=NUMBER_ERRORS,
        help_text=gettext_lazy("Có mặt đủ số này mới mở bỏ phiếu; đủ số này đã bỏ phiếu mới kết thúc."),
    )
    pass_percent = forms.IntegerField(
        label=gettext_lazy("Tỷ lệ tán thành tối thiểu (%)"),
        min_value=1,
        max_value=100,
        error_messages=NUMBER_ERRORS,
        help_text=gettext_lazy(
            "Tham số do tỉnh đặt: chưa thấy văn bản của trung ương định tỷ lệ cho Bằng khen cấp tỉnh "
            "(90 % là của danh hiệu chiến sĩ thi đua cấp tỉnh trở lên, Điều 45 Nghị định 91/2017)."
        ),
    )
    counted_of = forms.ChoiceField(
        label=gettext_lazy("Tính tỷ lệ trên"),
        choices=CountedOf,
        widget=forms.RadioSelect,
        initial=CountedOf.MEMBERS,
        help_text=gettext_lazy("Người có liên quan đến một đối tượng thì không tính cho đối tượng đó."),
    )
    nominees = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Đối tượng xét"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Xin chọn ít nhất một đối tượng.")},
    )

    def __init__(self, *args, nominees: Sequence[Nominee], earlier: Mapping[int, dict], **options) -> None:
        super().__init__(*args, **options)
        self.fields["nominees"].choices = [(row.pk, _offer(row, earlier.get(row.pk))) for row in nominees]
        self.fields["nominees"].initial = [row.pk for row in nominees if row.pk not in earlier]

    @property
    def meeting(self) -> Meeting:
        return Meeting(**{name: self.cleaned_data[name] for name in Meeting._fields})


def initial_of(session: CouncilSession) -> dict:
    """What the form shows of a session that is there."""
    said = {name: getattr(session, name) for name in Meeting._fields}
    return said | {"nominees": list(session.agenda.values_list("nominee", flat=True))}


class MemberForm(forms.Form):
    """Who is given a seat, out of ``people``."""

    member = PersonField(
        label=gettext_lazy("Thêm thành viên"),
        help_text=gettext_lazy("Gõ tên đăng nhập, hoặc họ tên không cần dấu. Không cần quyền nào khác."),
    )

    def __init__(self, *args, people, **options) -> None:
        super().__init__(*args, **options)
        self.fields["member"].among = people
        self.fields["member"].widget.attrs |= {"list": "member_offers", "autocomplete": "off"}


class PresentForm(forms.Form):
    """Which seats are taken."""

    present = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args, seats: Sequence[int], **options) -> None:
        super().__init__(*args, **options)
        self.fields["present"].choices = [(seat, seat) for seat in seats]


class AnnulForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Lý do hủy"),
        max_length=300,
        help_text=gettext_lazy("Mọi phiếu đã bỏ bị hủy, không ai xem; mở lại thì mọi người bỏ phiếu lại."),
        widget=forms.Textarea({"rows": 2}),
    )


class ConclusionForm(forms.Form):
    conclusion = forms.CharField(
        label=gettext_lazy("Kết luận của chủ trì"),
        max_length=LONGEST_CONCLUSION,
        required=False,
        help_text=gettext_lazy("Ghi vào biên bản; kết thúc rồi thì không sửa được nữa."),
        widget=forms.Textarea({"rows": 4}),
    )


class BallotForm(forms.Form):
    """One's ballot: of each nominee one of three answers, none of them chosen beforehand."""

    def __init__(self, *args, lines: Sequence[AgendaLine], **options) -> None:
        super().__init__(*args, **options)
        self.lines = lines
        for line in lines:
            self.fields[f"nominee-{line.nominee_id}"] = forms.ChoiceField(
                label=str(line.nominee),
                choices=Vote,
                widget=forms.RadioSelect,
                error_messages={"required": _("Xin chọn một ý kiến.")},
            )

    def rows(self) -> list[tuple[AgendaLine, forms.BoundField]]:
        return [(line, self[f"nominee-{line.nominee_id}"]) for line in self.lines]

    def said(self) -> list[tuple[AgendaLine, Vote]]:
        """What is chosen, to be looked at once more."""
        return [(line, Vote(self.votes[line.nominee_id])) for line in self.lines]

    @property
    def votes(self) -> dict[int, str]:
        return {line.nominee_id: self.cleaned_data[f"nominee-{line.nominee_id}"] for line in self.lines}


def _offer(nominee: Nominee, before: dict | None) -> str:
    offer = f"{nominee} – {nominee.dossier.area.name}"
    if not before:
        return offer
    said = _("hội đồng đã thông qua") if before["passed"] else _("hội đồng đã không thông qua")
    return f"{offer} ({said})"
