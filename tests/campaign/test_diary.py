"""The diary of a unit: written, submitted, approved by somebody above, returned, taken down."""

from datetime import date, timedelta

import pytest

from campaign.diary import (
    DiaryChanged,
    DiaryRefused,
    SaidPhoto,
    approve_entry,
    diary_of,
    mark_practice,
    return_entry,
    save_entry,
    submit_entry,
    take_back_entry,
    take_down_entry,
)
from campaign.diary_page import acts_of, districts_with_practices, practices_of, queue_of
from campaign.models import DiaryEntry
from core.enums import Role
from core.inbox import notices_of
from core.models import AuditEvent, StoredFile
from tests.campaign.diaries import make_entry, make_photo, photo_file
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import AT, make_group, make_unit
from tests.factories import CommuneFactory, GrantFactory, ProvinceFactory, UserFactory


@pytest.fixture
def unit(db):
    return make_unit(CommuneFactory())


@pytest.fixture
def campaign(unit):
    campaign = make_campaign(province=unit.province)
    make_phase(campaign)
    make_group(campaign, "commune")
    return campaign


@pytest.fixture
def writer(unit):
    return GrantFactory(role=Role.COMMUNE_STAFF, area=unit.seat).user


@pytest.fixture
def approver(unit):
    return GrantFactory(role=Role.DISTRICT_STAFF, area=unit.seat.parent).user


def new(campaign, unit, **said) -> DiaryEntry:
    usual = {"happened_on": date(2021, 7, 5), "title": "Đi từng nhà", "text": "Tổ đi từng nhà."}
    return DiaryEntry(campaign=campaign, unit=unit, **usual | said)


def test_entry_is_kept_as_a_draft_with_its_photos_in_order(campaign, unit, writer):
    photos = [SaidPhoto(photo_file(unit, by=writer), caption) for caption in ("Chốt", "Đi từng nhà")]

    entry = save_entry(entry=new(campaign, unit), photos=photos, by=writer, at=AT)

    stored = DiaryEntry.objects.get()
    assert (stored.status, stored.created_by, stored.created_at, stored.version) == ("draft", writer, AT, 1)
    assert list(entry.photos.values_list("place", "caption")) == [(1, "Chốt"), (2, "Đi từng nhà")]
    assert diary_of(unit) == []


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"happened_on": date(2021, 6, 30)}, "happened_on", "từ 01/07/2021 đến 31/07/2021"),
        ({"happened_on": date(2021, 8, 1)}, "happened_on", "từ 01/07/2021 đến 31/07/2021"),
        ({"title": "  "}, "title", "Xin ghi"),
        ({"text": ""}, "text", "Xin ghi"),
    ],
)
def test_entry_says_what_is_wrong_with_it(campaign, unit, writer, said, field, sentence):
    with pytest.raises(DiaryRefused) as refusal:
        save_entry(entry=new(campaign, unit, **said), photos=[], by=writer, at=AT)

    assert sentence in refusal.value.faults[field]
    assert not DiaryEntry.objects.exists()


def test_day_that_has_not_come_is_refused(campaign, unit, writer):
    at = AT.replace(month=7, day=4)

    with pytest.raises(DiaryRefused, match="chưa đến"):
        save_entry(entry=new(campaign, unit), photos=[], by=writer, at=at)
    assert save_entry(entry=new(campaign, unit), photos=[], by=writer, at=at + timedelta(days=1)).pk


def test_campaign_without_phases_has_no_day(campaign, unit, writer):
    campaign.phases.all().delete()

    with pytest.raises(DiaryRefused, match="chưa đặt đợt"):
        save_entry(entry=new(campaign, unit), photos=[], by=writer, at=AT)


@pytest.mark.parametrize("why", ["closed", "another kind", "another province"])
def test_unit_that_does_not_compete_writes_nothing(campaign, unit, writer, why):
    other = {
        "closed": lambda: make_unit(
            unit.seat, "enterprise", closed_at=AT, closed_by=writer, closing_reason="Giải thể."
        ),
        "another kind": lambda: make_unit(unit.seat, "enterprise"),
        "another province": lambda: make_unit(CommuneFactory(parent__parent=ProvinceFactory())),
    }[why]()
    if why == "closed":
        make_group(campaign, "enterprise")

    with pytest.raises(DiaryRefused, match="không thuộc đối tượng"):
        save_entry(entry=new(campaign, other), photos=[], by=writer, at=AT)


def test_photos_are_few_and_have_captions(campaign, unit, writer):
    photo = photo_file(unit, by=writer)

    with pytest.raises(DiaryRefused, match="chú thích"):
        save_entry(entry=new(campaign, unit), photos=[SaidPhoto(photo, " ")], by=writer, at=AT)
    with pytest.raises(DiaryRefused, match="6 ảnh"):
        save_entry(entry=new(campaign, unit), photos=[SaidPhoto(photo, "x")] * 7, by=writer, at=AT)


def test_change_is_counted_and_the_same_again_is_none(campaign, unit, writer):
    entry = make_entry(campaign, unit)
    photo = make_photo(entry)
    said = [SaidPhoto(photo.file, photo.caption)]

    same = save_entry(entry=new(campaign, unit, pk=entry.pk, title=entry.title, text=entry.text), photos=said,
                      by=writer, at=AT, version=1)  # fmt: skip
    changed = save_entry(
        entry=new(campaign, unit, pk=entry.pk, title="Khác"), photos=[], by=writer, at=AT, version=1
    )

    assert (same.version, changed.version) == (1, 2)
    assert DiaryEntry.objects.get().title == "Khác"
    assert not entry.photos.exists()
    assert StoredFile.objects.filter(pk=photo.file_id).exists()  # gone with what nobody uses


def test_second_of_two_writers_is_told(campaign, unit, writer):
    entry = make_entry(campaign, unit)
    save_entry(entry=new(campaign, unit, pk=entry.pk, title="Một"), photos=[], by=writer, at=AT, version=1)

    with pytest.raises(DiaryChanged):
        save_entry(
            entry=new(campaign, unit, pk=entry.pk, title="Hai"), photos=[], by=writer, at=AT, version=1
        )

    assert DiaryEntry.objects.get().title == "Một"


def test_entry_goes_up_and_comes_out_with_its_photos(campaign, unit, writer, approver):
    entry = make_entry(campaign, unit, created_by=writer)
    photo = make_photo(entry)
    neighbour = GrantFactory(role=Role.DISTRICT_STAFF).user

    submit_entry(entry=entry, by=writer, at=AT)
    assert notices_of(approver).get().subject == f"{unit.name} gửi nhật ký thi đua, chờ duyệt"
    assert not notices_of(neighbour).exists()
    assert not StoredFile.objects.get().is_public
    approve_entry(entry=entry, good_practice=True, by=approver, at=AT)

    assert diary_of(unit) == [entry]
    assert StoredFile.objects.get(pk=photo.file_id).is_public
    assert notices_of(writer).get().subject == f"Đã duyệt nhật ký thi đua của {unit.name}"
    assert list(practices_of(campaign)) == [entry]
    reasons = AuditEvent.objects.filter(table_name="campaign_diaryentry").values_list("reason", flat=True)
    assert {"Gửi nhật ký thi đua", "Duyệt nhật ký thi đua"} <= set(reasons)


@pytest.mark.parametrize("what", ["submitted_by", "created_by"])
def test_who_wrote_or_submitted_does_not_approve(campaign, unit, approver, what):
    entry = make_entry(campaign, unit, status="submitted", **{what: approver})

    assert not DiaryEntry.objects.to_decide_by(approver, on=AT.date()).exists()
    assert not acts_of(entry, approver, on=AT.date()).decide
    for decide, said in ((approve_entry, {}), (return_entry, {"reason": "x"})):
        with pytest.raises(DiaryRefused, match="không tự duyệt"):
            decide(entry=entry, by=approver, at=AT, **said)


def test_returned_entry_is_changed_and_goes_up_again(campaign, unit, writer, approver):
    entry = make_entry(campaign, unit, status="submitted", submitted_by=writer, created_by=writer)

    return_entry(entry=entry, reason="Bỏ tên người.", by=approver, at=AT)
    assert "Bỏ tên người." in notices_of(writer).get().body
    save_entry(entry=new(campaign, unit, pk=entry.pk, text="Không có tên."), photos=[], by=writer, at=AT)
    again = submit_entry(entry=entry, by=writer, at=AT)

    assert (again.status, again.reason) == ("submitted", "")
    assert notices_of(approver).count() == 1


@pytest.mark.parametrize("status", ["submitted", "approved", "taken_down"])
def test_entry_that_is_out_of_hand_is_not_changed(campaign, unit, writer, status):
    entry = make_entry(campaign, unit, status=status)

    with pytest.raises(DiaryRefused, match="không sửa được"):
        save_entry(entry=new(campaign, unit, pk=entry.pk), photos=[], by=writer, at=AT)


def test_submitted_entry_is_taken_back(campaign, unit, writer):
    entry = make_entry(campaign, unit, status="submitted", submitted_by=writer)

    assert take_back_entry(entry=entry, by=writer, at=AT).status == "draft"


def test_entry_that_is_taken_down_is_seen_by_nobody_and_stays(campaign, unit, writer, approver):
    entry = make_entry(campaign, unit, status="approved", is_good_practice=True, submitted_by=writer)
    photo = make_photo(entry)

    taken = take_down_entry(entry=entry, reason="Ảnh có mặt người bệnh.", by=approver, at=AT)

    assert (taken.status, taken.taken_down_by, taken.taken_down_at) == ("taken_down", approver, AT)
    assert not StoredFile.objects.get(pk=photo.file_id).is_public
    assert diary_of(unit) == list(practices_of(campaign)) == []
    assert "Ảnh có mặt người bệnh." in notices_of(writer).get().body


def test_step_that_does_not_fit_is_refused(campaign, unit, approver):
    draft, approved = make_entry(campaign, unit), make_entry(campaign, unit, status="approved")

    for step, entry, said in (
        (approve_entry, draft, {}),
        (return_entry, approved, {"reason": "x"}),
        (take_down_entry, draft, {"reason": "x"}),
        (take_back_entry, approved, {}),
        (submit_entry, approved, {}),
        (mark_practice, draft, {"good_practice": True}),
    ):
        with pytest.raises(DiaryChanged, match="tình trạng"):
            step(entry=entry, by=approver, at=AT, **said)


def test_practice_is_praised_later_and_not_any_more(campaign, unit, approver):
    entry = make_entry(campaign, unit, status="approved")

    mark_practice(entry=entry, good_practice=True, by=approver, at=AT)
    assert list(practices_of(campaign)) == [entry]
    mark_practice(entry=entry, good_practice=False, by=approver, at=AT)
    assert list(practices_of(campaign)) == []


def test_what_waits_for_whom(campaign, unit, writer, approver):
    mine = make_entry(campaign, unit, status="submitted", submitted_by=approver)
    waiting = make_entry(campaign, unit, status="submitted", submitted_by=writer)
    draft = make_entry(campaign, unit)
    elsewhere = make_unit(CommuneFactory(parent__parent=unit.seat.parent.parent))
    make_entry(campaign, elsewhere, status="submitted")
    of_district = make_entry(campaign, make_unit(unit.seat.parent), status="submitted", submitted_by=writer)
    province = GrantFactory(role=Role.HOME_AFFAIRS, area=unit.province).user

    def waits(user) -> set:
        return set(queue_of(user, view="decide", on=AT.date()).entries)

    assert waits(approver) == {waiting}
    assert {waiting, mine, of_district} < waits(province)
    assert waits(writer) == set()
    assert set(queue_of(writer, view="", on=AT.date()).entries) == {draft}
    assert queue_of(writer, view="nothing", on=AT.date()) is None
    assert queue_of(UserFactory(), view="", on=AT.date()).views[-1][2] == 0


def test_gallery_is_narrowed_to_a_district(campaign, unit):
    there = make_unit(CommuneFactory(parent__parent=unit.seat.parent.parent))
    here = make_entry(campaign, unit, status="approved", is_good_practice=True)
    make_entry(campaign, there, status="approved", is_good_practice=True)
    make_entry(campaign, unit, status="approved")

    assert len(practices_of(campaign)) == 2
    assert list(practices_of(campaign, district=unit.seat.parent)) == [here]
    assert set(districts_with_practices(campaign)) == {unit.seat.parent, there.seat.parent}


def test_number_of_queries_does_not_grow(campaign, unit, django_assert_num_queries):
    for _entry in range(3):
        make_photo(make_entry(campaign, unit, status="approved"))

    with django_assert_num_queries(2):
        for entry in diary_of(unit):
            assert (entry.unit.seat.parent.name, entry.photos.all()[0].file.width) == (
                unit.seat.parent.name,
                640,
            )
