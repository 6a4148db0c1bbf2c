"""The options of `combine_intervals` that tell how to read rows: closed and step, digits, missing."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from outcomes import plain, spelled

from intervalues import IntervalCollection, combine_intervals

INF = math.inf

ROWS = [(2, 4, 3), (1, 3, 2)]

SEGMENTS = [(1, 2, 2), (2, 3, 5), (3, 4, 3)]

DAY = dt.timedelta(days=1)

BERLIN = ZoneInfo("Europe/Berlin")


# closed and step


def test_right_closed_intervals_hold_their_end_and_not_their_start():
    c = combine_intervals(ROWS, closed="right")
    assert plain(c) == SEGMENTS
    assert c.closed == "right"
    assert [c[x] for x in (1, 1.5, 2, 2.5, 3, 4, 4.5)] == [0, 2, 2, 5, 5, 3, 0]


def test_inclusive_days_become_half_open():
    january = [(dt.date(2024, 1, 1), dt.date(2024, 1, 31))]
    c = combine_intervals(january, closed="both", step=DAY)
    assert plain(c) == [(dt.date(2024, 1, 1), dt.date(2024, 2, 1), 1)]
    assert c.closed == "left"


@pytest.mark.parametrize(
    ("closed", "wanted"),
    [("both", [(1, 6, 1)]), ("neither", [(2, 5, 1)]), ("left", [(1, 5, 1)]), ("right", [(1, 5, 1)])],
)
def test_closed_tells_which_ends_belong_to_an_interval(closed, wanted):
    step = 1 if closed in ("both", "neither") else None
    for rows in ([(1, 5)], np.array([[1, 5]]), [(np.int8(1), 5)]):
        assert plain(combine_intervals(rows, closed=closed, step=step)) == wanted
    assert plain(combine_intervals(start=np.array([1]), stop=np.array([5]), closed=closed, step=step)) == wanted


def test_emptiness_is_decided_after_the_step():
    assert plain(combine_intervals([(5, 5)], closed="both", step=1)) == [(5, 6, 1)]
    assert combine_intervals([(5, 5), (5, 6)], closed="neither", step=1) == IntervalCollection()
    with pytest.raises(ValueError, match="row 0: start 6 is after stop 5"):
        combine_intervals([(6, 5)], closed="both", step=1)


def test_open_ends_stay_open_whatever_the_step():
    assert plain(combine_intervals([(-INF, 3), (5, INF)], closed="both", step=2)) == [(-INF, INF, 1)]
    assert plain(combine_intervals([(-INF, 3)], closed="both", step=2)) == [(-INF, 5, 1)]
    assert plain(combine_intervals([(-INF, 3), (5, INF)], closed="neither", step=2)) == [(-INF, 3, 1), (7, INF, 1)]


@pytest.mark.parametrize(
    ("first", "last", "step", "end"),
    [
        (dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 2), dt.timedelta(minutes=1), dt.datetime(2024, 1, 2, 0, 1)),
        (dt.timedelta(0), dt.timedelta(1), dt.timedelta(microseconds=1), dt.timedelta(1, 0, 1)),
        (pd.Timestamp(0, unit="ns"), pd.Timestamp(5, unit="ns"), pd.Timedelta(1, "ns"), pd.Timestamp(6, unit="ns")),
        (pd.Timestamp(0, unit="ns"), pd.Timestamp(5, unit="ns"), dt.timedelta(0, 0, 1), pd.Timestamp(1005, unit="ns")),
        (2**63 - 3, 2**63 - 2, 5, 2**63 + 3),
        (10**30, 10**30 + 1, 10**20, 10**30 + 10**20 + 1),
    ],
)
def test_steps_are_counted_in_the_tick_of_every_domain(first, last, step, end):
    c = combine_intervals([(first, last)], closed="both", step=step)
    assert list(map(spelled, c.breakpoints)) == list(map(spelled, [first, end]))
    assert combine_intervals([(first, last)], closed="neither", step=last - first) == IntervalCollection()


@pytest.mark.parametrize(
    ("row", "step", "error"),
    [
        ((1.5, 2), 1, TypeError),
        ((Decimal(1), Decimal(2)), 1, TypeError),
        ((Fraction(1), Fraction(2)), 1, TypeError),
        (("a", "b"), 1, TypeError),
        ((1, 2), DAY, TypeError),
        ((dt.date(2024, 1, 1), dt.date(2024, 1, 2)), 1, TypeError),
        ((dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 2)), 1, TypeError),
        ((dt.timedelta(1), dt.timedelta(2)), 1, TypeError),
        ((dt.date(2024, 1, 1), dt.date(2024, 1, 2)), dt.timedelta(hours=1), ValueError),
        ((dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 2)), pd.Timedelta(1, "ns"), ValueError),
        ((1, 2), 1.0, TypeError),
        ((1, 2), True, TypeError),
        ((1, 2), "1", TypeError),
        ((1, 2), [1], TypeError),
        ((1, 2), math.nan, TypeError),
        ((1, 2), 0, ValueError),
        ((1, 2), -1, ValueError),
        ((dt.date(2024, 1, 1), dt.date(2024, 1, 2)), -DAY, ValueError),
        ((1, 2), None, ValueError),
    ],
)
def test_a_step_that_does_not_fit_is_refused(row, step, error):
    for closed in ("both", "neither"):
        with pytest.raises(error, match="step"):
            combine_intervals([row], closed=closed, step=step)


def test_a_step_needs_a_side_to_move():
    for closed in ("left", "right"):
        with pytest.raises(ValueError, match="step goes with closed='both'"):
            combine_intervals([(1, 2)], closed=closed, step=1)


@pytest.mark.parametrize(
    ("row", "step"),
    [
        ((dt.date(2024, 1, 1), dt.date.max), DAY),
        ((dt.datetime(2024, 1, 1), dt.datetime.max), dt.timedelta(microseconds=1)),
        ((dt.timedelta(0), dt.timedelta.max), dt.timedelta(1)),
        ((dt.datetime(2024, 1, 1, tzinfo=BERLIN), dt.datetime.max.replace(tzinfo=BERLIN)), DAY),
        ((pd.Timestamp(0, unit="ns"), pd.Timestamp.max), DAY),
    ],
)
def test_a_step_beyond_the_last_time_is_an_overflow_that_names_the_row(row, step):
    with pytest.raises(OverflowError, match=r"row 1: (stop and a step are|start .* is) beyond"):
        combine_intervals([(row[0], row[0]), row], closed="both", step=step)
    with pytest.raises(OverflowError, match="row 0: start and a step are beyond"):
        combine_intervals([(row[1], row[1])], closed="neither", step=step)


# digits


def test_digits_make_typed_decimals_meet():
    c = combine_intervals([(0.1 + 0.2, 1, 0.1), (0.3, 1, 0.2)], digits=2)
    assert plain(c) == [(0.3, 1, 0.3)]
    assert len(combine_intervals([(0.1 + 0.2, 1, 0.1), (0.3, 1, 0.2)])) == 2


def test_digits_snap_as_round_does():
    for x in (0.125, 0.375, 2.675, -0.005, 1e22, 1e-300, 123456789.987654321):
        for digits in range(16):
            c = combine_intervals([(x, INF, x)], digits=digits)
            level = round(x, digits) + 0.0
            assert spelled(c[INF]) == spelled(level)
            assert not level or list(map(spelled, c.breakpoints)) == [spelled(level)]


def test_digits_add_exactly_on_their_grid():
    c = combine_intervals(start=np.zeros(10), stop=np.ones(10), value=np.full(10, 0.1), digits=1)
    assert plain(c) == [(0.0, 1.0, 1.0)]
    assert combine_intervals([(0, 1, 0.1), (0, 1, 0.2)], digits=1)[0] == 0.3
    assert combine_intervals([(0, 1, 2**70), (0, 1, 0.4), (0, 1, -(2**70))], digits=1)[0] == 0.4


def test_digits_leave_ints_alone():
    c = combine_intervals([(2**60 + 1, 2**61 + 1, 2**60 + 1)], digits=3)
    assert plain(c) == [(2**60 + 1, 2**61 + 1, 2**60 + 1)]


def test_reversal_is_checked_before_snapping_and_emptiness_after():
    with pytest.raises(ValueError, match=r"row 0: start 0\.14 is after stop 0\.13"):
        combine_intervals([(0.14, 0.13)], digits=1)
    assert combine_intervals([(0.11, 0.12)], digits=1) == IntervalCollection()


@pytest.mark.parametrize("how", ["max", "min"])
def test_digits_go_for_extremes_too(how):
    c = combine_intervals([(0.11, 0.19, 0.31), (0.11, 0.29, 0.27)], digits=1, how=how)
    assert plain(c) == [(0.1, 0.3, 0.3)]


@pytest.mark.parametrize(
    "row",
    [
        (Decimal(1), Decimal(2)),
        (Fraction(1), 2),
        (dt.date(2024, 1, 1), dt.date(2024, 1, 2)),
        ("a", "b"),
        (1, 2, Decimal("0.5")),
        (1, 2, Fraction(1, 2)),
    ],
)
def test_digits_are_for_floats(row):
    with pytest.raises(TypeError, match="digits is for floats"):
        combine_intervals([row], digits=2)


@pytest.mark.parametrize(("digits", "error"), [(-1, ValueError), (16, ValueError), (1.0, TypeError), (True, TypeError)])
def test_digits_are_an_int_from_0_to_15(digits, error):
    with pytest.raises(error, match=r"digits is .* from 0 to 15"):
        combine_intervals([(1, 2)], digits=digits)


# missing


@pytest.mark.parametrize("nothing", [None, pd.NA, math.nan, Decimal("NaN"), np.float32("nan"), np.ma.masked])
def test_missing_ends_are_opened_if_asked_and_missing_values_never(nothing):
    rows = [(1, 4), (nothing, 2), (3, nothing)]
    assert plain(combine_intervals(rows, missing="open")) == [
        (-INF, 1, 1),
        (1, 2, 2),
        (2, 3, 1),
        (3, 4, 2),
        (4, INF, 1),
    ]
    with pytest.raises(ValueError, match=r"row 1: value is (missing|NaN); missing='drop' leaves such rows out$"):
        combine_intervals([(1, 4, 1), (1, 4, nothing)], missing="open")


@pytest.mark.parametrize("nothing", [None, pd.NA, math.nan, Decimal("sNaN"), np.float64("nan"), pd.NaT])
def test_rows_with_anything_missing_are_dropped_if_asked(nothing):
    rows = [(1, 4, 2), (nothing, 2, 2), (3, nothing, 2), (3, 9, nothing), (3, 4, 1)]
    assert plain(combine_intervals(rows, missing="drop")) == [(1, 3, 2), (3, 4, 3)]


def test_rows_are_counted_with_the_dropped_ones():
    with pytest.raises(ValueError, match="row 2: start 5 is after stop 1"):
        combine_intervals([(None, 1), (1, 2), (5, 1)], missing="drop")
    with pytest.raises(TypeError, match="row 2: value is 'a'"):
        combine_intervals([(None, 1, 1), (1, 2, 1), (1, 2, "a")], missing="drop")


def test_missing_floats_of_arrays_are_dropped_or_opened():
    starts, stops = np.array([1.0, np.nan, 2.0]), np.array([3.0, 2.0, np.nan])
    assert plain(combine_intervals(start=starts, stop=stops, missing="drop")) == [(1.0, 3.0, 1)]
    opened = combine_intervals(start=starts, stop=stops, missing="open")
    assert plain(opened) == [(-INF, 1.0, 1), (1.0, 3.0, 2), (3.0, INF, 1)]


def test_the_kind_is_decided_by_the_rows_that_are_kept():
    c = combine_intervals([(0, 1, 2), (None, 1, 0.5)], missing="drop")
    assert list(map(spelled, c.levels)) == list(map(spelled, [0, 2, 0]))
    d = combine_intervals([(0, 1), (None, "a")], missing="drop")
    assert plain(d) == [(0, 1, 1)]
