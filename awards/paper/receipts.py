"""The receipt of a dossier: when it was received by the server's clock, as what, and with which papers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from awards.enums import ItemKind
from awards.paper.dossiers import count_words
from awards.paper.wording import Content, days_of, home_affairs, place_of
from core.letters import Align, Column, Facts, Letter, Paragraph, Style, Table
from core.letters.wording import closed, short_day, written_day

COLUMNS = (
    Column("STT", 12, Align.CENTRE),
    Column("Giấy tờ", 60),
    Column("Tệp kèm theo", 37),
    Column("Mã băm SHA-256 của tệp", 56),
)
NO_FILE = "không có"


def receipt_of(content: Content, *, moment: datetime) -> Letter:
    """Biên nhận of a version, from ``awards.dossier_content.content_of_version``. Nobody signs it."""
    heading, received = content["about"], timezone.localtime(moment)
    called = content["area"]["called"]
    said = f"Sở Nội vụ đã nhận qua Cổng thông tin hồ sơ đề nghị khen thưởng của {called} như sau"
    kept = (
        "Nội dung đã nộp được giữ nguyên từ lúc nhận. Biên nhận do máy lập, không cần chữ ký; kiểm tra bằng "
        "mã xác minh ở chân trang"
    )
    return Letter(
        issuer=home_affairs(heading),
        number=f"{content['receipt']}/BN",
        place=place_of(heading),
        day=written_day(received.date()),
        kind="Biên nhận",
        subject=f"Hồ sơ đề nghị khen thưởng của {called}",
        blocks=(
            Paragraph(f"{said}:"),
            Facts(tuple(_facts(content, moment))),
            Paragraph("Giấy tờ của hồ sơ", Style.CAPTION),
            Table(COLUMNS, tuple((str(place), *row) for place, row in enumerate(_papers(content), 1))),
            Paragraph(closed(kept)),
        ),
        signatures=(),
        moment=moment,
    )


def instant_words(instant: datetime) -> str:
    """“17:59:59,999999 ngày 08/9/2021”, to the microsecond, as it was compared with the deadline."""
    local = timezone.localtime(instant)
    return f"{local:%H:%M:%S},{local:%f} ngày {short_day(local.date())}"


def standing_words(content: Content) -> str:
    """In time, or late by whose leave."""
    permit = content.get("permit")
    if not permit:
        return "đúng hạn"
    until = instant_words(datetime.fromisoformat(permit["expires_at"]))
    return f"nộp muộn, theo phép của Sở Nội vụ (nhận trước {until})"


def _facts(content: Content, moment: datetime) -> Iterator[tuple[str, str]]:
    heading, permit = content["about"], content.get("permit")
    yield "Mã biên nhận", content["receipt"]
    yield "Nhận lúc", f"{instant_words(moment)} (đồng hồ máy chủ, giờ Việt Nam)"
    yield "Hạn nhận", f"trước {instant_words(datetime.fromisoformat(content['deadline']))}"
    yield "Tình trạng", standing_words(content)
    if permit:
        yield "Lý do cho nộp muộn", permit["reason"]
    yield "Phong trào", heading["campaign"]["title"]
    yield "Đợt", f"{heading['phase']['name']}, {days_of(heading)}"
    yield "Lần nộp", str(content["number"])
    yield "Người nộp", content["received_by"]
    yield "Đối tượng đề nghị", count_words(content["nominees"])
    yield "Mã băm SHA-256 của nội dung", content["sha256"]


def _papers(content: Content) -> Iterator[tuple[str, str, str]]:
    submission = content["submission"]
    words = submission["words"] if submission else {}
    number, dated = words.get("number", ""), words.get("dated", "")
    yield _row(f"Tờ trình số {number} ngày {dated}" if number and dated else "Tờ trình", submission)
    yield _row(f"{str(ItemKind.LIST.label).capitalize()}: {count_words(content['nominees'])}", None)
    for nominee in content["nominees"]:
        who = nominee["person"] or nominee["unit"]["name"]
        yield _row(f"Báo cáo tóm tắt thành tích: {who}", nominee["summary"])
    for attached in content["attachments"]:
        yield _row(attached["words"].get("title") or "Tài liệu kèm theo", attached)


def _row(title: str, item: Content | None) -> tuple[str, str, str]:
    file = item and item["file"]
    return (title, file["name"], file["sha256"]) if file else (title, NO_FILE, "")
