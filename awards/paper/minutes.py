"""The papers of a council: the agenda pack, the minutes (form 1.9 of Decree 30), the count's protocol."""

from __future__ import annotations

from datetime import datetime

from awards.enums import CountedOf, Verdict, Vote
from awards.paper.wording import (
    Content,
    about,
    count_words,
    day_of,
    days_of,
    place_of,
    split,
)
from core.letters import (
    Align,
    Column,
    Facts,
    Issuer,
    Items,
    Letter,
    Paragraph,
    Signature,
    Style,
    Table,
)
from core.letters.wording import BLANK, closed, recipients, short_day, written_day

NUMBER = Column("STT", 14, Align.CENTRE)
NAME = Column("Tên tập thể; họ và tên, chức vụ, nơi công tác của cá nhân", 72)
RESULT_COLUMNS = (
    NUMBER,
    NAME,
    Column("Tán thành", 20, Align.CENTRE),
    Column("Không tán thành", 20, Align.CENTRE),
    Column("Không có ý kiến", 20, Align.CENTRE),
    Column("Tỷ lệ tán thành", 34, Align.CENTRE),
    Column("Kết quả", 28, Align.CENTRE),
)
AGENDA_COLUMNS = (
    NUMBER,
    NAME,
    Column("Địa bàn", 32),
    Column("Hình thức khen", 34),
    Column("Thành tích", 62),
    Column("Ý kiến Sở Y tế", 34),
    Column("Thẩm định", 46),
)
COUNTED = {
    CountedOf.MEMBERS: "tổng số thành viên Hội đồng",
    CountedOf.PRESENT: "số thành viên có mặt",
}
VERDICTS = {
    Verdict.AGREE: "Đồng ý",
    Verdict.DISAGREE: "Không đồng ý",
    Verdict.NOTE: "Có ý kiến",
}


def agenda_of(content: Content, *, moment: datetime) -> Letter:
    """Tài liệu họp: the order of the meeting, the members, and what is known of each nominee."""
    session, lines = content["session"], content["lines"]
    blocks = [
        Facts(
            (
                ("Thời gian:", f"ngày {short_day(day_of(session['held_on']))}"),
                ("Địa điểm:", session["place"]),
                ("Chủ trì:", session["chair"]),
                ("Thư ký:", session["secretary"]),
            )
        ),
        Paragraph("I. Chương trình", Style.PART),
        Items(
            (
                "Thư ký báo cáo số thành viên có mặt; chủ trì nêu mục đích, nội dung họp.",
                f"Sở Nội vụ báo cáo kết quả thẩm định {count_words(lines)}.",
                "Hội đồng thảo luận.",
                f"Hội đồng bỏ phiếu kín. {_rule(content)}",
                "Công bố kết quả kiểm phiếu; chủ trì kết luận; thông qua biên bản.",
            )
        ),
        Paragraph("II. Thành viên Hội đồng", Style.PART),
        Items(tuple(_member(each) for each in content["members"]) or ("Chưa ghi thành viên.",)),
        Paragraph("III. Đối tượng xét", Style.PART),
        Table(AGENDA_COLUMNS, tuple(_agenda_row(place, row) for place, row in _in_order(lines))),
    ]
    return _letter(
        content,
        "Tài liệu họp",
        f"Xét khen thưởng tập thể, cá nhân {about(content)}",
        blocks,
        moment,
        number="",
    )


def minutes_of(content: Content, *, moment: datetime) -> Letter:
    """Biên bản họp: who was there, how the secret vote came out, what the chair concluded."""
    session, lines, counts = content["session"], content["lines"], content["counts"]
    passed = [row for row in lines if row["passed"]]
    absent = [each for each in content["members"] if not each["present"]]
    attending = [
        Items(tuple(_member(each) for each in content["members"] if each["present"])),
    ]
    if absent:
        attending.append(Paragraph(f"Vắng mặt: {', '.join(each['name'] for each in absent)}."))
    blocks = [
        Facts(
            (
                ("Thời gian bắt đầu:", _by_pen(session)),
                ("Địa điểm:", session["place"]),
                ("Chủ trì (chủ tọa):", session["chair"]),
                ("Thư ký:", session["secretary"]),
            )
        ),
        Paragraph("I. Thành phần tham dự", Style.PART),
        Paragraph(
            f"Có mặt {counts['present']:02d}/{counts['members']:02d} thành viên Hội đồng "
            f"(số tối thiểu để họp: {session['quorum']:02d})."
        ),
        *attending,
        Paragraph("II. Nội dung", Style.PART),
        Paragraph(
            f"Hội đồng xét đề nghị khen thưởng {count_words(lines)} {about(content)}, {days_of(content)}; "
            f"nghe Sở Nội vụ báo cáo kết quả thẩm định, thảo luận và bỏ phiếu kín."
        ),
        Paragraph(_rule(content)),
        Paragraph("III. Kết quả bỏ phiếu kín", Style.PART),
        Paragraph(
            f"Bỏ phiếu từ {_instant(session['opened_at'])} đến {_instant(session['closed_at'])}; "
            f"{counts['voted']:02d}/{counts['present']:02d} thành viên có mặt đã bỏ phiếu."
        ),
        *_results(content),
        Paragraph("IV. Kết luận", Style.PART),
        Paragraph(
            f"Hội đồng thông qua {count_words(passed)} để trình Chủ tịch Ủy ban nhân dân tỉnh xem xét, "
            f"quyết định."
            if passed
            else "Không có đối tượng nào được Hội đồng thông qua."
        ),
        *(Paragraph(line) for line in content["conclusion"].splitlines() if line.strip()),
        Paragraph(closed(f"Cuộc họp kết thúc vào {_by_pen(session)}")),
    ]
    subject = f"Họp Hội đồng xét khen thưởng tập thể, cá nhân {about(content)}"
    return _letter(content, "Biên bản", subject, blocks, moment, number=f"{BLANK}/BB-HĐTĐKT", signed=True)


def protocol_of(content: Content, *, moment: datetime) -> Letter:
    """Biên bản kiểm phiếu: the count alone."""
    counts = content["counts"]
    blocks = [
        Facts(
            (
                ("Mở bỏ phiếu:", _instant(content["session"]["opened_at"])),
                ("Kết thúc bỏ phiếu:", _instant(content["session"]["closed_at"])),
                ("Tổng số thành viên:", f"{counts['members']:02d}"),
                ("Có mặt:", f"{counts['present']:02d}"),
                ("Đã bỏ phiếu:", f"{counts['voted']:02d}"),
            )
        ),
        Paragraph(_rule(content)),
        *_results(content),
        Paragraph(closed("Biên bản được đọc lại trước Hội đồng và lập thành 02 bản")),
    ]
    subject = f"Kiểm phiếu xét khen thưởng tập thể, cá nhân {about(content)}"
    return _letter(content, "Biên bản", subject, blocks, moment, number=f"{BLANK}/BB-HĐTĐKT", signed=True)


def _letter(
    content: Content, kind: str, subject: str, blocks: list, moment: datetime, *, number: str, signed=False
) -> Letter:
    session = content["session"]
    by = (
        Signature(("THƯ KÝ",), session["secretary"], "(Ký, ghi rõ họ tên)"),
        Signature(("CHỦ TỌA",), session["chair"], "(Ký, ghi rõ họ tên)"),
    )
    return Letter(
        issuer=Issuer(
            ("Hội đồng", "Thi đua - Khen thưởng"), superior=(f"UBND {content['province']['name']}",)
        ),
        number=number or f"{BLANK}/TL-HĐTĐKT",
        place=place_of(content),
        day=written_day(day_of(session["held_on"])),
        kind=kind,
        subject=subject,
        blocks=tuple(blocks),
        signatures=by if signed else (),
        recipients=recipients(["Thành viên Hội đồng", "Lưu: VT, hồ sơ khen thưởng"]) if signed else (),
        moment=moment,
        landscape=not signed,
    )


def _results(content: Content) -> list:
    rows = []
    for place, row in _in_order(content["lines"]):
        votes = row["votes"]
        share = f"{votes[Vote.FOR]}/{row['of']} ({_percent(votes[Vote.FOR], row['of'])}\u00a0%)"
        passed = "Thông qua" if row["passed"] else "Không thông qua"
        counted = (str(votes[each]) for each in (Vote.FOR, Vote.AGAINST, Vote.BLANK))
        rows.append((str(place), _named(row), *counted, share, passed))
    barred = [
        Paragraph(f"Không bỏ phiếu về {row['name']} vì có liên quan: {', '.join(row['barred'])}.", Style.NOTE)
        for row in content["lines"]
        if row["barred"]
    ]
    return [Table(RESULT_COLUMNS, tuple(rows)), *barred]


def _agenda_row(place: int, row: Content) -> tuple[str, ...]:
    opinion, standing = row["opinion"], row["standing"]
    said = "Chưa hỏi"
    if opinion:
        said = VERDICTS[opinion["verdict"]] + (f": {opinion['note']}" if opinion["note"] else "")
    facts = row["deeds"]
    if standing:
        facts = ". ".join(part for part in (facts.rstrip("."), f"Đơn vị: {standing['words']}") if part)
    failed = [check["label"] for check in row["checks"] if not check["holds"]]
    by_hand = sum(check["by_hand"] for check in row["checks"])
    found = f"Đạt {len(row['checks']) - len(failed)}/{len(row['checks'])} điều kiện"
    if by_hand:
        found += f" ({by_hand} do người thẩm định quyết định)"
    if failed:
        found += f"; chưa đạt: {', '.join(failed)}"
    return (str(place), _named(row), row["district"], row["award"], facts or "–", said, found)


def _in_order(lines: list[Content]) -> list[tuple[int, Content]]:
    """Collectives first, as on the lists, counted through."""
    collectives, people = split(lines)
    return list(enumerate([*collectives, *people], 1))


def _named(row: Content) -> str:
    return f"{row['name']}, {row['post']}" if row["post"] else row["name"]


def _member(each: Content) -> str:
    return f"{each['name']}, {each['post']}" if each["post"] else each["name"]


def _rule(content: Content) -> str:
    session = content["session"]
    return (
        f"Đối tượng được thông qua khi có từ {session['pass_percent']} % phiếu tán thành trở lên, tính trên "
        f"{COUNTED[session['counted_of']]} (không tính người có liên quan đến đối tượng)."
    )


def _percent(part: int, whole: int) -> str:
    """With one place, cut and not rounded: 89,96 is not shown as 90,0."""
    tenths = part * 1000 // whole if whole else 0
    return f"{tenths // 10},{tenths % 10}"


def _by_pen(session: Content) -> str:
    """When the meeting began or ended is written by hand: the portal knows of the vote alone."""
    return f"{BLANK}giờ{BLANK}, {written_day(day_of(session['held_on']))}"


def _instant(text: str) -> str:
    at = datetime.fromisoformat(text)
    return f"{at:%H giờ %M}, {written_day(at.date())}"
