"""Papers of a dossier as PDF and Word, its list as a workbook: as it was handed in, before that a draft."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.dossier_content import content_of, content_of_version, items_of
from awards.dossier_list_file import make_list
from awards.dossier_prints import LIST, Print, in_ascii, print_of, statement_of
from awards.dossiers import WRITABLE
from awards.paper.hand_out import hand_out, hand_out_draft, hand_out_file
from awards.views_dossiers import dossier_or_404
from core.access import Permission, require
from core.letters import MEDIA_TYPES, LetterFormat
from core.views.papers import answer_with
from riskmap.enums import FileFormat
from riskmap.paper.files import MEDIA_TYPES as FILE_TYPES


@require_safe
@require(Permission.PREPARE_DOSSIERS)
def version_paper(request: HttpRequest, pk: int, number: int, key: str, fmt: str) -> HttpResponse:
    """A paper of what was handed in, from its frozen content alone."""
    dossier = dossier_or_404(request, pk)
    version = dossier.versions.filter(number=number).first()
    if version is None:
        raise Http404(_("Hồ sơ không có lần nộp này."))
    version.dossier = dossier
    content, moment = content_of_version(version), version.received_at
    name = f"{in_ascii(dossier.area.name)}-lan-{number}"
    if (key, fmt) == (LIST, FileFormat.XLSX):
        return hand_out_file(
            lambda seal: make_list(content, moment=moment, seal=seal),
            fmt,
            name=f"danh-sach-{name}",
            statement=statement_of(version, content, key),
        )
    paper, says = _print_or_404(content, key), statement_of(version, content, key)
    return hand_out(
        paper.letter(content, moment=moment),
        fmt,
        name=f"{paper.name}-{name}",
        kind=says.kind,
        area=says.area,
        title=says.title,
        facts=says.facts,
        evidence=says.content,
    )


@require_safe
@require(Permission.PREPARE_DOSSIERS)
def draft_paper(request: HttpRequest, pk: int, key: str, fmt: str) -> HttpResponse:
    """A paper as it stands now, marked as a draft: for as long as it may be written on."""
    dossier, now = dossier_or_404(request, pk), timezone.now()
    if dossier.status not in WRITABLE:
        raise Http404(_("Hồ sơ này không sửa được lúc này."))
    content = content_of(dossier, items=items_of(dossier), at=now)
    name = f"{in_ascii(dossier.area.name)}-du-thao"
    if (key, fmt) == (LIST, FileFormat.XLSX):
        body = make_list(content, moment=now)
        return answer_with(body, media_type=FILE_TYPES[FileFormat.XLSX], name=f"danh-sach-{name}.{fmt}")
    paper = _print_or_404(content, key)
    if fmt not in MEDIA_TYPES:
        raise Http404(_("Văn bản có ở dạng pdf, docx."))
    return hand_out_draft(paper.letter(content, moment=now), LetterFormat(fmt), name=f"{paper.name}-{name}")


def _print_or_404(content: dict[str, Any], key: str) -> Print:
    paper = print_of(content, key)
    if paper is None:
        raise Http404(_("Hồ sơ không có văn bản này."))
    return paper
