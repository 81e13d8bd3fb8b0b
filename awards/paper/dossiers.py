"""A dossier's papers: the submission of a district with its list, the summary of each nominee.

Forms 06 and 07 of the annex to Decree 91/2017/NĐ-CP; laid out by Decree 30/2020. Made from
``awards.dossier_content``: of what was handed in, or of what is being written, which says that it is a draft.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from awards.enums import SummaryForm
from awards.paper.achievements import achievement_blocks
from awards.paper.wording import COMMITTEE, Content, about, days_of, post_and_unit, province_in_sentence
from core.letters import (
    Align,
    Appendix,
    Band,
    Block,
    Column,
    Facts,
    Issuer,
    Letter,
    Paragraph,
    Signature,
    Style,
    Table,
)
from core.letters.tidy import paragraphs
from core.letters.wording import (
    BLANK,
    blank_day,
    capacity_of,
    closed,
    recipients,
    roman,
    short_day,
    written_day,
)

LIST_COLUMNS = (
    Column("STT", 12, Align.CENTRE),
    Column("Tên tập thể; họ và tên, chức vụ, nơi công tác của cá nhân", 58),
    Column("Thành tích", 60),
    Column("Hình thức khen", 35),
)
NOT_WRITTEN = "(chưa ghi)"
#: What the sections of the two forms are called; form 07 asks for earlier awards as well.
SITUATION, DEEDS = "Sơ lược đặc điểm, tình hình", "Thành tích đạt được"
HONOURS, FIGURES = "Các hình thức đã được khen", "Số liệu do Cổng thông tin lập"
OF_FORM = {
    SummaryForm.FORM_06: "thành tích xuất sắc đột xuất",
    SummaryForm.FORM_07: "thành tích theo đợt thi đua",
}


def submission_of(content: Content, *, moment: datetime) -> Letter:
    """Tờ trình of the district, or of Sở Nội vụ for the province's own departments, with its list."""
    words = _words(content["submission"])
    nominees, area, heading = content["nominees"], content["area"], content["about"]
    number, signed_on = words.get("number") or BLANK, _day(words.get("dated", ""))
    body = [Paragraph(line) for line in paragraphs(words.get("body", ""))] or [Paragraph(NOT_WRITTEN)]
    asked = (
        f"{area['called']} kính trình Chủ tịch Ủy ban nhân dân "
        f"{province_in_sentence(heading)} xem xét, khen thưởng {count_words(nominees)} {about(heading)}, "
        f"{days_of(heading)} (danh sách kèm theo)"
    )
    return Letter(
        issuer=_issuer(area["office"]),
        number=number,
        place=area["place"],
        day=written_day(signed_on) if signed_on else words.get("dated") or _blank_day(content),
        kind="Tờ trình",
        subject=f"Về việc đề nghị khen thưởng tập thể, cá nhân {about(heading)}",
        addressees=_addressees(content),
        blocks=(*standing_notes(content), *body, Paragraph(closed(asked))),
        signatures=(
            Signature(_capacity(area["office"], words.get("signer_post", "")), words.get("signer", "")),
        ),
        recipients=recipients(["Như trên", "Lưu: VT"]),
        appendices=(_list(content, number),),
        moment=moment,
    )


def summary_of(content: Content, nominee: Content, *, moment: datetime) -> Letter:
    """Báo cáo tóm tắt thành tích of a nominee: what was typed, and the block that nobody types."""
    words, unit, heading = _words(nominee["summary"]), nominee["unit"], content["about"]
    form = SummaryForm((nominee["summary"] or {}).get("form") or SummaryForm.FORM_06)
    sections: list[tuple[str, tuple[Block, ...]]] = [
        (SITUATION, _typed(words, "situation")),
        (DEEDS, _deeds(nominee, words)),
    ]
    if form == SummaryForm.FORM_07:
        sections.append((HONOURS, _typed(words, "honours", "Không có.")))
    sections.append((FIGURES, (*achievement_blocks(nominee["evidence"]), *_receipt(content))))
    blocks: list[Block] = [Paragraph(f"(Mẫu số {form.value}: {OF_FORM[form]})", Style.CENTRED)]
    blocks += [*standing_notes(content), Facts(_who(content, nominee))]
    for place, (title, matter) in enumerate(sections, 1):
        blocks += [Paragraph(f"{roman(place)}. {title}", Style.PART), *matter]
    end = f"Kính đề nghị {_addressees(content)[0]} xem xét, khen thưởng"
    return Letter(
        issuer=_issuer(unit["office"]),
        number=f"{BLANK}/BC",
        place=unit["place"],
        day=_blank_day(content),
        kind="Báo cáo tóm tắt thành tích",
        subject=f"Đề nghị tặng {nominee['kind']['name']} do {about(heading)}",
        blocks=(*blocks, Paragraph(closed(end))),
        signatures=(_confirmation(words), _reporter(nominee)),
        moment=moment,
    )


def count_words(nominees: list[Content]) -> str:
    """“03 tập thể và 02 cá nhân”."""
    people = sum(bool(each["person"]) for each in nominees)
    parts = ((len(nominees) - people, "tập thể"), (people, "cá nhân"))
    return " và ".join(f"{count:02d} {word}" for count, word in parts if count) or "các tập thể, cá nhân"


def standing_notes(content: Content) -> list[Paragraph]:
    """That it was not handed in yet; that it was, late, and by whose leave."""
    if "received_at" not in content:
        return [Paragraph("(Lập từ bản đang soạn, hồ sơ chưa nộp)", Style.CENTRED)]
    permit = content.get("permit")
    if not permit:
        return []
    said = f"Hồ sơ nộp muộn, theo phép của Sở Nội vụ: {permit['reason'].strip().rstrip('.')}"
    return [Paragraph(f"({said})", Style.CENTRED)]


def _receipt(content: Content) -> tuple[Paragraph, ...]:
    """When and as what it was handed in, and what was: its hash. Of a draft nothing."""
    if "received_at" not in content:
        return ()
    late = f"Hạn nhận {_instant(content['deadline'])}. " if content.get("permit") else ""
    said = (
        f"Hồ sơ của {content['area']['name']}, lần nộp {content['number']}, nhận lúc "
        f"{_instant(content['received_at'])}. {late}Mã biên nhận {content['receipt']}. "
        f"Mã băm nội dung {content['sha256']}."
    )
    return (Paragraph(said, Style.NOTE),)


def _list(content: Content, number: str) -> Appendix:
    """Collectives and persons, each counted from one; who is on it is what the dossier proposes."""
    rows: list[tuple[str, ...] | Band] = []
    groups = (("Tập thể", False), ("Cá nhân", True))
    parts = [
        (title, [each for each in content["nominees"] if bool(each["person"]) == is_person])
        for title, is_person in groups
    ]
    for place, (title, each) in enumerate(((title, rows) for title, rows in parts if rows), 1):
        rows.append(Band(f"{roman(place)}. {title.upper()}"))
        rows += [
            (str(number), named(one), achievement_words(one), one["kind"]["name"])
            for number, one in enumerate(each, 1)
        ]
    blocks: list[Block] = (
        [Table(LIST_COLUMNS, tuple(rows))] if rows else [Paragraph("Chưa có đối tượng nào.")]
    )
    return Appendix(
        title="Danh sách đề nghị khen thưởng",
        blocks=(*blocks, *_receipt(content)),
        reference=f"Kèm theo Tờ trình số {number} của {content['area']['called']}",
    )


def named(nominee: Content) -> str:
    """The unit, or a person with post and unit."""
    unit, post = nominee["unit"]["name"], nominee["person_post"]
    if not nominee["person"]:
        return unit
    return f"{nominee['person']}, {post_and_unit(post, unit)}"


def achievement_words(nominee: Content) -> str:
    """What a line of the list says of it: a person's deeds, a collective's deeds or else its standing."""
    if nominee["deeds"]:
        return " ".join(paragraphs(nominee["deeds"]))
    standing = nominee["evidence"]["standing"]
    words = f"{standing['words']}; {standing['rank_words']}" if standing else ""
    return words[:1].upper() + words[1:]


def _who(content: Content, nominee: Content) -> tuple[tuple[str, str], ...]:
    heading = content["about"]
    campaign = f"{heading['campaign']['title']}, {heading['phase']['name']} ({days_of(heading)})"
    person = [("Họ và tên", nominee["person"]), ("Chức vụ, nơi công tác", nominee["person_post"])]
    unit = ("Đơn vị đề cử" if nominee["person"] else "Tên tập thể", nominee["unit"]["name"])
    return (
        *(person if nominee["person"] else ()),
        unit,
        ("Địa bàn", nominee["unit"]["seat"]),
        ("Đơn vị trình khen", content["area"]["called"]),
        ("Hình thức đề nghị", nominee["kind"]["name"]),
        ("Phong trào", campaign),
    )


def _deeds(nominee: Content, words: dict[str, str]) -> tuple[Block, ...]:
    """The narrative as typed; of a person first what they did, and where."""
    narrative = _typed(words, "deeds")
    if not nominee["deeds"]:
        return narrative
    return (
        Paragraph("1. Việc đã làm, nơi làm", Style.CLAUSE),
        *(Paragraph(line) for line in paragraphs(nominee["deeds"])),
        Paragraph("2. Thành tích", Style.CLAUSE),
        *narrative,
    )


def _typed(words: dict[str, str], name: str, nothing: str = NOT_WRITTEN) -> tuple[Block, ...]:
    return tuple(Paragraph(line) for line in paragraphs(words.get(name, "")) or [nothing])


def _words(item: Content | None) -> dict[str, str]:
    return item["words"] if item else {}


def _issuer(office: Content) -> Issuer:
    return Issuer(tuple(office["name"]), superior=tuple(office["superior"]))


def _addressees(content: Content) -> tuple[str, ...]:
    """To the chairman, by way of Sở Nội vụ, unless it is theirs."""
    province = province_in_sentence(content["about"])
    chairman = f"Chủ tịch Ủy ban nhân dân {province}"
    own = content["area"]["office"]["superior"]
    return (chairman,) if own else (chairman, f"Sở Nội vụ {province}")


def _capacity(office: Content, post: str) -> tuple[str, ...]:
    """A committee's paper is signed in its name."""
    own = post.split(" UBND")[0].split(f" {COMMITTEE}")[0]
    if office["superior"]:
        return capacity_of(own or "Giám đốc")
    return (f"TM. {COMMITTEE}".upper(), *capacity_of(own or "Chủ tịch"))


def _confirmation(words: dict[str, str]) -> Signature:
    """The head of who proposes confirms at the left."""
    post = words.get("confirmer_post", "")
    confirms = ("Xác nhận của".upper(), "cấp trình khen thưởng".upper())
    return Signature((*confirms, *capacity_of(post)), words.get("confirmer", ""))


def _reporter(nominee: Content) -> Signature:
    if nominee["person"]:
        return Signature(("Người báo cáo".upper(),), nominee["person"])
    head = nominee["unit"]["head"]
    return Signature(tuple(head["capacity"]), head["name"])


def _day(typed: str) -> date | None:
    """“05/9/2021” as it was typed; ``None`` for what is no such day."""
    try:
        return datetime.strptime(typed.strip(), "%d/%m/%Y").date()
    except ValueError:
        return None


def _blank_day(content: Content) -> str:
    return blank_day(date.fromisoformat(content["through"]).year)


def _instant(said: str) -> str:
    local = timezone.localtime(datetime.fromisoformat(said))
    return f"{local:%H:%M:%S} ngày {short_day(local.date())}"
