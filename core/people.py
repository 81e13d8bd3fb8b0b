"""Accounts: the one the house itself acts under, and the ones people log in with."""

from django.contrib.auth.hashers import make_password

from core.audit import acting
from core.models import User

SYSTEM_USERNAME = "he-thong"


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
