"""Plans in templates: ``{{ phase.dossier_deadline|deadline_words }}``, ``{{ deadline|last_whole_day }}``."""

from django import template

from campaign.days import deadline_words, in_a_sentence, last_whole_day

register = template.Library()

register.filter("deadline_words", deadline_words)
register.filter("last_whole_day", last_whole_day)
register.filter("in_a_sentence", in_a_sentence)


@register.filter
def as_percent(share: float) -> str:
    """A share (0–1) in whole per cent, rounded down: 100% is all of them, 0% nobody."""
    whole = int(share * 100 + 1e-9)
    return "<1%" if share and not whole else f"{whole}%"
