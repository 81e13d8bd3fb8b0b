"""One's own inbox."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import require_account
from core.inbox import mark_read, notices_of

NOTICES_A_PAGE = 30


@require_safe
@require_account
def inbox(request: HttpRequest) -> HttpResponse:
    """What the portal told me, newest first; all of it, or what I have not read."""
    only_unread = request.GET.get("show") == "unread"
    notices = notices_of(request.user)
    if only_unread:
        notices = notices.filter(read_at__isnull=True)
    page = Paginator(notices, NOTICES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "core/inbox.html", {"page": page, "only_unread": only_unread})


@require_http_methods(["GET", "POST"])
@require_account
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Go to the page a notice is about; it is read then."""
    notice = notices_of(request.user).filter(pk=notice_id).first()
    if notice is None:
        raise Http404(_("Trong hộp thư của bạn không có thông báo này."))
    mark_read(user=request.user, notices=[notice.pk], at=timezone.now())
    return redirect(notice.link)


@require_POST
@require_account
def mark_all_read(request: HttpRequest) -> HttpResponse:
    read = mark_read(user=request.user, at=timezone.now())
    messages.success(
        request,
        ngettext("Đã đánh dấu %(count)s thông báo.", "Đã đánh dấu %(count)s thông báo.", read)
        % {"count": read},
    )
    return redirect("core:inbox")
