"""People: accounts, and what each is trusted with, where and from when to when.

The journal speaks Vietnamese, whatever language the person at the page has chosen: its reasons are not
translated.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import Permission, areas_where, can
from core.audit import acting
from core.enums import Role
from core.errors import DomainError
from core.models import Area, Grant, User

SYSTEM_USERNAME = "he-thong"
# No letter or digit that is mistaken for another when it is read out or copied from paper.
PASSWORD_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class OutsideYourAreas(DomainError):
    """The grant, or the person, reaches beyond the areas that the administrator answers for."""

    code = "outside_your_areas"


class NotToOneself(DomainError):
    """Nobody gives a role to themselves."""

    code = "not_to_oneself"


class LastAdministratorGrant(DomainError):
    """An administrator would lock themselves out."""

    code = "last_administrator_grant"


class GrantRefused(DomainError):
    """The dates are wrong, the grant exists already, or it has ended before."""

    code = "grant_refused"


class AccountRefused(DomainError):
    """The account's name is taken or is not a name."""

    code = "account_refused"


class AddressRefused(DomainError):
    """It is not an address of electronic mail."""

    code = "address_refused"


def system_user() -> User:
    """The account that commands and tasks act under; made on first use, nobody can log in with it."""
    account = User.objects.filter(username=SYSTEM_USERNAME).first()
    if account is not None:
        return account
    with acting(reason="Tạo tài khoản của chính hệ thống"):
        account, _made = User.objects.get_or_create(
            username=SYSTEM_USERNAME,
            defaults={"full_name": "Hệ thống", "password": make_password(None)},
        )
    return account


def people_within_reach(user: User, *, on: date) -> QuerySet[User]:
    """People whose accounts ``user`` may see: with a grant in the areas ``user`` manages, or with none yet.

    In the order of Vietnamese names.
    """
    managed = areas_where(user, Permission.MANAGE_GRANTS, on=on)
    if not managed.exists():
        return User.objects.none()
    inside = Grant.objects.for_user(user, Permission.MANAGE_GRANTS, on=on).values("user")
    somewhere = Grant.objects.values("user")
    people = User.objects.exclude(username=SYSTEM_USERNAME)
    return (people.filter(pk__in=inside) | people.exclude(pk__in=somewhere)).order_by("sort_key", "username")


def open_account(
    *, username: str, full_name: str, post: str, by: User, at: datetime, email: str = "", reason: str = ""
) -> tuple[User, str]:
    """A new account and its temporary password, which is nowhere else and must be changed at first login.

    Raises ``AccountRefused``, and ``OutsideYourAreas`` when ``by`` manages grants nowhere.
    """
    if by.username != SYSTEM_USERNAME:
        _require_managing_somewhere(by, on=_local_day(at))
    password = _temporary_password()
    account = User(
        username=username.strip(),
        full_name=" ".join(full_name.split()),
        post=" ".join(post.split()),
        email=email.strip(),
        date_joined=at,
        password_is_temporary=True,
    )
    account.set_password(password)
    with acting(by=by, reason=reason or "Mở tài khoản"):
        try:
            account.full_clean(exclude=["sort_key", "search_text"])
        except ValidationError as error:
            raise AccountRefused(" ".join(error.messages)) from error
        account.save()
    return account, password


def reset_password(*, user: User, by: User, at: datetime) -> str:
    """Replace a forgotten password by a temporary one, which is returned and kept nowhere else.

    Raises ``OutsideYourAreas`` when any grant in force of ``user`` lies outside the areas ``by`` manages: the
    password opens all of them.
    """
    today = _local_day(at)
    _require_managing_somewhere(by, on=today)
    elsewhere = user.grants.active_on(today).exclude(
        pk__in=Grant.objects.for_user(by, Permission.MANAGE_GRANTS, on=today).values("pk")
    )
    if elsewhere.exists() or user.username == SYSTEM_USERNAME:
        raise OutsideYourAreas(
            _("Người này còn có vai trò ở nơi bạn không quản trị; xin nhờ quản trị nơi đó đặt lại mật khẩu.")
        )
    password = _temporary_password()
    with acting(by=by, reason="Đặt lại mật khẩu"):
        user.set_password(password)
        user.password_is_temporary = True
        user.save(update_fields=["password", "password_is_temporary"])
    return password


def change_own_password(*, user: User, password: str) -> None:
    """Take a password that its owner chose."""
    with acting(by=user, reason="Tự đổi mật khẩu"):
        user.set_password(password)
        user.password_is_temporary = False
        user.save(update_fields=["password", "password_is_temporary"])


def set_own_address(*, user: User, email: str) -> None:
    """Take the address that a person wants reminders at; an empty one for none. Raises ``AddressRefused``."""
    try:
        address = User._meta.get_field("email").clean(email.strip(), user)
    except ValidationError as error:
        raise AddressRefused(_("Địa chỉ thư điện tử không đúng; ví dụ: ten@tinh.gov.vn.")) from error
    with acting(by=user, reason="Tự ghi địa chỉ thư điện tử"):
        user.email = address
        user.save(update_fields=["email"])


def give_grant(
    *, user: User, role: Role, area: Area, valid_from: date, valid_to: date | None, by: User, at: datetime
) -> Grant:
    """Trust ``user`` with ``role`` over ``area`` and all below it.

    Raises ``OutsideYourAreas``, ``NotToOneself`` and ``GrantRefused``.
    """
    today = _local_day(at)
    if not can(by, Permission.MANAGE_GRANTS, area, on=today):
        raise OutsideYourAreas(
            _("Bạn chỉ giao quyền được trong địa bàn mình quản trị; xin chọn đơn vị khác.")
        )
    if user == by:
        raise NotToOneself(_("Không tự giao quyền cho chính mình; xin nhờ một quản trị khác."))
    if valid_from < today:
        raise GrantRefused(_("Không giao quyền lùi ngày; xin chọn từ hôm nay trở đi."))
    return _write_grant(
        user=user, role=role, area=area, valid_from=valid_from, valid_to=valid_to, by=by, at=at
    )


def appoint_administrator(*, user: User, area: Area, at: datetime) -> Grant:
    """Make ``user`` an administrator of ``area`` on the word of whoever holds the server: the way in.

    Every other grant is given by an administrator. Raises ``GrantRefused``.
    """
    return _write_grant(
        user=user,
        role=Role.ADMINISTRATOR,
        area=area,
        valid_from=_local_day(at),
        valid_to=None,
        by=system_user(),
        at=at,
    )


def end_grant(*, grant: Grant, by: User, at: datetime, reason: str) -> None:
    """End a grant at once. It stays on record.

    Raises ``OutsideYourAreas``, ``LastAdministratorGrant`` and ``GrantRefused`` (it has ended before).
    """
    today = _local_day(at)
    if not can(by, Permission.MANAGE_GRANTS, grant.area, on=today):
        raise OutsideYourAreas(_("Phân quyền này nằm ngoài địa bàn bạn quản trị."))
    with acting(by=by, reason=reason):
        mine = by.grants.active_on(today).filter(role=Role.ADMINISTRATOR).select_for_update()
        if grant.user_id == by.pk and [own.pk for own in mine] == [grant.pk]:
            raise LastAdministratorGrant(
                _("Đây là quyền quản trị cuối cùng của chính bạn; xin nhờ một quản trị khác kết thúc.")
            )
        open_grant = Grant.objects.filter(pk=grant.pk, ended_at__isnull=True)
        if open_grant.update(ended_at=at, ended_by=by) != 1:
            raise GrantRefused(_("Phân quyền này đã kết thúc từ trước."))


def _write_grant(*, user, role, area, valid_from, valid_to, by, at) -> Grant:
    grant = Grant(
        user=user,
        role=role,
        area=area,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by=by,
        granted_at=at,
    )
    with acting(by=by, reason="Giao quyền"):
        User.objects.select_for_update().get(pk=user.pk)  # one at a time for a person
        try:
            grant.full_clean()
        except ValidationError as error:
            raise GrantRefused(" ".join(error.messages)) from error
        grant.save()
    return grant


def _require_managing_somewhere(by: User, *, on: date) -> None:
    if not areas_where(by, Permission.MANAGE_GRANTS, on=on).exists():
        raise OutsideYourAreas(_("Bạn không quản trị địa bàn nào vào ngày này."))


def _temporary_password() -> str:
    return "-".join("".join(secrets.choice(PASSWORD_ALPHABET) for _place in range(4)) for _group in range(4))


def _local_day(at: datetime) -> date:
    return timezone.localtime(at).date()
