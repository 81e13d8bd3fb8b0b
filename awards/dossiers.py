"""Dossiers: opened once for an area and phase, written by several people, nobody's words lost.

Every act locks the dossier's row first. What one person saves over what another saved meanwhile is refused
with theirs (``DossierChanged``), and nothing is written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from awards.dossier_papers import LONGEST, fields_of, law_of
from awards.enums import DossierAct, DossierStatus, ItemKind
from awards.models import Dossier, DossierItem, DossierStep, Nominee
from campaign.models import Phase
from core.audit import acting
from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area, StoredFile, User

WRITABLE = (DossierStatus.DRAFT, DossierStatus.RETURNED)
MOST_ATTACHMENTS = 50
UNCHANGED: Any = object()  # a file, or a form, that is left as it is


class DossierRefused(DomainError):
    """The act cannot be done with the dossier."""

    code = "dossier_refused"


class DossierChanged(DossierRefused):
    """Somebody else saved first; ``theirs`` is the row as it is stored now."""

    code = "dossier_changed"

    def __init__(self, message: str, *, theirs: Dossier | Nominee | DossierItem) -> None:
        super().__init__(message)
        self.theirs = theirs


@transaction.atomic
def open_dossier(*, phase: Phase, area: Area, by: User, at: datetime) -> Dossier:
    """The dossier of the area in the phase, begun as a draft; the one that is there where it was begun."""
    if area.kind not in (AreaKind.DISTRICT, AreaKind.PROVINCE):
        raise DossierRefused(_("Hồ sơ đề nghị khen thưởng do cấp huyện hoặc cấp tỉnh lập."))
    with acting(by=by, reason="Mở hồ sơ đề nghị khen thưởng"):
        opened = Dossier.objects.bulk_create(
            [Dossier(phase=phase, area=area, opened_at=at, opened_by=by)], ignore_conflicts=True
        )
        del opened  # its id is not told where there was one already
        dossier = Dossier.objects.select_for_update().get(phase=phase, area=area)
        if not dossier.steps.exists():
            step = {"act": DossierAct.OPEN, "after": DossierStatus.DRAFT, "taken_at": at, "taken_by": by}
            DossierStep.objects.create(dossier=dossier, **step)
    return dossier


def locked(dossier: Dossier) -> Dossier:
    """The dossier as it is now, held until the end of the transaction."""
    rows = Dossier.objects.select_related("phase__campaign", "area", "reviewer")
    return rows.select_for_update(of=("self",)).get(pk=dossier.pk)


def writable(dossier: Dossier) -> Dossier:
    """``locked``, of one that may be written. Raises ``DossierRefused``."""
    held = locked(dossier)
    if held.status not in WRITABLE:
        raise DossierRefused(
            _("Hồ sơ %(status)s nên không sửa được; chưa ghi gì.") % {"status": held.get_status_display()}
        )
    return held


def save_item(
    *,
    dossier: Dossier,
    kind: ItemKind,
    words: Mapping[str, str],
    version: int,
    by: User,
    at: datetime,
    nominee: Nominee | None = None,
    item: DossierItem | None = None,
    file: StoredFile | None = UNCHANGED,
    form: str = UNCHANGED,
) -> DossierItem:
    """Save fields of a paper, its file or its form over the ``version`` that was shown (0: there was none).

    Fields that are not named stay. Saying again what is stored changes nothing, whatever the version, so
    that a save whose answer was lost may be repeated. ``item`` names an attachment; without it a new one is
    added. Raises ``DossierChanged`` with the stored item, and ``DossierRefused``.
    """
    with acting(by=by, reason="Soạn hồ sơ đề nghị khen thưởng"):
        held = writable(dossier)
        stored = _stored(held, kind, nominee, item)
        row = stored or _fresh(held, kind, nominee)
        said = {name: clean_text(text) for name, text in words.items()}
        _refuse_unknown(held, row, kind, said, form)
        changed = {name: text for name, text in said.items() if row.words.get(name, "") != text}
        if file is UNCHANGED or file == row.file:
            file = UNCHANGED
        if form == row.form:
            form = UNCHANGED
        if stored and not changed and file is UNCHANGED and form is UNCHANGED:
            return stored
        if version != (stored.version if stored else 0):
            raise DossierChanged(
                _("Người khác đã lưu giấy tờ này sau lúc bạn mở; chưa ghi gì của bạn."), theirs=row
            )
        row.words = row.words | changed
        row.file = row.file if file is UNCHANGED else file
        row.form = row.form if form is UNCHANGED else form
        if kind == ItemKind.ATTACHMENT and row.file is None:
            raise DossierRefused(_("Xin chọn tệp của tài liệu kèm theo."))
        row.version = stored.version + 1 if stored else 1
        row.saved_at, row.saved_by = at, by
        row.save()
    return row


def drop_attachment(*, item: DossierItem, version: int, by: User, at: datetime) -> None:
    """Take an attachment out; what was handed in keeps it. Raises ``DossierChanged``, ``DossierRefused``."""
    with acting(by=by, reason=f"Bỏ tài liệu kèm theo lúc {at:%H:%M:%S}"):
        held = writable(item.dossier)
        stored = _stored(held, ItemKind.ATTACHMENT, None, item)
        if stored.version != version:
            raise DossierChanged(_("Người khác vừa sửa tài liệu này; chưa bỏ."), theirs=stored)
        stored.delete()


def clean_text(text: str) -> str:
    """As it is stored: composed letters, lines ended by ``\\n``, nothing that no paper can hold."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    return kept.strip()


def _stored(
    held: Dossier, kind: ItemKind, nominee: Nominee | None, item: DossierItem | None
) -> DossierItem | None:
    rows = held.items.select_for_update(of=("self",)).select_related("file", "saved_by")
    if kind != ItemKind.ATTACHMENT:
        return rows.filter(kind=kind, nominee=nominee).first()
    if item is None:
        return None
    found = rows.filter(kind=kind, pk=item.pk).first()
    if found is None:
        raise DossierRefused(_("Tài liệu này đã được bỏ khỏi hồ sơ."))
    return found


def _fresh(held: Dossier, kind: ItemKind, nominee: Nominee | None) -> DossierItem:
    if kind == ItemKind.ATTACHMENT and held.items.filter(kind=kind).count() >= MOST_ATTACHMENTS:
        raise DossierRefused(
            _("Hồ sơ đã có %(most)s tài liệu kèm theo; không thêm được nữa.") % {"most": MOST_ATTACHMENTS}
        )
    form = law_of(held).default_form if kind == ItemKind.SUMMARY else ""
    return DossierItem(dossier=held, kind=kind, nominee=nominee, form=form, version=0)


def _refuse_unknown(
    held: Dossier, row: DossierItem, kind: ItemKind, said: Mapping[str, str], form: str
) -> None:
    if row.nominee_id and not held.nominees.filter(pk=row.nominee_id).exists():
        raise DossierRefused(_("Đối tượng này không thuộc hồ sơ."))
    if form is not UNCHANGED and (kind != ItemKind.SUMMARY or form not in law_of(held).forms):
        raise DossierRefused(_("Mẫu báo cáo không có trong quy định."))
    known = {field.name for field in fields_of(kind)}
    if unknown := set(said) - known:
        raise DossierRefused(_("Giấy tờ này không có mục “%(name)s”.") % {"name": sorted(unknown)[0][:40]})
    for text in said.values():
        if len(text) > LONGEST:
            raise DossierRefused(
                _("Một mục dài quá %(most)s ký tự; xin rút ngắn, hoặc kèm thành tệp.") % {"most": LONGEST}
            )
