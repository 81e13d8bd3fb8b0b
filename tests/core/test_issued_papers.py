"""Issued papers: one code for what a paper says, whatever its form; what is known of a code or a file."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from core.codes import ALPHABET
from core.issued_papers import (
    Replacement,
    Statement,
    code_of_paper,
    codes_of_papers,
    find_paper_by_code,
    find_paper_by_content,
    issue,
    issue_letter,
    replacement_of,
)
from core.letters import LetterFormat
from core.models import AuditEvent, IssuedPaper
from tests.core.letters.samples import MOMENT, make_letter
from tests.factories import ProvinceFactory

pytestmark = pytest.mark.django_db
AT = MOMENT + timedelta(days=1)


def said(**changed) -> Statement:
    values = {
        "kind": "decision", "content": {"number": "05/QĐ-UBND"}, "moment": MOMENT, "title": "Quyết định",
        "facts": ("Số, ký hiệu", "05/QĐ-UBND"),
    } | changed  # fmt: skip
    return Statement(**({"area": ProvinceFactory()} | values))


def give(statement, body=b"x", file_format="pdf"):
    return issue(lambda _seal: body, statement=statement, file_format=file_format, at=AT)


def told(seal) -> bytes:
    return seal.words.encode()


def test_code_is_that_of_the_content_its_kind_and_its_moment():
    area = ProvinceFactory()
    code = give(said(area=area)).code

    assert len(code) == 11
    assert set(code) <= {*ALPHABET, "-"}
    assert give(said(area=area), b"another program").code == code
    for changed in ({"kind": "notice"}, {"content": {"number": "6"}}, {"moment": AT}):
        assert give(said(area=area) if not changed else said(area=area, **changed)).code != code


def test_code_outlives_the_key_it_was_made_with_and_nobody_makes_one_up(settings):
    statement = said()
    code = give(statement).code
    unseen = code_of_paper("0" * 64)
    settings.SECRET_KEY = "another"

    assert give(statement).code == code
    assert code_of_paper("0" * 64) != unseen


def test_code_that_is_taken_is_left_to_its_evidence():
    statement = said()
    taken = code_of_paper(statement.evidence)
    IssuedPaper.objects.create(
        code=taken, evidence="1" * 64, content_sha256="2" * 64, area=statement.area, title="Khác",
        file_format="pdf", issued_at=AT,
    )  # fmt: skip

    assert code_of_paper("1" * 64) == taken
    assert give(statement).code.replace("-", "") != taken


def test_codes_of_many_are_those_of_each(django_assert_num_queries):
    statement = said()
    issued = give(statement).code.replace("-", "")
    taken = code_of_paper("1" * 64)
    IssuedPaper.objects.create(
        code=taken, evidence="3" * 64, content_sha256="4" * 64, area=statement.area, title="Khác",
        file_format="pdf", issued_at=AT,
    )  # fmt: skip

    wanted = [statement.evidence, "1" * 64, "2" * 64]
    codes = codes_of_papers(wanted)

    assert codes == {each: code_of_paper(each) for each in wanted}
    assert codes[statement.evidence] == issued
    assert codes["1" * 64] != taken
    with django_assert_num_queries(2):
        codes_of_papers([statement.evidence, *(f"{number:064x}" for number in range(9))])


def test_both_forms_of_a_letter_share_the_code_and_say_it(settings):
    settings.PORTAL_URL = "https://bando.example"
    statement = said()
    pdf, docx = (issue_letter(make_letter(), form, statement=statement, at=AT) for form in LetterFormat)

    assert pdf.code == docx.code
    assert issue_letter(make_letter(), LetterFormat.PDF, statement=statement, at=AT).body == pdf.body
    rows = IssuedPaper.objects.order_by("id")
    assert [(row.file_format, row.written_code) for row in rows] == [("pdf", pdf.code), ("docx", pdf.code)]
    assert rows[0].content_sha256 == hashlib.sha256(pdf.body).hexdigest()


def test_paper_says_where_to_check_it_and_never_by_what_address_it_was_asked_for(settings):
    settings.PORTAL_URL = "https://bando.example"
    there = issue(told, statement=said(), file_format="pdf", at=AT)
    settings.PORTAL_URL = ""
    nowhere = issue(told, statement=said(), file_format="pdf", at=AT)

    assert there.body.decode() == f"Mã xác minh: {there.code}. Kiểm tra tại bando.example/xac-minh"
    assert nowhere.body.decode().endswith("Kiểm tra tại trang /xac-minh của cổng")


def test_paper_is_found_by_its_code_and_by_its_bytes():
    statement = said()
    issued = give(statement, b"content")

    found = find_paper_by_content(hashlib.sha256(b"content").hexdigest())

    assert found == find_paper_by_code(issued.code.replace("-", ""))
    assert (found.title, found.facts, found.issued_at) == ("Quyết định", ["Số, ký hiệu", "05/QĐ-UBND"], AT)
    assert find_paper_by_content(hashlib.sha256(b"content ").hexdigest()) is None
    assert find_paper_by_code("2222222222") is None


def test_same_bytes_once_more_leave_nothing():
    statement = said()
    for _time in range(2):
        give(statement)

    assert IssuedPaper.objects.count() == 1


def test_facts_are_labels_and_values_and_long_words_are_cut():
    with pytest.raises(ValueError, match="in turns"):
        give(said(facts=("Số",)))
    with pytest.raises(ValueError, match="12 at most"):
        give(said(facts=("a", "b") * 7))
    give(said(title="Đ" * 400, facts=("Số", "ế" * 400)))

    paper = IssuedPaper.objects.get()
    assert (len(paper.title), len(paper.facts[1])) == (300, 300)


def test_issuing_is_journalled_and_what_was_issued_stays():
    issued = give(said())
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")

    assert issued.code in AuditEvent.objects.filter(table_name="core_issuedpaper").latest("id").reason
    for statement in ("update core_issuedpaper set code = 'x'", "delete from core_issuedpaper"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def of_one_number(paper):
    return Replacement("Quyết định số 06", "/awards/") if "05/QĐ-UBND" in paper.facts else None


def test_replacement_is_asked_of_the_rooms_that_know(settings):
    give(said())
    give(said(facts=(), content={}), b"another")
    settings.PAPERS_REPLACED_BY = [f"{__name__}.of_one_number"]

    first, second = IssuedPaper.objects.order_by("id")
    assert replacement_of(first) == ("Quyết định số 06", "/awards/")
    assert replacement_of(second) is None
