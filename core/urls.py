"""Addresses of the ground floor."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from core.views import files, grants, inbox, logins, own_account

app_name = "core"

urlpatterns = [
    path("login/", logins.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", logins.change_password, name="password_change"),
    path("accounts/me/", own_account.own_account, name="own_account"),
    path("files/<slug:token>/", files.hand_out_file, name="file"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.mark_all_read, name="inbox_read"),
    path("inbox/<int:notice_id>/", inbox.open_notice, name="notice"),
    path("grants/", grants.grant_list, name="grants"),
    path("grants/new/", grants.grant_give, name="grant_give"),
    path("grants/<int:grant_id>/end/", grants.grant_end, name="grant_end"),
    path("people/new/", grants.account_open, name="account_open"),
    path("people/<int:user_id>/", grants.person, name="person"),
    path("people/<int:user_id>/password/", grants.password_reset, name="password_reset"),
]
