"""The template can be filled in a spreadsheet and imported; numbers that went out come back unchanged."""

import io
from datetime import date, datetime

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Area
from riskmap.counts import CountRow, post_counts
from riskmap.imports import commit_batch, undo_batch
from riskmap.imports.export import ExportRefused, export_counts
from riskmap.imports.template import COLUMNS, make_template
from riskmap.imports.workbooks import read_workbook
from riskmap.models import CountPost, CountSource
from tests.factories import CommuneFactory, HamletFactory, UserFactory
from tests.riskmap.imports.ground import AT, csv_of, faults, make_ground, preview

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2021, 8, 1), date(2021, 8, 9)


@pytest.fixture
def province():
    return make_ground()


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows(content: bytes) -> list[list]:
    return [list(row) for row in read_workbook(content).rows]


def bring(province, content, *, scope="001", zero_fill=None, at=AT):
    previewed = preview(province, content, scope=province.districts[scope], zero_fill=zero_fill)
    return previewed, commit_batch(batch=previewed.batch, by=UserFactory(), at=at)


def export(province, area=None, first=FIRST, last=LAST) -> bytes:
    source = CountSource.objects.filter(name="CDC").first()
    return export_counts(area=area or province.area, source=source, first=first, last=last)


# --- The template


def test_template_has_a_line_for_each_commune_of_the_area(province):
    content = make_template(area=province.districts["001"], day=FIRST)

    assert [row[:3] for row in rows(content)] == [
        ["00001", "Xã 00001", FIRST], ["00004", "Xã 00004", FIRST], ["00007", "Xã 00007", FIRST],
    ]  # fmt: skip
    assert len(rows(make_template(area=province.communes["00004"], day=FIRST))) == 1
    assert len(rows(make_template(area=province.area, day=FIRST))) == 4


def test_template_has_the_units_of_its_day(province):
    Area.objects.filter(code="00001").update(valid_to=date(2021, 8, 4))
    CommuneFactory(code="00010", parent=province.districts["001"], valid_from=date(2021, 8, 5))

    codes = {
        day: [row[0] for row in rows(make_template(area=province.districts["001"], day=day))]
        for day in (date(2021, 7, 1), FIRST, date(2021, 8, 5))
    }

    assert codes[date(2021, 7, 1)] == codes[FIRST] == ["00001", "00004", "00007"]
    assert sorted(codes[date(2021, 8, 5)]) == ["00004", "00007", "00010"]


def test_filled_template_is_imported_with_every_column_in_its_place(province):
    book = opened(make_template(area=province.districts["001"], day=FIRST))
    sheet = book["Số ca"]
    for place, number in enumerate((1, 2, 3, 4, 5, 6, 7), start=4):
        sheet.cell(2, place, number)
    sheet["D3"] = 0

    previewed, committed = bring(province, saved(book))

    assert faults(previewed) == [(4, "F0 chưa rõ nguồn lây", "no_number")]
    assert committed.new == 2
    entry = CountPost.objects.get().entries.get(area__code="00001")
    assert [
        entry.unknown_source, entry.known_source, entry.isolated, entry.unclassified, entry.close_contacts,
        entry.tests, entry.suspected,
    ] == [1, 2, 3, 4, 5, 6, 7]  # fmt: skip


def test_template_offers_the_codes_names_and_days_of_the_area_and_whole_numbers_only(province):
    book = opened(make_template(area=province.districts["001"], day=FIRST))

    rules = book["Số ca"].data_validations.dataValidation
    assert book["Danh mục"].sheet_state == "hidden"
    assert [cell.value for cell in book["Danh mục"]["A"]][:4] == ["00001", "00004", "00007", None]
    assert book["Danh mục"]["C31"].value == datetime(2021, 7, 2)
    code, name, day, counts = rules
    assert [str(rule.sqref) for rule in rules[:3]] == [f"{letter}2:{letter}1004" for letter in "ABC"]
    assert (code.type, code.formula1, code.errorStyle) == ("list", "'Danh mục'!$A$1:$A$3", None)
    assert name.formula1 == "'Danh mục'!$B$1:$B$3"
    assert (day.type, day.formula1, day.errorStyle) == ("list", "'Danh mục'!$C$1:$C$31", "warning")
    assert (counts.type, counts.formula1, counts.formula2) == ("whole", "0", "1000000")
    assert sorted(str(counts.sqref).split()) == [f"{letter}2:{letter}1004" for letter in "DEFGHIJ"]


def test_codes_of_the_template_are_text_and_its_days_are_days(province):
    sheet = opened(make_template(area=province.districts["001"], day=FIRST))["Số ca"]

    assert (sheet["A2"].value, sheet["A2"].number_format) == ("00001", "@")
    assert (sheet["C2"].value, sheet["C2"].number_format) == (datetime(2021, 8, 1), "dd/mm/yyyy")
    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet.dimensions == "A1:J4"


def test_guide_is_for_people_and_does_not_hinder_the_import(province):
    book = opened(make_template(area=province.districts["001"], day=FIRST))
    book["Số ca"]["D2"] = 3

    assert "Không có ca thì ghi 0" in book["Hướng dẫn"]["A3"].value
    assert bring(province, saved(book))[1].new == 1


def test_name_of_a_unit_can_do_no_harm_to_the_workbook(province):
    for code, name in (("00001", "=1+1"), ("00004", "Xã <b>&"), ("00007", "Xã \x01\ufffe")):
        Area.objects.filter(code=code).update(name=name)

    content = make_template(area=province.districts["001"], day=FIRST)

    sheet = opened(content)["Số ca"]
    assert sorted(row[1].value for row in sheet["A2:B4"]) == ["=1+1", "Xã ", "Xã <b>&"]
    assert not read_workbook(content).computed
    assert {row[1].data_type for row in sheet["A2:B4"]} == {"s"}
    assert {cell.data_type for cell in opened(content)["Danh mục"]["B"][:3]} == {"s"}


# --- The export


def everything_said(province) -> None:
    commune = province.communes["00001"]
    hamlet = HamletFactory(code="0000101", parent=commune)
    source = province.source("CDC")
    said = [
        CountRow(commune.pk, FIRST, unknown_source=1, known_source=0, isolated=2, close_contacts=30),
        CountRow(commune.pk, LAST, unclassified=5, tests=100, suspected=0),
        CountRow(province.communes["00004"].pk, FIRST, close_contacts=3),
        CountRow(province.communes["00037"].pk, FIRST, unclassified=2, unknown_source=2),
        CountRow(province.communes["00037"].pk, LAST, unclassified=3, known_source=3),
        CountRow(hamlet.pk, FIRST, unknown_source=1),
    ]
    post_counts(source=source, rows=said, reason="thử", by=UserFactory(), at=AT)
    post_counts(
        source=source, rows=[said[0]._replace(unknown_source=9)], reason="sửa", by=UserFactory(), at=AT
    )


def test_what_went_out_comes_back_without_a_change(province):
    everything_said(province)
    posts = CountPost.objects.count()

    previewed = preview(province, export(province), scope=province.area)
    committed = commit_batch(batch=previewed.batch, by=UserFactory(), at=AT)

    assert previewed.refusals == ()
    assert (previewed.batch.rows_read, previewed.batch.rows_unchanged) == (6, 6)
    assert (committed.post_id, committed.unchanged) == (None, 6)
    assert CountPost.objects.count() == posts


def test_export_has_the_own_words_of_the_area_and_the_days_asked_for(province):
    everything_said(province)
    province.post({("00001", 0): 77}, source="khác", at=AT)

    of_district = rows(export(province, province.districts["001"], FIRST, FIRST))

    assert [(row[0], row[3]) for row in of_district] == [("0000101", 1), ("00001", 9), ("00004", "")]
    assert [row[0] for row in rows(export(province, province.districts["002"]))] == ["00037", "00037"]


def test_what_was_taken_back_does_not_go_out(province):
    previewed, _committed = bring(province, csv_of("00001,2021-08-01,3"))

    undo_batch(batch=previewed.batch, by=UserFactory(), at=AT, reason="nhầm")

    assert rows(export(province)) == []


def test_export_of_nothing_is_an_empty_template(province):
    book = opened(export(province))

    assert [cell.value for cell in book["Số ca"][1]][:3] == ["Mã đơn vị", "Tên đơn vị", "Ngày"]
    assert book["Số ca"].max_row == 1
    assert len(COLUMNS) == book["Số ca"].max_column


def test_export_beyond_the_limit_is_refused_with_what_to_do(province, monkeypatch):
    everything_said(province)
    monkeypatch.setattr("riskmap.imports.export.MOST_ROWS", 5)

    with pytest.raises(ExportRefused, match=r"hơn 5 dòng.*ít ngày hơn"):
        export(province)


def test_export_of_days_out_of_order_is_refused(province):
    with pytest.raises(ExportRefused, match="Ngày đầu"):
        export(province, first=LAST, last=FIRST)


def test_queries_of_files_that_go_out_do_not_grow(province):
    source = province.source("CDC")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            make_template(area=province.area, day=FIRST)
            export_counts(area=province.area, source=source, first=FIRST, last=LAST)
        return len(queries)

    empty = asked()
    everything_said(province)

    assert (empty, asked()) == (3, 3)
