"""Checking: everything that is wrong with a template, each with its place, before anything of it is run."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, islice

from django.utils.translation import gettext as _
from docx import Document

from core.word_templates.active import active_faults
from core.word_templates.blocks import Blocks
from core.word_templates.faults import Fault, quote
from core.word_templates.filling import TemplateTooLarge, fill
from core.word_templates.names import Names
from core.word_templates.package import Package, Unusable, open_package, relation_faults
from core.word_templates.passages import TEXT, passages_of
from core.word_templates.placeholders import Placeholder, example_of
from core.word_templates.tags import find_tags

logger = logging.getLogger(__name__)

FAULTS_AT_MOST, TAGS_AT_MOST = 60, 2_000
_SIGNS = ("{{", "{%", "{#")
_SOME_DAY = datetime(2021, 1, 1, tzinfo=UTC)


def check_template(body: bytes, placeholders: Sequence[Placeholder]) -> tuple[Fault, ...]:
    """What is wrong with the file as a template of these placeholders; nothing, when it can be used.

    A file without faults was filled with the examples once. Beyond ``FAULTS_AT_MOST`` the rest is not told.
    """
    try:
        package = open_package(body)
    except Unusable as trouble:
        return (trouble.fault,)
    faults = chain(relation_faults(package), active_faults(package), _tag_faults(package, placeholders))
    return tuple(islice(faults, FAULTS_AT_MOST)) or _trial_faults(body, placeholders)


def _tag_faults(package: Package, placeholders: Sequence[Placeholder]) -> Iterator[Fault]:
    names, blocks, spoken = Names(placeholders), Blocks(), 0
    for passage in passages_of(package):
        text = passage.text
        for found in find_tags(text):
            spoken += 1
            if spoken > TAGS_AT_MOST:
                yield Fault(passage.place, "", _("Mẫu có quá nhiều chỗ điền. Bỏ bớt phần lặp lại rồi gửi."))
                return
            words = quote(text, found.start, found.end)
            if found.tag is None:
                yield Fault(passage.place, words, names.why_no_tag(found.raw))
                continue
            message = names.why_unknown(found.tag, blocks.rows) or blocks.take(found.tag, passage, words)
            if message:
                yield Fault(passage.place, words, message)
    yield from blocks.left_open()
    yield from _hidden_faults(package)
    if not spoken:
        yield Fault(
            "",
            "",
            _("Mẫu không có chỗ điền nào nên văn bản nào cũng giống nhau. Xem mẫu để sửa của loại này."),
        )


def _hidden_faults(package: Package) -> Iterator[Fault]:
    """Tags where people do not see them: in formulas, drawings, descriptions and other parts of the file."""
    seen = {element for passage in passages_of(package) for element, _said in passage.pieces}
    for name, tree in package.trees.items():
        if not name.startswith("word/") or name.startswith("word/glossary/"):
            continue  # nothing there is filled: left out, or written anew
        for element in tree.iter():
            words = [element.tail or ""]
            if element not in seen or element.tag != TEXT:
                words.append(element.text or "")
            hidden = [text for text in words if "{" in text or "}" in text]
            hidden += [text for text in element.attrib.values() if any(sign in text for sign in _SIGNS)]
            for text in hidden:
                message = _("Chỗ điền nằm ngoài phần chữ của mẫu (%(part)s). Gõ lại vào đoạn văn, ô bảng.")
                yield Fault("", text.strip()[:80], message % {"part": name})


def _trial_faults(body: bytes, placeholders: Sequence[Placeholder]) -> tuple[Fault, ...]:
    try:
        filled = fill(body, placeholders, example_of(placeholders), title="", author="", moment=_SOME_DAY)
        Document(io.BytesIO(filled))
    except TemplateTooLarge as trouble:
        return (Fault("", "", trouble.message),)
    except Exception as trouble:  # what people hand in may break any parser
        logger.info("A template that looked well could not be filled: %r", trouble)
        return (
            Fault(
                "", "", _("Mẫu không điền thử được. Chép nội dung sang mẫu để sửa của loại này rồi gửi lại.")
            ),
        )
    return ()
