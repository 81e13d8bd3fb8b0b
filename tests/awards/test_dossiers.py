"""Writing dossiers: papers and their states, what two people write at once, who is nominated."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from awards.dossier_papers import faults_of, papers_of
from awards.dossiers import DossierChanged, DossierRefused, drop_attachment, open_dossier, save_item
from awards.enums import ItemKind, ItemState
from awards.models import Dossier, DossierItem, Nominee
from awards.nominees import add_nominee, change_nominee, drop_nominee, near_people
from core.people import system_user
from tests.awards.dossiers import (
    AT,
    COLLECTIVE,
    PERSON,
    SUBMISSION,
    SUMMARY,
    make_document,
    make_dossier,
    make_nominee,
    make_ready,
    make_step,
)
from tests.campaign.units import make_unit
from tests.factories import CommuneFactory, DistrictFactory, UserFactory

pytestmark = pytest.mark.django_db


def _save(dossier, words, version, **said) -> DossierItem:
    usual = {"kind": ItemKind.SUBMISSION, "by": system_user(), "at": AT}
    return save_item(dossier=dossier, words=words, version=version, **usual | said)


def _states(dossier) -> list[ItemState]:
    return [paper.state for paper in papers_of(Dossier.objects.get(pk=dossier.pk))]


def test_dossier_is_opened_once_for_an_area_and_phase():
    one = make_dossier()
    phase, area = one.phase, one.area
    one.delete()

    first = open_dossier(phase=phase, area=area, by=UserFactory(), at=AT)
    again = open_dossier(phase=phase, area=area, by=UserFactory(), at=AT)

    assert first == again
    assert [step.act for step in first.steps.all()] == ["open"]


def test_dossier_of_a_commune_is_refused():
    one = make_dossier()

    with pytest.raises(DossierRefused):
        open_dossier(phase=one.phase, area=CommuneFactory(parent=one.area), by=system_user(), at=AT)


def test_paper_goes_from_unopened_to_complete():
    dossier = make_dossier()
    assert _states(dossier) == [ItemState.UNOPENED, ItemState.UNOPENED]

    item = _save(dossier, {"number": "25/TTr-UBND"}, 0)
    assert _states(dossier)[0] == ItemState.BEGUN

    item = _save(dossier, SUBMISSION, item.version)
    assert _states(dossier)[0] == ItemState.LACKING  # the signed paper

    item = _save(dossier, {}, item.version, file=make_document(dossier.area))
    assert _states(dossier)[0] == ItemState.COMPLETE
    assert item.version == 3


def test_nothing_is_lacking_in_a_ready_dossier_and_each_fault_has_its_page():
    assert faults_of(make_ready()) == []

    dossier = make_dossier()
    make_nominee(dossier)

    faults = faults_of(dossier)
    assert [fault.sentence.split(":")[0] for fault in faults] == [
        "Tờ trình",
        f"Báo cáo tóm tắt thành tích ({dossier.nominees.get()})",
    ]
    assert [fault.link.rsplit("/papers/")[1] for fault in faults] == [
        "submission/",
        f"summary-{dossier.nominees.get().pk}/",
    ]


def test_paper_asked_for_by_a_return_is_lacking_until_it_is_saved_again():
    dossier = make_ready()
    Dossier.objects.filter(pk=dossier.pk).update(status="returned")
    dossier.refresh_from_db()
    later = AT + timedelta(days=1)
    asked = [{"item": "submission", "words": "Ghi rõ căn cứ."}]
    make_step(dossier, act="return", after="returned", asked=asked, due=later, taken_at=later)
    assert _states(dossier)[0] == ItemState.LACKING
    assert "Ghi rõ căn cứ." in faults_of(dossier)[0].sentence

    _save(dossier, {"body": "Căn cứ Kế hoạch."}, 1, at=later + timedelta(hours=1))

    assert _states(dossier)[0] == ItemState.COMPLETE


def test_save_over_another_version_is_refused_with_theirs():
    dossier = make_dossier()
    _save(dossier, {"body": "của chị Sáu"}, 0)

    with pytest.raises(DossierChanged) as refusal:
        _save(dossier, {"body": "của anh Bảy"}, 0)

    assert refusal.value.theirs.words == {"body": "của chị Sáu"}
    assert dossier.items.get().words == {"body": "của chị Sáu"}


def test_save_that_is_repeated_changes_nothing_whatever_its_version():
    dossier = make_dossier()
    first = _save(dossier, {"body": "một"}, 0)

    again = _save(dossier, {"body": " một\r\n"}, 0)

    assert (again.pk, again.version) == (first.pk, 1)


def test_save_keeps_what_no_paper_can_hold_out_of_the_words():
    dossier = make_dossier()

    item = _save(dossier, {"body": "a\x00b\ud800c\u200b\tmột\n"}, 0)

    item.refresh_from_db()
    assert item.words == {"body": "abc\u200b\tmột"}


@pytest.mark.parametrize("words", [{"nothing": "x"}, {"body": "x" * 20_001}])
def test_save_of_an_unknown_field_or_of_too_much_is_refused(words):
    dossier = make_dossier()

    with pytest.raises(DossierRefused):
        _save(dossier, words, 0)

    assert not dossier.items.exists()


def test_save_of_a_dossier_handed_in_is_refused():
    dossier = make_dossier(status="submitted")

    with pytest.raises(DossierRefused, match="không sửa được"):
        _save(dossier, {"body": "x"}, 0)


def test_summary_of_another_dossier_is_refused():
    other = make_nominee(make_dossier())

    with pytest.raises(DossierRefused, match="không thuộc hồ sơ"):
        _save(make_dossier(), SUMMARY, 0, kind=ItemKind.SUMMARY, nominee=other)


def test_attachment_is_added_and_dropped():
    dossier = make_dossier()
    known = {"kind": ItemKind.ATTACHMENT, "file": make_document(dossier.area)}
    first = _save(dossier, {"title": "Ảnh chốt"}, 0, **known)
    _save(dossier, {"title": "Biên bản"}, 0, kind=ItemKind.ATTACHMENT, file=make_document(dossier.area))

    with pytest.raises(DossierChanged):
        drop_attachment(item=first, version=9, by=system_user(), at=AT)
    drop_attachment(item=first, version=1, by=system_user(), at=AT)

    assert [item.words["title"] for item in dossier.items.all()] == ["Biên bản"]


def _add(dossier, unit, **said) -> Nominee:
    usual = {"kind": COLLECTIVE, "by": system_user(), "at": AT}
    return add_nominee(dossier=dossier, unit=unit, **usual | said)


OF_PERSON = {"kind": PERSON, "person": "Trần Thị  Bảy", "person_post": "Y tá", "deeds": "Trực chốt số 2."}


def test_same_unit_or_person_twice_in_a_dossier_is_refused():
    dossier = make_dossier()
    unit = make_unit(dossier.area)
    _add(dossier, unit)
    person = _add(dossier, unit, **OF_PERSON)

    with pytest.raises(DossierRefused, match="chỉ khen một lần"):
        _add(dossier, unit)
    with pytest.raises(DossierRefused, match="chỉ khen một lần"):
        _add(dossier, unit, **OF_PERSON | {"person": "Tran thi bay"})

    assert person.person == "Trần Thị Bảy"
    assert dossier.nominees.count() == 2


def test_person_without_post_or_deeds_and_unknown_kind_are_refused():
    dossier = make_dossier()
    unit = make_unit(dossier.area)

    for said in (
        OF_PERSON | {"deeds": ""},
        OF_PERSON | {"person_post": " "},
        {"kind": "giay-khen-xa-tap-the"},
    ):
        with pytest.raises(DossierRefused):
            _add(dossier, unit, **said)


def test_unit_of_the_next_district_and_a_closed_one_are_refused():
    dossier = make_dossier()
    next_district = DistrictFactory(parent=dossier.area.parent)
    closed = make_unit(
        dossier.area, "agency", closed_at=AT, closed_by=system_user(), closing_reason="Sáp nhập"
    )

    for unit in (make_unit(next_district), closed):
        with pytest.raises(DossierRefused, match="trên địa bàn của mình"):
            _add(dossier, unit)


def test_nominee_is_changed_over_the_version_shown_and_dropped_for_a_reason():
    dossier = make_dossier()
    nominee = _add(dossier, make_unit(dossier.area), **OF_PERSON)
    said = OF_PERSON | {"unit": nominee.unit, "by": system_user(), "at": AT}

    changed = change_nominee(nominee=nominee, version=1, **said | {"deeds": "Trực chốt số 3."})
    with pytest.raises(DossierChanged) as refusal:
        change_nominee(nominee=nominee, version=1, **said | {"deeds": "Trực chốt số 4."})
    with pytest.raises(DossierRefused):
        drop_nominee(nominee=nominee, version=2, reason=" ", by=system_user(), at=AT)
    dropped = drop_nominee(nominee=nominee, version=2, reason="Trùng huyện khác", by=system_user(), at=AT)

    assert changed.version == 2
    assert refusal.value.theirs.deeds == "Trực chốt số 3."
    assert (dropped.status, dropped.reason) == ("withdrawn", "Trùng huyện khác")
    assert _add(dossier, nominee.unit, **OF_PERSON).place == 2


def test_people_of_like_names_are_shown_with_a_score_over_the_dossiers_one_may_see():
    one = make_dossier()
    other = make_dossier(DistrictFactory(parent=one.area.parent), one.phase)
    person = _add(one, make_unit(one.area), **OF_PERSON)
    same = _add(other, make_unit(other.area), **OF_PERSON | {"person": "Trần Thị Bẩy"})
    _add(other, same.unit, **OF_PERSON | {"person": "Lê Văn Chín"})

    everywhere = near_people(dossier=one, among=Nominee.objects.all())
    here = near_people(dossier=one, among=Nominee.objects.filter(dossier=one))

    assert [(near.nominee, near.other, near.score) for near in everywhere] == [(person, same, 1.0)]
    assert here == []


@pytest.mark.django_db(transaction=True)
def test_fifty_people_on_one_paper_overwrite_nothing_silently():
    dossier, by = make_dossier(), system_user()
    said: dict[int, str] = {}
    start = threading.Barrier(50)

    def write(number: int) -> None:
        try:
            start.wait()
            _save(dossier, {"body": f"bản {number}"}, 0, by=by)
            said[number] = "saved"
        except DossierChanged as refusal:
            said[number] = refusal.theirs.words["body"]
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (winner,) = [number for number, what in said.items() if what == "saved"]
    item = dossier.items.get()
    assert len(said) == 50
    assert (item.words["body"], item.version) == (f"bản {winner}", 1)
    assert {what for number, what in said.items() if number != winner} == {f"bản {winner}"}
