"""``/campaigns/{slug}/registrations/``: who registered; to those who work on it, all of their own area."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.response import Response

from campaign.api.plans import GROUP_KINDS, campaign_of_address
from campaign.enums import RegistrationStatus
from campaign.models.registrations import RegistrationQuerySet
from campaign.registered import public_registrations
from campaign.registration_moves import is_late
from campaign.registration_page import seen_by
from core.access import Permission, can_anywhere
from core.api.answers import PublicView
from core.api.areas import AreaRef
from core.api.questions import Question
from riskmap.api.answers import LEVELS
from riskmap.enums import RiskLevel

EVERYBODY, OWN = "everybody", "own"
STATUSES = [(status.value, status.value) for status in RegistrationStatus]


class RegisteredUnit(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(GROUP_KINDS)
    seat = AreaRef(help_text="The area that competes, or in which the organisation sits.")


class RegistrationRow(serializers.Serializer):
    """No persons: they are not the public's."""

    unit = RegisteredUnit()
    group = serializers.CharField(help_text="Code of the target group.")
    status = serializers.ChoiceField(STATUSES)
    target_level = serializers.ChoiceField(LEVELS)
    target_day = serializers.DateField()
    starting_level = serializers.ChoiceField(
        LEVELS, allow_null=True, help_text="Frozen when it was confirmed. Null: never confirmed yet."
    )
    starting_provisional = serializers.BooleanField()
    starting_day = serializers.DateField(allow_null=True)
    starting_edition = serializers.IntegerField(
        allow_null=True, help_text="Number of the edition that showed the level; null where none had."
    )
    submitted_on = serializers.DateField(allow_null=True)
    late = serializers.BooleanField(help_text="Submitted after the last day that is in time.")


class RegistrationsAnswer(serializers.Serializer):
    results = RegistrationRow(many=True)


class RegistrationsQuestion(Question):
    scope = serializers.ChoiceField(
        [(EVERYBODY, EVERYBODY), (OWN, OWN)],
        required=False,
        default=EVERYBODY,
        help_text="`own`: every status in one's own area, for who is logged in and sees working data.",
    )


class RegistrationList(PublicView):
    """Registrations.

    Those that were confirmed, and those that are suspended now, by district and name.
    """

    room = "campaigns"
    operation = "registrations"
    question_class = RegistrationsQuestion
    answer_class = RegistrationsAnswer

    def get_authenticators(self) -> list:
        """The session is looked at for one's own alone: what everybody reads stays the same bytes."""
        own = self.request is not None and self.request.GET.get("scope") == OWN  # none asks for the schema
        return [SessionAuthentication()] if own else []

    def get(self, request, **address: str) -> Response | HttpResponse:
        """One's own is told to one person: nothing in between keeps it, and it is never 'not modified'."""
        asked = self.question_class.read(request.query_params)
        if asked["scope"] != OWN:
            return super().get(request, **address)
        user, today = request.user, timezone.localdate()
        if not can_anywhere(user, Permission.VIEW_WORKING, on=today):
            raise NotAuthenticated(_("Xin đăng nhập bằng tài khoản được xem số liệu đang làm."))
        campaign = campaign_of_address(address["slug"])
        rows = seen_by(user, on=today).filter(campaign=campaign).order_by("unit__seat__path", "unit__code")
        response = Response(self.answer_class({"results": _told(rows)}).data)
        response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["Cookie"])
        return response

    def answer(self, asked: dict, *, on: date, slug: str) -> dict:
        return {
            "results": _told(
                public_registrations(campaign_of_address(slug)).select_related("starting_edition")
            )
        }


def _told(rows: RegistrationQuerySet) -> list[dict]:
    rows = rows.defer("starting_edition__codes", "starting_edition__cells")
    return [
        {
            "unit": {
                "code": row.unit.code,
                "name": row.unit.name,
                "kind": row.unit.kind,
                "seat": row.unit.seat,
            },
            "group": row.group.code,
            "status": row.status,
            "target_level": RiskLevel(row.target_level).key,
            "target_day": row.target_day,
            "starting_level": None if row.starting_level is None else RiskLevel(row.starting_level).key,
            "starting_provisional": row.starting_provisional,
            "starting_day": row.starting_day,
            "starting_edition": row.starting_edition and row.starting_edition.number,
            "submitted_on": row.submitted_on,
            "late": is_late(row),
        }
        for row in rows
    ]
