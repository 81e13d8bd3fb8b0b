"""Papers by HTTP: handed out, cached, refused in words, and recognised when they come back."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from pypdf import PdfReader

from core.models import AreaBoundary, BoundarySet
from core.people import system_user
from riskmap import views_paper
from riskmap.models import IssuedFile
from riskmap.pace import Pace
from riskmap.policies import set_policy
from tests.riskmap.paper.ground import province_on_paper, put_out

HERE = "/maps/90/2021-08-04"
ALL = ["map.pdf", "map.pdf?size=a3", "map.svg", "map.png", "levels.xlsx", "levels.csv"]


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch):
    """The pace of each test is its own."""
    monkeypatch.setattr(views_paper, "_pace_of_files", Pace(per_minute=60))
    monkeypatch.setattr(views_paper, "_pace_of_checks", Pace(per_minute=30))


@pytest.fixture
def province(db, tmp_path):
    return province_on_paper(tmp_path)


@pytest.fixture
def edition(province):
    return put_out(province, 3)


def code_of(answer) -> str:
    """The code in the name of a file: XXXXX-XXXXX."""
    return answer["Content-Disposition"].rpartition(".")[0][-11:]


def check(client, content: bytes, name: str = "x.bin"):
    return client.post("/xac-minh", {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("file", ALL)
def test_file_is_handed_out_once_and_recognised_by_code_and_by_content(client, edition, file):
    answer = client.get(f"{HERE}/{file}")

    again = client.get(f"{HERE}/{file}")
    by_code = client.get("/xac-minh", {"code": code_of(answer).lower()})
    by_content = check(client, answer.content)

    assert answer.status_code == 200
    assert answer.content == again.content
    assert IssuedFile.objects.count() == 1
    assert by_code.status_code == by_content.status_code == 200
    assert "Mã thật" in by_code.content.decode()
    assert "còn nguyên vẹn" in by_content.content.decode()
    assert edition.hash[:16] in by_code.content.decode()
    assert by_code.context["found"] == by_content.context["found"]


def test_every_file_carries_its_own_code(client, edition):
    answers = {file: client.get(f"{HERE}/{file}") for file in ALL}
    codes = {file: code_of(answer) for file, answer in answers.items()}

    pdf = PdfReader(io.BytesIO(answers["map.pdf"].content)).pages[0].extract_text()
    about = load_workbook(io.BytesIO(answers["levels.xlsx"].content))["Thông tin"]

    assert len(set(codes.values())) == len(ALL)
    assert codes["map.pdf"] in pdf
    assert codes["map.svg"] in answers["map.svg"].content.decode()
    assert codes["levels.xlsx"] in [row[1].value for row in about.iter_rows()]
    assert answers["levels.csv"].content.decode().count(codes["levels.csv"]) == 6


@pytest.mark.parametrize(
    ("file", "media_type", "disposition"),
    [
        ("map.pdf", "application/pdf", "inline"),
        ("map.svg", "image/svg+xml", "inline"),
        ("map.png", "image/png", "inline"),
        ("levels.csv", "text/csv; charset=utf-8", "attachment"),
    ],
)
def test_file_has_a_type_a_name_and_a_tag(client, edition, file, media_type, disposition):
    answer = client.get(f"{HERE}/{file}")

    assert answer["Content-Type"] == media_type
    kind = "muc-do-90" if "levels" in file else "ban-do-90"
    assert answer["Content-Disposition"].startswith(
        f'{disposition}; filename="{kind}-2021-08-04-commune-cong'
    )
    assert answer["Content-Language"] == "vi"
    assert "Cookie" not in answer.get("Vary", "")
    assert answer["Cache-Control"] == "public, max-age=60"


def test_file_that_is_known_already_is_not_sent_again(client, edition):
    etag = client.get(f"{HERE}/map.pdf")["ETag"]

    answer = client.get(f"{HERE}/map.pdf", headers={"if-none-match": etag})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)


def test_paper_is_in_vietnamese_whoever_asks(client, edition):
    vietnamese = client.get(f"{HERE}/levels.csv").content
    client.cookies["django_language"] = "en"

    assert client.get(f"{HERE}/levels.csv").content == vietnamese


def test_address_on_paper_is_that_of_the_setting(client, edition, settings):
    settings.PORTAL_URL = "https://bando.example"

    text = PdfReader(io.BytesIO(client.get(f"{HERE}/map.pdf").content)).pages[0].extract_text()

    assert "bando.example/xac-minh" in text


def test_layer_and_view_are_those_asked_for(client, edition):
    known = client.get(f"{HERE}/levels.csv?view=known&layer=district")

    assert known.content.decode().count("\r\n") == 3
    assert "district-theo-so-lieu-hien-nay" in known["Content-Disposition"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{HERE}/map.pdf?size=a5", 400),
        (f"{HERE}/map.pdf?size=", 400),
        (f"{HERE}/map.pdf?size=a4&size=a3", 400),
        (f"{HERE}/map.pdf?layer=hamlet", 400),
        (f"{HERE}/levels.csv?view=guessed", 400),
        ("/maps/90/2021-02-30/map.pdf", 400),
        ("/maps/90/04-08-2021/map.pdf", 400),
        ("/maps/90/٢٠٢١-08-04/map.pdf", 400),
        ("/maps/90/0000-00-00/levels.csv", 400),
        ("/maps/91/2021-08-04/map.pdf", 404),
        ("/maps/90%00/2021-08-04/map.pdf", 404),
        ("/maps/90/2021-08-03/map.pdf", 404),
        ("/maps/90/9999-12-31/levels.csv?view=known", 404),
        (f"{HERE}/map.gif", 404),
        (f"{HERE}/map.csv", 404),
        (f"{HERE}/levels.pdf", 404),
    ],
)
def test_bad_address_is_refused_in_a_page(client, edition, address, status):
    answer = client.get(address)

    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    assert not IssuedFile.objects.exists()


def test_map_without_boundaries_is_refused_and_its_table_is_not(client, edition):
    AreaBoundary.objects.all().delete()
    BoundarySet.objects.all().delete()

    assert client.get(f"{HERE}/levels.csv").status_code == 200
    answer = client.get(f"{HERE}/map.pdf")
    assert answer.status_code == 404
    assert "ranh giới" in answer.content.decode()


def test_too_many_files_are_refused_for_a_while(client, edition, monkeypatch):
    monkeypatch.setattr(views_paper, "_pace_of_files", Pace(per_minute=1))
    client.get(f"{HERE}/levels.csv")

    answer = client.get(f"{HERE}/levels.csv")

    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


def test_file_that_was_changed_is_told_from_the_genuine_one(client, edition):
    answer = client.get(f"{HERE}/levels.csv")

    page = check(client, answer.content.replace(b"xanh", b"cam "), f"muc-do-{code_of(answer)}.csv")

    assert "đã bị thay đổi" in page.content.decode()
    assert page.context["found"].file.totals == [0, 1, 2, 2, 1]


def test_file_from_elsewhere_is_not_recognised(client, edition):
    page = check(client, b"anything", "<b>map</b>.pdf").content.decode()

    assert "Không nhận ra tệp này" in page
    assert "<b>map" not in page


@pytest.mark.parametrize("code", ["23456-789AC", "không có", "<script>", "2" * 5000, "\x00"])
def test_unknown_code_is_a_clear_page_of_404(client, db, code):
    answer = client.get("/xac-minh", {"code": code})

    assert answer.status_code == 404
    assert "Không có mã này" in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_empty_form_is_the_page_alone(client, db):
    assert client.get("/xac-minh").status_code == client.get("/xac-minh?code=").status_code == 200


def test_nothing_posted_is_asked_for(client, db):
    answer = client.post("/xac-minh")

    assert answer.status_code == 400
    assert "Xin chọn tệp" in answer.content.decode()


def test_too_large_a_file_is_refused_before_it_is_read(client, db):
    answer = client.post(
        "/xac-minh", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="22000000"
    )

    assert answer.status_code == 413
    assert "20 MB" in answer.content.decode()


def test_checks_are_limited_and_the_form_is_not(client, db, monkeypatch):
    monkeypatch.setattr(views_paper, "_pace_of_checks", Pace(per_minute=1))
    client.get("/xac-minh?code=23456-789AC")

    assert client.get("/xac-minh?code=23456-789AC").status_code == 429
    assert client.get("/xac-minh").status_code == 200


def test_later_edition_and_simulation_are_said(client, province, edition):
    set_policy(province=province.area, simulated=True, by=system_user())
    code = code_of(client.get(f"{HERE}/levels.csv"))
    put_out(province, 3, hour=19)

    page = client.get("/xac-minh", {"code": code}).content.decode()

    assert "Đã có bản công bố mới hơn" in page
    assert "Số liệu mô phỏng" in page


def test_page_is_in_english_too(client, edition):
    code = code_of(client.get(f"{HERE}/levels.csv"))
    client.cookies["django_language"] = "en"

    page = client.get("/xac-minh", {"code": code}).content.decode()

    assert "Genuine code" in page
    assert "Mã thật" not in page
