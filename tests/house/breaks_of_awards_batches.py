"""How the constraints of batches of papers are broken; see ``test_constraints``."""

from tests.awards.batches import make_batch, make_batched
from tests.house.breaking import breaks


@breaks("batched_paper_name_once")
def _():
    batch = make_batch()
    make_batched(batch)
    make_batched(batch)


@breaks("batched_paper_printed_with_its_content")
def _():
    make_batched(make_batch(), content=b"%PDF")
