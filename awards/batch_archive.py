"""The archive of a batch: a ZIP written while it is sent, so that no more than a few papers are in memory."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from django.utils import timezone

from awards.models import PaperBatch

AT_ONCE = 20


class _Tape:
    """What ``zipfile`` writes to, read off again as it comes. It cannot go back, and never has to."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing is held back."""

    def read_off(self) -> bytes:
        said, self._parts = b"".join(self._parts), []
        return said


def archive_of(batch: PaperBatch) -> Iterator[bytes]:
    """The printed papers in their folders, under the time at which they were asked for."""
    tape = _Tape()
    asked = timezone.localtime(batch.asked_at).timetuple()[:6]
    with zipfile.ZipFile(tape, "w", zipfile.ZIP_STORED) as archive:  # its papers are packed already
        last = 0
        while papers := list(
            batch.papers.filter(pk__gt=last, printed_at__isnull=False).order_by("pk")[:AT_ONCE]
        ):
            for paper in papers:
                entry = zipfile.ZipInfo(paper.name, asked)
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, bytes(paper.content))
                yield tape.read_off()
            last = papers[-1].pk
    yield tape.read_off()
