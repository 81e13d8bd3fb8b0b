"""Certificates (bằng khen) as words for printed stock, A4 or A3 lying: a sheet for each who is awarded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path

from awards.paper.decisions import awarded_in_order
from awards.paper.wording import Content, about, day_of, place_of, province_in_sentence
from core.codes import written
from core.letters.tidy import clean
from core.letters.typeface import FAMILY, printable, width_mm
from core.letters.typesetting import typeset
from core.letters.wording import capacity_of, written_day

TEMPLATE = Path(__file__).with_name("certificate.typ")
#: On A4, in millimetres and points; on A3 everything is larger by the same scale.
SCALES = {"a4": 1.0, "a3": sqrt(2)}
MEASURES = {
    "width": 297,
    "height": 210,
    "top": 62,  # below the emblem and the nation's name, which are printed
    "bottom": 22,
    "aside": 38,
    "office": 17,
    "act": 15,
    "place": 15,
    "deed": 16,
    "note": 11,
    "sign": 14,
    "room_to_sign": 20,
}
#: A long name is set smaller, so that it has no more than two lines.
NAME_POINTS = (24, 20, 16, 13)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One certificate; ``notes`` stand at the left of its foot, ``points`` is the size of the name."""

    name: str
    place: str
    deed: str
    notes: tuple[str, ...]
    points: int


@dataclass(frozen=True, slots=True)
class Certificates:
    """What stands on all sheets, and the sheets."""

    title: str
    office: str
    day: str
    capacity: tuple[str, ...]
    signer: str
    sheets: tuple[Sheet, ...]


def certificates_of(content: Content) -> Certificates:
    """Those of a decision, collectives first, as its list has them."""
    day = day_of(content["signed_on"])
    notes = (f"Quyết định số {content['number']}", f"Ngày {day:%d/%m/%Y}")
    sheets = []
    for row in awarded_in_order(content):
        name, place = clean(row["name"]), row["post"] if row["recipient"] == "person" else row["district"]
        code = f"Mã: {written(row['code'])}"
        sheets.append(Sheet(name, clean(place), f"Đã {about(content)}", (*notes, code), _points(name)))
    return Certificates(
        title=f"Bằng khen kèm theo Quyết định số {content['number']}",
        office=f"Chủ tịch Ủy ban nhân dân {province_in_sentence(content)}",
        day=f"{place_of(content)}, {written_day(day)}",
        capacity=capacity_of(content["signer_post"]),
        signer=clean(content["signer"]),
        sheets=tuple(sheets),
    )


def as_pdf(certificates: Certificates, *, size: str, code: str, moment: datetime) -> bytes:
    """The sheets. Text goes in as data: none of it is evaluated, no file is read for it."""
    said = {
        "title": printable(certificates.title),
        "author": printable(certificates.office),
        "code": code,
        "font": FAMILY,
        "scale": SCALES[size],
        "measures": MEASURES,
        "office": printable(certificates.office),
        "day": printable(certificates.day),
        "capacity": [printable(each) for each in certificates.capacity],
        "signer": printable(certificates.signer),
        "sheets": [
            {
                "name": printable(sheet.name),
                "place": printable(sheet.place),
                "deed": printable(sheet.deed),
                "notes": [printable(each) for each in sheet.notes],
                "points": sheet.points,
            }
            for sheet in certificates.sheets
        ],
    }
    moment = moment.astimezone(UTC).replace(microsecond=0)
    return typeset(TEMPLATE.read_bytes(), "pdf", said={"certificates": said}, timestamp=moment)


def _points(name: str) -> int:
    room = 1.9 * (MEASURES["width"] - 2 * MEASURES["aside"])  # of two lines, which seldom end at the edge
    fitting = (points for points in NAME_POINTS if width_mm(name, points=points, bold=True) <= room)
    return next(fitting, NAME_POINTS[-1])
