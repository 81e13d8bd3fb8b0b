"""The pages of diaries."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from campaign.models import DiaryEntry
from core.enums import Role
from core.models import StoredFile
from tests.campaign.diaries import make_entry, make_photo
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_unit
from tests.core.handed_in import picture, upload
from tests.factories import CommuneFactory, GrantFactory

SAID = {"happened_on": "05/07/2021", "title": "Đi từng nhà", "text": "Tổ đi từng nhà."}


@pytest.fixture
def unit(db):
    return make_unit(CommuneFactory())


@pytest.fixture
def campaign(unit):
    campaign = make_campaign(province=unit.province)
    make_phase(campaign)
    make_group(campaign, "commune")
    return campaign


def client_of(role=None, area=None) -> Client:
    client = Client()
    if role:
        client.force_login(GrantFactory(role=role, area=area).user)
    return client


@pytest.fixture
def writer(unit):
    return client_of(Role.COMMUNE_STAFF, unit.seat)


@pytest.fixture
def approver(unit):
    return client_of(Role.DISTRICT_STAFF, unit.seat.parent)


def person(client: Client) -> int:
    return int(client.session["_auth_user_id"])


def text(answer) -> str:
    return answer.content.decode()


def new_page(campaign) -> str:
    return reverse("campaign:diary_new", args=[campaign.slug])


def tokens(answer) -> dict[str, str]:
    """What the form holds of files, as a browser would send it again."""
    return dict(re.findall(r'name="(photo_\d-kept)" value="([^"]+)"', text(answer)))


def test_entry_is_written_with_photos_and_handed_in(campaign, unit, writer):
    said = SAID | {"unit": unit.code, "caption_1": "Chốt ở đầu thôn", "then": "submit"}

    answer = writer.post(new_page(campaign), said | {"photo_1": upload(picture(), "chốt.jpg")})

    entry = DiaryEntry.objects.get()
    assert answer.url == entry.get_absolute_url()
    assert (entry.status, entry.happened_on, entry.unit) == ("submitted", date(2021, 7, 5), unit)
    assert entry.photos.get().caption == "Chốt ở đầu thôn"
    assert entry.photos.get().file.area == unit.seat


def test_the_only_unit_is_filled_in(campaign, unit, writer):
    assert f"{unit.code} – {unit.name}" in text(writer.get(new_page(campaign)))


def test_nothing_typed_and_no_photo_is_lost_when_something_is_wrong(campaign, unit, writer):
    said = SAID | {"unit": unit.code, "happened_on": "05/08/2021", "caption_1": "Chốt", "then": "submit"}
    photos = {"photo_1": upload(picture(), "chốt.jpg"), "photo_2": upload(picture(), "hai.jpg")}

    wrong = writer.post(new_page(campaign), said | photos)
    held = tokens(wrong)
    right = writer.post(new_page(campaign), said | held | {"happened_on": "05/07/2021", "caption_2": "Hai"})

    assert wrong.status_code == 400
    assert "Xin ghi chú thích cho ảnh này." in text(wrong)
    assert "chốt.jpg" in text(wrong)
    assert "Đi từng nhà" in text(wrong)
    assert set(held) == {"photo_1-kept", "photo_2-kept"}
    assert right.status_code == 302
    assert [photo.file.name for photo in DiaryEntry.objects.get().photos.all()] == ["chốt.jpg", "hai.jpg"]
    assert StoredFile.objects.count() == 2


def test_day_outside_the_campaign_is_told_at_its_field_and_keeps_the_photo(campaign, unit, writer):
    said = SAID | {"unit": unit.code, "happened_on": "05/08/2021", "caption_1": "Chốt"}

    answer = writer.post(new_page(campaign), said | {"photo_1": upload(picture(), "chốt.jpg")})

    assert "từ 01/07/2021 đến 31/07/2021" in str(answer.context["form"].errors["happened_on"])
    assert tokens(answer)


def test_caption_without_photo_and_photo_that_is_none_are_told(campaign, unit, writer):
    said = SAID | {"unit": unit.code, "caption_1": "Chốt", "caption_2": "Hai"}

    answer = writer.post(new_page(campaign), said | {"photo_2": upload(b"<html>", "hai.jpg")})

    assert "Có chú thích mà chưa có ảnh" in str(answer.context["form"].errors["photo_1"])
    assert "không phải ảnh" in str(answer.context["form"].errors["photo_2"])


def test_photo_is_given_back_with_its_caption(campaign, unit, writer):
    entry = make_entry(campaign, unit)
    make_photo(entry), make_photo(entry, caption="Hai")
    said = SAID | {"version": 1, "caption_1": "Chốt ở đầu thôn", "caption_2": "Hai", "photo_1-remove": "on"}

    answer = writer.post(reverse("campaign:diary_edit", args=[entry.pk]), said)

    assert answer.status_code == 302
    assert list(entry.photos.values_list("place", "caption")) == [(1, "Hai")]


def test_second_writer_sees_what_the_first_wrote_and_keeps_their_own(campaign, unit, writer):
    entry = make_entry(campaign, unit, title="Của người kia", version=2)
    page = reverse("campaign:diary_edit", args=[entry.pk])

    first = writer.post(page, SAID | {"version": 1})
    second = writer.post(page, SAID | {"version": first.context["form"]["version"].value()})

    assert "người khác đã thay đổi" in text(first)
    assert ("tiêu đề", "Của người kia") in first.context["theirs"]
    assert 'value="Đi từng nhà"' in text(first)
    assert second.status_code == 302
    assert DiaryEntry.objects.get().title == "Đi từng nhà"


def test_unit_of_the_neighbour_is_not_written_for(campaign, unit, writer):
    other = make_unit(CommuneFactory(parent=unit.seat.parent))

    answer = writer.post(new_page(campaign), SAID | {"unit": other.code})

    assert "unit" in answer.context["form"].errors
    assert not DiaryEntry.objects.exists()


def test_campaign_without_units_of_mine_says_so(campaign, unit, writer):
    campaign.target_groups.all().delete()

    assert "chưa có đơn vị nào thuộc đối tượng" in text(writer.get(new_page(campaign)))


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "taken_down"])
def test_entry_that_is_not_public_is_for_those_who_work_there(campaign, unit, writer, approver, status):
    entry = make_entry(campaign, unit, status=status)
    photo = make_photo(entry)
    neighbour = client_of(Role.DISTRICT_STAFF, CommuneFactory().parent)

    for page in (entry.get_absolute_url(), photo.file.get_absolute_url()):
        statuses = [client.get(page).status_code for client in (writer, approver, neighbour, Client())]
        assert statuses == [200, 200, 404, 404]
    assert writer.get(entry.get_absolute_url())["Cache-Control"] == "no-store"


def test_public_entry_names_no_staff(campaign, unit, writer):
    entry = make_entry(campaign, unit, status="approved", is_good_practice=True)
    photo = make_photo(entry)

    shown = text(Client().get(entry.get_absolute_url()))

    assert entry.submitted_by.full_name not in shown
    assert entry.submitted_by.full_name in text(writer.get(entry.get_absolute_url()))
    assert f'alt="{photo.caption}"' in shown
    assert Client().get(photo.file.get_absolute_url()).status_code == 200


def press(client: Client, entry: DiaryEntry, act: str, **said):
    return client.post(reverse("campaign:diary_step", args=[entry.pk]), {"act": act, **said})


@pytest.mark.parametrize("what", ["submitted_by_id", "created_by_id"])
def test_own_entry_is_another_persons_to_approve_and_to_praise(campaign, unit, approver, what):
    entry = make_entry(campaign, unit, status="submitted")
    DiaryEntry.objects.filter(pk=entry.pk).update(**{what: person(approver)})

    assert "người khác của cấp trên duyệt" in text(approver.get(entry.get_absolute_url()))
    press(approver, entry, "approve")
    entry.refresh_from_db()
    assert entry.status == "submitted"

    public = make_entry(campaign, unit, status="approved")
    DiaryEntry.objects.filter(pk=public.pk).update(**{what: person(approver)})
    shown = text(approver.get(public.get_absolute_url()))
    assert 'value="praise"' not in shown
    assert 'value="take_down"' in shown


def test_level_above_approves_and_takes_down(campaign, unit, approver):
    entry = make_entry(campaign, unit, status="submitted")

    assert press(approver, entry, "approve", good_practice="on").status_code == 302
    entry.refresh_from_db()
    assert (entry.status, entry.is_good_practice) == ("approved", True)
    without = press(approver, entry, "take_down", reason=" ")
    assert "Xin ghi lý do" in text(without)
    assert press(approver, entry, "take_down", reason="Nhầm ảnh.").status_code == 302
    entry.refresh_from_db()
    assert (entry.status, entry.reason) == ("taken_down", "Nhầm ảnh.")


def test_writer_does_not_decide(campaign, unit, writer):
    entry = make_entry(campaign, unit, status="submitted")

    for act in ("approve", "return", "take_down", "praise", "nothing", ""):
        assert press(writer, entry, act, reason="x").status_code == 404
    assert "Duyệt và công khai" not in text(writer.get(entry.get_absolute_url()))


def test_who_submitted_is_told_that_somebody_else_decides(campaign, unit, approver):
    entry = make_entry(campaign, unit, status="submitted")
    DiaryEntry.objects.filter(pk=entry.pk).update(submitted_by=person(approver))

    assert "người khác của cấp trên duyệt" in text(approver.get(entry.get_absolute_url()))
    assert "không tự duyệt" in text(press(approver, entry, "approve"))


def test_step_over_what_changed_meanwhile_is_told_and_keeps_the_reason(campaign, unit, approver):
    entry = make_entry(campaign, unit, status="submitted", version=3)

    answer = press(approver, entry, "return", reason="Ảnh mờ.", version=2)

    assert "người khác đã thay đổi bài này" in text(answer)
    assert "Ảnh mờ." in text(answer)
    assert DiaryEntry.objects.get().status == "submitted"


def test_gallery_shows_good_practices_and_what_to_do_without_any(campaign, unit, writer):
    page = reverse("campaign:practices", args=[campaign.slug])
    assert "Chưa có cách làm hay nào" in text(Client().get(page))
    assert "Viết nhật ký" in text(writer.get(page))
    make_photo(make_entry(campaign, unit, status="approved", is_good_practice=True, title="Bếp ăn"))
    make_entry(campaign, unit, status="approved", title="Chỉ là nhật ký")

    shown = text(Client().get(page, {"district": unit.seat.parent.code}))

    assert "Bếp ăn" in shown
    assert "Chỉ là nhật ký" not in shown
    assert Client().get(page, {"district": "nowhere"}).status_code == 404
    assert Client().get(page, {"page": "2"}).status_code == 404


def test_queries_of_the_gallery_do_not_grow(campaign, unit, django_assert_max_num_queries):
    page = reverse("campaign:practices", args=[campaign.slug])
    for _entry in range(6):
        make_photo(make_entry(campaign, unit, status="approved", is_good_practice=True))

    with django_assert_max_num_queries(12):
        assert Client().get(page).status_code == 200


def test_unit_shows_its_public_diary(campaign, unit):
    make_entry(campaign, unit, title="Đang soạn thôi")
    make_photo(make_entry(campaign, unit, status="approved", title="Bếp ăn không đồng"))

    shown = text(Client().get(unit.get_absolute_url()))

    assert "Bếp ăn không đồng" in shown
    assert "Đang soạn thôi" not in shown
