"""Charts: where bands and bars stand on an axis of days."""

from datetime import date, timedelta

from riskmap.area_series import CasesOfDay, Stretch
from riskmap.charts import BAR_HEIGHT, draw_charts
from riskmap.enums import RiskLevel

FIRST = date(2021, 8, 1)


def cases(*totals: int | None) -> list[CasesOfDay]:
    """One number a day, all of unknown source; ``None`` is a missing report."""
    return [
        CasesOfDay(FIRST + timedelta(place), total is not None, total or 0, 0, 0, 0)
        for place, total in enumerate(totals)
    ]


def whole(count: int) -> list[Stretch]:
    return [Stretch(FIRST, FIRST + timedelta(count - 1), RiskLevel.NEW_NORMAL, False)]


def test_charts_place_bands_by_their_days():
    line = [
        Stretch(FIRST, FIRST + timedelta(5), RiskLevel.HIGH, False),
        Stretch(FIRST + timedelta(6), FIRST + timedelta(7), RiskLevel.NEW_NORMAL, True),
    ]

    charts = draw_charts(strips=[line], cases=cases(*[0] * 8), day=FIRST, window_days=14)

    assert [(band.x, band.width, band.look.letter) for band in charts.strips[0]] == [
        ("0.000%", "75.000%", "C"),
        ("75.000%", "25.000%", "X"),
    ]


def test_charts_scale_bars_to_the_highest():
    charts = draw_charts(strips=[whole(4)], cases=cases(0, 4, 1, None), day=FIRST, window_days=14)

    heights = [sum(float(piece.height) for piece in bar.pieces) for bar in charts.bars]
    assert heights == [0, BAR_HEIGHT, BAR_HEIGHT / 4, 0]
    assert charts.highest.day == FIRST + timedelta(1)
    assert charts.kinds == ("unknown_source",)


def test_charts_stack_kinds_upon_one_another():
    mixed = [CasesOfDay(FIRST, True, 1, 1, 1, 1)]

    charts = draw_charts(strips=[whole(1)], cases=mixed, day=FIRST, window_days=14)

    edges = [(float(piece.y), float(piece.y) + float(piece.height)) for piece in charts.bars[0].pieces]
    assert edges == [(90, 120), (60, 90), (30, 60), (0, 30)]


def test_charts_without_a_case_have_no_highest():
    charts = draw_charts(strips=[whole(2)], cases=cases(0, None), day=FIRST, window_days=14)

    assert charts.highest is None
    assert all(not bar.pieces for bar in charts.bars)


def test_charts_mark_the_day_and_its_window_cut_at_the_first_day():
    days = cases(*[0] * 20)

    late = draw_charts(strips=[whole(20)], cases=days, day=FIRST + timedelta(19), window_days=14)
    early = draw_charts(strips=[whole(20)], cases=days, day=FIRST + timedelta(3), window_days=14)

    assert (late.day_x, late.window_x, late.window_width) == ("95.000%", "30.000%", "70.000%")
    assert (early.day_x, early.window_x, early.window_width) == ("15.000%", "0.000%", "20.000%")


def test_charts_mark_differing_and_corrected_days():
    known, published = whole(4), [Stretch(FIRST + timedelta(2), FIRST + timedelta(2), RiskLevel.HIGH, False)]

    charts = draw_charts(
        strips=[published, known],
        cases=cases(0, 4, 1, None),
        day=FIRST,
        window_days=14,
        differing=[FIRST + timedelta(2)],
        corrected={FIRST + timedelta(1)},
    )

    assert [[(band.x, band.width) for band in strip] for strip in charts.strips] == [
        [("50.000%", "25.000%")],
        [("0.000%", "100.000%")],
    ]
    assert [(mark.day, mark.x, mark.width) for mark in charts.marks] == [
        (FIRST + timedelta(2), "50.000%", "25.000%")
    ]
    assert [bar.corrected for bar in charts.bars] == [False, True, False, False]
