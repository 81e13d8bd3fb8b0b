"""The page of changes by HTTP: what it lists, from each viewpoint, and its answers to bad addresses."""

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskmap.levels import reassess
from tests.riskmap.province import day, make_province
from tests.riskmap.test_editions import at, put_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    """Published on the days 2 and 3; 90101 goes red on day 3 with its neighbours, 90103 does not report."""
    made = make_province(
        districts={"901": ["90101", "90102", "90103"]}, borders=[("90101", "90102")], valid_from=day(0)
    )
    made.post({}, complete=(0, 2), at=at(2, 16))
    put_out(made, 2)
    made.post({("90101", 3): 2, ("90102", 3): 0}, at=at(3, 16))
    put_out(made, 3)
    reassess(on=day(3), at=at(3, 18), provinces=[made.area])
    return made


def correct(province):
    province.post({("90101", 3): 0}, reason="trùng mã ca", at=at(4, 9))
    reassess(on=day(4), at=at(4, 9), provinces=[province.area])


def codes(moves):
    return [(move.change.after.code, [criterion.id for criterion in move.met]) for move in moves]


def test_last_day_is_compared_with_the_day_before(client, province):
    page = client.get("/changes/").context["page"]

    assert (page.period.first, page.period.last) == (day(2), day(3))
    assert codes(page.worse) == [("90101", ["xa.do.1"]), ("90102", ["xa.cam.2"])]
    assert page.better == []


def test_words_of_the_law_stand_beside_each_change(client, province):
    text = client.get("/changes/").content.decode()

    assert "Tiếp giáp với xã có nguy cơ rất cao" in text
    assert 'href="/areas/90102/?day=2021-08-04"' in text


def test_commune_that_got_better_tells_what_holds_no_longer(client, province):
    correct(province)

    page = client.get("/changes/?as_of=2021-08-04T18:00").context["page"]
    assert [move.change.after.code for move in page.worse] == ["90101", "90102"]
    assert client.get("/changes/").context["page"].moves == []


def test_improvement_is_listed_apart(client, province):
    province.post({}, complete=(4, 20), at=at(20, 16))
    reassess(on=day(20), at=at(20, 18), provinces=[province.area])

    page = client.get("/changes/?first=2021-08-04&last=2021-08-21").context["page"]

    assert page.worse == []
    assert [([c.id for c in move.gone], move.met) for move in page.better] == [
        (["xa.do.1"], ()),
        (["xa.cam.2"], ()),
    ]


def test_silent_communes_are_listed_with_their_last_report(client, province):
    page = client.get("/changes/").context["page"]

    assert [(each.row.code, each.last_report) for each in page.silent] == [("90103", day(2))]
    assert "level--provisional" in client.get("/changes/").content.decode()


def test_differences_name_the_correction_and_nobody(client, province):
    correct(province)

    answer = client.get("/changes/")

    differences = answer.context["page"].differences
    assert [(d.published.code, d.published.level, d.known.level) for d in differences] == [
        ("90101", 4, 1),
        ("90102", 3, 1),
    ]
    text = answer.content.decode()
    assert "trùng mã ca" in text
    assert "huyện, ghi lúc 09:00 ngày 05/08/2021" in text
    assert "Hệ thống" not in text


def test_day_that_was_not_published_says_so(client, province):
    text = client.get("/changes/?first=2021-08-01&last=2021-08-02").content.decode()

    assert "chưa có bản đồ công bố nào để so sánh" in text


def test_published_compares_with_the_edition_before(client, province):
    correct(province)

    page = client.get("/changes/?as_of=published").context["page"]

    assert (page.period.first, page.period.last) == (day(2), day(3))
    assert [move.change.after.code for move in page.worse] == ["90101", "90102"]


def test_only_edition_has_nothing_to_be_compared_with(client):
    made = make_province()
    made.post({}, complete=(0, 2), at=at(2, 16))
    put_out(made, 2)
    reassess(on=day(2), at=at(2, 18), provinces=[made.area])

    answer = client.get("/changes/?as_of=published")

    assert answer.context["page"].period.first is None
    assert "Mới có một ngày" in answer.content.decode()


def test_province_that_never_published_says_so(client):
    made = make_province()
    made.post({}, complete=(0, 2), at=at(2, 16))
    reassess(on=day(2), at=at(2, 18), provinces=[made.area])

    answer = client.get("/changes/?as_of=published")

    assert answer.status_code == 404
    assert "chưa công bố bản đồ nào" in answer.content.decode()


def test_instant_sees_what_was_known_then(client, province):
    page = client.get("/changes/?as_of=2021-08-04T15:00").context["page"]

    assert (page.period.last, page.moves) == (day(3), [])
    assert {each.row.code for each in page.silent} == {"90101", "90102", "90103"}


def test_quick_spans_lead_back_to_days_there_are(client, province):
    spans = client.get("/changes/").context["page"].quick_spans

    assert spans == [("hôm trước", day(2)), ("ngày đầu", day(0))]


def test_switch_keeps_the_days_that_were_asked_for(client, province):
    text = client.get("/changes/?first=2021-08-03&last=2021-08-04").content.decode()

    assert "?first=2021-08-03&amp;last=2021-08-04&amp;as_of=published" in text


def test_without_any_levels_the_page_says_what_to_load(client):
    answer = client.get("/changes/")

    assert answer.status_code == 200
    assert "import_counts" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "first=hom-qua",
        "last=2021-02-30",
        "first=2021-08-04&last=2021-08-02",
        "first=2021-08-03&last=2021-08-03",
        "first=2021-08-04",
        "first=2021-08-01&first=2021-08-02",
        "as_of=2021-08-04",
        "as_of=hom-qua",
        "as_of=9999-01-01T00:00",
        "as_of=2021-08-04T25:00",
        "as_of=%00",
    ],
)
def test_malformed_question_is_refused(client, province, query):
    answer = client.get(f"/changes/?{query}")

    assert answer.status_code == 400
    assert "page" not in (answer.context or {})


@pytest.mark.parametrize(
    "query",
    [
        "province=00",
        "province=%00",
        "first=2021-07-01",
        "last=2022-01-01",
        "first=0001-01-01&last=9999-12-31",
        "as_of=1900-01-01T00:00",
        "as_of=published&first=2021-08-01&last=2021-08-02",
        "as_of=2021-08-03T10:00&last=2021-08-04",
    ],
)
def test_what_is_not_there_is_not_found(client, province, query):
    answer = client.get(f"/changes/?{query}")

    assert answer.status_code == 404
    assert "page" not in answer.context


def test_refusal_stands_beside_the_field(client, province):
    text = client.get("/changes/?first=hom-qua").content.decode()

    assert "field--invalid" in text
    assert 'value="hom-qua"' in text


@pytest.mark.parametrize("as_of", ["known", "published", "2021-08-04T18:00"])
def test_number_of_queries_does_not_grow_with_the_communes(client, as_of):
    few, many = (asked(client, code, size, as_of) for code, size in (("90", 3), ("91", 80)))

    assert few == many <= 40


def asked(client, code, size, as_of):
    names = [f"{code}1{number:02d}" for number in range(size)]
    made = make_province(code, districts={f"{code}1": names}, borders=pairwise(names))
    made.post({}, complete=(0, 2), at=at(2, 16))
    put_out(made, 2)
    made.post({(name, 3): 2 for name in names[1:]}, at=at(3, 16))
    put_out(made, 3)
    made.post({(name, 3): 0 for name in names[1:]}, reason="đính chính", at=at(4, 9))
    reassess(on=day(4), at=at(4, 9), provinces=[made.area])
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/changes/?province={code}&as_of={as_of}").status_code == 200
    return len(captured)
