"""``/dossiers/``: the dossiers of one's own area; one of them; handing it in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from awards.api.shortlists import LONGEST_NUMBER
from awards.deadlines import DeadlineKind, deadline_of, with_return_due
from awards.dossier_page import seen_by
from awards.dossier_papers import papers_of, proposed
from awards.dossiers import DossierRefused
from awards.enums import DossierStatus, ItemKind, ItemState, NomineeStatus
from awards.handing_in import DossierIncomplete, submit
from awards.models import Dossier, DossierVersion
from awards.reads import note_read
from core.access import Permission, areas_where
from core.api.areas import AreaRef
from core.api.own import OwnSchema, OwnView
from core.api.schema import ErrorAnswer
from core.errors import DomainError
from core.models import User

STATUSES = [(status.value, status.value) for status in DossierStatus]
NOMINEE_STATUSES = [(status.value, status.value) for status in NomineeStatus]


class DossierNotFound(DomainError):
    """There is no such dossier in one's own area."""

    code = "dossier_not_found"


class DossierRow(serializers.Serializer):
    """Numbers of nominees, and nobody's name."""

    id = serializers.IntegerField()
    campaign = serializers.CharField()
    phase = serializers.CharField()
    area = AreaRef(help_text="The district, or the province for its own departments.")
    status = serializers.ChoiceField(STATUSES)
    deadline = serializers.DateTimeField(
        allow_null=True, help_text="What is received then, or later, is late. Null: not set yet."
    )
    deadline_of = serializers.ChoiceField(
        [(kind.value, kind.value) for kind in DeadlineKind],
        help_text="Whose deadline it is: the phase's, or of the return that asked for more.",
    )
    collectives = serializers.IntegerField()
    persons = serializers.IntegerField()
    handed_in_at = serializers.DateTimeField(allow_null=True)
    late = serializers.BooleanField(help_text="Handed in last by a late permit.")
    touched_at = serializers.DateTimeField(
        allow_null=True, help_text="When a correction that bears on what was handed in was noticed."
    )


class DossiersAnswer(serializers.Serializer):
    results = DossierRow(many=True)


class NominatedUnit(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class NomineeRow(serializers.Serializer):
    id = serializers.IntegerField()
    award = serializers.CharField(help_text="Code of the award in the plan's law.")
    unit = NominatedUnit(help_text="The collective, or the unit that nominates the person.")
    person = serializers.CharField(allow_blank=True, help_text="Empty for a collective.")
    person_post = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(NOMINEE_STATUSES)


class DossierItemRow(serializers.Serializer):
    key = serializers.CharField()
    kind = serializers.ChoiceField([(kind.value, kind.value) for kind in ItemKind])
    state = serializers.ChoiceField([(state.value, state.value) for state in ItemState])
    lacking = serializers.ListField(child=serializers.CharField(), help_text="What is lacking, in words.")


class VersionRow(serializers.Serializer):
    """A receipt."""

    number = serializers.IntegerField()
    received_at = serializers.DateTimeField(help_text="By the clock of the database.")
    deadline = serializers.DateTimeField()
    late = serializers.BooleanField()
    sha256 = serializers.CharField(help_text="Of what was handed in.")
    receipt = serializers.CharField()


class DossierAnswer(DossierRow):
    nominees = NomineeRow(many=True)
    items = DossierItemRow(many=True)
    versions = VersionRow(many=True)


class DossiersView(OwnView):
    """Dossiers.

    Of the areas for which the one who asks prepares dossiers, or all of the province for Sở Nội vụ; the
    newest phase first.
    """

    room = "awards"
    operation = "dossiers"
    answer_class = DossiersAnswer
    permission = Permission.PREPARE_DOSSIERS

    def answer(self, asked: dict, *, user: User, on: date) -> dict:
        rows = _rows(user, on=on).order_by("-phase__first_day", "area__sort_key", "pk")
        return {"results": [_row(row) for row in rows]}


class DossierView(OwnView):
    """A dossier.

    Its nominees, how far its papers have come and its receipts. Reading one that names persons is noted.
    """

    room = "awards"
    operation = "dossier"
    answer_class = DossierAnswer
    permission = Permission.PREPARE_DOSSIERS

    def answer(self, asked: dict, *, user: User, on: date, number: str) -> dict:
        dossier = _dossier_of(number, _rows(user, on=on))
        note_read(dossier=dossier, what=self.request.path, by=user, at=timezone.now())
        return {
            **_row(dossier),
            "nominees": [
                {
                    "id": nominee.pk,
                    "award": nominee.kind,
                    "unit": {"code": nominee.unit.code, "name": nominee.unit.name},
                    "person": nominee.person,
                    "person_post": nominee.person_post,
                    "status": nominee.status,
                }
                for nominee in proposed(dossier)
            ],
            "items": [
                {
                    "key": paper.key,
                    "kind": paper.kind,
                    "state": paper.state,
                    "lacking": [str(words) for words in paper.lacking],
                }
                for paper in papers_of(dossier)
            ],
            "versions": [_version(version) for version in dossier.versions.order_by("number")],
        }


class HandingInRefused(ErrorAnswer):
    """Nothing was handed in; what is being written is as it was."""

    lacking = serializers.ListField(child=serializers.CharField(), help_text="What is lacking, in words.")


class HandingInSchema(OwnSchema):
    def get_request_serializer(self):
        return None

    def get_response_serializers(self):
        said = super().get_response_serializers()
        del said[200]
        refused = "Received at the deadline or later, incomplete, or handed in already."
        return {201: VersionRow, **said, 409: OpenApiResponse(HandingInRefused, description=refused)}


class HandingInView(OwnView):
    """Hand a dossier in.

    What is written of it now. By the same clock and the same deadline as the page: accepted if and only if
    it is received before the deadline, or a late permit waits for it. The header ``X-CSRFToken`` is needed,
    as for every act of a session.
    """

    room = "awards"
    operation = "hand_in_dossier"
    http_method_names = ["post"]
    schema = HandingInSchema()
    answer_class = VersionRow
    permission = Permission.SUBMIT_DOSSIERS

    def post(self, request: Request, **address: str) -> Response:
        self.question_class.read(request.query_params)
        mine = areas_where(request.user, self.permission, on=timezone.localdate())
        dossiers = _rows(request.user, on=timezone.localdate()).filter(area__in=mine)
        try:
            version = submit(dossier=_dossier_of(address["number"], dossiers), by=request.user)
        except DossierRefused as refusal:
            faults = refusal.faults if isinstance(refusal, DossierIncomplete) else ()
            refused = {"code": refusal.code, "message": refusal.message}
            return Response(refused | {"lacking": [fault.sentence for fault in faults]}, status=409)
        return Response(VersionRow(_version(version)).data, status=201)


def _rows(user: User, *, on: date) -> QuerySet[Dossier]:
    persons = Q(nominees__person__gt="")
    stands = ~Q(nominees__status=NomineeStatus.WITHDRAWN)
    return with_return_due(seen_by(user, on=on)).annotate(
        collectives=Count("nominees", filter=stands & ~persons),
        persons=Count("nominees", filter=stands & persons),
    )


def _dossier_of(number: str, rows: QuerySet[Dossier]) -> Dossier:
    is_number = number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
    dossier = rows.filter(pk=int(number)).first() if is_number else None
    if dossier is None:
        raise DossierNotFound(_("Trong địa bàn của bạn không có hồ sơ này."))
    return dossier


def _row(dossier: Dossier) -> dict[str, Any]:
    deadline = deadline_of(dossier)
    return {
        "id": dossier.pk,
        "campaign": dossier.phase.campaign.slug,
        "phase": dossier.phase.code,
        "area": dossier.area,
        "status": dossier.status,
        "deadline": deadline.instant,
        "deadline_of": deadline.kind.value,
        "collectives": dossier.collectives,
        "persons": dossier.persons,
        "handed_in_at": dossier.handed_in_at,
        "late": dossier.late_permit is not None,
        "touched_at": dossier.touched_at,
    }


def _version(version: DossierVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "received_at": version.received_at,
        "deadline": version.deadline,
        "late": version.is_late,
        "sha256": version.sha256,
        "receipt": version.receipt,
    }
