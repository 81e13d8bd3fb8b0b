"""Samples: the portal's own letters with placeholders in their place, for an office to edit.

Filled with what a paper says they say what the portal's letter does: a test compares them word by word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from awards.enums import PaperKind
from awards.paper.minutes import RESULT_COLUMNS
from awards.paper.proposals import ASKED_COLUMNS
from awards.paper.wording import LIST_COLUMNS
from core.letters import (
    Appendix,
    Band,
    Facts,
    Issuer,
    Letter,
    LetterFormat,
    Paragraph,
    Seal,
    Signature,
    Style,
    Table,
    print_letter,
)
from core.letters.wording import closed

ABOUT = "có thành tích trong {{ đợt }}, {{ phong_trào }}"
DAYS = "từ ngày {{ từ_ngày }} đến ngày {{ đến_ngày }}"
_SOME_DAY = datetime(2021, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Foot(Seal):
    """Where the foot of a paper stands."""

    @property
    def words(self) -> str:
        return "{{ chân_trang }}"


def sample_of(kind: PaperKind) -> bytes:
    """The .docx to edit; the same bytes each time. Of ``kinds_with_placeholders`` only."""
    return print_letter(_SAMPLES[kind](), LetterFormat.DOCX)


def _letter(**said) -> Letter:
    usual = {
        "issuer": Issuer(("Sở Nội vụ",), superior=("UBND {{ tỉnh }}",)),
        "number": "{{ số_ký_hiệu }}",
        "place": "{{ địa_danh }}",
        "day": "{{ ngày_ký }}",
        "signatures": (Signature(("GIÁM ĐỐC",), "{{ người_ký }}"),),
        "recipients": ("- Như trên;", "- Lưu: VT."),
        "seal": _Foot("", ""),
        "moment": _SOME_DAY,
    }
    return Letter(**usual | said)


def _slip() -> Letter:
    return _letter(
        kind="Phiếu lấy ý kiến",
        subject=f"Về đối tượng đề nghị khen thưởng {ABOUT}",
        addressees=("Sở Y tế {{ tỉnh }}",),
        blocks=(
            Paragraph(
                f"Sở Nội vụ đề nghị Sở Y tế cho ý kiến về {{{{ đối_tượng }}}} được đề nghị khen thưởng "
                f"{ABOUT}, {DAYS}. Xin trả lời trước {{{{ hạn_trả_lời }}}}."
            ),
            Paragraph("{%p if ghi_chú %}"),
            Paragraph("{{ ghi_chú }}"),
            Paragraph("{%p endif %}"),
            Table(
                ASKED_COLUMNS,
                (
                    Band("{%tr for dòng in xin_ý_kiến %}"),
                    ("{{ dòng.stt }}", "{{ dòng.tên }}", "{{ dòng.địa_bàn }}", "", "", ""),
                    Band("{%tr endfor %}"),
                ),
            ),
            Paragraph(closed("Sở Nội vụ cảm ơn sự phối hợp của quý Sở")),
        ),
        landscape=True,
    )


def _minutes() -> Letter:
    return _letter(
        issuer=Issuer(("Hội đồng", "Thi đua - Khen thưởng"), superior=("UBND {{ tỉnh }}",)),
        kind="Biên bản",
        subject=f"Họp Hội đồng xét khen thưởng tập thể, cá nhân {ABOUT}",
        blocks=(
            Facts(
                (
                    ("Thời gian bắt đầu:", "{{ thời_gian }}"),
                    ("Địa điểm:", "{{ nơi_họp }}"),
                    ("Chủ trì (chủ tọa):", "{{ chủ_trì }}"),
                    ("Thư ký:", "{{ thư_ký }}"),
                )
            ),
            Paragraph("I. Thành phần tham dự", Style.PART),
            Paragraph(
                "Có mặt {{ có_mặt }}/{{ tổng_số }} thành viên Hội đồng "
                "(số tối thiểu để họp: {{ tối_thiểu }})."
            ),
            Paragraph("{%p for dòng in thành_viên %}"),
            Paragraph("{{ dòng.stt }}. {{ dòng.tên }}"),
            Paragraph("{%p endfor %}"),
            Paragraph("{%p if vắng_mặt %}"),
            Paragraph("Vắng mặt: {{ vắng_mặt }}."),
            Paragraph("{%p endif %}"),
            Paragraph("II. Nội dung", Style.PART),
            Paragraph(
                f"Hội đồng xét đề nghị khen thưởng {{{{ đối_tượng }}}} {ABOUT}, {DAYS}; "
                "nghe Sở Nội vụ báo cáo kết quả thẩm định, thảo luận và bỏ phiếu kín."
            ),
            Paragraph("{{ cách_tính }}"),
            Paragraph("III. Kết quả bỏ phiếu kín", Style.PART),
            Paragraph("{{ diễn_biến }}"),
            Table(
                RESULT_COLUMNS,
                (
                    Band("{%tr for dòng in kết_quả %}"),
                    (
                        "{{ dòng.stt }}",
                        "{{ dòng.tên }}",
                        "{{ dòng.tán_thành }}",
                        "{{ dòng.không_tán_thành }}",
                        "{{ dòng.không_ý_kiến }}",
                        "{{ dòng.tỷ_lệ }}",
                        "{{ dòng.kết_luận }}",
                    ),
                    Band("{%tr endfor %}"),
                ),
            ),
            *_each("không_bỏ_phiếu", Style.NOTE),
            Paragraph("IV. Kết luận", Style.PART),
            *_each("kết_luận", Style.TEXT),
            Paragraph("{{ kết_thúc }}"),
        ),
        signatures=(
            Signature(("THƯ KÝ",), "{{ thư_ký }}", "(Ký, ghi rõ họ tên)"),
            Signature(("CHỦ TỌA",), "{{ chủ_trì }}", "(Ký, ghi rõ họ tên)"),
        ),
        recipients=("- Thành viên Hội đồng;", "- Lưu: VT, hồ sơ khen thưởng."),
    )


def _proposal() -> Letter:
    return _letter(
        kind="Tờ trình",
        subject=f"Về việc tặng Bằng khen cho tập thể, cá nhân {ABOUT}",
        addressees=("Chủ tịch Ủy ban nhân dân {{ tỉnh }}",),
        blocks=(
            *_each("căn_cứ", Style.GROUND),
            Paragraph(
                "Sau khi thẩm định hồ sơ của các địa bàn, đơn vị ({{ thủ_tục }}), Sở Nội vụ kính trình Chủ "
                "tịch Ủy ban nhân dân {{ tỉnh }} xem xét, tặng Bằng khen cho {{ đối_tượng }} "
                f"{ABOUT}, {DAYS} (danh sách kèm theo)."
            ),
            *_each("thuyết_minh", Style.TEXT),
            Paragraph(closed("Sở Nội vụ kính trình Chủ tịch xem xét, quyết định")),
        ),
        appendices=(
            Appendix(
                title="Danh sách đề nghị tặng Bằng khen",
                blocks=(_list(),),
                reference="Kèm theo Tờ trình số {{ số_ký_hiệu }} của Sở Nội vụ",
            ),
        ),
    )


def _decision() -> Letter:
    those = "{% if đối_tượng %}{{ đối_tượng }}{% else %}các đối tượng{% endif %}"
    instead = (
        "{% if thay_quyết_định %} và thay Quyết định số {{ thay_quyết_định }} ngày {{ thay_ngày }} "
        "({{ thay_lý_do }}){% endif %}"
    )
    return _letter(
        issuer=Issuer(("Ủy ban nhân dân", "{{ tỉnh }}")),
        kind="Quyết định",
        subject=f"Về việc tặng Bằng khen cho tập thể, cá nhân {ABOUT}",
        blocks=(
            *_each("căn_cứ", Style.GROUND),
            Paragraph("QUYẾT ĐỊNH:", Style.ACT),
            Paragraph(
                f"Tặng Bằng khen của Chủ tịch Ủy ban nhân dân {{{{ tỉnh }}}} cho {those} {ABOUT}, {DAYS} "
                "(danh sách kèm theo).",
                lead="Điều 1.",
            ),
            Paragraph(
                "Tiền thưởng kèm theo Bằng khen thực hiện theo quy định hiện hành, chi từ Quỹ Thi đua, khen "
                "thưởng{% if tổng_tiền_thưởng %}; tổng số tiền thưởng là {{ tổng_tiền_thưởng }}{% endif %}.",
                lead="Điều 2.",
            ),
            Paragraph(
                closed(
                    "Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Nội vụ, thủ trưởng các cơ quan, "
                    f"đơn vị liên quan và {those} có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này "
                    f"kể từ ngày ký{instead}"
                ),
                lead="Điều 3.",
            ),
        ),
        signatures=(
            Signature(
                ("{%p for dòng in chức_vụ_ký %}", "{{ dòng.dòng }}", "{%p endfor %}"), "{{ người_ký }}"
            ),
        ),
        recipients=("- Như Điều 3;", "- Sở Y tế;", "- Lưu: VT."),
        appendices=(
            Appendix(
                title="Danh sách được tặng Bằng khen",
                blocks=(_list(),),
                reference="Kèm theo Quyết định số {{ số_ký_hiệu }} của Chủ tịch Ủy ban nhân dân {{ tỉnh }}",
            ),
        ),
    )


def _notice() -> Letter:
    those = "{% if đối_tượng %}{{ đối_tượng }}{% else %}các đối tượng{% endif %}"
    return _letter(
        kind="Thông báo",
        subject=f"Kết quả khen thưởng tập thể, cá nhân {ABOUT}",
        blocks=(
            Paragraph(
                "Ngày {{ ngày_quyết_định }}, Chủ tịch Ủy ban nhân dân {{ tỉnh }} ký Quyết định số "
                f"{{{{ quyết_định }}}} tặng Bằng khen cho {those} {ABOUT}."
            ),
            Paragraph("{%p if đối_tượng %}"),
            _list(),
            Paragraph("{%p endif %}"),
            Paragraph("{%p for dòng in không_khen %}"),
            Paragraph("Không khen {{ dòng.tên }}: {{ dòng.lý_do }}"),
            Paragraph("{%p endfor %}"),
            Paragraph(closed("Sở Nội vụ thông báo để các địa bàn, đơn vị biết")),
        ),
        recipients=("- Các địa bàn, đơn vị có hồ sơ;", "- Lưu: VT."),
    )


def _each(name: str, style: Style) -> tuple[Paragraph, ...]:
    """One paragraph for each of a list of words."""
    lines = (f"{{%p for dòng in {name} %}}", "{{ dòng.lời }}", "{%p endfor %}")
    return tuple(Paragraph(line, style) for line in lines)


def _list() -> Table:
    """Collectives and persons, each group with its band and counted from one."""
    return Table(
        LIST_COLUMNS,
        (
            *_group("tập_thể", "I. TẬP THỂ", "{{ dòng.tên }}"),
            *_group(
                "cá_nhân",
                "{% if tập_thể %}II{% else %}I{% endif %}. CÁ NHÂN",
                "{{ dòng.họ_tên }}, {{ dòng.chức_vụ }}",
            ),
        ),
    )


def _group(name: str, title: str, who: str) -> tuple[tuple[str, ...] | Band, ...]:
    return (
        Band(f"{{%tr if {name} %}}"),
        Band(title),
        Band(f"{{%tr for dòng in {name} %}}"),
        ("{{ dòng.stt }}", who, "{{ dòng.địa_bàn }}", "{{ dòng.hình_thức }}"),
        Band("{%tr endfor %}"),
        Band("{%tr endif %}"),
    )


_SAMPLES: dict[PaperKind, Callable[[], Letter]] = {
    PaperKind.OPINION_SLIP: _slip,
    PaperKind.MINUTES: _minutes,
    PaperKind.PROPOSAL: _proposal,
    PaperKind.DECISION: _decision,
    PaperKind.NOTICE: _notice,
}
