"""The review of a phase (báo cáo sơ kết) as a letter of Sở Nội vụ, ready to be gone over and signed."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from awards.paper.report_parts import commendation, movement, shortcomings
from awards.paper.report_situation import situation
from awards.paper.report_words import COMMUNES, Captions, colour
from awards.paper.wording import (
    COMMITTEE,
    Content,
    day_of,
    days_of,
    director,
    home_affairs,
    list_table,
    place_of,
    province_in_sentence,
)
from core.letters import Align, Appendix, Band, Block, Column, Facts, Letter, Paragraph, Style, Table
from core.letters.wording import BLANK, blank_day, closed, recipients, short_day

#: Lines to write on, as wide as the text.
LINES = (Paragraph("…" * 30),) * 2
PLACES = (
    Column("STT", 12, Align.CENTRE),
    Column("Nơi", 56),
    Column("Đầu đợt", 24, Align.CENTRE),
    Column("Cuối đợt", 24, Align.CENTRE),
    Column("Xanh từ ngày", 28, Align.CENTRE),
    Column("Số ngày xanh", 22, Align.RIGHT),
    Column("F0", 16, Align.RIGHT),
    Column("Tái phát", 18, Align.RIGHT),
    Column("Ngày tạm tính", 22, Align.RIGHT),
    Column("Đăng ký", 30, Align.CENTRE),
)
BELONGS = f"Kèm theo Báo cáo số {BLANK}/BC-SNV của Sở Nội vụ"
REGISTERED = {"confirmed": "đã xác nhận", "suspended": "tạm dừng", "withdrawn": "đã rút", "": "chưa"}


def report_of(content: Content, *, moment: datetime) -> Letter:
    """The report with its annexes. What is the office's to judge is left blank, and marked so."""
    captions = Captions()
    return Letter(
        issuer=home_affairs(content),
        number=f"{BLANK}/BC-SNV",
        place=place_of(content),
        day=blank_day(max(day_of(content["through"]).year, timezone.localdate(moment).year)),
        kind="Báo cáo",
        subject=f"Sơ kết {_phase(content)} {content['campaign']['title']}{_as_of(content)}",
        addressees=(f"{COMMITTEE} {province_in_sentence(content)}",),
        blocks=(
            *_opening(content),
            *situation(content, captions),
            *movement(content, captions),
            *commendation(content, captions),
            *shortcomings(content),
            *_left_to_the_office(content),
        ),
        signatures=(director(),),
        recipients=recipients(["Như trên", "Các sở, ngành, địa bàn liên quan", "Lưu: VT"]),
        appendices=tuple(_annexes(content)),
        moment=moment,
    )


def facts_of(content: Content) -> list[str]:
    """What anybody who holds its code is told: labels and values in turns, nothing of a person."""
    colours, awards, edition = content["colours"], content["awards"], content["sources"]["edition"]
    return [
        "Phong trào",
        content["campaign"]["short_title"],
        "Đợt",
        f"{content['phase']['name']}, {days_of(content)}",
        "Số liệu đến hết ngày",
        short_day(day_of(content["through"])),
        "Bản đồ công bố",
        f"số {edition['number']}" if edition else "chưa có, theo số biết khi lập",
        f"{COMMUNES[:1].upper()}{COMMUNES[1:]} xanh",
        f"{colours['end'][1]}/{colours['places']}",
        "Được khen",
        f"{awards['collectives']} tập thể, {awards['people']} cá nhân",
    ]


def title_of(content: Content) -> str:
    return f"Báo cáo sơ kết {_phase(content)}, {content['campaign']['short_title']}{_as_of(content)}"


def _phase(content: Content) -> str:
    name = content["phase"]["name"]
    return name[:1].lower() + name[1:]


def _as_of(content: Content) -> str:
    return f" (số liệu đến ngày {short_day(day_of(content['through']))})" if content["interim"] else ""


def _opening(content: Content) -> list[Block]:
    last = short_day(day_of(content["through"]))
    words = (
        f"Thực hiện kế hoạch {content['campaign']['title']}, Sở Nội vụ báo cáo sơ kết {_phase(content)} "
        f"({days_of(content)}), số liệu đến hết ngày {last}."
    )
    if content["interim"]:
        words += " Đợt chưa có số liệu của ngày cuối, nên các số dưới đây là tạm tính."
    return [Paragraph(words), Paragraph(_source_words(content))]


def _source_words(content: Content) -> str:
    sources = content["sources"]
    edition = sources["edition"]
    if edition is None:
        return (
            "Trong đợt chưa có bản đồ công bố; mức độ nguy cơ trong báo cáo theo số biết khi lập bảng "
            "xếp hạng."
        )
    first, last = sources["first_edition"], edition["number"]
    number = f"bản số {last}" if first == last else f"các bản từ số {first} đến số {last}"
    return (
        f"Mức độ nguy cơ trong báo cáo là mức đã công bố trên bản đồ của tỉnh, {number}; nguồn số liệu "
        f"và mã băm ở phụ lục cuối."
    )


def _left_to_the_office(content: Content) -> list[Block]:
    marked = "[Cơ quan soạn: {}]"
    return [
        Paragraph(marked.format("nguyên nhân của các tồn tại, bài học rút ra."), Style.NOTE),
        *LINES,
        Paragraph("V. Phương hướng", Style.PART),
        Paragraph(marked.format("phương hướng, nhiệm vụ của thời gian tới; kiến nghị, đề xuất."), Style.NOTE),
        *LINES,
        Paragraph(closed(f"Trên đây là báo cáo sơ kết {_phase(content)}, Sở Nội vụ kính báo cáo")),
    ]


def _annexes(content: Content) -> list[Appendix]:
    annexes = []
    if content["places"]:
        rows = _place_rows(content)
        annexes.append(
            Appendix(f"Kết quả của từng {COMMUNES}", (Table(PLACES, rows),), BELONGS, landscape=True)
        )
    if content["awards"]["lines"]:
        listed = list_table([row | {"post": row["unit"]} for row in content["awards"]["lines"]])
        annexes.append(Appendix("Tập thể, cá nhân được khen", (listed,), BELONGS))
    return [*annexes, Appendix("Nguồn số liệu", (Facts(tuple(_source_rows(content))),), BELONGS)]


def _place_rows(content: Content) -> tuple[tuple[str, ...] | Band, ...]:
    """By district, each counted on from the one before; what lies in none comes first."""
    rows: list[tuple[str, ...] | Band] = []
    number = 0
    for district in ("", *(each["name"] for each in content["districts"])):
        inside = [place for place in content["places"] if place["district"] == district]
        if district:
            rows.append(Band(district))
        for place in inside:
            number += 1
            rows.append(_place_row(number, place))
    return tuple(rows)


def _place_row(number: int, place: Content) -> tuple[str, ...]:
    return (
        str(number),
        place["name"],
        colour(place["start"]),
        colour(place["end"]),
        short_day(day_of(place["green_since"])) if place["green_since"] else "–",
        str(place["days_green"]),
        str(place["cases"]),
        str(place["relapses"]),
        str(place["provisional_days"]),
        REGISTERED[place["registered"]],
    )


def _source_rows(content: Content) -> list[tuple[str, str]]:
    sources, listed = content["sources"], content["shortlist"]
    edition = sources["edition"]
    rows = []
    if edition:
        cut_off = timezone.localtime(datetime.fromisoformat(edition["cut_off"]))
        rows += [
            (
                "Bản đồ công bố:",
                f"số {edition['number']}, chốt lúc {cut_off:%H:%M} ngày {short_day(cut_off.date())}",
            ),
            ("Mã băm của bản đồ:", edition["hash"]),
        ]
    rows.append(("Mã băm của bảng xếp hạng:", sources["standing"]))
    if sources["known"]:
        rows.append(("Bảng xếp hạng theo số biết:", sources["known"]))
    if listed:
        rows.append(("Danh sách xét khen:", f"{listed['stage']}, mã băm {listed['hash']}"))
    rows += [
        (f"Quyết định số {each['number']}:", f"mã băm {each['sha256']}")
        for each in content["awards"]["decisions"]
    ]
    return rows
