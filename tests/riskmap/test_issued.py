"""Issued: one code for one piece of evidence, for ever, and nobody makes one up."""

import hashlib

import pytest
from django.db import IntegrityError, connection, transaction

from core.codes import ALPHABET, hash_of
from core.models import AuditEvent
from riskmap.issued import (
    code_of,
    find_by_code,
    find_by_content,
    is_superseded,
    record_issued,
)
from riskmap.levels import reassess
from riskmap.models import IssuedFile
from tests.factories import ProvinceFactory
from tests.riskmap.province import AT, day, make_province
from tests.riskmap.test_editions import at, put_out

pytestmark = pytest.mark.django_db
EVIDENCE = hash_of({"day": "2021-08-04"})


def line(**said) -> IssuedFile:
    values = {
        "code": code_of(EVIDENCE), "evidence": EVIDENCE, "day": day(3), "layer": "commune", "view": "known",
        "known_at": AT, "file_format": "pdf", "page_size": "a4", "totals": [0, 1, 2, 3, 4],
        "simulated": False,
    } | said  # fmt: skip
    return IssuedFile(**({"province": ProvinceFactory()} | values))


def test_code_is_ten_signs_that_cannot_be_mistaken():
    code = code_of(EVIDENCE)

    assert len(code) == 10
    assert set(code) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01BGILOSUZ")


def test_same_evidence_has_the_same_code_and_other_evidence_another():
    assert code_of(EVIDENCE) == code_of(hash_of({"day": "2021-08-04"}))
    assert code_of(EVIDENCE) != code_of(hash_of({"day": "2021-08-05"}))


def test_code_outlives_the_key_it_was_made_with(settings):
    file = line()
    record_issued(file=file, body=b"x", at=AT)
    settings.SECRET_KEY = "another"

    assert code_of(EVIDENCE) == file.code


def test_nobody_without_the_key_can_make_a_code_up(settings):
    code = code_of(EVIDENCE)
    settings.SECRET_KEY = "another"

    assert code_of(EVIDENCE) != code


def test_code_that_is_taken_is_left_to_its_evidence():
    taken = code_of(EVIDENCE)
    record_issued(file=line(code=taken, evidence="that of another"), body=b"x", at=AT)

    assert code_of("that of another") == taken
    assert code_of(EVIDENCE) != taken


def test_file_is_found_by_its_code_and_by_its_content():
    file = line()
    record_issued(file=file, body=b"content", at=AT)

    found = find_by_content(hashlib.sha256(b"content").hexdigest())

    assert find_by_code(file.code) == found
    assert (found.totals, found.issued_at) == ([0, 1, 2, 3, 4], AT)
    assert find_by_content(hashlib.sha256(b"content ").hexdigest()) is None


def test_same_file_is_written_down_once():
    province = ProvinceFactory()
    for _time in range(2):
        record_issued(file=line(province=province), body=b"x", at=AT)

    assert IssuedFile.objects.count() == 1


def test_same_evidence_drawn_anew_keeps_its_code():
    province = ProvinceFactory()
    for body in (b"old program", b"new program"):
        record_issued(file=line(province=province), body=body, at=AT)

    assert IssuedFile.objects.values_list("code", flat=True).distinct().count() == 1
    assert find_by_content(hashlib.sha256(b"old program").hexdigest())
    assert find_by_content(hashlib.sha256(b"new program").hexdigest())


def test_issuing_is_journalled():
    record_issued(file=line(), body=b"x", at=AT)

    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    event = AuditEvent.objects.latest("id")
    assert event.table_name == "riskmap_issuedfile"
    assert "Cấp tệp PDF" in event.reason


@pytest.mark.parametrize(
    "statement", ["update riskmap_issuedfile set code = 'x'", "delete from riskmap_issuedfile"]
)
def test_what_was_issued_stays(statement):
    record_issued(file=line(), body=b"x", at=AT)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_paper_of_an_edition_is_superseded_by_a_later_one_of_its_day():
    province = make_province()
    province.post(complete=(0, 3), at=at(3, 16))
    file = line(province=province.area, view="published", edition=put_out(province, 3), known_at=None)
    record_issued(file=file, body=b"x", at=AT)

    put_out(province, 4)
    assert not is_superseded(find_by_code(file.code))
    file = line(
        province=province.area, view="published", edition=put_out(province, 5), known_at=None, day=day(5),
        evidence="b", code=code_of("b"),
    )  # fmt: skip
    put_out(province, 5, cut_off=at(5, 19), at=at(5, 19))
    assert is_superseded(file)


def test_paper_of_what_was_known_is_superseded_when_more_is_known():
    province = make_province()
    province.post(complete=(0, 3), at=at(3, 16))
    reassess(on=day(3), at=at(3, 16))
    file = line(province=province.area, known_at=at(3, 16))

    assert not is_superseded(file)
    province.post({("90101", 3): 5}, at=at(3, 17))
    reassess(on=day(3), at=at(3, 17))
    assert is_superseded(file)
