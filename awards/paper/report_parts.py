"""Parts of the review of a phase, from its frozen content: what happened, what came of it, what lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import count, groupby

from awards.paper.wording import Content, count_words, day_of, money_words
from campaign.standing_units import NOT_ASSESSED, NOT_PUBLISHED
from core.letters import (
    Align,
    Bar,
    Block,
    Column,
    Figure,
    Items,
    Paragraph,
    Series,
    Sign,
    Style,
    Table,
)
from core.letters.wording import short_day
from riskmap.enums import RiskLevel
from riskmap.paper.inks import INKS

COMMUNES = "xã, phường, thị trấn"
NO_DATA = "chưa có số liệu"
#: As many places are named in a sentence; more are counted by district.
NAMED = 40
#: The levels as bars stack them and tables have them.
SHOWN = (
    RiskLevel.NEW_NORMAL,
    RiskLevel.ELEVATED,
    RiskLevel.HIGH,
    RiskLevel.VERY_HIGH,
    RiskLevel.NO_DATA,
)
SERIES = {
    level: Series(INKS[level].colour or NO_DATA, INKS[level].letter, INKS[level].fill, INKS[level].on_fill)
    for level in SHOWN
}
NUMBER = Align.RIGHT
#: Why a group has no units, by the standing's word for it.
EMPTY = {
    NOT_ASSESSED: "tỉnh chưa đánh giá mức độ nguy cơ đến cấp này.",
    NOT_PUBLISHED: "bản đồ công bố không có cấp này, nên báo cáo không xếp.",
}


class Captions:
    """“Bảng 1. …”, “Hình 1. …”: each kind counted for itself."""

    def __init__(self) -> None:
        self._tables, self._figures = count(1), count(1)

    def table(self, words: str) -> Paragraph:
        return Paragraph(f"Bảng {next(self._tables)}. {words}", Style.CAPTION)

    def figure(self, words: str) -> Paragraph:
        return Paragraph(f"Hình {next(self._figures)}. {words}", Style.CAPTION)


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
            f"Trong đợt, {colours['places']} {COMMUNES} ghi nhận {_grouped(colours['cases'])} F0. "
            f"Ngày {first} có {_share(colours['start'][1], colours['places'])} nơi xanh; hết ngày {last} có "
            f"{_share(colours['end'][1], colours['places'])} nơi xanh."
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
                    _signed(colours["end"][level] - colours["start"][level]),
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
            _grouped(each["cases"]),
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


def movement(content: Content, captions: Captions) -> list[Block]:
    """II. Registrations, pledges, recognised zones, the time it took."""
    return [
        Paragraph("II. Kết quả phong trào", Style.PART),
        *_registrations(content, captions),
        *_pledges(content, captions),
        *_zones(content, captions),
        *_ways(content, captions),
    ]


def _registrations(content: Content, captions: Captions) -> list[Block]:
    groups = [each for each in content["groups"] if each["units"]]
    units, confirmed = (sum(each[name] for each in groups) for name in ("units", "confirmed"))
    targets = {
        name: sum(each["targets"][name] for each in groups) for name in ("met", "late", "held", "missed")
    }
    blocks: list[Block] = [
        Paragraph("1. Đăng ký thi đua", Style.CLAUSE),
        Paragraph(
            f"Có {_share(confirmed, units)} đơn vị có đăng ký được xác nhận, "
            f"{sum(each['late'] for each in groups)} đơn vị đăng ký muộn. Về mục tiêu đã đăng ký: "
            f"{targets['met']} đơn vị đạt đúng hạn, {targets['late']} đạt muộn, {targets['missed']} không đạt"
            + (f", {targets['held']} đang đạt, chưa đến hạn." if targets["held"] else ".")
        ),
    ]
    if groups:
        columns = (
            Column("Đối tượng thi đua", 56),
            *(Column(head, 19, NUMBER) for head in ("Số đơn vị", "Đã xác nhận", "Tỷ lệ", "Tạm dừng")),
            *(Column(head, 19, NUMBER) for head in ("Đã rút", "Chưa đăng ký")),
        )
        blocks += [
            captions.table("Đăng ký thi đua theo đối tượng"),
            Table(columns, tuple(_group_row(each) for each in groups)),
        ]
    return blocks + [
        Paragraph(f"{_first_capital(each['label'])}: {EMPTY.get(each['empty'], 'chưa có đơn vị nào.')}")
        for each in content["groups"]
        if not each["units"]
    ]


def _group_row(group: Content) -> tuple[str, ...]:
    numbers = ("suspended", "withdrawn", "missing")
    return (
        _first_capital(group["label"]),
        str(group["units"]),
        str(group["confirmed"]),
        percent(group["confirmed"], group["units"]),
        *(str(group[name]) for name in numbers),
    )


def _pledges(content: Content, captions: Captions) -> list[Block]:
    kinds, districts = content["pledges"]["kinds"], content["pledges"]["districts"]
    blocks: list[Block] = [Paragraph("2. Cam kết", Style.CLAUSE)]
    if not any(each["known"] for each in kinds):
        return [*blocks, Paragraph("Chưa có nơi nào báo số cam kết.")]
    newest = max(each["newest"] for each in kinds if each["newest"])
    rows = [
        (
            each["label"],
            _grouped(each["signed"]) if each["known"] else NO_DATA,
            _grouped(each["total"]) if each["known"] else "",
            _percent_words(each["percent"]),
            str(each["gaps"]),
        )
        for each in kinds
    ]
    columns = (
        Column("Loại", 60),
        *(Column(head, 26, NUMBER) for head in ("Đã ký", "Tổng số", "Tỷ lệ", "Nơi chưa có số")),
    )
    blocks += [
        Paragraph(f"Số cam kết các địa bàn báo đến ngày {short_day(day_of(newest))}."),
        captions.table("Cam kết theo loại"),
        Table(columns, tuple(rows)),
    ]
    if districts:
        of_kind = tuple(Column(each["label"], 29, NUMBER) for each in kinds)
        told = tuple(
            (each["name"], *(_percent_words(one["percent"]) for one in each["kinds"])) for each in districts
        )
        blocks += [
            captions.table("Tỷ lệ cam kết theo địa bàn"),
            Table((Column("Địa bàn", 44), *of_kind), told),
        ]
    return blocks


def _zones(content: Content, captions: Captions) -> list[Block]:
    standing, ended = content["zones"]["standing"], content["zones"]["ended"]
    words = f"Hết ngày {short_day(day_of(content['through']))} có {len(standing)} vùng xanh được công nhận"
    words += f"; trong đợt có {len(ended)} vùng thôi được công nhận." if ended else "."
    blocks: list[Block] = [Paragraph("3. Vùng xanh được công nhận", Style.CLAUSE), Paragraph(words)]
    if standing:
        rows = tuple(
            (str(place), each["name"], each["above"], short_day(day_of(each["since"])))
            for place, each in enumerate(standing, 1)
        )
        columns = (
            Column("STT", 14, Align.CENTRE),
            Column("Vùng xanh", 60),
            Column("Thuộc", 56),
            Column("Từ ngày", 30, Align.CENTRE),
        )
        blocks += [captions.table("Vùng xanh được công nhận"), Table(columns, rows)]
    if ended:
        told = tuple(
            f"{each['name']}, {each['above']}: từ ngày {short_day(day_of(each['since']))} đến trước ngày "
            f"{short_day(day_of(each['ended_on']))}, {each['because']};"
            for each in ended
        )
        blocks.append(Items((*told[:-1], told[-1][:-1] + "."), Sign.DASH))
    return blocks


def _ways(content: Content, captions: Captions) -> list[Block]:
    ways, blocks = content["ways"], [Paragraph("4. Thời gian về xanh", Style.CLAUSE)]
    came, red = ways["came"], ways["from_very_high"]
    if came is None:
        return [*blocks, Paragraph("Không có nơi nào chưa xanh đầu đợt mà về xanh và giữ đến ngày cuối.")]
    blocks.append(
        Paragraph(
            f"{came['count']} nơi chưa xanh đầu đợt đã về xanh và giữ đến ngày cuối, sau {_spread(came)} kể "
            f"từ ngày đầu đợt."
        )
    )
    if red:
        blocks.append(Paragraph(f"{red['count']} nơi từ đỏ về xanh sau {_spread(red)}."))
    if ways["fastest"]:
        rows = tuple(
            (
                str(place),
                each["name"],
                each["district"],
                short_day(day_of(each["green_since"])),
                str(each["days_from_very_high"]),
            )
            for place, each in enumerate(ways["fastest"], 1)
        )
        columns = (
            Column("STT", 14, Align.CENTRE),
            Column("Nơi", 50),
            Column("Địa bàn", 50),
            Column("Xanh từ ngày", 28, Align.CENTRE),
            Column("Số ngày sau đỏ", 24, NUMBER),
        )
        blocks += [captions.table("Từ đỏ về xanh, ít ngày nhất trước"), Table(columns, rows)]
    return blocks


def commendation(content: Content, captions: Captions) -> list[Block]:
    """III. The shortlist, the dossiers, the decisions with how many of whom."""
    listed, dossiers, awards = content["shortlist"], content["dossiers"], content["awards"]
    blocks: list[Block] = [
        Paragraph("III. Khen thưởng", Style.PART),
        Paragraph("1. Xét khen", Style.CLAUSE),
    ]
    if listed:
        words = (
            f"Danh sách xét khen ({listed['stage']}), tính đến hết ngày "
            f"{short_day(day_of(listed['through']))}, có {listed['eligible']}/{listed['units']} đơn vị "
            f"đủ điều kiện xét."
        )
        if listed["kept"] or listed["withdrawn"]:
            words += f" Khi kiểm tra lại: giữ {listed['kept']}, rút {listed['withdrawn']} ứng viên."
        blocks.append(Paragraph(words))
    else:
        blocks.append(Paragraph("Chưa lập danh sách xét khen."))
    blocks.append(
        Paragraph(
            f"Nhận {dossiers['count']} hồ sơ, đề nghị {dossiers['collectives']} tập thể và "
            f"{dossiers['people']} cá nhân; {dossiers['late']} hồ sơ nộp muộn có phép, "
            f"{dossiers['returned']} hồ sơ phải bổ sung."
            if dossiers["count"]
            else "Chưa nhận hồ sơ nào."
        )
    )
    blocks.append(Paragraph("2. Kết quả khen thưởng", Style.CLAUSE))
    if not awards["lines"]:
        return [*blocks, Paragraph("Chưa có quyết định khen thưởng.")]
    numbers = ", ".join(
        f"số {each['number']} ngày {short_day(day_of(each['signed_on']))}" for each in awards["decisions"]
    )
    money = f", tổng tiền thưởng {money_words(awards['money'])}" if awards["money"] else ""
    blocks.append(
        Paragraph(
            f"Theo Quyết định {numbers}: khen {count_words(awards['lines'])}{money}. Danh sách ở phụ lục."
        )
    )
    columns = (Column("Địa bàn lập hồ sơ", 80), Column("Số tập thể, cá nhân được khen", 50, NUMBER))
    return [
        *blocks,
        captions.table("Khen thưởng theo địa bàn"),
        Table(columns, tuple((name, str(number)) for name, number in awards["districts"])),
    ]


def shortcomings(content: Content) -> list[Block]:
    """IV. What the numbers show to be lacking; why, is for the office to write."""
    places = content["places"]
    missing = [
        f"{_first_capital(group['label'])} chưa đăng ký thi đua: {group['missing']}/{group['units']}"
        + (_names(group["missing_names"]) if group["missing"] < group["units"] else ", tức là tất cả")
        for group in content["groups"]
        if group["missing"]
    ]
    late = [(place["name"], place["district"]) for place in places if place["provisional_days"]]
    days = sum(place["provisional_days"] for place in places)
    again = [(place["name"], place["district"]) for place in places if place["relapses"]]
    raised = [(p["name"], p["district"]) for p in places if p["start"] and p["end"] > p["start"]]
    missed = sum(group["targets"]["missed"] for group in content["groups"])
    found = [
        *missing,
        _fault(late, f"có ngày tạm tính do thiếu báo cáo, cộng {days} ngày"),
        _fault(again, "tái phát (đã giảm mức rồi lại tăng)"),
        _fault(raised, "có mức nguy cơ ngày cuối cao hơn ngày đầu"),
        _fault(content["pledges"]["silent"], "chưa báo số cam kết"),
        f"{missed} đơn vị không đạt mục tiêu đã đăng ký" if missed else "",
    ]
    told = [words for words in found if words]
    ends = [*(f"{words};" for words in told[:-1]), *(f"{words}." for words in told[-1:])]
    return [
        Paragraph("IV. Tồn tại", Style.PART),
        Items(tuple(ends), Sign.DASH) if ends else Paragraph("Số liệu không cho thấy tồn tại nào."),
    ]


def _fault(places: Sequence[Sequence[str]], words: str) -> str:
    return f"{len(places)} {COMMUNES} {words}{_names(places)}" if places else ""


def _names(places: Sequence[Sequence[str]]) -> str:
    """“: Huyện Bác Ái (Xã Phước Chính, Xã Phước Đại)”; of many, how many of each district."""
    if all(name == district for name, district in places):
        return f": {', '.join(name for name, _district in places)}"
    ordered = sorted(places, key=lambda each: each[1])
    told = []
    for district, rows in groupby(ordered, key=lambda each: each[1]):
        names = [name for name, _district in rows]
        said = ", ".join(names) if len(places) <= NAMED else str(len(names))
        told.append(f"{district} ({said})" if district else said)
    return f": {', '.join(told)}" if told else ""


def colour(level: int) -> str:
    """“xanh”."""
    return INKS[RiskLevel(level)].colour or NO_DATA


def percent(part: int, whole: int) -> str:
    """“95,3%”, rounded down, so that only all is 100."""
    return _percent_words(part * 1000 // whole / 10 if whole else None)


def _percent_words(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}%".replace(".", ",").replace(",0%", "%")


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({percent(part, whole)})"


def _spread(days: Content) -> str:
    middle = f"{days['median']:.1f}".replace(".", ",").removesuffix(",0")
    if days["least"] == days["most"]:
        return f"{days['least']} ngày"
    return f"{days['least']} đến {days['most']} ngày (trung vị {middle} ngày)"


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else str(number).replace("-", "−")


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _first_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


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
