"""Files through the pages, as a person brings them."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.enums import Role
from core.models import Area
from riskmap.models import ImportBatch
from tests.factories import GrantFactory


def client_of(place: Area, role: Role = Role.DISTRICT_STAFF) -> Client:
    """Somebody with a grant there, logged in."""
    client = Client()
    client.force_login(GrantFactory(area=place, role=role).user)
    return client


def text(answer) -> str:
    page = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).strip()


def upload(client: Client, content: bytes, *, name: str = "tep.csv", area: str = "001", **said):
    file = SimpleUploadedFile(name, content)
    return client.post("/imports/new/", {"area": area, "file": file, **said})


def uploaded(client: Client, content: bytes, **said) -> ImportBatch:
    answer = upload(client, content, **said)
    assert answer.status_code == 302, text(answer)
    return ImportBatch.objects.get(pk=answer.url.split("/")[-2])


def commit(client: Client, batch: ImportBatch, **said):
    return client.post(f"/imports/{batch.pk}/commit/", said)
