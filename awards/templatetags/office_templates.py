"""Which papers a province sets by a template of its own: those have no PDF."""

from __future__ import annotations

from django import template

from awards.paper_templates import templates_in_use

register = template.Library()


@register.simple_tag
def kinds_set_by_office(province_id: int) -> frozenset[str]:
    """The kinds, by their keys; one query."""
    return frozenset(templates_in_use(province_id).values_list("kind", flat=True))
