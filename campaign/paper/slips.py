"""Slips: the registration of one unit, for its head to sign and the level above to confirm."""

from __future__ import annotations

from campaign.models import Campaign, Registration
from campaign.paper.offices import addressee_of, confirmation_of, issuer_of, place_of, signature_of
from campaign.paper.registered import document_words, last_moment, level_words, start_words, status_words
from campaign.units import confirming_area
from core.finding import line_of
from core.letters import Facts, Letter, Paragraph, Style
from core.letters.tidy import paragraphs
from core.letters.wording import BLANK, blank_day, closed, short_day, written_day

_BEGINS_SMALL = ("Phong trào ", "Phát động ", "Thi đua ")
COMMITMENT = (
    "Đơn vị cam kết thực hiện các giải pháp nêu trên, báo cáo số liệu đầy đủ, trung thực, đúng hạn và chịu "
    "sự kiểm tra của cấp trên, sự giám sát của Nhân dân."
)


def slip_of(registration: Registration) -> Letter:
    """The slip of a registration that came with its unit, the seat's line, group and edition.

    What is not known yet is room for a pen: a draft can be printed, signed and handed in again.
    """
    unit, campaign = registration.unit, registration.campaign
    above = confirming_area(unit)
    signed_on = registration.document_date
    head, post = registration.head or unit.head, registration.head_post or unit.head_post
    return Letter(
        issuer=issuer_of(unit),
        number=registration.document_number or BLANK,
        place=place_of(unit.seat),
        day=written_day(signed_on) if signed_on else blank_day(registration.created_at.year),
        kind="Phiếu đăng ký",
        subject=subject_of(campaign),
        addressees=(addressee_of(above),),
        blocks=(
            Facts(_facts(registration, head=head, post=post)),
            Paragraph("Giải pháp chính", Style.CLAUSE),
            *(Paragraph(line) for line in paragraphs(registration.solutions) or [f"…{BLANK}"]),
            Paragraph(closed(COMMITMENT)),
        ),
        signatures=(confirmation_of(above), signature_of(unit, name=head, post=post)),
        moment=last_moment(registration),
    )


def subject_of(campaign: Campaign) -> str:
    """What is registered for: “Tham gia phong trào thi đua …”."""
    title = campaign.title
    if title.startswith(_BEGINS_SMALL):
        title = title[:1].lower() + title[1:]
    return f"Tham gia {title}"


def _facts(registration: Registration, *, head: str, post: str) -> tuple[tuple[str, str], ...]:
    unit = registration.unit
    target = f"{level_words(registration.target_level)}, đạt vào ngày {short_day(registration.target_day)}"
    places = [area.name for area in line_of(unit.seat)]
    return (
        ("Đơn vị đăng ký:", unit.name),
        ("Mã trên cổng:", f"{unit.code}, đăng ký số {registration.pk}"),
        ("Địa bàn:", ", ".join(places)),
        ("Đối tượng thi đua:", registration.group.name),
        ("Mức lúc đăng ký:", start_words(registration)),
        ("Mục tiêu:", target),
        ("Văn bản đăng ký:", document_words(registration) or BLANK),
        ("Người đứng đầu:", ", ".join(part for part in (head, post) if part) or BLANK),
        ("Tình trạng:", status_words(registration)),
    )
