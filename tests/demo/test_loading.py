from datetime import date, datetime

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.utils import timezone

from campaign.models import Campaign, Phase
from core.access import can
from core.enums import Role
from core.models import Area, User
from core.people import system_user
from core.permissions import Permission
from demo.accounts import PASSWORD, SAMPLES
from demo.loading import DemoRefused, load_demo
from riskmap.counts import CountRow, post_counts
from riskmap.editions import publish
from riskmap.entry_source import entry_source
from riskmap.models import CountPost, CountSource, DailyCount, MapEdition, ProvincePolicy
from riskmap.policies import set_policy
from riskmap.sources import ensure_source
from riskmap.submissions import submit_counts

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
        "Tháng 08/2021: 6 lần báo cáo, 3 lần duyệt, 3 bản đồ công bố.",
        "Mức độ nguy cơ: đã tính.",
        "Khung hình của bản đồ: đã vẽ.",
    ]


def test_demo_goes_on_where_it_stood():
    load()

    later = list(load_demo(by=system_user(), at=AT, through=date(2021, 8, 5)))

    assert later[0] == "Tháng 08/2021: 4 lần báo cáo, 2 lần duyệt, 2 bản đồ công bố."
    assert [edition.day.day for edition in MapEdition.objects.order_by("number")] == [1, 2, 3, 4, 5]


def test_simulated_counts_are_not_mixed_with_a_provinces_own():
    next(load_demo(by=system_user(), at=AT))
    province = Area.objects.get(code="58")
    ensure_source(province=province, name="CDC", by=system_user())

    with pytest.raises(DemoRefused, match="không trộn"):
        load()

    assert CountSource.objects.get().name == "CDC"
    assert not ProvincePolicy.objects.exists()


def test_province_with_numbers_of_its_own_is_refused_whatever_their_source_is_called():
    next(load_demo(by=system_user(), at=AT))
    entry_source(province=Area.objects.get(code="58"), by=system_user())

    with pytest.raises(DemoRefused, match="không trộn"):
        load()


def visit(day, cases, *, at, username="ninh-phuoc"):
    """A visitor sends a number of Thị trấn Phước Dân."""
    area = Area.objects.get(code="22870")
    submit_counts(
        source=entry_source(province=Area.objects.get(code="58"), by=system_user()),
        rows=[CountRow(area.pk, day, None, cases, 0, 0)],
        reason="khách xem thử",
        by=User.objects.get(username=username),
        at=at,
    )


def test_demo_starts_again_after_a_visitor_entered_numbers_of_their_own():
    load()
    ensure_source(province=Area.objects.get(code="58"), name="CDC", by=system_user())
    visit(date(2022, 1, 5), 3, at=AT)

    assert load() == ["Mức độ nguy cơ: đã tính.", "Khung hình của bản đồ: đã vẽ."]
    assert load() == []
    assert MapEdition.objects.count() == 3


def test_demo_that_was_broken_off_is_finished_whatever_a_visitor_did_meanwhile():
    load()
    visit(date(2022, 1, 5), 3, at=AT)
    visit(date(2021, 8, 5), 0, at=AT)

    later = list(load_demo(by=system_user(), at=AT, through=date(2021, 8, 5)))

    assert later[0] == "Tháng 08/2021: 4 lần báo cáo, 2 lần duyệt, 2 bản đồ công bố."
    assert not any("không sống lại được" in line for line in later)
    assert [edition.day.day for edition in MapEdition.objects.order_by("number")] == [1, 2, 3, 4, 5]
    assert DailyCount.objects.get(area__code="22870", day=date(2022, 1, 5)).unknown_source == 3


def test_demo_in_which_a_visitor_published_says_what_cannot_be_lived_any_more():
    load()
    officer = User.objects.get(username="so-y-te")
    publish(province=Area.objects.get(code="58"), cut_off=AT, at=AT, by=officer)

    later = list(load_demo(by=system_user(), at=AT, through=date(2021, 8, 5)))

    assert later[0] == "Tháng 08/2021: 4 lần báo cáo, 2 lần duyệt, 0 bản đồ công bố."
    assert later[1].startswith("  2 việc không sống lại được, việc đầu tiên: Đã công bố bản số 4")


def test_story_of_an_earlier_version_is_left_as_it_is():
    next(load_demo(by=system_user(), at=AT))
    province = Area.objects.get(code="58")
    set_policy(province=province, simulated=True, by=system_user())
    post_counts(
        source=ensure_source(province=province, name="Số liệu mô phỏng", by=system_user()),
        rows=[CountRow(Area.objects.get(code="22870").pk, date(2021, 8, 1), None, 1, 0, 0, 0)],
        reason="Báo cáo ngày 01/08/2021",
        by=system_user(),
        at=timezone.make_aware(datetime(2021, 8, 1, 16)),
    )

    assert not any("lần báo cáo" in line for line in load())
    assert CountPost.objects.count() == 1


def test_own_units_and_shapes_are_left_alone():
    load()
    Area.objects.filter(code="22738").update(population=13257, population_year=2019)

    load()

    assert Area.objects.get(code="22738").population == 13257


def test_plan_of_the_province_guards_its_days_and_what_a_visitor_made_of_it_stays():
    load()
    assert list(Phase.objects.values_list("guarded__first_day", "guarded__last_day")) == [
        (date(2021, 9, 1), date(2021, 9, 10)),
        (date(2021, 9, 10), date(2021, 12, 31)),
    ]
    Campaign.objects.update(short_title="Giữ xanh")

    load()

    assert Campaign.objects.get().short_title == "Giữ xanh"


def test_each_role_has_an_account_that_opens():
    said = load()

    assert sum("Tài khoản mẫu" in line for line in said) == len(SAMPLES)
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
    assert "Tháng 08/2021: 4 lần báo cáo, 2 lần duyệt, 2 bản đồ công bố." in out
    assert PASSWORD in out
    assert all(sample.username in out for sample in SAMPLES)


def test_command_refuses_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError) as refusal:
        call_command("load_demo")

    assert refusal.value.returncode == 2
    assert not Area.objects.exists()
