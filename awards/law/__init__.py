"""The law under which a campaign commends, as data: a file a law, read strictly."""

from awards.law.reading import (
    AwardKind,
    AwardLaw,
    AwardLawRefused,
    BaseWage,
    Rounding,
    available_laws,
    base_wage,
    load_law,
    parse_law,
    prize_of,
)

__all__ = [
    "AwardKind",
    "AwardLaw",
    "AwardLawRefused",
    "BaseWage",
    "Rounding",
    "available_laws",
    "base_wage",
    "load_law",
    "parse_law",
    "prize_of",
]
