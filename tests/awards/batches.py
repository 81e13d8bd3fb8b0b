"""Batches of papers for tests, laid down as the tables want them."""

from awards.models import BatchedPaper, DossierVersion, PaperBatch
from core.people import system_user
from tests.awards.dossiers import AT, make_dossier, make_version


def make_batch(version: DossierVersion | None = None, **said) -> PaperBatch:
    """Of the version's phase, without papers."""
    version = version or make_version(make_dossier(status="submitted"))
    usual = {"total": 1, "asked_at": AT, "asked_by": system_user()}
    return PaperBatch.objects.create(phase=version.dossier.phase, **usual | said)


def make_batched(batch: PaperBatch, version: DossierVersion | None = None, **said) -> BatchedPaper:
    version = version or DossierVersion.objects.filter(dossier__phase=batch.phase).first()
    usual = {"version": version, "kind": "submission", "name": "901-huyen/to-trinh.pdf"}
    return BatchedPaper.objects.create(batch=batch, **usual | said)
