"""Parts II to IV of the review of a phase: what the movement came to, who was commended, what lacks."""

from __future__ import annotations

from collections.abc import Sequence

from awards.paper.report_words import (
    COMMUNES,
    NO_DATA,
    NUMBER,
    Captions,
    capital,
    grouped,
    names_of,
    percent,
    percent_words,
    share,
)
from awards.paper.wording import Content, count_words, day_of, money_words
from campaign.standing_units import NOT_ASSESSED, NOT_PUBLISHED
from core.letters import Align, Block, Column, Items, Paragraph, Sign, Style, Table
from core.letters.wording import short_day

#: Why a group has no units, by the standing's word for it.
EMPTY = {
    NOT_ASSESSED: "tỉnh chưa đánh giá mức độ nguy cơ đến cấp này.",
    NOT_PUBLISHED: "bản đồ công bố không có cấp này, nên báo cáo không xếp.",
}


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
            f"Có {share(confirmed, units)} đơn vị có đăng ký được xác nhận, "
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
        Paragraph(f"{capital(each['label'])}: {EMPTY.get(each['empty'], 'chưa có đơn vị nào.')}")
        for each in content["groups"]
        if not each["units"]
    ]


def _group_row(group: Content) -> tuple[str, ...]:
    numbers = ("suspended", "withdrawn", "missing")
    return (
        capital(group["label"]),
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
            grouped(each["signed"]) if each["known"] else NO_DATA,
            grouped(each["total"]) if each["known"] else "",
            percent_words(each["percent"]),
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
            (each["name"], *(percent_words(one["percent"]) for one in each["kinds"])) for each in districts
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
    return [
        *blocks,
        captions.table("Khen thưởng theo đối tượng"),
        _counts("Đối tượng", awards["groups"]),
        captions.table("Khen thưởng theo địa bàn"),
        _counts("Địa bàn lập hồ sơ", awards["districts"]),
    ]


def _counts(head: str, rows: Sequence[Sequence]) -> Table:
    """Names with how many collectives and persons."""
    columns = (Column(head, 80), *(Column(each, 24, NUMBER) for each in ("Tập thể", "Cá nhân", "Cộng")))
    return Table(
        columns,
        tuple(
            (capital(name), str(collectives), str(people), str(collectives + people))
            for name, collectives, people in rows
        ),
    )


def shortcomings(content: Content) -> list[Block]:
    """IV. What the numbers show to be lacking; why, is for the office to write."""
    places = content["places"]
    missing = [
        f"{capital(group['label'])} chưa đăng ký thi đua: {group['missing']}/{group['units']}"
        + (names_of(group["missing_names"]) if group["missing"] < group["units"] else ", tức là tất cả")
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
    return f"{len(places)} {COMMUNES} {words}{names_of(places)}" if places else ""


def _spread(days: Content) -> str:
    middle = f"{days['median']:.1f}".replace(".", ",").removesuffix(",0")
    if days["least"] == days["most"]:
        return f"{days['least']} ngày"
    return f"{days['least']} đến {days['most']} ngày (trung vị {middle} ngày)"
