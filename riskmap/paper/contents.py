"""Contents: what a printed sheet says and shows, in the plain values that ``sheet.typ`` sets."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

import segno

from core.enums import AreaKind
from riskmap.enums import RiskLevel
from riskmap.history import DayLevel
from riskmap.paper.drawing import draw_map, swatch
from riskmap.paper.inks import INKS
from riskmap.paper.layout import (
    Box,
    Layout,
    enlarge,
    frame_around,
    lay_out,
    overlap,
    place_letters,
    place_names,
)
from riskmap.paper.shapes import Shapes, read_shapes
from riskmap.paper.sheets import Sheet

SHORT, LONG = 210, 297  # A4, millimetres
MARGIN, GAP = 12, 6
SCALES = {"a4": 1.0, "a3": 2**0.5}
EXACT = {"a4": (210, 297), "a3": (297, 420)}
COLUMNS = {("a4", False): 3, ("a4", True): 4, ("a3", False): 4, ("a3", True): 6}
HEAD, SIDE, FOOT, SLACK = 22, 72, 66, 1  # of A4: title, column beside the map, block below it, rounding


@dataclass(frozen=True, slots=True)
class Seal:
    """What lets a paper be checked: its code as printed, where, and the address in its QR code."""

    code: str
    verify_at: str
    link: str


def content_of(sheet: Sheet, *, page_size: str, seal: Seal, with_list: bool) -> dict:
    """What ``sheet.typ`` sets, in plain values."""
    shapes = read_shapes(sheet.boundaries.topology_id)
    scale = SCALES[page_size]
    landscape, box = _best_box(shapes)
    layout = lay_out(shapes, width=box[0] * scale, height=box[1] * scale)
    short, long = EXACT[page_size]
    total = sum(sheet.totals)
    return {
        "title": f"Bản đồ mức độ nguy cơ COVID-19 {_in_a_sentence(sheet.province.name)}",
        "author": "Vùng xanh",
        "headline": sheet.headline,
        "standing": sheet.standing,
        "layer": _LAYER_WORDS[sheet.layer],
        "scale": scale,
        "page": {"width": long, "height": short} if landscape else {"width": short, "height": long},
        "landscape": landscape,
        "head": HEAD,
        "foot": FOOT,
        "box": {"width": box[0], "height": box[1]},
        "parts": _parts(sheet, layout, box=(box[0] * scale, box[1] * scale), scale=scale),
        "legend_title": _LEGEND_TITLES[sheet.layer],
        "legend": list(_legend(sheet, total)),
        "total": str(total),
        "total_words": "Tổng số đơn vị",
        "scale_bar": None if sheet.boundaries.schematic else _scale_bar(layout, scale),
        "simulated": "SỐ LIỆU MÔ PHỎNG, không phải số ca thật của địa phương." if sheet.simulated else None,
        "notes": list(_notes(sheet)),
        "code": seal.code,
        "verify_at": seal.verify_at,
        "qr": _qr(seal.link),
        "qr_alt": f"Mã QR dẫn đến {seal.link}",
        "fingerprint": sheet.fingerprint,
        "fingerprint_words": "Mã băm bản công bố" if sheet.edition else "Mã băm số liệu",
        "columns": COLUMNS[page_size, landscape],
        "swatches": {level.key: swatch(level) for level in RiskLevel},
        "groups": list(_groups(sheet)) if with_list else [],
    }


_LAYER_WORDS = {AreaKind.COMMUNE: "Cấp xã, phường, thị trấn", AreaKind.DISTRICT: "Cấp quận, huyện"}
_LEGEND_TITLES = {AreaKind.COMMUNE: "Số xã, phường, thị trấn", AreaKind.DISTRICT: "Số quận, huyện"}


def _best_box(shapes: Shapes) -> tuple[bool, tuple[float, float]]:
    """Whether the page lies on its long side, and the room for the map (mm of A4), whichever is larger."""
    boxes = {
        True: (LONG - 2 * MARGIN - SIDE - GAP, SHORT - 2 * MARGIN - HEAD - SLACK),
        False: (SHORT - 2 * MARGIN, LONG - 2 * MARGIN - HEAD - FOOT - GAP),
    }

    def mm_per_km(landscape: bool) -> float:
        width, height = boxes[landscape]
        return min(width / shapes.width_km, height / shapes.height_km)

    landscape = mm_per_km(True) > mm_per_km(False)
    return landscape, boxes[landscape]


def _in_a_sentence(province: str) -> str:
    """“Tỉnh Ninh Thuận” inside a title: “tỉnh Ninh Thuận”."""
    return province[:1].lower() + province[1:] if province.startswith(("Tỉnh ", "Thành phố ")) else province


def _share(count: int, total: int) -> str:
    return f"{count} ({count / total * 100:.1f}%)".replace(".", ",") if total else "0"


def _legend(sheet: Sheet, total: int) -> Iterable[dict]:
    for level in sorted(RiskLevel, reverse=True):
        count, ink = sheet.totals[level], INKS[level]
        if level == RiskLevel.NO_DATA and not count:
            continue
        words = f"{level.label} ({ink.colour})" if ink.colour else str(level.label)
        yield {"swatch": swatch(level), "alt": ink.letter, "words": words, "count": _share(count, total)}
    yield {
        "swatch": swatch(RiskLevel.NO_DATA, provisional=True),
        "alt": "gạch chéo",
        "words": "Trong đó tạm tính, do thiếu báo cáo",
        "count": str(sheet.provisional_count),
    }
    if sheet.decided_count:
        yield {
            "swatch": swatch(RiskLevel.NO_DATA, decided=True),
            "alt": "gạch dưới",
            "words": "Trong đó do Sở Y tế quyết định",
            "count": str(sheet.decided_count),
        }


def _spoken(sheet: Sheet) -> str:
    return ", ".join(
        f"{level.label}: {sheet.totals[level]}"
        for level in sorted(RiskLevel, reverse=True)
        if sheet.totals[level]
    )


def _notes(sheet: Sheet) -> Iterable[str]:
    yield f"Mức độ tính theo {sheet.rule_set.citation}."
    if sheet.boundaries.schematic:
        yield "Bản đồ là sơ đồ do cổng tự vẽ, không phải ranh giới thật."
    else:
        yield f"Ranh giới: {sheet.boundaries.source} (giấy phép: {sheet.boundaries.licence})."
    if sheet.unapproved_count:
        count = sheet.unapproved_count
        yield f"{count} nơi dựa trên số ca chưa được Sở Y tế duyệt lúc chốt; danh sách ghi “chưa duyệt”."
    yield "Chữ cái trên bản đồ: X xanh, V vàng, C cam, Đ đỏ. Thiếu báo cáo không được coi là không có ca."


def _qr(link: str) -> str:
    """The QR code as SVG; its quiet zone is the margin it carries itself."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True, nl=False
    )
    return out.getvalue().decode()


def _parts(sheet: Sheet, layout: Layout, *, box: tuple[float, float], scale: float) -> list[dict]:
    """The map, and an enlarged part of it where that helps: pictures and their places in the box (mm)."""
    frame = frame_around(layout, width=box[0], height=box[1])
    part = enlarge(layout, layout.shapes.layers[sheet.layer], frame=frame, gap=2 * scale)
    whole = _picture(
        sheet,
        layout,
        corner=(-frame[0], -frame[1]),
        alt=f"Bản đồ {sheet.province.name}: {_spoken(sheet)}",
        window=part and part.window,
        scale=scale,
    )
    if part is None:
        return [whole]
    times = f"{part.times:.1f}".replace(".", ",")
    corner = (part.box[0] - frame[0], part.box[1] - frame[1])
    caption = f"Phóng to {times} lần phần trong khung"
    return [whole, _picture(sheet, part.layout, corner=corner, alt=caption, caption=caption, scale=scale)]


def _picture(
    sheet: Sheet,
    layout: Layout,
    *,
    corner: tuple[float, float],
    alt: str,
    scale: float,
    window: Box | None = None,
    caption: str | None = None,
) -> dict:
    letters = place_letters(layout, layout.shapes.layers[sheet.layer])
    districts = [row for row in sheet.rows if row.kind == AreaKind.DISTRICT]
    hidden = 2 if sheet.layer == AreaKind.COMMUNE else 0
    names = [
        name
        for name in place_names(layout, districts, letters=list(letters.values()), hidden=hidden, scale=scale)
        if window is None or not overlap(name.box, window)
    ]
    clear = [name.box for name in names]
    return {
        "svg": draw_map(layout, sheet.shown, layer=sheet.layer, letters=letters, clear=clear),
        **_as_place((*corner, corner[0] + layout.width, corner[1] + layout.height)),
        "alt": alt,
        "window": window and _as_place(window),
        "caption": caption,
        "names": [_as_place(name.box) | {"text": name.text, "size": name.points} for name in names],
    }


def _as_place(box: Box) -> dict[str, float]:
    left, top, right, bottom = box
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def _scale_bar(layout: Layout, scale: float) -> dict:
    """The longest round number of kilometres that takes no more than 45 mm of an A4."""
    most = 45 * scale * layout.km_per_mm
    km = max(n * 10**p for p in range(-1, 4) for n in (1, 2, 5) if n * 10**p <= most)
    return {"width": km / layout.km_per_mm, "words": f"{km:g} km".replace(".", ",")}


def _groups(sheet: Sheet) -> Iterable[dict]:
    """The list behind the map: communes under their districts, or the districts alone."""
    if sheet.layer == AreaKind.DISTRICT:
        yield {"name": "Quận, huyện", "rows": [_line(sheet, row) for row in sheet.shown]}
        return
    for district in (row for row in sheet.rows if row.kind == AreaKind.DISTRICT):
        rows = [_line(sheet, row) for row in sheet.shown if row.parent_code == district.code]
        if rows:
            yield {"name": district.name, "rows": rows}


def _line(sheet: Sheet, row: DayLevel) -> dict:
    ink, days = INKS[row.level], row.days_in_level(sheet.day)
    notes = (
        ["tạm tính"] * row.provisional + ["theo quyết định"] * row.decided + ["chưa duyệt"] * row.unapproved
    )
    notes += [f"{days} ngày"] * bool(days)
    return {
        "name": row.name,
        "letter": ink.letter,
        "swatch": RiskLevel(row.level).key,
        "since": " · ".join(notes),
    }
