"""Filling: a checked template with the texts of one paper in it. The same texts give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from core.errors import DomainError
from core.letters.word_file import same_bytes
from core.word_templates.active import active_faults
from core.word_templates.package import open_package, relation_faults
from core.word_templates.passages import CELL, ROW, TABLE, TEXT, P, Passage, passages_of
from core.word_templates.placeholders import Context, Placeholder, plain
from core.word_templates.tags import Found, find_tags

LONGEST = 30_000_000  # signs of one part, filled
_NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If,
    nodes.Not,
)  # fmt: skip
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class TemplateTooLarge(DomainError):
    """The template repeats more than a paper can hold."""

    code = "template_too_large"


class TagForbidden(Exception):
    """The engine was about to be given more than the tags that are known: a template that was not checked."""


def fill(
    body: bytes,
    placeholders: Sequence[Placeholder],
    context: Context,
    *,
    title: str,
    author: str,
    moment: datetime,
) -> bytes:
    """The template with the texts of ``context``; ``title``, ``author``, ``moment`` go into its properties.

    For templates in which ``check_template`` found nothing. Raises ``TemplateTooLarge``, and ``KeyError``
    where the context lacks a placeholder.
    """
    filler = _Filler(io.BytesIO(_whole_tags(body)))
    filler.render(plain(context, placeholders), _engine())
    _mend(filler.docx.element)
    for relation in filler.docx.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(("/header", "/footer")):
            _mend(relation.target_part.element)
    _write_properties(filler.docx.core_properties, title, author, moment)
    return same_bytes(filler.docx)


class _Filler(DocxTemplate):
    """docxtpl without what it does to texts and properties: what goes in is written, no more."""

    def render_xml_part(self, src_xml: str, part: Any, context: dict, jinja_env: Any = None) -> str:
        tree = jinja_env.parse(src_xml)
        for node in tree.iter_child_nodes():
            _refuse_node(node)
        filled, length = [], 0
        for piece in jinja_env.from_string(tree).generate(context):
            length += len(piece)
            if length > LONGEST:
                raise TemplateTooLarge(
                    _("Văn bản theo mẫu này dài quá mức. Xem lại phần được lặp trong mẫu.")
                )
            filled.append(piece)
        return "".join(filled)

    def render_properties(self, context: dict, jinja_env: Any = None) -> None:
        """Properties are ours, never the template's."""

    def fix_tables(self, xml: str) -> etree._Element:
        """Columns are as the template has them; what is no XML is an error instead of being guessed at."""
        return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _engine() -> ImmutableSandboxedEnvironment:
    engine = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, loader=None, cache_size=0
    )
    engine.globals.clear()
    engine.filters.clear()
    engine.tests.clear()
    return engine


def _refuse_node(node: nodes.Node) -> None:
    if not isinstance(node, _NODES) or (isinstance(node, nodes.For) and (node.test or node.recursive)):
        raise TagForbidden(type(node).__name__)
    for child in node.iter_child_nodes():
        _refuse_node(child)


def _whole_tags(body: bytes) -> bytes:
    """The file with each tag in one piece and one spelling, however Word had split its letters."""
    package = open_package(body)
    for _fault in (*relation_faults(package), *active_faults(package)):
        raise TagForbidden("not checked")
    for passage in passages_of(package):
        tags = [found for found in find_tags(passage.text) if found.tag]
        if tags:
            _join(passage, tags)
    return package.as_bytes()


def _join(passage: Passage, tags: list[Found]) -> None:
    """Each tag wholly into the piece in which it begins, so that it looks as its first letter does."""
    start = 0
    for element, said in passage.pieces:
        end = start + len(said)
        if element.tag == TEXT:
            element.text = _rewritten(said, start, end, tags)
            element.set(_SPACE, "preserve")
        start = end


def _rewritten(said: str, start: int, end: int, tags: list[Found]) -> str:
    parts, at = [], start
    for found in tags:
        if found.end <= start or found.start >= end:
            continue
        if found.start >= start:
            parts.append(said[at - start : found.start - start])
            parts.append(found.tag.written)
        at = min(found.end, end)
    parts.append(said[at - start :])
    return "".join(parts)


def _mend(root: etree._Element) -> None:
    """What Word insists on where something was left out: no empty table, a paragraph in each cell."""
    for table in list(root.iter(TABLE)):
        if next(table.iter(ROW), None) is None:
            table.getparent().replace(table, etree.SubElement(root, P))
    for cell in root.iter(CELL):
        if len(cell) == 0 or cell[-1].tag != P:
            etree.SubElement(cell, P)


def _write_properties(said: Any, title: str, author: str, moment: datetime) -> None:
    said.title, said.author, said.language = title[:255], author[:255], "vi-VN"
    for name in ("comments", "keywords", "last_modified_by", "subject", "category", "identifier", "version"):
        setattr(said, name, "")
    said.content_status, said.revision = "", 1
    said.created = said.modified = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
