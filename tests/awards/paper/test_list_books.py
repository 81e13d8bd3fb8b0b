"""Lists as workbooks: who is proposed or awarded, under a code, and never a formula."""

import io

import pytest
from openpyxl import load_workbook

from awards.paper.list_books import decided_book, proposed_book
from core.issued_papers import Statement
from core.letters import Seal
from riskmap.paper.books import STARTS_A_FORMULA
from tests.awards.paper.contents import decided_content, proposed_content
from tests.core.letters.samples import MOMENT

SEAL = Seal("7KQ2M-X4TRA", "bando.example/xac-minh")


def says(content) -> Statement:
    return Statement("list", content, MOMENT, None, "Danh sách khen thưởng", ("Đợt", "Đợt 1"))


def rows(body: bytes, sheet: str = "Danh sách") -> list[dict]:
    head, *rest = load_workbook(io.BytesIO(body))[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rest]


def test_proposed_list_has_each_with_the_opinion_and_why_nevertheless():
    collective, person, other = rows(proposed_book(says(proposed_content()), seal=SEAL))

    assert (collective["STT"], person["STT"], other["STT"]) == (1, 1, 2)
    assert (collective["Tên"], collective["Địa bàn"]) == ("Xã Phước Hậu", "Huyện Ninh Phước")
    assert (person["Đối tượng"], person["Chức vụ, nơi công tác"]) == ("cá nhân", "Trạm trưởng Trạm Y tế")
    assert (person["Việc đã làm"], person["Ý kiến Sở Y tế"]) == ("Trực chốt.", "đồng ý")
    assert (other["Ý kiến Sở Y tế"], other["Vì sao vẫn trình"]) == ("không đồng ý", "Vì đã xem lại.")
    assert collective["Ý kiến Sở Y tế"] is None


def test_decided_list_has_what_became_of_each():
    collective, person, other = rows(decided_book(says(decided_content()), seal=SEAL))

    assert (collective["Kết quả"], collective["Tiền thưởng (đồng)"]) == ("được khen", 2980000)
    assert person["Mã trên bằng khen"] == "23456-789AD"
    assert (other["Kết quả"], other["Vì sao không khen"]) == ("không khen", "Đã khen đợt trước.")
    assert (other["Tiền thưởng (đồng)"], other["Mã trên bằng khen"]) == (None, None)


def test_code_and_facts_stand_on_a_sheet_of_their_own():
    about = {
        row["Mục"]: row["Nội dung"]
        for row in rows(decided_book(says(decided_content()), seal=SEAL), "Thông tin")
    }
    draft = {
        row["Mục"]: row["Nội dung"]
        for row in rows(proposed_book(says(proposed_content()), seal=None), "Thông tin")
    }

    assert about == {
        "Văn bản": "Danh sách khen thưởng",
        "Đợt": "Đợt 1",
        "Mã xác minh": "7KQ2M-X4TRA",
        "Kiểm tra tại": "bando.example/xac-minh",
    }
    assert (draft["Tình trạng"], "Mã xác minh" in draft) == ("DỰ THẢO", False)


@pytest.mark.parametrize("begin", STARTS_A_FORMULA)
def test_no_cell_is_a_formula_whatever_a_name_begins_with(begin):
    book = load_workbook(
        io.BytesIO(decided_book(says(decided_content(name=f'{begin}cmd|"/c calc"!A1')), seal=SEAL))
    )

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not any(cell.data_type == "f" for cell in cells)
    [name] = [cell for cell in cells if "calc" in str(cell.value)]
    assert (name.data_type, name.quotePrefix) == ("s", True)


def test_same_list_is_the_same_bytes_and_opens_under_its_head():
    body = proposed_book(says(proposed_content()), seal=SEAL)
    page = load_workbook(io.BytesIO(body))["Danh sách"]

    assert body == proposed_book(says(proposed_content()), seal=SEAL)
    assert (page.freeze_panes, page.auto_filter.ref) == ("D2", "A1:K4")
