"""The pages of editions by HTTP, and the button that publishes now."""

from datetime import time, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.enums import Role
from riskmap.editions import publish
from riskmap.levels import reassess
from riskmap.models import MapEdition, ProvincePolicy
from tests.factories import GrantFactory
from tests.riskmap.province import day, make_province
from tests.riskmap.test_editions import at, put_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    made = make_province(borders=[("90101", "90102")], valid_from=day(0))
    made.post({}, complete=(0, 2), at=at(2, 16))
    put_out(made, 2)
    made.post({("90101", 3): 2}, complete=(3, 3), at=at(3, 16))
    put_out(made, 3)
    reassess(on=day(3), at=at(3, 18), provinces=[made.area])
    return made


def health_of(area):
    return GrantFactory(role=Role.HEALTH, area=area).user


def test_list_is_newest_first_with_totals_and_office(client, province):
    answer = client.get("/editions/")

    lines = answer.context["lines"]
    assert [line.edition.number for line in lines] == [2, 1]
    assert [(total.look.letter, total.count, total.change) for total in lines[0].totals] == [
        ("–", 0, 0),
        ("X", 1, -2),
        ("V", 0, 0),
        ("C", 1, 1),
        ("Đ", 1, 1),
    ]
    assert {total.change for total in lines[1].totals} == {None}
    assert "hệ thống, tự động" in answer.content.decode()


def test_person_who_published_is_not_named(client, province):
    person = health_of(province.area)
    publish(province=province.area, cut_off=at(3, 20), at=at(3, 20), by=person)

    for address in ("/editions/", "/editions/90/3/"):
        text = client.get(address).content.decode()
        assert person.full_name not in text
        assert person.username not in text
        assert "Sở Y tế" in text


def test_list_is_paged_and_counts_on_over_its_pages(client, province):
    for number in range(4, 26):
        put_out(province, number)

    second = client.get("/editions/?page=2").context["lines"]

    assert [line.edition.number for line in second] == [4, 3, 2, 1]
    assert client.get("/editions/?page=3").status_code == 404
    assert client.get("/editions/?page=x").status_code == 404
    first = client.get("/editions/").context["lines"][-1]
    assert (first.edition.number, first.totals[1].change) == (5, 0)


def test_list_of_a_province_that_never_published_says_so(client):
    made = make_province()
    made.post({}, complete=(0, 2), at=at(2, 16))
    reassess(on=day(2), at=at(2, 18), provinces=[made.area])

    assert "chưa công bố bản đồ nào" in client.get("/editions/").content.decode()


def test_edition_tells_its_cut_off_totals_and_chain(client, province):
    first, second = MapEdition.objects.order_by("number")

    answer = client.get("/editions/90/2/")

    text = answer.content.decode()
    assert "Tính đến 17:00 ngày 04/08/2021" in text
    assert first.hash in text
    assert second.hash in text
    assert f"/assets/{second.payload_id}.json" in text
    assert answer.context["page"].hash_holds
    assert [move.change.after.code for move in answer.context["page"].moves] == ["90101", "90102"]
    assert client.get(f"/assets/{second.payload_id}.json").json()["number"] == 2


def test_edition_lists_what_is_known_better_now(client, province):
    province.post({("90101", 3): 0}, reason="trùng mã ca", at=at(4, 9))
    reassess(on=day(4), at=at(4, 9), provinces=[province.area])

    page = client.get("/editions/90/2/").context["page"]

    assert [each.published.code for each in page.differences] == ["90101", "90102"]
    assert [square.row.level for square in page.squares] == [4, 3, 1]


def test_edition_replaced_on_the_same_day_points_to_the_later_one(client, province):
    put_out(province, 3, cut_off=at(3, 20), at=at(3, 20))

    answer = client.get("/editions/90/2/")

    assert answer.context["page"].replaced_by.number == 3
    assert 'href="/editions/90/3/"' in answer.content.decode()


def test_edition_of_a_day_that_is_not_computed_yet_is_shown(client, province):
    put_out(province, 9)

    answer = client.get("/editions/90/3/")

    assert answer.status_code == 200
    assert answer.context["page"].differences is None


@pytest.mark.parametrize(
    "address",
    [
        "/editions/90/99/",
        "/editions/90/0/",
        f"/editions/90/{10**30}/",
        "/editions/77/1/",
        "/editions/%00/1/",
        "/editions/90/x/",
        "/editions/?province=77",
    ],
)
def test_what_is_not_there_is_not_found(client, province, address):
    assert client.get(address).status_code == 404


def test_late_edition_is_announced(client):
    now, today = timezone.now(), timezone.localdate()
    made = make_province(valid_from=today - timedelta(days=9))
    ProvincePolicy.objects.create(province=made.area, publish_at=time(12))
    ago = (today - day(0)).days
    made.post({}, complete=(ago - 5, ago - 3), at=now - timedelta(days=3))
    put_out(made, 0, cut_off=now - timedelta(days=3), at=now)
    reassess(on=today, at=now, provinces=[made.area])

    text = client.get("/editions/").content.decode()

    assert "Bản chốt số liệu lúc 12:00 ngày" in text
    assert "Bản gần nhất là bản số 1" in text


def test_number_of_queries_does_not_grow_with_the_communes(client):
    counts = []
    for code, size in (("90", 3), ("91", 80)):
        names = [f"{code}1{number:02d}" for number in range(size)]
        made = make_province(code, districts={f"{code}1": names}, borders=pairwise(names))
        made.post({}, complete=(0, 2), at=at(2, 16))
        put_out(made, 2)
        made.post({(name, 3): 2 for name in names}, at=at(3, 16))
        put_out(made, 3)
        made.post({(name, 3): 0 for name in names}, reason="đính chính", at=at(4, 9))
        reassess(on=day(4), at=at(4, 9), provinces=[made.area])
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/editions/{code}/2/").status_code == 200
            assert client.get(f"/editions/?province={code}").status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 50


# --- publishing now -------------------------------------------------------------------------------------


@pytest.fixture
def reporting():
    """A province that reported until yesterday and was last published three days ago."""
    now, today = timezone.now(), timezone.localdate()
    made = make_province(borders=[("90101", "90102")], valid_from=today - timedelta(days=30))
    ago = (today - day(0)).days
    made.post({}, complete=(ago - 9, ago - 3), at=now - timedelta(days=3, hours=1))
    put_out(made, 0, cut_off=now - timedelta(days=3), at=now - timedelta(days=3))
    made.post({("90101", ago - 1): 2}, complete=(ago - 2, ago - 1), at=now - timedelta(hours=1))
    reassess(on=today, at=now, provinces=[made.area])
    return made


@pytest.fixture
def desk(client, reporting):
    """The browser of Sở Y tế."""
    client.force_login(health_of(reporting.area))
    return client


def test_button_is_offered_to_those_who_may(desk, client):
    assert "/editions/90/publish/" in desk.get("/editions/").content.decode()

    client.logout()

    assert "/editions/90/publish/" not in client.get("/editions/").content.decode()


def test_confirmation_shows_what_would_be_published_and_writes_nothing(desk, reporting):
    answer = desk.get("/editions/90/publish/")

    preview = answer.context["preview"]
    assert preview.earlier.number == 1
    assert [(move.change.after.code, move.change.after.level) for move in preview.moves] == [
        ("90101", 4),
        ("90102", 3),
    ]
    assert preview.silent_days == 1
    yesterday = timezone.localdate() - timedelta(days=1)
    assert f"Báo cáo gần nhất là của ngày {yesterday:%d/%m/%Y}" in answer.content.decode()
    assert MapEdition.objects.count() == 1


def test_what_was_shown_is_what_is_published(desk, reporting):
    shown = desk.get("/editions/90/publish/")
    totals = [total.count for total in shown.context["preview"].totals]

    answer = desk.post("/editions/90/publish/", {"cut_off": shown.context["cut_off"]}, follow=True)

    edition = MapEdition.objects.get(number=2)
    assert answer.redirect_chain == [("/editions/90/2/", 302)]
    assert edition.cut_off == shown.context["preview"].cut_off
    assert [total.count for total in answer.context["page"].line.totals] == totals
    assert edition.published_by.grants.get().role == Role.HEALTH
    assert "Đã công bố bản số 2" in answer.content.decode()


def test_same_confirmation_twice_publishes_once_and_says_why(desk, reporting):
    cut_off = desk.get("/editions/90/publish/").context["cut_off"]
    desk.post("/editions/90/publish/", {"cut_off": cut_off})

    answer = desk.post("/editions/90/publish/", {"cut_off": cut_off})

    assert MapEdition.objects.count() == 2
    assert "Đã công bố bản số 2" in answer.context["refusal"]


@pytest.mark.parametrize(
    "cut_off",
    [
        lambda now: "",
        lambda now: "hom nay",
        lambda now: "2021-13-01T00:00:00+07:00",
        lambda now: now.replace(tzinfo=None).isoformat(),
        lambda now: (now - timedelta(minutes=16)).isoformat(),
        lambda now: (now + timedelta(minutes=1)).isoformat(),
    ],
)
def test_confirmation_that_is_stale_or_made_up_publishes_nothing(desk, reporting, cut_off):
    answer = desk.post("/editions/90/publish/", {"cut_off": cut_off(timezone.now())})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert MapEdition.objects.count() == 1


def test_province_without_reports_is_refused_in_words(client):
    made = make_province("92")
    client.force_login(health_of(made.area))

    answer = client.get("/editions/92/publish/")

    assert "Chưa có số liệu nào để công bố" in answer.content.decode()
    assert "preview" not in answer.context


def test_province_that_has_been_silent_for_long_is_refused_in_words(client, province):
    client.force_login(health_of(province.area))

    for answer in (
        client.get("/editions/90/publish/"),
        client.post("/editions/90/publish/", {"cut_off": timezone.now().isoformat()}),
    ):
        assert "Báo cáo gần nhất là của ngày 04/08/2021, đã quá 14 ngày" in answer.context["refusal"]
        assert "preview" not in answer.context
    assert MapEdition.objects.count() == 2


def test_role_in_a_part_of_the_province_does_not_publish_the_whole(client, province):
    client.force_login(health_of(province.districts["901"]))

    assert client.get("/editions/90/publish/").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.HEALTH])
def test_other_roles_do_not_publish(client, province, role):
    client.force_login(GrantFactory(role=role, area=province.area).user)

    answer = client.post("/editions/90/publish/", {"cut_off": timezone.now().isoformat()})

    assert answer.status_code == 403
    assert MapEdition.objects.count() == 2
