import csv
from datetime import date, datetime

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.area_files import UnusableAreaFile
from core.areas import import_areas
from core.enums import AreaKind
from core.models import Area, AuditEvent
from core.people import system_user
from core.vietnamese import sort_key
from riskmap.models import StaleMark
from tests.factories import CommuneFactory, DistrictFactory, HamletFactory, ProvinceFactory, UserFactory

pytestmark = pytest.mark.django_db

AT = timezone.make_aware(datetime(2021, 8, 1, 8))
SINCE = date(2021, 7, 1)
HEADER = "province_code,province,district_code,district,code,name,type,population_2019"
ROWS = (
    "58,Tỉnh Ninh Thuận,582,Thành phố Phan Rang-Tháp Chàm,22738,Phường Đô Vinh,Phường,13257",
    "58,Tỉnh Ninh Thuận,582,Thành phố Phan Rang-Tháp Chàm,22774,Xã  Thành Hải,Xã,",
    "58,Tỉnh Ninh Thuận,584,Huyện Bác Ái,22783,Xã Phước Bình,Xã,4000",
)
REAL = settings.SHARED_DATA / "units" / "units_58_79_2021_with_population.csv"


@pytest.fixture
def write(tmp_path):
    def write(*rows, header=HEADER, encoding="utf-8"):
        path = tmp_path / "units.csv"
        path.write_bytes("\n".join((header, *rows, "")).encode(encoding))
        return path

    return write


def take(path, *, commit=True, **options):
    options = {"valid_from": SINCE, "at": AT} | options
    return import_areas(path=path, commit=commit, by=options.pop("by", None) or system_user(), **options)


def test_import_makes_the_three_tiers(write):
    result = take(write(*ROWS), legal_basis="NQ 1/2020")

    assert [area.kind for area in result.created].count(AreaKind.COMMUNE) == 3
    commune = Area.objects.select_related("parent__parent").get(code="22774")
    assert (commune.name, commune.type_word, commune.population) == ("Xã Thành Hải", "Xã", None)
    assert (commune.path, commune.valid_from, commune.legal_basis) == ("58/582/22774", SINCE, "NQ 1/2020")
    assert (commune.parent.type_word, commune.parent.parent.type_word) == ("Thành phố", "Tỉnh")
    assert commune.parent.population is None
    counted = Area.objects.get(code="22738")
    assert (counted.population, counted.population_year) == (13257, 2019)
    assert (counted.search_text, Area.objects.get(code="58").path) == ("phuong do vinh", "58")


def test_preview_writes_nothing(write):
    result = take(write(*ROWS), commit=False)

    assert len(result.created) == 6
    assert not result.written
    assert not Area.objects.exists()


def test_same_file_again_changes_nothing(write):
    path = write(*ROWS)
    take(path)
    events = AuditEvent.objects.count()

    result = take(path)

    assert (result.created, result.changes, result.unchanged) == ([], [], 6)
    assert result.provinces == []
    assert AuditEvent.objects.count() == events


def test_corrected_name_and_population_are_updated_and_reported(write):
    take(write(*ROWS))

    result = take(write(ROWS[0].replace("Đô Vinh", "Đô Vĩnh").replace("13257", "13300"), *ROWS[1:]))

    assert {(c.field, c.before, c.after) for c in result.changes} == {
        ("name", "Phường Đô Vinh", "Phường Đô Vĩnh"),
        ("population", 13257, 13300),
    }
    assert [province.code for province in result.provinces] == ["58"]
    area = Area.objects.get(code="22738")
    assert (area.name, area.population) == ("Phường Đô Vĩnh", 13300)
    assert (area.sort_key, area.search_text) == (sort_key("Phường Đô Vĩnh"), "phuong do vinh")


def test_file_without_population_keeps_the_population(write):
    take(write(*ROWS))
    header, rows = HEADER.removesuffix(",population_2019"), [row.rsplit(",", 1)[0] for row in ROWS]

    result = take(write(*rows, header=header))

    assert result.changes == []
    assert Area.objects.get(code="22738").population == 13257


def test_import_is_journalled_with_actor_and_reason(write):
    take(write(*ROWS))

    event = AuditEvent.objects.filter(table_name="core_area").first()
    assert (event.actor, event.action) == ("he-thong", "INSERT")
    assert "units.csv" in event.reason


def test_number_of_queries_does_not_grow_with_rows(write):
    by = UserFactory()

    def queries(path):
        with CaptureQueriesContext(connection) as captured:
            take(path, by=by)
        return len(captured)

    few = queries(write(*ROWS))
    many = queries(write(*[f"59,Tỉnh Khác,591,Huyện Khác,3{n:04d},Xã Số {n},Xã,{n}" for n in range(300)]))

    assert many == few


@pytest.mark.parametrize(
    ("row", "column", "hint"),
    [
        ("58,Tỉnh Ninh Thuận,582,Huyện A,2783,Xã B,Xã,1", "code", "02783"),
        ("58,Tỉnh Ninh Thuận,582,Huyện A,22783.0,Xã B,Xã,1", "code", "22783"),
        ("8,Tỉnh Ninh Thuận,582,Huyện A,22783,Xã B,Xã,1", "province_code", "08"),
        ("58,Tỉnh Ninh Thuận,582,Huyện A,22 783,Xã B,Xã,1", "code", "chữ số"),
        ("58,Tỉnh Ninh Thuận,582,Huyện A,22783,,Xã,1", "name", "Điền"),
        ("58,Tỉnh Ninh Thuận,582,Huyện A,22783", "name", "Điền"),
        (f"58,Tỉnh Ninh Thuận,582,Huyện A,22783,{'B' * 121},Xã,1", "name", "120"),
        ("58,Tỉnh Ninh Thuận,582,Huyện A,22783,Xã B,Xã,12.5", "population", "số nguyên"),
        ('58,Tỉnh Ninh Thuận,582,Huyện A,22783,Xã B,Xã,"12,5"', "population", "số nguyên"),
        ("58,Tỉnh Ninh Thuận,582,Huyện A,22783,Xã B,Xã,-3", "population", "số nguyên"),
        ("58,Tỉnh Ninh Thuận,582,Huyện A,22783,Xã B,Xã,99999999", "population", "số nguyên"),
        ("58,Tỉnh Ninh Thuận,582,Huyện Khác,22783,Xã B,Xã,1", "district", "giống nhau"),
        ("59,Tỉnh Khác,582,Thành phố Phan Rang-Tháp Chàm,22783,Xã B,Xã,1", "district", "giống nhau"),
        ("58,Tỉnh Khác,583,Huyện A,22783,Xã B,Xã,1", "province", "giống nhau"),
        ("58,Tỉnh Ninh Thuận,582,Thành phố Phan Rang-Tháp Chàm,22738,Xã B,Xã,1", "code", "Xóa"),
        ("58,Tỉnh Ninh Thuận,22738,Huyện A,22783,Xã B,Xã,1", "code", "khác nhau"),
        (",,,,,,,", "", "Xóa"),
    ],
)
def test_bad_row_is_refused_with_its_place_and_the_rest_written(write, row, column, hint):
    first_row = ROWS[0]

    result = take(write(first_row, row, ROWS[2]))

    (refused,) = result.refused
    assert (refused.row, refused.column) == (3, column)
    assert refused.message
    assert hint in refused.hint
    assert result.written
    assert set(Area.objects.of_kind(AreaKind.COMMUNE).values_list("code", flat=True)) >= {"22738"}


def test_strict_writes_nothing_when_a_row_is_refused(write):
    result = take(write(ROWS[0], ",,,,,,,", ROWS[2]), strict=True)

    assert len(result.refused) == 1
    assert not result.written
    assert not Area.objects.exists()


@pytest.mark.parametrize(
    ("header", "encoding", "says"),
    [
        (HEADER.replace("code,name", "name"), "utf-8", "Thiếu cột code"),
        (HEADER.replace("district,", "distric,"), "utf-8", "district"),
        (HEADER + ",ghi chú", "utf-8", "ghi chú"),
        (HEADER + ",population_2009", "utf-8", "hai lần"),
        (HEADER.replace("2019", "3019"), "utf-8", "Năm"),
        (HEADER, "utf-16", "UTF-8"),
        (HEADER, "cp1252", "UTF-8"),
    ],
)
def test_unusable_file_is_refused_whole(write, header, encoding, says):
    path = write("58,Tênh,582,Café,22738,É,É,1", header=header, encoding=encoding)

    with pytest.raises(UnusableAreaFile, match=says):
        take(path)

    assert not Area.objects.exists()


def test_empty_file_missing_file_and_header_alone_are_refused(write, tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")

    for path, says in (
        (tmp_path / "empty.csv", "trống"),
        (tmp_path / "none.csv", "Không đọc được"),
        (write(), "chỉ có dòng tiêu đề"),
    ):
        with pytest.raises(UnusableAreaFile, match=says):
            take(path)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_a_byte_order_mark_are_read(write, separator):
    rows = [row.replace(",", separator) for row in ROWS]

    take(write(*rows, header=HEADER.replace(",", separator), encoding="utf-8-sig"))

    assert Area.objects.count() == 6


def test_unit_of_another_district_is_refused(write):
    take(write(*ROWS))

    result = take(write(ROWS[0].replace("582,Thành phố Phan Rang-Tháp Chàm", "584,Huyện Bác Ái"), *ROWS[1:]))

    (refused,) = result.refused
    assert (refused.row, refused.column, refused.value) == (2, "code", "22738")
    assert "Phan Rang" in refused.message
    assert Area.objects.get(code="22738").parent.code == "582"


def test_code_of_another_tier_is_refused(write):
    take(write(*ROWS))

    result = take(write("58,Tỉnh Ninh Thuận,22738,Phường Đô Vinh,29999,Xã Mới,Xã,1"))

    assert [refused.column for refused in result.refused] == ["district_code"]
    assert not Area.objects.filter(code="29999").exists()


def test_unit_that_ended_leaves_its_code_to_a_new_one(write):
    take(write(*ROWS))
    Area.objects.update(valid_to=date(2025, 6, 30))

    take(write(*ROWS), valid_from=date(2025, 7, 1))

    assert Area.objects.filter(code="22738").count() == 2
    assert Area.objects.valid_on(date(2025, 7, 1)).get(code="22738").parent.valid_from == date(2025, 7, 1)


def test_communes_in_vietnamese_order():
    district = DistrictFactory()
    names = ["Phường 2", "Phường 10", "Phường An", "Phường Ân", "Phường Đa", "Xã Ba"]
    for name in reversed(names):
        CommuneFactory(parent=district, name=name)

    assert [area.name for area in Area.objects.of_kind(AreaKind.COMMUNE).in_vietnamese_order()] == names


@pytest.mark.parametrize(
    "misplace",
    [
        lambda: CommuneFactory(parent=ProvinceFactory()),
        lambda: DistrictFactory(parent=DistrictFactory()),
        lambda: HamletFactory(parent=DistrictFactory()),
        lambda: CommuneFactory(parent=CommuneFactory()),
        lambda: Area.objects.filter(pk=CommuneFactory().pk).update(kind=AreaKind.HAMLET),
        lambda: Area.objects.filter(pk=CommuneFactory().parent_id).update(kind=AreaKind.HAMLET),
    ],
)
def test_tree_refuses_a_parent_that_is_not_one_tier_above(misplace):
    with pytest.raises(IntegrityError, match="ngay trên một cấp"), transaction.atomic():
        misplace()


@pytest.mark.parametrize(
    "misplace",
    [
        lambda: CommuneFactory(path="58/1/2"),
        lambda: ProvinceFactory(path="x"),
        lambda: Area.objects.filter(pk=CommuneFactory().parent.parent_id).update(code="99", path="99"),
    ],
)
def test_tree_refuses_a_path_that_is_not_the_parents_and_the_code(misplace):
    with pytest.raises(IntegrityError, match="Đường dẫn"), transaction.atomic():
        misplace()


def test_commune_hangs_from_the_province_since_districts_ended():
    commune = CommuneFactory(parent=ProvinceFactory(), valid_from=date(2025, 7, 1))

    assert commune.pk


def test_command_previews_then_writes_then_marks_the_levels_stale(write, capsys):
    path = write(*ROWS)

    call_command("import_areas", path, valid_from=SINCE)
    assert "chưa ghi gì" in capsys.readouterr().out
    assert not Area.objects.exists()
    call_command("import_areas", path, valid_from=SINCE, commit=True)

    assert "mới 1 tỉnh, 2 huyện, 3 xã" in capsys.readouterr().out
    assert StaleMark.objects.get().province.code == "58"


def test_command_without_a_date_finds_the_units_there_and_marks_their_levels_stale(write):
    take(write(*ROWS))

    call_command("import_areas", write(*ROWS[:2], ROWS[2].replace("4000", "4100")), commit=True)

    assert Area.objects.get(code="22783").population == 4100
    assert Area.objects.count() == 6
    mark = StaleMark.objects.get()
    assert mark.province.code == "58"
    assert mark.since < SINCE  # reports may be older than the units' own dates


@pytest.mark.parametrize(("rows", "header", "code"), [(ROWS, "a,b", 2), ((*ROWS, ",,,x,,,,"), HEADER, 3)])
def test_command_exit_codes(write, rows, header, code):
    with pytest.raises(CommandError) as refusal:
        call_command("import_areas", write(*rows, header=header), commit=True)

    assert refusal.value.returncode == code
    assert Area.objects.exists() == (code == 3)


@pytest.mark.skipif(not REAL.exists(), reason="shared/data is not here (SHARED_DATA): real units not checked")
def test_real_units_come_in_whole():
    with REAL.open(encoding="utf-8", newline="") as file:
        expected = {row["code"]: row for row in csv.DictReader(file)}

    result = import_areas(path=REAL, valid_from=SINCE, by=UserFactory(), at=AT, commit=True)

    assert result.refused == []
    communes = {area.code: area for area in Area.objects.of_kind(AreaKind.COMMUNE)}
    assert communes.keys() == expected.keys()
    assert all("  " not in area.name for area in communes.values())
    assert sum(area.population for area in communes.values()) == sum(
        int(row["population_2019"]) for row in expected.values()
    )
    assert Area.objects.of_kind(AreaKind.DISTRICT).count() == 29
