"""Paper templates: the Word files by which a province sets its papers; put in, taken out, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from awards.enums import PaperKind
from awards.models import PaperTemplate
from awards.paper.placeholders import PLACEHOLDERS
from core.audit import acting
from core.errors import DomainError
from core.file_contents import DOCX
from core.letters import Letter
from core.models import Area, StoredFile, User
from core.word_templates import Context, Fault, check_template, example_of, fill
from core.word_templates.letter_context import context_of_letter


class TemplateRefused(DomainError):
    """The act cannot be done with the template; ``faults`` are what is wrong in the file."""

    code = "template_refused"

    def __init__(self, message: str, *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


def put_in_template(
    *, province: Area, kind: PaperKind, file: StoredFile, note: str = "", by: User, at: datetime
) -> PaperTemplate:
    """From now on the province's papers of ``kind`` are set by the file; the template before it is out.

    Raises ``TemplateRefused`` with every fault, of which nothing is written.
    """
    if kind not in PLACEHOLDERS:
        raise TemplateRefused(_("Loại văn bản này do cổng soạn, không thay bằng mẫu riêng được."))
    if file.area_id != province.pk:
        raise TemplateRefused(_("Tệp này của địa bàn khác; xin chọn lại tệp."))
    if faults := faults_in(file, kind):
        raise TemplateRefused(_("Mẫu còn lỗi. Sửa những chỗ dưới đây rồi gửi lại."), faults=faults)
    try:
        with acting(by=by, reason=f"Dùng mẫu riêng: {kind.label}"), transaction.atomic():
            said = {"taken_out_at": at, "taken_out_by": by}
            PaperTemplate.objects.filter(province=province, kind=kind, taken_out_at=None).update(**said)
            return PaperTemplate.objects.create(
                province=province,
                kind=kind,
                file=file,
                note=" ".join(note.split()),
                put_in_at=at,
                put_in_by=by,
            )
    except IntegrityError as error:
        if "template_in_use_once" not in str(error):
            raise
        raise TemplateRefused(
            _("Người khác vừa đưa một mẫu của loại này vào dùng; xin xem lại trang rồi gửi.")
        ) from None


def take_out_template(*, template: PaperTemplate, by: User, at: datetime) -> None:
    """The portal's own layout again. Raises ``TemplateRefused`` where the template is out already."""
    with acting(by=by, reason=f"Thôi dùng mẫu riêng: {template.get_kind_display()}"):
        rows = PaperTemplate.objects.filter(pk=template.pk, taken_out_at=None)
        if not rows.update(taken_out_at=at, taken_out_by=by):
            raise TemplateRefused(_("Mẫu này đã thôi dùng rồi; xin xem lại trang."))


def faults_in(file: StoredFile, kind: PaperKind) -> tuple[Fault, ...]:
    """What is wrong with a file that was handed in, as a template of the kind."""
    if file.content_type != DOCX:
        return (Fault("", file.name, _("Tệp không phải Word (.docx). Hãy lưu mẫu thành .docx rồi gửi lại.")),)
    return check_template(bytes(file.content), PLACEHOLDERS[kind])


def template_in_use(province: Area, kind: str) -> PaperTemplate | None:
    """The template by which the province sets the kind, with its file."""
    return templates_in_use(province).select_related("file").filter(kind=kind).first()


def templates_in_use(province: Area | int) -> QuerySet[PaperTemplate]:
    """Those of all kinds; ``province`` may be its id."""
    return PaperTemplate.objects.filter(province=province, taken_out_at=None)


def try_template(file: StoredFile, kind: PaperKind) -> bytes:
    """A file without faults, filled with the examples of the placeholders."""
    placeholders = PLACEHOLDERS[kind]
    said = {"title": f"Xem thử: {kind.label}", "author": "", "moment": file.uploaded_at}
    return fill(bytes(file.content), placeholders, example_of(placeholders), **said)


def print_by_template(template: PaperTemplate, letter: Letter, context: Context) -> bytes:
    """The paper as the office has it, as .docx: the letter's own words and ``context`` in their places."""
    return fill(
        bytes(template.file.content),
        PLACEHOLDERS[PaperKind(template.kind)],
        {**context_of_letter(letter), **context},
        title=letter.title,
        author=" ".join(letter.issuer.name),
        moment=letter.moment,
    )
