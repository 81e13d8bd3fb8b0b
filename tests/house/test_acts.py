"""Every act says when it was done and by whom."""

from django.apps import apps
from django.db.models import DateTimeField, Model

from tests.house.test_constraints import HOUSE

# Instants nobody stands behind: the machine's own doing, what anybody may ask for, what was known when.
NOBODYS = {
    "awards.BatchedPaper.printed_at",  # by a worker, for who asked for the batch
    "awards.Dossier.touched_at",  # by a correction, which has its own author
    "awards.LatePermit.expires_at",  # by itself
    "awards.PaperBatch.finished_at",  # by the last of its papers
    "core.PublicAsset.created_at",
    "core.Notice.created_at",  # read by its recipient, sent and mailed by the machine
    "core.Notice.mailed_at",
    "core.Notice.read_at",
    "riskmap.StaleMark.created_at",
    "riskmap.LockException.expires_at",  # by itself
    "riskmap.SourceToken.expires_at",
    "riskmap.PushReceipt.received_at",  # from a machine; who answers for it stands with its token
    "riskmap.Assessment.computed_at",
    "core.IssuedPaper.issued_at",
    "riskmap.IssuedFile.issued_at",
    "riskmap.IssuedFile.known_at",
    "campaign.Feedback.received_at",  # from anybody, of whom nothing is kept
    "campaign.RecognisedZone.ended_at",  # the machine's doing, as the colours and answers have it
    "campaign.RecognisedZone.recognised_at",
    "campaign.Standing.computed_at",
}


def _house_models() -> list[type[Model]]:
    return [model for app in HOUSE for model in apps.get_app_config(app).get_models()]


def test_every_act_says_when_and_by_whom():
    alone = set()
    for model in _house_models():
        fields = {field.name: field for field in model._meta.fields}
        for name, field in fields.items():
            stem, _underscore, ending = name.rpartition("_")
            instant = stem and ending == "at" and isinstance(field, DateTimeField)
            person = ending == "by" and field.is_relation
            if (instant and f"{stem}_by" not in fields) or (person and f"{stem}_at" not in fields):
                alone.add(f"{model._meta.label}.{name}")

    assert alone == NOBODYS


def test_an_act_that_may_not_have_happened_is_held_together_by_a_constraint():
    for model in _house_models():
        conditions = [str(getattr(constraint, "condition", "")) for constraint in model._meta.constraints]
        for field in model._meta.fields:
            if field.name.endswith("_by") and field.is_relation and field.null:
                stem = field.name.removesuffix("_by")
                assert any(f"{stem}_at" in said and f"{stem}_by" in said for said in conditions), field
