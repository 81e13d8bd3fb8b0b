"""What reminders say: how long there is, what is lacking. Vietnamese, as all notices; no person is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import override

from awards.dossier_papers import Paper
from awards.enums import ItemKind, ItemState

HANDED_IN_ONLY = "Đủ giấy tờ, chỉ còn nộp."
NOT_BEGUN = "Chưa lập hồ sơ. Địa bàn không đề nghị ai thì không phải làm gì."
TAKEN_BACK = "Hồ sơ đã rút; muốn gửi, xin soạn lại rồi nộp."


def left(instant: datetime, *, at: datetime) -> str:
    """How long there is, rounded down: days and hours, then hours and minutes."""
    minutes = int((instant - at).total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "ngày"), (hours, "giờ")] if days else [(hours, "giờ"), (minutes, "phút")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "chưa đến 1 phút"


def moment(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%H:%M ngày %d/%m/%Y}"


def lacking(papers: Sequence[Paper]) -> list[str]:
    """What the papers of a dossier lack, a line each; the summaries of nominees are counted, not named."""
    with override("vi"):
        said = [
            f"{paper.kind.label.capitalize()}: {' '.join(paper.lacking)}"
            for paper in papers
            if paper.lacking and paper.kind == ItemKind.SUBMISSION
        ]
        lists = [paper for paper in papers if paper.kind == ItemKind.LIST]
        if any(paper.state == ItemState.UNOPENED for paper in lists):
            said.append("Danh sách kèm theo: chưa có đối tượng nào được đề nghị.")
        elif any(paper.lacking for paper in lists):
            said.append("Danh sách kèm theo: có hình thức khen không còn trong quy định.")
        if count := sum(bool(paper.lacking) for paper in papers if paper.kind == ItemKind.SUMMARY):
            said.append(f"Báo cáo tóm tắt thành tích: còn {count} đối tượng chưa đủ.")
        if count := sum(bool(paper.lacking) for paper in papers if paper.kind == ItemKind.ATTACHMENT):
            said.append(f"Tài liệu kèm theo: còn {count} tài liệu chưa đủ.")
    return said
