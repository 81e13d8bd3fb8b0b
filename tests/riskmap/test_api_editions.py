"""The API of editions: viewpoints, the chain, levels as files, changes and differences."""

import csv
import hashlib
import io
import json

import pytest
from django.test import override_settings

from core.api.throttles import PublicThrottle
from core.assets import put_asset
from core.models import Area, BoundarySet
from core.people import system_user
from riskmap.levels import reassess
from riskmap.maps import draw_frames
from riskmap.models import MapEdition, ProvincePolicy
from tests.riskmap.province import AT, day, make_province
from tests.riskmap.test_api import get, refused
from tests.riskmap.test_editions import at, put_out

LAST = 5
pytestmark = pytest.mark.django_db
SQUARES = {
    "transform": {"scale": [0.1, 0.1], "translate": [108.0, 11.0]},
    "bbox": [108, 11, 108.2, 11.1],
    "arcs": [[[1, 0], [0, 1]], [[1, 1], [-1, 0], [0, -1], [1, 0]], [[1, 0], [1, 0], [0, 1], [-1, 0]]],
    "objects": {
        "commune": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "90101", "arcs": [[0, 1]], "properties": {}},
                {"type": "MultiPolygon", "id": "90102", "arcs": [[[-1, 2]]], "properties": {}},
            ],
        }
    },
}


@pytest.fixture
def province():
    """Editions of days 2 to 4; what the editions of days 3 and 4 said of 90101 was corrected on day 5."""
    made = make_province(borders=[("90101", "90102")])
    made.post({}, complete=(0, 2), at=at(2, 16))
    put_out(made, 2)
    for number in (3, 4):
        made.post({("90101", number): 2}, complete=(number, number), at=at(number, 16))
        put_out(made, number)
    made.post({("90101", 3): 0, ("90101", 4): 0}, complete=(5, 5), reason="ghi nhầm xã", at=at(5, 9))
    reassess(on=day(LAST), at=at(5, 9))
    draw_frames(province=made.area, on=day(LAST), at=at(5, 9))
    return made


@pytest.fixture
def boundaries(province):
    return BoundarySet.objects.create(
        province=province.area, source="tự vẽ", licence="CC0-1.0", file_name="a", file_sha256="0" * 64,
        topology=put_asset(body=json.dumps(SQUARES).encode(), media_type="application/json", at=AT),
        imported_at=AT, imported_by=system_user(),
    )  # fmt: skip


def levels(client, question):
    said = get(client, f"levels/?province=90&{question}").json()
    return {row["code"]: row["level"] for row in said["results"]}, said


class TestViewpoints:
    def test_published_known_and_then_differ_where_the_ledger_was_corrected(self, client, province):
        shown, said = levels(client, f"as_of=published&day={day(4)}")
        assert shown == {"90101": "very_high", "90102": "high", "90103": "new_normal"}
        assert (said["as_of"], said["version"], said["day"]) == ("published", 3, str(day(4)))

        now, said = levels(client, f"as_of=known&day={day(4)}")
        assert now == dict.fromkeys(shown, "new_normal")
        assert now == levels(client, f"day={day(4)}")[0]

        then, said = levels(client, f"as_of=2021-08-05T17:00%2B07:00&day={day(4)}")
        assert then == shown
        assert (said["as_of"], said["version"]) == ("2021-08-05T17:00:00+07:00", None)
        assert levels(client, f"as_of=2021-08-05T15:00&day={day(3)}")[0] == shown

    @pytest.mark.parametrize(
        ("as_of", "last"),
        [("published", 4), ("known", LAST), ("2021-08-04T17:00", 3), ("2021-10-01T08:00", 5)],
    )
    def test_without_a_day_the_last_one_seen_from_there_is_said(self, client, province, as_of, last):
        for path in ("levels/?province=90&", "totals/?province=90&", "areas/90101/why/?"):
            assert get(client, f"{path}as_of={as_of}").json()["day"] == str(day(last)), path

    @pytest.mark.parametrize(
        ("as_of", "number", "code"),
        [
            ("published", 1, "not_published"),
            ("published", 5, "not_published"),
            ("known", 6, "day_not_known"),
            ("2021-08-05T17:00", 5, "day_not_known"),
            ("2021-08-03T15:00", 2, "day_not_known"),
            ("2021-08-05T17:00", -1, "day_not_known"),
        ],
    )
    def test_day_that_is_not_seen_from_there_is_never_another(self, client, province, as_of, number, code):
        for path in ("levels/?province=90&", "totals/?province=90&", "areas/90101/why/?"):
            refused(get(client, f"{path}as_of={as_of}&day={day(number)}"), 404, code)

    @pytest.mark.parametrize(
        "as_of",
        ["", "yesterday", "2021-08-05", "2021-13-05T17:00", "2021-08-05T25:00", "2999-01-01T00:00", "١٢",
         "2021-08-05T17:00%2B99:99", "0000-01-01T00:00", "0001-01-01T00:00Z"],
    )  # fmt: skip
    def test_as_of_that_is_no_viewpoint_is_refused(self, client, province, as_of):
        for path in (
            "levels/?province=90&",
            "areas/90101/levels/?",
            "areas/90101/why/?",
            "changes/?province=90&",
        ):
            response = get(client, f"{path}as_of={as_of}")
            assert response.status_code in (400, 404), (path, response.content)
            assert set(response.json()) >= {"code", "message"}

    def test_totals_as_published_are_compared_with_the_day_published_before(self, client, province):
        put_out(province, 9, at=at(9, 18))

        said = get(client, "totals/?province=90&as_of=published").json()

        assert (said["day"], said["compared_with"]) == (str(day(9)), str(day(4)))
        assert {row["level"]: (row["count"], row["change"]) for row in said["totals"]}["very_high"] == (0, -1)
        first = get(client, f"totals/?province=90&as_of=published&day={day(2)}").json()
        assert first["compared_with"] is None
        assert {row["change"] for row in first["totals"]} == {None}

    @pytest.mark.parametrize(
        ("as_of", "spans"),
        [
            ("published", [(2, 2, "new_normal"), (3, 4, "very_high")]),
            ("known", [(0, LAST, "new_normal")]),
            ("2021-08-05T17:00", [(0, 2, "new_normal"), (3, 4, "very_high")]),
        ],
    )
    def test_history_is_that_of_the_viewpoint(self, client, province, as_of, spans):
        said = get(client, f"areas/90101/levels/?as_of={as_of}").json()

        assert [(span["first_day"], span["last_day"], span["level"]) for span in said["spans"]] == [
            (str(day(first)), str(day(last)), level) for first, last, level in spans
        ]
        assert (said["since"], said["until"]) == (str(day(spans[0][0])), str(day(spans[-1][1])))

    def test_days_without_an_edition_are_a_gap_in_the_published_history(self, client, province):
        put_out(province, 9, at=at(9, 18))

        said = get(client, f"areas/90102/levels/?as_of=published&since={day(4)}").json()

        assert [(span["first_day"], span["last_day"]) for span in said["spans"]] == [
            (str(day(4)), str(day(4))),
            (str(day(9)), str(day(9))),
        ]
        refused(get(client, f"areas/90102/levels/?as_of=published&since={day(1)}"), 404, "day_not_known")

    def test_why_explains_what_was_shown_by_what_was_known_then(self, client, province):
        shown = get(client, f"areas/90101/why/?as_of=published&day={day(4)}").json()
        now = get(client, f"areas/90101/why/?day={day(4)}").json()

        by_id = {row["id"]: (row["state"], row["value"]) for row in shown["criteria"]}
        assert (shown["level"], by_id["xa.do.1"]) == ("very_high", ("met", 4))
        assert shown["edition"] == {
            "number": 3, "cut_off": "2021-08-05T17:00:00+07:00", "level": "very_high", "provisional": False,
            "criteria": ["xa.do.1"],
        }  # fmt: skip
        assert (now["level"], now["edition"]) == ("new_normal", None)
        way = get(client, f"areas/90101/way-to-green/?as_of=2021-08-05T17:00&day={day(4)}").json()
        assert way["level"] == "very_high"
        assert way["green_on"] == str(day(18))

    def test_level_held_then_is_explained_by_the_day_it_was_found(self, client, province):
        said = get(client, f"areas/90102/why/?as_of=2021-08-07T12:00&day={day(6)}").json()

        assert (said["level"], said["provisional"]) == ("new_normal", True)
        assert said["missing_days"] == [str(day(6))]

    def test_frames_are_those_published_or_those_known(self, client, province):
        published = get(client, "frames/?province=90&as_of=published").json()
        known = get(client, "frames/?province=90&as_of=known").json()

        assert (published["version"], published["last_day"]) == (3, str(day(4)))
        assert json.loads(client.get(published["url"]).content)["first_day"] == str(day(2))
        assert known["sha256"] != published["sha256"]
        refused(get(client, "frames/?province=90&as_of=2021-08-05T17:00"), 400, "invalid")

    def test_province_without_an_edition_says_so(self, client):
        made = make_province("91", districts={"911": ["91101"]})
        made.post({}, complete=(0, 3))
        reassess(on=day(4), at=AT)

        for path in (
            "levels/?province=91&as_of=published", "totals/?province=91&as_of=published",
            "frames/?province=91&as_of=published", "differences/?province=91",
            "areas/91101/why/?as_of=published",
            "areas/91101/levels/?as_of=published", "changes/?province=91&as_of=published",
        ):  # fmt: skip
            refused(get(client, path), 404, "not_published")
        assert get(client, "editions/?province=91").json()["results"] == []

    def test_instants_count_as_many_questions(self, client, province):
        PublicThrottle._asked = {}
        with override_settings(API_REQUESTS_PER_MINUTE=50):
            for _ in range(2):
                assert get(client, "levels/?province=90&as_of=2021-08-05T17:00").status_code == 200
            refused(get(client, "levels/?province=90&as_of=2021-08-05T17:00"), 429, "throttled")

    @pytest.mark.parametrize("as_of", ["published", "known", "2021-08-04T20:00"])
    def test_queries_do_not_grow_with_communes_or_days(self, client, as_of, django_assert_max_num_queries):
        taken = []
        for code, many, days in (("91", 10, 2), ("92", 120, 3)):
            made = make_province(code, districts={f"{code}1": [f"{code}{n:03d}" for n in range(many)]})
            for number in range(days):
                made.post({(f"{code}000", number): 2}, complete=(number, number), at=at(number, 16))
                put_out(made, number)
            reassess(on=day(40), at=AT)
            with django_assert_max_num_queries(60) as queries:
                for path in (
                    f"levels/?province={code}&", f"totals/?province={code}&", f"changes/?province={code}&",
                    f"areas/{code}000/levels/?",
                ):  # fmt: skip
                    assert get(client, f"{path}as_of={as_of}").status_code == 200
            taken.append(len(queries))
        assert taken[0] == taken[1]


class TestEditions:
    def test_editions_are_listed_newest_first_and_by_page(self, client, province):
        said = get(client, "editions/?province=90&page_size=2").json()

        assert (said["count"], said["pages"]) == (3, 2)
        assert [row["number"] for row in said["results"]] == [3, 2]
        assert said["results"][0]["previous_hash"] == said["results"][1]["hash"]
        assert [
            row["number"] for row in get(client, f"editions/?province=90&day={day(2)}").json()["results"]
        ] == [1]
        refused(get(client, "editions/?province=90&page=9"), 404, "page_not_found")

    def test_queries_do_not_grow_with_the_editions(self, client, province, django_assert_num_queries):
        for page_size in (1, 3):
            with django_assert_num_queries(5):
                get(client, f"editions/?province=90&page_size={page_size}")

    def test_hash_can_be_worked_out_from_what_is_told(self, client, province):
        said = get(client, "editions/90/2/").json()

        assert hashlib.sha256("\n".join(said["hashed"].values()).encode()).hexdigest() == said["hash"]
        assert said["hashed"]["sha256"] == said["sha256"]
        before = client.get(said["links"]["previous"]).json()
        assert before["hash"] == said["previous_hash"]
        assert (before["previous_hash"], before["links"]["previous"]) == ("0" * 64, None)

    def test_json_is_the_edition_itself_for_ever(self, client, province):
        said = get(client, "editions/90/2/").json()
        answer = client.get(said["links"]["json"])

        assert hashlib.sha256(answer.content).hexdigest() == said["sha256"]
        assert "immutable" in answer["Cache-Control"]
        assert answer.json()["number"] == 2

    def test_csv_has_the_codes_as_text_and_no_formulas(self, client, province):
        Area.objects.filter(code="90103").update(name="=HYPERLINK(1)")
        put_out(province, 9, at=at(9, 18))

        answer = get(client, "editions/90/4/levels.csv")

        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert "immutable" in answer["Cache-Control"]
        assert answer.content.startswith(b"\xef\xbb\xbf")
        assert b'"90101"' in answer.content
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert {row["kind"] for row in rows} == {"commune", "district", "province"}
        assert {row["name"] for row in rows if row["code"] == "90103"} == {"'=HYPERLINK(1)"}
        row = next(row for row in csv.DictReader(_csv(client, 3)) if row["code"] == "90101")
        assert (row["level"], row["colour"], row["criteria"]) == ("very_high", "đỏ", "xa.do.1")
        assert (row["edition"], row["day"], row["simulated"]) == ("3", str(day(4)), "false")

    def test_geojson_joins_levels_and_shapes(self, client, province, boundaries):
        answer = get(client, "editions/90/3/levels.geojson")

        assert answer["Content-Type"] == "application/geo+json"
        said = json.loads(answer.content)
        features = {each["id"]: each for each in said["features"]}
        assert features["90101"]["properties"] == {
            "code": "90101", "name": "Xã 90101", "level": "very_high", "colour": "đỏ", "provisional": False,
            "criteria": ["xa.do.1"], "unapproved": True,
        }  # fmt: skip
        ring = features["90101"]["geometry"]["coordinates"][0]
        assert ring == [[108.1, 11.0], [108.1, 11.1], [108.0, 11.1], [108.0, 11.0], [108.1, 11.0]]
        (polygon,) = features["90102"]["geometry"]["coordinates"]
        assert polygon[0][0] == polygon[0][-1] == [108.1, 11.1]
        assert features["90103"]["geometry"] is None
        assert (said["edition"], said["licence"], said["simulated"]) == (3, "CC0-1.0", False)

    def test_geojson_without_boundaries_says_so(self, client, province):
        refused(get(client, "editions/90/3/levels.geojson"), 404, "boundaries_not_found")

    @pytest.mark.parametrize("tail", ["", "levels.csv", "levels.geojson"])
    def test_edition_that_is_not_there_is_not_found(self, client, province, boundaries, tail):
        for number in ("4", "0", "-1", "x", "1.0", "9" * 30, "٣"):
            refused(get(client, f"editions/90/{number}/{tail}"), 404, "edition_not_found")
        for code in ("901", "9x", "90101"):
            refused(get(client, f"editions/{code}/1/{tail}"), 404, "area_not_found")

    def test_nobody_is_named(self, client, province):
        for path in ("editions/?province=90", "editions/90/1/", "differences/?province=90"):
            assert system_user().username not in get(client, path).content.decode()

    def test_invented_counts_are_said_to_be(self, client, province, boundaries):
        ProvincePolicy.objects.create(province=province.area, simulated=True)

        for path in (
            "changes/?province=90", "differences/?province=90", "editions/90/1/",
            "editions/90/1/levels.geojson",
        ):  # fmt: skip
            assert json.loads(get(client, path).content)["simulated"] is True, path
        assert get(client, "editions/?province=90").json()["results"][0]["simulated"] is True
        assert next(csv.DictReader(_csv(client, 1)))["simulated"] == "true"


def _csv(client, number):
    return io.StringIO(get(client, f"editions/90/{number}/levels.csv").content.decode("utf-8-sig"))


class TestChanges:
    def test_changes_name_the_criteria_that_moved_each_unit(self, client, province):
        said = get(client, f"changes/?province=90&as_of=published&since={day(2)}&until={day(4)}").json()

        assert {row["before"]["level"] for row in said["results"]} == {"new_normal"}
        assert [(row["code"], row["worse"], row["after"]) for row in said["results"]] == [
            ("90101", True, {"level": "very_high", "provisional": False, "criteria": ["xa.do.1"]}),
            ("90102", True, {"level": "high", "provisional": False, "criteria": ["xa.cam.2"]}),
        ]
        assert get(client, "changes/?province=90").json()["results"] == []

    def test_without_days_the_last_is_compared_with_the_one_before(self, client, province):
        said = get(client, "changes/?province=90").json()
        assert (said["since"], said["until"]) == (str(day(LAST - 1)), str(day(LAST)))
        published = get(client, "changes/?province=90&as_of=published").json()
        assert (published["since"], published["until"]) == (str(day(3)), str(day(4)))

    def test_periods_that_make_no_sense_are_refused(self, client, province):
        refused(get(client, f"changes/?province=90&since={day(4)}&until={day(3)}"), 400, "invalid")
        refused(get(client, f"changes/?province=90&since={day(6)}"), 404, "day_not_known")
        refused(get(client, f"changes/?province=90&as_of=published&since={day(1)}"), 404, "not_published")
        refused(get(client, "changes/?province=90&since=1900-01-01&until=2021-08-03"), 400, "invalid")

    def test_difference_tells_the_correction_that_caused_it(self, client, province):
        said = get(client, "differences/?province=90").json()

        assert (said["day"], said["edition"]) == (str(day(4)), 3)
        rows = {row["code"]: row for row in said["results"]}
        assert set(rows) == {"90101", "90102"}
        assert (rows["90101"]["published"]["level"], rows["90101"]["known"]["level"]) == (
            "very_high",
            "new_normal",
        )
        assert rows["90102"]["corrections"][0] == {
            "code": "90101", "name": "Xã 90101", "day": str(day(3)),
            "recorded_at": "2021-08-06T09:00:00+07:00", "source": "huyện", "reason": "ghi nhầm xã",
            "before": 2, "after": 0,
        }  # fmt: skip
        assert get(client, f"differences/?province=90&day={day(2)}").json()["results"] == []
        refused(get(client, f"differences/?province=90&day={day(1)}"), 404, "not_published")


@pytest.mark.django_db(transaction=True)
def test_new_edition_changes_what_is_published(client, province):
    paths = [
        "editions/?province=90",
        "frames/?province=90&as_of=published",
        "levels/?province=90&as_of=published",
    ]
    first = {path: get(client, path) for path in paths}
    for path in paths:
        assert get(client, path, if_none_match=first[path]["ETag"]).status_code == 304

    put_out(province, 5, at=at(5, 18))

    for path in paths:
        answer = get(client, path, if_none_match=first[path]["ETag"])
        assert answer.status_code == 200
        assert answer.content != first[path].content
    assert MapEdition.objects.count() == 4
