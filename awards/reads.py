"""Reads of dossiers that name persons: written down, so that anybody concerned can be told who looked."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awards.models import Dossier, PaperBatch
from core.models import User

#: What people call the pages, by the names of their addresses.
PAGES = {
    "dossier": _("trang hồ sơ"),
    "dossier_check": _("kiểm tra trước khi nộp"),
    "dossier_version": _("biên nhận và bản đã nộp"),
    "dossier_nominations": _("đề cử của các đơn vị"),
    "dossier_picks": _("chọn từ danh sách xét khen"),
    "nominee_edit": _("đối tượng đề nghị"),
    "paper": _("giấy tờ của hồ sơ"),
    "review_dossier": _("trang thẩm định"),
    "score": _("phiếu chấm điểm"),
    "version_changes": _("thay đổi giữa các lần nộp"),
    "dossier_reads": _("danh sách lượt xem"),
    "version_paper": _("văn bản của lần nộp"),
    "draft_paper": _("dự thảo văn bản"),
    "batch_archive": _("tệp nén hồ sơ cả đợt"),
}

_NOTE = """
INSERT INTO awards_dossierread (dossier_id, what, read_at, read_by_id)
SELECT %(dossier)s, %(what)s, %(at)s, %(by)s
WHERE EXISTS (SELECT FROM awards_nominee WHERE dossier_id = %(dossier)s AND person <> '')
"""
_NOTE_BATCH = """
INSERT INTO awards_dossierread (dossier_id, what, read_at, read_by_id)
SELECT DISTINCT v.dossier_id, %(what)s, %(at)s::timestamptz, %(by)s::bigint
FROM awards_batchedpaper p JOIN awards_dossierversion v ON v.id = p.version_id
WHERE p.batch_id = %(batch)s
    AND EXISTS (SELECT FROM awards_nominee n WHERE n.dossier_id = v.dossier_id AND n.person <> '')
"""


def note_read(*, dossier: Dossier, what: str, by: User, at: datetime) -> None:
    """Write down that ``by`` read ``what`` (the address of a page or file) of a dossier, if any person is,
    or was, named in it. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"dossier": dossier.pk, "what": what[:120], "at": at, "by": by.pk})


def note_batch_read(*, batch: PaperBatch, what: str, by: User, at: datetime) -> None:
    """The same of every dossier whose papers are in a batch. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_BATCH, {"batch": batch.pk, "what": what[:120], "at": at, "by": by.pk})


def note_reading(request: HttpRequest, dossier: Dossier) -> None:
    """The same of a page that is being answered; nothing of one that is posted to."""
    if request.method in ("GET", "HEAD"):
        note_read(dossier=dossier, what=request.path, by=request.user, at=timezone.now())


def words_of(what: str) -> str:
    """What was read, as people call it; the address itself where it has no name (a file, the API)."""
    try:
        return str(PAGES.get(resolve(what).url_name, what))
    except Resolver404:
        return what
