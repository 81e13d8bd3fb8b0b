"""One's own account, besides the password."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.access import require_account
from core.errors import DomainError
from core.forms import OwnAddressForm
from core.people import set_own_address


@require_account
def own_account(request: HttpRequest) -> HttpResponse:
    """Who I am here, and the address at which I want reminders."""
    form = OwnAddressForm(
        request.POST if request.method == "POST" else None, initial={"email": request.user.email}
    )
    if form.is_valid():
        try:
            set_own_address(user=request.user, email=form.cleaned_data["email"])
        except DomainError as refusal:
            form.add_error("email", refusal.message)
        else:
            messages.success(request, _("Đã ghi địa chỉ thư điện tử."))
            return redirect("core:own_account")
    return render(request, "core/own_account.html", {"form": form, "mail_is_sent": settings.MAIL_IS_SENT})
