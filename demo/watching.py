"""People watch, offices inspect and units write again, each by the stage that the pages call."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from campaign.diary import approve_entry, save_entry, submit_entry
from campaign.enums import FeedbackKind
from campaign.feedback import answer_feedback, publish_feedback, receive, set_aside, state_mark
from campaign.follow_ups import add_follow_up, answer_follow_up, close_follow_up
from campaign.inspections import plan_inspection, record_visit
from campaign.models import Campaign, DiaryEntry, Feedback, FollowUp, Inspection, Unit
from core.enums import Role
from core.models import Area, User
from demo.ninh_thuan.watching import (
    Approving,
    Hearing,
    Mending,
    Planning,
    Replying,
    Visiting,
    Watch,
    Writing,
)

LATER = timedelta(seconds=5)  # what is done in one breath still has an order


class Watching:
    """The campaign and the people of the sample province."""

    def __init__(self, campaign: Campaign, *, areas: dict[str, Area], people: dict[str, User]) -> None:
        self.campaign = campaign
        self.areas = areas
        self._people = people

    @transaction.atomic
    def let_happen(self, watch: Watch) -> None:
        match watch:
            case Hearing(at, commune, kind, text, contact):
                receive(
                    area=self.areas[commune],
                    kind=FeedbackKind(kind),
                    text=text,
                    happened_on=None,
                    contact=contact,
                    at=at,
                )
            case Replying():
                self._reply(watch)
            case Planning(at, by, department, commune, purpose, planned_on):
                plan_inspection(
                    campaign=self.campaign,
                    unit=self._unit(commune),
                    department=Role(department),
                    purpose=purpose,
                    planned_on=planned_on,
                    by=self._people[by],
                    at=at,
                )
            case Visiting():
                self._visit(watch)
            case Mending():
                self._mend(watch)
            case Writing(at, by, commune, happened_on, title, text):
                entry = DiaryEntry(
                    campaign=self.campaign,
                    unit=self._unit(commune),
                    happened_on=happened_on,
                    title=title,
                    text=text,
                )
                saved = save_entry(entry=entry, photos=[], by=self._people[by], at=at)
                submit_entry(entry=saved, by=self._people[by], at=at + LATER)
            case Approving(at, by, commune, good_practice):
                latest = DiaryEntry.objects.filter(unit=self._unit(commune)).latest("pk")
                approve_entry(entry=latest, by=self._people[by], at=at, good_practice=good_practice)

    def _unit(self, commune: str) -> Unit:
        return Unit.objects.areas().select_related("seat__parent").get(seat=self.areas[commune])

    def _reply(self, reply: Replying) -> None:
        by, feedback = (
            self._people[reply.by],
            Feedback.objects.filter(area=self.areas[reply.commune]).latest("pk"),
        )
        seen = state_mark(feedback)
        if not reply.public_text:
            set_aside(feedback=feedback, reason=reply.words, seen=seen, by=by, at=reply.at)
            return
        answered = answer_feedback(feedback=feedback, answer=reply.words, seen=seen, by=by, at=reply.at)
        publish_feedback(
            feedback=answered,
            public_text=reply.public_text,
            seen=state_mark(answered),
            by=by,
            at=reply.at + LATER,
        )

    def _visit(self, visit: Visiting) -> None:
        by, inspection = (
            self._people[visit.by],
            Inspection.objects.filter(unit=self._unit(visit.commune)).latest("pk"),
        )
        held = record_visit(
            inspection=inspection,
            version=inspection.version,
            visited_on=visit.at.date(),
            findings=visit.findings,
            report=None,
            by=by,
            at=visit.at,
        )
        add_follow_up(inspection=held, wording=visit.asked, due_on=visit.due_on, by=by, at=visit.at + LATER)

    def _mend(self, mending: Mending) -> None:
        of_commune = FollowUp.objects.filter(inspection__unit=self._unit(mending.commune))
        follow_up = of_commune.select_related("inspection__unit").latest("pk")
        said = {"seen": follow_up.steps.latest("pk").pk, "by": self._people[mending.by], "at": mending.at}
        if mending.closes:
            close_follow_up(follow_up=follow_up, note=mending.words, **said)
        else:
            answer_follow_up(follow_up=follow_up, answer=mending.words, file=None, **said)
