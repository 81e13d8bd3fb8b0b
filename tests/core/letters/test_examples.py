"""The papers that offices write most: a proposal with its list, a decision, the minutes of a meeting."""

from datetime import date

import pytest

from core.letters import (
    Align,
    Appendix,
    Band,
    Column,
    Facts,
    Issuer,
    Items,
    Letter,
    LetterFormat,
    Paragraph,
    Sign,
    Signature,
    Style,
    Table,
    print_letter,
)
from core.letters.pdf import as_pictures
from core.letters.tidy import tidy
from core.letters.wording import closed, grounds, recipients, written_day, written_number
from tests.core.letters.samples import MOMENT, read_docx, read_pdf, text_of, words_of

PEOPLE = Table(
    (
        Column("STT", 13, Align.CENTRE),
        Column("Họ và tên", 40),
        Column("Chức vụ, đơn vị", 60),
        Column("Việc đã làm", 50),
    ),
    (
        Band("I. Tập thể"),
        ("1", "Xã Phước Hải", "Huyện Ninh Phước", "Giữ xanh 30 ngày liền"),
        Band("II. Cá nhân"),
        ("2", "Bà Nguyễn Thị Sáu", "Chủ tịch UBND xã Phước Hải", "Tổ chức 12 chốt kiểm soát"),
    ),
)


def proposal() -> Letter:
    """A tờ trình to the level above, with the list on pages of its own."""
    return Letter(
        issuer=Issuer(("Ủy ban nhân dân", "Huyện Ninh Phước")),
        number=written_number(12, "TTr-UBND"),
        place="Ninh Phước",
        day=written_day(date(2021, 9, 7)),
        kind="Tờ trình",
        subject="Về việc đề nghị biểu dương trong phong trào thi đua",
        addressees=("Chủ tịch Ủy ban nhân dân tỉnh", "Sở Nội vụ tỉnh"),
        blocks=(
            Paragraph("Qua một đợt thi đua, huyện có 02 trường hợp nổi bật (danh sách kèm theo)."),
            Paragraph("1. Kết quả", Style.CLAUSE),
            Items(("09 xã về xanh;", "không xã nào tái phát."), Sign.DASH),
            Paragraph(closed("Kính trình Chủ tịch Ủy ban nhân dân tỉnh xem xét, quyết định")),
        ),
        signatures=(Signature(("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "Trần Văn Tám"),),
        recipients=recipients(["Như trên", "Lưu: VT, NV"]),
        appendices=(
            Appendix(
                "Danh sách đề nghị biểu dương",
                (PEOPLE,),
                "Kèm theo Tờ trình số 12/TTr-UBND ngày 07 tháng 9 năm 2021 của UBND huyện Ninh Phước",
            ),
        ),
        moment=MOMENT,
    )


def decision() -> Letter:
    """A quyết định: whose power, on what grounds, and what is decided article by article."""
    why = grounds(
        [
            "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015",
            "Căn cứ Luật Thi đua, khen thưởng ngày 26 tháng 11 năm 2003",
            "Xét đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 05/TTr-SNV ngày 12 tháng 9 năm 2021",
        ]
    )
    return Letter(
        issuer=Issuer(("Ủy ban nhân dân", "Tỉnh Ninh Thuận")),
        number=written_number(5, "QĐ-UBND"),
        place="Ninh Thuận",
        day=written_day(date(2022, 1, 5)),
        kind="Quyết định",
        subject="Về việc biểu dương trong phong trào thi đua",
        blocks=(
            Paragraph("Chủ tịch Ủy ban nhân dân tỉnh Ninh Thuận".upper(), Style.ACT),
            *(Paragraph(ground, Style.GROUND) for ground in why),
            Paragraph("QUYẾT ĐỊNH:", Style.ACT),
            Paragraph("Biểu dương 01 tập thể và 01 cá nhân (danh sách kèm theo).", lead="Điều 1."),
            Paragraph("Quyết định này có hiệu lực kể từ ngày ký.", lead="Điều 2."),
            Paragraph(
                closed("Chánh Văn phòng Ủy ban nhân dân tỉnh và các đơn vị có tên thi hành Quyết định này"),
                lead="Điều 3.",
            ),
        ),
        signatures=(Signature(("CHỦ TỊCH",), "Nguyễn Văn Chín"),),
        recipients=recipients(["Như Điều 3", "Lưu: VT, VX"]),
        appendices=(Appendix("Danh sách", (PEOPLE,), "Kèm theo Quyết định số 05/QĐ-UBND", landscape=True),),
        moment=MOMENT,
    )


def minutes() -> Letter:
    """A biên bản, signed by who kept it and who presided."""
    return Letter(
        issuer=Issuer(("Hội đồng", "Thi đua - Khen thưởng"), superior=("UBND tỉnh Ninh Thuận",)),
        number=written_number(None, "BB-HĐ"),
        place="Ninh Thuận",
        day=written_day(date(2021, 9, 12)),
        kind="Biên bản",
        subject="Họp xét đề nghị biểu dương",
        blocks=(
            Facts(
                (
                    ("Thời gian bắt đầu:", "08 giờ 00 ngày 12 tháng 9 năm 2021"),
                    ("Địa điểm:", "Phòng họp số 2"),
                    ("Có mặt:", "09/11 thành viên"),
                )
            ),
            Paragraph("I. Nội dung", Style.PART),
            Items(("Đọc danh sách đề nghị.", "Bỏ phiếu kín: 09/09 phiếu đồng ý."), Sign.NUMBER),
            Paragraph(closed("Biên bản kết thúc vào 10 giờ 15 cùng ngày")),
        ),
        signatures=(
            Signature(("THƯ KÝ",), "Lê Thị Bảy"),
            Signature(("CHỦ TỌA",), "Nguyễn Văn Chín", "(Ký, ghi rõ họ tên)"),
        ),
        recipients=recipients(["Thành viên Hội đồng", "Lưu: Hồ sơ"]),
        moment=MOMENT,
    )


@pytest.mark.parametrize("paper", [proposal, decision, minutes])
def test_paper_says_the_same_in_both_forms_and_always(paper):
    reader = read_pdf(paper())

    assert " ".join(" ".join(words_of(read_docx(paper()))).split()) == text_of(reader)
    for form in LetterFormat:
        assert print_letter(paper(), form) == print_letter(paper(), form)
    assert len(as_pictures(tidy(paper()), ppi=40)) == len(reader.pages)


def test_proposal_goes_to_several_and_brings_its_list():
    first, second = (text_of(read_pdf(proposal()), page) for page in (0, 1))

    assert "Kính gửi: - Chủ tịch Ủy ban nhân dân tỉnh - Sở Nội vụ tỉnh" in first
    assert first.endswith("TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH Trần Văn Tám")
    assert second.startswith("Phụ lục DANH SÁCH ĐỀ NGHỊ BIỂU DƯƠNG (Kèm theo Tờ trình số 12/TTr-UBND")
    assert "II. Cá nhân 2 Bà Nguyễn Thị Sáu" in second


def test_decision_rests_on_grounds_and_closes_once():
    text = text_of(read_pdf(decision()), 0)

    assert "ngày 19 tháng 6 năm 2015; Căn cứ Luật Thi đua" in text
    assert "ngày 12 tháng 9 năm 2021. QUYẾT ĐỊNH: Điều 1. Biểu dương" in text
    assert "Ninh Thuận, ngày 05 tháng 01 năm 2022" in text
    assert text.count("./.") == 1


def test_minutes_are_signed_by_two_and_leave_room_for_their_number():
    text = text_of(read_pdf(minutes()), 0)

    assert "Số: /BB-HĐ" in text
    assert text.endswith(
        "THƯ KÝ CHỦ TỌA (Ký, ghi rõ họ tên) Lê Thị Bảy Nguyễn Văn Chín "
        "Nơi nhận: - Thành viên Hội đồng; - Lưu: Hồ sơ."
    )
