import pytest

from riskmap.paper.sheets import sheet_of
from tests.riskmap.paper.ground import province_on_paper, put_out
from tests.riskmap.province import day


@pytest.fixture
def province(db, tmp_path):
    return province_on_paper(tmp_path)


@pytest.fixture
def edition(province):
    return put_out(province, 3)


@pytest.fixture
def sheet(edition):
    return sheet_of(province="90", day=day(3), layer="commune", view="published", on=day(30))
