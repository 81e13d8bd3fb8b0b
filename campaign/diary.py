"""A unit's own diary: written, submitted, approved by the level above, taken down where it must be.

    draft → submitted → approved → taken down
              ↓  ↑
            returned

What is approved is public and changes no more. The journal's reasons are Vietnamese, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.diary_notices import tell_above, tell_writers
from campaign.enums import DiaryStatus
from campaign.models import Campaign, DiaryEntry, DiaryPhoto, Unit
from campaign.models.units import UnitQuerySet
from campaign.registration_moves import period_of
from core.audit import acting
from core.errors import DomainError
from core.files import publish_file, withhold_file
from core.models import StoredFile, User

WRITTEN = ("happened_on", "title", "text")
PHOTOS_AT_MOST = 6
#: While a writer may still change it.
OPEN = (DiaryStatus.DRAFT, DiaryStatus.RETURNED)


class DiaryRefused(DomainError):
    """It cannot be written, or not be decided, as it is; ``faults`` says by field what is wrong."""

    code = "diary_refused"

    def __init__(self, message: str, *, faults: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.faults = faults or {}


class DiaryChanged(DiaryRefused):
    """Somebody else was first."""

    code = "diary_changed"


class SaidPhoto(NamedTuple):
    """A photo of an entry, with the words for those who cannot see it."""

    file: StoredFile
    caption: str


def save_entry(
    *, entry: DiaryEntry, photos: Sequence[SaidPhoto], by: User, at: datetime, version: int | None = None
) -> DiaryEntry:
    """Write a new entry, or what was changed of a draft or a returned one; its photos become ``photos``.

    ``version`` is the one the writer read. Saying the same again writes nothing. Raises ``DiaryRefused``,
    ``DiaryChanged``.
    """
    with acting(by=by, reason="Ghi nhật ký thi đua"):
        stored = _locked(entry, version) if entry.pk else None
        if stored is not None and stored.status not in OPEN:
            raise DiaryRefused(
                _("Bài này đã gửi hoặc đã duyệt nên không sửa được; xin xem lại trang của bài.")
            )
        _refuse_faults(entry, photos, at)
        if stored is None:
            entry.created_at, entry.created_by = at, by
            entry.save(force_insert=True)
            _put_photos(entry, photos)
            return entry
        changed = [name for name in WRITTEN if getattr(entry, name) != getattr(stored, name)]
        if not changed and _photos_of(stored) == _as_pairs(photos):
            return stored
        for name in changed:
            setattr(stored, name, getattr(entry, name))
        _move(stored)
        _put_photos(stored, photos)
    return stored


def submit_entry(*, entry: DiaryEntry, by: User, at: datetime, version: int | None = None) -> DiaryEntry:
    """Hand it to the level above, which is told."""
    with acting(by=by, reason="Gửi nhật ký thi đua"):
        stored = _locked(entry, version)
        _refuse_status(stored, *OPEN)
        _refuse_faults(stored, [SaidPhoto(each.file, each.caption) for each in stored.photos.all()], at)
        _move(stored, status=DiaryStatus.SUBMITTED, submitted_at=at, submitted_by=by, reason="")
        tell_above(stored, by=by, at=at)
    return stored


def take_back_entry(*, entry: DiaryEntry, by: User, at: datetime, version: int | None = None) -> DiaryEntry:
    """Take a submitted one back, to be changed."""
    with acting(by=by, reason="Rút nhật ký về để sửa"):
        stored = _locked(entry, version)
        _refuse_status(stored, DiaryStatus.SUBMITTED)
        _move(stored, status=DiaryStatus.DRAFT)
    return stored


def approve_entry(
    *, entry: DiaryEntry, by: User, at: datetime, good_practice: bool = False, version: int | None = None
) -> DiaryEntry:
    """Make it public with its photos; ``good_practice`` puts it among the good ways of working."""
    with acting(by=by, reason="Duyệt nhật ký thi đua"):
        stored = _locked(entry, version)
        _refuse_status(stored, DiaryStatus.SUBMITTED)
        _refuse_own(stored, by)
        decided = {"decided_at": at, "decided_by": by}
        _move(stored, status=DiaryStatus.APPROVED, is_good_practice=good_practice, **decided)
        for photo in _photos(stored):
            publish_file(photo.file)
        tell_writers(stored, by=by, at=at)
    return stored


def return_entry(
    *, entry: DiaryEntry, reason: str, by: User, at: datetime, version: int | None = None
) -> DiaryEntry:
    """Give it back to its writer, who is told what to change."""
    with acting(by=by, reason=reason):
        stored = _locked(entry, version)
        _refuse_status(stored, DiaryStatus.SUBMITTED)
        _refuse_own(stored, by)
        _move(stored, status=DiaryStatus.RETURNED, reason=reason, decided_at=at, decided_by=by)
        tell_writers(stored, by=by, at=at)
    return stored


def mark_practice(
    *, entry: DiaryEntry, good_practice: bool, by: User, at: datetime, version: int | None = None
) -> DiaryEntry:
    """Put an approved one among the good ways of working, or out of them again."""
    reason = "Giới thiệu cách làm hay" if good_practice else "Thôi giới thiệu cách làm hay"
    with acting(by=by, reason=reason):
        stored = _locked(entry, version)
        _refuse_status(stored, DiaryStatus.APPROVED)
        _refuse_own(stored, by)
        _move(stored, is_good_practice=good_practice)
    return stored


def take_down_entry(
    *, entry: DiaryEntry, reason: str, by: User, at: datetime, version: int | None = None
) -> DiaryEntry:
    """Let nobody of the public see it any more, nor its photos. Nothing is deleted; who wrote it is told."""
    with acting(by=by, reason=reason):
        stored = _locked(entry, version)
        _refuse_status(stored, DiaryStatus.APPROVED)
        _move(
            stored,
            status=DiaryStatus.TAKEN_DOWN,
            is_good_practice=False,
            reason=reason,
            taken_down_at=at,
            taken_down_by=by,
        )
        for photo in _photos(stored):
            withhold_file(photo.file)
        tell_writers(stored, by=by, at=at)
    return stored


def diary_of(unit: Unit, *, campaign: Campaign | None = None) -> list[DiaryEntry]:
    """The public entries of a unit, the newest first, with their photos. Two queries."""
    entries = DiaryEntry.objects.approved().filter(unit=unit)
    if campaign is not None:
        entries = entries.filter(campaign=campaign)
    return list(entries.with_places().newest_first())


def units_that_write(campaign: Campaign) -> UnitQuerySet:
    """The units that compete in a campaign: open ones of the kinds the plan speaks of."""
    kinds = campaign.target_groups.values("kind")
    return Unit.objects.open().filter(province=campaign.province, kind__in=kinds)


def _refuse_faults(entry: DiaryEntry, photos: Sequence[SaidPhoto], at: datetime) -> None:
    if not units_that_write(entry.campaign).filter(pk=entry.unit_id).exists():
        raise DiaryRefused(
            _("Đơn vị không thuộc đối tượng của phong trào, hoặc đã ngừng hoạt động; xin chọn đơn vị khác."),
            faults={"unit": _("Xin chọn một đơn vị đang thi đua trong phong trào này.")},
        )
    faults = {}
    said = _fault_of_day(entry, at)
    if said:
        faults["happened_on"] = said
    for name in ("title", "text"):
        if not getattr(entry, name).strip():
            faults[name] = _("Xin ghi chỗ này.")
    if faults:
        raise DiaryRefused(next(iter(faults.values())), faults=faults)
    if len(photos) > PHOTOS_AT_MOST:
        raise DiaryRefused(_("Mỗi bài có nhiều nhất 6 ảnh; xin bỏ bớt."))
    if any(not photo.caption.strip() for photo in photos):
        raise DiaryRefused(_("Mỗi ảnh phải có chú thích, cho người không nhìn thấy ảnh."))


def _fault_of_day(entry: DiaryEntry, at: datetime) -> str:
    period = period_of(entry.campaign)
    if period is None:
        return _("Phong trào chưa đặt đợt nào, nên chưa ghi nhật ký được.")
    if not period.first_day <= entry.happened_on <= period.last_day:
        return _("Ngày phải trong thời gian phong trào, từ %(first)s đến %(last)s.") % {
            "first": f"{period.first_day:%d/%m/%Y}",
            "last": f"{period.last_day:%d/%m/%Y}",
        }
    if entry.happened_on > timezone.localdate(at):
        return _("Ngày này chưa đến; nhật ký ghi việc đã làm.")
    return ""


def _refuse_status(entry: DiaryEntry, *allowed: DiaryStatus) -> None:
    if entry.status not in allowed:
        raise DiaryChanged(
            _("Bài này đang ở tình trạng “%(status)s”, nên không làm được việc vừa chọn; xin xem lại.")
            % {"status": entry.get_status_display()}
        )


def _refuse_own(entry: DiaryEntry, by: User) -> None:
    if by.pk in (entry.submitted_by_id, entry.created_by_id):
        raise DiaryRefused(
            _("Bạn đã viết hoặc gửi bài này, nên không tự duyệt được; xin để người khác của cấp trên duyệt.")
        )


def _locked(entry: DiaryEntry, version: int | None) -> DiaryEntry:
    rows = DiaryEntry.objects.select_for_update(of=("self",)).select_related("campaign", "unit__seat__parent")
    stored = rows.get(pk=entry.pk)
    if version is not None and stored.version != version:
        raise DiaryChanged(
            _("Trong lúc bạn viết, người khác đã thay đổi bài này. Chữ và ảnh của bạn còn nguyên dưới đây.")
        )
    return stored


def _move(entry: DiaryEntry, **said) -> None:
    for name, value in said.items():
        setattr(entry, name, value)
    entry.version += 1
    entry.save()


def _photos(entry: DiaryEntry):
    return entry.photos.select_related("file").defer("file__content")


def _as_pairs(photos: Sequence[SaidPhoto]) -> list[tuple[int, str]]:
    return [(photo.file.pk, photo.caption) for photo in photos]


def _photos_of(entry: DiaryEntry) -> list[tuple[int, str]]:
    return list(entry.photos.order_by("place").values_list("file_id", "caption"))


def _put_photos(entry: DiaryEntry, photos: Sequence[SaidPhoto]) -> None:
    """Photos left out are photos of nothing, and go as other unused files do."""
    if _photos_of(entry) == _as_pairs(photos):
        return
    entry.photos.all().delete()
    DiaryPhoto.objects.bulk_create(
        DiaryPhoto(entry=entry, file=photo.file, place=place, caption=photo.caption)
        for place, photo in enumerate(photos, start=1)
    )
