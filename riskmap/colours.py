"""How a level is shown: its letter, its name, its colour in words. The colours are in tokens.css."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from riskmap.enums import RiskLevel


@dataclass(frozen=True, slots=True)
class Look:
    """``key`` names the style; ``letter`` stands beside the colour, which is never shown alone."""

    level: RiskLevel
    letter: str
    zone: str  # "vùng xanh" …, in a sentence after the area's name

    @property
    def key(self) -> str:
        return self.level.key

    @property
    def name(self) -> str:
        return self.level.label


LOOKS = {
    look.level: look
    for look in (
        Look(RiskLevel.NO_DATA, "–", _("chưa có số liệu")),
        Look(RiskLevel.NEW_NORMAL, pgettext_lazy("chữ cái của màu xanh", "X"), _("vùng xanh")),
        Look(RiskLevel.ELEVATED, pgettext_lazy("chữ cái của màu vàng", "V"), _("vùng vàng")),
        Look(RiskLevel.HIGH, pgettext_lazy("chữ cái của màu cam", "C"), _("vùng cam")),
        Look(RiskLevel.VERY_HIGH, pgettext_lazy("chữ cái của màu đỏ", "Đ"), _("vùng đỏ")),
    )
}
