"""Pages and papers from the opinion to the register ask the database as often for many rows as for few."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from awards.decisions import Signed, Verdict, enter_decision
from awards.opinions import ask_opinion
from awards.proposals import approve_proposal, prepare_proposal, send_proposal
from core.enums import Role
from tests.awards.dossiers import AT, PERSON, make_dossier, make_nominee
from tests.factories import DistrictFactory, GrantFactory, UserFactory

pytestmark = pytest.mark.django_db
PAPERS = 40  # what a paper may take at most: it is issued besides


class Office:
    """A province in which lists are made, with those who open its pages."""

    def __init__(self) -> None:
        self.first = make_dossier(status="reviewed")
        self.phase, self.province = self.first.phase, self.first.area.parent
        self.clients = {role: self._client(role) for role in (Role.HOME_AFFAIRS, Role.HEALTH)}
        self.clients[Role.CHAIRMAN_OFFICE] = self._client(Role.CHAIRMAN_OFFICE)
        self.clients[None] = Client()
        self.clerk, self.chief = UserFactory(), UserFactory()
        self.request = self.draft = self.sent = self.decided = self.decision = None

    def _client(self, role: Role) -> Client:
        client = Client()
        user = GrantFactory(role=role, area=self.province).user
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    def work(self, size: int) -> None:
        """A request of so many nominees, each of a district of its own, and three lists of as many."""
        chosen = [[self._nominee() for _each in range(size)] for _list in range(4)]
        self.request = ask_opinion(
            phase=self.phase, nominees=chosen[0], due=AT + timedelta(days=900), by=self.clerk, at=AT
        )
        self.draft = self._prepared(chosen[1])
        self.sent = self._sent(chosen[2])
        self.decided = self._sent(chosen[3])
        signed = Signed(f"{self.decided.pk}/QĐ-UBND", AT.date(), "Trần Nam", "Chủ tịch")
        self.decision = enter_decision(
            proposal=self.decided, signed=signed,
            verdicts={pk: Verdict(True) for pk in chosen[3]}, version=3, by=UserFactory(), at=AT,
        )  # fmt: skip

    def _nominee(self) -> int:
        dossier = make_dossier(DistrictFactory(parent=self.province), self.phase, status="reviewed")
        person = {"kind": PERSON, "person": "Lê Thị Hai", "person_post": "Y tá", "deeds": "Trực chốt."}
        return make_nominee(dossier, status="passed", **person).pk

    def _prepared(self, nominees: list[int]):
        return prepare_proposal(
            phase=self.phase, nominees=nominees, reasons={}, note="", by=self.clerk, at=AT
        )

    def _sent(self, nominees: list[int]):
        made = self._prepared(nominees)
        approve_proposal(proposal=made, version=1, by=self.chief, at=AT)
        return send_proposal(proposal=made, number=f"{made.pk}/TTr-SNV", version=2, by=self.clerk, at=AT)

    def pages(self) -> dict[str, tuple[Role | None, str]]:
        home, health, office = Role.HOME_AFFAIRS, Role.HEALTH, Role.CHAIRMAN_OFFICE
        line = self.decision.lines.first()
        return {
            "opinions": (health, "/opinions/"),
            "opinion": (health, f"/opinions/{self.request.pk}/"),
            "asked": (home, "/opinions/asked/"),
            "asked one": (home, f"/opinions/asked/{self.request.pk}/"),
            "ask": (home, f"/opinions/ask/{self.phase.pk}/"),
            "lists": (home, "/proposals/"),
            "new list": (home, f"/proposals/new/{self.phase.pk}/"),
            "draft": (home, f"/proposals/{self.draft.pk}/"),
            "edit": (home, f"/proposals/{self.draft.pk}/edit/"),
            "received": (office, "/proposals/received/"),
            "sent": (office, f"/proposals/received/{self.sent.pk}/"),
            "decided": (office, f"/proposals/received/{self.decided.pk}/"),
            "correct": (office, f"/proposals/decisions/{self.decision.pk}/correct/"),
            "register": (None, "/awards/"),
            "register file": (None, "/awards/register.xlsx"),
            "decision": (None, f"/awards/decisions/{self.decision.pk}/"),
            "certificate": (None, f"/awards/certificate/?code={line.code}"),
            "slip": (home, f"/opinions/asked/{self.request.pk}/slip.docx"),
            "submission": (home, f"/proposals/{self.sent.pk}/proposal.docx"),
            "list": (home, f"/proposals/{self.sent.pk}/list.xlsx"),
            "notice": (office, f"/proposals/decisions/{self.decision.pk}/notice.docx"),
        }

    def queries(self) -> dict[str, int]:
        counted = {}
        for name, (role, address) in self.pages().items():
            client = self.clients[role]
            client.get(address)  # what is kept is kept from now on
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200, address
            counted[name] = len(captured)
        return counted


def test_no_page_or_paper_asks_more_often_for_more_rows():
    office = Office()
    office.work(1)
    few = office.queries()
    office.work(5)

    many = office.queries()

    assert {name: (few[name], count) for name, count in many.items() if count > few[name]} == {}
    assert max(many.values()) <= PAPERS
