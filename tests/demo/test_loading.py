from collections import Counter
from datetime import date, datetime

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.access import can
from core.enums import Role
from core.models import Area, BoundarySet, User
from core.people import system_user
from core.permissions import Permission
from demo.accounts import PASSWORD, SAMPLES, open_sample_accounts
from demo.loading import SOURCE, DemoRefused, load_demo
from riskmap.enums import RiskLevel
from riskmap.models import Assessment, CountEntry, CountSource, LevelSpan, ProvincePolicy, StaleMark
from riskmap.sources import ensure_source

pytestmark = pytest.mark.django_db

AT = timezone.make_aware(datetime(2022, 1, 5, 8))


def load():
    return list(load_demo(by=system_user(), at=AT))


def communes_by_level(day):
    spans = LevelSpan.objects.filter(area__kind="commune", first_day__lte=day, last_day__gte=day)
    return Counter(RiskLevel(span.level).key for span in spans)


def test_demo_tells_the_story_its_readme_tells():
    load()

    assert communes_by_level(date(2021, 10, 19)) == {"new_normal": 44, "elevated": 18, "high": 3}
    assert communes_by_level(date(2021, 11, 12)) == {
        "new_normal": 20, "elevated": 20, "high": 19, "very_high": 6,
    }  # fmt: skip
    assert len(communes_by_level(date(2021, 12, 31))) == 4
    assert LevelSpan.objects.filter(
        provisional=True, level=RiskLevel.HIGH, last_day__gte=date(2021, 12, 29)
    ).exists()


def test_demo_is_marked_as_simulated_and_drawn():
    load()

    province = Area.objects.get(code="58")
    assert ProvincePolicy.objects.get(province=province).simulated
    assert BoundarySet.objects.get(province=province).schematic
    assert Assessment.objects.get(province=province).frames is not None
    assert not StaleMark.objects.exists()


def test_demo_again_does_nothing():
    assert len(load()) == 15
    rows = CountEntry.objects.count()

    assert load() == []
    assert CountEntry.objects.count() == rows


def test_demo_that_was_broken_off_is_finished():
    steps = load_demo(by=system_user(), at=AT)
    for _ in range(5):
        next(steps)
    steps.close()

    assert len(load()) == 10
    assert communes_by_level(date(2021, 11, 12))["very_high"] == 6


def test_simulated_counts_are_not_mixed_with_a_provinces_own():
    load()
    province = Area.objects.get(code="58")
    ensure_source(province=province, name="CDC", by=system_user())

    with pytest.raises(DemoRefused, match="không trộn"):
        load()

    assert set(CountSource.objects.values_list("name", flat=True)) == {SOURCE, "CDC"}


def test_own_units_and_shapes_are_left_alone():
    load()
    Area.objects.filter(code="22738").update(population=13257, population_year=2019)

    load()

    assert Area.objects.get(code="22738").population == 13257


def test_each_role_has_an_account_that_opens():
    load()
    province = Area.objects.get(code="58")

    opened = list(open_sample_accounts(province=province, at=AT))

    assert len(opened) == len(SAMPLES) == len(Role)
    assert {sample.role for sample in SAMPLES} == set(Role)
    for account in User.objects.exclude(username="he-thong"):
        assert check_password(PASSWORD, account.password)
        assert not account.password_is_temporary
    doctor, clerk = (User.objects.get(username=name) for name in ("so-y-te", "phuoc-dan"))
    phuoc_dan, ca_na = (Area.objects.get(code=code) for code in ("22870", "22910"))
    assert can(doctor, Permission.DECLARE_FACT, ca_na, on=AT.date())
    assert can(clerk, Permission.IMPORT_COUNTS, phuoc_dan, on=AT.date())
    assert not can(clerk, Permission.IMPORT_COUNTS, ca_na, on=AT.date())


def test_accounts_again_change_nothing_even_a_changed_password():
    load()
    province = Area.objects.get(code="58")
    list(open_sample_accounts(province=province, at=AT))
    clerk = User.objects.get(username="phuoc-dan")
    clerk.set_password("một mật khẩu khác")
    clerk.save()

    assert list(open_sample_accounts(province=province, at=AT)) == []
    assert not check_password(PASSWORD, User.objects.get(username="phuoc-dan").password)


def test_command_prints_the_accounts(capsys):
    call_command("load_demo")

    out = capsys.readouterr().out
    assert PASSWORD in out
    assert all(sample.username in out for sample in SAMPLES)


def test_command_refuses_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError) as refusal:
        call_command("load_demo")

    assert refusal.value.returncode == 2
    assert not Area.objects.exists()
