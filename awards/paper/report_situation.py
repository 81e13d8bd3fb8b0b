"""Part I of the review of a phase: how the colours stood at both ends, from which to which, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from awards.paper.report_words import (
    COMMUNES,
    NAMED,
    NUMBER,
    SERIES,
    SHOWN,
    Captions,
    colour,
    grouped,
    share,
    signed,
)
from awards.paper.wording import Content, day_of
from core.letters import Align, Bar, Block, Column, Figure, Paragraph, Style, Table
from core.letters.wording import short_day
from riskmap.enums import RiskLevel


def situation(content: Content, captions: Captions) -> list[Block]:
    """I. The epidemic and its colours: both ends, from which to which, by district."""
    blocks: list[Block] = [Paragraph("I. Tình hình và kết quả", Style.PART)]
    if not content["places"]:
        return [
            *blocks,
            Paragraph("Kế hoạch không xếp hạng cấp xã, nên báo cáo không có phần chuyển màu theo xã."),
        ]
    colours, last = content["colours"], short_day(day_of(content["through"]))
    levels = [level for level in SHOWN if colours["start"][level] or colours["end"][level]]
    first = short_day(day_of(content["phase"]["first_day"]))
    blocks += [
        Paragraph("1. Tình hình dịch bệnh", Style.CLAUSE),
        Paragraph(
            f"Trong đợt, {colours['places']} {COMMUNES} ghi nhận {grouped(colours['cases'])} F0. "
            f"Ngày {first} có {share(colours['start'][1], colours['places'])} nơi xanh; hết ngày {last} có "
            f"{share(colours['end'][1], colours['places'])} nơi xanh."
        ),
        captions.table(f"Số {COMMUNES} theo màu"),
        Table(
            (
                Column("Màu", 50),
                Column(f"Ngày {first}", 30, NUMBER),
                Column(f"Ngày {last}", 30, NUMBER),
                Column("Tăng, giảm", 30, NUMBER),
            ),
            tuple(
                (
                    colour(level),
                    str(colours["start"][level]),
                    str(colours["end"][level]),
                    signed(colours["end"][level] - colours["start"][level]),
                )
                for level in levels
            ),
        ),
    ]
    if content["days"]:
        blocks += [captions.figure(f"Số {COMMUNES} theo màu, từng ngày"), _days_figure(content["days"])]
    blocks += _moves(colours, levels, captions)
    return blocks + _districts(content, captions) + _differing(content)


def _moves(colours: Content, levels: Sequence[RiskLevel], captions: Captions) -> list[Block]:
    said = (
        f"So ngày đầu với ngày cuối: {colours['lowered']} nơi giảm mức nguy cơ, {colours['same']} nơi giữ "
        f"nguyên, {colours['raised']} nơi tăng mức. Số nơi xanh suốt đợt: {colours['kept_green']}."
    )
    rows = tuple(
        (colour(start), *(str(colours["matrix"][start][end]) for end in levels), str(colours["start"][start]))
        for start in levels
    )
    total = ("Tổng cuối đợt", *(str(colours["end"][end]) for end in levels), str(colours["places"]))
    columns = (
        Column("Đầu đợt \\ cuối đợt", 40),
        *(Column(colour(end), 22, NUMBER) for end in levels),
        Column("Tổng đầu đợt", 24, NUMBER),
    )
    return [
        Paragraph("2. Chuyển màu", Style.CLAUSE),
        Paragraph(said),
        captions.table(f"Số {COMMUNES} từ màu đầu đợt đến màu cuối đợt"),
        Table(columns, (*rows, total)),
    ]


def _districts(content: Content, captions: Captions) -> list[Block]:
    districts = content["districts"]
    if not districts:
        return []
    own = any(each["own_end"] is not None for each in districts)
    columns = (
        Column("Địa bàn", 44),
        Column("Số xã", 13, NUMBER),
        Column("Xanh đầu đợt", 17, NUMBER),
        Column("Xanh cuối đợt", 17, NUMBER),
        Column("Giảm mức", 15, NUMBER),
        Column("Tăng mức", 15, NUMBER),
        Column("F0", 16, NUMBER),
        *([Column("Màu của cấp huyện", 30, Align.CENTRE)] if own else []),
    )
    rows = [
        (
            each["name"],
            str(each["places"]),
            str(each["start"][1]),
            str(each["end"][1]),
            str(each["lowered"]),
            str(each["raised"]),
            grouped(each["cases"]),
            *([_from_to(each)] if own else []),
        )
        for each in districts
    ]
    return [
        Paragraph("3. Kết quả theo địa bàn cấp huyện", Style.CLAUSE),
        captions.table(f"Các {COMMUNES} của từng địa bàn"),
        Table(columns, tuple(rows)),
        captions.figure(f"Số {COMMUNES} theo màu ngày cuối, từng địa bàn"),
        _districts_figure(districts),
    ]


def _from_to(district: Content) -> str:
    if district["own_end"] is None:
        return "–"
    return f"{colour(district['own_start'])} → {colour(district['own_end'])}"


def _differing(content: Content) -> list[Block]:
    rows = content["differing"]
    if not rows:
        return []
    words = f"Theo số biết khi lập bảng xếp hạng, mức ngày cuối của {len(rows)} nơi khác bản đồ đã công bố"
    if len(rows) > NAMED:
        return [Paragraph(f"{words}. Báo cáo này theo bản đồ đã công bố.")]
    named = "; ".join(
        f"{row['name']}, {row['district']} (công bố {colour(row['shown'])}, biết {colour(row['known'])})"
        for row in rows
    )
    return [Paragraph(f"{words}: {named}. Báo cáo này theo bản đồ đã công bố.")]


def _days_figure(days: Iterable[Content]) -> Figure:
    rows = list(days)
    used = [level for level in SHOWN if any(each["levels"][level] for each in rows)]
    bars = tuple(
        Bar(_short(day_of(each["day"])), tuple(each["levels"][level] for level in used)) for each in rows
    )
    first, last = rows[0], rows[-1]
    alt = f"Từng ngày: {_alt(first['day'], first['levels'], used)} {_alt(last['day'], last['levels'], used)}"
    return Figure(tuple(SERIES[level] for level in used), bars, alt, upright=True)


def _alt(day: str, levels: Sequence[int], used: Iterable[RiskLevel]) -> str:
    parts = ", ".join(f"{colour(level)} {levels[level]}" for level in used)
    return f"ngày {short_day(day_of(day))} {parts}."


def _districts_figure(districts: Sequence[Content]) -> Figure:
    used = [level for level in SHOWN if any(each["end"][level] for each in districts)]
    bars = tuple(Bar(each["name"], tuple(each["end"][level] for level in used)) for each in districts)
    alt = " ".join(
        f"{each['name']}: " + ", ".join(f"{colour(level)} {each['end'][level]}" for level in used) + "."
        for each in districts
    )
    return Figure(tuple(SERIES[level] for level in used), bars, alt)


def _short(day: date) -> str:
    return f"{day:%d}/{day.month}"
