"""The bytes a visitor of the city's map fetches: its boundaries once, and its levels of a whole campaign."""

from __future__ import annotations

from benchmarks.report import Row, row
from core.models import Area, BoundarySet
from riskmap.history import period_of
from riskmap.models import Assessment

BOUNDARIES_REACH = 80  # kB
FRAMES_REACH = 6  # kB


def measure_payloads(*, province: Area, said: str) -> list[Row]:
    boundaries = BoundarySet.objects.filter(province=province).latest().topology
    known = Assessment.objects.select_related("frames").get(province=province)
    first, last = period_of(known, on=known.last_reported_day)
    many = Area.objects.under(province).of_kind("commune").count()
    days = (last - first).days + 1
    return [
        _row(f"boundaries of {many} communes, {said}", boundaries, BOUNDARIES_REACH),
        _row(f"the slider's frames of {many} communes, {days} days, {said}", known.frames, FRAMES_REACH),
    ]


def _row(work: str, asset, reach: int) -> Row:
    gzip, brotli = (len(bytes(body)) / 1000 for body in (asset.gzip, asset.brotli))
    return row(work, f"gzip (brotli {brotli:.1f} kB)", gzip, "kB", reach=f"<= {reach}", met=gzip <= reach)
