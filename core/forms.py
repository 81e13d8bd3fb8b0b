"""Forms of the ground floor: logging in, passwords, accounts and grants."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from core.enums import Role
from core.models import Area, AreaQuerySet, User
from core.permissions import ROLE_DESCRIPTIONS
from core.vietnamese import fold

OFFERED_AT_MOST = 1_500  # more than this in a datalist helps nobody
NAMED_AT_MOST = 5
ADDRESS_LABEL = _("Địa chỉ thư điện tử để nhận nhắc việc")
ADDRESS_ERRORS = {"invalid": _("Địa chỉ thư điện tử không đúng; ví dụ: ten@tinh.gov.vn.")}


class DayField(forms.DateField):
    """A day as people write it here. Not the browser's own field: that one follows the browser's language,
    and 07/08 in an English browser is another day.
    """

    input_formats = ("%d/%m/%Y", "%Y-%m-%d")
    default_error_messages = {
        "invalid": _("Ngày không đúng; xin ghi theo dạng ngày/tháng/năm, ví dụ 15/07/2021.")
    }

    def __init__(self, **options) -> None:
        attributes = {"placeholder": _("ngày/tháng/năm"), "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(widget=forms.DateInput(attributes, format="%d/%m/%Y"), **options)


class PickField(forms.CharField):
    """One row out of many, named by typing: a key, or part of a name without diacritics.

    The browser offers ``choices`` as a datalist; ``among`` is set by the form to the rows that are allowed.
    """

    among: QuerySet
    none_found: str
    several_found: str

    def __init__(self, **options) -> None:
        super().__init__(max_length=200, **options)

    def clean(self, value):
        found = self.find(super().clean(value))
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(self.none_found, code="none_found")
        named = "; ".join(self.offer(row) for row in found[:NAMED_AT_MOST])
        if len(found) > NAMED_AT_MOST:
            named += "; …"
        raise ValidationError(self.several_found % {"names": named}, code="several_found")

    def offers(self) -> list[str]:
        """What the datalist holds."""
        rows = list(self.among[: OFFERED_AT_MOST + 1])
        return [self.offer(row) for row in rows] if len(rows) <= OFFERED_AT_MOST else []

    def find(self, typed: str) -> list:
        raise NotImplementedError

    def offer(self, row) -> str:
        raise NotImplementedError


def surest(placed: QuerySet, typed: str) -> list:
    """The rows that the surest reading of ``typed`` finds: code, name, name with its place, all words.

    ``placed``: rows with a ``code``, a ``search_text`` and ``with_place``, the folded name with that of its
    place; "phường 1, quận 3" is a name followed by its district.
    """
    code, folded = typed.split(" – ")[0].strip(), fold(typed)
    every_word = Q(*(Q(with_place__contains=word) for word in folded.split()))
    for reading in (
        Q(code=code),
        Q(search_text=folded),
        Q(with_place__contains=f" {folded} "),
        every_word if folded else Q(pk__in=[]),
    ):
        found = list(placed.filter(reading)[: NAMED_AT_MOST + 1])
        if found:
            return found
    return []


class AreaField(PickField):
    none_found = _("Không có đơn vị nào như vậy trong địa bàn của bạn; xin gõ mã hoặc tên đơn vị.")
    several_found = _("Có nhiều đơn vị khớp, xin gõ mã của một đơn vị: %(names)s")

    def find(self, typed: str) -> list[Area]:
        with_place = Concat(
            Value(" "), "search_text", Value(" "), Coalesce("parent__search_text", Value("")), Value(" ")
        )
        placed = self.among.annotate(with_place=with_place)
        return surest(placed, typed)

    def offer(self, row: Area) -> str:
        place = f", {row.parent.name}" if row.parent else ""
        return f"{row.code} – {row.name}{place}"


class PersonField(PickField):
    none_found = _("Không có tài khoản nào như vậy; xin gõ tên đăng nhập hoặc mở tài khoản mới.")
    several_found = _("Có nhiều người khớp, xin gõ tên đăng nhập: %(names)s")

    def find(self, typed: str) -> list[User]:
        username = typed.split(" – ")[0].strip()
        # A person from elsewhere is found by the exact name of the account only, and is not listed.
        exact = list(User.objects.filter(username__iexact=username, is_active=True))
        if exact:
            return exact
        folded = fold(typed)
        return list(self.among.filter(search_text__contains=folded)[: NAMED_AT_MOST + 1]) if folded else []

    def offer(self, row: User) -> str:
        return f"{row.username} – {row.full_name}" if row.full_name else row.username


class LoginForm(auth_forms.AuthenticationForm):
    error_messages = {
        "invalid_login": _(
            "Tên đăng nhập hoặc mật khẩu không đúng. Xin nhập lại, chú ý chữ hoa, chữ thường."
        ),
        "inactive": _("Tài khoản này đã ngừng sử dụng."),
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Tên đăng nhập")
        self.fields["password"].label = _("Mật khẩu")


class OwnPasswordForm(auth_forms.PasswordChangeForm):
    """The old password and a new one twice; saving is ``people.change_own_password``."""

    error_messages = {
        "password_incorrect": _("Mật khẩu đang dùng không đúng; xin nhập lại."),
        "password_mismatch": _("Hai lần nhập mật khẩu mới không giống nhau."),
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Mật khẩu đang dùng")
        self.fields["new_password1"].label = _("Mật khẩu mới")
        self.fields["new_password2"].label = _("Nhập lại mật khẩu mới")
        self.fields["new_password2"].help_text = ""


class AccountForm(forms.Form):
    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=150,
        validators=[User.username_validator],
        help_text=_("Chữ không dấu, chữ số, dấu chấm, gạch; ví dụ: nguyen.van.an"),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    post = forms.CharField(label=_("Chức vụ, đơn vị công tác"), max_length=120, required=False)
    email = forms.EmailField(
        label=ADDRESS_LABEL,
        required=False,
        max_length=254,
        error_messages=ADDRESS_ERRORS,
        help_text=_("Người dùng tự đổi được trong trang tài khoản của mình."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )


class OwnAddressForm(forms.Form):
    """Where a person wants reminders; saving is ``people.set_own_address``."""

    email = forms.EmailField(
        label=ADDRESS_LABEL,
        required=False,
        max_length=254,
        error_messages=ADDRESS_ERRORS,
        help_text=_("Để trống nếu chỉ đọc trong hộp thư của cổng."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class GrantForm(forms.Form):
    """Who, as what, where, from when to when. ``areas`` and ``people`` limit what is offered."""

    user = PersonField(
        label=_("Người được giao"), help_text=_("Gõ tên đăng nhập, hoặc họ tên không cần dấu.")
    )
    role = forms.TypedChoiceField(
        label=_("Vai trò"),
        choices=Role,
        coerce=Role,
        widget=forms.RadioSelect,
        error_messages={"required": _("Xin chọn một vai trò.")},
    )
    area = AreaField(
        label=_("Địa bàn"),
        help_text=_(
            "Gõ mã hoặc tên đơn vị, không cần dấu. Vai trò có hiệu lực ở đơn vị này và mọi đơn vị bên dưới."
        ),
    )
    valid_from = DayField(label=_("Từ ngày"))
    valid_to = DayField(
        label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu chưa định ngày kết thúc.")
    )

    def __init__(self, *args, people: QuerySet[User], areas: AreaQuerySet, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].among = people
        self.fields["area"].among = areas
        for name in ("user", "area"):
            self.fields[name].widget.attrs |= {"list": f"{name}_offers", "autocomplete": "off"}

    def roles(self) -> list[tuple]:
        """The radio buttons with what each role opens."""
        return [(radio, ROLE_DESCRIPTIONS[radio.data["value"]]) for radio in self["role"]]

    def clean(self) -> dict:
        cleaned = super().clean()
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
        return cleaned


class EndGrantForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do kết thúc"),
        max_length=300,
        help_text=_("Ghi vào nhật ký; ví dụ: chuyển công tác từ 01/08/2021."),
        widget=forms.Textarea({"rows": 2}),
    )


class GrantFilterForm(forms.Form):
    """The list of grants: a name or place, and the day on which the grants hold."""

    q = forms.CharField(label=_("Tìm người hoặc địa bàn"), required=False, max_length=100)
    on = DayField(label=_("Có hiệu lực vào ngày"), required=False)

    def narrow(self, grants, *, today: date):
        """``grants`` that hold on the chosen day (today unless said otherwise) and match every word."""
        self.is_valid()
        grants = grants.active_on(self.cleaned_data.get("on") or today)
        for word in fold(self.cleaned_data.get("q") or "").split():
            grants = grants.filter(
                Q(user__search_text__contains=word) | Q(area__search_text__contains=word) | Q(area__code=word)
            )
        return grants
