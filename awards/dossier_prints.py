"""Which papers a dossier is printed as, under which names, each as a letter, and what each stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from awards.enums import ItemKind, PaperKind
from awards.models import DossierVersion
from awards.paper.dossiers import count_words, submission_of, summary_of
from core.issued_papers import Statement
from core.letters import Letter
from core.vietnamese import fold

SUBMISSION, LIST = str(ItemKind.SUBMISSION), str(ItemKind.LIST)
_LONGEST = 50
_TITLES = {
    SUBMISSION: "Tờ trình đề nghị khen thưởng",
    LIST: "Danh sách kèm theo tờ trình đề nghị khen thưởng",
    str(ItemKind.SUMMARY): "Báo cáo tóm tắt thành tích",
}


@dataclass(frozen=True, slots=True)
class Print:
    """``key`` names the paper in addresses, as on the task list; ``name`` its file: ASCII, no ending."""

    key: str
    kind: PaperKind
    name: str
    nominee: dict[str, Any] | None = None

    def letter(self, content: dict[str, Any], *, moment: datetime) -> Letter:
        if self.nominee is None:
            return submission_of(content, moment=moment)
        return summary_of(content, self.nominee, moment=moment)


def prints_of(content: dict[str, Any]) -> Iterator[Print]:
    """The submission with its list, and a summary for each nominee, in their order."""
    yield Print(SUBMISSION, PaperKind.SUBMISSION, "to-trinh")
    for place, nominee in enumerate(content["nominees"], 1):
        called = in_ascii(nominee["person"] or nominee["unit"]["name"])
        yield Print(summary_key(nominee["id"]), PaperKind.SUMMARY, f"bao-cao-{place:02d}-{called}", nominee)


def print_of(content: dict[str, Any], key: str) -> Print | None:
    return next((each for each in prints_of(content) if each.key == key), None)


def statement_of(version: DossierVersion, content: dict[str, Any], key: str) -> Statement:
    """What a paper of a version stands for: what was handed in. Anybody who has the code is told of whom,
    when and how many; no name."""
    received = timezone.localtime(version.received_at)
    late = ", nộp muộn theo phép" if version.is_late else ""
    facts = (
        *("Phong trào", content["about"]["campaign"]["short_title"]),
        *("Đợt", content["about"]["phase"]["name"]),
        *("Nơi trình", content["area"]["called"]),
        *("Nhận hồ sơ lúc", f"{received:%H:%M:%S %d/%m/%Y}, lần nộp {version.number}{late}"),
        *("Đối tượng của hồ sơ", count_words(content["nominees"])),
    )
    title = _TITLES[key.partition("-")[0]]
    stands_for = {"content": version.sha256, "paper": key}
    return Statement(key, stands_for, version.received_at, version.dossier.area, title, facts)


def summary_key(nominee_id: int) -> str:
    return f"{ItemKind.SUMMARY}-{nominee_id}"


def in_ascii(text: str, *, longest: int = _LONGEST) -> str:
    """A name as a part of a file's name."""
    written = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in fold(text))
    return written[:longest].strip("-") or "khong-ten"
