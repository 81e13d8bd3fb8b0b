"""Levels in templates: ``{{ span.level|look }}`` and ``{% level span.level %}``."""

from django import template

from riskmap.cell_history import Entry
from riskmap.colours import LOOKS, Look
from riskmap.enums import DecisionState, FactState
from riskmap.models import DeclaredFact, LevelOverride
from riskmap.reading_words import numbers_said as in_words

register = template.Library()


@register.filter
def look(level: int) -> Look:
    """How a level (0–4) is shown."""
    return LOOKS[level]


@register.filter
def numbers_said(entry: Entry) -> list[str]:
    """What an entry of the ledger said, or how it changed what was said, number by number."""
    return in_words(entry)


@register.inclusion_tag("components/level.html")
def level(level: int, *, provisional: bool = False, decided: bool = False, unapproved: bool = False) -> dict:
    """A level as colour, letter and words."""
    return {"look": LOOKS[level], "provisional": provisional, "decided": decided, "unapproved": unapproved}


@register.filter
def state_words(said: DeclaredFact | LevelOverride) -> str:
    """Where a fact or a decision with its ``state`` stands."""
    states = FactState if isinstance(said, DeclaredFact) else DecisionState
    return states(said.state).label
