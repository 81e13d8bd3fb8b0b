"""What the database itself refuses of dossiers, past all forms."""

import pytest
from django.db import IntegrityError, transaction

from awards.models import DossierStep, DossierVersion
from tests.awards.dossiers import make_dossier, make_nominee, make_step, make_version
from tests.awards.nominations import make_nomination
from tests.campaign.units import make_unit
from tests.factories import CommuneFactory, DistrictFactory, ProvinceFactory

pytestmark = pytest.mark.django_db


def _refused(act) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    return refusal.value.__cause__.diag.constraint_name


def test_dossier_of_another_province_or_of_a_commune_is_refused():
    one = make_dossier()

    foreign = _refused(lambda: make_dossier(DistrictFactory(), one.phase))
    low = _refused(lambda: make_dossier(CommuneFactory(parent=one.area), one.phase))

    assert (foreign, low) == ("dossier_lies_in_its_province",) * 2


def test_nomination_of_a_unit_of_another_province_is_refused():
    phase, foreign = make_dossier().phase, make_unit(CommuneFactory())

    assert _refused(lambda: make_nomination(phase, foreign)) == "nomination_lies_in_its_province"


def test_dossier_of_the_province_itself_nominates_what_is_seated_there_alone():
    province = ProvinceFactory()
    own = make_dossier(province)
    department = make_unit(province, "agency")

    make_nominee(own, department)

    below = make_unit(DistrictFactory(parent=province))
    assert _refused(lambda: make_nominee(own, below)) == "nominee_lies_in_its_dossier"


def test_nominee_of_the_next_district_is_refused():
    dossier = make_dossier()
    next_district = DistrictFactory(parent=dossier.area.parent)

    assert _refused(lambda: make_nominee(dossier, make_unit(next_district))) == "nominee_lies_in_its_dossier"
    assert make_nominee(dossier, make_unit(CommuneFactory(parent=dossier.area))).pk


@pytest.mark.parametrize(("model", "make"), [(DossierVersion, make_version), (DossierStep, make_step)])
def test_what_was_handed_in_and_what_was_done_are_only_added_to(model, make):
    row = make(make_dossier())
    rows = model.objects.filter(pk=row.pk)

    changed = _refused(lambda: rows.update(dossier=make_dossier()))
    dropped = _refused(rows.delete)

    assert (changed, dropped) == ("awards_ledger_is_append_only",) * 2
