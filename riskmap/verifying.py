"""Verifying: what the portal knows of a code, or of a file's bytes: a map, a table, a paper. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from core.finding import province_of
from core.issued_papers import Replacement, find_paper_by_code, find_paper_by_content, replacement_of
from core.models import IssuedPaper
from riskmap.colours import LOOKS, Look
from riskmap.issued import find_by_code, find_by_content, is_superseded
from riskmap.models import IssuedFile, ProvincePolicy


@dataclass(frozen=True, slots=True)
class Genuine:
    """A map or table that left the portal, as ``file``, or else a ``paper``."""

    file: IssuedFile | None = None
    paper: IssuedPaper | None = None

    @property
    def written_code(self) -> str:
        return (self.file or self.paper).written_code

    @property
    def totals(self) -> list[tuple[Look, int]]:
        """How many areas of each level a map shows, the highest first."""
        return [(LOOKS[level], self.file.totals[level]) for level in sorted(LOOKS, reverse=True)]

    @property
    def total(self) -> int:
        return sum(self.file.totals)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What a paper says, label by label."""
        return list(zip(self.paper.facts[::2], self.paper.facts[1::2], strict=True))

    @property
    def formats(self) -> str:
        """The forms in which a paper was handed out."""
        forms = IssuedPaper.objects.filter(code=self.paper.code).values_list("file_format", flat=True)
        return ", ".join(sorted({form.upper() for form in forms}))

    @property
    def superseded(self) -> bool:
        return self.file is not None and is_superseded(self.file)

    @property
    def replacement(self) -> Replacement | None:
        return self.paper and replacement_of(self.paper)

    @property
    def simulated(self) -> bool:
        if self.file is not None:
            return self.file.simulated
        return ProvincePolicy.objects.filter(province=province_of(self.paper.area), simulated=True).exists()


def genuine_by_code(code: str) -> Genuine | None:
    """What was issued under the code."""
    return _genuine(find_by_code(code) or find_paper_by_code(code))


def genuine_by_content(sha256: str) -> Genuine | None:
    """What was issued in exactly these bytes."""
    return _genuine(find_by_content(sha256) or find_paper_by_content(sha256))


def _genuine(found: IssuedFile | IssuedPaper | None) -> Genuine | None:
    if isinstance(found, IssuedFile):
        return Genuine(file=found)
    return found and Genuine(paper=found)
