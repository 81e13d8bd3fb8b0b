"""Entries of diaries for tests, laid down as the tables want them."""

from datetime import date

from campaign.enums import DiaryStatus
from campaign.models import Campaign, DiaryEntry, DiaryPhoto, Unit
from core.files import keep_photo
from core.models import StoredFile
from core.people import system_user
from tests.campaign.units import AT
from tests.core.handed_in import picture, upload
from tests.factories import UserFactory


def make_entry(campaign: Campaign, unit: Unit, **said) -> DiaryEntry:
    """A draft of 5 July 2021; with ``status`` it holds what that needs, sent and decided by two people."""
    usual = {
        "happened_on": date(2021, 7, 5),
        "title": "Đi từng nhà",
        "text": "Tổ COVID cộng đồng đi từng nhà.",
    }
    usual |= {"created_at": AT, "created_by": system_user()}
    status = said.get("status", DiaryStatus.DRAFT)
    if status != DiaryStatus.DRAFT:
        usual |= {"submitted_at": AT, "submitted_by": said.get("submitted_by") or UserFactory()}
    if status in (DiaryStatus.APPROVED, DiaryStatus.RETURNED, DiaryStatus.TAKEN_DOWN):
        usual |= {"decided_at": AT, "decided_by": UserFactory()}
    if status in (DiaryStatus.RETURNED, DiaryStatus.TAKEN_DOWN):
        usual |= {"reason": "Cần bổ sung."}
    if status == DiaryStatus.TAKEN_DOWN:
        usual |= {"taken_down_at": AT, "taken_down_by": UserFactory()}
    return DiaryEntry.objects.create(campaign=campaign, unit=unit, **usual | said)


def make_photo(entry: DiaryEntry, **said) -> DiaryPhoto:
    """A photo at the next place of an entry; public where the entry is."""
    usual = {"place": entry.photos.count() + 1, "caption": "Chốt ở đầu thôn"}
    usual["file"] = said.get("file") or photo_file(
        entry.unit, public=entry.status == DiaryStatus.APPROVED, by=entry.created_by
    )
    return DiaryPhoto.objects.create(entry=entry, **usual | said)


def photo_file(unit: Unit, *, by, public: bool = False) -> StoredFile:
    return keep_photo(upload=upload(picture(), "chốt.jpg"), area=unit.seat, by=by, at=AT, public=public)
