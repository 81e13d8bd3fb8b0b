"""Plans in templates: ``{{ phase.dossier_deadline|deadline_words }}``, ``{{ deadline|last_whole_day }}``."""

from django import template

from campaign.days import deadline_words, in_a_sentence, last_whole_day

register = template.Library()

register.filter("deadline_words", deadline_words)
register.filter("last_whole_day", last_whole_day)
register.filter("in_a_sentence", in_a_sentence)
