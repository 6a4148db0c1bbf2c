"""Statistics: exact, rounded once, in the kind that the levels and lengths ask for, inside whatever window."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Context, Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from outcomes import outcome, outcome_in_python, spelled
from strategies import COORDINATES, rows

from intervalues import Interval, IntervalCollection, IntervalSet, combine_intervals

INF = math.inf
PLANES = combine_intervals([(2, 4, 3), (1, 3, 2)])  # [1,2; 2] [2,3; 5] [3,4; 3]
DAY, HOUR = dt.timedelta(1), dt.timedelta(hours=1)
JANUARY = dt.date(2024, 1, 1), dt.date(2024, 2, 1)
NOON = dt.datetime(2024, 7, 1, 12)
FORTY = Decimal("1." + "3" * 39)


def test_the_integral_is_level_times_length():
    assert PLANES.integral() == 10
    assert PLANES.integral(within=(1.5, 2.5)) == 3.5
    assert combine_intervals([(0, 2, 3), (0, 1, -3), (5, 6, -4)]).integral() == -1


@pytest.mark.parametrize(
    ("start", "stop", "value", "wanted"),
    [
        (0, 3, 2, 6),
        (0, 10**30, 10**400, 10**430),
        (-(2**63), 2**63 - 1, 2**62, (2**64 - 1) * 2**62),
        (0, 3, 0.1, 0.30000000000000004),
        (0, 2**53 + 1, 3.0, float(3 * 2**53 + 4)),
        (0, 3, Fraction(1, 9), Fraction(1, 3)),
        (0, 3, Decimal("0.10"), Decimal("0.3")),
        (0.0, 0.5, 3, 1.5),
        (0.1, 0.3, Fraction(1, 3), float((Fraction(0.3) - Fraction(0.1)) / 3)),
        (0.1, 0.3, 0.1, float((Fraction(0.3) - Fraction(0.1)) * Fraction(0.1))),
        (0, 0.5, 3, 1.5),
        (Fraction(1, 3), Fraction(1, 2), 2, Fraction(1, 3)),
        (Fraction(1, 3), 1, Fraction(1, 2), Fraction(1, 3)),
        (Fraction(1, 3), 1, 0.5, 1 / 3),
        (Decimal("0.1"), Decimal("0.3"), 2, Decimal("0.4")),
        (Decimal("0.1"), Decimal("0.3"), Decimal("0.5"), Decimal("0.10")),
        (Decimal(0), FORTY, 1, FORTY),
        (0, 2, FORTY, Decimal("2." + "6" * 39)),
        (0, Fraction(1, 3), Decimal(1), Decimal("0." + "3" * 28)),
    ],
)
def test_an_integral_is_given_once_in_the_kind_of_levels_and_lengths(start, stop, value, wanted):
    found = combine_intervals([(start, stop, value)]).integral()
    assert (type(found), found) == (type(wanted), wanted)


@pytest.mark.parametrize(
    ("start", "stop", "value", "unit", "wanted"),
    [
        (*JANUARY, 2, None, 62),
        (*JANUARY, 2, DAY, 62),
        (*JANUARY, 2, HOUR, 1488.0),
        (*JANUARY, 2, 2 * DAY, 31.0),
        (*JANUARY, 0.5, None, 15.5),
        (*JANUARY, Fraction(1, 31), None, Fraction(1)),
        (*JANUARY, Decimal("0.1"), None, Decimal("3.1")),
        (NOON, NOON + HOUR, 2, None, 7200.0),
        (NOON, NOON + HOUR, 2, HOUR, 2.0),
        (NOON, NOON + HOUR, 2, dt.timedelta(microseconds=1), 7_200_000_000),
        (NOON, NOON + HOUR, 2, dt.timedelta(microseconds=2), 3_600_000_000.0),
        (NOON, NOON + HOUR, Fraction(1, 7), None, Fraction(3600, 7)),
        (NOON, NOON + HOUR, Decimal("0.1"), HOUR, Decimal("0.1")),
        (dt.timedelta(0), HOUR, 3, None, 10800.0),
        (dt.timedelta(0), HOUR, 3, dt.timedelta.resolution, 10_800_000_000),
        (pd.Timestamp(0, unit="ns"), pd.Timestamp(6, unit="ns"), 3, pd.Timedelta(1, "ns"), 18),
        (pd.Timestamp(0, unit="ns"), pd.Timestamp(6, unit="ns"), 3, pd.Timedelta(4, "ns"), 4.5),
        (pd.Timestamp(0, unit="ns"), pd.Timestamp(6, unit="ns"), 3, dt.timedelta.resolution, 0.018),
        (pd.Timestamp(0, unit="ns"), pd.Timestamp(6, unit="ns"), 3, None, 1.8e-08),
        (pd.Timedelta(0, "ns"), pd.Timedelta(6, "ns"), 3, pd.Timedelta(1, "ns"), 18),
        (NOON, NOON + dt.timedelta.resolution, 3, pd.Timedelta(1, "ns"), 3000.0),
    ],
)
def test_an_integral_over_time_is_counted_in_its_unit(start, stop, value, unit, wanted):
    found = combine_intervals([(start, stop, value)]).integral(unit=unit)
    assert (type(found), found) == (type(wanted), wanted)


def test_an_integral_is_rounded_once_and_not_per_segment():
    made = [(i, i + 1, x) for i, x in enumerate([1e16, 1.0, -1e16, 2.0**-60])]
    assert combine_intervals(made).integral() == 1.0
    assert combine_intervals([(0, 0.25, -5e-324)]).integral() == 0.0
    assert spelled(combine_intervals([(0, 0.25, -5e-324)]).integral()) == (float, "0.0")


def test_an_integral_beyond_the_largest_float_is_an_overflow():
    with pytest.raises(OverflowError, match="beyond the largest float"):
        combine_intervals([(0, 2, 1e308)]).integral()
    assert combine_intervals([(0, 2, 1e308), (2, 4, -1e308)]).integral() == 0.0


def test_decimals_are_rounded_half_to_even_to_28_digits_or_those_of_the_longest_operand():
    for last, rounded in (("1", "0"), ("3", "2")):  # 0.05 times a level of 28 digits ends in a tie
        c = combine_intervals([(Decimal("0.05"), Decimal("0.1"), Decimal("3." + "0" * 26 + last))])
        assert c.integral() == Decimal("0.15" + "0" * 25 + rounded)
    assert combine_intervals([(0, 1, Decimal(2))]).mean(within=(0, 3)) == Decimal("0." + "6" * 27 + "7")
    assert combine_intervals([(0, 1, Decimal(1))]).mean(within=(0, 3)) == Decimal("0." + "3" * 28)
    assert combine_intervals([(0, 1, Decimal(10**28 + 1))]).mean(within=(0, 2)) == Decimal("5" + "0" * 27 + ".5")
    longest = combine_intervals([(0, 1, Decimal("1" * 40))]).mean(within=(0, 3))
    assert longest == Context(prec=40).divide(Decimal("1" * 40), 3)


@pytest.mark.parametrize("unit", [1, "hour", dt.time(1), 1.0])
def test_a_unit_is_a_timedelta(unit):
    with pytest.raises(TypeError, match=r"unit is .*; it must be a timedelta"):
        combine_intervals([(NOON, NOON + HOUR)]).integral(unit=unit)


@pytest.mark.parametrize("unit", [dt.timedelta(0), -HOUR, pd.Timedelta(-1, "ns")])
def test_a_unit_is_positive(unit):
    with pytest.raises(ValueError, match="it must be positive"):
        combine_intervals([(NOON, NOON + HOUR)]).integral(unit=unit)


def test_units_are_for_times():
    with pytest.raises(TypeError, match="these coordinates are numbers"):
        PLANES.integral(unit=HOUR)


def test_an_unbounded_piece_has_no_integral_unless_it_is_zero():
    c = combine_intervals([(1, INF, 2), (5, INF, -2), (0, 1, 7)])
    assert c.integral() == 15
    assert c.integral(within=(-INF, INF)) == 15
    for made in ([(1, INF, 2)], [(-INF, 1, 2)], [(-INF, INF, 2), (1, 2, 1)]):
        with pytest.raises(ValueError, match="the level 2 reaches to infinity"):
            combine_intervals(made).integral()
    assert combine_intervals([(1, INF, 2)]).integral(within=(0, 3)) == 4


def test_decimal_levels_over_float_lengths_do_not_mix():
    c = combine_intervals([(0.5, 1, Decimal(1))])
    for call in (c.integral, c.mean):
        with pytest.raises(TypeError, match="Decimal levels over float lengths"):
            call()
    assert c.max() == Decimal(1)


def test_without_lengths_there_are_extremes_only():
    c = combine_intervals([("a", "c", 2), ("b", "d", 1)])
    assert (c.max(), c.min(), c.argmax()) == (3, 1, IntervalSet([("b", "c")]))
    assert c.nlargest(1) == [Interval("b", "c", 3)]
    for call in (c.integral, c.mean):
        with pytest.raises(TypeError, match="objects of type str have no lengths"):
            call()


def test_an_exact_result_is_not_written_out_without_end():
    c = combine_intervals([(Decimal(0), Decimal("1E+999999"))])
    for call in (c.integral, c.mean, lambda: c.support.length):
        with pytest.raises(OverflowError, match="100,000 digits"):
            call()
    assert combine_intervals([(0, 1, Decimal("1E-100000"))]).integral() == Decimal("1E-100000")
    d = combine_intervals([(0, 1, Decimal("1E-100001"))])
    with pytest.raises(OverflowError, match="100,000 digits"):
        d.integral()


# Means


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([(0, 1, 3), (2, 4, 3)], 2.25),
        ([(0, 3, 1), (3, 4, 10**400), (4, 5, -(10**400))], 0.6),
        ([(0, 2, 0.1), (2, 3, 0.2)], float((2 * Fraction(0.1) + Fraction(0.2)) / 3)),
        ([(0, 2, Fraction(1, 3)), (2, 3, 1)], Fraction(5, 9)),
        ([(0.0, 2.0, Fraction(1, 3))], 1 / 3),
        ([(0, 2, Decimal("0.1")), (2, 3, Decimal(1))], Decimal("0.4")),
        ([(Decimal(0), Decimal(3), 1)], 1.0),
        ([(Fraction(0), Fraction(3), 1)], 1.0),
        ([(*JANUARY, 3)], 3.0),
        ([(NOON, NOON + HOUR, Fraction(1, 3))], Fraction(1, 3)),
        ([(NOON, NOON + HOUR, Decimal("0.3"))], Decimal("0.3")),
    ],
)
def test_a_mean_is_the_integral_over_the_length_rounded_once(rows, wanted):
    found = combine_intervals(rows).mean()
    assert (type(found), found) == (type(wanted), wanted)


def test_gaps_count_as_zero():
    c = combine_intervals([(0, 1, 5), (3, 4, 1)])
    assert (c.mean(), c.max(), c.min()) == (1.5, 5, 0)
    assert combine_intervals([(0, 1, -5), (3, 4, -1)]).max() == 0


def test_an_unbounded_window_has_no_mean():
    for within in ((-INF, 3), (1, INF), IntervalSet([(1, 2), (5, INF)])):
        with pytest.raises(ValueError, match="unbounded window"):
            PLANES.mean(within=within)
    with pytest.raises(ValueError, match="unbounded window"):
        combine_intervals([(1, INF)]).mean()


# Extremes


def test_extremes_keep_the_kind_of_the_column():
    for zero in (0, 0.0, Fraction(0), Decimal("0.0")):
        c = combine_intervals([(0, 1, zero + 1), (2, 3, zero + 2)])
        assert spelled(c.min()) == spelled(zero)
        assert spelled(c.max()) == spelled(zero + 2)
        assert spelled(c.max(within=(7, 8))) == spelled(zero)


def test_the_peak_is_found_wherever_it_is():
    c = combine_intervals([(0, 1, 5), (1, 2, 3), (2, 3, 5)])
    assert c.argmax() == IntervalSet([(0, 1), (2, 3)])
    assert c.argmax(within=(0.5, 2)) == IntervalSet([(0.5, 1)])
    assert c.argmax(within=(8, 9)) == IntervalSet([(8, 9)])
    assert combine_intervals([(1, INF, 2)]).argmax() == IntervalSet([(1, INF)])
    assert combine_intervals([(1, 2)], closed="right").argmax().closed == "right"


def test_the_highest_segments_come_first_and_of_equals_the_earliest():
    c = combine_intervals([(0, 1, 5), (1, 2, 3), (2, 3, 5), (7, 8, -1)])
    assert c.nlargest(3) == [(0, 1, 5), (2, 3, 5), (1, 2, 3)]
    assert c.nlargest(9) == [(0, 1, 5), (2, 3, 5), (1, 2, 3), (7, 8, -1)]
    assert c.nlargest(0) == []
    assert c.nlargest(1, within=(0.5, 2.5)) == [(0.5, 1, 5)]
    assert c.nlargest(5, within=IntervalSet([(0, 0.5), (2.5, 9)])) == [(0, 0.5, 5), (2.5, 3, 5), (7, 8, -1)]
    for n in (1.0, "1", None, True):
        with pytest.raises(TypeError, match=r"n is .*; it must be an int"):
            c.nlargest(n)
    assert c.nlargest(np.int64(1)) == c.nlargest(1)


def test_a_unit_may_be_one_of_numpy_and_is_checked_even_of_nothing():
    c = combine_intervals([(dt.timedelta(0), dt.timedelta(hours=3))])
    assert c.integral(unit=np.timedelta64(1, "h")) == c.integral(unit=dt.timedelta(hours=1)) == 3.0
    assert IntervalCollection().integral(unit=dt.timedelta(1)) == 0
    with pytest.raises(TypeError, match="unit is 'hour'; it must be a timedelta"):
        IntervalCollection().integral(unit="hour")
    with pytest.raises(ValueError, match="it must be positive"):
        IntervalCollection().integral(unit=dt.timedelta(-1))


# Windows


@pytest.mark.parametrize(
    "within",
    [(2, 4), Interval(2, 4), Interval(2, 4, 99), IntervalSet([(2, 4)]), IntervalSet([(2, 3), (3, 4)]), (2.0, 4)],
)
def test_a_window_may_be_a_pair_an_interval_or_a_region(within):
    assert PLANES.integral(within=within) == 8
    assert PLANES.mean(within=within) == 4.0
    assert (PLANES.min(within=within), PLANES.max(within=within)) == (3, 5)


def test_a_region_as_a_window_may_have_holes():
    within = IntervalSet([(0, 2), (3, 5)])
    assert PLANES.integral(within=within) == 5
    assert PLANES.mean(within=within) == 1.25
    assert (PLANES.min(within=within), PLANES.max(within=within)) == (0, 3)


@pytest.mark.parametrize("within", [[2, 4], "ab", 3, (1,), (1, 2, 3), PLANES, slice(1, 2), {1: 2}])
def test_anything_else_is_no_window(within):
    for statistic in (PLANES.integral, PLANES.mean, PLANES.max, PLANES.min, PLANES.argmax):
        with pytest.raises(TypeError, match=r"within .*must be \(a, b\), an Interval or an IntervalSet"):
            statistic(within=within)


def test_a_collection_of_ones_and_zeros_is_no_window():
    with pytest.raises(TypeError, match="within"):
        PLANES.mean(within=combine_intervals([(0, 1)]))


@pytest.mark.parametrize(
    ("within", "error"),
    [
        ((3, 1), ValueError),
        ((3, None), ValueError),
        ((math.nan, 3), ValueError),
        (("a", "b"), TypeError),
        ((1, "b"), TypeError),
        ((True, 3), TypeError),
        ((dt.date(2024, 1, 1), INF), TypeError),
        (IntervalSet([(1, 2)], closed="right"), ValueError),
    ],
)
def test_a_window_of_bad_ends_is_refused(within, error):
    for statistic in (PLANES.integral, PLANES.mean, PLANES.max, PLANES.min, PLANES.argmax):
        with pytest.raises(error):
            statistic(within=within)


def test_a_window_takes_the_side_of_the_collection():
    c = combine_intervals([(1, 2, 3)], closed="right")
    assert c.integral(within=(1, 2)) == 3
    assert c.argmax(within=(1.5, 3)) == IntervalSet([(1.5, 2)], closed="right")


def test_over_zero_length_only_the_integral_has_an_answer():
    for within in ((2, 2), IntervalSet(), (INF, INF)):
        assert spelled(PLANES.integral(within=within)) == (int, "0")
        for statistic in (PLANES.mean, PLANES.max, PLANES.min, PLANES.argmax, partial(PLANES.nlargest, 3)):
            with pytest.raises(ValueError, match="over zero length"):
                statistic(within=within)


def test_without_breakpoints_there_must_be_a_window():
    for constant in (IntervalCollection(), IntervalCollection() + 5):
        level = constant[0]
        for statistic in (constant.mean, constant.max, constant.min, constant.argmax):
            with pytest.raises(ValueError, match=r"pass within=\(a, b\)"):
                statistic()
        assert constant.mean(within=(0, 3)) == constant.max(within=(0, 3)) == constant.min(within=(0, 3)) == level
        assert constant.integral(within=(0, 3)) == 3 * level
        assert constant.argmax(within=(0, 3)) == IntervalSet([(0, 3)])
        assert constant.integral(within=JANUARY) == 31 * level


def test_the_integral_of_nothing_is_zero_in_its_kind():
    assert spelled(IntervalCollection().integral()) == (int, "0")
    assert spelled(combine_intervals([(1, 1, 0.5)]).integral()) == (float, "0.0")
    with pytest.raises(ValueError, match=r"pass within=\(a, b\)"):
        (IntervalCollection() + 1).integral()


def test_statistics_take_their_options_by_name():
    for statistic in (PLANES.integral, PLANES.mean, PLANES.max, PLANES.min, PLANES.argmax):
        with pytest.raises(TypeError):
            statistic((1, 2))


# Backends


STATISTICS = {
    **{name: getattr(IntervalCollection, name) for name in ("integral", "mean", "var", "std", "max", "min", "median")},
    **{name: getattr(IntervalCollection, name) for name in ("mode", "argmax", "argmin", "distribution")},
    "quantile": lambda c, within: c.quantile([0, 0.3, Fraction(2, 3), 1], within=within),
    "nlargest": lambda c, within: c.nlargest(2, within=within),
}


@pytest.mark.fuzz
@pytest.mark.parametrize("name", STATISTICS)
@given(st.sampled_from(list(COORDINATES)), st.data())
def test_the_statistic_or_error_is_that_of_pure_python(name, domain, data):
    made, ends = data.draw(rows(domain, max_size=5)), data.draw(rows(domain, ["ones"], max_size=3))
    try:
        c = combine_intervals(made)
    except OverflowError:
        assume(False)
    for within in (None, IntervalSet(ends), *(row[:2] for row in ends)):
        call = partial(STATISTICS[name], c, within=within)
        assert outcome(call) == outcome_in_python(call)


def test_errors_of_statistics_leave_the_collection_as_it_was():
    before = list(PLANES), hash(PLANES)
    for statistic in STATISTICS.values():
        with pytest.raises(TypeError):
            statistic(PLANES, within="ab")
    assert (list(PLANES), hash(PLANES)) == before
