"""Shift and scale: every coordinate moves, is rounded once, and what becomes empty vanishes."""

from __future__ import annotations

import datetime as dt
import math
from decimal import MAX_EMAX, Context, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import spelled
from strategies import COORDINATES, rows

from intervalues import IntervalCollection, combine_intervals

INF = math.inf
BERLIN = ZoneInfo("Europe/Berlin")
HOUR, MICROSECOND = dt.timedelta(hours=1), dt.timedelta(microseconds=1)
PLANES = combine_intervals([(2, 4, 3), (1, 3, 2)])  # [1,2; 2] [2,3; 5] [3,4; 3]
NEAR = Context(prec=28).multiply(Decimal("3." + "3" * 20), Decimal("1." + "1" * 19))
LARGEST = 1.7976931348623157e308


def of(*rows, **options):
    return combine_intervals(rows, **options)


def breakpoints(c):
    return list(map(spelled, c.breakpoints))


def kind_of(*numbers):
    return next((kind for kind in (float, Decimal, Fraction) if kind in map(type, numbers)), int)


def as_kind(exact, kind):
    return exact.numerator / exact.denominator + 0.0 if kind is float else kind(exact)


@pytest.mark.fuzz
@pytest.mark.parametrize("domain", ["small ints", "ints", "floats", "Fractions"])
@given(data=st.data(), name=st.sampled_from(["shift", "scale"]))
def test_each_coordinate_is_the_exact_one_rounded_once(domain, name, data):
    made = data.draw(rows(domain, ["ints"]))
    amount = data.draw(COORDINATES["Fractions" if domain == "Fractions" else "ints and floats"])
    amount = abs(amount) or 1 if name == "scale" else amount
    c = combine_intervals(made)
    exact = [
        Fraction(x) + Fraction(amount) if name == "shift" else Fraction(x) * Fraction(amount) for x in c.breakpoints
    ]
    try:
        wanted = [as_kind(x, kind_of(*c.breakpoints, amount)) for x in exact]
    except OverflowError:
        with pytest.raises(OverflowError, match="is beyond what floats hold"):
            getattr(c, name)(amount)
        return
    edges = [-INF, *wanted, INF]
    left = [(*ends, level) for ends, level in zip(pairwise(edges), c.levels, strict=True) if ends[0] < ends[1]]
    found = getattr(c, name)(amount)
    assert found == combine_intervals(left)
    assert all(type(x) is kind_of(*c.breakpoints, amount) for x in found.breakpoints)


@pytest.mark.parametrize("side", ["left", "right"])
def test_levels_and_side_stay(side):
    c = of((1, 3, 2), (2, 4, 3), (9, INF, -1), closed=side)
    assert c.shift(10) == of((11, 13, 2), (12, 14, 3), (19, INF, -1), closed=side)
    assert c.scale(2) == of((2, 6, 2), (4, 8, 3), (18, INF, -1), closed=side)
    assert c.scale(2).closed == c.shift(1).closed == side
    names = combine_intervals([(1, 3), (2, 4)], how="rows").shift(1)
    assert names[3.5] == (0, 1)


def test_what_is_shifted_there_and_back_is_as_before():
    c = of((1, 3, 2), (2, 10**30, 3))
    assert c.shift(7).shift(-7) == c
    assert c.scale(3).scale(Fraction(1, 3)) == c
    assert c.shift(5).integral() == c.integral()
    assert c.scale(5).integral() == 5 * c.integral()


@pytest.mark.parametrize(
    ("points", "d", "wanted"),
    [
        ([1, 2], 10**20, [10**20 + 1, 10**20 + 2]),
        ([1, 2], 0.5, [1.5, 2.5]),
        ([1, 2], 0.0, [1.0, 2.0]),
        ([1, 2**53 + 1], 1.0, [2.0, 2.0**53 + 2]),
        ([0.5, 2], 1, [1.5, 3]),
        ([0.5, 2], 1.0, [1.5, 3.0]),
        ([-0.5, 2.0], 0.5, [0.0, 2.5]),
        ([0.5, 2.0**60], 2**60, [2.0**60, 2.0**61]),
        ([1, 2], Fraction(1, 2), [Fraction(3, 2), Fraction(5, 2)]),
        ([Fraction(1, 2), 2], 1, [Fraction(3, 2), 3]),
        ([1, 2], Decimal("0.5"), [Decimal("1.5"), Decimal("2.5")]),
        ([Decimal("0.5"), Decimal(2)], 1, [Decimal("1.5"), Decimal("3.0")]),
        ([Decimal("0.5"), 2], Decimal("0.25"), [Decimal("0.75"), Decimal("2.25")]),
        ([Decimal(1), Decimal(2)], Decimal("1E-30"), [Decimal("1." + "0" * 29 + "1"), Decimal("2." + "0" * 29 + "1")]),
        ([Decimal("1E+5"), Decimal("2E+5")], Decimal("1E+5"), [Decimal("2E+5"), Decimal("3E+5")]),
    ],
)
def test_numbers_are_shifted_by_numbers_that_mix_with_them(points, d, wanted):
    found = IntervalCollection.from_levels(points, [1, 0]).shift(d)
    assert breakpoints(found) == list(map(spelled, wanted))
    with localcontext() as context:
        context.prec = 3
        assert breakpoints(IntervalCollection.from_levels(points, [1, 0]).shift(d)) == breakpoints(found)


@pytest.mark.parametrize(
    ("points", "k", "wanted"),
    [
        ([1, 2], 10**20, [10**20, 2 * 10**20]),
        ([1, 2], 0.1, [0.1, 0.2]),
        ([3, 2**53 + 1], 3.0, [9.0, float(3 * 2**53 + 4)]),
        ([0.5, 2], 3, [1.5, 6]),
        ([-5e-324, 2.0], 0.5, [0.0, 1.0]),
        ([1, 3], Fraction(1, 3), [Fraction(1, 3), Fraction(1)]),
        ([Decimal("0.5"), Decimal(2)], 3, [Decimal("1.5"), Decimal("6.0")]),
        ([1, 2], Decimal("0.25"), [Decimal("0.25"), Decimal("0.50")]),
        ([Decimal(1), Decimal("3." + "3" * 20)], Decimal("1." + "1" * 19), [Decimal("1." + "1" * 19), NEAR]),
        ([Decimal(1), Decimal("3." + "3" * 39)], Decimal("0.1"), [Decimal("0.1"), Decimal("0.3" + "3" * 39)]),
    ],
)
def test_numbers_are_scaled_by_numbers_that_mix_with_them(points, k, wanted):
    found = of(tuple(points)).scale(k)
    assert list(found.breakpoints) == wanted
    assert list(map(type, found.breakpoints)) == list(map(type, wanted))


def test_an_interval_that_becomes_empty_vanishes():
    c = of((1.0, 1.0 + 2**-52, 5), (1.0 + 2**-52, 2.0, 7))
    assert c.shift(1.0) == of((2.0, 3.0, 7))
    assert of((1.0, 1.0 + 2**-52, 5)).shift(2**40) == IntervalCollection()
    assert of((5e-324, 1e-323, 2), (1e-323, 1.0, 3)).scale(0.1) == of((0.0, 0.1, 3))
    assert of((dt.timedelta(0), MICROSECOND, 2)).scale(0.25) == IntervalCollection()


def test_what_rounds_to_zero_from_below_is_plain_zero():
    start, _ = of((-5e-324, 2.0)).scale(0.1).breakpoints
    assert spelled(start) == spelled(0.0)


def test_where_an_int_meets_a_float_the_int_is_shown():
    c = of((0, 0.75, 1), (0.75, 5, 2))
    assert breakpoints(c.shift(2**53)) == [spelled(2**53), spelled(2**53 + 5)]
    assert c.shift(2**53)[2**53] == 2


def test_what_rounding_would_turn_around_vanishes_too():
    c = of((1, 1.5, 8), (1.5, 100, 9))  # 2**54 + 1 is an int, 2**54 + 1.5 the float 2**54
    assert c.shift(2**54) == of((2**54, 2**54 + 100, 9))


def test_timedeltas_are_scaled_half_to_even_to_their_tick():
    ticks = [1, 3, 5, 7]
    c = IntervalCollection.from_levels([tick * MICROSECOND for tick in ticks], [1, 2, 3, 4])
    assert list(c.scale(0.5).breakpoints) == [n * MICROSECOND for n in (0, 2, 4)]
    assert list(c.scale(0.5).levels) == [0, 1, 3, 4]
    assert list(c.scale(3).breakpoints) == [3 * tick * MICROSECOND for tick in ticks]
    for third in (Fraction(1, 3), Decimal("0." + "3" * 30)):
        assert list(c.scale(third).breakpoints) == [n * MICROSECOND for n in (0, 1, 2)]
    fine = of((pd.Timedelta(1, "ns"), pd.Timedelta(6, "ns")))
    assert list(fine.scale(1.5).breakpoints) == [pd.Timedelta(2, "ns"), pd.Timedelta(9, "ns")]


def test_dates_move_by_whole_days():
    c = of((dt.date(2024, 2, 28), dt.date(2024, 3, 1), 2))
    assert c.shift(dt.timedelta(1)) == of((dt.date(2024, 2, 29), dt.date(2024, 3, 2), 2))
    with pytest.raises(ValueError, match=r"d is datetime.timedelta\(seconds=3600\); dates move by whole days"):
        c.shift(HOUR)


def test_aware_datetimes_move_by_elapsed_time():
    start = dt.datetime(2024, 3, 30, 12, tzinfo=BERLIN)  # the next day has 23 hours
    c = of((start, start + HOUR)).shift(24 * HOUR)
    assert c.breakpoints[0] == dt.datetime(2024, 3, 31, 13, tzinfo=BERLIN)
    assert c.breakpoints[0].tzinfo is BERLIN


@pytest.mark.parametrize("length", [HOUR, np.timedelta64(1, "h"), pd.Timedelta(1, "h"), np.timedelta64(3600, "s")])
def test_a_length_of_time_may_be_one_of_numpy_or_pandas(length):
    noon = dt.datetime(2024, 7, 1, 12)
    assert of((noon, noon + HOUR)).shift(length) == of((noon + HOUR, noon + 2 * HOUR))
    assert type(of((noon, noon + HOUR)).shift(length).breakpoints[0]) is dt.datetime
    assert of((0 * HOUR, HOUR)).shift(length) == of((HOUR, 2 * HOUR))


def test_nanoseconds_make_the_times_as_fine():
    noon = dt.datetime(2024, 7, 1, 12, tzinfo=BERLIN)
    c = of((noon, noon + HOUR)).shift(pd.Timedelta(1, "ns"))
    assert c.breakpoints[0] == pd.Timestamp(noon) + pd.Timedelta(1, "ns")
    d = of((0 * HOUR, HOUR)).shift(np.timedelta64(1, "ns"))
    assert d.breakpoints[0] == pd.Timedelta(1, "ns")


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: of((1.0, LARGEST)).shift(LARGEST), "1.79"),
        (lambda: of((1.0, LARGEST)).scale(2), "1.79"),
        (lambda: of((-LARGEST, 1.0)).scale(2.5), "-1.79"),
        (lambda: of((1, 10**400)).shift(0.5), "1000"),
        (lambda: of((dt.date(1, 1, 2), dt.date(2, 1, 1))).shift(dt.timedelta(-2)), "datetime.date"),
        (lambda: of((dt.datetime(1, 1, 1), dt.datetime(9999, 1, 1))).shift(dt.timedelta(365)), "datetime.datetime"),
        (lambda: of((dt.timedelta(1), dt.timedelta.max)).shift(HOUR), "datetime.timedelta"),
        (lambda: of((dt.timedelta(1), dt.timedelta.max)).scale(2), "datetime.timedelta"),
        (lambda: of((pd.Timestamp(0, unit="ns"), pd.Timestamp.max)).shift(HOUR), "Timestamp"),
        (lambda: of((dt.datetime(1, 1, 1), dt.datetime(2, 1, 1))).shift(pd.Timedelta(1, "ns")), "datetime.datetime"),
        (lambda: of((Decimal(1), Decimal(f"9E+{MAX_EMAX}"))).scale(2), "Decimal"),
    ],
)
def test_what_no_coordinate_can_hold_is_an_overflow(call, named):
    with pytest.raises(OverflowError, match=rf"{named}.* beyond what|scaled by {named}.* beyond what"):
        call()


def test_a_decimal_is_not_written_out_without_end():
    for c, d in ((of((Decimal(0), Decimal("1E+999999"))), 1), (of((0, 1)), Decimal("1E-100001"))):
        with pytest.raises(OverflowError, match="100,000 digits"):
            c.shift(d)
    assert of((Decimal("1E+999999"), Decimal("2E+999999"))).shift(Decimal("1E+999999")).span.stop == Decimal(
        "3E+999999"
    )


@pytest.mark.parametrize("bad", [math.nan, INF, -INF, None, pd.NaT, np.datetime64("NaT", "ns"), Decimal("NaN")])
def test_missing_and_infinite_amounts_are_refused(bad):
    days = of((dt.date(2024, 1, 1), dt.date(2024, 1, 2)))
    for call in (PLANES.shift, PLANES.scale, days.shift, IntervalCollection().shift, IntervalCollection().scale):
        with pytest.raises(ValueError, match=r"^[dk] .*; it must be finite"):
            call(bad)


@pytest.mark.parametrize("bad", ["1", True, (1,), PLANES, 1j, dt.date(2024, 1, 1)])
def test_what_is_no_amount_is_refused(bad):
    days = of((dt.date(2024, 1, 1), dt.date(2024, 1, 2)))
    for call in (PLANES.shift, PLANES.scale, days.shift, IntervalCollection().shift, IntervalCollection().scale):
        with pytest.raises(TypeError, match=r"^[dk] is .*it must be a (number|timedelta)"):
            call(bad)


@pytest.mark.parametrize("bad", [0, -1, -0.5, 0.0, Decimal(0), Fraction(-1, 3)])
def test_a_factor_is_positive(bad):
    for c in (PLANES, IntervalCollection(), of((HOUR, 2 * HOUR))):
        with pytest.raises(ValueError, match=r"k is .*; it must be positive"):
            c.scale(bad)


def test_numbers_of_other_kinds_do_not_mix():
    cases = [
        (1.5, Decimal(1)),
        (1.5, Fraction(1, 3)),
        (Decimal(1), 0.5),
        (Fraction(1, 2), 0.5),
        (Decimal(1), Fraction(1, 2)),
    ]
    for x, amount in cases:
        for name in ("shift", "scale"):
            with pytest.raises(TypeError, match="does not mix with"):
                getattr(of((x, x + 1)), name)(amount)
    with pytest.raises(TypeError, match="over ints it must be a number"):
        PLANES.shift(HOUR)
    with pytest.raises(TypeError, match="over timedeltas it must be a timedelta"):
        of((HOUR, 2 * HOUR)).shift(1)


def test_without_lengths_nothing_moves():
    for call in (of(("a", "b")).shift, of(("a", "b")).scale):
        with pytest.raises(TypeError, match="objects of type str have no lengths"):
            call(1)
    for x in (dt.date(2024, 1, 1), dt.datetime(2024, 1, 1)):
        with pytest.raises(TypeError, match="have no zero to scale from"):
            of((x, x + dt.timedelta(1))).scale(2)


def test_what_has_no_breakpoints_stays():
    for amount in (1, 0.5, HOUR):
        assert IntervalCollection().shift(amount) == IntervalCollection()
        assert (IntervalCollection() + 3).shift(amount) == IntervalCollection() + 3
    assert (IntervalCollection() + 3).scale(2.5) == IntervalCollection() + 3
