"""The achievement block of a nominee on paper: what the portal knew when the dossier was handed in."""

from __future__ import annotations

from datetime import date
from typing import Any

from awards.paper.wording import Content, day_of
from campaign.paper.registered import level_words
from core.letters import Align, Band, Block, Column, Paragraph, Style, Table
from core.letters.wording import short_day
from riskmap.enums import RiskLevel

LEVELS = {level.key: level for level in RiskLevel}
FACTS = (Column("Nội dung", 55), Column("Số liệu", 110))
RUNS = (
    Column("Từ ngày", 30, Align.CENTRE),
    Column("Đến hết ngày", 30, Align.CENTRE),
    Column("Số ngày", 20, Align.CENTRE),
    Column("Mức độ nguy cơ", 85),
)
VIEWS = {"published": "theo bản đồ đã công bố", "known": "theo số liệu biết lúc lập"}
NOT_RANKED = "Đơn vị không có trong bảng xếp hạng của đợt."
NO_LEVELS = "Chưa có mức độ nguy cơ nào trong đợt."


def achievement_blocks(evidence: Content) -> tuple[Block, ...]:
    """The facts and the strip of levels as tables; what there is none of, in a sentence."""
    facts, runs = fact_rows(evidence), evidence["strip"]
    blocks: list[Block] = []
    blocks.append(Table(FACTS, tuple(facts)) if facts else Paragraph(NOT_RANKED))
    blocks.append(
        Table(RUNS, (Band("Mức độ nguy cơ từng ngày trong đợt"), *map(_run, runs)))
        if runs
        else Paragraph(NO_LEVELS)
    )
    blocks.append(
        Paragraph("Các số liệu này do Cổng thông tin lập và giữ nguyên từ khi nộp hồ sơ.", Style.NOTE)
    )
    return tuple(blocks)


def fact_rows(evidence: Content) -> list[tuple[str, str]]:
    """Labels and values of the standing, the edition and the shortlist."""
    rows = []
    if standing := evidence["standing"]:
        rows += _standing_rows(standing)
    if edition := evidence["edition"]:
        said = f"số {edition['number']}, ngày {short_day(day_of(edition['day']))}; mã băm {edition['hash']}"
        rows.append(("Bản đồ công bố", said))
    if listed := evidence.get("shortlist"):
        rows.append(("Danh sách xét khen", f"{_capital(listed['words'])}; mã băm {listed['hash']}"))
    return rows


def level_of(key: str) -> str:
    """“Nguy cơ cao (cam)”."""
    return level_words(LEVELS[key])


def _standing_rows(standing: Content) -> list[tuple[str, str]]:
    facts = standing["facts"]
    rows = [
        ("Tóm tắt", f"{_capital(standing['words'])}."),
        ("Mức độ nguy cơ đầu đợt", level_of(facts["level_at_start"])),
        (f"Mức độ nguy cơ ngày {short_day(day_of(standing['day']))}", level_of(facts["level_at_end"])),
        ("Số ngày ở mức xanh", _green_words(facts)),
        ("Số lần tái phát", str(facts["relapses"])),
        ("Số ca mắc mới (F0) trong đợt", _case_words(facts)),
        ("Xếp hạng", f"{_capital(standing['rank_words'])} ({standing['group']})"),
        (
            "Bảng xếp hạng",
            f"đến hết ngày {short_day(day_of(standing['day']))}, {VIEWS[standing['view']]}; "
            f"mã băm {standing['hash']}",
        ),
    ]
    if facts["provisional_days"]:
        rows.insert(4, ("Số ngày tạm tính do thiếu báo cáo", str(facts["provisional_days"])))
    return rows


def _green_words(facts: dict[str, Any]) -> str:
    words = str(facts["days_green"])
    if facts["days_green"]:
        words += f", liền dài nhất {facts['longest_green']}"
    if facts["days_to_green"]:
        words += f"; đạt mức xanh sau {facts['days_to_green']} ngày"
    return words


def _case_words(facts: dict[str, Any]) -> str:
    rate = facts["cases_per_100k"]
    return str(facts["cases"]) if rate is None else f"{facts['cases']} ({_decimal(rate)} trên 100.000 dân)"


def _run(run: Content) -> tuple[str, str, str, str]:
    first, last = date.fromisoformat(run["first"]), date.fromisoformat(run["last"])
    level = level_of(run["level"]) + (", tạm tính do thiếu báo cáo" if run["provisional"] else "")
    return short_day(first), short_day(last), str((last - first).days + 1), level


def _decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
