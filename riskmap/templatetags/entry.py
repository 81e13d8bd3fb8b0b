"""Numbers of the day's grid in templates: ``{{ row.cell.numbers|in_a_line }}``."""

from django import template

from riskmap.entry_words import numbers_in_words
from riskmap.plausibility import Numbers

register = template.Library()


@register.filter
def in_a_line(numbers: Numbers) -> str:
    """What is given of the numbers, in the grid's order."""
    return numbers_in_words(numbers)
