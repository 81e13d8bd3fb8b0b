"""Word files with places to fill, as an office writes them: judged strictly, then filled with plain values.

What an office hands in is a program of somebody else's as soon as it is evaluated, so it is judged twice.
``check_template`` reads the file without running anything: only the parts a letter needs, only the tags of
``core.word_templates.tags``, only the names that are given. What passes is filled by docxtpl in a sandbox
that has no globals, filters, tests or loader and is given texts alone. Values are written, never evaluated.
"""

from core.word_templates.checking import check_template
from core.word_templates.faults import Fault
from core.word_templates.filling import TemplateTooLarge, fill
from core.word_templates.placeholders import Context, Placeholder, example_of

__all__ = ["Context", "Fault", "Placeholder", "TemplateTooLarge", "check_template", "example_of", "fill"]
