"""Certificates (bằng khen) as words for printed stock: A4 lying, a sheet for each who is awarded."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import typst

from awards.paper.decisions import awarded_in_order
from awards.paper.wording import Content, about, day_of, place_of, province_in_sentence
from core.letters.typeface import FAMILY, FOLDER, printable
from core.letters.wording import capacity_of, written_day

TEMPLATE = Path(__file__).with_name("certificate.typ")


def certificates_of(content: Content, *, moment: datetime) -> bytes:
    """The sheets as PDF. Text goes in as data: none of it is evaluated, no file is read for it."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])
    compiler = typst.Compiler(
        TEMPLATE.read_bytes(), root=str(FOLDER), font_paths=fonts, ignore_system_fonts=True
    )
    return compiler.compile(
        format="pdf",
        sys_inputs={"certificates": json.dumps(_said(content), ensure_ascii=False)},
        timestamp=moment.astimezone(UTC).replace(microsecond=0),
    )


def _said(content: Content) -> dict:
    day = day_of(content["signed_on"])
    office = f"Chủ tịch Ủy ban nhân dân {province_in_sentence(content)}"
    sheets = [
        {
            "name": printable(row["name"]),
            "place": printable(row["post"] if row["recipient"] == "person" else row["district"]),
            "deed": printable(f"Đã {about(content)}"),
            "code": f"{row['code'][:5]}-{row['code'][5:]}",
        }
        for row in awarded_in_order(content)
    ]
    return {
        "title": printable(f"Bằng khen kèm theo Quyết định số {content['number']}"),
        "author": printable(office),
        "font": FAMILY,
        "office": printable(office),
        "decision": printable(f"Quyết định số {content['number']}"),
        "registered": printable(f"Ngày {day:%d/%m/%Y}"),
        "day": printable(f"{place_of(content)}, {written_day(day)}"),
        "capacity": [printable(each) for each in capacity_of(content["signer_post"])],
        "signer": printable(content["signer"]),
        "sheets": sheets,
    }
