"""Dossiers handed in, and the people of Sở Nội vụ who review them."""

from awards.checks import checks_of
from awards.handing_in import submit
from awards.models import Dossier, Nominee
from awards.reviewing import take_up, tick
from core.enums import Role
from core.models import User
from core.people import system_user
from tests.awards.dossiers import AT, make_dossier, make_ready
from tests.factories import GrantFactory


def reviewer_of(dossier: Dossier) -> User:
    """Somebody at Sở Nội vụ who had nothing to do with the dossier."""
    return GrantFactory(area=dossier.phase.campaign.province, role=Role.HOME_AFFAIRS).user


def handed_in(dossier: Dossier | None = None) -> Dossier:
    """A dossier of one collective in which nothing is lacking, handed in a moment ago."""
    dossier = make_ready(dossier or make_dossier())
    phase = dossier.phase
    phase.dossier_deadline = phase.dossier_deadline.replace(year=2999)
    phase.save(update_fields=["dossier_deadline"])
    submit(dossier=dossier, by=system_user())
    return Dossier.objects.get(pk=dossier.pk)


def taken_up(dossier: Dossier | None = None, by: User | None = None) -> Dossier:
    dossier = dossier or handed_in()
    return take_up(dossier=dossier, version=dossier.version, by=by or reviewer_of(dossier), at=AT)


def answer_all(nominee: Nominee, by: User) -> None:
    """A person passes every check that the machine does not."""
    fresh = Nominee.objects.select_related("dossier__phase__campaign", "unit").get(pk=nominee.pk)
    for check in checks_of([fresh])[nominee.pk]:
        if not check.holds:
            tick(nominee=nominee, code=check.code, passed=True, reason="Đã xem.", by=by, at=AT)
