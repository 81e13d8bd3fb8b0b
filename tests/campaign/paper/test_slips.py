"""Slips: what the paper of one registration says, and who signs it."""

import pytest

from campaign.enums import RegistrationStatus
from campaign.models import Registration
from campaign.paper.slips import slip_of
from core.letters import Facts, Issuer, LetterFormat, Paragraph, Signature, print_letter
from core.letters.wording import BLANK
from riskmap.models import MapEdition
from tests.campaign.paper.registered import loaded, make_ground, register, rename
from tests.campaign.units import AT, make_registration, make_unit
from tests.core.letters.samples import HOSTILE, read_docx, read_pdf, text_of, words_of
from tests.factories import HamletFactory
from tests.house.places import publish_map


@pytest.fixture
def ground(db):
    return make_ground()


def facts_of(letter):
    [facts] = [block for block in letter.blocks if isinstance(block, Facts)]
    return dict(facts.rows)


def test_slip_says_what_was_registered(ground):
    province, campaign = ground
    registration = register(campaign, province.communes["90101"])

    slip = slip_of(registration)

    assert slip.issuer == Issuer(("Ủy ban nhân dân", "Xã Phước Hải"))
    assert (slip.number, slip.place, slip.day) == ("12/ĐK", "Phước Hải", "ngày 24 tháng 8 năm 2021")
    assert slip.kind == "Phiếu đăng ký"
    assert slip.subject.startswith("Tham gia phong trào thi đua bảo vệ “Vùng xanh”")
    assert slip.addressees == ("Ủy ban nhân dân huyện Ninh Phước",)
    assert facts_of(slip) == {
        "Đơn vị đăng ký:": "Xã Phước Hải",
        "Mã trên cổng:": f"90101, đăng ký số {registration.pk}",
        "Địa bàn:": "Xã Phước Hải, Huyện Ninh Phước, Tỉnh Ninh Thuận",
        "Đối tượng thi đua:": "Đảng bộ, chính quyền và Nhân dân các xã, phường, thị trấn",
        "Mức lúc đăng ký:": "Nguy cơ cao (cam), ngày 24/8/2021",
        "Mục tiêu:": "Bình thường mới (xanh), đạt vào ngày 10/9/2021",
        "Văn bản đăng ký:": "Số 12/ĐK ngày 24/8/2021",
        "Người đứng đầu:": "Nguyễn Thị Sáu, Chủ tịch",
        "Tình trạng:": "Đã xác nhận (lúc 08:00 ngày 25/8/2021)",
    }
    assert Paragraph("Kiểm soát ra vào.") in slip.blocks
    assert slip.blocks[-1].text.endswith("./.")
    assert slip.moment == AT
    assert slip.signatures == (
        Signature(("XÁC NHẬN CỦA", "UBND HUYỆN NINH PHƯỚC")),
        Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Thị Sáu"),
    )


def test_draft_leaves_room_for_what_is_not_known(ground):
    province, campaign = ground
    unit = make_unit(province.communes["90101"], head="Lê Văn Bảy", head_post="Phó Chủ tịch UBND xã")

    slip = slip_of(loaded(make_registration(campaign, unit)))

    assert (slip.number, slip.day) == (BLANK, f"ngày{BLANK}tháng{BLANK}năm 2021")
    said = facts_of(slip)
    assert said["Mức lúc đăng ký:"] == "Ghi khi cấp trên xác nhận"
    assert said["Văn bản đăng ký:"] == BLANK
    assert said["Tình trạng:"] == "Đang soạn"
    assert said["Người đứng đầu:"] == "Lê Văn Bảy, Phó Chủ tịch UBND xã"
    assert slip.signatures[1] == Signature(
        ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "Lê Văn Bảy"
    )


def test_slip_that_is_sent_or_stopped_says_so(ground):
    province, campaign = ground
    sent = register(campaign, province.communes["90101"], status=RegistrationStatus.SUBMITTED)
    stopped = register(campaign, province.communes["90102"], status=RegistrationStatus.SUSPENDED)

    assert facts_of(slip_of(sent))["Tình trạng:"] == "Chờ xác nhận (gửi lúc 08:00 ngày 25/8/2021)"
    assert facts_of(slip_of(stopped))["Tình trạng:"] == "Tạm dừng (lúc 08:00 ngày 25/8/2021): Cần bổ sung."


def test_level_at_the_start_is_that_of_a_published_map(ground):
    province, campaign = ground
    province.post(complete=(0, 5))
    publish_map(province)
    registration = register(campaign, province.communes["90101"])
    edition = MapEdition.objects.get(province=province.area)
    Registration.objects.filter(pk=registration.pk).update(
        starting_edition=edition, starting_provisional=True
    )

    assert facts_of(slip_of(loaded(registration)))["Mức lúc đăng ký:"] == (
        "Nguy cơ cao (cam), ngày 24/8/2021, tạm tính do thiếu báo cáo, theo bản đồ công bố số 1"
    )


def test_unit_of_each_tier_is_named_as_its_office_is(ground):
    province, campaign = ground
    commune, district = province.communes["90101"], province.districts["901"]
    hamlet = HamletFactory(parent=commune, name="Thôn Thành Tín")
    rename(province.communes["90102"], "Thị trấn Phước Dân", "Thị trấn")

    of_hamlet = slip_of(register(campaign, hamlet, head_post=""))
    of_district = slip_of(register(campaign, district))
    of_company = slip_of(
        register(campaign, province.area, "enterprise", name="Công ty Cổ phần Muối", head_post="Phó Giám đốc")
    )
    of_town = slip_of(register(campaign, province.communes["90102"]))

    assert of_hamlet.issuer == Issuer(("Thôn Thành Tín",), superior=("UBND Xã Phước Hải",))
    assert of_hamlet.addressees == ("Ủy ban nhân dân xã Phước Hải",)
    assert of_hamlet.signatures[1].capacity == ("TRƯỞNG THÔN",)
    assert of_district.issuer == Issuer(("Ủy ban nhân dân", "Huyện Ninh Phước"))
    assert of_district.addressees == ("Sở Nội vụ tỉnh Ninh Thuận",)
    assert of_district.signatures[0].capacity == ("XÁC NHẬN CỦA", "SỞ NỘI VỤ")
    assert of_company.issuer == Issuer(("Công ty Cổ phần Muối",))
    assert of_company.place == "Ninh Thuận"
    assert of_company.signatures[1].capacity == ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    assert of_town.issuer.name == ("Ủy ban nhân dân", "Thị trấn Phước Dân")
    assert of_town.place == "Phước Dân"


def test_slip_in_both_forms_says_the_same_on_one_page(ground):
    province, campaign = ground
    slip = slip_of(register(campaign, province.communes["90101"], solutions="Một.\r\n\r\nHai.\nBa."))

    reader = read_pdf(slip)

    assert len(reader.pages) == 1
    assert " ".join(words_of(read_docx(slip))) == text_of(reader)
    assert "Giải pháp chính Một. Hai. Ba. Đơn vị cam kết" in text_of(reader)


def test_same_registration_gives_the_same_bytes(ground):
    province, campaign = ground
    registration = register(campaign, province.communes["90101"])

    for form in LetterFormat:
        first = print_letter(slip_of(registration), form)
        assert print_letter(slip_of(loaded(registration)), form) == first


@pytest.mark.parametrize("hostile", HOSTILE[:-1])
def test_what_people_typed_is_printed_as_text(ground, hostile):
    province, campaign = ground
    registration = register(
        campaign,
        province.communes["90101"],
        name=hostile[:60],
        head=hostile[:60],
        head_post=hostile[:60],
        document_number=hostile[:60],
        solutions=f"{hostile}\n{'M' * 2000}\n{hostile}",
    )

    slip = slip_of(registration)

    text = text_of(read_pdf(slip)).replace(" ", "")
    assert text.count(hostile[:60].replace(" ", "")) >= 5
    assert [line.text for line in read_docx(slip).paragraphs].count(hostile) == 2


def test_slip_asks_the_database_nothing_once_its_registration_is_read(ground, django_assert_num_queries):
    province, campaign = ground
    registration = register(campaign, province.communes["90101"])

    with django_assert_num_queries(0):
        slip_of(registration)
