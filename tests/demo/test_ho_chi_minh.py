"""The city of the demo stands on real counts, where they are at hand."""

from datetime import date, datetime

import pytest
from django.conf import settings
from django.utils import timezone

from campaign.models import Campaign
from campaign.standing import standing_of
from core.models import Area
from core.people import system_user
from demo.ho_chi_minh import COUNTS, load_city
from riskmap.enums import MapView
from riskmap.models import Assessment, DailyCount, ProvincePolicy

pytestmark = pytest.mark.django_db

AT = timezone.make_aware(datetime(2022, 1, 5, 8))


def load(folder):
    return list(load_city(folder=folder, by=system_user(), at=AT))


def test_without_the_real_counts_nothing_is_loaded_and_that_is_said(tmp_path):
    (line,) = load(tmp_path)

    assert "không có số liệu thật ở đây" in line
    assert COUNTS.name in line
    assert not Area.objects.exists()


@pytest.mark.skipif(
    not (settings.SHARED_DATA / COUNTS).exists(),
    reason="the real counts of the city are not here (set SHARED_DATA to their folder)",
)
def test_city_comes_in_with_its_plan_on_its_real_counts_and_a_second_time_changes_nothing():
    load(settings.SHARED_DATA)

    assert not Area.objects.exclude(path__startswith="79").exists()
    campaign = Campaign.objects.get()
    assert (campaign.slug, campaign.registration_required) == ("ho-chi-minh-2021", False)
    found = DailyCount.objects.values_list("unclassified", flat=True)
    assert sum(each or 0 for each in found) == 14_397
    assert not ProvincePolicy.objects.get().simulated
    assert Assessment.objects.filter(province__code="79").exists()

    table = standing_of(phase=campaign.phases.get(), view=MapView.KNOWN)
    assert table.day == date(2021, 7, 23)  # the counts end on 13 July: the days after are provisional
    assert {group.kind: len(group.lines()) for group in table.groups} == {
        "hamlet": 0, "commune": 312, "district": 22,
    }  # fmt: skip
    first = next(line for line in table.groups[1].lines() if line.rank == 1)
    assert first.facts.provisional_days >= 10

    assert load(settings.SHARED_DATA) == []
