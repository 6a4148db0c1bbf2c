"""Bins: whole ones over what is covered, by step, calendar or edges, each with the value of the single statistic."""

from __future__ import annotations

import csv
import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from outcomes import spelled
from strategies import rows

from intervalues import Interval, IntervalCollection, IntervalSet, combine_intervals

INF = math.inf
BERLIN, SAO_PAULO = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Sao_Paulo")
DAY, HOUR = dt.timedelta(1), dt.timedelta(hours=1)
PLANES = combine_intervals([(2, 4, 3), (1, 3, 2)])  # [1,2; 2] [2,3; 5] [3,4; 3]
FLIGHTS = Path(__file__).parent.parent / "examples" / "flights.csv"
HOWS = ["mean", "max", "min", "integral"]


def of(*rows, **options):
    return combine_intervals(rows, **options)


def edges(bins):
    assert list(bins.starts[1:]) == list(bins.stops[:-1])
    return [*bins.starts, bins.stops[-1]]


def singly(c, bins, how):
    return [getattr(c, how)(within=(start, stop)) for start, stop in zip(bins.starts, bins.stops, strict=True)]


def test_bins_are_whole_and_cover_the_span():
    bins = PLANES.bin(2)
    assert list(bins) == [Interval(0, 2, 1.0), Interval(2, 4, 4.0)]
    assert edges(PLANES.bin(3)) == [0, 3, 6]
    assert edges(PLANES.bin(3, within=(-1, 7))) == [-3, 0, 3, 6, 9]
    assert edges(PLANES.bin(3, within=Interval(3, 6))) == [3, 6]
    assert edges(PLANES.bin(2, within=IntervalSet([(1, 2), (5, 7)]))) == [0, 2, 4, 6, 8]
    assert list(PLANES.bin(2, within=(3, 3.5)).values) == [4.0]


def test_empty_bins_are_kept():
    c = of((0, 1), (9, 10, 2))
    assert list(c.bin(2, how="max").values) == [1, 0, 0, 0, 2]
    assert list(IntervalCollection().bin(5, within=(0, 12), how="integral").values) == [0, 0, 0]


@pytest.mark.fuzz
@pytest.mark.parametrize("domain", ["ints", "floats", "Decimals", "Fractions", "timedeltas", "naive datetimes"])
@given(data=st.data(), how=st.sampled_from(HOWS), parts=st.integers(1, 9))
def test_each_value_is_that_of_the_single_statistic(domain, data, how, parts):
    try:
        c = combine_intervals(data.draw(rows(domain, ["ints", "floats", "Fractions"], open_ends=False)))
    except OverflowError:  # no float holds a level
        assume(False)
    assume(len(c) > 0)
    start, stop, _ = c.span
    try:
        bins = c.bin((stop - start) / parts, how=how)
    except (OverflowError, ValueError):
        assume(False)
    assert list(map(spelled, bins.values)) == list(map(spelled, singly(c, bins, how)))
    ends = edges(bins)
    assert ends[0] <= start < ends[1]
    assert ends[-2] < stop <= ends[-1]
    assert all(before < after for before, after in pairwise(ends))


def test_the_integrals_of_bins_add_up_to_the_integral():
    c = of((0, 10, 3), (2, 35, Fraction(1, 3)), (7, 8, -9))
    for step in (1, 3, Fraction(2, 7), 50):
        assert sum(c.bin(step, how="integral").values) == c.integral()


@pytest.mark.parametrize(
    ("row", "step", "wanted"),
    [
        ((1, 4), 0.5, [1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0]),
        ((1.0, 4.0), 2, [0.0, 2.0, 4.0]),
        ((0.25, 0.5), 0.1, [0.2, 0.30000000000000004, 0.4, 0.5]),
        ((0.5, 0.7), 0.1, [0.5, 0.6000000000000001, 0.7000000000000001]),
        ((1, 2), Fraction(1, 2), [Fraction(1), Fraction(3, 2), Fraction(2)]),
        ((1, 2), Decimal("0.5"), [Decimal("1.0"), Decimal("1.5"), Decimal("2.0")]),
        ((Decimal("0.05"), Decimal("0.15")), Decimal("0.1"), [Decimal("0.00"), Decimal("0.10"), Decimal("0.20")]),
        ((Decimal("1E+20"), Decimal("1E+20") + 1), 1, [Decimal(10**20), Decimal(10**20 + 1)]),
        ((-1, 1), 10**30, [-(10**30), 0, 10**30]),
        ((DAY, 2 * DAY), 12 * HOUR, [DAY, 1.5 * DAY, 2 * DAY]),
        ((-HOUR, HOUR), DAY, [-DAY, 0 * DAY, DAY]),
        ((0 * DAY, pd.Timedelta(3, "ns")), pd.Timedelta(2, "ns"), [pd.Timedelta(n, "ns") for n in (0, 2, 4)]),
        ((0.5, 2**53 + 3), 2.5 * 2**50, None),
    ],
)  # fmt: skip
def test_edges_are_multiples_of_the_step_each_rounded_once(row, step, wanted):
    c = of(row)
    found = edges(c.bin(step, how="max"))
    assert wanted is None or list(map(spelled, found)) == list(map(spelled, wanted))
    assert found[0] <= c.span.start
    assert found[-1] >= c.span.stop


def test_an_edge_that_rounding_puts_beyond_the_window_is_no_first_edge():
    c = of((2**53 + 3, 2**53 + 40), (0.5, 1, 0))  # a multiple of 2.5, which the float 2**53 + 4 is nearest to
    assert c.span.start == 2**53 + 3
    assert edges(c.bin(2.5))[0] == 2.0**53


@pytest.mark.parametrize("zone", [None, dt.UTC, BERLIN])
def test_steps_of_time_are_counted_from_midnight_of_the_first_day(zone):
    start = dt.datetime(2024, 7, 1, 10, 30, tzinfo=zone)
    bins = of((start, start + 3 * HOUR)).bin(2 * HOUR, how="integral", unit=HOUR)
    assert edges(bins) == [start.replace(hour=hour, minute=0) for hour in (10, 12, 14)]
    assert list(bins.values) == [1.5, 1.5]
    assert all(x.tzinfo is zone for x in bins.starts)
    assert edges(of((start, start + 3 * HOUR)).bin(7 * HOUR)) == [
        start.replace(hour=hour, minute=0) for hour in (7, 14)
    ]


def test_dates_are_counted_from_the_first_day():
    c = of((dt.date(2024, 1, 3), dt.date(2024, 1, 8), 2))
    assert edges(c.bin(3 * DAY)) == [dt.date(2024, 1, day) for day in (3, 6, 9)]
    assert list(c.bin(3 * DAY).values) == [2.0, 4 / 3]
    assert edges(c.bin(4 * DAY)) == [dt.date(2024, 1, day) for day in (3, 7, 11)]


@pytest.mark.parametrize(
    ("period", "wanted"),
    [
        ("day", [dt.date(2024, 2, 28), dt.date(2024, 2, 29), dt.date(2024, 3, 1), dt.date(2024, 3, 2)]),
        ("week", [dt.date(2024, 2, 26), dt.date(2024, 3, 4)]),
        ("month", [dt.date(2024, 2, 1), dt.date(2024, 3, 1), dt.date(2024, 4, 1)]),
    ],
)
@pytest.mark.parametrize("zone", [None, BERLIN])
def test_days_weeks_and_months_are_those_of_the_calendar(period, wanted, zone):
    assert edges(of((dt.date(2024, 2, 28), dt.date(2024, 3, 2))).bin(period)) == wanted
    start, stop = dt.datetime(2024, 2, 28, 1, tzinfo=zone), dt.datetime(2024, 3, 1, 23, tzinfo=zone)
    midnights = [dt.datetime(day.year, day.month, day.day, tzinfo=zone) for day in wanted]
    assert edges(of((start, stop)).bin(period)) == midnights


def test_a_day_may_have_23_or_25_hours():
    start = dt.datetime(2024, 1, 1, tzinfo=BERLIN)
    year = of((start, start.replace(year=2025)))
    hours = year.bin("day", how="integral", unit=HOUR).values
    assert len(hours) == 366
    assert (hours[90], hours[300], set(hours)) == (23.0, 25.0, {23.0, 24.0, 25.0})
    assert set(year.bin("week", within=(start, start.replace(month=12)), how="integral", unit=HOUR).values) == {
        167.0,
        168.0,
        169.0,
    }
    months = year.bin("month", how="integral", unit=HOUR).values
    assert list(months)[2:4] == [31 * 24 - 1, 30 * 24]


@pytest.mark.parametrize(
    ("zone", "day", "first"),
    [
        ("America/Sao_Paulo", dt.date(2017, 10, 15), "2017-10-15T01:00:00-02:00"),  # no midnight
        ("America/Sao_Paulo", dt.date(2018, 2, 18), "2018-02-18T00:00:00-03:00"),  # an hour before it comes twice
        ("America/Havana", dt.date(2023, 11, 5), "2023-11-05T00:00:00-04:00"),  # midnight comes twice
        ("America/St_Johns", dt.date(2010, 11, 7), "2010-11-07T00:00:00-02:30"),  # so does the minute after it
        ("America/Toronto", dt.date(1919, 3, 31), "1919-03-31T00:30:00-04:00"),  # an hour around it is skipped
    ],
)
def test_a_day_begins_at_its_first_instant(zone, day, first):
    noon = dt.datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
    bins = of((noon, noon + HOUR)).bin("day")
    assert [x.isoformat() for x in bins.starts] == [first]
    pandas = of((pd.Timestamp(noon).as_unit("ns"), pd.Timestamp(noon + HOUR).as_unit("ns"))).bin("day")
    assert [x.isoformat() for x in pandas.starts] == [first]
    assert type(pandas.starts[0]) is pd.Timestamp


def test_a_day_that_a_zone_has_skipped_has_no_bin():
    apia = ZoneInfo("Pacific/Apia")
    c = of((dt.datetime(2011, 12, 28, 12, tzinfo=apia), dt.datetime(2012, 1, 1, 12, tzinfo=apia)))
    assert [x.day for x in c.bin("day").starts] == [28, 29, 31, 1]
    assert set(c.bin("day", how="integral", unit=HOUR).values) == {12.0, 24.0}


def test_bins_lie_in_the_zone_of_the_collection():
    start = dt.datetime(2024, 7, 1, 12, tzinfo=BERLIN)
    c = of((start, start + HOUR))
    for within in (None, (start.astimezone(dt.UTC), start.astimezone(dt.UTC) + HOUR)):
        assert edges(c.bin("day", within=within)) == [start.replace(hour=0), start.replace(day=2, hour=0)]
        assert c.bin("day", within=within).starts[0].tzinfo is BERLIN


@pytest.mark.parametrize("side", ["left", "right"])
def test_both_sides_have_the_same_bins(side):
    c = of((2, 4, 3), (1, 3, 2), closed=side)
    assert c.bin(2, how="max") == PLANES.bin(2, how="max")
    assert c.bin([1, 2], how="integral").values == (2,)


def test_edges_may_be_any_column():
    for given_edges in ([0, 3, 10], (0, 3, 10), np.array([0, 3, 10]), pd.Series([0, 3, 10]), iter([0, 3, 10])):
        bins = PLANES.bin(given_edges, how="max")
        assert (edges(bins), list(bins.values)) == ([0, 3, 10], [5, 3])
    assert edges(PLANES.bin([0, 2.5])) == [0, 2.5]
    assert type(PLANES.bin([0, 2.5]).starts[0]) is int
    assert list(of(("a", "c", 2), ("b", "d")).bin(["a", "b", "z"], how="max").values) == [2, 3]
    noon = pd.Timestamp("2024-07-01 12:00")
    c = of((noon.to_pydatetime(), noon.to_pydatetime() + HOUR, 3))
    assert list(c.bin(pd.date_range(noon, periods=3, freq="30min", unit="ns")).values) == [3.0, 3.0]


def test_an_edge_of_negative_zero_is_zero():
    c = of((-1.0, 1.0))
    for given_edges in ([-0.0, 1.0], [-1.0, -0.0], [-1, -0.0, 1], np.array([-1.5, -0.0]), [-0.0, 1.5, 10**400]):
        zeros = [spelled(x) for x in edges(c.bin(given_edges, how="max")) if x == 0]
        assert zeros == [(float, "0.0")]
    assert list(map(spelled, edges(c.bin([-0.5, 0, 1]))))[1] == (int, "0")


@pytest.mark.parametrize(
    ("given_edges", "message"),
    [
        ([1, 1], "row 1: edge 1 does not lie after 1"),
        ([1, 3, 2], "row 2: edge 2 does not lie after 3"),
        ([1, INF], "row 1: edges is inf; edges must be finite"),
        ([1, 2**63 - 1, -INF], "row 2: edges is -inf"),
        ([1, None], "row 1: edges is missing"),
        ([1.0, math.nan], "row 1: edges is NaN"),
        ([1], "edges has 1 rows"),
        ([], "edges has 0 rows"),
    ],
)
def test_edges_strictly_increase(given_edges, message):
    with pytest.raises(ValueError, match=message):
        PLANES.bin(given_edges)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1, 2], {"within": (1, 2)}), ValueError, "within goes with a step"),
        ((1, {"within": (1, INF)}), ValueError, "unbounded window"),
        ((1, {"within": (-INF, 1)}), ValueError, "unbounded window"),
        ((1, {"within": (1, 1)}), ValueError, "over zero length there are no bins"),
        ((0, {}), ValueError, "step is 0; it must be positive"),
        ((-1.5, {}), ValueError, "step is -1.5; it must be positive"),
        ((math.nan, {}), ValueError, "step is NaN; it must be finite"),
        ((INF, {}), ValueError, "step is inf; it must be finite"),
        ((None, {}), ValueError, "step is missing"),
        ((DAY, {}), TypeError, "must be a number or edges"),
        ((True, {}), TypeError, "must be a number or edges"),
        (("day", {}), TypeError, "for dates and datetimes, not for ints"),
        (("hour", {}), ValueError, "a length, edges, 'day', 'week' or 'month'"),
        ((b"day", {}), TypeError, "must be a number or edges"),
        (({1: 2}, {}), TypeError, "edges is of type dict"),
        ((["a", "b"], {}), TypeError, "do not mix"),
        ((1, {"how": "median"}), ValueError, "how is 'median'; it must be one of mean, max, min, integral"),
        ((1, {"how": None}), ValueError, "how is None"),
        ((1, {"unit": DAY}), TypeError, "unit is for how='integral'"),
        ((1, {"unit": DAY, "how": "integral"}), TypeError, "unit is for integrals over time"),
        ((Fraction(1, 10**12), {}), ValueError, "there would be 3000000000000 bins"),
        ((1e-300, {}), ValueError, "bins, and at most there may be 33,554,432"),
        ((Decimal("1E-100001"), {}), OverflowError, "100,000 digits"),
        ((1e308, {"within": (1.0, 1.7e308)}), OverflowError, "reach beyond what floats hold"),
        ((0.5, {"within": (2.0**53, 2.0**53 + 8)}), ValueError, "finer than floats are"),
    ],
)
def test_what_gives_no_bins_is_refused(arguments, error, message):
    step, options = arguments
    with pytest.raises(error, match=message):
        PLANES.bin(step, **options)


def test_collections_without_bounds_need_a_window():
    for c in (of((1, INF)), of((-INF, 1)), of((-INF, INF, 2), (1, 2))):
        with pytest.raises(ValueError, match="unbounded window"):
            c.bin(1)
        assert len(c.bin(1, within=(0, 3))) == 3
    for c in (IntervalCollection(), IntervalCollection() + 3):
        with pytest.raises(ValueError, match=r"pass within=\(a, b\)"):
            c.bin(1)
    days = dt.date(2024, 1, 1), dt.date(2024, 1, 3)
    assert list((IntervalCollection() + 3).bin("day", within=days).values) == [3.0, 3.0]


@pytest.mark.parametrize(
    ("step", "error", "message"),
    [
        (HOUR, ValueError, "over dates it must be whole days"),
        (0 * DAY, ValueError, "must be positive"),
        (-DAY, ValueError, "must be positive"),
        (1, TypeError, "must be a timedelta, edges, 'day', 'week' or 'month'"),
        ("year", ValueError, "'day', 'week' or 'month'"),
    ],
)
def test_steps_over_dates_are_whole_days(step, error, message):
    with pytest.raises(error, match=message):
        of((dt.date(2024, 1, 1), dt.date(2024, 1, 2))).bin(step)


@pytest.mark.parametrize("period", ["day", "week", "month", 400 * DAY])
@pytest.mark.parametrize("zone", [None, dt.timezone(HOUR), dt.timezone(-HOUR)])
def test_bins_beyond_the_calendar_are_an_overflow(period, zone):
    last = dt.datetime(9999, 12, 31, 20, tzinfo=zone)
    with pytest.raises(OverflowError, match=r"the bins that cover .* reach beyond what .*datetimes hold"):
        of((last, last + HOUR)).bin(period)
    with pytest.raises(OverflowError, match=r"the bins that cover .* reach beyond what dates hold"):
        of((dt.date(9999, 12, 1), dt.date(9999, 12, 31))).bin("month" if isinstance(period, str) else period)
    first = dt.datetime(1, 1, 1, 20, tzinfo=dt.timezone(HOUR))  # UTC has no such midnight
    with pytest.raises(OverflowError, match="the bins that cover"):
        of((first, first + HOUR)).bin(period)


def test_without_lengths_there_are_no_steps():
    for call in (lambda c: c.bin(1), lambda c: c.bin("day"), lambda c: c.bin(["a", "b"])):
        with pytest.raises(TypeError, match="objects of type str have no lengths"):
            call(of(("a", "b")))
    with pytest.raises(TypeError, match="row numbers"):
        combine_intervals([(1, 2)], how="rows").bin(1)


def test_columns_of_bins_go_to_numpy_without_copying():
    bins = PLANES.bin(2)
    assert np.asarray(bins.values).dtype == float
    assert np.shares_memory(np.asarray(bins.starts), np.asarray(bins.stops))


def test_a_week_of_flights_by_the_hour():
    with FLIGHTS.open(encoding="utf-8") as file:
        flights = [
            (dt.datetime.fromisoformat(row["departure"]), dt.datetime.fromisoformat(row["arrival"]))
            for row in csv.DictReader(file)
        ]
    bins = combine_intervals(flights).bin(HOUR, how="integral", unit=HOUR)
    for start, stop, hours in list(bins)[::7]:
        inside = [min(last, stop) - max(first, start) for first, last in flights if first < stop and last > start]
        assert hours == sum(inside, dt.timedelta(0)) / HOUR
    assert math.isclose(sum(bins.values), sum((last - first) / HOUR for first, last in flights))


def test_zeros_at_the_end_are_no_digits_whatever_grid_a_decimal_lies_on():
    c = combine_intervals([(Decimal(0), Decimal("0.4"), 2)])
    edges = [Decimal(0), Decimal("0.06666666666666666666666666667"), Decimal("0.4")]
    shares = [c.integral(within=pair) for pair in pairwise(edges)]
    assert [str(x) for x in c.bin(edges, "integral").values] == [str(x) for x in shares]
    assert str(shares[0]) == "0.1333333333333333333333333333"
