"""Typesetting: Typst over a source of ours, with our own letters and nothing else of the machine."""

from __future__ import annotations

import json
from functools import cache

import typst

from core.letters.typeface import FOLDER


def typeset(source: bytes, form: str, **wanted):
    """The pages in the form; ``said`` is what goes in, as data. No text is evaluated, no file is read."""
    said = wanted.pop("said")
    compiler = typst.Compiler(source, root=str(FOLDER), font_paths=_fonts(), ignore_system_fonts=True)
    inputs = {name: json.dumps(value, ensure_ascii=False) for name, value in said.items()}
    return compiler.compile(format=form, sys_inputs=inputs, **wanted)


@cache
def _fonts() -> typst.Fonts:
    """What a machine has installed changes no line."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])
