"""The pages of shortlists: what each person sees of them, deciding in two persons, the file and the API."""

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from awards.models import Candidate, Shortlist
from tests.awards.contests import at_deadline, at_end, make_contest
from tests.campaign.plans import make_campaign, make_phase
from tests.factories import GrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    """Green through the deadline; 90102 turns orange on day 18. Both lists are made."""
    contest = make_contest()
    contest.report_days(0, 16)
    contest.assess(17)
    contest.early = at_deadline(contest)
    contest.report(17)
    contest.report(18, {"90102": 1})
    contest.report(19)
    contest.assess(20)
    contest.late = at_end(contest)
    return contest


def client_of(area, role="home_affairs") -> Client:
    client = Client()
    client.force_login(GrantFactory(area=area, role=role).user)
    return client


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_list_of_lists_shows_each_phase_with_its_lists(contest):
    page = read(client_of(contest.province.area), "/shortlists/")

    assert "Kiểm tra lại khi đợt kết thúc" in page
    assert f"/shortlists/{contest.early.pk}/" in page
    assert "Lập danh sách thử" in page
    assert "Lập danh sách thử" not in read(client_of(contest.province.area, "viewer"), "/shortlists/")


def test_recheck_says_what_changed_and_asks_for_decisions(contest):
    page = read(client_of(contest.province.area), f"/shortlists/{contest.late.pk}/")

    assert "Chuyển cam ngày 19/08/2021." in page
    assert "Giữ mọi ứng viên không thay đổi" in page
    assert f"/shortlists/{contest.late.pk}/candidates/{contest.units['90102'].pk}/" in page
    assert "1 đơn vị không xét, vì sao" in page


def test_district_sees_its_own_lines_and_decides_nothing(contest):
    page = read(
        client_of(contest.province.districts["902"], "district_staff"), f"/shortlists/{contest.late.pk}/"
    )

    assert "Xã 90201" in page
    assert "90101" not in page
    assert "90102" not in page
    assert "Giữ mọi ứng viên" not in page
    assert "Bạn xem phần của các đơn vị trong địa bàn mình" in page


def test_two_people_keep_and_withdraw(contest):
    first, second = (client_of(contest.province.area) for _time in range(2))
    address = f"/shortlists/{contest.late.pk}"
    candidate = f"{address}/candidates/{contest.units['90102'].pk}/"

    refused = first.post(candidate, {"decision": "withdrawn", "reason": " "})
    assert "Rút khỏi danh sách phải ghi lý do." in refused.content.decode()
    assert first.post(candidate, {"decision": "withdrawn", "reason": "chuyển cam"}).status_code == 302
    assert first.post(f"{address}/keep/").status_code == 302
    assert Candidate.objects.count() == 3
    assert "không tự xác nhận" in first.post(f"{address}/confirm/", follow=True).content.decode()

    page = read(second, f"{address}/")
    assert "Xác nhận 3 quyết định của người khác" in page
    one = {"unit": contest.units["90102"].pk}
    assert "Đã xác nhận 1 quyết định" in second.post(f"{address}/confirm/", one, follow=True).content.decode()
    second.post(f"{address}/confirm/")

    assert not Candidate.objects.filter(confirmed_at=None).exists()
    assert "không đổi được nữa" in read(first, candidate)


def test_list_is_made_by_hand_or_says_why_not(contest):
    client = client_of(contest.province.area)

    made = client.post("/shortlists/make/", {"phase": contest.phase.pk})

    newest = Shortlist.objects.latest("pk")
    assert (made.url, newest.stage) == (f"/shortlists/{newest.pk}/", "by_hand")
    assert client.post("/shortlists/make/", {"phase": "1e9"}).status_code == 404
    contest.province.post({("90101", 5): 1}, reason="bổ sung")
    refused = client.post("/shortlists/make/", {"phase": contest.phase.pk}, follow=True)
    assert "đang được tính lại" in refused.content.decode()


def test_workbook_holds_groups_those_left_out_and_changes(contest):
    client = client_of(contest.province.area)

    answer = client.get(f"/shortlists/{contest.late.pk}/list.xlsx")

    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Xã, phường, thị trấn", "Không xét", "Thay đổi so với lúc hạn"]
    units = [[cell.value for cell in row] for row in book["Xã, phường, thị trấn"].iter_rows(min_row=11)]
    assert [row[5] for row in units] == ["90101", "90201"]
    changes = [[cell.value for cell in row] for row in book["Thay đổi so với lúc hạn"].iter_rows(min_row=11)]
    assert changes[0][0] == "90102"
    assert changes[0][3].startswith("chuyển cam ngày 19/08/2021")
    assert answer.content == client.get(f"/shortlists/{contest.late.pk}/list.xlsx").content


def test_api_tells_the_lines_of_ones_own_area(contest):
    whole = client_of(contest.province.area)
    part = client_of(contest.province.districts["902"], "district_staff")
    address = f"/api/v1/shortlists/{contest.late.pk}/"

    answer = whole.get(address).json()
    assert [(unit["code"], unit["eligible"], unit["because"]) for unit in answer["units"]] == [
        ("90101", True, []),
        ("90201", True, []),
        ("90102", False, ["not_green"]),
    ]
    assert answer["hash"] == contest.late.hash
    assert [unit["code"] for unit in part.get(address).json()["units"]] == ["90201"]
    assert {each["stage"] for each in part.get("/api/v1/shortlists/").json()["results"]} == {
        "deadline",
        "end",
    }
    assert whole.get("/api/v1/shortlists/999999999/").status_code == 404
    assert whole.get("/api/v1/shortlists/none/").status_code == 404


def test_law_says_what_each_kind_rests_on(client):
    make_phase(make_campaign())

    page = read(client, "/awards/law/nd_91_2017/")

    assert "quyết định ngày 31/07/2021" in page
    assert "2.980.000 đồng" in page
    assert "tham số do tỉnh đặt, chưa có văn bản" in page
    assert client.get("/awards/law/nothing/").status_code == 404
