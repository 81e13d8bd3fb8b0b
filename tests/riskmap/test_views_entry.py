"""The pages of the day's grid: who opens which, what they answer to what is typed, and how it is sent."""

import json
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.enums import Role
from riskmap.levels import reassess
from riskmap.models import CountEntry, DayReport, DraftCell, GuardedPeriod, LockException
from tests.factories import GrantFactory
from tests.riskmap.province import AT, day, make_province

DAY = day(9)


@pytest.fixture
def province(db):
    return make_province(districts={"901": ["90101", "90102", "90103"], "902": ["90201"]})


@pytest.fixture
def of_district(province):
    return GrantFactory(
        area=province.districts["901"], role=Role.DISTRICT_STAFF, user__full_name="Bá Trung Dũng"
    ).user


@pytest.fixture
def of_commune(province):
    return GrantFactory(
        area=province.communes["90101"], role=Role.COMMUNE_STAFF, user__full_name="Thị Kim Lan"
    ).user


def url(code="901", name="grid", on=DAY):
    return reverse(f"riskmap:entry_{name}", args=[code, on.isoformat()])


def save(client, cells, code="901"):
    return client.post(url(code, "cells"), json.dumps({"cells": cells}), content_type="application/json")


def typed(version=0, entry=None, note="", **numbers):
    return {"version": version, "entry": entry, "note": note} | numbers


QUIET = {"unknown_source": "0", "known_source": "0", "isolated": "0"}


def send(client, code="901", **options):
    cells = [f"{draft.area.code}:{draft.version}" for draft in DraftCell.objects.select_related("area")]
    return client.post(url(code, "send"), {"confirm": "1", "cells": cells} | options, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


# --- Who opens what -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["grid", "send"])
@pytest.mark.parametrize(
    ("person", "code", "status"),
    [
        ("of_district", "901", 200),
        ("of_district", "90102", 200),
        ("of_district", "902", 404),
        ("of_district", "90201", 404),
        ("of_district", "90", 404),
        ("of_commune", "90101", 200),
        ("of_commune", "90102", 404),
        ("of_commune", "901", 404),
        ("of_commune", "99999", 404),
    ],
)
def test_grid_opens_for_ones_own_area_and_is_not_found_elsewhere(
    client, request, province, person, code, status, name
):
    client.force_login(request.getfixturevalue(person))

    assert client.get(url(code, name)).status_code == status


@pytest.mark.parametrize("person", ["of_district", "of_commune"])
def test_nothing_is_saved_elsewhere(client, request, province, person):
    client.force_login(request.getfixturevalue(person))

    assert save(client, {"90201": typed(**QUIET)}, code="902").status_code == 404
    assert client.post(url("902", "send"), {"confirm": "1"}).status_code == 404
    assert client.post(url("902", "colours")).status_code == 404
    assert not DraftCell.objects.exists()


def test_cells_of_another_commune_in_the_request_are_passed_over(client, province, of_commune):
    client.force_login(of_commune)

    answer = save(client, {"90102": typed(**QUIET), "90201": typed(**QUIET)}, code="90101")

    assert answer.json() == {"rows": {}, "changed": {}, "errors": {}}
    assert not DraftCell.objects.exists()


@pytest.mark.parametrize("on", ["2021-13-01", "20210810", "hom-nay", "2021-08-1"])
def test_address_without_a_day_is_not_found(client, province, of_district, on):
    client.force_login(of_district)

    assert client.get(f"/counts/901/{on}/").status_code == 404


def test_day_to_come_is_not_found(client, province, of_district):
    client.force_login(of_district)

    assert client.get(url(on=timezone.localdate() + timedelta(days=1))).status_code == 404


@pytest.mark.parametrize("on", ["0001-01-01", "2012-08-10", "2019-12-31"])
def test_day_before_the_epidemic_is_a_slip_of_the_year(client, province, of_district, on):
    client.force_login(of_district)

    assert client.get(f"/counts/901/{on}/").status_code == 404
    page = client.get(reverse("riskmap:entry_home"), {"day": on})
    assert "trước khi có dịch" in page.content.decode()


def test_home_opens_the_one_place_at_once_on_the_day_asked_for(client, province, of_district, of_commune):
    today = timezone.localdate()
    client.force_login(of_district)
    assert client.get("/counts/").url == url(on=today)
    assert client.get("/counts/?day=10/08/2021").url == url()

    client.force_login(of_commune)
    assert client.get("/counts/").url == url("90101", on=today)


def test_home_lists_the_districts_of_who_has_several(client, province):
    client.force_login(GrantFactory(area=province.area, role=Role.HEALTH).user)
    province.post({("90101", 9): 3})

    page = client.get("/counts/?day=10/08/2021")

    assert [line.area.code for line in page.context["lines"]] == ["901", "902"]
    assert "1/3" in page.content.decode()
    assert client.get("/counts/?day=10/08/2021&area=902").url == url("902")


@pytest.mark.parametrize("asked", ["31/02/2021", "01/01/2999"])
def test_home_says_what_is_wrong_with_a_day(client, province, of_district, asked):
    client.force_login(of_district)

    page = client.get(f"/counts/?day={asked}")

    assert page.status_code == 200
    assert page.context["form"].errors["day"]


def test_area_page_leads_to_the_grid_for_those_who_may(client, province, of_district):
    province.post({("90101", 9): 0})
    reassess(on=DAY, at=AT, provinces=[province.area])
    address = "/areas/{}/?day=2021-08-10"
    assert "/counts/" not in client.get(address.format("901")).content.decode()

    client.force_login(of_district)
    for code, there in (("901", True), ("90102", True), ("902", False), ("90", False)):
        assert (url(code) in client.get(address.format(code)).content.decode()) == there


# --- Saving by itself -----------------------------------------------------------------------------------


def test_saved_cells_are_answered_with_their_versions_hints_and_words(client, province, of_district):
    client.force_login(of_district)
    province.post({("90101", 8): 1})

    answer = save(client, {"90101": typed(**QUIET | {"unknown_source": "9"}, note="chợ")}).json()

    draft = DraftCell.objects.get()
    row = answer["rows"]["90101"]
    assert (row["version"], row["entry"], row["state"]) == (draft.version, None, "draft")
    assert (draft.unknown_source, draft.note, draft.saved_by) == (9, "chợ", of_district)
    assert row["hints"] == ["9 F0 là tăng vọt: 7 ngày trước nhiều nhất 1."]
    assert row["status"].endswith("(Bá Trung Dũng), chưa gửi")


def test_faults_are_named_by_commune_and_column_and_the_other_rows_are_saved(client, province, of_district):
    client.force_login(of_district)

    answer = save(
        client,
        {
            "90101": typed(unknown_source="hai", tests="-3"),
            "90102": typed(unknown_source="1.200", note="x" * 301),
            "90103": typed(**QUIET),
        },
    ).json()

    assert list(answer["rows"]) == ["90103"]
    assert answer["errors"]["90101"]["unknown_source"].startswith(
        "Xã 90101, F0 cộng đồng chưa rõ nguồn lây: ghi số nguyên"
    )
    assert answer["errors"]["90101"]["tests"] == "Xã 90101, Người được xét nghiệm: số không được âm."
    assert set(answer["errors"]["90102"]) == {"unknown_source", "note"}
    assert DraftCell.objects.get().area.code == "90103"


def test_cell_somebody_changed_is_answered_with_what_they_wrote(client, province, of_district, of_commune):
    client.force_login(of_commune)
    save(client, {"90101": typed(**QUIET)}, code="90101")
    client.force_login(of_district)

    answer = save(client, {"90101": typed(**QUIET | {"isolated": "4"})}).json()

    changed = answer["changed"]["90101"]
    assert (changed["who"], changed["numbers"]["isolated"]) == ("Thị Kim Lan", 0)
    assert changed["conflict"].startswith("Thị Kim Lan ghi lúc ")
    assert DraftCell.objects.get().isolated == 0


@pytest.mark.parametrize(
    "body", ["", "[]", '{"cells": 3}', '{"cells": {"90101": 3}}', '{"cells": {"90101": ["x"]}}', "\x00"]
)
def test_body_that_is_none_is_a_bad_request(client, province, of_district, body):
    client.force_login(of_district)

    answer = client.post(url(name="cells"), body, content_type="application/json")

    assert answer.status_code == 400


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "a\nb"])
def test_note_of_odd_signs_is_refused_in_its_row(client, province, of_district, odd):
    client.force_login(of_district)

    assert "note" in save(client, {"90101": typed(**QUIET, note="a" + odd + "b")}).json()["errors"]["90101"]


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("ổ dịch chợ", "ổ dịch chợ"),
        ("đủ 👨\u200d👩\u200d👧", "đủ 👨\u200d👩\u200d👧"),
        ("\u200bchợ\ufeff", "chợ"),
    ],
)
def test_note_that_was_pasted_is_kept_without_what_cannot_be_seen(
    client, province, of_district, pasted, kept
):
    client.force_login(of_district)

    save(client, {"90101": typed(note=pasted.replace(" ", "\u00a0"))})

    assert DraftCell.objects.get().note == kept


@pytest.mark.parametrize("slip", ["1.000", "1.0", "1.", "1,5", "1 000", "1_000", "+5", "1e3", "-1", "hai"])
def test_number_that_can_be_read_in_two_ways_is_asked_again(client, province, of_district, slip):
    client.force_login(of_district)

    answer = save(client, {"90101": typed(tests=slip)}).json()

    assert set(answer["errors"]["90101"]) == {"tests"}
    assert not DraftCell.objects.exists()


@pytest.mark.parametrize("written", ["12", " 12 ", "１２", "012", 12])
def test_number_in_digits_is_taken(client, province, of_district, written):
    client.force_login(of_district)

    save(client, {"90101": typed(tests=written)})

    assert DraftCell.objects.get().tests == 12


def test_saving_costs_the_same_for_one_commune_and_for_thirty(client, db, django_assert_max_num_queries):
    counts = []
    for code, size in (("90", 1), ("91", 30)):
        made = make_province(code, districts={f"{code}1": [f"{code}1{n:02d}" for n in range(size)]})
        person = GrantFactory(area=made.districts[f"{code}1"], role=Role.DISTRICT_STAFF).user
        client.force_login(person)
        cells = {name: typed(**QUIET) for name in made.communes}
        save(client, {next(iter(cells)): typed(tests="1")}, code=f"{code}1")  # the source is there
        DraftCell.objects.all().delete()
        with django_assert_max_num_queries(50) as asked:
            assert len(save(client, cells, code=f"{code}1").json()["rows"]) == size
        counts.append(len(asked))

    assert counts[0] == counts[1]


# --- The plain form -------------------------------------------------------------------------------------


class Written(HTMLParser):
    """The fields of a page by name, as a browser reads them."""

    def __init__(self, page) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page.content.decode())

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "input" and attributes.get("name"):
            self.fields[attributes["name"]] = attributes.get("value", "")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_numbers_above_a_thousand_come_back_as_they_were_written(client, province, of_district, language):
    client.force_login(of_district)
    client.cookies["django_language"] = language
    with connection.cursor() as cursor:
        for table in ("riskmap_draftcell", "riskmap_countentry"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1234000)")
    save(client, {"90101": typed(**QUIET | {"tests": "1000"})})
    send(client)
    save(client, {"90102": typed(**QUIET | {"tests": "2500"})})

    fields = Written(client.get(url())).fields

    entry, draft = CountEntry.objects.get(), DraftCell.objects.get()
    assert (fields["90101-tests"], fields["90101-entry"]) == ("1000", str(entry.pk))
    assert (fields["90102-tests"], fields["90102-version"]) == ("2500", str(draft.version))
    assert min(entry.pk, draft.version) > 999_999


def form_of(page):
    """What a browser without scripts would post of the page as it stands."""
    posted = {}
    for cell in page.context["cells"]:
        for name in cell.fields:
            value = cell[name].value()
            if name != "choice":
                posted[cell.add_prefix(name)] = "" if value is None else str(value)
    return posted


def test_plain_form_saves_what_was_touched_and_nothing_else(client, province, of_district):
    client.force_login(of_district)
    posted = form_of(client.get(url())) | {"90102-unknown_source": "2", "90102-note": "ghi chú"}

    page = client.post(url(), posted, follow=True)

    assert said(page)[0].startswith("Đã lưu 1 xã lúc ")
    draft = DraftCell.objects.get()
    assert (draft.area.code, draft.unknown_source, draft.note) == ("90102", 2, "ghi chú")


def test_plain_form_keeps_what_was_right_and_shows_what_was_not(client, province, of_district):
    client.force_login(of_district)
    posted = form_of(client.get(url())) | {"90101-isolated": "1", "90102-isolated": "x"}

    page = client.post(url(), posted)

    assert "Xã 90102, F0 trong khu cách ly, phong tỏa, sàng lọc: ghi số nguyên" in page.content.decode()
    assert 'value="x"' in page.content.decode()
    assert DraftCell.objects.get().area.code == "90101"


@pytest.mark.parametrize(("choice", "expected"), [("", 7), ("keep", 7), ("take", 3)])
def test_plain_form_shows_the_others_number_and_lets_choose(
    client, province, of_district, of_commune, choice, expected
):
    client.force_login(of_district)
    posted = form_of(client.get(url())) | {"90101-isolated": "7"}
    client.force_login(of_commune)
    save(client, {"90101": typed(isolated="3")}, code="90101")
    client.force_login(of_district)

    page = client.post(url(), posted)

    assert "Thị Kim Lan ghi lúc" in page.content.decode()
    assert DraftCell.objects.get().isolated == 3
    client.post(url(), form_of(page) | {"90101-choice": choice})
    assert DraftCell.objects.get().isolated == expected


def test_zeros_fill_the_blanks_of_f0_and_leave_what_is_there(client, province, of_district):
    client.force_login(of_district)
    posted = form_of(client.get(url())) | {"90101-known_source": "2", "zeros": "1"}

    client.post(url(), posted)

    assert list(
        DraftCell.objects.order_by("area__code").values_list(
            "unknown_source", "known_source", "isolated", "tests"
        )
    ) == [(0, 2, 0, None), (0, 0, 0, None), (0, 0, 0, None)]


# --- Sending --------------------------------------------------------------------------------------------


def test_sending_says_how_many_and_when(client, province, of_district):
    client.force_login(of_district)
    save(client, {code: typed(**QUIET) for code in ("90101", "90102")})
    assert said(send(client))[0].startswith("Đã gửi 2 xã lúc ")

    save(client, {"90103": typed(**QUIET)})
    page = send(client, complete="1")

    assert said(page)[0].endswith("; 3/3 xã của ngày này đã có số.")
    assert DayReport.objects.get().complete
    assert said(client.post(url(name="send"), {"confirm": "1"}, follow=True)) == ["Không có số mới để gửi."]


def test_page_that_sends_says_whether_anything_was_ever_entered(client, province, of_district):
    client.force_login(of_district)
    assert "Chưa nhập số nào" in client.get(url(name="send")).content.decode()

    save(client, {"90101": typed(**QUIET)})
    send(client)

    assert "mọi số trên bảng đã gửi" in client.get(url(name="send")).content.decode()


def test_nothing_is_sent_without_the_reason_of_a_correction(client, province, of_district):
    client.force_login(of_district)
    save(client, {"90101": typed(**QUIET)})
    send(client)
    entry = CountEntry.objects.get()
    save(client, {"90101": typed(entry=entry.pk, **QUIET | {"isolated": "1"})})

    page = send(client)

    assert "sửa số đã gửi thì phải nêu lý do" in page.content.decode()
    assert CountEntry.objects.count() == 1
    assert said(send(client, reason="sót một ca"))[0].startswith("Đã gửi 1 xã lúc ")
    assert CountEntry.objects.latest("id").isolated == 1


def test_refusal_names_the_commune_and_keeps_the_drafts(client, province, of_district):
    client.force_login(of_district)
    save(client, {"90101": typed(unknown_source="2"), "90102": typed(**QUIET)})

    page = send(client)

    assert "Xã 90101: còn trống số F0; không có ca thì ghi 0." in page.content.decode()
    assert (DraftCell.objects.count(), CountEntry.objects.count()) == (2, 0)
    cells = [f"{draft.area.code}:{draft.version}" for draft in DraftCell.objects.filter(area__code="90102")]
    client.post(url(name="send"), {"confirm": "1", "cells": cells})
    assert CountEntry.objects.get().area.code == "90102"


def test_draft_that_changed_after_it_was_looked_over_is_not_sent(client, province, of_district):
    client.force_login(of_district)
    save(client, {"90101": typed(**QUIET)})

    page = client.post(url(name="send"), {"confirm": "1", "cells": ["90101:1"]})

    assert "đã sửa số sau khi bạn xem" in page.content.decode()
    assert not CountEntry.objects.exists()


def test_accepted_day_is_read_only_until_an_exception_and_then_asks_for_a_document(
    client, province, of_district
):
    client.force_login(of_district)
    save(client, {"90101": typed(**QUIET)})
    send(client)
    entry = CountEntry.objects.get()
    DayReport.objects.update(
        status="accepted", accepted_post=entry.post_id, decided_at=AT, decided_by=entry.post.posted_by_id
    )
    page = client.get(url())
    assert all(cell.row.locked for cell in page.context["cells"])
    assert "readonly" in page.content.decode()
    changed = {"90101": typed(entry=entry.pk, **QUIET | {"isolated": "1"})}
    save(client, changed)
    cell = client.get(url()).context["cells"][0]
    assert cell["isolated"].value() == 0
    assert cell.notes_said == [
        "Bá Trung Dũng đã nhập mà chưa gửi trước khi ngày này được duyệt: "
        "Chưa rõ nguồn lây 0 · Rõ nguồn lây 0 · Cách ly, phong tỏa, sàng lọc 1."
    ]
    assert "đã duyệt và khóa" in send(client, reason="sót ca", document="12/BC").content.decode()

    now = timezone.now()
    LockException.objects.create(
        area=province.communes["90101"], day=DAY, reason="sót ca", granted_at=now - timedelta(minutes=1),
        granted_by=entry.post.posted_by, expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    assert "phải ghi số văn bản" in send(client, reason="sót ca").content.decode()
    send(client, reason="sót ca", document="12/BC-TTYT")
    assert CountEntry.objects.latest("id").post.document == "12/BC-TTYT"


def test_what_was_typed_without_scripts_before_the_day_was_accepted_is_kept_and_told(
    client, province, of_district
):
    client.force_login(of_district)
    save(client, {"90101": typed(**QUIET)})
    send(client)
    posted = form_of(client.get(url())) | {"90102-isolated": "4", "zeros": "1"}
    entry = CountEntry.objects.get()
    DayReport.objects.update(
        status="accepted", accepted_post=entry.post_id, decided_at=AT, decided_by=entry.post.posted_by_id
    )

    page = client.post(url(), posted, follow=True)

    assert DraftCell.objects.get().isolated == 4
    assert "đã nhập mà chưa gửi trước khi ngày này được duyệt: Cách ly" in page.content.decode()


def test_draft_in_a_locked_row_is_neither_chosen_nor_tried_on_the_map(client, province, of_district):
    client.force_login(of_district)
    province.post({("90101", 8): 1, ("90102", 8): 1})
    save(client, {code: typed(**QUIET) for code in ("90101", "90102")})
    post = province.post({("90103", 9): 0})
    LockException.objects.create(
        area=province.communes["90101"], day=DAY, reason="sót ca", granted_at=timezone.now(),
        granted_by=of_district, expires_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    DayReport.objects.create(
        scope=province.districts["901"], day=DAY, status="accepted", complete=False, sent_at=AT,
        sent_by=of_district, accepted_post_id=post.post_id, decided_at=AT, decided_by=of_district,
    )  # fmt: skip

    lines = client.get(url(name="send")).context["form"].lines()
    tried = client.post(url(name="colours")).context["colours"].lines

    assert [(row.area.code, chosen) for _value, row, chosen in lines] == [("90101", True), ("90102", False)]
    assert [line.area.code for line in tried] == ["90101"]


def test_returned_day_says_why_and_is_sent_again_with_an_answer(client, province, of_district):
    client.force_login(of_district)
    save(client, {"90101": typed(**QUIET)})
    send(client)
    DayReport.objects.update(
        status="returned", reason="Thiếu ca của chợ?", decided_at=AT, decided_by=of_district
    )
    assert "Thiếu ca của chợ?" in client.get(url()).content.decode()
    assert "phải trả lời Sở Y tế" in send(client).content.decode()

    page = send(client, answer="đã đối chiếu")

    assert said(page) == ["Đã gửi lại, kèm trả lời Sở Y tế."]
    assert DayReport.objects.get().status == "sent"


def test_held_correction_is_said_plainly_and_shown_in_the_grid(client, province, of_district):
    client.force_login(of_district)
    province.post(complete=(0, 8))
    save(client, {code: typed(**QUIET) for code in ("90101", "90102", "90103")})
    send(client)
    GuardedPeriod.objects.create(province=province.area, name="Đợt 1", first_day=day(0), last_day=day(60))
    entry = CountEntry.objects.get(area__code="90101", day=DAY, source__name__startswith="Báo cáo")
    save(client, {"90101": typed(entry=entry.pk, **QUIET | {"unknown_source": "2"})})

    page = send(client, reason="sót hai ca")

    assert "chưa ghi sổ: chờ người thứ hai xác nhận" in said(page)[1]
    assert page.context["cells"][0].row.state == "waiting"
    assert CountEntry.objects.filter(area__code="90101", day=DAY).count() == 1


def test_colours_are_a_part_for_the_script_and_a_page_without(client, province, of_district):
    client.force_login(of_district)
    province.post(complete=(0, 8))
    save(client, {"90101": typed(**QUIET | {"unknown_source": "2"})})

    part = client.post(url(name="colours"), headers={"X-Requested-With": "fetch"}).content.decode()
    page = client.post(url(name="colours")).content.decode()

    assert "<html" not in part
    assert "<html" in page
    assert "2 F0 chưa rõ nguồn lây trong 14 ngày" in part
    assert "2 F0 chưa rõ nguồn lây trong 14 ngày" in page
    assert not CountEntry.objects.filter(day=DAY).exists()
