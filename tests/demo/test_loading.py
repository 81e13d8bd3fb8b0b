from datetime import date, datetime

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.access import can
from core.enums import Role
from core.models import Area, User
from core.people import system_user
from core.permissions import Permission
from demo.accounts import PASSWORD, SAMPLES
from demo.loading import DemoRefused, load_demo
from riskmap.models import CountSource, MapEdition, ProvincePolicy
from riskmap.sources import ensure_source

pytestmark = pytest.mark.django_db

AT = timezone.make_aware(datetime(2022, 1, 5, 8))


def load():
    return list(load_demo(by=system_user(), at=AT, through=date(2021, 8, 3)))


def test_demo_that_was_broken_off_is_finished():
    steps = load_demo(by=system_user(), at=AT, through=date(2021, 8, 3))
    for _ in range(5):
        next(steps)
    steps.close()

    assert load()[-3:] == [
        "Tháng 08/2021: 3 lần báo cáo, 3 bản đồ công bố.",
        "Mức độ nguy cơ: đã tính.",
        "Khung hình của bản đồ: đã vẽ.",
    ]


def test_demo_goes_on_where_it_stood():
    load()

    later = list(load_demo(by=system_user(), at=AT, through=date(2021, 8, 5)))

    assert later[0] == "Tháng 08/2021: 2 lần báo cáo, 2 bản đồ công bố."
    assert [edition.day.day for edition in MapEdition.objects.order_by("number")] == [1, 2, 3, 4, 5]


def test_simulated_counts_are_not_mixed_with_a_provinces_own():
    next(load_demo(by=system_user(), at=AT))
    province = Area.objects.get(code="58")
    ensure_source(province=province, name="CDC", by=system_user())

    with pytest.raises(DemoRefused, match="không trộn"):
        load()

    assert CountSource.objects.get().name == "CDC"
    assert not ProvincePolicy.objects.exists()


def test_demo_starts_again_after_a_visitor_brought_a_source_of_their_own():
    load()
    ensure_source(province=Area.objects.get(code="58"), name="CDC", by=system_user())

    assert load() == []


def test_own_units_and_shapes_are_left_alone():
    load()
    Area.objects.filter(code="22738").update(population=13257, population_year=2019)

    load()

    assert Area.objects.get(code="22738").population == 13257


def test_each_role_has_an_account_that_opens():
    said = load()

    assert sum("Tài khoản mẫu" in line for line in said) == len(SAMPLES) == len(Role)
    assert {sample.role for sample in SAMPLES} == set(Role)
    for account in User.objects.exclude(username="he-thong"):
        assert check_password(PASSWORD, account.password)
        assert not account.password_is_temporary
    doctor, clerk = (User.objects.get(username=name) for name in ("so-y-te", "phuoc-dan"))
    phuoc_dan, ca_na = (Area.objects.get(code=code) for code in ("22870", "22910"))
    assert can(doctor, Permission.DECLARE_FACT, ca_na, on=AT.date())
    assert can(clerk, Permission.ENTER_COUNTS, phuoc_dan, on=AT.date())
    assert not can(clerk, Permission.ENTER_COUNTS, ca_na, on=AT.date())


def test_accounts_again_change_nothing_even_a_changed_password():
    load()
    clerk = User.objects.get(username="phuoc-dan")
    clerk.set_password("một mật khẩu khác")
    clerk.save()

    assert load() == []
    assert not check_password(PASSWORD, User.objects.get(username="phuoc-dan").password)


def test_command_prints_the_accounts(capsys):
    call_command("load_demo", "--through", "2021-08-02")

    out = capsys.readouterr().out
    assert "Tháng 08/2021: 2 lần báo cáo, 2 bản đồ công bố." in out
    assert PASSWORD in out
    assert all(sample.username in out for sample in SAMPLES)


def test_command_refuses_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError) as refusal:
        call_command("load_demo")

    assert refusal.value.returncode == 2
    assert not Area.objects.exists()
