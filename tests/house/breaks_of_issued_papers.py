"""How the constraints of issued papers are broken; see ``test_constraints``."""

from core.models import IssuedPaper
from tests.factories import ProvinceFactory
from tests.house.breaking import AT, breaks


def _paper(**said) -> IssuedPaper:
    usual = {"code": "23456789AC", "evidence": "0" * 64, "content_sha256": "1" * 64, "title": "Quyết định"}
    usual |= {"facts": ["Số", "05/QĐ-UBND"], "file_format": "pdf", "issued_at": AT}
    return IssuedPaper.objects.create(area=ProvinceFactory(), **usual | said)


@breaks("paper_code_and_content_once")
def _():
    _paper()
    _paper()


@breaks("paper_hashes_are_sha256")
def _():
    _paper(evidence="0" * 63 + "g")


@breaks("paper_facts_are_labels_and_values")
def _():
    _paper(facts=["Số"])
