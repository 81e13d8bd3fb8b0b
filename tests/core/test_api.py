"""Areas, boundaries and bytes over the API: how it is asked, how it answers and how it refuses."""

import gzip

import brotli
import pytest
from django.db import OperationalError
from django.test import override_settings
from django.utils import timezone

from core.api.throttles import PublicThrottle
from core.assets import put_asset
from core.models import AreaBoundary, AreaNeighbour, BoundarySet
from core.people import system_user
from tests.factories import CommuneFactory, DistrictFactory, ProvinceFactory

NOW = timezone.now()


@pytest.fixture
def city():
    return ProvinceFactory(code="79", name="Thành phố Hồ Chí Minh")


@pytest.fixture
def ward(city):
    district = DistrictFactory(code="760", name="Quận 1", parent=city)
    return CommuneFactory(
        code="26734", name="Phường Tân Định", parent=district, population=23258, population_year=2019
    )


def get(client, path, **headers):
    return client.get(f"/api/v1/{path}", headers=headers)


def refused(response, status, code):
    said = response.json()
    assert (response.status_code, said["code"]) == (status, code), said
    assert said["message"]
    assert response["Cache-Control"] == "no-store"
    return said


@pytest.mark.django_db
class TestAreas:
    def test_name_is_found_without_diacritics(self, client, ward):
        CommuneFactory(code="26737", name="Phường Đa Kao", parent=ward.parent)

        found = get(client, "areas/?q=TAN dinh").json()

        assert [row["code"] for row in found["results"]] == ["26734"]
        assert found["results"][0] == {
            "code": "26734", "name": "Phường Tân Định", "kind": "commune", "type_word": "Xã",
            "parent_code": "760", "parent_name": "Quận 1", "valid_from": "2021-01-01", "valid_to": None,
            "population": 23258, "population_year": 2019,
        }  # fmt: skip

    @pytest.mark.parametrize("text", ["!!", "%", "_"])
    def test_signs_find_nothing(self, client, ward, text):
        assert client.get("/api/v1/areas/", {"q": text}).json()["count"] == 0

    def test_units_are_those_of_the_day(self, client, ward):
        ward.valid_to = ward.valid_from.replace(month=6)
        ward.save()

        def codes(day):
            return [row["code"] for row in get(client, f"areas/?kind=commune&day={day}").json()["results"]]

        assert codes("2021-06-01") == ["26734"]
        assert codes("2021-06-02") == []

    def test_province_narrows_the_list(self, client, ward):
        CommuneFactory(code="22738")

        codes = [row["code"] for row in get(client, "areas/?province=79").json()["results"]]

        assert sorted(codes) == ["26734", "760", "79"]

    def test_list_comes_in_pages_in_vietnamese_order(self, client, ward):
        for number in (10, 2, 1):
            CommuneFactory(name=f"Phường {number}", parent=ward.parent)

        pages = [get(client, f"areas/?kind=commune&page_size=2&page={page}").json() for page in (1, 2)]

        assert [[row["name"] for row in page["results"]] for page in pages] == [
            ["Phường 1", "Phường 2"],
            ["Phường 10", "Phường Tân Định"],
        ]
        assert (pages[0]["count"], pages[0]["pages"]) == (4, 2)
        refused(get(client, "areas/?kind=commune&page_size=2&page=3"), 404, "page_not_found")

    def test_list_takes_the_same_queries_for_one_and_many(self, client, ward, django_assert_num_queries):
        with django_assert_num_queries(3):
            get(client, "areas/?kind=commune")
        CommuneFactory.create_batch(12, parent=ward.parent)
        with django_assert_num_queries(3):
            assert get(client, "areas/?kind=commune").json()["count"] == 13

    def test_area_tells_what_lies_above_and_beside_it(self, client, ward):
        beside = CommuneFactory(code="26737", name="Phường Đa Kao", parent=ward.parent)
        AreaNeighbour.objects.create(area=ward, neighbour=beside, border_m=812.345)

        said = get(client, "areas/26734/").json()

        assert [above["code"] for above in said["ancestors"]] == ["79", "760"]
        assert (said["parent_code"], said["parent_name"]) == ("760", "Quận 1")
        assert said["neighbours"] == [
            {"code": "26737", "name": "Phường Đa Kao", "kind": "commune", "border_m": 812.3}
        ]
        assert said["label"] is None

    def test_province_has_nothing_above_it(self, client, city):
        said = get(client, "areas/79/").json()

        assert (said["parent_code"], said["ancestors"]) == (None, [])

    @pytest.mark.parametrize("code", ["00000", "2673", "%00", "26734'--", "🦠", "a" * 60])
    def test_unknown_code_is_not_found(self, client, ward, code):
        refused(get(client, f"areas/{code}/"), 404, "area_not_found")

    def test_unit_that_has_ended_is_not_found_later(self, client, ward):
        ward.valid_to = ward.valid_from
        ward.save()

        assert get(client, "areas/26734/").status_code == 200
        refused(get(client, "areas/26734/?day=2021-01-02"), 404, "area_not_found")


@pytest.mark.django_db
class TestQuestions:
    @pytest.mark.parametrize(
        "day",
        [
            "",
            "12/07/2021",
            "2021-7-12",
            "20210712",
            "2021-W28-1",
            "2021-02-30",
            "0000-01-01",
            "２０２１-07-12",
            "today",
        ],
    )
    def test_what_is_no_day_is_refused(self, client, day):
        said = refused(client.get("/api/v1/areas/", {"day": day}), 400, "invalid")

        assert list(said["fields"]) == ["day"]

    @pytest.mark.parametrize(
        ("question", "field"),
        [
            ("dai=2021-07-12", "dai"),
            ("kind=ward", "kind"),
            ("kind=commune&kind=district", "kind"),
            ("page=0", "page"),
            ("page=1.5", "page"),
            ("page_size=501", "page_size"),
            ("q=" + "a" * 101, "q"),
            ("q=%00", "q"),
            ("province=7 9", "province"),
        ],
    )
    def test_wrong_parameter_is_named(self, client, question, field):
        said = refused(get(client, f"areas/?{question}"), 400, "invalid")

        assert list(said["fields"]) == [field]
        assert said["message"].startswith(field)

    def test_refusal_speaks_the_language_asked_for(self, client):
        vietnamese = get(client, "boundaries/?province=00")
        english = get(client, "boundaries/?province=00", accept_language="en-GB,en;q=0.9,vi;q=0.1")

        assert vietnamese["Content-Language"] == "vi"
        assert english["Content-Language"] == "en"
        assert vietnamese.json()["message"].startswith("Không có tỉnh mang mã")
        assert english.json()["message"].startswith("No province has the code")

    def test_language_of_the_switch_does_not_count(self, client):
        client.cookies["django_language"] = "en"

        response = get(client, "areas/")

        assert response["Content-Language"] == "vi"
        assert response["Vary"] == "Accept-Language"

    def test_address_that_is_not_there_answers_json(self, client):
        refused(get(client, "nothing/"), 404, "not_found")
        refused(client.post("/api/v2/"), 404, "not_found")

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
    def test_nothing_can_be_written(self, client, method):
        refused(getattr(client, method)("/api/v1/areas/"), 405, "method_not_allowed")

    @override_settings(API_REQUESTS_PER_MINUTE=2)
    def test_too_many_questions_are_refused_for_a_while(self, client, monkeypatch):
        monkeypatch.setattr(PublicThrottle, "_asked", {})
        assert [get(client, "areas/").status_code for _ in range(2)] == [200, 200]

        response = get(client, "areas/")

        refused(response, 429, "throttled")
        assert 0 < int(response["Retry-After"]) <= 60
        assert client.get("/api/v1/areas/", REMOTE_ADDR="10.1.1.1").status_code == 200

    def test_bug_is_a_500_in_the_same_form(self, client, monkeypatch):
        def broken(*_arguments, **_options):
            raise ZeroDivisionError

        monkeypatch.setattr("core.api.areas.AreaList.answer", broken)

        refused(get(client, "areas/"), 500, "server_error")

    def test_database_that_is_away_is_said_so(self, client, monkeypatch):
        def away():
            raise OperationalError("the database system is starting up")

        monkeypatch.setattr("core.api.answers.journal_head", away)

        response = get(client, "areas/")

        refused(response, 503, "unavailable")
        assert response["Retry-After"] == "5"

    def test_updated_program_answers_anew(self, client, monkeypatch):
        first = get(client, "areas/")
        monkeypatch.setattr("core.api.answers.program", lambda: "another")

        assert get(client, "areas/", if_none_match=first["ETag"]).status_code == 200

    def test_other_origins_and_sessions_are_left_alone(self, client, ward, django_user_model):
        client.force_login(system_user())

        response = get(client, "areas/")

        assert "Set-Cookie" not in response
        assert not response.cookies


@pytest.mark.django_db
class TestBoundaries:
    def test_pointer_names_the_newest_bytes_and_their_source(self, client, city):
        for source in ("CũMap", "CityScope"):
            asset = put_asset(body=source.encode(), media_type="application/json", at=NOW)
            BoundarySet.objects.create(
                province=city, source=source, licence="CC0", file_name="a", file_sha256="0" * 64,
                schematic=True, topology=asset, imported_at=NOW, imported_by=system_user(),
            )  # fmt: skip

        said = get(client, "boundaries/?province=79").json()

        assert said["url"] == f"/assets/{asset.pk}.json"
        assert (said["source"], said["licence"], said["schematic"]) == ("CityScope", "CC0", True)
        assert client.get(said["url"]).content == b"CityScope"

    def test_label_of_an_area_is_its_shapes(self, client, ward, city):
        asset = put_asset(body=b"{}", media_type="application/json", at=NOW)
        boundaries = BoundarySet.objects.create(
            province=city, source="a", licence="b", file_name="a", file_sha256="0" * 64, topology=asset,
            imported_at=NOW, imported_by=system_user(),
        )  # fmt: skip
        AreaBoundary.objects.create(
            area=ward, boundary_set=boundaries, shape=b"", label_lon=106.69, label_lat=10.79
        )

        assert get(client, "areas/26734/").json()["label"] == [106.69, 10.79]

    def test_province_without_shapes_is_said_so(self, client, city):
        refused(get(client, "boundaries/?province=79"), 404, "boundaries_not_found")
        refused(get(client, "boundaries/?province=80"), 404, "area_not_found")
        refused(get(client, "boundaries/"), 400, "invalid")


@pytest.mark.django_db
class TestAssets:
    BODY = b'{"levels": "' + b"0123456789" * 50 + b'"}'

    @pytest.fixture
    def url(self):
        return f"/assets/{put_asset(body=self.BODY, media_type='application/json', at=NOW).pk}.json"

    @pytest.mark.parametrize(
        ("accept", "encoding", "read"),
        [
            ("", None, bytes),
            ("gzip", "gzip", gzip.decompress),
            ("gzip, deflate, br, zstd", "br", brotli.decompress),
            ("br;q=0.5, gzip;q=0.8", "gzip", gzip.decompress),
            ("br;q=0, *", "gzip", gzip.decompress),
            ("identity, br;q=0.1", None, bytes),
            ("br;q=wrong", None, bytes),
        ],
    )
    def test_bytes_come_in_the_encoding_preferred(self, client, url, accept, encoding, read):
        response = client.get(url, headers={"accept-encoding": accept})

        assert response.get("Content-Encoding") == encoding
        assert read(response.content) == self.BODY
        assert int(response["Content-Length"]) == len(response.content)
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Vary"] == "Accept-Encoding"
        assert response["Content-Type"] == "application/json"

    def test_head_has_the_length_and_no_body(self, client, url):
        response = client.head(url)

        assert response.content == b""
        assert int(response["Content-Length"]) == len(self.BODY)

    def test_known_bytes_are_not_sent_again(self, client, url):
        etags = [client.get(url, headers={"accept-encoding": each})["ETag"] for each in ("br", "gzip", "")]

        assert len(set(etags)) == 3
        again = client.get(url, headers={"accept-encoding": "br", "if-none-match": etags[0]})
        other = client.get(url, headers={"accept-encoding": "gzip", "if-none-match": etags[0]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"] == "public, max-age=31536000, immutable"
        assert other.status_code == 200

    def test_one_query_reads_the_bytes(self, client, url, django_assert_num_queries):
        with django_assert_num_queries(1):
            client.get(url)

    @pytest.mark.parametrize("name", ["0" * 64 + ".json", "abc.json", "%00.json"])
    def test_unknown_bytes_are_not_found(self, client, url, name):
        assert client.get(f"/assets/{name}").status_code == 404

    def test_extension_must_be_that_of_the_bytes(self, client, url):
        assert client.get(url.replace(".json", ".svg")).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_unchanged_answer_costs_one_query_and_a_change_is_seen(client, django_assert_num_queries):
    commune = CommuneFactory(code="26734")
    first = get(client, "areas/26734/")

    with django_assert_num_queries(1):
        unchanged = get(client, "areas/26734/", if_none_match=first["ETag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged["ETag"] == first["ETag"]
    assert unchanged["Cache-Control"] == first["Cache-Control"] == "public, max-age=10"
    assert get(client, "areas/26734/?day=2021-02-01", if_none_match=first["ETag"]).status_code == 200
    english = get(client, "areas/26734/", if_none_match=first["ETag"], accept_language="en")
    assert english.status_code == 200

    commune.name = "Xã Mới"
    commune.save()
    changed = get(client, "areas/26734/", if_none_match=first["ETag"])
    assert (changed.status_code, changed.json()["name"]) == (200, "Xã Mới")


@pytest.mark.django_db
def test_star_matches_only_what_there_is(client):
    CommuneFactory(code="26734")

    assert get(client, "areas/26734/", if_none_match="*").status_code == 304
    assert get(client, "areas/99999/", if_none_match="*").status_code == 404
