"""The page of the search by HTTP."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskmap.levels import reassess
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    made = make_province(districts={"901": [f"901{number:02d}" for number in range(1, 41)]})
    made.post({("90101", 4): 2}, complete=(0, 5))
    reassess(on=day(6), at=AT, provinces=[made.area])
    return made


def test_box_alone_is_a_beginning(client):
    for address in ("/search/", "/search/?q=", "/search/?q=+"):
        answer = client.get(address)

        assert answer.status_code == 200
        assert 'name="q"' in answer.content.decode()


def test_results_name_the_district_and_the_level(client, province):
    text = client.get("/search/?q=xa+90101").content.decode()

    assert 'href="/areas/90101/"' in text
    assert "Huyện 901, Tỉnh 90" in text
    assert "level--very_high" in text
    assert "ngày 06/08/2021" in text


def test_results_are_paged_and_keep_the_words(client, province):
    first = client.get("/search/?q=xa")

    assert len(first.context["found"]) == 30
    assert "?q=xa&amp;page=2" in first.content.decode()
    assert len(client.get("/search/?q=xa&page=2").context["found"]) == 10


def test_nothing_found_is_said_with_what_to_try(client, province):
    text = client.get("/search/?q=khong+co").content.decode()

    assert "Không có đơn vị nào khớp với “khong co”" in text
    assert "Xin thử ít chữ hơn" in text


def test_words_come_back_as_text(client, province):
    assert "<b>" not in client.get("/search/?q=%3Cb%3E+xx").content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=a", 400),
        ("q=%C4%91", 400),
        ("q=%00", 400),
        ("q=" + "x" * 101, 400),
        ("q=xa&q=phuong", 400),
        ("q=xa&page=0", 404),
        ("q=xa&page=3", 404),
        ("q=xa&page=x", 404),
        ("q=xa&page=" + "9" * 30, 404),
    ],
)
def test_bad_question_is_refused(client, province, query, status):
    assert client.get(f"/search/?{query}").status_code == status


def test_number_of_queries_does_not_grow_with_the_results(client, province):
    counts = []
    for text in ("90101", "xa"):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/search/?q={text}").status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 8
