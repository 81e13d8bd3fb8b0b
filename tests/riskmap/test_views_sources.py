"""The pages of sources and of disagreements: who sees them, who may change what, and what they then say."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape

from core.enums import Role
from core.models import AuditEvent
from riskmap.enums import SourcePolicy
from riskmap.levels import reassess
from riskmap.models import (
    CorrectionRequest,
    CountSource,
    DailyCount,
    GuardedPeriod,
    ProvincePolicy,
    PushReceipt,
    SourceChoice,
    SourceToken,
    StaleMark,
)
from riskmap.tokens import open_token, token_of
from tests.factories import GrantFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db
SEERS = [role for role in Role if role != Role.HEALTH]


@pytest.fixture
def province():
    made = make_province(districts={"901": ["90101", "90102"], "902": ["90201"]})
    made.post({("90101", 3): 1, ("90201", 3): 0}, reason="báo cáo của huyện")
    made.post({("90101", 3): 6, ("90201", 3): 9}, source="CDC", reason="phiếu điều tra")
    reassess(on=day(9), at=AT)
    return made


@pytest.fixture
def officer(client, province):
    person = GrantFactory(area=province.area, role=Role.HEALTH).user
    client.force_login(person)
    return person


def enter(client, area, role):
    person = GrantFactory(area=area, role=role).user
    client.force_login(person)
    return person


def opened(province, by, **wanted):
    now = timezone.now()
    given = {
        "source": province.source("CDC"),
        "area": province.area,
        "name": "Máy chủ CDC",
        "expires_at": now + timedelta(days=30),
        "by": by,
        "at": now,
    }
    return open_token(**given | wanted)


def text(response):
    """What a person reads, in one line."""
    body = re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2].partition("</main")[0])
    return " ".join(body.split())


class TestSources:
    @pytest.mark.parametrize("role", Role)
    def test_everybody_who_works_there_sees_order_and_policy(self, client, province, role):
        enter(client, province.communes["90101"], role)

        said = text(client.get("/sources/"))

        assert "Nguồn số liệu của Tỉnh 90" in said
        assert said.index("huyện") < said.index("CDC")
        assert "Lấy số F0 lớn nhất" in said
        assert "phiếu điều tra" in said

    def test_reason_of_a_posting_about_others_is_not_told(self, client, province):
        province.post({("90201", 4): 2}, source="CDC", reason="bổ sung ca của nhà ông Hai")
        province.post({}, complete=(5, 5), reason="không có ca")

        for place, told in (("90101", False), ("90201", True)):
            enter(client, province.communes[place], Role.COMMUNE_STAFF)
            said = text(client.get("/sources/"))
            assert ("nhà ông Hai" in said) == told
            assert said.count("31/12/2021") == 2
            assert "không có ca" not in said
        enter(client, province.area, Role.VIEWER)
        assert "không có ca" in text(client.get("/sources/"))

    def test_other_province_is_not_found(self, client, province):
        make_province("91", districts={"911": ["91101"]})
        enter(client, province.area, Role.VIEWER)

        assert client.get("/sources/?province=91").status_code == 404
        assert client.get("/sources/?province=90").status_code == 200
        assert client.get("/sources/?province=").status_code == 404

    def test_province_without_a_source_says_how_one_comes(self, client):
        made = make_province("91", districts={"911": ["91101"]})
        enter(client, made.area, Role.HEALTH)

        assert "chưa có nguồn nào" in text(client.get("/sources/"))

    def test_token_is_told_by_its_hint_and_last_use(self, client, province, officer):
        token, secret = opened(province, officer)
        received = timezone.now().replace(hour=2, minute=5)
        PushReceipt.objects.create(
            token=token, key="1", request_sha256="0" * 64, status=200, answer={}, received_at=received
        )

        response = client.get("/sources/")

        said = text(response)
        assert f"khóa …{secret[-4:]}" in said
        assert f"{timezone.localtime(received):%H:%M %d/%m/%Y} 1 lần gửi" in said
        assert secret not in response.content.decode()
        assert token.digest not in response.content.decode()

    @pytest.mark.parametrize("role", SEERS)
    def test_tokens_are_for_those_who_look_after_them(self, client, province, officer, role):
        opened(province, officer)
        enter(client, province.area, role)

        said = text(client.get("/sources/"))

        assert "Máy chủ CDC" not in said
        assert "Cấp khóa" not in said

    def test_officer_of_a_district_sees_its_tokens_only(self, client, province, officer):
        opened(province, officer)
        opened(province, officer, area=province.communes["90101"], name="Bệnh viện huyện")
        enter(client, province.districts["901"], Role.HEALTH)

        said = text(client.get("/sources/"))

        assert "Bệnh viện huyện" in said
        assert "Máy chủ CDC" not in said

    def test_queries_do_not_grow_with_sources_and_tokens(
        self, client, province, officer, django_assert_max_num_queries
    ):
        taken = []
        for number in range(2):
            with django_assert_max_num_queries(25) as queries:
                assert client.get("/sources/").status_code == 200
            taken.append(len(queries))
            for each in range(4):
                opened(province, officer, source=province.source(f"nguồn {number} {each}"))
        assert taken[0] == taken[1]


class TestPolicy:
    def weigh(self, client, province, ranks=("1", "2"), **wanted):
        names = [f"rank_{province.source(name).pk}" for name in ("huyện", "CDC")]
        given = {"source_policy": "largest", "disagreement_cases": "3"} | dict(zip(names, ranks, strict=True))
        return client.post("/sources/90/policy/", given | wanted)

    def test_policy_chooses_again_and_marks_stale(self, client, province, officer):
        StaleMark.objects.all().delete()
        assert DailyCount.objects.get(area__code="90101").unknown_source == 6

        response = self.weigh(client, province, source_policy="priority")

        assert response.url == "/sources/?province=90"
        assert DailyCount.objects.get(area__code="90101").unknown_source == 1
        assert StaleMark.objects.filter(province=province.area, since=day(3)).exists()

    def test_order_decides_under_priority(self, client, province, officer):
        self.weigh(client, province, source_policy="priority")
        StaleMark.objects.all().delete()

        self.weigh(client, province, ("2", "1"), source_policy="priority")

        assert list(CountSource.objects.order_by("rank").values_list("name", flat=True)) == ["CDC", "huyện"]
        assert DailyCount.objects.get(area__code="90101").unknown_source == 6
        assert StaleMark.objects.filter(province=province.area, since=day(3)).exists()

    def test_threshold_alone_makes_nothing_stale(self, client, province, officer):
        StaleMark.objects.all().delete()

        self.weigh(client, province, disagreement_cases="7")

        policy = ProvincePolicy.objects.get()
        assert (policy.disagreement_cases, policy.source_policy) == (7, SourcePolicy.LARGEST)
        assert not StaleMark.objects.exists()

    def test_who_did_it_is_in_the_journal(self, client, province, officer):
        self.weigh(client, province, ("2", "1"))

        event = AuditEvent.objects.filter(table_name="riskmap_countsource").latest("pk")
        assert (event.actor, event.reason) == (
            officer.username,
            "Đặt thứ tự và cách chọn nguồn số liệu",
        )

    @pytest.mark.parametrize(
        ("ranks", "wanted"),
        [
            (("1", "1"), {}),
            (("1", "3"), {}),
            (("1", ""), {}),
            (("1", "2"), {"source_policy": "smallest"}),
            (("1", "2"), {"disagreement_cases": "0"}),
            (("1", "2"), {"disagreement_cases": "1.000"}),
        ],
    )
    def test_slip_is_said_and_nothing_written(self, client, province, officer, ranks, wanted):
        response = self.weigh(client, province, ranks, **wanted)

        assert response.status_code == 200
        assert 'role="alert"' in response.content.decode()
        assert [source.rank for source in CountSource.objects.order_by("name")] == [2, 1]
        assert not ProvincePolicy.objects.exists()

    def test_district_does_not_change_the_provinces_policy(self, client, province):
        enter(client, province.districts["901"], Role.HEALTH)

        assert client.get("/sources/90/policy/").status_code == 404
        assert self.weigh(client, province, source_policy="priority").status_code == 404
        assert "Đổi thứ tự" not in text(client.get("/sources/"))


class TestTokens:
    def open(self, client, province, **wanted):
        given = {
            "source": str(province.source("CDC").pk),
            "name": "Máy chủ CDC",
            "area": "90",
            "last_day": f"{timezone.localdate() + timedelta(days=90):%d/%m/%Y}",
        }
        return client.post("/sources/90/tokens/new/", given | wanted)

    def test_secret_is_shown_once_and_opens(self, client, province, officer):
        response = self.open(client, province)

        secret = re.search(r"vx_[A-Za-z0-9_-]{43}", response.content.decode())[0]
        token = token_of(secret, timezone.now())
        assert (token.source.name, token.area, token.opened_by) == ("CDC", province.area, officer)
        assert timezone.localtime(token.expires_at).date() == timezone.localdate() + timedelta(days=91)
        assert response["Cache-Control"] == "no-store"
        assert secret not in client.get("/sources/").content.decode()

    def test_secret_is_not_logged(self, client, province, officer, caplog):
        secret = re.search(r"vx_[A-Za-z0-9_-]{43}", self.open(client, province).content.decode())[0]

        client.post("/api/v1/counts/", "{", "application/json", headers={"Authorization": f"Bearer {secret}"})

        assert "/api/v1/counts/" in caplog.text
        assert secret not in caplog.text

    def test_new_source_is_made_with_its_token(self, client, province, officer):
        assert "Nguồn mới, tên ghi dưới đây" in text(client.get("/sources/90/tokens/new/"))

        self.open(client, province, source="new", new_source="Bệnh viện tỉnh")

        assert SourceToken.objects.get().source.name == "Bệnh viện tỉnh"
        assert CountSource.objects.get(name="Bệnh viện tỉnh").rank == 3

    @pytest.mark.parametrize(
        "wanted",
        [
            {"source": ""},
            {"source": "new"},
            {"source": "999999"},
            {"name": ""},
            {"area": "91"},
            {"last_day": "01/01/2021"},
            {"last_day": "01/01/2999"},
        ],
    )
    def test_slip_is_said_and_nothing_opened(self, client, province, officer, wanted):
        make_province("91", districts={"911": ["91101"]})

        response = self.open(client, province, **wanted)

        assert 'role="alert"' in response.content.decode()
        assert not SourceToken.objects.exists()

    def test_officer_of_a_district_opens_tokens_of_known_sources_there(self, client, province):
        enter(client, province.districts["901"], Role.HEALTH)

        assert "Nguồn mới" not in text(client.get("/sources/90/tokens/new/"))
        self.open(client, province, source="new", new_source="Bệnh viện huyện", area="901")
        assert not SourceToken.objects.exists()
        self.open(client, province, area="90201")
        assert not SourceToken.objects.exists()
        self.open(client, province, area="90101")
        assert SourceToken.objects.get().area.code == "90101"

    def test_source_of_another_province_cannot_be_spoken_for(self, client, province, officer):
        other = make_province("91", districts={"911": ["91101"]})

        self.open(client, province, source=str(other.source("CDC").pk))

        assert not SourceToken.objects.exists()

    def test_revoking_asks_once_and_is_said(self, client, province, officer):
        token, secret = opened(province, officer)
        address = f"/sources/tokens/{token.pk}/revoke/"
        assert "Thu hồi khóa của Máy chủ CDC" in text(client.get(address))
        assert token_of(secret, timezone.now()) == token

        response = client.post(address, follow=True)

        assert "Đã thu hồi khóa của Máy chủ CDC" in text(response)
        assert f"{officer} thu hồi lúc" in text(response)
        assert token_of(secret, timezone.now()) is None
        assert "từ trước" in text(client.post(address, follow=True))


class TestDisagreements:
    @pytest.mark.parametrize("role", Role)
    def test_people_see_those_of_their_areas_side_by_side(self, client, province, role):
        enter(client, province.districts["901"], role)

        said = text(client.get("/disagreements/"))

        assert "1 ngày của một đơn vị đang chờ chọn" in said
        assert "Xã 90101, Huyện 901 · 04/08/2021" in said
        assert "90201" not in said
        assert "Có hiệu lực theo quy ước của tỉnh: lấy số lớn nhất." in said
        assert ("Chọn nguồn" in said) == (role == Role.HEALTH)

    def test_numbers_of_every_source_stand_in_a_table(self, client, province, officer):
        rows = re.findall(r"<tr.*?</tr>", client.get("/disagreements/").content.decode(), re.DOTALL)

        told = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
        assert told[:3] == [
            "Nguồn Tổng F0 F0 chưa rõ nguồn Ghi lúc, lý do",
            "huyện 1 1 08:00 31/12/2021 báo cáo của huyện",
            "CDC có hiệu lực 6 6 08:00 31/12/2021 phiếu điều tra",
        ]

    def test_days_narrow_the_list(self, client, province, officer):
        assert "2 ngày" in text(client.get("/disagreements/?first=04/08/2021&last=04/08/2021"))
        assert "Không có ngày nào như vậy" in text(client.get("/disagreements/?first=05/08/2021"))
        assert client.get("/disagreements/?first=05/08/2021&last=04/08/2021").status_code == 400
        assert client.get("/disagreements/?first=hôm qua").status_code == 400
        assert client.get("/disagreements/?page=2").status_code == 404

    def test_queries_do_not_grow_with_the_list(
        self, client, province, officer, django_assert_max_num_queries
    ):
        taken = []
        for _round in range(2):
            with django_assert_max_num_queries(30) as queries:
                assert client.get("/disagreements/").status_code == 200
            taken.append(len(queries))
            cells = {("90101", 4 + n): 20 for n in range(15)}
            province.post({cell: 1 for cell in cells})
            province.post(cells, source="CDC")
        assert taken[0] == taken[1]


class TestChoosing:
    ADDRESS = "/disagreements/90101/2021-08-04/"

    def choose(self, client, source, **wanted):
        return client.post(
            self.ADDRESS,
            {"source": str(source.pk) if source else "policy", "reason": "đối chiếu phiếu", **wanted},
            follow=True,
        )

    def test_page_shows_what_each_source_would_move(self, client, province, officer):
        said = text(client.get(self.ADDRESS))

        assert "Chọn nguồn cho Xã 90101, ngày 04/08/2021" in said
        assert "Giữ số này: không màu nào đổi" in said
        assert "Xã 90101 04/08/2021" in said  # a colour that the district's number would move
        assert "Theo quy ước của tỉnh" not in said.partition("Số có hiệu lực")[2]

    def test_chosen_source_counts_and_leaves_the_list(self, client, province, officer):
        response = self.choose(client, province.source("huyện"))

        assert response.redirect_chain == [("/disagreements/", 302)]
        assert "Đã chọn nguồn" in text(response)
        assert "90101" not in text(response)
        assert DailyCount.objects.get(area__code="90101").unknown_source == 1
        again = text(client.get(self.ADDRESS))
        assert f"Có hiệu lực do {officer} chọn" in again

    def test_policy_is_gone_back_to(self, client, province, officer):
        self.choose(client, province.source("huyện"))
        assert 'value="policy"' in client.get(self.ADDRESS).content.decode()

        self.choose(client, None)

        assert DailyCount.objects.get(area__code="90101").unknown_source == 6
        assert "Xã 90101" in text(client.get("/disagreements/"))

    def test_same_source_is_chosen_again_after_new_words(self, client, province, officer):
        self.choose(client, province.source("huyện"))
        assert "đã được chọn từ trước" in text(self.choose(client, province.source("huyện")))
        province.post({("90101", 3): 8}, source="CDC", reason="bổ sung")
        assert "Xã 90101" in text(client.get("/disagreements/"))

        self.choose(client, province.source("huyện"))

        assert "Xã 90101" not in text(client.get("/disagreements/"))
        assert SourceChoice.objects.count() == 2

    @pytest.mark.parametrize("wanted", [{"reason": " "}, {"source": "999999"}, {"source": ""}])
    def test_slip_is_said_and_nothing_chosen(self, client, province, officer, wanted):
        response = client.post(
            self.ADDRESS, {"source": str(province.source("huyện").pk), "reason": "đối chiếu"} | wanted
        )

        assert 'role="alert"' in response.content.decode()
        assert not SourceChoice.objects.exists()

    def test_choice_that_moves_a_guarded_colour_waits_for_another(self, client, province, officer):
        GuardedPeriod.objects.create(province=province.area, name="Đợt 1", first_day=day(0), last_day=day(20))
        assert "Cần người thứ hai xác nhận: đổi màu trong thời gian thi đua “Đợt 1”" in text(
            client.get(self.ADDRESS)
        )

        response = self.choose(client, province.source("huyện"))

        assert "chờ người thứ hai xác nhận" in text(response)
        assert DailyCount.objects.get(area__code="90101").unknown_source == 6
        request = CorrectionRequest.objects.get()
        assert f"/corrections/{request.pk}/" in client.get("/disagreements/").content.decode()
        assert f"/corrections/{request.pk}/" in client.get(self.ADDRESS).content.decode()

    def test_neighbour_and_staff_do_not_choose(self, client, province):
        enter(client, province.districts["902"], Role.HEALTH)
        assert client.get(self.ADDRESS).status_code == 404
        assert self.choose(client, province.source("huyện")).status_code == 404
        enter(client, province.districts["901"], Role.DISTRICT_STAFF)
        assert client.get(self.ADDRESS).status_code == 403
        assert not SourceChoice.objects.exists()

    @pytest.mark.parametrize("address", ["/disagreements/901/2021-08-04/", "/disagreements/90101/2021-8-4/"])
    def test_address_of_no_cell_is_not_found(self, client, province, officer, address):
        assert client.get(address).status_code == 404

    def test_day_nobody_reported_has_nothing_to_choose(self, client, province, officer):
        assert escape("Chưa nguồn nào báo cáo ngày này") in text(
            client.get("/disagreements/90102/2021-08-04/")
        )
