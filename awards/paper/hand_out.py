"""Handing out: the one place where papers of awards leave the portal, under a code that anybody can check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from awards.models import PaperTemplate
from awards.paper_templates import print_by_template, template_in_use
from core.finding import province_of
from core.issued_papers import Statement, issue, issue_letter
from core.letters import MEDIA_TYPES, Letter, LetterFormat, Seal, print_letter
from core.models import Area
from core.views.papers import answer_with
from core.word_templates import Context
from riskmap.enums import FileFormat
from riskmap.paper.files import MEDIA_TYPES as FILE_TYPES


def hand_out(
    letter: Letter,
    fmt: str,
    *,
    name: str,
    kind: str,
    area: Area,
    title: str,
    facts: Sequence[str],
    evidence: Mapping[str, object] | None,
    context: Context | None = None,
) -> HttpResponse:
    """The letter as ``pdf`` or ``docx`` (another is 404), its code and where to check it at the foot.

    ``evidence`` is what is frozen of it (plain JSON values): with ``kind`` and the letter's moment it makes
    the code. Of what is not frozen yet it is ``None``: the paper says that it is a draft and has no code.
    ``title`` and ``facts`` (labels and values in turns) are told at ``/xac-minh`` to whoever has the code,
    so they name no person. ``name`` is of the file, in ASCII, without its ending.

    ``context`` is what the letter says under the names of its kind's placeholders: where the province sets
    the kind by a template of its own, the .docx is made from that, and there is no PDF.
    """
    if fmt not in MEDIA_TYPES:
        raise Http404(_("Văn bản có ở dạng pdf, docx."))
    form = LetterFormat(fmt)
    says = None if evidence is None else Statement(kind, evidence, letter.moment, area, title, facts)
    template = template_in_use(province_of(area), kind) if context is not None else None
    if template is not None:
        return _hand_out_own(template, letter, form, name=name, statement=says, context=context)
    if says is None:
        return hand_out_draft(letter, form, name=name)
    with override("vi"):
        issued = issue_letter(letter, form, statement=says, at=timezone.now())
    return answer_with(issued.body, media_type=MEDIA_TYPES[form], name=f"{name}-{issued.code}.{form}")


def _hand_out_own(
    template: PaperTemplate,
    letter: Letter,
    form: LetterFormat,
    *,
    name: str,
    statement: Statement | None,
    context: Context,
) -> HttpResponse:
    """As the office has it, with the words that it is a draft or with its code; in Word only."""
    if form != LetterFormat.DOCX:
        raise Http404(_("Tỉnh dùng mẫu Word riêng cho văn bản này: xin tải bản Word rồi in ra PDF từ Word."))
    if statement is None:
        body = print_by_template(template, replace(letter, draft=True), context)
        return answer_with(body, media_type=MEDIA_TYPES[form], name=f"{name}.{form}")
    return hand_out_file(
        lambda seal: print_by_template(template, replace(letter, seal=seal), context),
        form,
        name=name,
        statement=statement,
    )


def hand_out_draft(letter: Letter, form: LetterFormat, *, name: str) -> HttpResponse:
    """The letter with the word that it is a draft; nothing is written down."""
    with override("vi"):
        body = print_letter(replace(letter, draft=True), form)
    return answer_with(body, media_type=MEDIA_TYPES[form], name=f"{name}.{form}")


def hand_out_file(
    make: Callable[[Seal], bytes], fmt: str, *, name: str, statement: Statement
) -> HttpResponse:
    """What is no letter (a workbook, certificates), made by ``make`` of the seal and written down as well."""
    with override("vi"):
        issued = issue(make, statement=statement, file_format=fmt, at=timezone.now())
    media_type = FILE_TYPES[FileFormat.XLSX] if fmt == FileFormat.XLSX else MEDIA_TYPES[LetterFormat(fmt)]
    return answer_with(issued.body, media_type=media_type, name=f"{name}-{issued.code}.{fmt}")
