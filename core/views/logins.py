"""Logging in, and one's own password."""

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from core.forms import LoginForm, OwnPasswordForm
from core.people import change_own_password


class Login(LoginView):
    authentication_form = LoginForm
    template_name = "core/login.html"

    def get_success_url(self) -> str:
        if self.request.user.password_is_temporary:
            return reverse("core:password_change")
        return super().get_success_url()


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict | None) -> HttpResponse:
    """The answer to too many wrong passwords for one account from one address."""
    minutes = round(get_cool_off(request).total_seconds() / 60)
    return render(request, "core/locked_out.html", {"minutes": minutes}, status=429)


def client_address(request: HttpRequest) -> str | None:
    """The address that failed logins are counted by.

    ``X-Forwarded-For`` is the visitor's own claim, except for the last entry, which the proxy in front
    adds; without such a proxy it is not read at all.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if settings.BEHIND_PROXY and forwarded else request.META.get("REMOTE_ADDR")


@login_required
@cache_control(no_store=True)
def change_password(request: HttpRequest) -> HttpResponse:
    """One's own password; other sessions of the account end, this one goes on."""
    form = OwnPasswordForm(request.user, request.POST or None)
    if form.is_valid():
        change_own_password(user=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Đã đổi mật khẩu."))
        return redirect("/")
    return render(request, "core/password_change.html", {"form": form})
