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
        "provisional_level": _("{level}, tạm tính"),
        "since": _("Từ ngày {day}: {days}"),
        "slider_text": _("ngày {day}"),
        "found": _("Hiện {count} trên {total} đơn vị"),
        "edge": _("Không còn đơn vị nào về hướng này"),
        "play": _("Chạy theo ngày"),
        "pause": _("Dừng"),
    }
