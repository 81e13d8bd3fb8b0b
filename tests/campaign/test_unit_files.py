"""Files of units: out and back without a change, all faults at once, what was shown and nothing else."""

import io
import zipfile
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from campaign.models import Unit, UnitBatch
from campaign.unit_files import (
    UnitFileChanged,
    UnitFileRefused,
    commit_units,
    examine_units,
    keep_unit_file,
    read_units,
    write_units,
)
from campaign.units import close_unit, save_unit, save_units
from riskmap.imports.faults import UnusableFile
from tests.campaign.plans import make_campaign
from tests.campaign.units import AT, make_registration, make_unit
from tests.factories import HamletFactory, UserFactory
from tests.riskmap.province import make_province

ON = AT.date()
HEADS = (
    "Mã đơn vị;Loại đơn vị;Tên đơn vị;Nơi đóng;Người đứng đầu;Chức vụ;Điện thoại cơ quan;"
    "Thư điện tử cơ quan;Số người"
)
NASTY = [
    '=HYPERLINK("http://x")',
    "+84 Công ty",
    "-1 Công ty",
    "@SUM(A1)",
    "'Công ty nháy'",
    '"Công ty ngoặc"; a,b',
    "Công ty <b>&amp; con</b>",
    "0123",
    "1e5",
    "2021-07-09",
    "TRUE",
    "Công ty _x0041_ B",
    "Trường THCS Đào Thị Ngọc Ánh – Ấp Ắc Ê",
    "Co\u0302ng ty to\u0302\u0309 hợp dấu",
    "Công ty 😀",
    "|cmd' /C calc'!A0",
    "x" * 200,
]


@pytest.fixture
def place(db):
    return make_province("90", districts={"901": ["90101", "90102"], "902": ["90201"]})


@pytest.fixture
def clerk(db):
    return UserFactory()


def listed(place, clerk) -> list[Unit]:
    """Every tier of areas, and organisations with names that spreadsheets misread."""
    hamlet = HamletFactory(code="9010101", parent=place.communes["90101"])
    for seat in (place.districts["901"], *place.communes.values(), hamlet):
        make_unit(seat)
    units = [
        Unit(
            province=place.area, seat=place.communes["90101"], kind="enterprise", name=name, head=name[:100],
            head_post="Giám đốc", phone="0259 3822 000", email="a@b.vn", size=number or None,
        )
        for number, name in enumerate(NASTY)
    ]  # fmt: skip
    save_units(units=units, by=clerk, at=AT)
    save_unit(unit=Unit(seat=place.area, kind="agency", name="Sở Y tế"), by=clerk, at=AT)
    return list(Unit.objects.all())


def csv(*rows: str, heads: str = HEADS) -> bytes:
    return "\n".join([heads, *rows]).encode()


def kept(content: bytes, area, by) -> UnitBatch:
    return keep_unit_file(file=io.BytesIO(content), name="a.csv", area=area, by=by, at=AT)


def told(file) -> list[tuple[int, str, str]]:
    return [(refusal.row, refusal.column, refusal.code) for refusal in file.refusals]


def test_what_goes_out_comes_back_without_a_change(place, clerk):
    units = listed(place, clerk)

    file = read_units(write_units(area=place.area, on=ON), area=place.area, at=AT)

    assert (file.rows, file.unchanged) == (len(units), len(units))
    assert (file.new, file.changed, file.refusals) == ([], [], [])


def test_the_workbook_runs_nothing_and_locks_what_the_portal_gives(place, clerk):
    listed(place, clerk)

    content = write_units(area=place.area, on=ON)

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert not [name for name in book.namelist() if "external" in name.casefold()]
    page = load_workbook(io.BytesIO(content))["Đơn vị"]
    rows = {page.cell(row, 1).value: row for row in range(2, page.max_row + 1)}
    assert page.protection.sheet
    assert page.cell(rows["TC0001"], 1).protection.locked
    assert not page.cell(rows["TC0001"], 3).protection.locked
    assert page.cell(rows["90101"], 3).protection.locked
    assert not page.cell(rows["90101"], 5).protection.locked
    assert {page.cell(row, column).data_type for row in rows.values() for column in range(1, 9)} <= {
        "s",
        "n",
        "inlineStr",
    }
    assert len(page.data_validations.dataValidation) == 3


def test_only_the_area_and_what_lies_below_goes_out(place, clerk):
    listed(place, clerk)
    closed = save_unit(unit=Unit(seat=place.districts["902"], kind="agency", name="Phòng"), by=clerk, at=AT)
    close_unit(unit=closed, reason="giải thể", by=clerk, at=AT)

    file = read_units(write_units(area=place.districts["902"], on=ON), area=place.area, at=AT)

    assert file.rows == file.unchanged == 1  # the commune 90201


def test_new_and_changed_rows_are_written_as_they_were_shown(place, clerk):
    save_unit(
        unit=Unit(seat=place.communes["90101"], kind="agency", name="Trạm Y tế", size=9), by=clerk, at=AT
    )
    content = csv(
        "TC0001;cơ quan, đơn vị;Trạm Y tế;90102 – Xã 90102, Huyện 901;Lê Thị Tám;;;;",
        ";doanh nghiep thuoc cac thanh phan kinh te;Công ty Muối;90101;;;0259 3;muoi@a.vn;1200",
        ";;;;;;;;",
    )
    batch = keep_unit_file(
        file=io.BytesIO(content), name="a.csv", area=place.districts["901"], by=clerk, at=AT
    )
    shown = examine_units(batch=batch, at=AT)

    done = commit_units(batch=batch, shown=shown.fingerprint, right_rows_only=False, by=clerk, at=AT)

    assert [(change.column, change.before, change.after) for change in shown.changed[0].changes] == [
        ("Nơi đóng", "Xã 90101", "Xã 90102"),
        ("Người đứng đầu", "–", "Lê Thị Tám"),
        ("Số người", "9", "–"),
    ]
    assert (done.rows_new, done.rows_changed, done.rows_refused) == (1, 1, 0)
    company = Unit.objects.get(code="TC0002")
    assert (company.name, company.size, company.phone) == ("Công ty Muối", 1200, "0259 3")
    assert Unit.objects.get(code="TC0001").seat == place.communes["90102"]
    with pytest.raises(UnitFileChanged, match="đã được ghi"):
        commit_units(batch=batch, shown=shown.fingerprint, right_rows_only=False, by=clerk, at=AT)


def test_columns_that_the_file_does_not_have_stay_as_they_are(place, clerk):
    save_unit(unit=Unit(seat=place.communes["90101"], kind="agency", name="Trạm", head="Lê"), by=clerk, at=AT)

    file = read_units(csv("TC0001;agency;Trạm;90101", heads="code;kind;name;seat"), area=place.area, at=AT)

    assert file.unchanged == 1


def test_every_fault_of_every_row_is_told_at_once(place, clerk):
    make_unit(place.communes["90101"])
    make_unit(place.communes["90201"])
    save_unit(unit=Unit(seat=place.communes["90101"], kind="agency", name="Trạm"), by=clerk, at=AT)
    gone = save_unit(unit=Unit(seat=place.communes["90101"], kind="agency", name="Đã thôi"), by=clerk, at=AT)
    close_unit(unit=gone, reason="giải thể", by=clerk, at=AT)

    file = read_units(
        csv(
            ";planet;;99999;;;;không phải thư;một trăm",  # 2: everything wrong
            "TC0099;agency;Ai đó;90101;;;;;",  # 3: no such unit
            "90201;commune;Xã 90201;90201;;;;;5",  # 4: of the next district
            ";agency;Trạm;90201;;;;;",  # 5: seated there
            "90101;commune;Xã khác;90101;;;;;",  # 6: an area keeps its name
            "TC0001;agency;Trạm;90101 – Xã 90102;;;;;",  # 7: whose code?
            "TC0002;agency;Đã thôi;90101;Ai;;;;",  # 8: closed
            ";agency;trạm;90101;;;;;",  # 9: a name that is taken
            ";agency;Mới;90101;;;;;",
            ";agency;MỚI;90101;;;;;",  # 11: twice in the file
            "TC0001;agency;Trạm;90101;;;;;",  # 12: the code twice
            ";agency;Thư sai;90101;;;;thu@;",
            "90102;;;;;;;;",  # 14: not listed, and nothing else
        ),
        area=place.districts["901"],
        at=AT,
    )

    assert told(file) == [
        (2, "Loại đơn vị", "unknown_kind"),
        (2, "Tên đơn vị", "missing_name"),
        (2, "Nơi đóng", "unknown_seat"),
        (2, "Số người", "not_a_size"),
        (3, "Mã đơn vị", "unknown_code"),
        (4, "Mã đơn vị", "outside_area"),
        (5, "Nơi đóng", "outside_area"),
        (6, "Tên đơn vị", "unit_refused"),
        (7, "Nơi đóng", "code_and_name_differ"),
        (8, "", "unit_refused"),
        (9, "Tên đơn vị", "unit_refused"),
        (11, "Tên đơn vị", "unit_refused"),
        (12, "Mã đơn vị", "code_twice"),
        (13, "Thư điện tử cơ quan", "unit_refused"),
        (14, "Mã đơn vị", "unknown_code"),
        (14, "Loại đơn vị", "missing_kind"),
        (14, "Tên đơn vị", "missing_name"),
        (14, "Nơi đóng", "missing_seat"),
    ]
    assert [line.row for line in file.new] == [10]
    assert (file.rows, file.refused_rows, file.unchanged) == (13, 12, 0)
    assert all(refusal.message for refusal in file.refusals)


def test_formulas_broken_cells_and_mangled_numbers_are_refused(place, clerk):
    book = load_workbook(io.BytesIO(write_units(area=place.area, on=ON)))
    page = book["Đơn vị"]
    rows = [
        [None, "cơ quan, đơn vị", '=A1&"x"', "90101"],
        [None, "cơ quan, đơn vị", "Trạm hai", "90101", None, None, 2593822000],
        [None, "cơ quan, đơn vị", "Trạm ba", 90101, None, None, None, None, 12.5],
        [None, "cơ quan, đơn vị", "Trạm bốn", "#REF!"],
    ]
    for row, values in enumerate(rows, start=2):
        for column, value in enumerate(values, start=1):
            page.cell(row, column, value)
    out = io.BytesIO()
    book.save(out)

    file = read_units(out.getvalue(), area=place.area, at=AT)

    assert told(file) == [
        (2, "Tên đơn vị", "formula"),
        (2, "Tên đơn vị", "missing_name"),
        (3, "Điện thoại cơ quan", "mangled_phone"),
        (4, "Số người", "not_a_size"),
        (5, "Nơi đóng", "broken_cell"),
        (5, "Nơi đóng", "missing_seat"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xd0\xcf\x11\xe0",
        b"a,b\n1,2",
        "Mã đơn vị;Tên đơn vị\n".encode(),
        csv(heads=HEADS + ";Ghi chú"),
        csv(heads=HEADS + ";Tên đơn vị"),
    ],
)
def test_what_is_no_file_of_units_is_refused_whole_and_not_kept(place, clerk, content):
    with pytest.raises(UnusableFile):
        keep_unit_file(file=io.BytesIO(content), name="a", area=place.area, by=clerk, at=AT)

    assert not UnitBatch.objects.exists()


def test_wrong_rows_are_left_out_only_when_that_is_chosen(place, clerk):
    content = csv(";agency;Trạm;90101;;;;;", ";planet;Trạm;90101;;;;;")
    batch = kept(content, place.area, clerk)
    shown = examine_units(batch=batch, at=AT).fingerprint

    with pytest.raises(UnitFileRefused):
        commit_units(batch=batch, shown=shown, right_rows_only=False, by=clerk, at=AT)
    assert not Unit.objects.exists()

    done = commit_units(batch=batch, shown=shown, right_rows_only=True, by=clerk, at=AT)
    assert (done.rows_new, done.rows_refused) == (1, 1)


def test_a_list_that_changed_since_the_preview_is_shown_again(place, clerk):
    unit = save_unit(unit=Unit(seat=place.communes["90101"], kind="agency", name="Trạm"), by=clerk, at=AT)
    content = csv("TC0001;agency;Trạm;90101;Lê Thị Tám;;;;")
    batch = kept(content, place.area, clerk)
    shown = examine_units(batch=batch, at=AT).fingerprint
    unit.size = 5
    save_unit(unit=unit, by=UserFactory(), at=AT)

    with pytest.raises(UnitFileChanged, match="đã đổi"):
        commit_units(batch=batch, shown=shown, right_rows_only=False, by=clerk, at=AT)

    assert Unit.objects.get().size == 5


def test_a_row_that_is_missing_closes_nothing(place, clerk):
    save_unit(unit=Unit(seat=place.communes["90101"], kind="agency", name="Trạm"), by=clerk, at=AT)
    content = csv(";agency;Mới;90101;;;;;")
    batch = kept(content, place.area, clerk)

    commit_units(
        batch=batch,
        shown=examine_units(batch=batch, at=AT).fingerprint,
        right_rows_only=False,
        by=clerk,
        at=AT,
    )

    assert Unit.objects.open().count() == 2


def test_a_registered_unit_keeps_its_kind_in_files_too(place, clerk):
    unit = save_unit(unit=Unit(seat=place.communes["90101"], kind="agency", name="Trạm"), by=clerk, at=AT)
    make_registration(make_campaign(province=place.area), unit, status="submitted")

    file = read_units(csv("TC0001;enterprise;Trạm;90102;;;;;"), area=place.area, at=AT)

    assert told(file) == [(2, "Loại đơn vị", "unit_refused"), (2, "Nơi đóng", "unit_refused")]


def test_near_names_are_told_of_new_and_renamed_units(place, clerk):
    save_unit(unit=Unit(seat=place.communes["90101"], kind="agency", name="Trạm Y tế A"), by=clerk, at=AT)
    save_unit(
        unit=Unit(seat=place.communes["90102"], kind="enterprise", name="Công ty TNHH Nho Thái An"),
        by=clerk,
        at=AT,
    )

    file = read_units(
        csv(
            "TC0001;agency;TYT A;90101;;;;;",
            ";enterprise;Cty TNHH Nho Thái An;90101;;;;;",
            ";enterprise;HTX Muối;90101;;;;;",
        ),
        area=place.area,
        at=AT,
    )

    assert [(line.row, line.near[0].unit.code, line.near[0].percent) for line in file.near] == [
        (3, "TC0002", 100)
    ]


def test_five_thousand_rows_are_read_and_written_in_a_few_queries(place, clerk):
    seats = list(place.communes)
    rows = [
        f";enterprise;Công ty {number} {'abcdefghij'[number % 10] * 4};{seats[number % 3]};Ai;;;;{number + 1}"
        for number in range(5_000)
    ]
    batch = kept(csv(*rows), place.area, clerk)
    began = perf_counter()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        shown = examine_units(batch=batch, at=AT)
        done = commit_units(batch=batch, shown=shown.fingerprint, right_rows_only=False, by=clerk, at=AT)

    assert done.rows_new == 5_000
    assert len(queries) < 60
    assert perf_counter() - began < 60
    assert len(read_units(write_units(area=place.area, on=ON), area=place.area, at=AT).changed) == 0


@pytest.mark.parametrize("name", ["9" * 5000, "Công ty " + "7" * 4400, "x" * 30_000, "٣" * 5000])
def test_name_of_any_length_is_refused_in_words(place, name):
    file = read_units(f"{HEADS}\n;agency;{name};90101;;;;;\n".encode(), area=place.districts["901"], at=AT)

    assert [refusal.column for refusal in file.refusals][:1] == ["Tên đơn vị"], file.refusals
    assert not file.new
