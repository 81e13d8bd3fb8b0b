"""How the constraints of files and of diaries are broken; see ``test_constraints``."""

from campaign.models import DiaryEntry
from core.models import StoredFile
from core.people import system_user
from tests.campaign.diaries import make_entry, make_photo
from tests.campaign.plans import make_campaign
from tests.campaign.units import make_unit
from tests.factories import CommuneFactory
from tests.house.breaking import AT, breaks


def _file(**said) -> StoredFile:
    usual = {"token": "a" * 32, "kind": "document", "name": "tệp.pdf", "content_type": "application/pdf"}
    usual |= {"size": 1, "sha256": "0" * 64, "content": b"x", "uploaded_at": AT, "uploaded_by": system_user()}
    return StoredFile.objects.create(area=CommuneFactory(), **usual | said)


@breaks("file_token_once")
def _():
    _file()
    _file()


@breaks("file_token_is_long")
def _():
    _file(token="a" * 31)


@breaks("file_kind_is_known")
def _():
    # Neither photo nor document, so that two refuse it: PostgreSQL asks them in the order of their names.
    _file(kind="film", token="b" * 32)


@breaks("file_is_not_empty")
def _():
    _file(size=0)


@breaks("file_photo_has_its_size")
def _():
    _file(kind="photo", width=640)


def _entry(**said) -> DiaryEntry:
    unit = make_unit(CommuneFactory())
    return make_entry(make_campaign(province=unit.province), unit, **said)


@breaks("diary_status_is_known")
def _():
    _entry(status="lost")


@breaks("diary_has_title_and_text")
def _():
    _entry(title="")


@breaks("diary_submitted_with_when_and_who")
def _():
    _entry(submitted_at=AT)


@breaks("diary_decided_with_when_and_who")
def _():
    _entry(decided_at=AT)


@breaks("diary_taken_down_with_when_and_who")
def _():
    _entry(status="taken_down", taken_down_by=None)


@breaks("diary_taken_down_as_its_status_says")
def _():
    _entry(status="approved", taken_down_at=AT, taken_down_by=system_user())


@breaks("diary_approved_by_a_second_person")
def _():
    _entry(status="approved", submitted_by=system_user(), decided_by=system_user())


@breaks("diary_good_practice_is_approved")
def _():
    _entry(is_good_practice=True)


@breaks("diary_returned_for_a_reason")
def _():
    _entry(status="returned", reason="")


@breaks("diary_photo_place_once")
def _():
    entry = _entry()
    make_photo(entry)
    make_photo(entry, place=1)


@breaks("diary_photo_has_a_caption")
def _():
    make_photo(_entry(), caption="")


@breaks("diary_photos_are_few")
def _():
    make_photo(_entry(), place=7)
