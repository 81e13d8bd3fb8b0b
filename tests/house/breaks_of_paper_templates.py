"""How the constraints of paper templates are broken; see ``test_constraints``."""

from awards.models import PaperTemplate
from core.models import Area
from core.people import system_user
from tests.awards.dossiers import make_document
from tests.factories import ProvinceFactory
from tests.house.breaking import AT, breaks


def make_template(province: Area | None = None, **said) -> PaperTemplate:
    province = province or ProvinceFactory()
    usual = {"kind": "decision", "put_in_at": AT, "put_in_by": system_user()}
    return PaperTemplate.objects.create(province=province, file=make_document(province), **usual | said)


@breaks("template_in_use_once")
def _():
    make_template(make_template().province)


@breaks("template_kind_is_known")
def _():
    make_template(kind="poem")


@breaks("template_taken_out_with_when_and_who")
def _():
    make_template(taken_out_at=AT)
