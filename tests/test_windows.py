"""Many windows: each value is that of the single statistic, type and all, however the windows overlap."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import math
import pickle
from array import array
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, combinations_with_replacement
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model import place
from outcomes import outcome, refused, spelled
from strategies import COORDINATES, TIMES, VALUES, rows

from intervalues import Column, IntervalCollection, combine_intervals

INF = math.inf
HOWS = ["mean", "max", "min", "integral"]
PLANES = combine_intervals([(2, 4, 3), (1, 3, 2)])  # [1,2; 2] [2,3; 5] [3,4; 3]
NOON = dt.datetime(2024, 7, 1, 12)
HOUR = dt.timedelta(hours=1)
FLIGHTS = Path(__file__).parent.parent / "examples" / "flights.csv"


def singly(collection, starts, stops, how, **options):
    """Ask for one window after the other."""
    statistic = getattr(collection, how)
    return [statistic(within=(start, stop), **options) for start, stop in zip(starts, stops, strict=True)]


def outcome_of(call):
    try:
        return list(map(spelled, call()))
    except (ValueError, TypeError, OverflowError) as error:
        return type(error)


@st.composite
def questions(draw, domain, kinds=tuple(VALUES)):
    """A collection and windows over it that often begin or end where a level changes."""
    made = draw(rows(domain, kinds, max_size=4, open_ends=False))
    pool = [x for row in made for x in row[:2]]
    ends = COORDINATES[domain] | st.sampled_from(pool) if pool else COORDINATES[domain]
    pairs = draw(st.lists(st.tuples(ends, ends), min_size=1, max_size=4))
    pairs = [sorted(pair, key=place) for pair in pairs if place(pair[0]) != place(pair[1])]
    try:
        return combine_intervals(made), [start for start, _ in pairs], [stop for _, stop in pairs]
    except OverflowError:  # no float holds a level
        return PLANES[0:0], [], []


@pytest.mark.fuzz
@pytest.mark.parametrize("domain", ["ints", "floats", "Decimals", "Fractions", *TIMES, "aware timestamps"])
@given(data=st.data(), how=st.sampled_from(HOWS))
def test_each_value_is_that_of_the_single_statistic(domain, data, how):
    c, starts, stops = data.draw(questions(domain))
    assert outcome_of(lambda: c.windows(starts, stops, how=how)) == outcome_of(lambda: singly(c, starts, stops, how))


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", ["ints", "floats", "huge ints"])
@given(data=st.data(), how=st.sampled_from(HOWS))
def test_windows_over_many_levels_are_seen_through_an_index(kind, data, how):
    levels = data.draw(st.lists(VALUES[kind], min_size=0, max_size=300))
    try:
        c = IntervalCollection.from_levels(range(len(levels)), levels)
    except OverflowError:
        return
    pairs = data.draw(st.lists(st.tuples(st.integers(-5, 300), st.integers(1, 300)), min_size=1, max_size=9))
    starts, stops = [start for start, _ in pairs], [start + length for start, length in pairs]
    wanted = outcome_of(lambda: singly(c, starts, stops, how))
    assert outcome_of(lambda: c.windows(starts, stops, how=how)) == wanted


def test_no_windows_have_no_answers_whatever_there_is():
    for value in (1, 0.5, Decimal("0.5")):
        c = combine_intervals([(1, 2, value)])
        for how in ("mean", "max", "integral"):
            assert list((c - c).windows([], [], how=how)) == list(c.windows([], [], how=how)) == []


def test_windows_come_in_any_order_and_overlap():
    assert PLANES.windows([2, 1, 1, 3], [4, 3, 3, 9]) == (4.0, 3.5, 3.5, 0.5)
    assert PLANES.windows([2, 1], [4, 3], how="max") == (5, 5)
    assert PLANES.windows([2, 1], [4, 3], how="min") == (3, 2)
    assert PLANES.windows([2, 1], [4, 3], how="integral") == (8, 7)
    assert PLANES.windows([], []) == ()


def test_a_rolling_mean_is_windows_that_move():
    c = IntervalCollection.from_levels(range(1000), [*([1, 5, 3] * 333), 0])
    rolling = c.windows(range(990), range(10, 1000))
    prefix = [0, *accumulate(c[x] for x in range(1000))]
    assert list(rolling) == [(prefix[x + 10] - prefix[x]) / 10 for x in range(990)]


@pytest.mark.parametrize(
    "columns",
    [
        ((1, 2), (3, 4)),
        (np.array([1, 2]), np.array([3, 4])),
        (pd.Series([1, 2]), pd.Series([3, 4], dtype="Int64")),
        (array("h", [1, 2]), array("d", [3, 4])),
        ((1, 2), [3, Fraction(4)]),
        ([Decimal(1), 2], [3, Decimal("4.0")]),
    ],
)
def test_windows_are_columns_of_any_kind(columns):
    assert PLANES.windows(*columns) == (3.5, 4.0)


@pytest.mark.parametrize("unit", [None, HOUR, HOUR.resolution, pd.Timedelta(1, "ns"), pd.Timedelta(3, "ns")])
def test_integrals_are_counted_in_their_unit(unit):
    level = Fraction(1, 3)
    for value in (2, 0.5, level, Decimal("0.1")):
        c = combine_intervals([(NOON, NOON + HOUR, value)])
        starts, stops = [NOON, NOON + HOUR / 7], [NOON + HOUR / 3, NOON + 2 * HOUR]
        wanted = list(map(spelled, singly(c, starts, stops, "integral", unit=unit)))
        assert list(map(spelled, c.windows(starts, stops, how="integral", unit=unit))) == wanted


def test_times_of_any_fineness_are_windows():
    c = combine_intervals([(NOON, NOON + HOUR, 2)])
    fine = pd.DatetimeIndex([NOON, NOON + HOUR / 2]).as_unit("ns") + pd.Timedelta(1, "ns")
    wanted = singly(c, fine, fine + HOUR, "mean")
    assert list(c.windows(fine, fine + HOUR)) == wanted
    assert c.windows([NOON], [fine[0]], how="max") == (2,)
    nanoseconds = combine_intervals([(fine[0], fine[1], 2)])
    assert nanoseconds.windows([NOON], [NOON + HOUR]) == (nanoseconds.mean(within=(NOON, NOON + HOUR)),)


def test_far_decimals_are_windows():
    c = combine_intervals([(Decimal("0E-18"), Decimal("1E-18"), 1), (Decimal(1), Decimal(2), Decimal("1." + "3" * 39))])
    for starts, stops in (([Decimal(0)], [Decimal("1E+2")]), ([Decimal("1.5")], [Decimal("1." + "7" * 39)])):
        for how in HOWS:
            wanted = list(map(spelled, singly(c, starts, stops, how)))
            assert list(map(spelled, c.windows(starts, stops, how=how))) == wanted


def test_ends_that_would_be_ints_of_a_million_digits_are_only_compared():
    far = Decimal("1E+999990")
    assert PLANES.max(within=(-far, far)) == 5
    assert PLANES.windows([0, -far], [2, far], how="min") == (0, 0)


def test_a_column_of_ints_and_floats_is_one_of_floats():
    assert list(map(spelled, PLANES.windows([1, 1], [2, 2.5], how="integral"))) == [(float, "2.0"), (float, "4.5")]
    found = (IntervalCollection() + 3).windows([0.0], [2.0], how="integral")
    assert list(map(spelled, found)) == [(float, "6.0")]
    found = (IntervalCollection() + 3).windows([Fraction(0)], [Fraction(2)], how="integral")
    assert list(map(spelled, found)) == [(Fraction, "Fraction(6, 1)")]


def test_what_is_zero_everywhere_is_of_every_domain_although_it_was_one_of_floats():
    nothing = combine_intervals([(0.5, 0.5, 2)])
    for x, zero in ((2, (int, "0")), (2.0, (float, "0.0")), (Fraction(2), (Fraction, "Fraction(0, 1)"))):
        assert spelled(nothing.integral(within=(0 * x, x))) == zero
        assert spelled(nothing.windows([0 * x], [x], how="integral")[0]) == zero
        assert spelled(nothing.bin([0 * x, x], how="integral").values[0]) == zero


def test_over_zero_length_only_the_integral_has_an_answer():
    c = combine_intervals([(1, 3, Decimal("0.5"))])
    assert list(map(spelled, c.windows([2, 1, 3], [2, 3, 3], how="integral"))) == [
        spelled(Decimal(0)),
        spelled(Decimal(1)),
        spelled(Decimal(0)),
    ]
    assert PLANES.windows([2, INF], [2, INF], how="integral") == (0, 0)
    for how in ("mean", "max", "min"):
        with pytest.raises(ValueError, match=f"row 1: over zero length there is no {how}"):
            PLANES.windows([1, 2], [2, 2], how=how)


@pytest.mark.parametrize("x", [1, 1.0, Decimal(1), Fraction(1), dt.date(2020, 1, 1), "a"])
@pytest.mark.parametrize("c", [IntervalCollection(), PLANES, combine_intervals([(Decimal(1), Decimal(3))])])
def test_a_window_of_zero_length_keeps_its_domain(c, x):
    single = outcome(lambda: c.integral(within=(x, x)))
    assert single == outcome(lambda: c.windows([x], [x], how="integral")[0])
    assert (single[0] is TypeError) == (outcome(lambda: c.integral(within=(x, INF)))[0] is TypeError)
    assert (outcome(lambda: c[x:x])[0] is TypeError) == (outcome(lambda: c[x:])[0] is TypeError)


def test_decimals_too_far_apart_to_be_written_out_spoil_only_the_windows_they_are_in():
    far = Decimal("1E+999999")
    c = combine_intervals([(Decimal(-1), far), (Decimal(1), Decimal(2))])
    starts, stops = [Decimal(0), Decimal(1)], [Decimal(4), Decimal(2)]
    for how in ("mean", "integral"):
        found = c.windows(starts, stops, how=how)
        assert list(map(spelled, found)) == list(map(spelled, singly(c, starts, stops, how)))
        refused(OverflowError, "^row 1: an exact result needs", lambda how=how: c.windows(starts, [4, far], how=how))
    assert list(c.bin([Decimal(0), Decimal(4)]).values) == [1.25]
    assert list(c.windows(starts, [4, far], how="max")) == [2, 2]


FAR = Decimal("1E+999990")
ENDS = [-FAR, Decimal(0), Decimal("0.25"), 1, Decimal("1E+99"), FAR, 2 * FAR]


@pytest.mark.parametrize("rows", [[(1, 5, 2)], [(FAR, 2 * FAR, 3)], [(-FAR, 1, 2), (Decimal("0.5"), FAR)]])
@pytest.mark.parametrize("how", HOWS)
def test_windows_on_far_grids_are_as_with_the_single_statistic(rows, how):
    c = combine_intervals(rows)
    for start, stop in combinations_with_replacement(ENDS, 2):
        single = outcome(lambda window=(start, stop): getattr(c, how)(within=window))
        many = outcome(lambda window=(start, stop): c.windows([window[0]], [window[1]], how=how)[0])
        assert many == single or (many[0] is single[0] and issubclass(many[0], Exception))


def test_unbounded_windows_are_as_with_the_single_statistic():
    c = combine_intervals([(1, 3, 2), (5, INF, 7)])
    starts, stops = [-INF, -INF, 2, -INF], [0, 4, INF, INF]
    for how in ("max", "min"):
        assert list(c.windows(starts, stops, how=how)) == singly(c, starts, stops, how)
    assert list(PLANES.windows(starts, stops, how="integral")) == singly(PLANES, starts, stops, "integral")
    assert PLANES.windows([-INF, 1.5], [0.5, INF], how="integral") == (0.0, 9.0)
    assert c.windows([-INF, 2], [4, 6], how="integral") == (4, 9)
    assert IntervalCollection().windows([-INF, -INF], [INF, 5], how="integral") == (0, 0)
    assert IntervalCollection().windows([-INF], [INF], how="max") == (0,)
    with pytest.raises(ValueError, match="row 1: the level 7 reaches to infinity, and so its integral"):
        c.windows([1, 1], [2, INF], how="integral")
    with pytest.raises(ValueError, match="row 1: over an unbounded window there is no mean"):
        PLANES.windows([1, 1], [2, INF])
    names = combine_intervals([("a", "c", 2), ("b", "d")])
    assert names.windows(["a", -INF, "b"], ["b", "z", INF], how="max") == (2, 3, 3)


@pytest.mark.parametrize(
    ("starts", "stops", "error", "message"),
    [
        ([1, 3], [2, 2], ValueError, "row 1: start 3 is after stop 2"),
        ([1, None], [2, 3], ValueError, "^row 1: start is missing$"),
        ([1, 2], [2, math.nan], ValueError, "^row 1: stop is NaN$"),
        ([1, 2], [3], ValueError, "starts has 2 rows, stops has 1"),
        ([1, "a"], [2, "b"], TypeError, "row 1: starts 'a' does not mix with ints before it"),
        (["a"], ["b"], TypeError, "do not mix"),
        ([NOON], [NOON + HOUR], TypeError, "ints do not mix with naive datetimes as coordinates"),
        (1, 2, TypeError, "starts is of type int; it must be a column"),
        ("ab", "cd", TypeError, "starts is of type str"),
        ([1], {2: 3}, TypeError, "stops is of type dict"),
        ([True], [2], TypeError, "row 0: starts True is of type bool"),
    ],
)
def test_bad_windows_are_refused_by_row(starts, stops, error, message):
    with pytest.raises(error, match=message):
        PLANES.windows(starts, stops)


def test_a_result_beyond_the_largest_float_names_its_row():
    c = combine_intervals([(0, 10, 1e308)])
    with pytest.raises(OverflowError, match="row 1: the result is beyond the largest float"):
        c.windows([0, 0], [1, 10], how="integral")


def test_how_and_unit_are_checked():
    for how in ("median", None, 3):
        with pytest.raises(ValueError, match="it must be one of mean, max, min, integral"):
            PLANES.windows([1], [2], how=how)
    with pytest.raises(TypeError, match="unit is for how='integral'"):
        PLANES.windows([1], [2], unit=HOUR)
    with pytest.raises(TypeError, match="these coordinates are numbers"):
        PLANES.windows([1], [2], how="integral", unit=HOUR)
    with pytest.raises(TypeError, match="Decimal levels over float lengths"):
        combine_intervals([(0.5, 1, Decimal(1))]).windows([0.0], [1.0])
    with pytest.raises(TypeError, match="have no lengths"):
        combine_intervals([("a", "b")]).windows(["a"], ["b"])
    with pytest.raises(TypeError, match="row numbers"):
        combine_intervals([(1, 2)], how="rows").windows([1], [2], how="max")


def test_the_index_is_kept_and_no_part_of_the_value():
    c, other = combine_intervals([(2, 4, 3), (1, 3, 2)]), combine_intervals([(2, 4, 3), (1, 3, 2)])
    before = pickle.dumps(c)
    assert c.windows([1], [4]) == c.windows([1], [4])
    kept = c._index
    assert c.windows([2], [4], how="max") == (5,)
    assert c._index is kept
    assert (c, hash(c), repr(c), pickle.dumps(c)) == (other, hash(other), repr(other), before)
    for twin in (copy.copy(c), copy.deepcopy(c), pickle.loads(before), other):
        assert not hasattr(twin, "_index")
    with pytest.raises(AttributeError):
        c._index = None


def test_many_flights_are_seen_in_windows():
    with FLIGHTS.open(encoding="utf-8") as file:
        flights = [
            (dt.datetime.fromisoformat(row["departure"]), dt.datetime.fromisoformat(row["arrival"]))
            for row in csv.DictReader(file)
        ]
    planes = combine_intervals(flights)
    starts = [start for start, _ in flights[::101]]
    stops = [start + HOUR for start in starts]
    assert isinstance(planes.windows(starts, stops), Column)
    for how in HOWS:
        assert list(planes.windows(starts, stops, how=how)) == singly(planes, starts, stops, how)
    for start, stop, mean in zip(starts, stops, planes.windows(starts, stops), strict=True):
        inside = [min(last, stop) - max(first, start) for first, last in flights if first < stop and last > start]
        assert mean == sum(inside, 0 * HOUR) / HOUR
