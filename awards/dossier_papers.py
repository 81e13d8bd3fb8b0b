"""The papers of a dossier: what each consists of, how far it has come, and what is still at fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.enums import DossierAct, DossierStatus, ItemKind, ItemState, NomineeStatus
from awards.law import AwardKind, AwardLaw, load_law
from awards.models import Dossier, DossierItem, DossierStep, Nominee
from campaign.models import Campaign

LONGEST = 20_000  # signs of one field
PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class PaperField:
    """One thing that people type. ``rows`` 1 is a line; ``forms`` are the forms that have it, all without."""

    name: str
    label: Any
    help: Any = ""
    required: bool = True
    rows: int = 1
    forms: tuple[str, ...] = ()


FIELDS: dict[ItemKind, tuple[PaperField, ...]] = {
    ItemKind.SUBMISSION: (
        PaperField("number", gettext_lazy("Số, ký hiệu tờ trình"), gettext_lazy("Ví dụ: 25/TTr-UBND.")),
        PaperField("dated", gettext_lazy("Ngày tờ trình"), gettext_lazy("Ngày/tháng/năm.")),
        PaperField(
            "body",
            gettext_lazy("Nội dung đề nghị"),
            gettext_lazy("Căn cứ và lý do đề nghị. Danh sách kèm theo được lập từ các đối tượng đề nghị."),
            rows=10,
        ),
        PaperField("signer", gettext_lazy("Người ký")),
        PaperField("signer_post", gettext_lazy("Chức vụ của người ký"), gettext_lazy("Ví dụ: Chủ tịch.")),
    ),
    ItemKind.LIST: (),
    ItemKind.SUMMARY: (
        PaperField(
            "situation",
            gettext_lazy("Đặc điểm, tình hình"),
            gettext_lazy("Vài dòng về tập thể, hoặc lý lịch và nơi công tác của cá nhân."),
            rows=5,
        ),
        PaperField(
            "deeds",
            gettext_lazy("Thành tích đạt được"),
            gettext_lazy("Đã làm gì, ở đâu, kết quả. Số liệu về mức độ nguy cơ có sẵn trong khối bên cạnh."),
            rows=12,
        ),
        PaperField(
            "honours", gettext_lazy("Các hình thức đã được khen"), required=False, rows=3, forms=("07",)
        ),
        PaperField("confirmer", gettext_lazy("Thủ trưởng đơn vị xác nhận")),
        PaperField("confirmer_post", gettext_lazy("Chức vụ của người xác nhận")),
    ),
    ItemKind.ATTACHMENT: (PaperField("title", gettext_lazy("Tên tài liệu")),),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A line of the task list. ``key`` names it in addresses; ``item`` is ``None`` before the first word."""

    key: str
    kind: ItemKind
    item: DossierItem | None
    nominee: Nominee | None
    state: ItemState
    lacking: tuple[str, ...]  # sentences


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a dossier from being handed in, and the page on which to put it right."""

    sentence: str
    link: str


def law_of(dossier: Dossier) -> AwardLaw:
    return load_law(dossier.phase.campaign.award_law)


def kinds_of(campaign: Campaign) -> list[AwardKind]:
    """The awards that a dossier proposes: those of the province's chairman, in the law's order."""
    return [kind for kind in load_law(campaign.award_law).kinds if kind.tier == PROVINCE]


def fields_of(kind: ItemKind, form: str = "") -> tuple[PaperField, ...]:
    """The fields of a paper; with ``form`` those of that form alone."""
    return tuple(field for field in FIELDS[kind] if not (form and field.forms and form not in field.forms))


def key_of(kind: ItemKind, nominee: Nominee | None = None) -> str:
    return f"{kind}-{nominee.pk}" if nominee else str(kind)


def state_of(item: DossierItem | None) -> ItemState:
    """How far a paper has come that people write; asked items of a return are ``papers_of``'s."""
    if item is None or not (any(item.words.values()) or item.file_id):
        return ItemState.UNOPENED
    if _unsaid(item):
        return ItemState.BEGUN
    return ItemState.LACKING if _lacks_file(item) else ItemState.COMPLETE


def papers_of(dossier: Dossier) -> list[Paper]:
    """The task list: submission, list, a summary for each nominee, attachments. Three queries at most."""
    return papers_of_all([dossier])[dossier.pk]


def papers_of_all(dossiers: Sequence[Dossier]) -> dict[int, list[Paper]]:
    """By dossier (id), the task lists; as many queries for many as for one."""
    nominees, items = defaultdict(list), defaultdict(list)
    for nominee in _standing(Nominee.objects.filter(dossier__in=dossiers)).order_by("place", "pk"):
        nominees[nominee.dossier_id].append(nominee)
    rows = DossierItem.objects.filter(dossier__in=dossiers).select_related("file", "saved_by", "nominee")
    for item in rows.defer("file__content").order_by("pk"):
        items[item.dossier_id].append(item)
    asked = _asked(dossiers)
    return {
        dossier.pk: _task_list(dossier, nominees[dossier.pk], items[dossier.pk], asked.get(dossier.pk, {}))
        for dossier in dossiers
    }


def _task_list(
    dossier: Dossier,
    nominees: list[Nominee],
    items: list[DossierItem],
    asked: dict[str, tuple[datetime, str]],
) -> list[Paper]:
    by_place = {(item.kind, item.nominee_id): item for item in items if item.kind != ItemKind.ATTACHMENT}
    written = [
        _paper(ItemKind.SUBMISSION, None, by_place.get((ItemKind.SUBMISSION, None)), asked),
        _list_paper(dossier, nominees),
        *(
            _paper(ItemKind.SUMMARY, nominee, by_place.get((ItemKind.SUMMARY, nominee.pk)), asked)
            for nominee in nominees
        ),
    ]
    attachments = [item for item in items if item.kind == ItemKind.ATTACHMENT]
    return written + [
        Paper(f"{ItemKind.ATTACHMENT}-{item.pk}", ItemKind.ATTACHMENT, item, None, state_of(item), ())
        for item in attachments
    ]


def proposed(dossier: Dossier) -> list[Nominee]:
    """The nominees that stand, in their order."""
    return list(_standing(dossier.nominees.all()))


def _standing(nominees: QuerySet[Nominee]) -> QuerySet[Nominee]:
    return nominees.exclude(status=NomineeStatus.WITHDRAWN).select_related("unit__seat__parent")


def faults_of(dossier: Dossier) -> list[Fault]:
    """What "Kiểm tra trước khi nộp" lists: everything that is lacking, each with where to put it right."""
    faults = [
        Fault(f"{_title(paper)}: {sentence}", _link(dossier, paper))
        for paper in papers_of(dossier)
        for sentence in paper.lacking
    ]
    if dossier.phase.dossier_deadline is None:
        faults.append(
            Fault(
                _("Đợt này chưa có hạn gửi hồ sơ nên chưa nhận hồ sơ; xin hỏi Sở Nội vụ."),
                reverse("campaign:campaign", args=[dossier.phase.campaign.slug]),
            )
        )
    return faults


def _paper(
    kind: ItemKind, nominee: Nominee | None, item: DossierItem | None, asked: dict[str, tuple[datetime, str]]
) -> Paper:
    key, state = key_of(kind, nominee), state_of(item)
    lacking = [_("chưa soạn.")] if state == ItemState.UNOPENED else []
    if state in (ItemState.BEGUN, ItemState.LACKING):
        if unsaid := _unsaid(item):
            lacking.append(_("chưa ghi: %(fields)s.") % {"fields": ", ".join(unsaid)})
        if _lacks_file(item):
            lacking.append(_("chưa có bản ký (tệp PDF hoặc ảnh quét)."))
    since, words = asked.get(key, (None, ""))
    if state == ItemState.COMPLETE and since and (item.saved_at is None or item.saved_at <= since):
        state = ItemState.LACKING
        lacking.append(_("Sở Nội vụ yêu cầu bổ sung: %(words)s") % {"words": words})
    return Paper(key, kind, item, nominee, state, tuple(lacking))


def _list_paper(dossier: Dossier, nominees: list[Nominee]) -> Paper:
    """The list is the nominees themselves: nothing of it is typed."""
    lacking = () if nominees else (_("chưa có đối tượng nào được đề nghị."),)
    known = {kind.code for kind in kinds_of(dossier.phase.campaign)}
    lacking += tuple(
        _("%(name)s: hình thức khen không còn trong quy định.") % {"name": nominee}
        for nominee in nominees
        if nominee.kind not in known
    )
    state = ItemState.UNOPENED if not nominees else ItemState.LACKING if lacking else ItemState.COMPLETE
    return Paper(str(ItemKind.LIST), ItemKind.LIST, None, None, state, lacking)


def _asked(dossiers: Iterable[Dossier]) -> dict[int, dict[str, tuple[datetime, str]]]:
    """By returned dossier and key of a paper, when its last return asked for more of it, in which words."""
    returned = [dossier.pk for dossier in dossiers if dossier.status == DossierStatus.RETURNED]
    if not returned:
        return {}
    steps = DossierStep.objects.filter(dossier__in=returned, act=DossierAct.RETURN)
    return {
        step.dossier_id: {each["item"]: (step.taken_at, each["words"]) for each in step.asked}
        for step in steps.order_by("dossier", "-pk").distinct("dossier")
    }


def _unsaid(item: DossierItem) -> list[str]:
    fields = fields_of(item.kind, item.form)
    return [str(each.label).lower() for each in fields if each.required and not item.words.get(each.name)]


def _lacks_file(item: DossierItem) -> bool:
    return item.kind in (ItemKind.SUBMISSION, ItemKind.ATTACHMENT) and item.file_id is None


def _title(paper: Paper) -> str:
    title = paper.kind.label.capitalize()
    return f"{title} ({paper.nominee})" if paper.nominee else title


def _link(dossier: Dossier, paper: Paper) -> str:
    if paper.kind in (ItemKind.SUBMISSION, ItemKind.SUMMARY):
        return reverse("awards:paper", args=[dossier.pk, paper.key])
    return f"{dossier.get_absolute_url()}#{paper.kind}"
