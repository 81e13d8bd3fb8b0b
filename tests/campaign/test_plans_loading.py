"""A plan's file becomes rows: once, with its differences told, and with the office's own words kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from campaign.models import Campaign, Phase
from campaign.plans import PlanRefused, ReasonNeeded, compare_plan, load_plan, parse_plan, read_plan
from core.finding import AreaNotFound
from core.models import AuditEvent
from core.people import system_user
from riskmap.models import GuardedPeriod
from tests.campaign.plans import AT, HO_CHI_MINH, NINH_THUAN
from tests.factories import ProvinceFactory, UserFactory

SOURCE = NINH_THUAN.read_text()
LATER = datetime(2021, 9, 15, 1, tzinfo=UTC)
TABLES = ["phases", "target_groups", "green_conditions", "award_grounds", "scoring_rules", "duties"]


@pytest.fixture
def province(db):
    return ProvinceFactory(code="58", name="Tỉnh Ninh Thuận")


def load(source: str = SOURCE, *, at: datetime = AT, reason: str = ""):
    return load_plan(plan=parse_plan("plan.toml", source), by=system_user(), at=at, reason=reason)


def everything() -> list:
    campaign = Campaign.objects.get()
    rows = [row for name in TABLES for row in getattr(campaign, name).all()]
    return [
        (type(row).__name__, {field.name: field.value_from_object(row) for field in row._meta.fields})
        for row in [campaign, *rows]
    ]


def test_plan_is_loaded_with_all_it_lists(province):
    done = load()

    campaign = Campaign.objects.get()
    assert done.campaign is None
    assert (campaign.slug, campaign.province) == ("ninh-thuan-2021", province)
    assert [getattr(campaign, name).count() for name in TABLES] == [2, 10, 7, 2, 5, 8]
    assert [str(phase) for phase in campaign.phases.all()] == ["Đợt 1", "Đợt 2"]
    assert campaign.phases.get(code="dot-1").dossier_deadline == datetime(2021, 9, 7, 17, tzinfo=UTC)
    assert (campaign.created_at, campaign.created_by) == (AT, system_user())


def test_both_plans_stand_side_by_side(province):
    ProvinceFactory(code="79")
    load()
    load_plan(plan=read_plan(HO_CHI_MINH), by=system_user(), at=AT)

    assert Campaign.objects.count() == 2
    assert Phase.objects.get(campaign__slug="ho-chi-minh-2021").dossier_deadline is None


def test_plan_loaded_again_changes_nothing_and_leaves_no_event(province):
    load()
    before, events = everything(), AuditEvent.objects.count()

    done = load(at=LATER)

    assert list(done.lines) == []
    assert everything() == before
    assert AuditEvent.objects.count() == events


def test_days_of_the_phases_are_guarded_and_move_with_them(province):
    load()
    load(SOURCE.replace("last_day = 2021-12-31", "last_day = 2021-12-24"))

    assert sorted(GuardedPeriod.objects.values_list("name", "first_day", "last_day")) == [
        ("Bảo vệ “Vùng xanh” Ninh Thuận, Đợt 1", date(2021, 9, 1), date(2021, 9, 10)),
        ("Bảo vệ “Vùng xanh” Ninh Thuận, Đợt 2", date(2021, 9, 10), date(2021, 12, 24)),
    ]


def test_renamed_campaign_keeps_the_guarded_periods_it_has(province):
    load()
    load(
        SOURCE.replace('short_title = "Bảo vệ', 'short_title = "Giữ gìn').replace("2021-12-31", "2021-12-30")
    )

    assert GuardedPeriod.objects.count() == 2
    assert GuardedPeriod.objects.filter(last_day=date(2021, 12, 30)).exists()


def test_campaign_with_the_name_of_another_guards_its_own_days(province):
    load()
    load(SOURCE.replace('slug = "ninh-thuan-2021"', 'slug = "lan-hai"').replace("2021-12-31", "2021-12-30"))

    assert set(GuardedPeriod.objects.values_list("name", flat=True)) >= {"dot-1, lan-hai", "dot-2, lan-hai"}
    assert GuardedPeriod.objects.filter(last_day=date(2021, 12, 31)).count() == 1


def test_difference_is_told_line_by_line(province):
    load()
    source = (
        SOURCE.replace("last_day = 2021-12-31", "last_day = 2021-12-24")
        .replace('name = "Thôn, khu phố"', 'name = "Thôn, khu phố, xóm"')
        .replace('code = "so-noi-vu-theo-doi"', 'code = "so-noi-vu"')
    )

    lines = [str(line) for line in compare_plan(parse_plan("plan.toml", source)).lines]

    duty = Campaign.objects.get().duties.get(code="so-noi-vu-theo-doi")
    assert lines == [
        "~ đợt thi đua dot-2, đến hết ngày: 31/12/2021 → 24/12/2021",
        "~ đối tượng thi đua thon-khu-pho, tên nhóm: Thôn, khu phố → Thôn, khu phố, xóm",
        f"+ việc được giao so-noi-vu: {duty}",
        f"− việc được giao so-noi-vu-theo-doi: {duty}",
    ]


def test_lines_change_places_in_one_load(province):
    load()
    first, second = 'code = "tap-the-giam-mau"', 'code = "ca-nhan-tieu-bieu"'

    load(SOURCE.replace(first, "@").replace(second, first).replace("@", second))

    grounds = Campaign.objects.get().award_grounds.all()
    assert [ground.code for ground in grounds] == ["ca-nhan-tieu-bieu", "tap-the-giam-mau"]


def test_dates_and_order_the_office_set_stay_where_the_plan_is_silent(province):
    load()
    campaign = Campaign.objects.get()
    campaign.phases.filter(code="dot-1").update(first_day=date(2021, 8, 28), first_day_note="theo phát động")
    campaign.scoring_rules.filter(code="it-f0").update(wording="Ít F0 hơn")
    campaign.scoring_rules.filter(code="it-mat-xanh").delete()
    Campaign.objects.update(number="4600/KH-UBND", issued_on=date(2021, 9, 1))
    before = everything()

    assert list(load().lines) == []
    assert everything() == before


def test_offices_facts_make_room_for_a_new_one_of_the_plan(province):
    load()
    new = (
        '[[scoring_rules]]\ncode = "muc-cuoi"\nfact = "level_at_end"\nrole = "order"\n'
        'wording = "Mức cuối đợt thấp hơn thì xếp trước"\nset_by = "plan"\n\n'
    )
    at = SOURCE.index('[[scoring_rules]]\ncode = "giu-xanh"')

    load(SOURCE[:at] + new + SOURCE[at:])

    assert list(Campaign.objects.get().scoring_rules.values_list("fact", flat=True)) == [
        "steps_lowered", "days_to_green", "level_at_end", "days_green", "relapses", "cases_per_100k",
    ]  # fmt: skip


def test_offices_first_day_that_no_longer_fits_the_file_is_refused(province):
    load()
    Phase.objects.filter(code="dot-1").update(first_day=date(2021, 9, 7))

    with pytest.raises(PlanRefused, match="trước khi đợt bắt đầu"):
        load(SOURCE.replace("2021-09-08T00:00:00", "2021-09-06T00:00:00"))


def test_begun_plan_is_changed_with_a_reason_only_and_the_journal_keeps_it(province):
    load()
    longer = SOURCE.replace("last_day = 2021-12-31", "last_day = 2022-01-05")

    with pytest.raises(ReasonNeeded):
        load(longer, at=LATER, reason="  ")
    assert Phase.objects.get(code="dot-2").last_day == date(2021, 12, 31)

    load(longer, at=LATER, reason="Công văn 12/UBND-VX")

    assert Phase.objects.get(code="dot-2").last_day == date(2022, 1, 5)
    assert AuditEvent.objects.filter(table_name="campaign_phase", reason="Công văn 12/UBND-VX").exists()


def test_plan_begins_with_the_local_day(province):
    load()
    changed = SOURCE.replace("last_day = 2021-12-31", "last_day = 2022-01-05")
    midnight = datetime(2021, 8, 31, 17, tzinfo=UTC)

    load(changed, at=midnight - timedelta(microseconds=1))
    with pytest.raises(ReasonNeeded):
        load(SOURCE, at=midnight)


def test_begun_phase_is_not_dropped_and_a_coming_one_is(province):
    load()
    start, end = SOURCE.index('[[phases]]\ncode = "dot-2"'), SOURCE.index("[[target_groups]]")
    only_first = SOURCE[:start] + SOURCE[end:]
    only_second = SOURCE[: SOURCE.index("[[phases]]")] + SOURCE[start:]

    with pytest.raises(PlanRefused, match=r"dot-1.*đã bắt đầu"):
        load(only_second, at=datetime(2021, 9, 5, tzinfo=UTC), reason="thử")
    load(only_first, at=datetime(2021, 9, 5, tzinfo=UTC), reason="chỉ còn một đợt")

    assert [phase.code for phase in Phase.objects.all()] == ["dot-1"]


def test_line_that_something_rests_on_is_kept(province, monkeypatch):
    load()

    def restricted(queryset):
        raise models.RestrictedError("", {"đăng ký của xã Phước Dân"})

    monkeypatch.setattr("django.db.models.query.QuerySet.delete", restricted)
    with pytest.raises(PlanRefused, match="dựa vào"):
        load(SOURCE.replace('code = "cap-xa"', 'code = "cap-co-so"'))


def test_slug_of_another_province_is_refused(province):
    load()
    ProvinceFactory(code="79")

    with pytest.raises(PlanRefused, match="ninh-thuan-2021"):
        load(SOURCE.replace('province = "58"', 'province = "79"'))


def test_province_that_is_not_there_is_refused(db):
    with pytest.raises(AreaNotFound):
        load()


def test_queries_do_not_grow_with_the_lines(province):
    short = SOURCE[: SOURCE.index('[[duties]]\ncode = "so-y-te-kiem-tra"')]
    counted = []
    load()  # what is asked only once is asked now
    for slug, source in (("ngan", short), ("dai", SOURCE)):
        with CaptureQueriesContext(connection) as queries:
            load(source.replace('slug = "ninh-thuan-2021"', f'slug = "{slug}"'))
        counted.append(len(queries))

    assert counted[0] == counted[1]


class TestCommand:
    def run(self, capsys, *arguments: str) -> str:
        call_command("load_plan", str(NINH_THUAN), *arguments)
        return capsys.readouterr().out

    def test_checks_first_then_writes_then_finds_nothing_to_do(self, province, capsys):
        assert "chưa ghi gì" in self.run(capsys)
        assert not Campaign.objects.exists()
        assert not GuardedPeriod.objects.exists()

        assert "Đã ghi." in self.run(capsys, "--commit")
        assert Campaign.objects.count() == 1
        assert "không có dòng thay đổi" in self.run(capsys)

    def test_says_that_a_begun_plan_takes_a_reason(self, province, capsys):
        self.run(capsys, "--commit")
        UserFactory()
        Campaign.objects.update(issuer="ai đó")

        told = self.run(capsys)
        assert "~ cơ quan ban hành: ai đó → Ủy ban nhân dân tỉnh Ninh Thuận" in told
        assert "--reason" in told
        with pytest.raises(CommandError) as refused:
            self.run(capsys, "--commit")
        assert refused.value.returncode == 2
        assert "Đã ghi." in self.run(capsys, "--commit", "--reason", "sửa nhầm")

    def test_refuses_a_file_with_a_sentence(self, db, tmp_path):
        with pytest.raises(CommandError, match="không đọc được") as refused:
            call_command("load_plan", str(tmp_path / "x.toml"))

        assert refused.value.returncode == 2
