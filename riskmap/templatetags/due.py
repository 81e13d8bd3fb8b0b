"""Who reported: ``{{ due|due_words }}``, ``{{ tally|tally_words }}``, ``{{ span|time_words }}``."""

from django import template

from riskmap.due_words import due_in_words, tally_in_words, time_in_words

register = template.Library()

register.filter("due_words", due_in_words)
register.filter("tally_words", tally_in_words)
register.filter("time_words", time_in_words)
