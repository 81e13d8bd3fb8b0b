"""A dossier's papers opened again: they say what was handed in, field by field, and keep saying it."""

import io
from datetime import timedelta

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from awards import handing_in
from awards.dossier_content import FORMAT, content_of_version
from awards.dossier_list_file import make_list
from awards.dossier_prints import prints_of, statement_of
from awards.handing_in import submit
from awards.models import Dossier, DossierVersion
from awards.paper.achievements import fact_rows
from campaign.models import Unit
from core.letters import LetterFormat, print_letter
from core.models import Area
from core.people import system_user
from tests.awards.dossiers import make_permit, make_version
from tests.awards.prints import DEADLINE, LONG_NAME, LONG_UNIT, NOW, make_printed
from tests.core.letters.samples import MM_PER_POINT, places_of, text_of, words_of

PDF, DOCX = LetterFormat

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed_in(monkeypatch) -> DossierVersion:
    monkeypatch.setattr(handing_in, "received_now", lambda: NOW)
    return submit(dossier=make_printed(), by=system_user())


def letters(version: DossierVersion) -> dict:
    content = content_of_version(version)
    return {
        each.name.split("-")[0] + each.key.partition("-")[2]: each.letter(content, moment=version.received_at)
        for each in prints_of(content)
    }


def papers(version: DossierVersion, form: LetterFormat) -> list[bytes]:
    return [print_letter(letter, form) for letter in letters(version).values()]


def words(body: bytes) -> list[str]:
    return words_of(Document(io.BytesIO(body)))


def test_submission_says_field_by_field_what_was_handed_in(handed_in):
    said = words(papers(handed_in, DOCX)[0])

    receipt = (
        f"Hồ sơ của {handed_in.dossier.area.name}, lần nộp 1, nhận lúc 09:00:00 ngày 31/8/2021. "
        f"Mã biên nhận {handed_in.receipt}. Mã băm nội dung {handed_in.sha256}."
    )
    district, province = handed_in.dossier.area.name, handed_in.dossier.area.parent.name
    standing = handed_in.content["nominees"][0]["evidence"]["standing"]
    achieved = f"{standing['words']}; {standing['rank_words']}"
    assert said == [
        "ỦY BAN NHÂN DÂN",
        district.upper(),
        "Số: 25/TTr-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        f"{handed_in.content['area']['place']}, ngày 05 tháng 9 năm 2021",
        "TỜ TRÌNH",
        "Về việc đề nghị khen thưởng tập thể, cá nhân có thành tích trong đợt 1, "
        "Phong trào thi đua giữ vùng xanh",
        "Kính gửi:",
        f"- Chủ tịch Ủy ban nhân dân {province[:1].lower()}{province[1:]}",
        f"- Sở Nội vụ {province[:1].lower()}{province[1:]}",
        "Đề nghị khen thưởng.",
        f"{handed_in.content['area']['called']} kính trình Chủ tịch Ủy ban nhân dân "
        f"{province[:1].lower()}{province[1:]} xem xét, khen thưởng 02 tập thể và 01 cá nhân có thành tích "
        "trong đợt 1, Phong trào thi đua giữ vùng xanh, từ ngày 01/8/2021 đến ngày 09/9/2021 "
        "(danh sách kèm theo)./.",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Lê Văn Chín",
        "Phụ lục",
        "DANH SÁCH ĐỀ NGHỊ KHEN THƯỞNG",
        f"(Kèm theo Tờ trình số 25/TTr-UBND của {handed_in.content['area']['called']})",
        "STT",
        "Tên tập thể; họ và tên, chức vụ, nơi công tác của cá nhân",
        "Thành tích",
        "Hình thức khen",
        "I. TẬP THỂ",
        "1",
        handed_in.content["nominees"][0]["unit"]["name"],
        achieved[:1].upper() + achieved[1:],
        "Bằng khen của Chủ tịch UBND tỉnh",
        "2",
        LONG_UNIT,
        "Bằng khen của Chủ tịch UBND tỉnh",
        "II. CÁ NHÂN",
        "1",
        f"{LONG_NAME}, Trưởng trạm, {LONG_UNIT}",
        "Trực 27 đêm ở khu cách ly. Lấy 1.204 mẫu.",
        "Bằng khen của Chủ tịch UBND tỉnh",
        receipt,
    ]


def test_summary_follows_its_form_with_the_locked_block(handed_in):
    _submission, of_commune, of_agency, of_person = (words(body) for body in papers(handed_in, DOCX))
    evidence = handed_in.content["nominees"][0]["evidence"]

    assert "(Mẫu số 06: thành tích xuất sắc đột xuất)" in of_commune
    assert "(Mẫu số 07: thành tích theo đợt thi đua)" in of_agency
    assert [line for line in of_commune if line[:3] in ("I. ", "II.", "III", "IV.")] == [
        "I. SƠ LƯỢC ĐẶC ĐIỂM, TÌNH HÌNH",
        "II. THÀNH TÍCH ĐẠT ĐƯỢC",
        "III. SỐ LIỆU DO CỔNG THÔNG TIN LẬP",
    ]
    assert of_agency[of_agency.index("III. CÁC HÌNH THỨC ĐÃ ĐƯỢC KHEN") + 1] == "Giấy khen năm 2020."
    assert "Giấy khen năm 2020." not in of_commune
    assert of_commune[of_commune.index("II. THÀNH TÍCH ĐẠT ĐƯỢC") + 1] == "Giữ vững vùng xanh."
    for label, value in fact_rows(evidence):
        assert of_commune[of_commune.index(label) + 1] == value
    facts = dict(fact_rows(evidence))
    assert facts["Số ca mắc mới (F0) trong đợt"].startswith("9 (")
    assert evidence["standing"]["hash"] in facts["Bảng xếp hạng"]
    assert facts["Bản đồ công bố"].startswith("số 1, ngày ")
    assert evidence["edition"]["hash"] in facts["Bản đồ công bố"]
    strip = of_commune[of_commune.index("Mức độ nguy cơ từng ngày trong đợt") + 1 :][
        : 4 * len(evidence["strip"])
    ]
    assert (strip[0], strip[-3]) == ("01/8/2021", "31/8/2021")
    assert sum(int(days) for days in strip[2::4]) == 31
    assert {"Bình thường mới (xanh)"} < set(strip[3::4])
    assert of_commune[-7:] == [
        "XÁC NHẬN CỦA", "CẤP TRÌNH KHEN THƯỞNG", "CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lê Văn Chín",
        "Phạm Văn Tám",
    ]  # fmt: skip
    assert "Đơn vị không có trong bảng xếp hạng của đợt." not in of_commune
    assert "Bảng xếp hạng" not in of_agency
    assert of_person[of_person.index("Họ và tên") + 1] == LONG_NAME
    assert of_person[of_person.index("Đơn vị đề cử") + 1] == LONG_UNIT
    assert of_person[of_person.index("1. Việc đã làm, nơi làm") + 1 :][:2] == [
        "Trực 27 đêm ở khu cách ly.",
        "Lấy 1.204 mẫu.",
    ]
    assert of_person[-1] == LONG_NAME


def test_pdf_says_the_same_within_the_margins_of_the_decree(handed_in):
    for letter in letters(handed_in).values():
        reader = PdfReader(io.BytesIO(print_letter(letter, PDF)))
        text = "".join(text_of(reader).split())
        for line in words(print_letter(letter, DOCX)):
            assert "".join(line.split()) in text
        for page in range(len(reader.pages)):
            box = reader.pages[page].mediabox
            assert [round(float(side) * MM_PER_POINT) for side in (box.width, box.height)] == [210, 297]
            lines = [line for line in places_of(reader, page) if line[0] != str(page + 1) and line[2] < 277]
            assert all(30 <= x < 195 for _words, x, _y, _points in lines)


def test_papers_of_a_version_are_the_same_whatever_was_changed_since(handed_in):
    before = [papers(handed_in, form) for form in (PDF, DOCX)]

    Area.objects.filter(pk=handed_in.dossier.area_id).update(name="Huyện Khác", type_word="Huyện")
    Unit.objects.update(name="Đơn vị khác", head="Người khác")
    handed_in.dossier.nominees.update(deeds="Việc khác")
    handed_in.dossier.items.update(words={})
    handed_in.dossier.phase.campaign.__class__.objects.update(title="Phong trào khác")

    again = DossierVersion.objects.select_related("dossier").get(pk=handed_in.pk)
    assert [papers(again, form) for form in (PDF, DOCX)] == before


def test_late_dossier_says_so_on_every_paper(monkeypatch):
    late = DEADLINE + timedelta(hours=2)
    monkeypatch.setattr(handing_in, "received_now", lambda: late)
    dossier = make_printed()
    make_permit(dossier, reason="Đường sạt lở.", expires_at=late + timedelta(days=1))
    version = submit(dossier=dossier, by=system_user())

    for body in papers(version, DOCX):
        said = words(body)
        assert "(Hồ sơ nộp muộn, theo phép của Sở Nội vụ: Đường sạt lở)" in said
        assert any("Hạn nhận 00:00:00 ngày 08/9/2021." in line for line in said)
    content = content_of_version(version)
    assert "nộp muộn theo phép" in " ".join(statement_of(version, content, "submission").facts)


def test_statement_names_no_person(handed_in):
    content = content_of_version(handed_in)

    for each in prints_of(content):
        says = statement_of(handed_in, content, each.key)
        told = " ".join([says.title, *says.facts])
        assert "02 tập thể và 01 cá nhân" in told
        assert LONG_NAME not in told
        assert "Lê Văn Chín" not in told


def test_version_of_an_older_program_is_printed_with_offices_as_of_now(handed_in):
    old = {
        name: value
        for name, value in handed_in.content.items()
        if name not in ("about", "number", "received_by")
    }
    old["format"] = FORMAT - 1
    old["area"] = {name: old["area"][name] for name in ("code", "name")}
    old["nominees"] = [
        each | {"unit": {name: each["unit"][name] for name in ("code", "name", "kind")}}
        for each in old["nominees"]
    ]
    version = make_version(handed_in.dossier, number=2, content=old, received_at=NOW)
    version.dossier = Dossier.objects.select_related("phase__campaign__province", "area").get()

    said = [words(body) for body in papers(version, DOCX)]

    assert "25/TTr-UBND" in said[0][2]
    assert [len(each) for each in said] == [len(words(body)) for body in papers(handed_in, DOCX)]


def test_list_as_a_workbook_has_the_rows_of_the_paper(handed_in):
    content = content_of_version(handed_in)

    body = make_list(content, moment=handed_in.received_at)

    assert body == make_list(content, moment=handed_in.received_at)
    sheet = load_workbook(io.BytesIO(body)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(place for place, row in enumerate(rows) if row[0] == "STT")
    assert dict((row[0], row[2]) for row in rows[:head] if row[0])["Mã băm"] == handed_in.sha256
    commune, agency, person = rows[head + 1 :]
    assert commune[:3] == [1, "tập thể", content["nominees"][0]["unit"]["name"]]
    assert (commune[8], commune[12], commune[14]) == (1, 9, 1)
    assert (agency[2], agency[8]) == (LONG_UNIT, None)
    assert person[:5] == [3, "cá nhân", LONG_NAME, "Trưởng trạm", LONG_UNIT]
