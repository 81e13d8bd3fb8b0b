"""``/shortlists/``: the shortlists of the provinces one works in, and the lines of one's own area."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from rest_framework import serializers

from awards.enums import CandidateDecision, ShortlistStage
from awards.models import Shortlist
from awards.shortlist_page import own_part, seen_by, shortlists_for
from awards.shortlist_table import BECAUSE, FLAG_LABELS, Flag, ShortlistLine
from awards.shortlists import table_of
from campaign.api.plans import GROUP_KINDS
from campaign.scoring.facts import CLASS_KEYS
from core.access import Permission
from core.api.own import OwnView
from core.errors import DomainError
from core.models import User
from riskmap.api.answers import LevelField

STAGES = [(stage.value, stage.value) for stage in ShortlistStage]
DECISIONS = [(decision.value, decision.value) for decision in CandidateDecision]
LONGEST_NUMBER = 18  # digits; more are no id


class ShortlistNotFound(DomainError):
    """There is no such shortlist in one's own area."""

    code = "shortlist_not_found"


class ShortlistRow(serializers.Serializer):
    id = serializers.IntegerField()
    campaign = serializers.CharField()
    phase = serializers.CharField()
    stage = serializers.ChoiceField(STAGES)
    through = serializers.DateField(help_text="The last day it looked at.")
    made_at = serializers.DateTimeField()
    hash = serializers.CharField()


class ShortlistsAnswer(serializers.Serializer):
    results = ShortlistRow(many=True)


class ShortlistFlagRow(serializers.Serializer):
    area = serializers.CharField(help_text="Code of the commune or hamlet.")
    day = serializers.DateField()


class ShortlistFlag(serializers.Serializer):
    code = serializers.ChoiceField([(code, code) for code in FLAG_LABELS])
    count = serializers.IntegerField(help_text="Days, or corrections.")
    cases = serializers.IntegerField(help_text="F0 taken away.")
    words = serializers.CharField()
    rows = ShortlistFlagRow(many=True, help_text="The first of the numbers it speaks of.")


class ShortlistUnit(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    district_code = serializers.CharField(help_text="Empty where there is no district.")
    group = serializers.CharField()
    kind = serializers.ChoiceField(GROUP_KINDS)
    unit_class = serializers.ChoiceField([(key, key) for key in CLASS_KEYS])
    eligible = serializers.BooleanField()
    because = serializers.ListField(
        child=serializers.ChoiceField([(key, key) for key in BECAUSE]), help_text="Why it is not eligible."
    )
    level_at_start = LevelField()
    level_at_end = LevelField()
    rank_known = serializers.IntegerField(allow_null=True)
    rank_published = serializers.IntegerField(allow_null=True)
    rank_low = serializers.IntegerField(allow_null=True, help_text="The best rank of all that were tried.")
    rank_high = serializers.IntegerField(allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())
    flags = ShortlistFlag(many=True)
    decision = serializers.ChoiceField(
        DECISIONS, allow_null=True, help_text="At the re-check, confirmed by a second person; else null."
    )


class ShortlistAnswer(ShortlistRow):
    published = serializers.CharField(allow_null=True, help_text="Hash of the standing as published.")
    known = serializers.CharField(allow_null=True, help_text="Hash of the standing as known.")
    units = ShortlistUnit(many=True)


class ShortlistsView(OwnView):
    """Shortlists.

    Of the provinces in which the one who asks works, the newest phase first.
    """

    room = "awards"
    operation = "shortlists"
    answer_class = ShortlistsAnswer
    permission = Permission.VIEW_WORKING

    def answer(self, asked: dict, *, user: User, on: date) -> dict:
        phases = shortlists_for(user, on=on)
        return {"results": [_row(each) for phase in phases for each in phase.shortlists.all()]}


class ShortlistView(OwnView):
    """A shortlist.

    Its lines of one's own area: of the whole province for who works for it.
    """

    room = "awards"
    operation = "shortlist"
    answer_class = ShortlistAnswer
    permission = Permission.VIEW_WORKING

    def answer(self, asked: dict, *, user: User, on: date, number: str) -> dict:
        found = Shortlist.objects.select_related(
            "phase__campaign__province", "published__edition", "known", "made_by"
        )
        is_number = number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
        shortlist = found.filter(pk=int(number)).first() if is_number else None
        paths = seen_by(user, shortlist.phase, on=on) if shortlist else ()
        table = own_part(table_of(shortlist), paths) if shortlist and paths != () else None
        if table is None or not (paths is None or table.lines):
            raise ShortlistNotFound(_("Không có danh sách xét khen nào như vậy trong địa bàn của bạn."))
        decided = dict(
            shortlist.candidates.filter(confirmed_at__isnull=False).values_list("unit", "decision")
        )
        return {
            **_row(shortlist),
            "published": shortlist.published and shortlist.published.hash,
            "known": shortlist.known and shortlist.known.hash,
            "units": [_unit(line, decided.get(line.unit_id)) for line in table.lines],
        }


def _row(shortlist: Shortlist) -> dict:
    phase = shortlist.phase
    return {
        "id": shortlist.pk,
        "campaign": phase.campaign.slug,
        "phase": phase.code,
        "stage": shortlist.stage,
        "through": shortlist.through,
        "made_at": shortlist.made_at,
        "hash": shortlist.hash,
    }


def _unit(line: ShortlistLine, decision: str | None) -> dict:
    return {
        "code": line.code,
        "name": line.name,
        "district_code": line.district_code,
        "group": line.group_code,
        "kind": line.group_kind,
        "unit_class": CLASS_KEYS[line.unit_class],
        "eligible": line.eligible,
        "because": line.because,
        "level_at_start": line.facts.level_at_start,
        "level_at_end": line.facts.level_at_end,
        "rank_known": line.rank_known,
        "rank_published": line.rank_published,
        "rank_low": line.rank_low,
        "rank_high": line.rank_high,
        "reasons": line.reasons,
        "flags": [_flag(flag) for flag in line.flags],
        "decision": decision,
    }


def _flag(flag: Flag) -> dict:
    return {
        "code": flag.code,
        "count": flag.count,
        "cases": flag.cases,
        "words": flag.words,
        "rows": [{"area": row.code, "day": row.day} for row in flag.rows],
    }
