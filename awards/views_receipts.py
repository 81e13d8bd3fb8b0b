"""The receipt of a dossier, to keep."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.dossier_content import content_of_version
from awards.dossier_prints import in_ascii
from awards.paper.hand_out import hand_out
from awards.paper.receipts import instant_words, receipt_of, standing_words
from awards.views_dossiers import dossier_or_404
from core.access import Permission, require


@require_safe
@require(Permission.PREPARE_DOSSIERS)
def receipt(request: HttpRequest, pk: int, number: int, fmt: str) -> HttpResponse:
    """Biên nhận of a version: the same bytes whenever it is asked for."""
    dossier = dossier_or_404(request, pk)
    version = dossier.versions.filter(number=number).first()
    if version is None:
        raise Http404(_("Hồ sơ không có lần nộp này."))
    version.dossier = dossier
    content = content_of_version(version)
    about = content["about"]
    return hand_out(
        receipt_of(content, moment=version.received_at),
        fmt,
        name=f"bien-nhan-{in_ascii(dossier.area.name)}-lan-{number}",
        kind="receipt",
        area=dossier.area,
        title="Biên nhận hồ sơ đề nghị khen thưởng",
        facts=(
            *("Phong trào, đợt", f"{about['campaign']['short_title']}, {about['phase']['name']}"),
            *("Lần nộp", str(number)),
            *("Nhận lúc", instant_words(version.received_at)),
            *("Tình trạng", standing_words(content)),
            *("Mã biên nhận", version.receipt),
            *("Mã băm nội dung", version.sha256),
        ),
        evidence=content,
    )
