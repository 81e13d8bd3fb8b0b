from datetime import date

import pytest

from core.area_files import UnusableAreaFile
from core.enums import AreaKind
from core.hamlets import import_hamlets
from core.models import Area, AuditEvent
from core.people import system_user
from riskmap.ground import take_hamlets
from riskmap.models import StaleMark
from tests.factories import CommuneFactory

pytestmark = pytest.mark.django_db

SINCE = date(2021, 7, 1)
HEADER = "commune_code,code,name,type"
ROWS = (
    "22738,22738-01,Khu phố 1,Khu phố",
    "22738,22738-10,Khu  phố 10,Khu phố",
    "22738,22738-02,Khu phố 2,Khu phố",
)


@pytest.fixture
def commune():
    return CommuneFactory(code="22738", valid_from=SINCE)


@pytest.fixture
def write(tmp_path):
    def write(*rows, header=HEADER):
        path = tmp_path / "hamlets.csv"
        path.write_text("\n".join((header, *rows, "")), encoding="utf-8")
        return path

    return write


def take(path, *, commit=True):
    return import_hamlets(path=path, valid_from=SINCE, by=system_user(), commit=commit)


def test_hamlets_come_under_their_commune_in_vietnamese_order(write, commune):
    result = take(write(*ROWS))

    hamlets = Area.objects.of_kind(AreaKind.HAMLET).in_vietnamese_order()
    assert [hamlet.name for hamlet in hamlets] == ["Khu phố 1", "Khu phố 2", "Khu phố 10"]
    assert {hamlet.parent for hamlet in hamlets} == {commune}
    assert hamlets[0].path == f"{commune.path}/22738-01"
    assert (len(result.created), result.refused, result.written) == (3, [], True)
    event = AuditEvent.objects.filter(table_name="core_area").latest("id")
    assert (event.actor, event.reason) == ("he-thong", "Nhập thôn, khu phố từ hamlets.csv")


def test_preview_writes_no_hamlet(write, commune):
    assert len(take(write(*ROWS), commit=False).created) == 3
    assert not Area.objects.of_kind(AreaKind.HAMLET).exists()


def test_same_hamlets_again_change_nothing(write, commune):
    take(write(*ROWS))
    events = AuditEvent.objects.count()

    result = take(write(*ROWS))

    assert (result.created, result.unchanged, AuditEvent.objects.count()) == ([], 3, events)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("99999,99999-01,Thôn 1,Thôn", "commune_code"),
        ("22738,22738-1,Khu phố 3,Khu phố", "code"),
        ("22738,22741-01,Khu phố 3,Khu phố", "code"),
        ("22738,22738-01,Khu phố 3,Khu phố", "code"),
        ("22738,22738-03,,Khu phố", "name"),
        ("22738,22738-03,Khu phố 3", "type"),
        (f"22738,22738-03,{'Khu ' * 40},Khu phố", "name"),
    ],
)
def test_wrong_hamlet_is_refused_with_its_place_and_the_rest_written(write, commune, row, column):
    result = take(write(ROWS[0], row, ROWS[1]))

    assert [(refused.row, refused.column) for refused in result.refused] == [(3, column)]
    assert Area.objects.of_kind(AreaKind.HAMLET).count() == 2


@pytest.mark.parametrize("header", ["code,name,type", "commune_code,code,name,type,more"])
def test_file_of_hamlets_with_other_columns_is_refused_whole(write, commune, header):
    with pytest.raises(UnusableAreaFile, match="commune_code, code, name, type"):
        take(write(*ROWS, header=header))


def test_new_hamlets_mark_the_levels_of_their_province_stale(write, commune):
    take_hamlets(path=write(*ROWS), valid_from=SINCE, by=system_user(), commit=True)

    assert StaleMark.objects.get().province == commune.parent.parent
