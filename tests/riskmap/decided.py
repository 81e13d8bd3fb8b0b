"""A level decided by two people, for tests."""

from datetime import datetime

from core.models import Area
from riskmap.decisions import confirm_decision, decide_level
from riskmap.enums import RiskLevel
from riskmap.models import LevelOverride
from tests.factories import UserFactory
from tests.riskmap.province import day


def decide(
    area: Area,
    level: int,
    *,
    since: int,
    until: int,
    at: datetime,
    document: str = "12/QĐ-SYT",
    reason: str = "ổ dịch ở chợ",
) -> LevelOverride:
    """Decide a level for days ``since`` … ``until``, confirmed by a second person at once."""
    made = decide_level(
        area=area, level=RiskLevel(level), since=day(since), until=day(until), reason=reason,
        document=document, by=UserFactory(), at=at,
    )  # fmt: skip
    return confirm_decision(decision=made, by=UserFactory(), at=at)
