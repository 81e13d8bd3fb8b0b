"""What the day's grid says of its rows, in words."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from riskmap.entry_grid import GridRow
from riskmap.plausibility import Numbers

#: The columns of the grid, in its order: short for a head, long for a label.
COLUMN_WORDS = {
    "unknown_source": (gettext_lazy("Chưa rõ nguồn lây"), gettext_lazy("F0 cộng đồng chưa rõ nguồn lây")),
    "known_source": (gettext_lazy("Rõ nguồn lây"), gettext_lazy("F0 cộng đồng rõ nguồn lây")),
    "isolated": (
        gettext_lazy("Cách ly, phong tỏa, sàng lọc"),
        gettext_lazy("F0 trong khu cách ly, phong tỏa, sàng lọc"),
    ),
    "close_contacts": (gettext_lazy("F1 cộng đồng"), gettext_lazy("F1 trong cộng đồng")),
    "tests": (gettext_lazy("Xét nghiệm"), gettext_lazy("Người được xét nghiệm")),
    "suspected": (gettext_lazy("Nghi ngờ"), gettext_lazy("Ca nghi ngờ")),
}


def clock(at: datetime, *, on: date) -> str:
    """An instant as people say it on the day ``on``: the hour, and the day where it is another."""
    local = timezone.localtime(at)
    return f"{local:%H:%M}" if local.date() == on else f"{local:%H:%M %d/%m/%Y}"


def numbers_in_words(numbers: Numbers) -> str:
    """``Chưa rõ nguồn lây 2 · Rõ nguồn lây 1 · …``: what is given of the numbers, in the grid's order."""
    no_cases = numbers[:3] == (0, 0, 0)
    given = [_("Không có ca")] if no_cases else []
    given += [
        f"{short} {number_format(number)}"
        for place, ((short, _long), number) in enumerate(zip(COLUMN_WORDS.values(), numbers, strict=True))
        if number is not None and not (no_cases and place < 3)
    ]
    return " · ".join(given) or _("không có số nào")


def state_in_words(row: GridRow, *, on: date) -> str:
    """What has become of the row's numbers, who put them there and when."""
    cell = row.cell
    words = {
        "who": cell.who,
        "when": clock(cell.when, on=on) if cell.when else "",
    }
    if row.state == "overtaken":
        return _("Đã gửi số khác lúc %(when)s (%(who)s)") % words
    if row.state == "locked":
        return _("Đã duyệt, khóa")
    if row.state == "draft":
        return _("Đã lưu %(when)s (%(who)s), chưa gửi") % words
    if row.state == "correcting":
        return _("Đã lưu %(when)s (%(who)s): sửa số đã gửi") % words
    if row.state == "waiting":
        asked = {
            "who": str(row.waiting.requested_by),
            "when": clock(row.waiting.requested_at, on=on),
        }
        return _("Đính chính chờ người thứ hai xác nhận (%(who)s, %(when)s)") % asked
    if row.state == "sent":
        return _("Đã gửi %(when)s (%(who)s)") % words
    return _("Đã có số của nguồn khác") if row.reported else _("Chưa nhập")


def conflict_in_words(row: GridRow, *, on: date) -> str:
    """What somebody else put into the cell, beside what the person has typed."""
    cell = row.cell
    if cell.when is None:
        return _("Số bạn đã thấy ở ô này vừa được bỏ đi.")
    words = {"who": cell.who, "when": clock(cell.when, on=on), "numbers": numbers_in_words(cell.latest)}
    text = _("%(who)s ghi lúc %(when)s: %(numbers)s.") % words
    if cell.latest_note:
        text += " " + _("Ghi chú: %(note)s.") % {"note": cell.latest_note.rstrip(".")}
    return text


def notes_in_words(row: GridRow, *, on: date) -> list[str]:
    """What a person should know of the row before typing over it."""
    said = []
    if row.exception:
        said.append(
            _("Được phép sửa đến %(when)s: %(reason)s")
            % {"when": clock(row.exception.expires_at, on=on), "reason": row.exception.reason}
        )
    if row.locked and row.cell.draft is not None:
        said.append(
            _("%(who)s đã nhập mà chưa gửi trước khi ngày này được duyệt: %(numbers)s.")
            % {"who": row.cell.saved_by, "numbers": numbers_in_words(row.cell.draft)}
        )
    if other := row.other_in_force:
        said.append(
            _("Bản đồ đang dùng %(cases)s F0 của nguồn “%(source)s”.")
            % {"cases": number_format(other.counted.cases), "source": other.source}
        )
    if row.cell.unclassified:
        said.append(
            _("Tệp đã ghi %(cases)s F0 chưa phân loại; số F0 nhập ở đây sẽ thay số đó.")
            % {"cases": number_format(row.cell.unclassified)}
        )
    return said


def row_for_script(row: GridRow, *, on: date) -> dict:
    """A row as the page's script is told of it: what stands there now, or was put there last."""
    cell = row.cell
    return {
        "version": cell.version,
        "entry": cell.entry,
        "numbers": cell.latest._asdict(),
        "note": cell.latest_note,
        "state": row.state,
        "status": state_in_words(row, on=on),
        "who": cell.who,
        "conflict": conflict_in_words(row, on=on),
        "hints": [hint.text for hint in row.hints],
    }


def script_words() -> dict[str, str]:
    """The sentences of the page's script."""
    return {
        "saving": _("Đang lưu…"),
        "typing": _("Chưa lưu"),
        "offline": _("Chưa lưu được, sẽ thử lại; số vẫn được giữ trên máy này"),
        "conflict": _("Có người khác đã ghi: chọn số nào được giữ"),
        "wrong": _("Chưa lưu: có số sai"),
        "take": _("Lấy số của {who}"),
        "summary_saved": _("Mọi số đã nhập đều đã lưu."),
        "summary_offline": _(
            "Chưa lưu được {count} xã vì mất kết nối. Số vẫn được giữ trên máy này và sẽ tự lưu khi có mạng."
        ),
        "summary_login": _("Phiên làm việc đã hết. Số vẫn được giữ trên máy này:"),
        "login": _("đăng nhập lại ở thẻ mới"),
        "summary_refused": _(
            "Máy chủ không nhận số của {count} xã (lỗi {status}). Số vẫn được giữ trên máy này."
        ),
        "summary_kept": _("Đã lấy lại số của {count} xã chưa kịp lưu lần trước."),
        "not_yet": _("Còn số chưa lưu được; xin xử lý trước khi gửi."),
        "failed": _("Chưa mở được; xin thử lại."),
    }
