"""``/campaigns/{slug}/registrations/``: who registered; ``own/``: all of one's own area."""

from __future__ import annotations

from datetime import date

from rest_framework import serializers

from campaign.api.plans import GROUP_KINDS, campaign_of_address
from campaign.enums import RegistrationStatus
from campaign.models.registrations import RegistrationQuerySet
from campaign.registered import public_registrations
from campaign.registration_moves import is_late
from campaign.registration_page import seen_by
from core.access import Permission
from core.api.answers import PublicView
from core.api.areas import AreaRef
from core.api.own import OwnView
from core.models import User
from riskmap.api.answers import LEVELS
from riskmap.enums import RiskLevel

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


class RegistrationList(PublicView):
    """Registrations.

    Those that were confirmed, and those that are suspended now, by district and name.
    """

    room = "campaigns"
    operation = "registrations"
    answer_class = RegistrationsAnswer

    def answer(self, asked: dict, *, on: date, slug: str) -> dict:
        rows = public_registrations(campaign_of_address(slug))
        return {"results": _told(rows.select_related("starting_edition"))}


class OwnRegistrationList(OwnView):
    """Registrations of one's own area.

    Every status, for who is logged in and sees the working data of an area.
    """

    room = "campaigns"
    operation = "own_registrations"
    answer_class = RegistrationsAnswer
    permission = Permission.VIEW_WORKING

    def answer(self, asked: dict, *, user: User, on: date, slug: str) -> dict:
        rows = seen_by(user, on=on).filter(campaign=campaign_of_address(slug))
        return {"results": _told(rows.order_by("unit__seat__path", "unit__code"))}


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
