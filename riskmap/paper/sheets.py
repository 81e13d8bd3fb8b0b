"""Sheets: everything a printed map or table says, gathered before a line is drawn. Reads only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from core.codes import hash_of
from core.enums import AreaKind
from core.models import Area, BoundarySet
from riskmap.enums import FileFormat, MapView, RiskLevel
from riskmap.history import DayLevel, DayNotKnown, check_day, levels_on, period_of
from riskmap.models import Assessment, MapEdition, ProvincePolicy
from riskmap.published import edition_of, levels_published
from riskmap.rules.ruleset import RuleSet, load_rule_set

LAYERS = (AreaKind.COMMUNE, AreaKind.DISTRICT)


@dataclass(frozen=True)
class Sheet:
    """One province on one day. ``rows`` are its communes and districts, in Vietnamese order.

    Of a published day ``edition`` says what was published; otherwise ``known_at`` is when the levels were
    worked out from all that was known.
    """

    province: Area
    day: date
    layer: AreaKind
    view: MapView
    rows: Sequence[DayLevel]
    type_words: dict[int, str]  # by area id
    rule_set: RuleSet
    boundaries: BoundarySet | None
    simulated: bool
    edition: MapEdition | None = None
    known_at: datetime | None = None

    @cached_property
    def shown(self) -> list[DayLevel]:
        """The rows of the layer shown."""
        return [row for row in self.rows if row.kind == self.layer]

    @cached_property
    def totals(self) -> list[int]:
        """Areas of the layer by level, no data first."""
        return [sum(row.level == level for row in self.shown) for level in RiskLevel]

    @cached_property
    def provisional_count(self) -> int:
        return sum(row.provisional for row in self.shown)

    @cached_property
    def decided_count(self) -> int:
        return sum(row.decided for row in self.shown)

    @cached_property
    def approval(self) -> bool:
        """Whether the edition shown says of each commune if its numbers were accepted."""
        if self.edition is None or self.layer != AreaKind.COMMUNE:
            return False
        return json.loads(bytes(self.edition.payload.body)).get("approval", False)

    @cached_property
    def unapproved_count(self) -> int:
        return sum(row.unapproved for row in self.shown)

    @cached_property
    def levels_sha256(self) -> str:
        """SHA-256 of every level shown, with its grounds: hexadecimal."""
        return hash_of(
            {
                row.code: [
                    row.name,
                    row.parent_name,
                    int(row.level),
                    row.provisional,
                    row.since and row.since.isoformat(),
                    *row.criteria,
                ]
                for row in self.shown
            }
        )

    def evidence(self, file_format: FileFormat, page_size: str) -> str:
        """SHA-256 of all that a file of this form shows; its own address is left out."""
        return hash_of(
            {
                "province": self.province.code,
                "day": self.day.isoformat(),
                "layer": str(self.layer),
                "view": str(self.view),
                "edition": self.edition and self.edition.hash,
                "known_at": self.known_at and self.known_at.isoformat(),
                "rule_set": self.rule_set.name,
                "levels": self.levels_sha256,
                "boundaries": self.boundaries.topology_id if page_size and self.boundaries else None,
                "simulated": self.simulated,
                "format": str(file_format),
                "size": page_size,
            }
        )

    @property
    def moment(self) -> datetime:
        """When what is shown was fixed: the time that stands in the files themselves."""
        return self.edition.published_at if self.edition else self.known_at

    @property
    def headline(self) -> str:
        """“Tính đến 17:00 ngày 07/09/2021”, or the day and when it was so known."""
        if self.edition:
            return f"Tính đến {_written(self.edition.cut_off)}"
        return f"Tính đến hết ngày {self.day:%d/%m/%Y}, theo số liệu biết đến {_written(self.known_at)}"

    @property
    def standing(self) -> str:
        """“Bản công bố số 12”, or that nothing was published."""
        if self.edition:
            return f"Bản công bố số {self.edition.number}"
        return "Bản theo số liệu biết hiện nay, không phải bản công bố"

    @property
    def fingerprint(self) -> str:
        """What the sheet is recognised by: the edition's hash, or that of the levels."""
        return self.edition.hash if self.edition else self.levels_sha256


def _written(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M ngày %d/%m/%Y}"


def sheet_of(*, province: str, day: date, layer: AreaKind, view: MapView, on: date) -> Sheet:
    """The sheet of a province (code) and day. Raises ``DayNotKnown``: never another day or view silently.

    ``on`` is today: no later day is known.
    """
    assessment = (
        Assessment.objects.filter(province__code=province)
        .select_related("province")
        .order_by("-last_reported_day")
        .first()
    )
    if assessment is None:
        raise DayNotKnown(_("Không có bản đồ của tỉnh mang mã này."))
    area = assessment.province
    if view == MapView.PUBLISHED:
        edition = edition_of(province=area, day=day)
        fixed = {"edition": edition, "rule_set": load_rule_set(edition.rule_set)}
        rows = levels_published(province=area, day=day, kinds=LAYERS)
    else:
        check_day(assessment, day, on=period_of(assessment, on=on)[1])
        fixed = {"known_at": assessment.computed_at, "rule_set": load_rule_set(assessment.rule_set)}
        rows = levels_on(province=area, day=day, kinds=LAYERS)
    return Sheet(
        province=area,
        day=day,
        layer=layer,
        view=view,
        rows=rows,
        type_words=dict(
            Area.objects.filter(pk__in=[row.area_id for row in rows]).values_list("pk", "type_word")
        ),
        boundaries=BoundarySet.objects.filter(province=area).order_by("-id").first(),
        simulated=ProvincePolicy.objects.filter(province=area, simulated=True).exists(),
        **fixed,
    )
