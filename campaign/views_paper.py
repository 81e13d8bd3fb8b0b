"""Papers of registrations to print, sign or edit: the slip of one, the list of a district or province."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaign.models import Campaign
from campaign.paper.lists import LISTED, list_of
from campaign.paper.slips import slip_of
from campaign.registration_page import seen_by
from campaign.views import campaign_or_404
from core.access import Permission, can, require
from core.enums import AreaKind
from core.issued_papers import Statement, content_of_letter, issue_letter
from core.letters import MEDIA_TYPES, Letter, LetterFormat
from core.models import Area
from core.views.papers import answer_with
from riskmap.addresses import refuse_repeated


@require_safe
@require(Permission.VIEW_WORKING)
def registration_slip(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The slip of a registration in one's own area: it names the head of the unit."""
    registration = seen_by(request.user, on=timezone.localdate()).filter(pk=pk).first()
    if registration is None:
        raise Http404(_("Không có đăng ký này trên địa bàn của bạn."))
    name = f"phieu-dang-ky-{registration.campaign.slug}-{registration.unit.code}"
    unit, letter = registration.unit, slip_of(registration)
    facts = ("Phong trào", registration.campaign.title, "Đơn vị", unit.name, "Mã trên cổng", unit.code)
    says = Statement(
        "slip", content_of_letter(letter), letter.moment, unit.seat, "Phiếu đăng ký thi đua", facts
    )
    return _hand_out(letter, fmt, name=name, says=says)


@require_safe
@require(Permission.VIEW_WORKING)
def registration_list_file(request: HttpRequest, slug: str, fmt: str) -> HttpResponse:
    """The list of a province, or of ``?district=``: those handed in."""
    refuse_repeated(request)
    campaign = campaign_or_404(slug)
    scope = _scope(request, campaign)
    registrations = seen_by(request.user, on=timezone.localdate()).filter(
        Q(unit__seat__path=scope.path) | Q(unit__seat__path__startswith=f"{scope.path}/"),
        campaign=campaign,
        status__in=LISTED,
    )
    name = f"danh-sach-dang-ky-{campaign.slug}-{scope.code}"
    letter = list_of(campaign, scope, registrations)
    title, facts = "Danh sách đơn vị đăng ký thi đua", ("Phong trào", campaign.title)
    says = Statement("registrations", content_of_letter(letter), letter.moment, scope, title, facts)
    return _hand_out(letter, fmt, name=name, says=says)


def _scope(request: HttpRequest, campaign: Campaign) -> Area:
    """The area of the list, over which the person asking may see what is being worked on."""
    scope, code = campaign.province, request.GET.get("district", "")
    if code:
        districts = Area.objects.hanging_from(campaign.province).of_kind(AreaKind.DISTRICT)
        scope = None if "\0" in code else districts.filter(code=code).order_by("-valid_from").first()
    if scope is None or not can(request.user, Permission.VIEW_WORKING, scope, on=timezone.localdate()):
        raise Http404(_("Không có danh sách đăng ký của địa bàn này cho bạn."))
    return scope


def _hand_out(letter: Letter, fmt: str, *, name: str, says: Statement) -> HttpResponse:
    if fmt not in MEDIA_TYPES:
        raise Http404(_("Văn bản có ở dạng pdf, docx."))
    form = LetterFormat(fmt)
    issued = issue_letter(letter, form, statement=says, at=timezone.now())
    return answer_with(issued.body, media_type=MEDIA_TYPES[form], name=f"{name}-{issued.code}.{form}")
