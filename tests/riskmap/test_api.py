"""The API of the risk map: levels, totals, frames, history, counts and why."""

import json
from datetime import date

import pytest

from core.people import system_user
from riskmap.declarations import declare_fact
from riskmap.enums import FactKind
from riskmap.history import levels_on
from riskmap.levels import reassess
from riskmap.maps import draw_frames
from riskmap.models import ProvincePolicy
from tests.riskmap.decided import decide
from tests.riskmap.province import AT, day, make_province

LAST = 20


def get(client, path, **headers):
    return client.get(f"/api/v1/{path}", headers=headers)


def refused(response, status, code):
    said = response.json()
    assert (response.status_code, said["code"]) == (status, code), said
    return said["message"]


@pytest.fixture
def province():
    """Two communes that touch and one apart: 90101 has cases of unknown source on day 3, 90103 none ever."""
    made = make_province(borders=[("90101", "90102")])
    made.post({("90101", 3): 2, ("90101", 5): {"known_source": 4, "isolated": 1}}, complete=(0, LAST))
    reassess(on=day(60), at=AT)
    draw_frames(province=made.area, on=day(60), at=AT)
    return made


@pytest.mark.django_db
class TestLevels:
    def test_every_unit_of_the_day_has_its_level_and_its_grounds(self, client, province):
        said = get(client, f"levels/?province=90&day={day(5)}").json()

        assert {key: said[key] for key in ("province", "day", "kind", "rule_set", "simulated")} == {
            "province": "90", "day": "2021-08-06", "kind": "commune", "rule_set": "qd_2686_2021",
            "simulated": False,
        }  # fmt: skip
        rows = {row["code"]: row for row in said["results"]}
        assert rows["90101"] == {
            "code": "90101", "name": "Xã 90101", "parent_code": "901", "parent_name": "Huyện 901",
            "level": "very_high", "provisional": False, "criteria": ["xa.do.1"], "since": "2021-08-04",
            "days_in_level": 3,
        }  # fmt: skip
        assert {code: row["level"] for code, row in rows.items()} == {
            "90101": "very_high", "90102": "high", "90103": "new_normal",
        }  # fmt: skip

    @pytest.mark.parametrize("kind", ["commune", "district", "province"])
    def test_levels_are_those_of_the_stored_spans(self, client, province, kind):
        for number in (0, 3, 16, LAST):
            said = get(client, f"levels/?province=90&day={day(number)}&kind={kind}").json()["results"]
            rows = levels_on(province=province.area, day=day(number), kinds=[kind])

            assert [(row["code"], row["level"]) for row in said] == [
                (row.code, row.level.key) for row in rows
            ]

    def test_without_a_day_the_last_one_shown_is_said(self, client, province):
        assert get(client, "levels/?province=90").json()["day"] == str(day(LAST))

    @pytest.mark.parametrize("asked", [day(-1), day(LAST + 1), date(1, 1, 1), date(9999, 12, 31)])
    @pytest.mark.parametrize("path", ["levels/?province=90&", "totals/?province=90&", "areas/90101/why/?"])
    def test_day_that_is_not_known_is_never_another(self, client, province, path, asked):
        assert "21/08/2021" in refused(get(client, f"{path}day={asked}"), 404, "day_not_known")

    def test_province_without_counts_says_so(self, client):
        make_province("91", districts={})

        for path in ("levels", "totals", "frames"):
            refused(get(client, f"{path}/?province=91"), 404, "day_not_known")

    @pytest.mark.parametrize("kind", ["hamlet", "COMMUNE", ""])
    def test_tier_must_be_on_the_map(self, client, province, kind):
        refused(get(client, f"levels/?province=90&kind={kind}"), 400, "invalid")

    def test_queries_do_not_grow_with_the_communes(self, client, django_assert_num_queries):
        for code, many in (("91", 10), ("92", 312)):
            made = make_province(code, districts={f"{code}1": [f"{code}{n:03d}" for n in range(many)]})
            made.post({}, complete=(0, 3))
            reassess(on=day(40), at=AT)

            with django_assert_num_queries(6):
                assert len(get(client, f"levels/?province={code}").json()["results"]) == many
            with django_assert_num_queries(8):
                assert (
                    sum(row["count"] for row in get(client, f"totals/?province={code}").json()["totals"])
                    == many
                )

    def test_invented_counts_are_said_to_be(self, client, province):
        ProvincePolicy.objects.create(province=province.area, simulated=True)

        for path in (
            "levels/?province=90", "totals/?province=90", "frames/?province=90", "areas/90101/levels/",
            "areas/90101/counts/", "areas/90101/why/", "areas/90101/way-to-green/",
        ):  # fmt: skip
            assert get(client, path).json()["simulated"] is True, path


@pytest.mark.django_db
class TestTotals:
    def totals(self, client, number, kind="commune"):
        said = get(client, f"totals/?province=90&day={day(number)}&kind={kind}").json()
        return {row["level"]: (row["count"], row["change"]) for row in said["totals"]}

    def test_totals_tell_the_change_against_the_day_before(self, client, province):
        assert self.totals(client, 3) == {
            "no_data": (0, 0), "new_normal": (1, -2), "elevated": (0, 0), "high": (1, 1), "very_high": (1, 1),
        }  # fmt: skip

    def test_first_day_has_no_day_before(self, client, province):
        assert self.totals(client, 0)["new_normal"] == (3, None)

    def test_totals_are_of_the_tier_asked_for(self, client, province):
        assert self.totals(client, 3, "province")["very_high"] == (1, 1)

    def test_provisional_units_are_counted(self, client, province):
        province.post({("90103", LAST + 1): 0})
        reassess(on=day(60), at=AT)

        assert get(client, "totals/?province=90").json()["provisional"] == 2


@pytest.mark.django_db
class TestFrames:
    def test_pointer_leads_to_the_bytes_and_says_what_they_say(self, client, province):
        said = get(client, "frames/?province=90").json()
        frames = json.loads(client.get(said["url"]).content)

        for name in ("province", "first_day", "last_day", "rule_set", "version"):
            assert said[name] == frames[name]
        assert (said["first_day"], said["last_day"]) == ("2021-08-01", "2021-08-21")
        assert said["url"] == f"/assets/{said['sha256']}.json"

    def test_frames_that_are_not_drawn_yet_are_not_there(self, client):
        made = make_province()
        made.post({}, complete=(0, 3))
        reassess(on=day(60), at=AT)

        refused(get(client, "frames/?province=90"), 404, "frames_not_drawn")


@pytest.mark.django_db
class TestHistory:
    def test_spans_cover_the_period_and_no_more(self, client, province):
        said = get(client, f"areas/90101/levels/?since={day(2)}&until={day(4)}").json()

        assert [(span["first_day"], span["last_day"], span["level"]) for span in said["spans"]] == [
            ("2021-08-03", "2021-08-03", "new_normal"),
            ("2021-08-04", "2021-08-05", "very_high"),
        ]
        assert said["spans"][1]["criteria"] == ["xa.do.1"]
        assert said["area"] == {"code": "90101", "name": "Xã 90101", "kind": "commune"}

    def test_without_a_period_all_days_shown_are_told(self, client, province):
        said = get(client, "areas/901/levels/").json()

        assert (said["since"], said["until"]) == (str(day(0)), str(day(LAST)))
        assert (said["spans"][0]["first_day"], said["spans"][-1]["last_day"]) == (
            said["since"],
            said["until"],
        )

    @pytest.mark.parametrize("path", ["levels", "counts"])
    def test_periods_that_make_no_sense_are_refused(self, client, province, path):
        refused(get(client, f"areas/90101/{path}/?since={day(4)}&until={day(3)}"), 400, "invalid")
        refused(get(client, f"areas/90101/{path}/?since=1900-01-01&until=2021-08-03"), 400, "invalid")
        refused(get(client, f"areas/90101/{path}/?since={day(-1)}"), 404, "day_not_known")
        refused(get(client, f"areas/90101/{path}/?until={day(LAST + 1)}"), 404, "day_not_known")
        refused(get(client, f"areas/90109/{path}/"), 404, "area_not_found")


@pytest.mark.django_db
class TestCounts:
    def days(self, client, code, first, last):
        said = get(client, f"areas/{code}/counts/?since={day(first)}&until={day(last)}").json()
        return said["days"]

    def test_cases_are_told_by_how_they_were_found(self, client, province):
        (told,) = self.days(client, "90101", 5, 5)

        numbers = {
            "cases": 5, "unclassified": None, "unknown_source": None, "known_source": 4, "isolated": 1,
            "close_contacts": None,
        }  # fmt: skip
        sources = told.pop("sources")
        assert told == {"day": str(day(5)), "reported": True, **numbers}
        assert [(row["source"], row["in_force"], row["cases"]) for row in sources] == [("huyện", True, 5)]

    def test_losing_source_stays_visible(self, client, province):
        province.post({("90101", 3): 1}, source="bản đồ quốc gia")

        (told,) = self.days(client, "90101", 3, 3)

        assert told["cases"] == 2
        assert [(row["source"], row["rank"], row["in_force"], row["cases"]) for row in told["sources"]] == [
            ("huyện", 1, True, 2),
            ("bản đồ quốc gia", 2, False, 1),
        ]

    def test_correction_is_counted(self, client, province):
        province.post({("90101", 3): 7}, reason="đính chính")

        (told,) = self.days(client, "90101", 3, 3)

        assert (told["cases"], told["sources"][0]["corrections"]) == (7, 1)

    def test_silent_zero_is_a_report_and_a_missing_one_is_not_zero(self, client, province):
        province.post({("90103", LAST + 1): 0})
        reassess(on=day(60), at=AT)

        silent, missing = self.days(client, "90102", LAST, LAST + 1)

        assert (silent["reported"], silent["cases"], silent["sources"][0]["silent"]) == (True, 0, True)
        assert (missing["reported"], missing["cases"], missing["sources"]) == (False, None, [])

    def test_district_adds_up_its_communes(self, client, province):
        province.post({("90102", 5): 3}, reason="đính chính")

        (told,) = self.days(client, "901", 5, 5)

        assert (told["cases"], told["unknown_source"], told["known_source"]) == (8, 3, 4)
        assert told["sources"] is None

    @pytest.mark.parametrize("code", ["90101", "901"])
    def test_queries_do_not_grow_with_the_days(self, client, province, code, django_assert_max_num_queries):
        with django_assert_max_num_queries(12) as few:
            self.days(client, code, 3, 3)
        with django_assert_max_num_queries(12) as many:
            self.days(client, code, 0, LAST)
        assert len(few) == len(many)


@pytest.mark.django_db
class TestWhy:
    def test_every_criterion_tells_its_numbers_words_and_evidence(self, client, province):
        said = get(client, f"areas/90102/why/?day={day(5)}").json()

        assert (said["level"], said["provisional"], said["missing_days"]) == ("high", False, [])
        assert said["rule_set"]["number"] == "2686/QĐ-BCĐQG"
        by_id = {row["id"]: row for row in said["criteria"]}
        touching, cases = by_id["xa.cam.2"], by_id["xa.do.1"]
        assert (touching["state"], touching["level"], touching["evidence"]) == ("met", "high", "secondary")
        assert touching["areas"] == [{"code": "90101", "name": "Xã 90101", "kind": "commune"}]
        assert touching["text"]
        assert (cases["state"], cases["value"], cases["threshold"]) == ("not_met", 0, 2)

    def test_declared_fact_is_named_by_its_document_and_not_by_a_person(self, client, province):
        declare_fact(
            area=province.communes["90103"], kind=FactKind.CROWDED_PLACE_SOURCE, since=day(4), until=day(6),
            document="12/TB-TTYT", by=system_user(), at=AT,
        )  # fmt: skip
        reassess(on=day(60), at=AT)

        response = get(client, f"areas/90103/why/?day={day(5)}")

        fact = next(row for row in response.json()["criteria"] if row["declared"])
        assert fact["id"] == "xa.do.2"
        assert fact["declared"] == [
            {
                "kind": "crowded_place_source", "since": str(day(4)), "until": str(day(6)),
                "document": "12/TB-TTYT", "confirmed": False,
            }
        ]  # fmt: skip
        assert system_user().username not in response.content.decode()

    def test_decided_level_comes_with_its_document_and_what_the_rule_gives(self, client, province):
        decide(province.communes["90103"], 4, since=4, until=6, at=AT.replace(month=8, day=5))
        reassess(on=day(60), at=AT)

        said = get(client, f"areas/90103/why/?day={day(5)}").json()
        after = get(client, f"areas/90103/why/?day={day(7)}").json()

        assert (said["level"], said["computed_level"]) == ("very_high", after["level"])
        assert said["decided"] == {
            "level": "very_high", "since": str(day(4)), "until": str(day(6)), "document": "12/QĐ-SYT",
            "reason": "ổ dịch ở chợ",
        }  # fmt: skip
        assert (after["decided"], after["computed_level"]) == (None, after["level"])

    def test_way_to_green_counts_the_days_without_a_case(self, client, province):
        said = get(client, f"areas/90101/way-to-green/?day={day(5)}").json()

        assert said["level"] == "very_high"
        assert said["steps"] == [
            {"day": str(day(17)), "level": "elevated"},
            {"day": str(day(19)), "level": "new_normal"},
        ]
        assert said["green_on"] == str(day(19))

    def test_explanation_takes_the_same_queries_for_few_and_many_communes(
        self, client, django_assert_max_num_queries
    ):
        taken = []
        for code, many in (("91", 10), ("92", 100)):
            made = make_province(code, districts={f"{code}1": [f"{code}{n:03d}" for n in range(many)]})
            made.post({(f"{code}000", 1): 2}, complete=(0, 3))
            reassess(on=day(40), at=AT)
            with django_assert_max_num_queries(25) as queries:
                assert get(client, f"areas/{code}000/why/").status_code == 200
            taken.append(len(queries))
        assert taken[0] == taken[1]


@pytest.mark.django_db(transaction=True)
def test_corrected_count_changes_the_answer_though_no_level_changes(client, province):
    path = f"areas/90101/why/?day={day(5)}"
    first = get(client, path)
    assert get(client, path, if_none_match=first["ETag"]).status_code == 304

    province.post({("90101", 3): 3}, reason="đính chính")

    assert get(client, path, if_none_match=first["ETag"]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_drawn_frames_change_the_pointer(client, province):
    first = get(client, "frames/?province=90")
    province.post({("90103", 3): 3}, reason="đính chính")
    reassess(on=day(60), at=AT)
    draw_frames(province=province.area, on=day(60), at=AT)

    second = get(client, "frames/?province=90", if_none_match=first["ETag"])

    assert second.status_code == 200
    assert second.json()["sha256"] != first.json()["sha256"]
    assert client.get(first.json()["url"]).status_code == 200  # who still shows the old map can
