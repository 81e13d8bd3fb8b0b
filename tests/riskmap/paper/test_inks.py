"""Inks: what is printed looks as the pages do."""

import re

from django.conf import settings
from django.utils import translation

from riskmap.colours import LOOKS
from riskmap.paper.inks import INKS


def test_colours_are_those_of_the_pages():
    tokens = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
    said = dict(re.findall(r"--level-([a-z-]+): (#[0-9a-f]{6})", tokens))

    assert {level.key.replace("_", "-"): ink.fill for level, ink in INKS.items()} == said


def test_letters_and_words_are_those_of_the_pages_in_vietnamese():
    with translation.override("vi"):
        assert {level: ink.letter for level, ink in INKS.items()} == {
            level: str(look.letter) for level, look in LOOKS.items()
        }
        assert all(str(LOOKS[level].zone).endswith(ink.colour) for level, ink in INKS.items())
