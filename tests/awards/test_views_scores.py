"""Scoring's pages: criteria, one's sheet, save and next, what others gave, the workbook."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from awards.criteria import CriterionSaid, criteria_of, fingerprint, set_criteria
from awards.models import Score
from awards.scores import Points, save_scores
from core.enums import Role
from core.people import system_user
from tests.awards.dossiers import AT, PERSON, make_dossier, make_nominee
from tests.awards.reviewers import handed_in, reviewer_of, taken_up
from tests.awards.reviews import make_score
from tests.campaign.units import make_unit
from tests.factories import DistrictFactory, GrantFactory

pytestmark = pytest.mark.django_db

SAID = [CriterionSaid("Việc làm", "", 10, 3), CriterionSaid("Kết quả", "", 20, 1)]


def _client(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _set(phase, said=SAID):
    return set_criteria(phase=phase, said=said, seen=fingerprint([]), by=system_user(), at=AT)


def _sheet(nominee) -> str:
    return f"/review/{nominee.dossier_id}/nominees/{nominee.pk}/score/"


def _filled(criteria, *points, version: int = 0) -> dict:
    given = dict(zip(criteria, points, strict=True))
    said = {f"criterion-{each.pk}-points": "" if mark is None else mark for each, mark in given.items()}
    return said | {f"criterion-{each.pk}-version": version for each in criteria}


@pytest.fixture
def dossier():
    """In review, of three: a collective, an office, and one more office."""
    dossier = handed_in()
    for _number in range(2):
        make_nominee(dossier, make_unit(dossier.area, "agency"))
    return taken_up(dossier)


def test_saving_goes_on_to_who_has_the_fewest_sheets(dossier):
    criteria = _set(dossier.phase)
    first, second, third = dossier.nominees.order_by("place")
    for each in criteria:
        make_score(second, each, reviewer_of(dossier))
    client = _client(dossier.reviewer)

    assert client.get(f"/review/phases/{dossier.phase_id}/scores/next/").url == _sheet(first)
    answer = client.post(_sheet(first), _filled(criteria, 8, 15))

    assert answer.url == _sheet(third)
    assert client.post(_sheet(third), _filled(criteria, 8, 15)).url == _sheet(second)
    assert client.post(_sheet(second), _filled(criteria, 8, 15)).url.endswith("/scores/")
    told = client.get(f"/review/phases/{dossier.phase_id}/scores/").content.decode()
    assert "Bạn đã chấm 3/3" in told
    assert "Bạn đã chấm hết" in told


def test_stay_stays_and_half_a_sheet_waits(dossier):
    criteria = _set(dossier.phase)
    nominee = dossier.nominees.first()
    client = _client(dossier.reviewer)

    answer = client.post(_sheet(nominee), _filled(criteria, 8, None) | {"then": "stay"})

    assert answer.url == _sheet(nominee)
    page = client.get(_sheet(nominee))
    assert page.context["turn"].done == 0
    assert nominee in page.context["turn"].waiting
    assert page.context["row"].human is None
    assert "80,0" in page.content.decode()  # the weighted share so far


def test_points_of_others_show_once_ones_own_sheet_is_whole_or_the_review_is_over(dossier):
    criteria = _set(dossier.phase)
    nominee = dossier.nominees.first()
    other = reviewer_of(dossier)
    for each in criteria:
        make_score(nominee, each, other, points=5, note="Chỉ tôi nghĩ vậy.")
    client = _client(dossier.reviewer)

    before = client.get(_sheet(nominee))
    assert before.context["row"].human is None
    assert before.context["row"].sheets == ()
    listed = client.get(f"/review/phases/{dossier.phase_id}/scores/")
    assert next(row for row in listed.context["page"] if row.nominee == nominee).human is None
    client.post(_sheet(nominee), _filled(criteria, 10, 20))
    after = client.get(_sheet(nominee)).context["row"].human
    assert (after.count, after.mean) == (2, pytest.approx((100 + (37.5 + 6.25)) / 2))

    stranger = _client(reviewer_of(dossier))
    assert stranger.get(_sheet(nominee)).context["row"].human is None
    dossier.status = "reviewed"
    dossier.save()
    assert stranger.get(_sheet(nominee)).context["row"].human.count == 2


def test_who_has_an_interest_sees_neither_form_nor_scores(dossier):
    criteria = _set(dossier.phase)
    nominee = dossier.nominees.first()
    make_score(nominee, criteria[0], dossier.reviewer, note="Chỉ tôi nghĩ vậy.")
    by = reviewer_of(dossier)
    GrantFactory(user=by, area=dossier.area, role=Role.HOME_AFFAIRS)
    dossier.status = "reviewed"
    dossier.save()
    client = _client(by)

    answer = client.get(_sheet(nominee))

    assert "địa bàn bạn được giao" in answer.content.decode()
    assert "data-score-sheet" not in answer.content.decode()
    assert answer.context["row"].human is None
    assert answer.context["turn"].total == 0
    assert "Chỉ tôi nghĩ vậy" not in _cells(client, dossier.phase)
    refused = client.post(_sheet(nominee), _filled(criteria, 1, 1))
    assert refused.status_code == 200
    assert not Score.objects.filter(scored_by=by).exists()


def test_conflict_of_two_windows_shows_both_and_the_next_save_is_over_it(dossier):
    criteria = _set(dossier.phase)
    nominee = dossier.nominees.first()
    client = _client(dossier.reviewer)
    client.post(_sheet(nominee), _filled(criteria, 8, 15))

    answer = client.post(_sheet(nominee), _filled(criteria, 3, 15))

    told = answer.content.decode()
    assert "Cửa sổ khác đã ghi 8 điểm" in told
    assert 'value="3"' in told
    line = answer.context["lines"][0]
    again = _filled(criteria, 3, 15) | {f"criterion-{criteria[0].pk}-version": line["version"].value()}
    assert client.post(_sheet(nominee), again).status_code == 302
    assert Score.objects.get(criterion=criteria[0]).points == 3


@pytest.mark.parametrize("points", ["11", "x", "-1"])
def test_faulty_points_keep_what_was_typed(dossier, points):
    criteria = _set(dossier.phase)
    nominee = dossier.nominees.first()
    said = _filled(criteria, points, 15) | {f"criterion-{criteria[0].pk}-note": "Đã gõ"}

    answer = _client(dossier.reviewer).post(_sheet(nominee), said)

    assert answer.status_code == 200
    assert "Đã gõ" in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert not Score.objects.exists()


def _criteria_form(*rows, seen: str) -> dict:
    said = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0, "seen": seen}
    for number, row in enumerate(rows):
        names = ("label", "recipient", "maximum", "weight")
        said |= {f"form-{number}-{name}": value for name, value in zip(names, row, strict=True)}
    return said


def test_criteria_are_set_by_the_page_over_what_was_seen():
    dossier = taken_up()
    client, address = _client(dossier.reviewer), f"/review/phases/{dossier.phase_id}/criteria/"
    seen = client.get(address).context["seen"]
    said = _criteria_form(("Việc làm", "", 10, 3), ("", "", "", ""), ("Kết quả", "person", 20, 1), seen=seen)

    assert client.post(address, said).url == f"/review/phases/{dossier.phase_id}/scores/"
    late = client.post(address, _criteria_form(("Khác", "", 10, 1), seen=seen))
    wrong = client.post(address, _criteria_form(("Khác", "", "", 900), seen=seen))

    assert [row.label for row in criteria_of(dossier.phase)] == ["Việc làm", "Kết quả"]
    told = late.content.decode()
    assert "Người khác đã đặt tiêu chí" in told
    assert "Kết quả" in told
    assert "Khác</textarea>" in told
    assert wrong.status_code == 200
    assert "Xin sửa những chỗ được đánh dấu" in wrong.content.decode()
    make_score(dossier.nominees.get(), criteria_of(dossier.phase)[0], dossier.reviewer)
    fixed = client.get(address).content.decode()
    assert "không đổi được nữa" in fixed
    assert "form-0-label" not in fixed


def _cells(client: Client, phase) -> str:
    answer = client.get(f"/review/phases/{phase.pk}/scores.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    return "\n".join(
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    )


def test_workbook_has_what_may_be_seen_and_no_formula(dossier):
    criteria = _set(dossier.phase)
    nominee = dossier.nominees.first()
    client = _client(dossier.reviewer)
    said = [Points(criteria[0].pk, 8, "=1+1", 0), Points(criteria[1].pk, 15, "", 0)]
    save_scores(nominee=nominee, said=said, by=dossier.reviewer, at=AT.replace(year=2998))

    answer = client.get(f"/review/phases/{dossier.phase_id}/scores.xlsx")

    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Hai loại điểm", "Từng phiếu", "Tiêu chí"]
    notes = [row for row in book["Từng phiếu"].iter_rows(values_only=True) if "=1+1" in row]
    assert len(notes) == 1
    cells = [cell for row in book["Từng phiếu"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert (cells[0].data_type, cells[0].quotePrefix) == ("s", True)
    told = _cells(client, dossier.phase)
    assert "78.75" in told  # (3 × 0.8 + 1 × 0.75) of 4
    assert "Chưa hiện" in told  # of the others


def test_phase_of_another_province_is_not_found(dossier):
    _set(dossier.phase)
    stranger = _client(reviewer_of(make_dossier()))
    nominee = dossier.nominees.first()

    for rest in ("criteria/", "scores/", "scores/next/", "scores.xlsx"):
        assert stranger.get(f"/review/phases/{dossier.phase_id}/{rest}").status_code == 404
    assert stranger.get(_sheet(nominee)).status_code == 404


def test_pages_of_many_take_as_many_questions_as_of_few(dossier):
    criteria = _set(dossier.phase)
    client = _client(dossier.reviewer)
    nominee = dossier.nominees.first()
    addresses = (_sheet(nominee), f"/review/phases/{dossier.phase_id}/scores/",
                 f"/review/phases/{dossier.phase_id}/scores.xlsx")  # fmt: skip

    def counted() -> list[int]:
        found = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        return found

    few = counted()
    others = [reviewer_of(dossier) for _number in range(3)]
    for number in range(12):
        more = make_dossier(DistrictFactory(parent=dossier.area.parent), dossier.phase, status="in_review")
        unit = make_unit(more.area, "agency")
        person = {"kind": PERSON, "person": f"Người {number}", "person_post": "Y tá", "deeds": "x"}
        for row in (make_nominee(more, unit), make_nominee(more, unit, search_text=f"n {number}", **person)):
            for by in others:
                make_score(row, criteria[0], by)

    assert counted() == few
    assert max(few) <= 45
