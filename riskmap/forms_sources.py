"""Forms of the sources: their order and policy, tokens, and the choice between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import AreaField, DayField
from core.models import AreaQuerySet
from riskmap.enums import SourcePolicy
from riskmap.forms_entry import NumberField
from riskmap.models import CountPost, CountSource, ProvincePolicy
from riskmap.sources import LONGEST_NAME
from riskmap.tokens import LONGEST_LIFE
from riskmap.tokens import LONGEST_NAME as LONGEST_SYSTEM_NAME

NEW_SOURCE = "new"
BY_POLICY = "policy"
POLICY_WORDS = {
    SourcePolicy.LARGEST: _(
        "Lấy số F0 lớn nhất trong các nguồn. Bằng nhau thì lấy nguồn có nhiều F0 chưa rõ nguồn lây hơn, "
        "rồi đến nguồn đứng trước trong thứ tự."
    ),
    SourcePolicy.PRIORITY: _(
        "Lấy số của nguồn đứng trước trong thứ tự; nguồn đó chưa báo cáo thì lấy nguồn kế tiếp."
    ),
}


class WeighForm(forms.Form):
    """In which order the sources are asked, which of them counts, and from when on they disagree."""

    source_policy = forms.ChoiceField(
        label=_("Khi nhiều nguồn cùng nói về một đơn vị, một ngày"),
        choices=SourcePolicy.choices,
        widget=forms.RadioSelect,
    )
    disagreement_cases = NumberField(
        label=_("Đưa ra để người chọn khi hai nguồn lệch nhau từ (số F0)"),
        required=True,
        min_value=1,
        max_value=10_000,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Ghi số nguyên, không có dấu chấm, dấu phẩy."),
            "min_value": _("Ghi số từ 1 trở lên."),
        },
        help_text=_("Ngày lệch ít hơn được chọn theo quy ước, không hiện trong danh sách nguồn lệch nhau."),
    )

    def __init__(self, *args, sources: Sequence[CountSource], policy: ProvincePolicy, **kwargs) -> None:
        kwargs["initial"] = {
            "source_policy": policy.source_policy,
            "disagreement_cases": policy.disagreement_cases,
        }
        super().__init__(*args, **kwargs)
        self.sources = sources
        for source in sources:
            self.fields[f"rank_{source.pk}"] = forms.IntegerField(
                label=source.name, min_value=1, max_value=len(sources), initial=source.rank
            )

    def ranks(self) -> list[forms.BoundField]:
        return [self[f"rank_{source.pk}"] for source in self.sources]

    def policies(self) -> list[tuple]:
        """Each choice of policy with what it means."""
        return [(radio, POLICY_WORDS[SourcePolicy(radio.data["value"])]) for radio in self["source_policy"]]

    def clean(self) -> dict:
        said = super().clean()
        ranks = [said.get(f"rank_{source.pk}") for source in self.sources]
        if None not in ranks and len(set(ranks)) < len(ranks):
            self.add_error(None, _("Mỗi nguồn một thứ tự khác nhau; xin sửa những số trùng."))
        return said

    def weighed(self) -> dict:
        """As ``weigh_sources`` takes it."""
        said = self.cleaned_data
        return {
            "ranking": sorted(self.sources, key=lambda source: said[f"rank_{source.pk}"]),
            "source_policy": SourcePolicy(said["source_policy"]),
            "disagreement_cases": said["disagreement_cases"],
        }


class TokenForm(forms.Form):
    """A key for another system; ``areas`` are those it may be opened over."""

    source = forms.ChoiceField(
        label=_("Nguồn số liệu"), help_text=_("Số liệu gửi đến được ghi dưới tên nguồn này.")
    )
    new_source = forms.CharField(label=_("Tên nguồn mới"), required=False, max_length=LONGEST_NAME)
    name = forms.CharField(
        label=_("Hệ thống được cấp khóa"),
        max_length=LONGEST_SYSTEM_NAME,
        help_text=_("Để sau này biết khóa nào của ai, ví dụ: Phần mềm giám sát của CDC tỉnh."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    area = AreaField(
        label=_("Địa bàn"), help_text=_("Khóa chỉ ghi được số của đơn vị này và các đơn vị bên dưới.")
    )
    last_day = DayField(label=_("Dùng được đến hết ngày"))

    def __init__(
        self, *args, sources: Sequence[CountSource], may_add: bool, areas: AreaQuerySet, today: date, **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["source"].choices = [
            ("", _("Chọn một nguồn")),
            *((str(source.pk), source.name) for source in sources),
            *([(NEW_SOURCE, _("Nguồn mới, tên ghi dưới đây"))] if may_add else []),
        ]
        if not may_add:
            del self.fields["new_source"]
        self.fields["area"].among = areas
        self.fields["area"].widget.attrs |= {"list": "area_offers", "autocomplete": "off"}

    def clean_last_day(self) -> date:
        last = self.cleaned_data["last_day"]
        if not self.today <= last < self.today + LONGEST_LIFE:
            raise forms.ValidationError(_("Chọn từ hôm nay đến nhiều nhất một năm sau."))
        return last

    def clean(self) -> dict:
        said = super().clean()
        if said.get("source") == NEW_SOURCE and not said.get("new_source", "").strip():
            self.add_error("new_source", _("Xin ghi tên nguồn mới."))
        return said

    def expires_at(self) -> datetime:
        """The end of the last day."""
        return timezone.make_aware(
            datetime.combine(self.cleaned_data["last_day"] + timedelta(days=1), time())
        )


class PeriodForm(forms.Form):
    """The days a list speaks of; without a bound, all of them."""

    first = DayField(label=_("Từ ngày"), required=False)
    last = DayField(label=_("Đến hết ngày"), required=False)

    def clean(self) -> dict:
        asked = super().clean()
        if asked.get("first") and asked.get("last") and asked["first"] > asked["last"]:
            self.add_error("last", _("Ngày cuối phải từ ngày đầu trở đi."))
        return asked


class ChoiceForm(forms.Form):
    """Which source counts for a unit and day, and why. ``sources`` (id, name) are those that said something;
    ``may_return``: somebody chose before, so that the policy can be gone back to.
    """

    source = forms.ChoiceField(label=_("Số có hiệu lực"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=CountPost._meta.get_field("reason").max_length,
        help_text=_("Ví dụ: đối chiếu phiếu điều tra, huyện đã bổ sung hai ca ở khu phong tỏa."),
    )
    document = forms.CharField(
        label=_("Số văn bản"),
        required=False,
        max_length=CountPost._meta.get_field("document").max_length,
        help_text=_("Bắt buộc khi ngày này đã được duyệt."),
    )

    def __init__(self, *args, sources: Sequence[tuple[int, str]], may_return: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [
            *((str(pk), name) for pk, name in sources),
            *([(BY_POLICY, _("Theo quy ước của tỉnh"))] if may_return else []),
        ]

    def chosen(self) -> int | None:
        """The source (id), ``None`` for the policy."""
        said = self.cleaned_data["source"]
        return None if said == BY_POLICY else int(said)
