"""The sample province's first phase is awarded again: each step by the stage that the pages call."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from awards.candidates import confirm_candidates, decide_candidate, keep_unchanged, units_to_decide
from awards.candidates import deadline_list as list_of_deadline
from awards.checks import checks_of
from awards.decisions import Signed, enter_decision
from awards.decisions import Verdict as Decided
from awards.dossier_papers import key_of
from awards.dossiers import open_dossier, save_item
from awards.enums import CandidateDecision, ItemKind, NominationStatus, ShortlistStage, Verdict
from awards.evidence import mark_touched
from awards.handing_in import submit_in_story
from awards.models import (
    Candidate,
    Decision,
    Dossier,
    DossierItem,
    DossierStep,
    LatePermit,
    Nomination,
    Nominee,
    OpinionRequest,
    Proposal,
    Shortlist,
)
from awards.nominations import decline, nominate, nominations_of, take
from awards.nominees import add_nominee
from awards.opinions import Said, answer_request, ask_opinion, askable, save_opinions
from awards.permits import issue_permit
from awards.proposals import approve_proposal, prepare_proposal, proposable, send_proposal
from awards.reviewing import finish, judge, return_for_more, see_flag, take_up, tick
from awards.shortlists import make_shortlist, table_of
from campaign.models import Campaign, Unit
from campaign.standing import compute_standings
from core.files import keep_document
from core.letters import Issuer, Letter, LetterFormat, Paragraph, Signature, print_letter
from core.letters.wording import capacity_of, closed, recipients, written_day
from core.models import Area, User
from demo.ninh_thuan.awarding import (
    Answering,
    Asking,
    Award,
    Confirming,
    Finishing,
    HandingIn,
    Improving,
    Listing,
    Marking,
    Nominating,
    Permitting,
    Preparing,
    Proposing,
    Returning,
    Sending,
    Sifting,
    Signing,
    TakingUp,
    dossier_texts,
    nomination_texts,
)
from riskmap.levels import reassess

LATER = timedelta(seconds=5)  # what is done in one breath still has an order
COLLECTIVE, PERSON = "bang-khen-tinh-tap-the", "bang-khen-tinh-ca-nhan"
SIGNER, SIGNER_POST = "Nguyễn Hữu Mẫu", "Chủ tịch"
LOOKED_AT = "Đã xem cùng Sở Y tế: ca tính trùng hoặc chuyển nơi cư trú, có văn bản đính chính."
NOT_THE_SAME = "Đã đối chiếu: không phải cùng một người, cùng một việc."
SUMMARY = {"situation": "situation", "achievements": "deeds"} | {
    name: name for name in ("confirmer", "confirmer_post")
}


def traces_of_awards(province: Area) -> Iterator[tuple[QuerySet, str]]:
    """What the story leaves behind, with the field that says when."""
    for model, instants in _OF_PHASE.items():
        for instant in instants:
            yield model.objects.filter(phase__campaign__province=province), instant
    for model, instant in _OF_DOSSIER.items():
        yield model.objects.filter(dossier__phase__campaign__province=province), instant
    candidates = Candidate.objects.filter(shortlist__phase__campaign__province=province)
    yield from ((candidates, instant) for instant in ("decided_at", "confirmed_at"))
    yield Decision.objects.filter(proposal__phase__campaign__province=province), "entered_at"


_OF_PHASE = {
    Shortlist: ("made_at",),
    LatePermit: ("issued_at",),
    Nomination: ("nominated_at",),
    OpinionRequest: ("asked_at", "answered_at"),
    Proposal: ("prepared_at", "approved_at", "sent_at"),
}
_OF_DOSSIER = {DossierStep: "taken_at", Nominee: "added_at", DossierItem: "saved_at"}


class Awarding:
    """The campaign's phases and dossiers, and the people of the sample province."""

    def __init__(
        self, campaign: Campaign, *, areas: dict[str, Area], people: dict[str, User], system: User
    ) -> None:
        self.campaign = campaign
        self.areas = areas
        self._people = people
        self._system = system
        self._phases = {phase.code: phase for phase in campaign.phases.select_related("campaign__province")}

    @transaction.atomic
    def let_happen(self, award: Award) -> None:
        match award:
            case Nominating():
                self._nominate(award)
            case Preparing():
                self._prepare(award)
            case Improving(at, by, phase, area, unit):
                nominee = self._collective(phase, area, unit)
                text = self._text_of(nominee, phase, area)["again"]
                item = nominee.items.get()
                self._save(nominee.dossier, ItemKind.SUMMARY, {"deeds": text}, by, at, nominee, item.version)
            case HandingIn(at, by, phase, area):
                self._bring_up_to_date(at)
                submit_in_story(dossier=self._dossier(phase, area), by=self._people[by], at=at)
            case Permitting(at, by, phase, area, reason, expires_at):
                issue_permit(
                    phase=self._phases[phase], area=self.areas[area], reason=reason, expires_at=expires_at,
                    by=self._people[by], at=at,
                )  # fmt: skip
            case Listing(at, phase, stage):
                self._bring_up_to_date(at)
                make_shortlist(phase=self._phases[phase], stage=ShortlistStage(stage), by=self._system, at=at)
            case Sifting():
                self._sift(award)
            case Confirming(at, by, phase):
                confirm_candidates(shortlist=self._end_list(phase), by=self._people[by], at=at)
            case Marking(at):
                self._bring_up_to_date(at)
                mark_touched(at=at)
            case TakingUp() | Returning() | Finishing():
                self._review(award)
            case _:
                self._decide(award)

    def _bring_up_to_date(self, at: datetime) -> None:
        """Levels and standings, which the portal's own processes compute all day."""
        reassess(provinces=[self.campaign.province], on=timezone.localdate(at), at=at)
        compute_standings(campaign=self.campaign, at=at)

    def _dossier(self, phase: str, area: str) -> Dossier:
        dossiers = Dossier.objects.select_related("phase__campaign__province", "area")
        return dossiers.get(phase=self._phases[phase], area=self.areas[area])

    def _unit(self, named: str) -> Unit:
        """An area by its code, an organisation by its name."""
        units = Unit.objects.filter(province=self.campaign.province)
        return units.areas().get(code=named) if named.isdecimal() else units.organisations().get(name=named)

    def _collective(self, phase: str, area: str, unit: str) -> Nominee:
        nominees = self._dossier(phase, area).nominees.select_related("dossier", "unit")
        return nominees.get(unit=self._unit(unit), person="")

    def _text_of(self, nominee: Nominee, phase: str, area: str) -> dict[str, str]:
        rows = dossier_texts()[phase, area]["nominees"]
        named = (nominee.unit.code, nominee.unit.name)
        return next(row for row in rows if row["unit"] in named and row.get("person", "") == nominee.person)

    def _prepare(self, award: Preparing) -> None:
        by, area = self._people[award.by], self.areas[award.area]
        text = dossier_texts()[award.phase, award.area]
        dossier = open_dossier(phase=self._phases[award.phase], area=area, by=by, at=award.at)
        words = {name: text[name].strip() for name in ("number", "dated", "body", "signer", "signer_post")}
        at = award.at + LATER
        file = self._signed_paper(area, words, by, at) if words["number"] else None
        if any(words.values()):
            self._save(dossier, ItemKind.SUBMISSION, words, award.by, at, file=file)
        for row in text["nominees"]:
            at += LATER
            nominee = self._take_nomination(dossier, row, by, at) or add_nominee(
                dossier=dossier,
                unit=self._unit(row["unit"]),
                kind=PERSON if row.get("person") else COLLECTIVE,
                by=by,
                at=at,
                **{name: row.get(name, "") for name in ("person", "person_post", "deeds")},
            )
            said = {name: row[told].strip() for told, name in SUMMARY.items()}
            if any(said.values()):
                self._save(dossier, ItemKind.SUMMARY, said, award.by, at, nominee)

        for row in nomination_texts():
            waiting = nominations_of(dossier).filter(person=row["person"], status=NominationStatus.WAITING)
            if row["declined"] and (shown := dict(waiting.values_list("pk", "version"))):
                decline(dossier=dossier, shown=shown, reason=row["declined"], by=by, at=at)

    def _nominate(self, award: Nominating) -> None:
        row = next(
            row for row in nomination_texts() if (row["unit"], row["person"]) == (award.unit, award.person)
        )
        nominate(
            phase=self._phases[award.phase],
            unit=self._unit(award.unit),
            kind=PERSON,
            by=self._people[award.by],
            at=award.at,
            **{name: row[name] for name in ("person", "person_post", "deeds")},
        )

    def _take_nomination(
        self, dossier: Dossier, row: dict[str, str], by: User, at: datetime
    ) -> Nominee | None:
        """The nominee as the commune nominated them, where it did."""
        waiting = nominations_of(dossier).filter(
            person=row.get("person", ""), status=NominationStatus.WAITING
        )
        shown = dict(waiting.values_list("pk", "version"))
        return take(dossier=dossier, shown=shown, by=by, at=at)[0] if shown else None

    def _save(
        self,
        dossier: Dossier,
        kind: ItemKind,
        words: dict[str, str],
        by: str,
        at: datetime,
        nominee: Nominee | None = None,
        version: int = 0,
        **also: Any,
    ) -> None:
        said = {"words": words, "nominee": nominee, "version": version} | also
        save_item(dossier=dossier, kind=kind, **said, by=self._people[by], at=at)

    def _signed_paper(self, area: Area, words: dict[str, str], by: User, at: datetime):
        """The submission as it was signed, scanned."""
        day = datetime.strptime(words["dated"], "%d/%m/%Y").date()
        *body, last = words["body"].splitlines()
        letter = Letter(
            issuer=Issuer((f"Ủy ban nhân dân {area.name[0].lower()}{area.name[1:]}",)),
            number=words["number"],
            place=area.name.removeprefix(f"{area.type_word} "),
            day=written_day(day),
            kind="Tờ trình",
            subject="Về việc đề nghị khen thưởng phong trào thi đua bảo vệ “Vùng xanh”",
            addressees=("Sở Nội vụ tỉnh Ninh Thuận",),
            blocks=(*map(Paragraph, body), Paragraph(closed(last.rstrip(".")))),
            signatures=(Signature(capacity_of(words["signer_post"]), words["signer"], "(bản mẫu, đã ký)"),),
            recipients=recipients(["Như trên", "Lưu: VT"]),
            moment=datetime.combine(day, time(8), at.tzinfo),
        )
        scan = SimpleUploadedFile("to-trinh-da-ky.pdf", print_letter(letter, LetterFormat.PDF))
        return keep_document(upload=scan, area=area, by=by, at=at)

    def _end_list(self, phase: str) -> Shortlist:
        return self._phases[phase].shortlists.get(stage=ShortlistStage.END)

    def _sift(self, award: Sifting) -> None:
        """Keep whom nothing happened to; of the others, keep who is eligible now and withdraw who is not."""
        shortlist, by = self._end_list(award.phase), self._people[award.by]
        keep_unchanged(shortlist=shortlist, by=by, at=award.at)
        late = table_of(shortlist)
        decided = set(shortlist.candidates.values_list("unit", flat=True))
        units = Unit.objects.in_bulk(units_to_decide(late, list_of_deadline(shortlist)) - decided)
        for pk, unit in sorted(units.items()):
            line = late.line_of(pk)
            stays = bool(line and line.eligible)
            why = line.ineligible_because if line else "Không còn trong danh sách"
            decide_candidate(
                shortlist=shortlist,
                unit=unit,
                decision=CandidateDecision.KEPT if stays else CandidateDecision.WITHDRAWN,
                reason="" if stays else award.reasons.get(unit.code, why[0].upper() + why[1:]),
                by=by,
                at=award.at,
            )

    def _review(self, award: TakingUp | Returning | Finishing) -> None:
        dossier = self._dossier(award.phase, award.area)
        said = {"dossier": dossier, "version": dossier.version, "by": self._people[award.by], "at": award.at}
        match award:
            case TakingUp():
                take_up(**said)
            case Returning():
                nominee = self._collective(award.phase, award.area, award.unit)
                asked = [{"item": key_of(ItemKind.SUMMARY, nominee), "words": award.words}]
                return_for_more(**said, reason=award.reason, asked=asked, due=award.due)
            case Finishing(at, person):
                for nominee in dossier.nominees.select_related("unit", "dossier__phase__campaign"):
                    named = (nominee.unit.code, nominee.unit.name)
                    why = "" if nominee.person else next(filter(None, map(award.failed.get, named)), "")
                    self._judge(nominee, why, self._people[person], at)
                finish(**said)

    def _judge(self, nominee: Nominee, why_not: str, by: User, at: datetime) -> None:
        for check in checks_of([nominee])[nominee.pk]:
            if check.holds is None and check.code == "flags":
                for flag in table_of(self._latest_list(nominee)).line_of(nominee.unit_id).flags:
                    see_flag(nominee=nominee, flag=flag.code, note=LOOKED_AT, by=by, at=at)
            elif check.holds is None:
                tick(nominee=nominee, code=check.code, passed=True, reason=NOT_THE_SAME, by=by, at=at)
        judge(nominee=nominee, version=nominee.version, passed=not why_not, reason=why_not, by=by, at=at)

    def _latest_list(self, nominee: Nominee) -> Shortlist:
        return nominee.dossier.phase.shortlists.latest("pk")

    def _decide(self, award: Asking | Answering | Proposing | Sending | Signing) -> None:
        phase, act = self._phases[award.phase], {"by": self._people[award.by], "at": award.at}
        match award:
            case Asking():
                nominees = askable(phase).values_list("pk", flat=True)
                ask_opinion(phase=phase, nominees=nominees, due=award.due, note=award.note, **act)
            case Answering():
                self._answer(award, act)
            case Proposing():
                rows = list(proposable(phase))
                reasons = {row.pk: award.reasons.get(row.unit.code, "") for row in rows if not row.person}
                nominees = [row.pk for row in rows]
                prepare_proposal(phase=phase, nominees=nominees, reasons=reasons, note="", **act)
            case Sending(number=number):
                proposal = Proposal.objects.get(phase=phase)
                said = {"proposal": proposal, "version": proposal.version} | act
                send_proposal(**said, number=number) if number else approve_proposal(**said)
            case Signing():
                proposal = Proposal.objects.get(phase=phase)
                refused = {
                    line.nominee_id: ""
                    if line.nominee.person
                    else award.refused.get(line.nominee.unit.code, "")
                    for line in proposal.lines.select_related("nominee__unit")
                }
                enter_decision(
                    proposal=proposal,
                    version=proposal.version,
                    signed=Signed(award.number, award.signed_on, SIGNER, SIGNER_POST),
                    verdicts={pk: Decided(not reason, reason) for pk, reason in refused.items()},
                    **act,
                )

    def _answer(self, award: Answering, act: dict[str, Any]) -> None:
        request = OpinionRequest.objects.get(phase=self._phases[award.phase])
        said = []
        for row in request.opinions.select_related("nominee__unit"):
            code = "" if row.nominee.person else row.nominee.unit.code
            against, note = award.against.get(code, ""), award.notes.get(code, "")
            verdict = Verdict.DISAGREE if against else Verdict.NOTE if note else Verdict.AGREE
            said.append(Said(row.pk, verdict, against or note, row.version))
        save_opinions(request=request, said=said, **act)
        answer_request(request=request, document_number=award.number, **act)
