"""A province's policy: what the rule set leaves to it, and which source wins."""

import io
from datetime import time

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEvent
from core.people import system_user
from riskmap.enums import SourcePolicy
from riskmap.models import DailyCount, ProvincePolicy, StaleMark
from riskmap.policies import rule_set_of, set_policy
from riskmap.rules.ruleset import RuleSetRefused
from tests.riskmap.province import day, make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_province()


def change(province, **wanted):
    return set_policy(province=province.area, by=system_user(), **wanted)


def test_province_without_a_policy_is_read_by_the_rule_set_as_it_is(province):
    rules = rule_set_of([province.area.pk])[province.area.pk]

    assert (rules.name, rules["cluster_size"], rules.overrides) == ("qd_2686_2021", 2, ())


def test_parameters_of_the_province_reach_its_rule_set_and_no_other(province):
    other = make_province("91", districts={"911": ["91101"]})

    change(province, parameters={"cluster_size": 5})

    rules = rule_set_of([province.area.pk, other.area.pk])
    assert (rules[province.area.pk]["cluster_size"], rules[other.area.pk]["cluster_size"]) == (5, 2)


def test_rule_sets_of_many_provinces_are_one_query(province, django_assert_num_queries):
    with django_assert_num_queries(1):
        rule_set_of([province.area.pk, province.area.pk + 1, province.area.pk + 2])


def test_one_parameter_is_changed_and_the_others_stay(province):
    change(province, parameters={"cluster_size": 5, "hold_days": 7})

    changed = change(province, parameters={"hold_days": None})

    assert changed.policy.parameters == {"cluster_size": 5}
    assert changed.changed == ("parameters",)


@pytest.mark.parametrize(
    "wanted",
    [
        {"parameters": {"window_days": 7}},
        {"parameters": {"cluster_size": 0}},
        {"parameters": {"cluster_size": "5"}},
        {"parameters": {"unknown": 1}},
        {"rule_set": "qd_1_2000"},
    ],
)
def test_what_the_rule_set_does_not_leave_to_the_province_is_refused(province, wanted):
    with pytest.raises(RuleSetRefused):
        change(province, **wanted)

    assert not ProvincePolicy.objects.exists()


def test_change_marks_stale_from_the_first_reported_day(province):
    province.post({("90101", 4): 1})
    StaleMark.objects.all().delete()

    change(province, parameters={"cluster_size": 3})

    assert list(StaleMark.objects.values_list("province", "since")) == [(province.area.pk, day(4))]


@pytest.mark.parametrize("wanted", [{}, {"parameters": {"cluster_size": None}}, {"simulated": True}])
def test_what_changes_no_level_marks_nothing(province, wanted):
    province.post({("90101", 4): 1})
    StaleMark.objects.all().delete()

    change(province, **wanted)

    assert not StaleMark.objects.exists()


def test_another_choice_of_source_chooses_again_from_the_ledger(province):
    province.post({("90101", 0): 1}, source="huyện")
    province.post({("90101", 0): 8}, source="CDC")

    change(province, source_policy=SourcePolicy.PRIORITY)
    assert DailyCount.objects.get().unknown_source == 1

    change(province, source_policy=SourcePolicy.LARGEST)
    assert DailyCount.objects.get().unknown_source == 8


def test_change_is_journalled(province):
    change(province, parameters={"cluster_size": 3})

    event = AuditEvent.objects.get(table_name="riskmap_provincepolicy")
    assert (event.actor, event.reason) == ("he-thong", "Đặt quy ước của tỉnh")


def run(*options):
    out = io.StringIO()
    try:
        call_command("set_policy", "--province", "90", *options, stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def test_command_without_commit_shows_and_writes_nothing(province):
    code, out = run("--parameter", "cluster_size=3", "--source-policy", "priority")

    assert code == 0
    assert "cluster_size = 3" in out
    assert "Thay đổi: source_policy, parameters." in out
    assert not ProvincePolicy.objects.exists()


def test_command_reads_values_by_the_type_of_the_parameter(province):
    code, _out = run(
        "--parameter", "cluster_size=3", "--parameter", "hamlets_as_communes=false",
        "--parameter", "unclassified_as=known_source", "--parameter", "hold_days=", "--commit",
    )  # fmt: skip

    assert code == 0
    assert ProvincePolicy.objects.get().parameters == {
        "cluster_size": 3, "hamlets_as_communes": False, "unclassified_as": "known_source",
    }  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        ["--parameter", "cluster_size"],
        ["--parameter", "nothing=1"],
        ["--parameter", "cluster_size=nhiều"],
        ["--parameter", "hamlets_as_communes=1"],
        ["--rule-set", "nothing"],
        ["--province", "99"],
    ],
)
def test_command_exits_2_for_what_is_refused(province, options):
    code, said = run(*options, "--commit")

    assert code == 2
    assert said
    assert not ProvincePolicy.objects.exists()


def test_command_sets_the_hour_of_reports_and_whether_numbers_are_approved(province):
    code, out = run("--no-approval", "--report-by", "15:30", "--disagreement-cases", "5", "--commit")

    policy = ProvincePolicy.objects.get()
    assert (code, policy.approval, policy.report_by, policy.disagreement_cases) == (0, False, time(15, 30), 5)
    assert "Số liệu không cần duyệt; nộp số liệu trước 15:30" in out

    code, out = run("--approval", "--report-by", "never", "--commit")

    policy = ProvincePolicy.objects.get()
    assert (code, policy.approval, policy.report_by, policy.disagreement_cases) == (0, True, None, 5)
    assert "Thay đổi: approval, report_by." in out


def test_what_no_level_rests_on_leaves_the_levels_as_they_are(province):
    province.post({("90101", 0): 1})
    StaleMark.objects.all().delete()

    change(province, approval=False, report_by="never", disagreement_cases=9)

    assert not StaleMark.objects.exists()


@pytest.mark.parametrize("option", [["--report-by", "25:00"], ["--disagreement-cases", "0"]])
def test_command_names_the_option_with_a_slip(province, option):
    code, said = run(*option, "--commit")

    assert code == 1
    assert option[0] in said
    assert not ProvincePolicy.objects.exists()
