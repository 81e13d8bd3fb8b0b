"""The edition in force in words: what the public was shown last, and whether the next one is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core.enums import AreaKind
from core.models import Area
from riskmap.edition_totals import totals_of
from riskmap.editions import is_late
from riskmap.map_page import Total
from riskmap.models import MapEdition
from riskmap.published import cut_off_words


@dataclass(frozen=True, slots=True)
class EditionState:
    """``edition`` is ``None`` before the first; ``late_since`` is a cut-off more than an hour overdue.

    ``totals`` are those of the edition, by level, with the change since the edition before.
    """

    edition: MapEdition | None
    totals: Sequence[Total]
    late_since: datetime | None

    @property
    def headline(self) -> str:
        """``Tính đến 17:00 ngày 07/09/2021``; empty before the first edition."""
        if self.edition is None:
            return ""
        return _("Tính đến %(cut_off)s") % {"cut_off": cut_off_words(self.edition)}


def edition_state(*, province: Area, at: datetime, layer: AreaKind = AreaKind.COMMUNE) -> EditionState:
    """The state at ``at``, which is now; totals are those of the tier ``layer``. At most four queries."""
    newest = list(MapEdition.objects.filter(province=province).order_by("-number")[:2])
    edition, before = (*newest, None, None)[:2]
    return EditionState(
        edition=edition,
        totals=totals_of(edition, before, layer=layer) if edition else (),
        late_since=is_late(province=province, at=at),
    )
