"""Sources of counts: who reports, and in which order they are asked."""

from collections.abc import Sequence

from django.db.models import Max
from django.utils.translation import gettext as _

from core.audit import acting
from core.errors import DomainError
from core.models import Area, User
from riskmap.counts import first_reported_day, lock_provinces, rebuild_daily_counts
from riskmap.enums import SourcePolicy
from riskmap.models import CountSource
from riskmap.policies import set_policy
from riskmap.stale import mark_stale

LONGEST_NAME = CountSource._meta.get_field("name").max_length


class SourceNameRefused(DomainError):
    """The name of a source is empty or too long."""

    code = "source_name_refused"


class RankingRefused(DomainError):
    """The order does not name each source of the province once."""

    code = "ranking_refused"


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


def weigh_sources(
    *,
    province: Area,
    ranking: Sequence[CountSource],
    source_policy: SourcePolicy,
    disagreement_cases: int,
    by: User,
) -> bool:
    """Set in which order the sources are asked, which of them counts, and when they disagree.

    Where order or policy change, the counts in force are chosen again from the ledger and the levels are
    stale from the first reported day. Returns whether anything changed. Raises ``RankingRefused``.
    """
    with acting(by=by, reason="Đặt thứ tự và cách chọn nguồn số liệu"):
        lock_provinces([province.pk])
        known = {source.pk: source for source in CountSource.objects.filter(province=province)}
        if sorted(source.pk for source in ranking) != sorted(known):
            raise RankingRefused(_("Danh sách nguồn đã thay đổi; xin tải lại trang rồi xếp thứ tự lại."))
        moved = [known[source.pk] for rank, source in enumerate(ranking, 1) if known[source.pk].rank != rank]
        for rank, source in enumerate(ranking, 1):
            known[source.pk].rank = rank
        CountSource.objects.bulk_update(moved, ["rank"])
        changed = set_policy(
            province=province, source_policy=source_policy, disagreement_cases=disagreement_cases, by=by
        ).changed
        if moved and "source_policy" not in changed:
            rebuild_daily_counts(province=province)
            if first := first_reported_day(province=province):
                mark_stale(province=province, since=first, cause="thứ tự của nguồn số liệu")
    return bool(moved or changed)
