"""The doors of Word templates: for Sở Nội vụ of the province; see ``test_doors``."""

from awards.enums import PaperKind
from awards.models import PaperTemplate
from awards.paper.samples import sample_of
from awards.paper_templates import put_in_template, take_out_template
from core.access import Permission
from core.files import keep_document
from tests.core.handed_in import upload
from tests.house.door import Door
from tests.house.places import Place
from tests.riskmap.province import AT

REVIEW = Permission.REVIEW_DOSSIERS


def template_of(place: Place) -> PaperTemplate:
    """A file with a note for nobody else; out of use already, so that a visit changes nothing."""
    there = PaperTemplate.objects.filter(province=place.province).first()
    if there:
        return there
    known, body = {"by": place.clerk, "at": AT}, sample_of(PaperKind.DECISION)
    file = keep_document(upload=upload(body, "mau.docx"), area=place.province, **known)
    said = {"province": place.province, "kind": PaperKind.DECISION, "file": file, "note": place.said}
    made = put_in_template(**said, **known)
    take_out_template(template=made, **known)
    return made


def _of(address, **answers) -> Door:
    return Door(address, REVIEW, of_area=True, of_province=True, **answers)


def _trial(place: Place) -> str:
    return f"/paper-templates/{place.province.code}/decision/trial/{template_of(place).file.token}.docx"


DOORS_OF_PAPER_TEMPLATES = {
    "paper-templates/": Door(lambda place: "/paper-templates/", REVIEW),
    "paper-templates/sample/<slug:kind>.docx": Door(
        lambda place: "/paper-templates/sample/decision.docx", REVIEW
    ),
    "paper-templates/<str:code>/<slug:kind>/": _of(
        lambda place: f"/paper-templates/{template_of(place).province.code}/decision/", writes=200
    ),
    "paper-templates/<str:code>/<slug:kind>/trial/<slug:token>.docx": _of(_trial),
    "paper-templates/<int:pk>/take-out/": _of(
        lambda place: f"/paper-templates/{template_of(place).pk}/take-out/", reads=405, writes=302
    ),
}
