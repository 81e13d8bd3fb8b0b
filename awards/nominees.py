"""Nominees: who is proposed for which award. A collective is a unit; a person is nominated by a unit."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from awards.dossier_papers import kinds_of
from awards.dossiers import DossierChanged, DossierRefused, clean_text, writable
from awards.enums import NomineeStatus
from awards.models import Dossier, Nominee
from awards.nomination_notices import tell_dropped
from campaign.models import Unit
from campaign.near_names import Names
from core.audit import acting
from core.enums import AreaKind
from core.models import User
from core.vietnamese import fold

PERSON = "person"
MOST_NOMINEES = 300
ALIKE = 0.85  # names of people are short: fewer are alike by chance
TYPED = ("kind", "unit_id", "person", "person_post", "deeds")


@dataclass(frozen=True, slots=True)
class NearPerson:
    """Somebody nominated in the same phase whose name is alike; ``score`` is 0 to 1."""

    nominee: Nominee
    other: Nominee
    score: float

    @property
    def percent(self) -> str:
        return f"{int(self.score * 100)}%"


def units_of(dossier: Dossier) -> QuerySet[Unit]:
    """The open units that the dossier may nominate: of the district and below; of a province its own."""
    units = Unit.objects.open().filter(province=dossier.phase.campaign.province_id)
    if dossier.area.kind == AreaKind.PROVINCE:
        return units.filter(seat=dossier.area_id)
    return units.filter(seat__path=dossier.area.path) | units.filter(
        seat__path__startswith=f"{dossier.area.path}/"
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who is to be proposed for which award: a unit, or a person whom it nominates."""

    unit: Unit
    kind: str
    person: str = ""
    person_post: str = ""
    deeds: str = ""


class NomineesRefused(DossierRefused):
    """Some of those named cannot be proposed, and nobody was; ``faults`` says of each why."""

    code = "nominees_refused"

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = list(faults)


def add_nominee(
    *,
    dossier: Dossier,
    unit: Unit,
    kind: str,
    by: User,
    at: datetime,
    person: str = "",
    person_post: str = "",
    deeds: str = "",
) -> Nominee:
    """Propose a unit, or a person whom it nominates. Raises ``DossierRefused``: not twice in a dossier."""
    proposal = Proposal(unit, kind, person, person_post, deeds)
    return add_nominees(dossier=dossier, proposals=[proposal], by=by, at=at)[0]


def add_nominees(*, dossier: Dossier, proposals: Sequence[Proposal], by: User, at: datetime) -> list[Nominee]:
    """Propose several at once, in their order: all or none. As many queries for three hundred as for one.

    Raises ``NomineesRefused`` with a sentence for each that cannot be, ``DossierRefused``.
    """
    with acting(by=by, reason="Thêm đối tượng đề nghị khen thưởng"):
        held = writable(dossier)
        last = held.nominees.aggregate(place=Max("place"))["place"] or 0
        if last + len(proposals) > MOST_NOMINEES:
            raise DossierRefused(
                _("Hồ sơ chỉ nhận %(most)s đối tượng; không thêm được nữa.") % {"most": MOST_NOMINEES}
            )
        ground = _Ground(held, {proposal.unit.pk for proposal in proposals})
        rows, faults = [], []
        for place, proposal in enumerate(proposals, last + 1):
            row = Nominee(dossier=held, place=place, added_at=at, added_by=by)
            try:
                _write(row, ground, proposal)
            except DossierRefused as refusal:
                faults.append(refusal.message)
            else:
                rows.append(row)
        if faults:
            raise NomineesRefused(faults)
        Nominee.objects.bulk_create(rows)
        _touch(held)
    return rows


def change_nominee(
    *,
    nominee: Nominee,
    version: int,
    unit: Unit,
    kind: str,
    by: User,
    at: datetime,
    person: str = "",
    person_post: str = "",
    deeds: str = "",
) -> Nominee:
    """Write it over the version that was shown; the same again changes nothing.

    Raises ``DossierChanged`` with theirs when it is another by now, and ``DossierRefused``.
    """
    with acting(by=by, reason=f"Sửa đối tượng đề nghị khen thưởng lúc {at:%H:%M:%S}"):
        held = writable(nominee.dossier)
        stored, row = _standing(held, nominee), _standing(held, nominee)
        _write(row, _Ground(held, {unit.pk}, but=row), Proposal(unit, kind, person, person_post, deeds))
        if all(getattr(row, name) == getattr(stored, name) for name in TYPED):
            return stored
        _refuse_overtaken(stored, version)
        row.version += 1
        row.save()
        _touch(held)
    return row


def drop_nominee(*, nominee: Nominee, version: int, reason: str, by: User, at: datetime) -> Nominee:
    """Withdraw the proposal, for a reason; it stays to be seen. Raises as ``change_nominee``."""
    reason = " ".join(clean_text(reason).split())
    if not reason:
        raise DossierRefused(_("Xin ghi lý do rút đề nghị."))
    with acting(by=by, reason=f"Rút đề nghị khen thưởng lúc {at:%H:%M:%S}: {reason}"):
        held = writable(nominee.dossier)
        row = _standing(held, nominee)
        _refuse_overtaken(row, version)
        row.status, row.reason = NomineeStatus.WITHDRAWN, reason[:500]
        row.version += 1
        row.save(update_fields=["status", "reason", "version"])
        tell_dropped(row, by=by, at=at)
        _touch(held)
    return row


def near_people(*, dossier: Dossier, among: QuerySet[Nominee]) -> list[NearPerson]:
    """People of the dossier whose names are alike to others nominated in its phase, the nearest first.

    ``among`` are the nominees that who asks may see. Shown to people, never merged. Two queries.
    """
    rows = among.filter(dossier__phase=dossier.phase_id).exclude(status=NomineeStatus.WITHDRAWN)
    others: Sequence[Nominee] = list(rows.exclude(person="").select_related("unit", "dossier__area"))
    names, found = Names([other.person for other in others]), []
    for nominee in others:
        if nominee.dossier_id != dossier.pk:
            continue
        for place, score in names.like(nominee.person, least=ALIKE):
            other = others[place]
            first_of_pair = other.dossier_id != dossier.pk or nominee.pk < other.pk
            if other.pk != nominee.pk and first_of_pair:
                found.append(NearPerson(nominee, other, score))
    return sorted(found, key=lambda near: (-near.score, near.nominee.place, near.other.pk))


class _Ground:
    """What a dossier holds, and which of the units it may propose: read once for all that is written."""

    def __init__(self, held: Dossier, units: Set[int], *, but: Nominee | None = None) -> None:
        self.kinds = {kind.code: kind for kind in kinds_of(held.phase.campaign)}
        self.units = set(units_of(held).filter(pk__in=units).values_list("pk", flat=True))
        standing = held.nominees.exclude(status=NomineeStatus.WITHDRAWN).filter(unit__in=units)
        others = standing.exclude(pk=but.pk) if but else standing
        self.taken = set(others.values_list("unit", "search_text"))


def _write(row: Nominee, ground: _Ground, said: Proposal) -> None:
    unit = said.unit
    person, person_post = (" ".join(clean_text(text).split()) for text in (said.person, said.person_post))
    deeds = clean_text(said.deeds)
    award = ground.kinds.get(said.kind)
    if award is None:
        raise DossierRefused(_("Hình thức khen này không có trong quy định của phong trào."))
    if unit.pk not in ground.units:
        raise DossierRefused(_("Hồ sơ chỉ đề nghị đơn vị đang hoạt động trên địa bàn của mình."))
    is_person = award.recipient == PERSON
    if is_person and not (person and person_post and deeds):
        raise DossierRefused(_("Cá nhân phải có họ tên, chức vụ và nơi công tác, việc đã làm ở đâu."))
    if not is_person:
        person = person_post = ""
    row.kind, row.unit, row.person, row.person_post, row.deeds = said.kind, unit, person, person_post, deeds
    row.search_text = fold(person) if is_person else unit.search_text
    key = (unit.pk, row.search_text)
    if key in ground.taken:
        raise DossierRefused(
            _("Hồ sơ đã đề nghị %(name)s; mỗi thành tích chỉ khen một lần.") % {"name": person or unit.name}
        )
    ground.taken.add(key)


def _standing(held: Dossier, nominee: Nominee) -> Nominee:
    row = held.nominees.select_related("unit", "dossier").get(pk=nominee.pk)
    if row.status == NomineeStatus.WITHDRAWN:
        raise DossierRefused(_("Đề nghị này đã được rút."))
    return row


def _refuse_overtaken(stored: Nominee, version: int) -> None:
    if stored.version != version:
        raise DossierChanged(
            _("Người khác đã sửa đối tượng này sau lúc bạn mở; chưa ghi gì của bạn."), theirs=stored
        )


def _touch(held: Dossier) -> None:
    held.version += 1
    held.save(update_fields=["version"])
