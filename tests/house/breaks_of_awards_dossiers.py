"""How the constraints of dossiers are broken; see ``test_constraints``."""

from datetime import timedelta

from awards.models import Dossier, DossierVersionFile
from core.people import system_user
from tests.awards.dossiers import (
    AT,
    DEADLINE,
    make_document,
    make_dossier,
    make_item,
    make_nominee,
    make_permit,
    make_step,
    make_version,
)
from tests.house.breaking import breaks


@breaks("dossier_once_per_phase_and_area")
def _():
    one = make_dossier()
    make_dossier(one.area, one.phase)


@breaks("dossier_status_is_known")
def _():
    Dossier.objects.filter(pk=make_dossier().pk).update(status="forgotten")


@breaks("nominee_once_per_dossier_and_kind")
def _():
    one = make_nominee(make_dossier())
    make_nominee(one.dossier, one.unit)


@breaks("nominee_status_is_known")
def _():
    make_nominee(make_dossier(), status="forgotten")


@breaks("nominee_person_has_post_and_deeds")
def _():
    make_nominee(make_dossier(), person="Trần Thị Bảy", person_post="Y tá")


@breaks("nominee_out_for_a_reason")
def _():
    make_nominee(make_dossier(), status="withdrawn")


@breaks("item_once_per_dossier")
def _():
    dossier = make_dossier()
    make_item(dossier)
    make_item(dossier)


@breaks("item_kind_is_known")
def _():
    make_item(make_dossier(), kind="forgotten")


@breaks("item_summary_names_its_nominee")
def _():
    make_item(make_dossier(), kind="summary", form="06")


@breaks("item_saved_with_when_and_who")
def _():
    make_item(make_dossier(), saved_at=AT)


@breaks("permit_waiting_once")
def _():
    dossier = make_dossier()
    make_permit(dossier)
    make_permit(dossier)


@breaks("permit_has_a_reason")
def _():
    make_permit(make_dossier(), reason="")


@breaks("permit_expires_after_it_was_issued")
def _():
    make_permit(make_dossier(), expires_at=AT)


@breaks("permit_used_with_when_and_who")
def _():
    make_permit(make_dossier(), used_at=AT)


@breaks("permit_used_before_it_expired")
def _():
    late = AT + timedelta(days=1)
    make_permit(make_dossier(), expires_at=late, used_at=late, used_by=system_user())


@breaks("dossier_version_number_once")
def _():
    dossier = make_dossier()
    make_version(dossier)
    make_version(dossier)


@breaks("dossier_version_in_time_or_permitted")
def _():
    make_version(make_dossier(), received_at=DEADLINE)


@breaks("dossier_version_hash_is_sha256")
def _():
    make_version(make_dossier(), sha256="0" * 63)


@breaks("dossier_act_is_known")
def _():
    make_step(make_dossier(), after="forgotten")


@breaks("dossier_return_asks_for_something_by_an_instant")
def _():
    make_step(make_dossier(), act="return", after="returned", due=DEADLINE)


@breaks("version_file_once")
def _():
    version = make_version(make_dossier())
    file = make_document(version.dossier.area)
    for _time in range(2):
        DossierVersionFile.objects.create(version=version, file=file)
