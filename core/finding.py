"""Finding a unit by its code, among the units of its time."""

from datetime import date

from django.utils.translation import gettext as _

from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area


class AreaNotFound(DomainError):
    """No unit has the code, or none had it on that day."""

    code = "area_not_found"


def find_area(code: str, *, on: date | None = None) -> Area:
    """The unit that has ``code`` on the day, or the latest that ever had it. Raises ``AreaNotFound``.

    A day before the oldest unit of that code is answered with the oldest.
    """
    units = list(Area.objects.filter(code=code).select_related("parent").order_by("-valid_from"))
    if not units:
        raise AreaNotFound(
            _("Không có đơn vị hành chính mang mã “%(code)s”. Mã giữ nguyên số 0 ở đầu, ví dụ 01, 001.")
            % {"code": code}
        )
    if on is None:
        return units[0]
    begun = [unit for unit in units if unit.valid_from <= on] or units[-1:]
    if begun[0].valid_to and begun[0].valid_to < on:
        raise AreaNotFound(
            _("Đơn vị mã “%(code)s” không còn từ sau ngày %(day)s.")
            % {"code": code, "day": f"{begun[0].valid_to:%d/%m/%Y}"}
        )
    return begun[0]


def find_province(code: str) -> Area:
    """The province with ``code``, the latest that had it. Raises ``AreaNotFound``."""
    province = Area.objects.filter(code=code, kind=AreaKind.PROVINCE).order_by("-valid_from").first()
    if province is None:
        known = Area.objects.filter(kind=AreaKind.PROVINCE).in_vietnamese_order()[:8]
        raise AreaNotFound(
            _("Không có tỉnh mang mã “%(code)s”. Các tỉnh đã có: %(known)s.")
            % {"code": code, "known": ", ".join(f"{p.code} {p.name}" for p in known) or "–"}
        )
    return province


def line_of(area: Area) -> list[Area]:
    """The area and all above it, of its own time, up to the province."""
    line = [area]
    while line[-1].parent is not None:
        line.append(line[-1].parent)
    return line


def province_of(area: Area) -> Area:
    """The province the area lies in (itself, for a province), of the area's own time."""
    return line_of(area)[-1]
