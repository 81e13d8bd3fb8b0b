from riskmap.models.counts import CountEntry, CountPost, CountSource, DailyCount, ReportCoverage, StaleMark
from riskmap.models.editions import MapEdition, PublishedMap
from riskmap.models.facts import DeclaredFact, ProvincePolicy
from riskmap.models.imports import ImportBatch, RejectedRow
from riskmap.models.issued import IssuedFile
from riskmap.models.levels import Assessment, Grounds, LevelSpan
from riskmap.models.overrides import LevelOverride

__all__ = [
    "Assessment",
    "CountEntry",
    "CountPost",
    "CountSource",
    "DailyCount",
    "DeclaredFact",
    "Grounds",
    "ImportBatch",
    "IssuedFile",
    "LevelOverride",
    "LevelSpan",
    "MapEdition",
    "ProvincePolicy",
    "PublishedMap",
    "RejectedRow",
    "ReportCoverage",
    "StaleMark",
]
