"""The pages of standings: real ones of a small province, as visitors, phones and spreadsheets read them."""

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from campaign.models import Phase
from campaign.standing import standing_of
from riskmap.enums import RiskLevel
from tests.campaign.contest import KNOWN, PUBLISHED, Contest
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_unit
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db

CAMPAIGN = "/campaigns/thi-dua-90/"
BOARD = f"{CAMPAIGN}standings/dot-1/"


def isolated(count: int) -> dict[str, int]:
    """Cases that are counted, and are of no weight for the level."""
    return {"isolated": count}


def page_of(client: Client, address: str = BOARD, *, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def words_of(page: str) -> str:
    """What the page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


@pytest.fixture
def contest():
    """90101 is red throughout, the others green; of those 90102 falls behind on day 4, and leads on day 5."""
    contest = Contest()
    contest.live(0, 3, {"90101": 5})
    contest.live(4, 4, {"90101": 5, "90102": isolated(1)})
    contest.live(5, 5, {"90101": 5, "90201": isolated(2)})
    contest.register("90101", 1, target_day=day(9), target_level=RiskLevel.NEW_NORMAL)
    contest.compute(5)
    return contest


def test_standings_lead_to_the_phase_of_today_or_the_last(client, contest):
    make_phase(contest.campaign, code="dot-2", number=2, name="Đợt 2", first_day=day(19), last_day=day(40))

    response = client.get(f"{CAMPAIGN}standings/")

    assert (response.status_code, response.url) == (302, f"{CAMPAIGN}standings/dot-2/")


def test_campaign_without_phases_says_that_it_has_none(client):
    make_campaign(slug="khong-co-dot")

    assert "Phong trào chưa đặt đợt nào" in page_of(client, "/campaigns/khong-co-dot/standings/")


def test_board_says_who_stands_where_and_how_it_came(client, contest):
    page = page_of(client)

    words = words_of(page)
    assert "Tính đến hết ngày 06/08/2021 , cho đợt 1 (01/08/2021 – 20/08/2021)" in words
    assert "tạm tính, đợt còn 14 ngày" in words
    assert "Theo các bản đồ đã công bố, đến bản số 6" in words
    assert re.findall(r'id="class-([a-z_]+)"', page) == ["from_very_high", "kept_green"]
    assert re.findall(r'<span class="rank">(\d+)</span>', page) == ["1", "1", "2"]
    assert [words.index(name) for name in ("Xã 90101", "Xã 90102", "Xã 90201")] == sorted(
        words.index(name) for name in ("Xã 90101", "Xã 90102", "Xã 90201")
    )
    assert "Đỏ lúc đầu, nay đỏ; 30 F0 (300,0 trên 100.000 dân)." in words
    assert "Đăng ký ngày 02/08/2021; mục tiêu xanh vào ngày 10/08/2021, nay chưa đạt." in words
    assert "sau hạng trên về số F0 trên 100.000 dân: 20,0 so với 10,0" in words


def test_board_says_who_moved_since_the_day_before(client, contest):
    page = page_of(client)

    assert "lên 1 hạng so với hôm trước" in page
    assert "xuống 1 hạng so với hôm trước" in page
    assert page.count("▲1") == page.count("▼1") == 1


def test_unit_that_was_not_in_the_class_the_day_before_is_new_in_it(client, contest):
    contest.live(6, 6, {"90101": 5, "90201": 5})
    contest.compute(6)

    page = page_of(client)

    assert re.findall(r'id="class-([a-z_]+)"', page) == ["from_very_high", "kept_green", "green_at_start"]
    assert page.count(">mới<") == 1


def test_first_day_has_nothing_to_compare_with(client, contest):
    page = page_of(client, f"{BOARD}?day=2021-08-01")

    assert "so với hôm trước" not in page
    assert ">mới<" not in page


def test_equal_units_share_their_rank_in_words_and_stand_in_vietnamese_order(client, contest):
    words = words_of(page_of(client, f"{BOARD}?day=2021-08-02"))

    assert words.count("cùng hạng 1 với 1 đơn vị khác, bằng nhau ở mọi tiêu chí") == 0
    assert words.count("Cùng hạng 1 với 1 đơn vị khác, bằng nhau ở mọi tiêu chí") == 2
    assert words.index("Xã 90102") < words.index("Xã 90201")


def test_strip_tells_its_days_and_target_to_those_who_do_not_see_it(client, contest):
    page = page_of(client)

    strips = re.findall(r'<svg class="strip".*?</svg>', page, re.S)
    assert len(strips) == 3
    assert re.search(r"<title>([^<]*)</title>", strips[0])[1] == (
        "đỏ 01/08–06/08; mục tiêu xanh ngày 10/08/2021"
    )
    assert 'role="img" aria-label="Xã 90101: đỏ 01/08–06/08;' in strips[0]
    assert 'x1="50.000%"' in strips[0]  # the end of the tenth day of twenty
    assert "strip__target" not in strips[1]


def test_known_view_shows_a_correction_that_the_published_one_does_not(client, contest):
    contest.province.post({("90102", 2): 5}, reason="đính chính", document="1/CV", at=timezone.now())
    contest.assess(6)
    contest.compute(6)

    published, known = (
        words_of(page_of(client, f"{BOARD}?view={view}&day=2021-08-06")) for view in ("published", "known")
    )

    assert "Xanh suốt 6 ngày" in published
    assert "Theo số biết hiện nay, có thể khác bản đồ công bố." in known
    assert published.count("Xanh suốt") == 2
    assert known.count("Xanh suốt") == 1


def test_without_published_maps_the_known_view_is_shown_and_says_so(client):
    contest = Contest()
    contest.report_days(0, 2)
    contest.assess(2)
    contest.compute(2)

    assert "Chưa có bản đồ công bố nào trong đợt này, nên bảng theo số biết hiện nay." in page_of(client)
    assert "Xem theo số biết hiện nay" in page_of(client, f"{BOARD}?view=published")


def test_phase_that_has_not_begun_says_when_it_does(client):
    contest = Contest()
    today = timezone.localdate()
    Phase.objects.filter(pk=contest.phase.pk).update(
        first_day=today + timedelta(3), last_day=today + timedelta(9)
    )

    for address in (BOARD, f"{BOARD}league/", f"{BOARD}progress/"):
        assert "Đợt chưa bắt đầu." in page_of(client, address)


def test_phase_without_numbers_has_no_standings_yet(client):
    Contest()

    for address in (BOARD, f"{BOARD}league/"):
        assert "Chưa có bảng xếp hạng." in page_of(client, address)
    assert "Chưa có số liệu của những ngày trong đợt." in page_of(client, f"{BOARD}progress/")


def test_day_without_standings_is_not_found_and_leads_to_the_last_that_has_some(client, contest):
    page = page_of(client, f"{BOARD}?day=2021-08-15", status=404)

    assert "Chưa có bảng xếp hạng của ngày 15/08/2021 ở đợt 1." in page
    assert "Xem ngày gần nhất có bảng, 06/08/2021" in page


def test_shared_day_says_that_it_counts_for_both_phases(client, contest):
    contest.live(6, 19, {"90101": 5})
    make_phase(contest.campaign, code="dot-2", number=2, name="Đợt 2", first_day=day(19), last_day=day(40))
    contest.compute(19)

    for address, here, other in (
        (BOARD, "đợt 1", "dot-2"),
        (BOARD.replace("dot-1", "dot-2"), "đợt 2", "dot-1"),
    ):
        page = page_of(client, f"{address}?day=2021-08-20")
        assert f"Ngày 20/08/2021 tính cho cả hai đợt; trang này tính cho {here}." in page
        assert f'href="{CAMPAIGN}standings/{other}/?day=2021-08-20"' in page
    assert "tính cho cả hai đợt" not in page_of(client, f"{BOARD}?day=2021-08-19")


def test_days_are_stepped_through_with_the_view_kept(client, contest):
    page = page_of(client, f"{BOARD}?view=known&day=2021-08-03")

    assert 'rel="prev" href="?view=known&amp;day=2021-08-02"' in page
    assert 'rel="next" href="?view=known&amp;day=2021-08-04"' in page
    assert '<input type="hidden" name="view" value="known">' in page


def test_one_class_is_shown_by_itself(client, contest):
    page = page_of(client, f"{BOARD}?class=kept_green")

    assert re.findall(r'id="class-([a-z_]+)"', page) == ["kept_green"]
    assert "Ngày này không có đơn vị nào ở nhóm xếp hạng đó." in page_of(client, f"{BOARD}?class=from_high")


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("?view=secret", 400),
        ("?class=best", 400),
        ("?day=2021-13-40", 400),
        ("?view=known&view=published", 400),
        ("?group=khong-co", 404),
        ("?class=kept_green&page=9", 404),
        ("?class=kept_green&page=x", 404),
    ],
)
def test_slip_in_the_address_is_refused(client, contest, question, status):
    assert client.get(BOARD + question).status_code == status


@pytest.mark.parametrize("address", ["/campaigns/khong-co/standings/", f"{CAMPAIGN}standings/dot-9/"])
def test_campaign_or_phase_that_is_none_is_not_found(client, contest, address):
    assert client.get(address).status_code == 404


def test_only_who_registered_is_ranked_where_the_plan_says_so(client):
    contest = Contest(registration_required=True)
    contest.live(0, 2, {"90101": 5})
    contest.compute(2)
    assert "phong trào này chỉ xếp hạng đơn vị có đăng ký đã được xác nhận" in page_of(client)

    contest.register("90102", 1)
    contest.compute(2)
    page = page_of(client)

    assert re.findall(r'id="class-([a-z_]+)"', page) == ["kept_green", "unranked"]
    assert words_of(page).count("Không xếp hạng: chưa có đăng ký được xác nhận.") == 2


def test_organisation_stands_in_its_own_group_with_the_levels_of_its_seat(client, contest):
    make_group(contest.campaign, "enterprise", name="Doanh nghiệp của tỉnh")
    make_unit(contest.province.communes["90101"], "enterprise", name="Công ty Muối =1+1")
    contest.compute(5)

    assert "Xã, phường, thị trấn" in page_of(client)
    page = page_of(client, f"{BOARD}?group=enterprise&view=known")

    assert "Công ty Muối =1+1" in page
    assert "đỏ 01/08–06/08" in page
    assert "Xã 90102" not in page


def test_group_without_units_is_named_as_empty(client, contest):
    make_group(contest.campaign, "armed_forces", name="Lực lượng vũ trang")
    contest.compute(5)

    assert "Chưa có đơn vị nào trong danh sách: Lực lượng vũ trang." in words_of(
        page_of(client, f"{BOARD}?view=known")
    )
    assert "Chưa có đơn vị nào thuộc nhóm này." in page_of(client, f"{BOARD}?group=armed-forces&view=known")


def test_page_takes_as_many_queries_for_many_units_as_for_few(client, contest, django_assert_max_num_queries):
    client.get(BOARD)
    with django_assert_max_num_queries(24) as few:
        client.get(BOARD)
    group = make_group(contest.campaign, "enterprise")
    for number in range(12):
        make_unit(contest.province.communes["90101"], "enterprise", name=f"Công ty {number}")
    contest.compute(5)

    with django_assert_max_num_queries(len(few)):
        page_of(client, f"{BOARD}?group={group.code}")


def test_page_that_says_the_same_is_not_sent_again_to_a_visitor(client, contest):
    first = client.get(BOARD)

    again = client.get(BOARD, headers={"if-none-match": first["ETag"]})
    contest.live(6, 6, {"90101": 5})
    contest.compute(6)
    changed = client.get(BOARD, headers={"if-none-match": first["ETag"]})

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert first["Cache-Control"] == "private, no-cache"


def test_page_of_somebody_logged_in_is_not_kept(client, contest, django_user_model):
    client.force_login(django_user_model.objects.create(username="ai-do"))

    assert not client.get(BOARD).has_header("ETag")


def test_league_puts_the_greenest_district_first(client, contest):
    words = words_of(page_of(client, f"{BOARD}league/"))

    assert words.index("Huyện 902") < words.index("Huyện 901")
    assert "1/1 (100%)" in words
    assert "1/2 (50%)" in words
    assert "1/3 xã, phường, thị trấn đã đăng ký thi đua (33%)" in words


def test_league_of_a_plan_without_communes_says_why_it_is_empty(client):
    contest = Contest()
    contest.campaign.target_groups.all().delete()
    make_group(contest.campaign, "district")
    contest.live(0, 1)
    contest.compute(1)

    assert "Chưa so sánh được các huyện" in page_of(client, f"{BOARD}league/?view=known")


def test_progress_counts_the_communes_of_each_colour_by_day(client, contest):
    page = page_of(client, f"{BOARD}progress/")

    assert "Hết ngày 06/08/2021: 2/3 xã, phường, thị trấn xanh (66%)." in re.sub(r"</?strong>", "", page)
    titles = re.findall(r"<g><title>([^<]*)</title>", page)
    assert titles[0] == "01/08/2021: vùng đỏ 1, vùng xanh 2"
    assert len(titles) == 6
    rows = re.findall(r'<tr><th scope="row">([^<]*)</th><td class="number">(\d+)</td>', page)
    assert rows[0] == ("06/08/2021", "2")


def test_progress_marks_the_target_day_and_the_day_of_a_green_map(client):
    contest = Contest(target="Xanh hóa toàn bản đồ", target_day=day(1))
    contest.live(0, 2)
    contest.compute(2)

    page = page_of(client, f"{BOARD}progress/")

    assert "Toàn bản đồ xanh từ ngày 01/08/2021." in page
    assert "hết ngày mục tiêu 02/08/2021" in page
    assert page.count('<line class="map-chart__target"') == 2
    assert client.get(f"{BOARD}progress/?view=x").status_code == 400


def test_workbook_says_what_the_board_says_and_where_it_comes_from(client, contest):
    unit = contest.units["90102"]
    table = standing_of(phase=contest.phase, view=PUBLISHED)

    response = client.get(f"{BOARD}board.xlsx?group=commune")

    assert response.status_code == 200
    assert response["Content-Disposition"] == (
        'attachment; filename="xep-hang-thi-dua-90-dot-1-2021-08-06-commune-cong-bo-so-6.xlsx"'
    )
    page = load_workbook(io.BytesIO(response.content)).active
    about = {row[0].value: row[1].value for row in page.iter_rows(max_row=8)}
    assert about["Mã băm"] == table.hash
    assert about["Tính đến hết ngày"] == "06/08/2021, tạm tính: đợt chưa kết thúc"
    assert about["Số liệu"].startswith("như đã công bố, đến bản đồ số 6")
    head, *rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=10)]
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(line["Hạng"], line["Đơn vị"]) for line in lines] == [
        (1, "Xã 90101"), (1, unit.name), (2, "Xã 90201"),
    ]  # fmt: skip
    assert lines[0]["Mức hiện tại"] == "Nguy cơ rất cao (đỏ)"
    assert (lines[2]["F0"], lines[2]["F0 trên 100.000 dân"]) == (2, 20.0)
    assert lines[0]["Diễn biến"] == "đỏ lúc đầu, nay đỏ; 30 F0 (300,0 trên 100.000 dân)"


def test_workbook_holds_no_formula(client, contest):
    make_group(contest.campaign, "enterprise")
    make_unit(contest.province.communes["90101"], "enterprise", name='=HYPERLINK("http://x")')
    contest.compute(5)

    response = client.get(f"{BOARD}board.xlsx?view=known")

    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["Xã, phường, thị trấn", "Doanh nghiệp thuộc các thành"]
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    named = [cell for cell in cells if cell.value == '=HYPERLINK("http://x")']
    assert [(cell.data_type, cell.quotePrefix) for cell in named] == [("s", True)]
    assert all(cell.data_type != "f" for cell in cells)


def test_workbook_is_the_same_bytes_and_is_not_sent_twice(client, contest):
    one, two = client.get(f"{BOARD}board.xlsx"), client.get(f"{BOARD}board.xlsx")

    again = client.get(f"{BOARD}board.xlsx", headers={"if-none-match": one["ETag"]})

    assert one.content == two.content
    assert again.status_code == 304
    assert client.get(f"{BOARD}board.xlsx?day=2021-08-15").status_code == 404


def test_plan_tells_how_the_campaign_stands_now(client, contest):
    words = words_of(page_of(client, CAMPAIGN))

    assert "Đợt 1, tính đến hết ngày 06/08/2021, tạm tính, như đã công bố." in words
    assert "2/3 xã, phường, thị trấn xanh." in words
    assert "Từ vùng đỏ Xã 90101" in words
    assert "Giữ vững vùng xanh Xã 90102" in words


def test_plan_names_some_of_many_who_lead(client):
    contest = Contest()
    contest.live(0, 1)
    contest.compute(1)

    words = words_of(page_of(client, CAMPAIGN))

    assert "Xã 90101, Xã 90102, Xã 90201" in words
    assert "cùng hạng" not in words


def test_plan_without_standings_does_not_speak_of_them(client):
    Contest()

    assert "Hiện nay" not in page_of(client, CAMPAIGN)


def test_known_standing_names_no_edition(client, contest):
    table = standing_of(phase=contest.phase, view=KNOWN)

    page = page_of(client, f"{BOARD}?view=known")

    assert table.hash[:12] in page
    assert "/editions/90/" not in page
