"""Every step of the table, from every status: taken where it is laid down, refused everywhere else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from awards.dossier_steps import allowed_acts, finish, reopen, restore, return_for_more, take_up, withdraw
from awards.dossiers import DossierChanged, DossierRefused
from awards.enums import DossierAct, DossierStatus
from awards.handing_in import submit
from awards.models import Dossier
from awards.workflow import STEPS
from campaign.models import Phase
from core.enums import Role
from core.people import system_user
from tests.awards.dossiers import AT, make_ready
from tests.factories import GrantFactory, UserFactory
from tests.riskmap.province import FIRST

pytestmark = pytest.mark.django_db

ASKED = [{"item": "submission", "words": "Ghi rõ căn cứ."}]
TAKEN = {
    DossierAct.SUBMIT: lambda dossier, by: submit(dossier=dossier, by=by),
    DossierAct.TAKE_UP: lambda dossier, by: take_up(dossier=dossier, version=1, by=by, at=AT),
    DossierAct.RETURN: lambda dossier, by: return_for_more(
        dossier=dossier, version=1, reason="Thiếu", asked=ASKED, due=AT + timedelta(days=3), by=by, at=AT
    ),
    DossierAct.FINISH: lambda dossier, by: finish(dossier=dossier, version=1, by=by, at=AT),
    DossierAct.REOPEN: lambda dossier, by: reopen(dossier=dossier, version=1, reason="Sót", by=by, at=AT),
    DossierAct.WITHDRAW: lambda dossier, by: withdraw(dossier=dossier, version=1, reason="Sót", by=by, at=AT),
    DossierAct.RESTORE: lambda dossier, by: restore(dossier=dossier, version=1, by=by, at=AT),
}


def _ready_in(status: str) -> Dossier:
    dossier = make_ready()
    Phase.objects.update(dossier_deadline=timezone.now() + timedelta(days=1))
    Dossier.objects.update(status=status)
    return Dossier.objects.get(pk=dossier.pk)


@pytest.mark.parametrize("status", DossierStatus)
@pytest.mark.parametrize("act", TAKEN)
def test_step_is_taken_only_where_the_table_has_it(status, act):
    dossier, by, step = _ready_in(status), UserFactory(), STEPS.get((status, act))

    if step is None:
        with pytest.raises(DossierRefused, match="tải lại trang"):
            TAKEN[act](dossier, by)
        assert not dossier.steps.exists()
        return
    TAKEN[act](dossier, by)

    dossier.refresh_from_db()
    taken = dossier.steps.get()
    assert dossier.status == step.to
    assert (taken.act, taken.before, taken.after, taken.taken_by) == (act, status, step.to, by)


@pytest.mark.parametrize("act", [act for act in TAKEN if act != DossierAct.SUBMIT])
def test_step_over_another_version_is_refused_with_theirs(act):
    status = next(status for status, each in STEPS if each == act)
    dossier = _ready_in(status)
    Dossier.objects.update(version=2)

    with pytest.raises(DossierChanged) as refusal:
        TAKEN[act](dossier, UserFactory())

    assert refusal.value.theirs.version == 2


def test_who_prepared_or_handed_in_does_not_review_and_who_took_up_does_not_finish():
    dossier, reviewer = _ready_in("submitted"), UserFactory()

    with pytest.raises(DossierRefused, match="để người khác thẩm định"):
        take_up(dossier=dossier, version=1, by=system_user(), at=AT)
    take_up(dossier=dossier, version=1, by=reviewer, at=AT)
    with pytest.raises(DossierRefused, match="người thứ hai"):
        finish(dossier=dossier, version=2, by=reviewer, at=AT)
    finish(dossier=dossier, version=2, by=UserFactory(), at=AT)

    dossier.refresh_from_db()
    assert (dossier.status, dossier.reviewer) == ("reviewed", reviewer)


def test_return_without_what_is_asked_or_a_due_instant_to_come_is_refused():
    dossier = _ready_in("in_review")
    known = {"dossier": dossier, "version": 1, "reason": "Thiếu", "by": UserFactory(), "at": AT}

    for said in ({"asked": [], "due": AT + timedelta(days=1)}, {"asked": ASKED, "due": AT}):
        with pytest.raises(DossierRefused):
            return_for_more(**known, **said)
    with pytest.raises(DossierRefused, match="lý do"):
        return_for_more(**known | {"reason": " "}, asked=ASKED, due=AT + timedelta(days=1))


@pytest.mark.parametrize("status", DossierStatus)
@pytest.mark.parametrize("role", [Role.DISTRICT_STAFF, Role.HOME_AFFAIRS, Role.HEALTH, Role.COMMUNE_STAFF])
def test_person_is_offered_what_their_role_opens_in_the_status(status, role):
    dossier = _ready_in(status)
    area = dossier.area.parent if role in (Role.HOME_AFFAIRS, Role.HEALTH) else dossier.area
    person, neighbour = GrantFactory(role=role, area=area).user, GrantFactory(role=role).user

    offered = allowed_acts(dossier, person, on=FIRST)

    own = (DossierAct.SUBMIT, DossierAct.WITHDRAW, DossierAct.RESTORE)
    reviews = (DossierAct.TAKE_UP, DossierAct.RETURN, DossierAct.FINISH, DossierAct.REOPEN)
    opened = {Role.DISTRICT_STAFF: own, Role.HOME_AFFAIRS: own + reviews}.get(role, ())
    assert set(offered) == {act for (begins, act) in STEPS if begins == status} & set(opened)
    assert allowed_acts(dossier, neighbour, on=FIRST) == []
