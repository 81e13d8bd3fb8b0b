from riskmap.models.corrections import CorrectionRequest, GuardedPeriod
from riskmap.models.counts import (
    CountEntry,
    CountPost,
    CountSource,
    DailyCount,
    ReportCoverage,
    SourceChoice,
    StaleMark,
)
from riskmap.models.editions import MapEdition, PublishedMap
from riskmap.models.entry import CellNote, DraftCell
from riskmap.models.facts import DeclaredFact, ProvincePolicy
from riskmap.models.imports import ImportBatch, RejectedRow
from riskmap.models.issued import IssuedFile
from riskmap.models.levels import Assessment, Grounds, LevelSpan
from riskmap.models.overrides import LevelOverride
from riskmap.models.pushes import PushReceipt, SourceToken
from riskmap.models.reports import DayReport, DayReportStep, LockException

__all__ = [
    "Assessment",
    "CellNote",
    "CorrectionRequest",
    "CountEntry",
    "CountPost",
    "CountSource",
    "DailyCount",
    "DayReport",
    "DayReportStep",
    "DeclaredFact",
    "DraftCell",
    "Grounds",
    "GuardedPeriod",
    "ImportBatch",
    "IssuedFile",
    "LevelOverride",
    "LevelSpan",
    "LockException",
    "MapEdition",
    "ProvincePolicy",
    "PublishedMap",
    "PushReceipt",
    "RejectedRow",
    "ReportCoverage",
    "SourceChoice",
    "SourceToken",
    "StaleMark",
]
