"""The page of one area by HTTP: what each viewpoint shows, bad addresses, and the queries it takes."""

import pytest
from django.utils import timezone

from core.models import Area
from riskmap.enums import RiskLevel
from riskmap.levels import reassess
from tests.factories import HamletFactory, ProvinceFactory
from tests.riskmap.decided import decide
from tests.riskmap.province import AT, Province, day, make_province
from tests.riskmap.test_editions import at, put_out
from tests.riskmap.test_views import assessed, queries

pytestmark = pytest.mark.django_db

GREEN, ORANGE, RED = RiskLevel.NEW_NORMAL, RiskLevel.HIGH, RiskLevel.VERY_HIGH


def corrected_province() -> Province:
    """Two neighbours, published at 17:00 of days 2 to 4; two cases of day 3 in 90101 are taken back on day 5.

    As published, 90101 is red and 90102 orange on days 3 and 4; as known now both are green throughout.
    """
    made = make_province(borders=[("90101", "90102")])
    made.post({("90101", 2): 0}, complete=(0, 2), at=at(2, 16))
    put_out(made, 2)
    made.post({("90101", 3): 2}, complete=(3, 3), at=at(3, 16))
    put_out(made, 3)
    made.post({}, complete=(4, 4), at=at(4, 16))
    put_out(made, 4)
    made.post({("90101", 3): 0}, reason="trùng mã ca", complete=(5, 5), at=at(5, 9))
    reassess(on=day(5), at=at(5, 9))
    return made


@pytest.fixture
def corrected():
    return corrected_province()


def page_of(client, address: str):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.context["page"]


def test_area_shows_the_level_of_the_day(client):
    assessed()

    page = client.get("/areas/90101/?day=2021-08-06").context["page"]

    assert page.look.letter == "Đ"
    assert (page.since, page.days_in_level) == (day(4), 2)
    assert [words.finding.criterion.id for words in page.reasons] == ["xa.do.1"]


def test_decided_level_names_its_document_reason_and_days_and_what_the_rule_gives(client):
    made = make_province(borders=[("90101", "90102")])
    made.post({("90101", 3): 2}, complete=(0, 8), at=at(0))
    decide(made.communes["90101"], 2, since=5, until=7, at=at(5), document="7/QĐ", reason="đã <b>cách ly</b>")
    reassess(on=day(8), at=at(8))

    decided = client.get("/areas/90101/?day=2021-08-07").content.decode()
    beside = client.get("/areas/90102/?day=2021-08-07").content.decode()

    assert "Mức này do Sở Y tế quyết định từ 06/08/2021 đến hết 08/08/2021." in decided
    assert '<span lang="vi">7/QĐ</span>' in decided
    assert "đã &lt;b&gt;cách ly&lt;/b&gt;" in decided
    assert "Theo tiêu chí thì là:" in decided
    assert "level--elevated level--decided" in decided
    page = page_of(client, "/areas/90101/?day=2021-08-07")
    assert (page.level, page.why.computed_level) == (RiskLevel.ELEVATED, RED)
    assert [words.finding.criterion.id for words in page.reasons] == ["xa.do.1"]
    assert "Sở Y tế quyết định" not in beside


def test_decided_level_of_an_area_that_never_reported_has_nothing_computed(client):
    made = make_province(districts={"901": ["90101", "90102"]})
    made.post({("90101", number): 0 for number in range(6)}, at=at(0))
    decide(made.communes["90102"], 3, since=3, until=5, at=at(3))
    reassess(on=day(5), at=at(5))

    said = client.get("/areas/90102/?day=2021-08-05").content.decode()

    assert "Theo tiêu chí thì chưa xác định được mức độ" in said
    assert "nên chưa xác định được mức độ." not in said


def test_area_opens_on_the_last_day_shown(client):
    assessed()

    assert client.get("/areas/90101/").context["page"].day == day(19)


@pytest.mark.parametrize("query", ["day=x", "day=2021-13-01", "day=0000-01-01", "day=2021-08-06T00:00"])
def test_area_refuses_a_malformed_day(client, query):
    assessed()

    assert client.get(f"/areas/90101/?{query}").status_code == 400


@pytest.mark.parametrize(
    "address", ["/areas/00000/", "/areas/90101/?day=2021-07-31", "/areas/90101/?day=2021-08-21"]
)
def test_area_does_not_find_what_is_not_there(client, address):
    assessed()

    assert client.get(address).status_code == 404


def test_area_of_a_province_without_counts_says_so(client):
    ProvinceFactory(code="92", name="Tỉnh Chưa Có Số Liệu", valid_from=timezone.localdate())

    answer = client.get("/areas/92/")

    assert answer.status_code == 200
    assert "chưa có số liệu" in answer.content.decode()


@pytest.mark.parametrize("code", ["901", "90"])
def test_area_above_communes_lists_what_lies_below(client, code):
    province = assessed()

    page = client.get(f"/areas/{code}/?day=2021-08-05").context["page"]

    below = province.communes if code == "901" else province.districts
    assert [(near.area.code, near.level) for near in page.surroundings.around] == [
        (each, 4 if place == 0 else 1) for place, each in enumerate(below)
    ]
    assert page.population.people == 30_000


def test_area_with_a_commune_of_unknown_population_has_none(client):
    assessed(population=None)

    assert client.get("/areas/901/").context["page"].population is None


@pytest.mark.parametrize(("few", "many"), [("90101", "91101"), ("901", "911"), ("90", "91")])
def test_area_takes_as_many_queries_for_many_areas_around_as_for_few(client, few, many):
    communes = [f"911{number:02d}" for number in range(1, 40)]
    assessed("90", borders=[("90101", "90102")])
    assessed("91", districts={"911": communes}, borders=[(communes[0], other) for other in communes[1:]])

    counts = [queries(client, f"/areas/{code}/?day=2021-08-06") for code in (few, many)]

    assert counts[0] == counts[1] <= 34


@pytest.mark.parametrize(
    ("as_of", "levels"),
    [
        ("", (GREEN, GREEN)),
        ("known", (GREEN, GREEN)),
        ("published", (RED, ORANGE)),
        ("2021-08-04T20:00", (RED, ORANGE)),
        ("2021-08-06T09:00", (GREEN, GREEN)),
    ],
)
def test_area_is_shown_as_each_viewpoint_has_it(client, corrected, as_of, levels):
    page = page_of(client, f"/areas/90101/?day=2021-08-04&as_of={as_of}")

    (neighbour,) = page.surroundings.around
    assert (page.level, neighbour.level) == levels
    assert page.why.level == page.level


def test_both_histories_stand_one_above_the_other(client, corrected):
    page = page_of(client, "/areas/90102/?day=2021-08-04")

    published, known = page.strips
    assert [(each.first_day, each.last_day, each.level) for each in published.stretches] == [
        (day(2), day(2), GREEN),
        (day(3), day(4), ORANGE),
    ]
    assert {each.level for each in known.stretches} == {GREEN}
    assert [mark.day for mark in page.charts.marks] == [day(3), day(4)]


def test_instant_adds_a_history_of_its_own(client, corrected):
    page = page_of(client, "/areas/90101/?day=2021-08-04&as_of=2021-08-04T20:00")

    then = page.strips[-1].stretches
    assert [(each.first_day, each.last_day, each.level) for each in then] == [
        (day(0), day(2), GREEN),
        (day(3), day(3), RED),
    ]
    assert (page.since, page.previous_day, page.next_day) == (day(3), day(2), None)


def test_published_days_follow_one_another(client, corrected):
    page = page_of(client, "/areas/90101/?as_of=published")

    assert (page.day, page.previous_day, page.next_day) == (day(4), day(3), None)
    assert page.days_in_level == 2
    assert [edition.number for edition in page.editions_of_day] == [3]


def test_differing_days_are_listed_together_with_their_correction(client, corrected):
    page = page_of(client, "/areas/90102/?day=2021-08-05")

    (run,) = page.difference_runs
    assert (run.first_day, run.last_day, run.published, run.known) == (day(3), day(4), ORANGE, GREEN)
    (correction,) = run.corrections
    assert (correction.area_code, correction.before, correction.after) == ("90101", 2, 0)
    assert page.difference.published == ORANGE


def test_history_of_a_number_is_public_without_persons(client, corrected):
    answer = client.get("/areas/90101/?day=2021-08-04")
    page, text = answer.context["page"], answer.content.decode()

    assert [(entry.after.cases, entry.reason) for entry in page.entries_of_day] == [
        (0, "trùng mã ca"),
        (2, "báo cáo ngày"),
    ]
    assert page.corrected_days == {day(3)}
    assert "F0 chưa rõ nguồn lây: 2 → 0" in text
    assert "số đã đính chính" in text
    assert "he-thong" not in text


def test_district_lists_the_corrections_of_its_communes(client, corrected):
    page = page_of(client, "/areas/901/?day=2021-08-05")

    assert [(entry.area_code, entry.day) for entry in page.corrections] == [("90101", day(3))]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/areas/90101/?as_of=hom-qua", 400),
        ("/areas/90101/?as_of=2021-08-04", 400),
        ("/areas/90101/?as_of=9999-12-31T23:59", 400),
        ("/areas/90101/?day=2021-08-04&day=2021-08-05", 400),
        ("/areas/90101/?day=2021-08-02&as_of=published", 404),
        ("/areas/90101/?day=2021-08-05&as_of=2021-08-04T20:00", 404),
        ("/areas/90101/?as_of=2020-01-01T00:00", 404),
        ("/areas/90101-1/?as_of=published", 404),
    ],
)
def test_area_refuses_what_cannot_be_seen(client, corrected, address, status):
    HamletFactory(code="90101-1", parent=corrected.communes["90101"], valid_from=day(0))

    assert client.get(address).status_code == status


def test_commune_counts_its_hamlets_and_a_hamlet_names_the_others(client, corrected):
    commune = corrected.communes["90101"]
    for number in (1, 2):
        HamletFactory(code=f"90101-{number}", name=f"Thôn {number}", parent=commune, valid_from=day(0))

    assert "Xem 2 thôn, khu phố" in client.get("/areas/90101/").content.decode()
    page = page_of(client, "/areas/90101-1/")
    assert [near.area.code for near in page.surroundings.around] == ["90101-2"]
    assert [area.code for area in page.parents] == ["90", "901", "90101"]


def test_area_says_which_name_its_code_bore_before(client):
    province = assessed()
    Area.objects.create(
        code="90101", name="Xã Cũ", kind="commune", type_word="Xã", parent=province.districts["901"],
        path="90/901/90101", valid_from=day(-100), valid_to=day(-1), sort_key="x", search_text="x",
    )  # fmt: skip

    assert "Đến hết ngày 31/07/2021 là Xã Cũ." in client.get("/areas/90101/").content.decode()


def test_unclassified_cases_and_one_more_case_are_told(client):
    province = make_province()
    province.post({("90101", 4): {"unclassified": 1}}, complete=(0, 9))
    reassess(on=day(9), at=AT, provinces=[province.area])

    answer = client.get("/areas/90101/?day=2021-08-10")

    assert answer.context["page"].why.if_one_more == RED
    assert "có 1 ca chưa phân loại, được tính như chưa rõ nguồn lây" in answer.content.decode()


def test_measures_are_those_of_the_level_and_below(client):
    assessed()

    red = client.get("/areas/90101/?day=2021-08-06").content.decode()
    green = client.get("/areas/90103/?day=2021-08-06").content.decode()

    assert "Dừng vận chuyển hành khách công cộng" in red
    assert "Toàn dân khai báo y tế." in red
    assert "Mỗi người thực hiện nghiêm 5K." in green
    assert "Toàn dân khai báo y tế." not in green


def test_area_takes_as_many_queries_for_many_corrected_days_as_for_one(client):
    made = make_province(borders=[("90101", "90102")])
    made.post({("90101", 0): 2, ("90102", 0): 2}, complete=(0, 6), at=at(0, 16))
    for number in range(7):
        put_out(made, number)
    made.post({("90101", 0): 0}, reason="đính chính", at=at(7, 9))
    reassess(on=day(7), at=at(7, 9))
    one = queries(client, "/areas/90101/?day=2021-08-01")
    made.post({("90101", number): {"known_source": 1} for number in range(7)}, at=at(7, 10))
    reassess(on=day(7), at=at(7, 10))

    assert queries(client, "/areas/90101/?day=2021-08-01") == one <= 41
