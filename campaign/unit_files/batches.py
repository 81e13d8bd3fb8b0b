"""Batches: a file of units is kept, looked at, and committed as it was shown, or not at all."""

from __future__ import annotations

import gzip
import hashlib
from datetime import datetime
from typing import BinaryIO

from django.utils.translation import gettext as _

from campaign.models import UnitBatch
from campaign.unit_files.reading import UnitFile, read_units
from campaign.units import lock_units, save_units
from core.audit import acting
from core.errors import DomainError
from core.finding import province_of
from core.models import Area, User
from riskmap.imports.sheets import read_content


class UnitFileChanged(DomainError):
    """What the file would do now is not what was shown, or it was committed already."""

    code = "unit_file_changed"


class UnitFileRefused(DomainError):
    """The file has wrong rows, and the right ones alone were not asked for."""

    code = "unit_file_refused"


def keep_unit_file(*, file: BinaryIO, name: str, area: Area, by: User, at: datetime) -> UnitBatch:
    """Keep a file that can be read, to be looked at. Raises ``UnusableFile`` with nothing kept."""
    content = read_content(file)
    read_units(content, area=area, at=at)
    batch = UnitBatch(
        area=area,
        file_name=name[:255],
        file_sha256=hashlib.sha256(content).hexdigest(),
        content=gzip.compress(content, compresslevel=6, mtime=0),
        created_at=at,
        created_by=by,
    )
    with acting(by=by, reason=_("Xem trước tệp %(name)s") % {"name": batch.file_name}):
        batch.save()
    return batch


def examine_units(*, batch: UnitBatch, at: datetime) -> UnitFile:
    """What committing the batch would do now."""
    return read_units(gzip.decompress(bytes(batch.content)), area=batch.area, at=at)


def commit_units(*, batch: UnitBatch, shown: str, right_rows_only: bool, by: User, at: datetime) -> UnitBatch:
    """Write what the page showed: all of the file, or its right rows only.

    ``shown`` is the fingerprint of what was shown. Raises ``UnitFileChanged``, ``UnitFileRefused``.
    """
    reason = _("Ghi đơn vị từ tệp %(name)s") % {"name": batch.file_name}
    with acting(by=by, reason=reason):
        lock_units(province_of(batch.area).pk)
        batch = UnitBatch.objects.select_for_update(of=("self",)).select_related("area").get(pk=batch.pk)
        if batch.committed_at is not None:
            raise UnitFileChanged(_("Tệp này đã được ghi."))
        file = examine_units(batch=batch, at=at)
        if file.fingerprint != shown:
            raise UnitFileChanged(
                _("Danh sách đơn vị đã đổi từ lúc xem trước. Xin xem lại dưới đây rồi ghi lần nữa.")
            )
        if file.refusals and not right_rows_only:
            raise UnitFileRefused(
                _("Tệp còn dòng sai nên không ghi gì. Xin sửa tệp, hoặc chọn chỉ ghi các dòng đúng.")
            )
        units = [line.unit for line in (*file.new, *file.changed)]
        new, changed = save_units(units=units, by=by, at=at, reason=reason)
        batch.committed_at, batch.committed_by = at, by
        batch.rows_new, batch.rows_changed = len(new), len(changed)
        batch.rows_refused = file.refused_rows
        batch.save(update_fields=["committed_at", "committed_by", "rows_new", "rows_changed", "rows_refused"])
    return batch
