"""The order in which sources post does not matter, and replaying the ledger gives what they left."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.people import system_user
from riskmap.counts import CountRow, Coverage, post_counts, rebuild_daily_counts
from riskmap.enums import SourcePolicy
from riskmap.in_force import COUNT_COLUMNS
from riskmap.models import CountEntry, DailyCount, ProvincePolicy, ReportCoverage
from tests.riskmap.province import AT, day, make_province

CODES = ("90101", "90102", "90201")
SOURCES = ("huyện", "CDC", "bản đồ")
DAYS = 4

numbers = st.fixed_dictionaries(
    {},
    optional={name: st.integers(0, 3) for name in COUNT_COLUMNS},
).filter(bool)
cells = st.tuples(st.sampled_from(CODES), st.integers(0, DAYS - 1))
spans = st.tuples(st.integers(0, DAYS - 1), st.integers(0, DAYS - 1)).map(lambda span: (min(span), max(span)))
scopes = st.sampled_from(("90", "901", "902", *CODES))
posts = st.tuples(
    st.sampled_from(SOURCES),
    st.dictionaries(cells, numbers, max_size=5),
    st.lists(st.tuples(scopes, spans), max_size=2, unique_by=lambda scope: scope[0]),
)


class Undone(Exception):
    """Rolls back one order so that another can be tried on the same ground."""


def in_force():
    """What counts, without the ids of rows, which do differ by order."""
    rows = DailyCount.objects.values_list("area_id", "day", "entry__source", *COUNT_COLUMNS)
    return sorted(rows, key=lambda row: row[:2])


def words_of_the_ledger():
    """Each source's last word, by a loop over all rows: nothing of the code under test."""
    words = {}
    for entry in CountEntry.objects.order_by("id"):
        words[entry.area_id, entry.day, entry.source_id] = tuple(
            getattr(entry, name) for name in COUNT_COLUMNS
        )
    return words


def chosen_by_hand(province, policy):
    """The value in force by a plain reading of the ledger."""
    rank = {source.pk: source.rank for source in province.sources.values()}
    words = words_of_the_ledger()
    spoken = {(area, on) for area, on, _source in words}
    for coverage in ReportCoverage.objects.select_related("scope"):
        for area in province.communes.values():
            if f"{area.path}/".startswith(f"{coverage.scope.path}/"):
                for area_id, on in spoken:
                    if area_id == area.pk and coverage.first_day <= on <= coverage.last_day:
                        words.setdefault((area_id, on, coverage.source_id), None)
    chosen = {}
    for (area, on, source), numbers in words.items():
        total = sum(number or 0 for number in (numbers or ())[:4])
        unknown = sum(number or 0 for number in (numbers or ())[:2])
        weight = (rank[source],) if policy == "priority" else (-total, -unknown, rank[source])
        silent = (None, 0, *[None] * (len(COUNT_COLUMNS) - 1))
        value = silent if numbers is None else (source, *numbers)
        if (area, on) not in chosen or weight < chosen[area, on][0]:
            chosen[area, on] = (weight, value)
    return sorted((area, on, *value) for (area, on), (_weight, value) in chosen.items())


class OrderTests(TestCase):
    """``TestCase`` of hypothesis: each example in its own transaction."""

    @settings(max_examples=30, deadline=None)
    @given(
        told=st.lists(posts, min_size=1, max_size=6),
        policy=st.sampled_from(SourcePolicy.values),
        shuffle=st.randoms(use_true_random=False),
    )
    def test_order_of_sources_does_not_matter(self, told, policy, shuffle):
        province = make_province("90", districts={"901": CODES[:2], "902": CODES[2:]})
        ProvincePolicy.objects.create(province=province.area, source_policy=policy)
        by = system_user()
        for name in SOURCES:
            province.source(name)
        places = {"90": province.area, **province.districts, **province.communes}

        def tell(posts_in_order):
            for source, values, complete in posts_in_order:
                post_counts(
                    source=province.sources[source],
                    rows=[CountRow(places[code].pk, day(n), **value) for (code, n), value in values.items()],
                    coverages=[
                        Coverage(places[scope], day(a), day(b), contacts=True) for scope, (a, b) in complete
                    ],
                    reason="thử",
                    by=by,
                    at=AT,
                )

        outcomes = []
        for order in (told, self.shuffled(told, shuffle)):
            try:
                with transaction.atomic():
                    tell(order)
                    outcomes.append(in_force())
                    assert outcomes[-1] == chosen_by_hand(province, policy)
                    rebuild_daily_counts(province=province.area)
                    assert in_force() == outcomes[-1]
                    raise Undone
            except Undone:
                pass
        assert outcomes[0] == outcomes[1]

    @staticmethod
    def shuffled(told, shuffle):
        """Another order in which each source still says its own things in its own order."""
        turns = [source for source, *_rest in told]
        shuffle.shuffle(turns)
        queues = {name: [post for post in told if post[0] == name] for name in SOURCES}
        return [queues[name].pop(0) for name in turns]


@pytest.mark.django_db
def test_choice_by_hand_would_notice_a_wrong_choice():
    province = make_province("90", districts={"901": CODES[:2]})
    province.post({("90101", 0): 3})
    DailyCount.objects.update(unknown_source=2)

    assert in_force() != chosen_by_hand(province, "largest")
