"""A system with a token that pushes counts, for tests."""

import json
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from core.enums import Role
from riskmap.models import CountEntry
from riskmap.tokens import open_token
from tests.factories import GrantFactory
from tests.riskmap.province import day

ADDRESS = "/api/v1/counts/"


class Machine:
    """A system with a token that pushes rows."""

    def __init__(self, province, *, area=None):
        self.province = province
        self.owner = GrantFactory(area=province.area, role=Role.HEALTH).user
        now = timezone.now()
        self.token, self.secret = open_token(
            source=province.source("CDC"),
            area=area or province.area,
            name="Máy chủ CDC",
            expires_at=now + timedelta(days=30),
            by=self.owner,
            at=now,
        )
        self.client = Client(enforce_csrf_checks=True)

    def send(self, body, *, key="1", **headers):
        given = {"Authorization": f"Bearer {self.secret}"} | ({"Idempotency-Key": key} if key else {})
        return self.client.post(
            ADDRESS,
            body if isinstance(body, bytes) else json.dumps(body),
            content_type=headers.pop("content_type", "application/json"),
            headers=given | headers,
        )

    def push(self, *rows, key="1", **body):
        return self.send({"rows": list(rows), **body}, key=key)


def row(code="90101", number=3, **numbers):
    return {"code": code, "day": str(day(number)), **(numbers or {"unknown_source": 2})}


def refused(response, status, code):
    said = response.json()
    assert (response.status_code, said["code"]) == (status, code), said
    assert said["message"]
    assert response["Cache-Control"] == "no-store"
    return said


def said_by_cdc():
    return list(
        CountEntry.objects.filter(source__name="CDC")
        .order_by("id")
        .values_list("area__code", "day", "unknown_source")
    )
