"""Placeholders: what a province's own Word template of each kind of paper may speak of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from awards.enums import PaperKind
from core.word_templates import Placeholder
from core.word_templates.letter_context import OF_LETTER

_MOVEMENT = (
    Placeholder("tỉnh", _("tỉnh, trong câu"), "tỉnh Ninh Thuận"),
    Placeholder("phong_trào", _("tên phong trào"), "phong trào thi đua chung sức phòng, chống dịch COVID-19"),
    Placeholder("đợt", _("tên đợt, trong câu"), "đợt 1"),
    Placeholder("từ_ngày", _("ngày đầu của đợt"), "18/8/2021"),
    Placeholder("đến_ngày", _("ngày cuối của đợt"), "10/9/2021"),
    Placeholder("văn_bản_luật", _("luật thi đua, khen thưởng áp dụng"), "Luật Thi đua, Khen thưởng năm 2003"),
    Placeholder("thủ_tục", _("thủ tục xét khen"), "thủ tục đơn giản"),
    Placeholder("đối_tượng", _("số tập thể, cá nhân bằng lời"), "03 tập thể và 02 cá nhân"),
    Placeholder("số_tập_thể", _("số tập thể"), "03"),
    Placeholder("số_cá_nhân", _("số cá nhân"), "02"),
)
_WORDS = Placeholder("lời", _("lời của đoạn"), "Nội dung của đoạn.")
_NUMBER = Placeholder("stt", _("số thứ tự"), "1")
_DISTRICT = Placeholder("địa_bàn", _("địa bàn"), "Huyện Ninh Phước")
_AWARD = Placeholder("hình_thức", _("hình thức khen"), "Bằng khen của Chủ tịch UBND tỉnh")
_DEEDS = Placeholder("thành_tích", _("thành tích tóm tắt"), "Giữ vùng xanh 24 ngày liền")
_MONEY = Placeholder("tiền_thưởng", _("tiền thưởng; trống khi chưa quyết định"), "1.490.000 đồng")
_GROUPS = (
    Placeholder(
        "tập_thể",
        _("các tập thể"),
        fields=(
            _NUMBER,
            Placeholder("tên", _("tên tập thể"), "Xã Phước Hải"),
            _DISTRICT,
            _AWARD,
            _DEEDS,
            _MONEY,
        ),
    ),
    Placeholder(
        "cá_nhân",
        _("các cá nhân"),
        fields=(
            _NUMBER,
            Placeholder("họ_tên", _("họ và tên"), "Nguyễn Thị Sáu"),
            Placeholder("chức_vụ", _("chức vụ, nơi công tác"), "Trạm trưởng Trạm Y tế xã Phước Hải"),
            Placeholder("đơn_vị", _("đơn vị đề cử"), "Xã Phước Hải"),
            _DISTRICT,
            _AWARD,
            _DEEDS,
            _MONEY,
        ),
    ),
)

PLACEHOLDERS: dict[PaperKind, tuple[Placeholder, ...]] = {
    PaperKind.OPINION_SLIP: (
        *OF_LETTER,
        *_MOVEMENT,
        Placeholder("hạn_trả_lời", _("hạn trả lời"), "17 giờ 00 ngày 12/9/2021"),
        Placeholder("ghi_chú", _("ghi chú của người hỏi; có thể trống"), "Xin xem kỹ số ngày xanh."),
        *_GROUPS,
        Placeholder(
            "xin_ý_kiến",
            _("tập thể rồi cá nhân, đánh số liền"),
            fields=(_NUMBER, Placeholder("tên", _("tên; của cá nhân có chức vụ"), "Xã Phước Hải"), _DISTRICT),
        ),
    ),
    PaperKind.MINUTES: (
        *OF_LETTER,
        *_MOVEMENT,
        Placeholder("ngày_họp", _("ngày họp"), "12/9/2021"),
        Placeholder("thời_gian", _("giờ, ngày bắt đầu; giờ để trống chỗ ghi"), "08 giờ 00, ngày 12/9/2021"),
        Placeholder("nơi_họp", _("nơi họp"), "Hội trường Sở Nội vụ"),
        Placeholder("chủ_trì", _("chủ trì (chủ tọa)"), "Lê Văn Mười"),
        Placeholder("thư_ký", _("thư ký"), "Lê Văn Phúc"),
        Placeholder("tổng_số", _("số thành viên Hội đồng"), "09"),
        Placeholder("có_mặt", _("số thành viên có mặt"), "08"),
        Placeholder("tối_thiểu", _("số thành viên tối thiểu để họp"), "06"),
        Placeholder("vắng_mặt", _("tên những người vắng; trống khi không ai vắng"), "Nguyễn Thị Sáu"),
        Placeholder("cách_tính", _("cách tính kết quả bỏ phiếu"), "Đối tượng được thông qua khi có từ 90 %."),
        Placeholder(
            "diễn_biến", _("bỏ phiếu từ lúc nào đến lúc nào, bao nhiêu người"), "Bỏ phiếu từ 08 giờ."
        ),
        Placeholder("kết_thúc", _("câu cuối: cuộc họp kết thúc lúc nào"), "Cuộc họp kết thúc vào 10 giờ./."),
        Placeholder(
            "thành_viên",
            _("những thành viên có mặt"),
            fields=(_NUMBER, Placeholder("tên", _("họ tên, chức vụ"), "Lê Văn Phúc, Giám đốc Sở Nội vụ")),
        ),
        Placeholder(
            "kết_quả",
            _("kết quả bỏ phiếu kín của từng đối tượng"),
            fields=(
                _NUMBER,
                Placeholder("tên", _("tên; của cá nhân có chức vụ"), "Xã Phước Hải"),
                Placeholder("tán_thành", _("số phiếu tán thành"), "8"),
                Placeholder("không_tán_thành", _("số phiếu không tán thành"), "0"),
                Placeholder("không_ý_kiến", _("số phiếu không có ý kiến"), "0"),
                Placeholder("tỷ_lệ", _("tỷ lệ tán thành"), "8/8 (100,0 %)"),
                Placeholder("kết_luận", _("thông qua hay không"), "Thông qua"),
            ),
        ),
        Placeholder(
            "không_bỏ_phiếu",
            _("những ai không bỏ phiếu vì có liên quan; có thể không có"),
            fields=(_WORDS,),
        ),
        Placeholder("kết_luận", _("các đoạn kết luận"), fields=(_WORDS,)),
        *_GROUPS,
    ),
    PaperKind.PROPOSAL: (
        *OF_LETTER,
        *_MOVEMENT,
        Placeholder(
            "thuyết_minh",
            _("các đoạn về ý kiến Sở Y tế, Hội đồng, ghi chú; có thể không có"),
            fields=(_WORDS,),
        ),
        *_GROUPS,
    ),
    PaperKind.DECISION: (
        *OF_LETTER,
        *_MOVEMENT,
        Placeholder("tờ_trình", _("số tờ trình của Sở Nội vụ"), "88/TTr-SNV"),
        Placeholder("tổng_tiền_thưởng", _("tổng tiền thưởng; trống khi chưa quyết định"), "2.980.000 đồng"),
        Placeholder("thay_quyết_định", _("số quyết định bị thay; trống khi không thay"), "512/QĐ-UBND"),
        Placeholder("thay_ngày", _("ngày của quyết định bị thay"), "20/9/2021"),
        Placeholder("thay_lý_do", _("lý do thay"), "sai họ tên"),
        *_GROUPS,
    ),
    PaperKind.NOTICE: (
        *OF_LETTER,
        *_MOVEMENT,
        Placeholder("quyết_định", _("số quyết định"), "512/QĐ-UBND"),
        Placeholder("ngày_quyết_định", _("ngày ký quyết định"), "20/9/2021"),
        *_GROUPS,
        Placeholder(
            "không_khen",
            _("những ai không được khen"),
            fields=(
                Placeholder("tên", _("tên"), "Xã Phước Thuận"),
                Placeholder("lý_do", _("lý do"), "Đã khen đợt trước."),
            ),
        ),
    ),
}


def kinds_with_placeholders() -> list[PaperKind]:
    """The kinds an office may set by a template of its own, in the order of ``PaperKind``."""
    return [kind for kind in PaperKind if kind in PLACEHOLDERS]
