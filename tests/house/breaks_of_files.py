"""How the constraints of files and of diaries are broken; see ``test_constraints``."""

from core.models import StoredFile
from core.people import system_user
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
