"""Units by HTTP: who sees what of them, two who write at once, near names, and files in and out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaign.models import Unit, UnitBatch
from campaign.unit_files import read_units
from campaign.units import save_unit
from core.enums import Role
from tests.campaign.test_unit_files import HEADS
from tests.campaign.units import AT, make_unit
from tests.factories import GrantFactory, UserFactory
from tests.riskmap.province import make_province
from tests.riskmap.test_views import queries

pytestmark = pytest.mark.django_db
COMPANY = {
    "kind": "enterprise", "name": "Công ty TNHH Muối Cà Ná", "seat": "90101", "head": "Bà Bí Mật",
    "head_post": "Giám đốc", "phone": "0259 3822 000", "email": "bi@mat.vn", "size": "77",
}  # fmt: skip


@pytest.fixture
def place():
    place = make_province("90", districts={"901": ["90101", "90102"], "902": ["90201"]})
    make_unit(place.districts["901"])
    for commune in place.communes.values():
        make_unit(commune)
    return place


@pytest.fixture
def staff(client, place):
    """Somebody of the first district, logged in."""
    grant = GrantFactory(role=Role.DISTRICT_STAFF, area=place.districts["901"])
    client.force_login(grant.user)
    return grant.user


def company(place, **said) -> Unit:
    usual = {"seat": place.communes["90101"], "kind": "enterprise", "name": "Công ty TNHH Muối Cà Ná"}
    return save_unit(unit=Unit(**usual | {"head": "Bà Bí Mật"} | said), by=UserFactory(), at=AT)


def page(client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def send(client, address: str, said: dict, *, status: int = 200) -> str:
    answer = client.post(address, said)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_list_has_the_units_of_my_areas_with_their_numbers_by_kind(client, place, staff):
    company(place)

    shown = page(client, "/units/")

    assert "Xã 90101" in shown
    assert "Xã 90201" not in shown
    assert "Xã, phường, thị trấn</a>: <strong>2</strong>" in shown
    assert "Doanh nghiệp thuộc các thành phần kinh tế</a>: <strong>1</strong>" in shown


@pytest.mark.parametrize(
    ("question", "there", "not_there"),
    [
        ("kind=commune", "Xã 90102", "Công ty TNHH"),
        ("kind=organisations", "Công ty TNHH", "Xã 90102</a>"),
        ("area=90101", "Công ty TNHH", "/units/2/"),
        ("q=muoi+ca", "Công ty TNHH", "Xã 90102</a>"),
        ("q=tc0001", "Công ty TNHH", "Xã 90102</a>"),
        ("q=khong+co", "Không có đơn vị nào khớp", "Công ty TNHH"),
        ("kind=organisations&closed=on", "Đã thôi", "Xã 90102</a>"),
    ],
)
def test_list_is_narrowed_by_its_address(client, place, staff, question, there, not_there):
    company(place)
    gone = company(place, name="Đã thôi")
    Unit.objects.filter(pk=gone.pk).update(closed_at=AT, closed_by=staff, closing_reason="giải thể")

    shown = page(client, f"/units/?{question}")

    assert there in shown
    assert not_there not in shown
    assert ("Đã thôi" in shown) == ("closed" in question)


@pytest.mark.parametrize("question", ["kind=planet", "area=khong-co", "kind=commune&kind=hamlet"])
def test_a_list_that_cannot_be_understood_is_refused(client, place, staff, question):
    assert client.get(f"/units/?{question}").status_code == 400


def test_number_of_queries_does_not_grow_with_the_list(client, place, staff):
    company(place)
    before = queries(client, "/units/")
    for number in range(5):
        company(place, name=f"Hợp tác xã {number}")

    assert queries(client, "/units/") == before


def test_everybody_reads_a_unit_and_only_those_who_work_there_who_leads_it(client, place, staff):
    unit = company(place, phone="0259 3822 000", email="bi@mat.vn", size=77)
    secrets = ["Bà Bí Mật", "0259 3822 000", "bi@mat.vn", "77</dd>"]

    assert all(secret in page(client, f"/units/{unit.pk}/") for secret in secrets)
    assert client.get(f"/units/{unit.pk}/")["Cache-Control"] == "no-store"

    neighbour = GrantFactory(role=Role.DISTRICT_STAFF, area=place.districts["902"]).user
    client.force_login(neighbour)
    theirs = page(client, f"/units/{unit.pk}/")
    client.logout()
    public = page(client, f"/units/{unit.pk}/")

    for shown in (theirs, public):
        assert "Công ty TNHH Muối Cà Ná" in shown
        assert "Xã 90101" in shown
        assert not [secret for secret in [*secrets, "/edit/", "/close/"] if secret in shown]


def test_a_unit_is_listed_and_changed(client, place, staff):
    send(client, "/units/new/", COMPANY, status=302)
    unit = Unit.objects.get(kind="enterprise")
    assert (unit.code, unit.seat, unit.size, unit.created_by) == (
        "TC0001",
        place.communes["90101"],
        77,
        staff,
    )

    send(client, f"/units/{unit.pk}/edit/", COMPANY | {"size": "", "read_version": "1"}, status=302)

    unit.refresh_from_db()
    assert (unit.size, unit.version) == (None, 2)


def test_of_an_area_only_its_office_is_written(client, place, staff):
    unit = Unit.objects.get(code="90101")
    assert 'name="seat"' not in page(client, f"/units/{unit.pk}/edit/")

    send(
        client, f"/units/{unit.pk}/edit/", {"name": "Khác", "head": "Bà Sáu", "read_version": "1"}, status=302
    )

    unit.refresh_from_db()
    assert (unit.name, unit.head) == ("Xã 90101", "Bà Sáu")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "id_name_error"),
        ({"name": "…"}, "phải có chữ hoặc số"),
        ({"seat": "90201"}, "Không có đơn vị nào như vậy trong địa bàn của bạn"),
        ({"size": "0"}, "phải từ 1 trở lên"),
        ({"size": "1.000"}, "không có dấu chấm"),
        ({"size": "99999999999999999999"}, "Số quá lớn"),
        ({"email": "thu@"}, "id_email_error"),
        ({"kind": "commune"}, "id_kind_error"),
    ],
)
def test_a_wrong_form_says_where_and_keeps_what_was_typed(client, place, staff, wrong, words):
    shown = send(client, "/units/new/", COMPANY | wrong)

    assert words in shown
    assert "Bà Bí Mật" in shown
    assert not Unit.objects.organisations().exists()


def test_a_near_name_is_asked_about_and_written_once_it_is_another(client, place, staff):
    company(place, seat=place.communes["90201"])
    typed = COMPANY | {"name": "Cty TNHH muối Cà Ná"}

    shown = send(client, "/units/new/", typed)

    assert "Đơn vị tên gần giống" in shown
    assert "100%" in shown
    assert "Xã 90201" in shown
    assert Unit.objects.organisations().count() == 1

    send(client, "/units/new/", typed | {"another": "on"}, status=302)
    assert Unit.objects.organisations().count() == 2


def test_a_unit_that_keeps_its_name_is_not_asked_about(client, place, staff):
    company(place, seat=place.communes["90201"])
    unit = company(place, name="Cty TNHH muối Cà Ná")

    said = COMPANY | {"name": "Cty TNHH muối Cà Ná", "read_version": "1"}
    send(client, f"/units/{unit.pk}/edit/", said, status=302)


def test_the_second_of_two_editors_sees_what_the_first_wrote_and_loses_nothing(client, place, staff):
    unit = company(place)
    unit.head = "Ông Người Trước"
    save_unit(unit=unit, by=UserFactory(), at=AT)

    shown = send(client, f"/units/{unit.pk}/edit/", COMPANY | {"head": "Bà Người Sau", "read_version": "1"})

    assert "Người khác đã ghi trong lúc bạn sửa" in shown
    assert "Ông Người Trước" in shown
    assert 'value="Bà Người Sau"' in shown
    assert 'name="read_version" value="2"' in shown
    assert Unit.objects.get(pk=unit.pk).head == "Ông Người Trước"

    send(
        client, f"/units/{unit.pk}/edit/", COMPANY | {"head": "Bà Người Sau", "read_version": "2"}, status=302
    )
    assert Unit.objects.get(pk=unit.pk).head == "Bà Người Sau"


def test_a_form_without_the_version_it_was_read_at_overwrites_nothing(client, place, staff):
    unit = company(place)

    send(client, f"/units/{unit.pk}/edit/", COMPANY | {"head": "Ai"})

    assert Unit.objects.get(pk=unit.pk).head == "Bà Bí Mật"


def test_a_unit_is_closed_for_a_reason_and_opened_again(client, place, staff):
    unit = company(place)
    assert "Xin ghi lý do" in send(client, f"/units/{unit.pk}/close/", {"reason": ""})

    send(client, f"/units/{unit.pk}/close/", {"reason": "giải thể"}, status=302)
    assert "Lý do: giải thể" in page(client, f"/units/{unit.pk}/")
    assert "sửa" in send(client, f"/units/{unit.pk}/edit/", COMPANY | {"head": "Ai", "read_version": "2"})

    send(client, f"/units/{unit.pk}/reopen/", {}, status=302)
    assert Unit.objects.get(pk=unit.pk).closed_at is None


def test_an_area_is_not_closed_and_the_page_says_why(client, place, staff):
    unit = Unit.objects.get(code="90101")

    shown = send(client, f"/units/{unit.pk}/close/", {"reason": "Lý do đã gõ"})

    assert "danh mục hành chính" in shown
    assert "Lý do đã gõ" in shown


def test_near_duplicates_are_listed_with_their_score(client, place, staff):
    assert "Không có cặp tên nào" in page(client, "/units/near/")
    company(place)
    company(place, name="Cty TNHH Muối Cà Ná", seat=place.communes["90201"])

    assert "100%" in page(client, "/units/near/")


def test_the_neighbours_unit_is_nobodys_to_write(client, place, staff):
    unit = company(place, seat=place.communes["90201"])

    for address in ("edit", "close", "reopen"):
        assert client.post(f"/units/{unit.pk}/{address}/", COMPANY).status_code == 404
    assert client.get("/units/export/902.xlsx").status_code == 404
    assert client.get("/units/export/90.xlsx").status_code == 404


def upload(client, *rows: str, area: str = "901", name: str = "don-vi.csv", heads: str = HEADS) -> str:
    file = SimpleUploadedFile(name, "\n".join([heads, *rows]).encode())
    answer = client.post("/units/import/", {"area": area, "file": file})
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def shown_in(client, address: str) -> str:
    return page(client, address).partition('name="shown" value="')[2].partition('"')[0]


def test_a_file_goes_out_and_comes_back_with_nothing_to_write(client, place, staff):
    company(place)
    answer = client.get("/units/export/901.xlsx")
    assert answer["Content-Disposition"].startswith('attachment; filename="don-vi-901-')

    file = SimpleUploadedFile("don-vi.xlsx", answer.content)
    preview = client.post("/units/import/", {"area": "901", "file": file})

    assert "không có gì để ghi" in page(client, preview["Location"])
    assert read_units(answer.content, area=place.area, at=timezone.now()).rows == 4


def test_a_file_is_shown_and_then_written(client, place, staff):
    address = upload(
        client, ";agency;Trạm Y tế;90101;Bà Sáu;;;;12", "90102;commune;Xã 90102;90102;Ông Bảy;;;;"
    )
    shown = page(client, address)
    assert "đơn vị mới 1, sửa 1, không đổi 0, sai 0" in shown
    assert "Người đứng đầu: – → Ông Bảy" in shown

    send(client, f"{address}commit/", {"shown": shown_in(client, address)}, status=302)

    assert Unit.objects.get(code="TC0001").head == "Bà Sáu"
    assert "Đã ghi: đơn vị mới 1, sửa 1" in page(client, address)
    assert client.get(f"{address}rows.xlsx").status_code == 404
    send(client, f"{address}commit/", {"shown": "x"}, status=302)  # a button pressed twice
    assert Unit.objects.organisations().count() == 1


def test_wrong_rows_are_all_told_and_a_choice_is_asked_for(client, place, staff):
    address = upload(client, ";planet;;90201;;;;;", ";agency;Trạm;90101;;;;;")
    shown = page(client, address)
    for words in ("Không có loại đơn vị này", "Thiếu tên đơn vị", "Không ghi gì; tôi sửa tệp", "sai 1"):
        assert words in shown
    fingerprint = shown_in(client, address)

    assert "Xin chọn ghi thế nào" in send(client, f"{address}commit/", {"shown": fingerprint})
    nothing = {"shown": fingerprint, "right_rows_only": "False"}
    assert "không ghi gì" in send(client, f"{address}commit/", nothing)
    assert not Unit.objects.organisations().exists()
    send(client, f"{address}commit/", {"shown": fingerprint, "right_rows_only": "True"}, status=302)
    assert Unit.objects.organisations().count() == 1
    assert client.get("/units/import/").status_code == 200


def test_near_names_of_a_file_must_be_looked_at(client, place, staff):
    company(place)
    address = upload(client, ";enterprise;Cty TNHH muối Cà Ná;90102;;;;;")
    assert "100%" in page(client, address)
    fingerprint = shown_in(client, address)

    assert "nếu là đơn vị khác" in send(client, f"{address}commit/", {"shown": fingerprint})
    send(client, f"{address}commit/", {"shown": fingerprint, "others": "on"}, status=302)

    assert Unit.objects.organisations().count() == 2


def test_what_changed_since_the_preview_is_shown_before_it_is_written(client, place, staff):
    unit = company(place)
    address = upload(client, "TC0001;enterprise;Công ty TNHH Muối Cà Ná;90101;Bà Sáu;;;;")
    fingerprint = shown_in(client, address)
    unit.phone = "0259"
    save_unit(unit=unit, by=UserFactory(), at=AT)

    shown = send(client, f"{address}commit/", {"shown": fingerprint})

    assert "đã đổi từ lúc xem trước" in shown
    assert "Điện thoại cơ quan: 0259 → –" in shown
    again = shown.partition('name="shown" value="')[2].partition('"')[0]
    assert again not in ("", fingerprint)
    send(client, f"{address}commit/", {"shown": again}, status=302)


def test_all_rows_of_a_preview_are_a_file(client, place, staff):
    address = upload(client, ";planet;=1+1;90101;;;;;", ";agency;Trạm;90101;;;;;")

    answer = client.get(f"{address}rows.xlsx")

    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"area": "902"}, "Không có đơn vị nào như vậy"),
        ({"heads": "a;b"}, "không rõ cột"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(client, place, staff, said, words):
    assert words in upload(client, ";agency;Trạm;90101;;;;;", **said)
    assert not UnitBatch.objects.exists()


def test_a_file_is_for_those_of_its_area(client, place, staff):
    address = upload(client, ";agency;Trạm;90101;;;;;")
    client.force_login(GrantFactory(role=Role.DISTRICT_STAFF, area=place.districts["902"]).user)

    assert client.get(address).status_code == 404
    assert client.post(f"{address}commit/", {"shown": "x"}).status_code == 404
    assert client.get(f"{address}rows.xlsx").status_code == 404
    assert "don-vi.csv" not in page(client, "/units/import/")


def test_a_body_far_too_large_is_refused_unread(client, place, staff):
    answer = client.post(
        "/units/import/", data=b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="99000000"
    )

    assert answer.status_code == 413
