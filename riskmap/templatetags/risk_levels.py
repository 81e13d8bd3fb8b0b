"""Levels in templates: ``{{ span.level|look }}`` and ``{% level span.level %}``."""

from django import template

from riskmap.colours import LOOKS, Look

register = template.Library()


@register.filter
def look(level: int) -> Look:
    """How a level (0–4) is shown."""
    return LOOKS[level]


@register.inclusion_tag("components/level.html")
def level(level: int, *, provisional: bool = False) -> dict:
    """A level as colour, letter and words."""
    return {"look": LOOKS[level], "provisional": provisional}
