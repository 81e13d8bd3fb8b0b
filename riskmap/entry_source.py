"""The source that people speak for: the day's grid, their files and their corrections."""

from core.models import Area, User
from riskmap.models import CountSource
from riskmap.sources import ensure_source

ENTRY_SOURCE = "Báo cáo của cấp huyện, cấp xã"  # a name kept in the ledger, not a text of the interface


def entry_source(*, province: Area, by: User) -> CountSource:
    """The source of what districts and communes enter; made at its first use, asked after those there are."""
    return ensure_source(province=province, name=ENTRY_SOURCE, by=by)


def known_entry_source(*, province: Area) -> CountSource | None:
    """The same for readers, who make nothing: ``None`` while nobody has entered anything."""
    return CountSource.objects.filter(province=province, name=ENTRY_SOURCE).first()
