"""The words the map's script shows and speaks, in the reader's language. Holes are ``{named}``."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from riskmap.colours import LOOKS


def map_words() -> dict[str, object]:
    """For ``json_script``; read by static/js/words.js."""
    return {
        "levels": [
            {"key": look.key, "letter": look.letter, "name": str(look.name), "zone": str(look.zone)}
            for look in LOOKS.values()
        ],
        "one_day": ngettext("{count} ngày", "{count} ngày", 1),
        "days": ngettext("{count} ngày", "{count} ngày", 2),
        "area_level": _("{name}, {zone}, {days}"),
        "area_provisional": _("{name}, {zone}, tạm tính, {days}"),
        "area_no_data": _("{name}, {zone}"),
        "also_published": _("{sentence}; đã công bố: {zone}"),
        "also_known": _("{sentence}; nay biết: {zone}"),
        "also_on_day": _("{sentence}; ngày {day}: {zone}"),
        "other_published": _("Đã công bố: {level}"),
        "other_known": _("Nay biết: {level}"),
        "one_differs_from_known": ngettext(
            "{count} đơn vị nay biết có màu khác với bản đã công bố.",
            "{count} đơn vị nay biết có màu khác với bản đã công bố.",
            1,
        ),
        "differ_from_known": ngettext(
            "{count} đơn vị nay biết có màu khác với bản đã công bố.",
            "{count} đơn vị nay biết có màu khác với bản đã công bố.",
            2,
        ),
        "no_edition": _("Ngày {day} không có bản đồ công bố."),
        "not_known": _("Chưa có số liệu của ngày {day}."),
        "cut_off": _("Tính đến {time} ngày"),
        "whole_day": _("Tính đến hết ngày"),
        "edition": _("bản số {number}"),
        "since_edition": _("(tăng, giảm so với bản công bố trước)"),
        "since_yesterday": _("(tăng, giảm so với hôm trước)"),
        "changed_since_edition": _("Chỉ nơi đổi màu so với bản công bố trước"),
        "changed_since_yesterday": _("Chỉ nơi đổi màu so với hôm trước"),
        "changed_between": _("Chỉ nơi khác màu giữa hai ngày"),
        "compared_head": _("Ngày {day}"),
        "compared_map": _("Bản đồ ngày {day}, để so sánh. Bảng bên dưới ghi mức độ của cả hai ngày."),
        "provisional_level": _("{level}, tạm tính"),
        "decided_level": _("{level}, theo quyết định"),
        "unapproved_level": _("{level}, chưa duyệt"),
        "decided": _("Mức do Sở Y tế quyết định"),
        "recognised": _("Vùng xanh được công nhận"),
        "also_recognised": _("{sentence}; vùng xanh được công nhận"),
        "recognised_level": _("{level}, vùng xanh được công nhận"),
        "also_decided": _("{sentence}; mức do Sở Y tế quyết định"),
        "unapproved": _("Dựa trên số chưa được duyệt"),
        "also_unapproved": _("{sentence}; dựa trên số chưa được duyệt"),
        "since": _("Từ ngày {day}: {days}"),
        "slider_text": _("ngày {day}"),
        "found": _("Hiện {count} trên {total} đơn vị"),
        "edge": _("Không còn đơn vị nào về hướng này"),
        "play": _("Chạy theo ngày"),
        "pause": _("Dừng"),
    }
