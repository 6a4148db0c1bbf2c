"""Plots: matplotlib draws what the function is, to the edge where it has no end, quickly, in the shown zone."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import sys
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import matplotlib as mpl
import numpy as np
import pytest
from every import EVERY
from matplotlib import dates, pyplot

from intervalues import IntervalCollection, IntervalGroups, IntervalSet, combine_intervals

NOON = dt.datetime(2026, 7, 1, 12)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def agg():
    """Draw into memory, and forget what was drawn before."""
    pyplot.close("all")
    pyplot.switch_backend("agg")


def of(*given_rows, **options):
    return combine_intervals(given_rows, **options)


def parts(axes):
    """Give the steps that are drawn, as levels, edges and the height on which they stand."""
    axes.figure.canvas.draw()
    return [tuple(map(np.ravel, patch.get_data())) for patch in axes.patches]


def labels(axes):
    axes.figure.canvas.draw()
    return [label.get_text() for label in axes.get_xticklabels()]


def test_the_steps_are_those_of_the_function():
    axes = of((0, 1, -4), (2, 3, 4), (3, 4, -1)).plot()
    for levels, edges, baseline in parts(axes):
        assert levels.tolist() == [-4, 0, 4, -1]
        assert edges.tolist() == [0, 1, 2, 3, 4]
        assert baseline.tolist() == [0]
    line, area = axes.patches
    assert (line.get_fill(), area.get_fill()) == (False, True)
    assert line.get_edgecolor()[:3] == area.get_facecolor()[:3]


def test_axes_are_given_back_and_the_current_ones_are_taken():
    _, (first, second) = pyplot.subplots(2)
    assert of((0, 1)).plot() is second
    assert of((0, 1)).plot(first) is first
    assert of((5, 6)).plot(ax=first) is first
    assert first.patches[0].get_edgecolor() != first.patches[2].get_edgecolor()
    assert first.get_xlim()[1] > 6


def test_open_ends_go_to_the_edge_of_whatever_is_shown():
    axes = of((0, math.inf, 2), (1, 2, 2)).plot()
    axes.figure.canvas.draw()
    left, right = axes.get_xlim()
    assert left < 0  # what ends has a margin
    assert right == pytest.approx(2 + 2 / 16)  # what does not end has none
    of((0, 100)).plot(axes)
    axes.figure.canvas.draw()
    assert axes.get_xlim()[1] > 100
    assert parts(axes)[0][1][-1] > axes.get_xlim()[1]
    assert parts((~IntervalSet([(0, 1)])).plot(pyplot.figure().gca()))[0][1][[0, -1]].tolist() == [
        -1125.0625,
        1126.0625,
    ]


def test_of_one_breakpoint_a_stretch_is_shown_that_tells_where_it_is():
    for start, length in ((5, 1), (1e200, 1e200 / 16), (NOON, None), (dt.date(2026, 1, 1), None)):
        axes = of((start, math.inf)).plot(pyplot.figure().gca())
        axes.figure.canvas.draw()
        right = axes.get_xlim()[1]
        if isinstance(start, dt.date):
            assert right == dates.date2num(start) + 1
        else:
            assert right == start + length


def test_what_has_no_breakpoints_goes_across():
    axes = of((NOON, NOON + HOUR, 3)).plot()
    before = axes.get_xlim()
    (IntervalCollection() + 5).plot(axes)
    axes.figure.canvas.draw()
    assert axes.get_xlim() == before
    assert axes.get_ylim()[1] > 5
    assert IntervalCollection().plot(pyplot.figure().gca()).patches
    assert (~IntervalSet()).plot(pyplot.figure().gca()).patches


def test_sets_are_spans_of_full_height_that_leave_the_levels_alone():
    axes = (of((0, 10, 70)) + 30).plot()
    before = axes.get_ylim()
    IntervalSet([(2, 3), (5, 7)]).plot(axes)
    axes.figure.canvas.draw()
    assert axes.get_ylim() == before
    bottom, top = axes.bbox.y0, axes.bbox.y1
    span = axes.patches[-1].get_window_extent()
    assert (span.y0, span.y1) == pytest.approx((bottom, top))
    alone = IntervalSet([(2, 3)]).plot(pyplot.figure().gca())
    alone.figure.canvas.draw()
    assert alone.get_ylim() == (0, 1)
    of((2, 3, 50)).plot(alone)
    assert alone.get_ylim()[1] > 50


def test_times_are_on_a_date_axis_in_the_shown_zone():
    c = of((NOON.replace(tzinfo=dt.UTC), NOON.replace(tzinfo=dt.UTC) + 4 * HOUR))
    tokyo = c.astimezone(ZoneInfo("Asia/Tokyo"))
    for shown, hour in ((c, "12:00"), (tokyo, "21:00"), (of((NOON, NOON + 4 * HOUR)), "12:00")):
        axes = shown.plot(pyplot.figure().gca())
        assert parts(axes)[0][1][0] == dates.date2num(NOON)
        assert hour in labels(axes)
    with mpl.rc_context({"timezone": "America/New_York"}):
        assert "12:00" in labels(of((NOON, NOON + 4 * HOUR)).plot(pyplot.figure().gca()))
    axes = of((dt.date(2026, 1, 1), dt.date(2026, 1, 9))).plot(pyplot.figure().gca())
    assert parts(axes)[0][1].tolist() == dates.date2num([dt.date(2026, 1, 1), dt.date(2026, 1, 9)]).tolist()
    assert (labels(axes)[0], axes.xaxis.get_offset_text().get_text()) == ("Jan", "2026-Jan")


@pytest.mark.parametrize(
    "rows",
    [
        [(dt.date.min, dt.date.max)],
        [(dt.date(9999, 12, 1), dt.date.max), (dt.date.max, math.inf)],
        [(dt.datetime(2020, 1, 1), dt.datetime.max), (-math.inf, dt.datetime(2021, 1, 1))],
        [(dt.datetime.min, dt.datetime.min + HOUR)],
        [(dt.datetime.max - HOUR, math.inf)],
    ],
)
def test_times_at_the_ends_of_time_are_drawn(rows):
    for axes in (of(*rows).plot(pyplot.figure().gca()), IntervalSet(rows).plot(pyplot.figure().gca())):
        axes.figure.canvas.draw()


def test_lengths_of_time_are_written_as_such():
    assert labels(of((HOUR, 13 * HOUR)).plot()) == ["2:00:00", "4:00:00", "6:00:00", "8:00:00", "10:00:00", "12:00:00"]


def test_types_without_lengths_stand_in_order():
    axes = of(("Ada", "Linus"), ("Grace", "Tim")).plot()
    assert parts(axes)[0][1].tolist() == [0, 1, 2, 3]
    assert labels(axes) == ["'Ada'", "'Grace'", "'Linus'", "'Tim'"]
    many = of(*((f"{i:04}", f"{i + 1:04}", 1 + i % 7) for i in range(1000))).plot(pyplot.figure().gca())
    assert len(labels(many)) == 6


def test_numbers_of_every_kind_are_drawn():
    for x, level in ((Decimal("0.10"), Decimal("1.50")), (Fraction(1, 4), Fraction(1, 3)), (0.5, 2**60), (2**70, 1.5)):
        levels, edges, _ = parts(of((x, x + x, level)).plot(pyplot.figure().gca()))[0]
        assert (levels.tolist(), edges.tolist()) == ([float(level)], [float(x), float(x + x)])
    levels, _, _ = parts(of((1, 3), (2, 4), how="rows").plot(pyplot.figure().gca()))[0]
    assert levels.tolist() == [1, 2, 1]


def test_numbers_beyond_floats_are_refused():
    with pytest.raises(OverflowError, match=r"levels beyond 1e.290 cannot be plotted: scale them"):
        of((0, 1, 10**400)).plot()
    with pytest.raises(OverflowError, match=r"coordinates beyond 1e.290 cannot be plotted: scale them"):
        of((0, 10**400)).plot()


@pytest.mark.parametrize("name", [name for name in EVERY if name not in ("huge ints", "floats")])
def test_everything_is_drawn(name):
    for thing in (EVERY[name], EVERY[name].support, ~EVERY[name].support):
        axes = thing.plot(pyplot.figure().gca())
        axes.figure.canvas.draw()
        assert axes.patches


def test_a_long_function_is_thinned_and_no_peak_or_trough_is_lost():
    many = of(*((i, i + 1, 5) for i in range(0, 10**5, 2)), (123_456, 123_457, 40), (600_000, 600_001, -17))
    levels, edges, _ = parts(many.plot())[0]
    assert (len(levels), levels.max(), levels.min()) == (8_000, 40, -17)
    peak = edges[levels.argmax()]
    assert abs(peak - 123_456) < 2 * 600_001 / 4_000


def test_groups_are_small_multiples_on_one_axis_and_one_scale():
    groups = combine_intervals(start=[8, 9, 12], stop=[12, 11, 16], value=[1, 2, 4], by=["A", "Bee", "Bee"])
    axes = groups.plot()
    assert [ax.get_title(loc="left") for ax in axes] == ["A", "Bee"]
    assert len({ax.get_xlim() for ax in axes}) == len({ax.get_ylim() for ax in axes}) == 1
    assert axes[0].get_ylim()[1] > 4
    assert [parts(ax)[0][0].tolist() for ax in axes] == [[1, 0], [0, 2, 0, 4]]
    own = pyplot.subplots(2)[1]
    assert groups.plot(own) is own
    assert own[1].get_title(loc="left") == "Bee"
    keyed = IntervalGroups({(1, "a"): of((0, 1)), None: IntervalCollection()}).plot()
    assert [ax.get_title(loc="left") for ax in keyed] == ["(1, 'a')", "None"]


def test_labels_are_no_formulas():
    for thing in (of((r"$\no$", "b$")), of((0, 1))):
        IntervalGroups({r"$\no$": thing}).plot()[0].figure.canvas.draw()
    assert labels(of((r"$\no$", "b$")).plot(pyplot.figure().gca()))[0] == r"'$\\no$'"


def test_nothing_is_drawn_before_an_error():
    with pytest.raises(OverflowError):
        IntervalGroups({"A": of((0, 1)), "B": of((0, 1, 10**400))}).plot()
    with pytest.raises(OverflowError):
        IntervalSet([(0, 10**400)]).plot()
    assert pyplot.get_fignums() == []


def test_what_floats_cannot_tell_apart_is_drawn():
    of((2**60, 2**60 + 1)).plot().figure.canvas.draw()


def test_groups_of_different_coordinates_have_axes_of_their_own():
    first, second = IntervalGroups({"A": of(("a", "c")), "B": of((NOON, NOON + HOUR))}).plot()
    assert first.get_xlim()[1] < 2
    assert second.get_xlim()[0] > 2000
    first, second = IntervalGroups({"A": of(("a", "c"), ("b", "c")), "B": of((0, 2))}).plot()
    assert labels(first) == ["'a'", "'b'", "'c'"]
    assert "1.00" in labels(second)


def test_too_many_groups_or_too_few_axes_are_refused():
    many = combine_intervals(start=range(51), stop=range(1, 52), by=list(range(51)))
    with pytest.raises(ValueError, match="there are 51 groups; from 1 to 50 can be plotted: choose some of them"):
        many.plot()
    with pytest.raises(ValueError, match="there are 0 groups"):
        IntervalGroups().plot()
    groups = IntervalGroups({"A": of((0, 1)), "B": of((0, 1))})
    for wrong in (pyplot.gca(), [pyplot.gca()], itertools.repeat(pyplot.gca())):
        with pytest.raises(ValueError, match="it must be a sequence of 2 axes, one for each group"):
            groups.plot(wrong)


@pytest.mark.parametrize("wrong", ["gate", 3, pyplot, [None], {"A": None}])
def test_what_is_no_axes_is_refused(wrong):
    with pytest.raises(TypeError, match="it must be axes of matplotlib"):
        IntervalGroups({"A": of((0, 1))}).plot(wrong)
    for thing in (of((0, 1)), IntervalSet([(0, 1)])):
        with pytest.raises(TypeError, match=r"ax is .*, of type .*; it must be axes of matplotlib"):
            thing.plot(wrong)


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    for thing in (of((0, 1)), IntervalSet([(0, 1)]), IntervalGroups({"A": of((0, 1))})):
        with pytest.raises(ImportError, match=r"plot\(\) needs matplotlib: pip install 'intervalues\[plot\]'"):
            thing.plot()
