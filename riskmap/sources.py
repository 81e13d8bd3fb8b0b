"""Sources of counts: who reports, and in which order they are asked."""

from django.db.models import Max
from django.utils.translation import gettext as _

from core.audit import acting
from core.errors import DomainError
from core.models import Area, User
from riskmap.counts import lock_provinces
from riskmap.models import CountSource

LONGEST_NAME = CountSource._meta.get_field("name").max_length


class SourceNameRefused(DomainError):
    """The name of a source is empty or too long."""

    code = "source_name_refused"


def clean_source_name(name: str) -> str:
    """The name as it is stored: single spaces, not empty. Raises ``SourceNameRefused``."""
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > LONGEST_NAME:
        raise SourceNameRefused(
            _("Tên nguồn số liệu phải có từ 1 đến %(longest)d ký tự.") % {"longest": LONGEST_NAME}
        )
    return cleaned


def ensure_source(*, province: Area, name: str, by: User) -> CountSource:
    """The province's source of this name; a new one is asked after those already there."""
    name = clean_source_name(name)
    with acting(by=by, reason=_("Thêm nguồn số liệu %(name)s") % {"name": name}):
        lock_provinces([province.pk])
        source = CountSource.objects.filter(province=province, name=name).first()
        if source is None:
            last = CountSource.objects.filter(province=province).aggregate(last=Max("rank"))["last"]
            source = CountSource.objects.create(province=province, name=name, rank=(last or 0) + 1)
    return source
