"""Issued papers: the code under which a letter leaves the portal, and what is known of a code or a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings
from django.utils.module_loading import import_string

from core.audit import acting
from core.codes import VERIFY_PATH, derive_code, hash_of, written
from core.letters import Letter, LetterFormat, Seal, print_letter
from core.models import Area, IssuedPaper
from core.people import system_user

LONGEST_WORDS = 300  # of a title, of a label, of a value
MOST_FACTS = 12  # labels and values together


@dataclass(frozen=True, slots=True)
class Statement:
    """What a paper stands for, and what whoever holds its code is told.

    ``content`` is frozen (plain JSON values), and ``moment`` is when it was: both make the code. ``facts``
    are labels and values in turns; they and ``title`` are told to anybody, so they name no person.
    """

    kind: str
    content: Mapping[str, object]
    moment: datetime
    area: Area
    title: str
    facts: Sequence[str] = ()

    @property
    def evidence(self) -> str:
        return evidence_of_paper(kind=self.kind, content=self.content, moment=self.moment)


class Issued(NamedTuple):
    """The bytes of a paper, and the code they carry as it is printed."""

    body: bytes
    code: str


class Printed(NamedTuple):
    """A paper that was printed under a code (as it is stored)."""

    statement: Statement
    code: str
    file_format: str
    body: bytes


class Replacement(NamedTuple):
    """What took the place of a paper, in words, and the page that tells of it."""

    words: str
    address: str


def evidence_of_paper(*, kind: str, content: Mapping[str, object], moment: datetime) -> str:
    """SHA-256 of what a paper says: its kind, its frozen content (plain JSON values), when that was fixed."""
    return hash_of({"kind": str(kind), "content": content, "moment": moment.astimezone(UTC).isoformat()})


def content_of_letter(letter: Letter) -> dict[str, object]:
    """What a letter says, where nothing else is frozen of it: it stands for itself."""
    return {name: value for name, value in asdict(letter).items() if name != "moment"}


def code_of_paper(evidence: str) -> str:
    """The code of the evidence: the one it was issued under, or else the one it will be.

    Nobody without the portal's key can make a code up, and a code outlives the key it was made with.
    """
    issued = IssuedPaper.objects.filter(evidence=evidence).values_list("code", flat=True).first()
    attempt = 0
    while issued is None:
        code = derive_code(f"{evidence}/{attempt}", of="core.issued_papers")
        if not IssuedPaper.objects.filter(code=code).exists():
            return code
        attempt += 1
    return issued


def issue_letter(
    letter: Letter, letter_format: LetterFormat, *, statement: Statement, at: datetime
) -> Issued:
    """Print the letter with its code at the foot, and write down that it was handed out."""
    return issue(
        lambda seal: print_letter(replace(letter, seal=seal), letter_format),
        statement=statement,
        file_format=letter_format,
        at=at,
    )


def issue(make: Callable[[Seal], bytes], *, statement: Statement, file_format: str, at: datetime) -> Issued:
    """The bytes that ``make`` makes of the seal, written down; the same once more leaves nothing.

    The code is that of the statement, whatever the form. ``PORTAL_URL`` stands on the paper, never the
    address by which it was asked for, so that everybody is given the same bytes.
    """
    code = code_of_paper(statement.evidence)
    body = make(seal_of(code))
    write_down(printed=[Printed(statement, code, file_format, body)], at=at)
    return Issued(body, written(code))


def codes_of_papers(evidences: Iterable[str]) -> dict[str, str]:
    """``code_of_paper`` of many: by evidence, in two queries."""
    wanted = set(evidences)
    rows = IssuedPaper.objects.filter(evidence__in=wanted).order_by("-id")  # the first that was issued stays
    codes = dict(rows.values_list("evidence", "code"))
    derived = {each: derive_code(f"{each}/0", of="core.issued_papers") for each in wanted - set(codes)}
    taken = set(IssuedPaper.objects.filter(code__in=derived.values()).values_list("code", flat=True))
    return codes | {each: code_of_paper(each) if code in taken else code for each, code in derived.items()}


def seal_of(code: str) -> Seal:
    """The code as it stands at the foot, and where to check it."""
    return Seal(written(code), _check_at())


def write_down(*, printed: Iterable[Printed], at: datetime) -> None:
    """Write down that these papers were handed out; those that were, with the same bytes, leave nothing."""
    papers = [_paper(each, at=at) for each in printed]
    known = IssuedPaper.objects.filter(content_sha256__in=[paper.content_sha256 for paper in papers])
    there = set(known.values_list("code", "content_sha256"))
    new = [paper for paper in papers if (paper.code, paper.content_sha256) not in there]
    if new:
        with acting(by=system_user(), reason=f"Cấp văn bản có mã {', '.join(map(str, new))}"):
            IssuedPaper.objects.bulk_create(new, ignore_conflicts=True)  # another process may just have


def _paper(printed: Printed, *, at: datetime) -> IssuedPaper:
    statement = printed.statement
    if len(statement.facts) % 2 or len(statement.facts) > MOST_FACTS:
        raise ValueError(f"labels and values in turns, {MOST_FACTS} at most: {statement.facts!r}")
    return IssuedPaper(
        code=printed.code,
        evidence=statement.evidence,
        content_sha256=hashlib.sha256(printed.body).hexdigest(),
        area=statement.area,
        title=statement.title[:LONGEST_WORDS],
        facts=[words[:LONGEST_WORDS] for words in statement.facts],
        file_format=printed.file_format,
        issued_at=at,
    )


def _check_at() -> str:
    host = settings.PORTAL_URL.split("://")[-1]
    return f"{host}{VERIFY_PATH}" if host else f"trang {VERIFY_PATH} của cổng"


def find_paper_by_code(code: str) -> IssuedPaper | None:
    """The first paper issued under the code."""
    return IssuedPaper.objects.select_related("area").filter(code=code).order_by("id").first()


def find_paper_by_content(sha256: str) -> IssuedPaper | None:
    """The paper with exactly these bytes."""
    return IssuedPaper.objects.select_related("area").filter(content_sha256=sha256).order_by("id").first()


def page_of_code(code: str) -> str | None:
    """The page that tells of a code that is no paper's: asked of those in ``settings.CODES_TOLD_BY``."""
    asked = (import_string(path)(code) for path in settings.CODES_TOLD_BY)
    return next((address for address in asked if address), None)


def replacement_of(paper: IssuedPaper) -> Replacement | None:
    """What took the paper's place, asked of each function that ``settings.PAPERS_REPLACED_BY`` names.

    Rooms above this one know of which decision a paper tells; none of them is known here by name.
    """
    asked = (import_string(path)(paper) for path in settings.PAPERS_REPLACED_BY)
    return next((said for said in asked if said is not None), None)
