"""Wrapping: what recurs is folded onto one period, exactly, however many turns it takes."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import spelled
from strategies import VALUES

from intervalues import IntervalCollection, combine_intervals

INF = math.inf
BERLIN, HAVANA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Havana")
DAY, HOUR, MINUTE = dt.timedelta(1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
NANO = pd.Timedelta(1, "ns")
MONDAY = dt.datetime(2024, 7, 1)
FLIGHTS = Path(__file__).parent.parent / "examples" / "flights.csv"


def of(*rows, **options):
    return combine_intervals(rows, **options)


def by_the_hour(start, stop):
    """Give every whole hour of elapsed time from one aware datetime to another."""
    start, stop = start.astimezone(dt.UTC), stop.astimezone(dt.UTC)
    return [start + HOUR * index for index in range((stop - start) // HOUR)]


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", ["ints", "floats", "Fractions", "Decimals"])
@given(
    made=st.lists(st.tuples(st.integers(-30, 30), st.integers(0, 40), st.integers(0, 9)), max_size=5),
    data=st.data(),
    period=st.integers(1, 9),
    origin=st.none() | st.integers(-20, 20),
)
def test_each_level_is_the_exact_sum_of_all_turns(made, data, kind, period, origin):
    try:
        c = combine_intervals([(start, start + length, data.draw(VALUES[kind])) for start, length, _ in made])
    except OverflowError:  # no float holds a level
        return
    sums = [Fraction(0)] * period
    for x in range(-50, 80):
        sums[(x - (origin or 0)) % period] += Fraction(c[x])
    if kind == "floats":
        try:
            sums = [float(exact) for exact in sums]
        except OverflowError:
            with pytest.raises(OverflowError, match="is beyond the largest float"):
                c.wrap(period, origin)
            return
    found = c.wrap(period, origin)
    assert [found[offset] for offset in range(period)] == sums
    assert found.span is None or (found.span.start >= 0 and found.span.stop <= period)
    if kind == "ints":
        assert found.integral() == c.integral()


def test_a_long_piece_is_counted_and_not_walked():
    assert of((3, 10**30, 2)).wrap(7) == of((0, 7, 2 * (10**30 // 7)), (0, 10**30 % 7, 2), (0, 3, -2))
    c = of((0.1, 1e300)).wrap(0.25)
    assert c.max() == 4e300
    year = of((MONDAY, MONDAY + 3000 * 365 * DAY)).wrap(DAY)
    assert year == of((dt.timedelta(0), DAY, 3000 * 365))


@pytest.mark.parametrize("side", ["left", "right"])
def test_offsets_belong_to_the_side_of_the_collection(side):
    found = of((1, 10, 2), closed=side).wrap(10)
    assert (found, found.closed) == (of((1, 10, 2), closed=side), side)
    assert (found[0], found[1], found[10]) == ((0, 2, 0) if side == "left" else (0, 0, 2))
    full = of((3, 13, 2), closed=side).wrap(10)
    assert (full[0], full[10]) == ((2, 0) if side == "left" else (0, 2))


def test_an_offset_is_counted_from_the_origin():
    assert of((12, 15)).wrap(10, 1) == of((1, 4))
    assert of((12, 15)).wrap(10, origin=14) == of((8, 10), (0, 1))
    assert of((12, 15)).wrap(10, 0.5) == of((1.5, 4.5))


def test_an_origin_goes_with_a_period_in_finer_ticks():
    micro = dt.timedelta(microseconds=1)  # from -1: [0   1000)   [1000 1500) [1500 3000) [3000 4500) [4500 5000)
    folded = of((MONDAY, MONDAY + 4 * micro)).wrap(1500 * NANO, MONDAY - micro)
    assert folded == of((0 * NANO, 500 * NANO, 3), (500 * NANO, 1000 * NANO, 2), (1000 * NANO, 1500 * NANO, 3))


@pytest.mark.parametrize(
    ("row", "period", "wanted"),
    [
        ((1, 4), 2.5, [0.0, 1.0, 1.5, 2.5]),
        ((0.5, 4.0), 3, [0.0, 0.5, 1.0, 3.0]),
        ((0.5, 2), 3, [0.5, 2.0]),
        ((1, 4), Fraction(5, 2), [Fraction(0), Fraction(1), Fraction(3, 2), Fraction(5, 2)]),
        ((1, 4), Decimal("2.5"), [Decimal("0.0"), Decimal("1.0"), Decimal("1.5"), Decimal("2.5")]),
        ((Decimal("0.25"), Decimal(1)), 2, [Decimal("0.25"), Decimal("1.00")]),
        ((Decimal(10**30 + 1), Decimal(10**30 + 2)), 4, [Decimal(1), Decimal(2)]),
        ((-1e-30, 0.5), 1, [0.0, 0.5]),
        ((1e-320, 0.5), 1, [1e-320, 0.5]),
        ((25 * HOUR, 26 * HOUR), DAY, [HOUR, 2 * HOUR]),
        ((pd.Timedelta(5, "ns"), pd.Timedelta(6, "ns")), 4 * NANO, [NANO, 2 * NANO]),
        ((3 * HOUR, 4 * HOUR), DAY + NANO, [pd.Timedelta(n, "h") for n in (3, 4)]),
    ],
)  # fmt: skip
def test_offsets_are_numbers_or_timedeltas_each_rounded_once(row, period, wanted):
    assert list(map(spelled, of(row).wrap(period).breakpoints)) == list(map(spelled, wanted))


def test_what_rounds_to_the_end_of_the_period_is_left_out():
    assert of((-1e-30, 0.0, 5)).wrap(1.0) == IntervalCollection()
    assert of((0.25, 1.0, 5), (-1e-30, 0.0, 5)).wrap(1.0) == of((0.25, 1.0, 5))


def test_levels_are_rounded_once_and_not_per_turn():
    c = of((0, 1, 1e16), (1, 2, 1.0), (2, 3, -1e16))
    assert c.wrap(1) == of((0, 1, 1.0))
    assert of((0, 1, 0.1), (5, 6, 0.2)).wrap(1)[0] == float(Fraction(0.1) + Fraction(0.2))
    with pytest.raises(OverflowError, match=r"the level on \[0, 1\) is beyond the largest float"):
        of((0, 3, 1e308)).wrap(1)


@pytest.mark.parametrize("one", [1, 1.0, Fraction(1), Decimal("1.0"), 2**70])
def test_levels_keep_the_kind_outside_coverage_too(one):
    c = of((1, 3, one), (14, 15, one)).wrap(10)
    assert list(map(spelled, c.levels)) == list(map(spelled, [one - one, one, one - one, one, one - one]))


# Days and weeks


@pytest.mark.parametrize("period", ["week", 7 * DAY])
def test_weeks_begin_on_monday(period):
    c = of((MONDAY + 9 * HOUR, MONDAY + 10 * HOUR), (MONDAY + 8 * DAY, MONDAY + 8 * DAY + HOUR, 2))
    assert c.wrap(period) == of((9 * HOUR, 10 * HOUR), (DAY, DAY + HOUR, 2))
    days = of((dt.date(2024, 7, 3), dt.date(2024, 7, 4)), (dt.date(2024, 7, 14), dt.date(2024, 7, 16)))
    assert days.wrap(period) == of((2 * DAY, 3 * DAY), (6 * DAY, 7 * DAY), (0 * DAY, DAY))
    assert days.wrap(period, dt.date(2024, 7, 2)) == of((DAY, 2 * DAY), (5 * DAY, 7 * DAY))


@pytest.mark.parametrize("period", ["day", DAY])
def test_days_begin_at_midnight(period):
    c = of((MONDAY + 9 * HOUR, MONDAY + 34 * HOUR, 3))
    assert c.wrap(period) == of((9 * HOUR, 10 * HOUR, 3), (0 * HOUR, DAY, 3))
    assert c.wrap(period, MONDAY - 33 * HOUR) == of((18 * HOUR, 19 * HOUR, 3), (0 * HOUR, DAY, 3))
    assert of((dt.date(2024, 7, 3), dt.date(2024, 7, 9), 2)).wrap(period) == of((0 * HOUR, DAY, 12))
    fine = of((pd.Timestamp(MONDAY).as_unit("ns"), pd.Timestamp(MONDAY + HOUR).as_unit("ns"))).wrap(period)
    assert (fine, type(fine.breakpoints[0])) == (of((0 * HOUR, HOUR)), pd.Timedelta)


@pytest.mark.parametrize("zone", [BERLIN, HAVANA])
def test_the_hour_that_comes_twice_adds_up_and_the_skipped_one_is_missing(zone):
    start, stop = dt.datetime(2024, 1, 1, 5, tzinfo=zone), dt.datetime(2025, 2, 3, 7, tzinfo=zone)
    year = of((start, stop, 2)).wrap("day")
    wanted = Counter(hour.astimezone(zone).hour for hour in by_the_hour(start, stop))
    assert {hour: year[hour * HOUR] for hour in range(24)} == {hour: 2 * count for hour, count in wanted.items()}
    assert year.integral() == of((start, stop, 2)).integral()


def test_a_schedule_by_the_clock_keeps_its_hours_in_summer():
    mornings = [dt.datetime(2024, month, 5, 9, tzinfo=BERLIN) for month in range(1, 13)]
    c = combine_intervals([(morning, morning + HOUR) for morning in mornings])
    assert c.wrap("day") == of((9 * HOUR, 10 * HOUR, 12))
    assert c.wrap(DAY) == of((9 * HOUR, 10 * HOUR, 5), (8 * HOUR, 9 * HOUR, 7))
    assert c.wrap("day", dt.datetime(2024, 7, 1, 8, tzinfo=BERLIN)) == of((HOUR, 2 * HOUR, 12))
    assert c.wrap("day", dt.datetime(2024, 7, 1, 6, tzinfo=dt.UTC)) == of((HOUR, 2 * HOUR, 12))
    fine = combine_intervals([tuple(pd.Timestamp(x).as_unit("ns") for x in (y, y + HOUR)) for y in mornings])
    assert fine.wrap("day") == c.wrap("day")


def test_a_week_of_flights_by_the_day():
    with FLIGHTS.open(encoding="utf-8") as file:
        flights = [
            (dt.datetime.fromisoformat(row["departure"]), dt.datetime.fromisoformat(row["arrival"]))
            for row in csv.DictReader(file)
        ]
    day = combine_intervals(flights).wrap("day")
    midnights = [dt.datetime(2013, 7, 8, tzinfo=dt.UTC) + index * DAY for index in range(10)]
    for clock in [minute * MINUTE for minute in range(0, 1440, 97)]:
        assert day[clock] == sum(start <= night + clock < stop for night in midnights for start, stop in flights)


# What cannot be


def test_what_has_no_end_has_no_turns():
    for rows in ([(1, INF, 2)], [(-INF, 1, 2)], [(-INF, INF, 2), (1, 2, 1)]):
        with pytest.raises(ValueError, match="the level 2 reaches to infinity"):
            combine_intervals(rows).wrap(10)
    assert of((1, INF, 2), (5, INF, -2)).wrap(10) == of((1, 5, 2))
    assert (IntervalCollection().wrap(10), IntervalCollection().wrap("day")) == (IntervalCollection(),) * 2
    assert IntervalCollection().wrap(DAY) == IntervalCollection()


@pytest.mark.parametrize(
    ("period", "error", "message"),
    [
        (0, ValueError, "period is 0; it must be positive"),
        (-0.5, ValueError, "period is -0.5; it must be positive"),
        (math.nan, ValueError, "period is NaN; it must be finite"),
        (None, ValueError, "period is missing"),
        (INF, ValueError, "period is inf; it must be finite"),
        ("month", ValueError, "a length, 'day' or 'week'"),
        ("day", TypeError, "for dates and datetimes, not for ints"),
        (DAY, TypeError, "over ints it must be a number"),
        (True, TypeError, "over ints it must be a number"),
        ([1], TypeError, "must be a number"),
    ],
)
def test_a_period_is_a_positive_length(period, error, message):
    with pytest.raises(error, match=message):
        of((1, 2)).wrap(period)
    if message.startswith("period") or isinstance(period, list | bool):
        with pytest.raises(error, match="period"):
            IntervalCollection().wrap(period)


@pytest.mark.parametrize("period", [0 * DAY, -DAY, np.timedelta64(0, "s")])
def test_a_period_of_time_is_positive(period):
    for c in (of((MONDAY, MONDAY + DAY)), IntervalCollection()):
        with pytest.raises(ValueError, match=r"period is .*; it must be positive"):
            c.wrap(period)


@pytest.mark.parametrize(
    ("c", "origin", "error"),
    [
        (of((1, 2)), math.nan, ValueError),
        (of((1, 2)), INF, ValueError),
        (of((1, 2)), DAY, TypeError),
        (of((1.5, 2)), Decimal(1), TypeError),
        (of((MONDAY, MONDAY + DAY)), pd.NaT, ValueError),
        (of((MONDAY, MONDAY + DAY)), INF, ValueError),
        (of((MONDAY, MONDAY + DAY)), 1, TypeError),
        (of((MONDAY, MONDAY + DAY)), MONDAY.replace(tzinfo=dt.UTC), TypeError),
        (of((dt.date(2024, 1, 1), dt.date(2024, 1, 2))), MONDAY, TypeError),
    ],
)
def test_an_origin_is_a_coordinate(c, origin, error):
    with pytest.raises(error, match="origin"):
        c.wrap(10 if isinstance(c.breakpoints[0], int | float) else DAY, origin)


def test_days_are_of_dates_and_datetimes_and_lengths_of_what_has_some():
    with pytest.raises(TypeError, match="not for timedeltas"):
        of((HOUR, 2 * HOUR)).wrap("day")
    with pytest.raises(TypeError, match="over naive datetimes it must be a timedelta"):
        of((MONDAY, MONDAY + DAY)).wrap(10)
    with pytest.raises(TypeError, match="have no lengths"):
        of(("a", "b")).wrap(1)
    with pytest.raises(TypeError, match="row numbers"):
        combine_intervals([(1, 2)], how="rows").wrap(1)
    with pytest.raises(OverflowError, match="the period is beyond what floats hold"):
        of((0.5, 1.5)).wrap(10**400)
