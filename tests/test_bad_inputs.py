"""What the package must survive: hostile coordinates, values and containers, and faults of the machine and the host."""

from __future__ import annotations

import datetime as dt
import gc
import math
import os
import random
import re
import signal
import sys
import threading
import time
import tracemalloc
import types
from array import array
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import ROUND_UP, Decimal, FloatOperation, Inexact, Rounded, Subnormal, localcontext
from fractions import Fraction
from importlib.util import find_spec
from itertools import count, pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from outcomes import outcome, outcome_in_python, shown, spelled

import intervalues
from intervalues import Interval, IntervalCollection, IntervalSet, combine_intervals, dispatch

INF, NAN = math.inf, math.nan
DAY = dt.timedelta(1)
NEW_YEAR = dt.date(2024, 1, 1)
MIDNIGHT = dt.datetime(2024, 1, 1)
BERLIN = ZoneInfo("Europe/Berlin")
LOWEST, HIGHEST = -(2**63), 2**63 - 1


def refused(error, message, *calls):
    """Check that every call raises just this, and the same in pure Python."""
    for call in calls:
        kind, text = outcome(call)[:2]
        assert (kind, bool(re.search(message, str(text)))) == (error, True), (kind, text)
        assert outcome_in_python(call) == (kind, text)


def ways_in(rows, **options):
    """Give calls that combine the same rows in every form that takes any object."""
    columns = dict(zip(("start", "stop", "value"), map(list, zip(*rows, strict=True)), strict=False))
    return (
        lambda: combine_intervals(rows, **options),
        lambda: combine_intervals(tuple(map(list, rows)), **options),
        lambda: combine_intervals(iter(rows), **options),
        lambda: combine_intervals(**columns, **options),
    )


def keeps_its_invariants(c):
    return len(c.levels) == len(c.breakpoints) + 1 and all(a != b for a, b in pairwise(c.levels))


# 1 to 15: coordinates

NANS = [
    NAN,
    -NAN,
    np.float64("nan"),
    np.float16("nan"),
    Decimal("NaN"),
    Decimal("-sNaN123"),
    np.datetime64("NaT", "s"),
    pd.NaT,
]
NANS += [np.timedelta64("NaT", "ns"), np.datetime64("NaT", "us")]


@pytest.mark.parametrize("nan", NANS, ids=lambda x: type(x).__name__)
def test_a_coordinate_that_is_nan_is_missing_data(nan):
    good = (1.0, 2.0)
    hint = "; missing='drop' leaves such rows out, missing='open' opens the end"
    refused(ValueError, rf"^row 3: start is NaN( \(NaT\))?{hint}$", *ways_in([good] * 3 + [(nan, 2.0)]))
    refused(ValueError, rf"^row 3: stop is NaN( \(NaT\))?{hint}$", *ways_in([good] * 3 + [(1.0, nan), (nan, 1.0)]))
    for call in ways_in([good, (nan, 2.0), good, (1.0, nan)], missing="drop"):
        assert list(call()) == [(1.0, 2.0, 2)]


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f8"])
def test_a_nan_in_an_array_is_missing_data(dtype):
    starts, stops = np.array([1, 1, np.nan, 1]).astype(dtype), np.array([2, 2, 2, np.nan]).astype(dtype)
    rows = np.column_stack([starts, stops])

    def calls(**options):
        return (
            lambda: combine_intervals(start=starts, stop=stops, **options),
            lambda: combine_intervals(rows, **options),
        )

    refused(ValueError, "^row 2: start is NaN", *calls())
    for call in calls(missing="drop"):
        assert list(call()) == [(1.0, 2.0, 2)]


@pytest.mark.parametrize(
    "dtype", ["M8[D]", "M8[us]", "M8[ns]", ">M8[s]", "m8[h]", "m8[us]", ">m8[ns]", "M8[fs]", "M8[Y]"]
)
def test_nat_is_never_read_as_its_integer(dtype):
    order = ">" if dtype[0] == ">" else "="
    starts = np.array([0, 0, LOWEST], f"{order}i8").view(dtype)
    stops = np.array([10**6, LOWEST, 10**6], f"{order}i8").view(dtype)
    if dtype in ("M8[D]", "m8[h]", "M8[Y]"):
        stops[::2] = np.array([30], "i8").view(dtype)

    def calls(**options):
        return (
            lambda: combine_intervals(start=starts, stop=stops, **options),
            lambda: combine_intervals(np.column_stack([starts, stops]), **options),
            lambda: combine_intervals(list(zip(starts, stops, strict=True)), **options),
        )

    refused(ValueError, r"^row 1: stop is NaN \(NaT\)", *calls())
    for dropped, opened in zip(calls(missing="drop"), calls(missing="open"), strict=True):
        assert dropped() == combine_intervals(start=starts[:1], stop=stops[:1])
        assert list(opened().levels) == [1, 3, 1]
    for make in (IntervalCollection.from_changes, IntervalCollection.from_levels):
        refused(ValueError, r"^row 0: at is NaN \(NaT\)$", lambda make=make: make(starts[2:], [1]))
    c = combine_intervals(start=starts[:1], stop=stops[:1])
    with pytest.raises(ValueError, match=r"^row 2: the coordinate is NaN \(NaT\)$"):
        c.at(starts)


@pytest.mark.parametrize("nothing", [None, pd.NA, np.ma.masked])
def test_a_coordinate_that_is_none_is_missing_data(nothing):
    refused(ValueError, "^row 1: start is missing; missing='drop'", *ways_in([(1, 2), (nothing, 2)]))
    refused(ValueError, "^row 1: stop is missing; missing='drop'", *ways_in([("a", "b"), ("a", nothing)]))
    for call in ways_in([(1, 2), (nothing, 2), (1, nothing)], missing="drop"):
        assert list(call()) == [(1, 2, 1)]


def test_what_is_under_a_mask_is_never_read():
    poison = np.array([1.0, NAN, INF, 9.0])
    starts = np.ma.array(poison, mask=[0, 1, 1, 1])
    stops = np.ma.array([2, 0, 0, 0], mask=[0, 0, 1, 0])
    refused(ValueError, "^row 1: start is missing", lambda: combine_intervals(start=starts, stop=stops))
    assert list(combine_intervals(start=starts, stop=stops, missing="drop")) == [(1.0, 2, 1)]
    rows = np.ma.array([[1, 2, 3], [9, 1, 5], [1, 2, 5]], mask=[[0, 0, 0], [1, 0, 0], [0, 0, 1]])
    refused(ValueError, "^row 1: start is missing", lambda: combine_intervals(rows))
    assert list(combine_intervals(rows, missing="drop")) == [(1, 2, 3)]
    times = np.ma.array(np.array(["2024-01-01", "2025-01-01"], "M8[D]"), mask=[False, True])
    assert list(combine_intervals(start=[MIDNIGHT] * 2, stop=times + np.timedelta64(1, "D"), missing="open")) == [
        (MIDNIGHT, MIDNIGHT + DAY, 2),
        (MIDNIGHT + DAY, INF, 1),
    ]


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        (2, 1),
        (2.5, 1),
        (10**400, 10**400 - 1),
        (Decimal("0.3"), Decimal("0.2")),
        (Fraction(2, 3), Fraction(1, 2)),
        (NEW_YEAR + DAY, NEW_YEAR),
        (MIDNIGHT + DAY, MIDNIGHT),
        ("b", "a"),
        (INF, 1),
        (1, -INF),
        (INF, -INF),
    ],
)
def test_a_reversed_row_is_neither_swapped_nor_negated(start, stop):
    refused(
        ValueError,
        "^row 2: start .* is after stop ",
        *ways_in([(start, start), (stop, stop), (start, stop), (INF, -INF)]),
    )


def test_a_reversed_row_of_an_array_is_named_with_both_ends():
    for dtype, shown_ends in (("i8", ("7", "3")), (">i2", ("7", "3")), ("f4", (r"7\.0", r"3\.0"))):
        starts, stops = np.array([1, 7, 9], dtype), np.array([2, 3, 1], dtype)
        refused(
            ValueError,
            "^row 1: start {} is after stop {}$".format(*shown_ends),
            lambda starts=starts, stops=stops: combine_intervals(start=starts, stop=stops),
        )
    times = np.array(["2024-01-02", "2024-01-01"], "M8[D]")
    refused(
        ValueError,
        r"^row 0: start datetime.datetime\(2024, 1, 2, 0, 0\) is after stop datetime.datetime\(2024, 1, 1, 0, 0\)$",
        lambda: combine_intervals(start=times[:1], stop=times[1:]),
    )


def test_empty_rows_are_accepted_and_contribute_nothing():
    for x in (0, 0.5, -0.0, 10**400, Decimal("1E+999999"), Fraction(1, 3), NEW_YEAR, MIDNIGHT, DAY, "a", INF, -INF):
        for call in ways_in([(x, x, 5)]):
            assert call() == IntervalCollection()


def test_open_ends_are_accepted_and_the_outer_levels_reach_out():
    for a, b in (
        (1, 2),
        (0.5, 1.5),
        (LOWEST, HIGHEST),
        (NEW_YEAR, NEW_YEAR + DAY),
        ("a", "b"),
        (Decimal(1), Decimal(2)),
    ):
        for call in ways_in([(-INF, b, 1), (a, INF, 2), (INF, INF, 9), (-INF, -INF, 9), (-INF, INF, 4)]):
            assert list(call()) == [(-INF, a, 5), (a, b, 7), (b, INF, 6)]
    floats = np.array([[-INF, 2], [1, INF], [INF, INF], [-INF, -INF]])
    assert list(combine_intervals(floats)) == [(-INF, 1.0, 1), (1.0, 2.0, 2), (2.0, INF, 1)]
    assert list(combine_intervals([(Decimal("-Infinity"), Decimal("Infinity"))])) == [(-INF, INF, 1)]
    assert list(combine_intervals([(np.float32("-inf"), 3)])) == [(-INF, 3, 1)]


def test_a_negative_zero_is_zero_whichever_came_first():
    for rows in (
        [(-0.0, 1.0), (0.0, 2.0)],
        [(0.0, 1.0), (-0.0, 2.0)],
        [(-0.0, 1), (0.0, 2)],
        [(-0.0, 1)],
        [(-1, -0.0)],
    ):
        for call in (*ways_in(rows), lambda rows=rows: combine_intervals(np.array(rows))):
            points = [spelled(x) for x in call().breakpoints if x == 0]
            assert points == [(float, "0.0")]
    for call in ways_in([(-0.0, 1), (0, 2)]):
        assert [spelled(x) for x in call().breakpoints if x == 0] == [(int, "0")]
    assert str(combine_intervals([(Decimal("-0.0"), Decimal(1))]).breakpoints[0]) == "0.0"
    assert spelled(combine_intervals([(-0.04, 1)], digits=1).breakpoints[0]) == (float, "0.0")


def test_large_ints_are_compared_exactly_and_never_through_a_float():
    for call in ways_in([(2**53 + 1, 2**60), (float(2**53), 2**60)]):
        assert list(map(spelled, call().breakpoints)) == list(map(spelled, [float(2**53), 2**53 + 1, 2**60]))
    for call in ways_in([(10**400, 10**400 + 2), (10**400 + 1, INF), (0.5, 1e308)]):
        assert list(call().breakpoints) == [0.5, 1e308, 10**400, 10**400 + 1, 10**400 + 2]
    unsigned = np.array([2**63, 2**64 - 1], "u8")
    assert list(combine_intervals(start=unsigned[:1], stop=unsigned[1:])) == [(2**63, 2**64 - 1, 1)]


def test_the_extremes_of_64_bits_are_coordinates_like_others():
    for call in (*ways_in([(LOWEST, HIGHEST, 2)]), lambda: combine_intervals(np.array([[LOWEST, HIGHEST, 2]]))):
        c = call()
        assert list(c) == [(LOWEST, HIGHEST, 2)]
        assert (c[LOWEST - 1], c[LOWEST], c[HIGHEST - 1], c[HIGHEST]) == (0, 2, 2, 0)
        assert c.integral() == 2 * (2**64 - 1)
        assert c.support.length == 2**64 - 1
    for call in ways_in([(LOWEST, 0), (0, HIGHEST), (-INF, LOWEST), (HIGHEST, INF)]):
        assert list(call()) == [(-INF, INF, 1)]


AWARE = MIDNIGHT.replace(tzinfo=dt.UTC)
DOMAINS = [1, 0.5, Decimal(1), Fraction(1, 2), NEW_YEAR, MIDNIGHT, AWARE, DAY, "a", (1,), b"a"]
MIXING = ({int, float}, {int, Decimal}, {int, Fraction})


@pytest.mark.parametrize("x", DOMAINS, ids=lambda x: type(x).__name__)
def test_domains_do_not_mix(x):
    for y in DOMAINS:
        if x is y or {type(x), type(y)} in MIXING:
            assert combine_intervals([(x, x), (y, y)]) == IntervalCollection()
        else:
            refused(TypeError, "^row 1: start .* does not mix with ", *ways_in([(x, x), (y, y)]))
            refused(TypeError, "^row 0: stop .* does not mix with ", *ways_in([(x, y)]))


def test_aware_datetimes_are_ordered_as_instants_in_a_fold_and_across_zones():
    first = dt.datetime(2024, 10, 27, 2, 30, tzinfo=BERLIN)
    second = first.replace(fold=1)
    early, late = first.replace(minute=45), second.replace(minute=15)
    for call in ways_in([(first, second), (early, late)]):
        c = call()
        assert list(c) == [(first, early, 1), (early, late, 2), (late, second, 1)]
        assert [(x.minute, x.fold) for x in c.breakpoints] == [(30, 0), (45, 0), (15, 1), (30, 1)]
        assert c.support.length == dt.timedelta(hours=1)
    refused(ValueError, "^row 0: start .* is after stop", *ways_in([(second, first)]), *ways_in([(late, early)]))
    tokyo = dt.datetime(2024, 10, 27, 9, 45, tzinfo=ZoneInfo("Asia/Tokyo"))  # 00:45 UTC
    assert combine_intervals([(first, tokyo)]).support.length == dt.timedelta(minutes=15)


def test_times_of_different_units_meet_in_the_finest_or_overflow():
    day, ns = np.array(["2024-01-01"], "M8[D]"), np.array([1_704_067_200_000_000_001], "i8").view("M8[ns]")
    c = combine_intervals(start=day, stop=ns)
    assert c.support.length == pd.Timedelta(1, "ns")
    far = np.array(["1500-01-01"], "M8[D]")
    refused(
        OverflowError,
        "^row 0: start .* beyond what 64 bits of nanoseconds hold",
        lambda: combine_intervals(start=far, stop=ns),
    )
    assert combine_intervals(start=far, stop=day).breakpoints[0] == dt.datetime(1500, 1, 1)


@pytest.mark.parametrize(
    "column",
    [
        np.array(["20000-01-01"], "M8[D]"),
        np.array(["-5000"], "M8[Y]"),
        np.array([10**18], "i8").view("M8[Y]"),
        np.array([10**18], "i8").view("M8[M]"),
        np.array([HIGHEST], "i8").view("M8[s]"),
        np.array([HIGHEST], "i8").view("m8[W]"),
        np.array([1], "i8").view("M8[ps]"),
        np.array([1001], "i8").view("m8[fs]"),
    ],
    ids=lambda x: type(x).__name__,
)
def test_times_beyond_all_datetimes_or_finer_than_nanoseconds_are_never_truncated(column):
    refused(OverflowError, "start", lambda: combine_intervals(start=column, stop=column))
    refused(OverflowError, "", lambda: combine_intervals([(column[0], column[0])]))


@pytest.mark.parametrize("dtype", ["m8[Y]", "m8[M]", "m8"])
def test_times_without_a_fixed_length_are_refused(dtype):
    column = np.array([1], "i8").view(dtype)
    refused(TypeError, "no fixed length", lambda: combine_intervals(start=column, stop=column))


def test_instants_beyond_utc_are_an_overflow():
    west, east = (dt.timezone(dt.timedelta(hours=hours)) for hours in (-12, 12))
    for x in (dt.datetime.min.replace(tzinfo=east), dt.datetime.max.replace(tzinfo=west)):
        refused(OverflowError, "^row 0: start .* beyond what a datetime can hold", *ways_in([(x, x)]))


def test_a_huge_decimal_is_compared_without_writing_it_out():
    huge, tiny = Decimal("1E+999999"), Decimal("1E-999999")
    extreme = Decimal("9.9E+999999999999999999")
    for call in ways_in([(1, huge, 3), (tiny, 2, 1), (huge, extreme, 2)]):
        assert list(call()) == [(tiny, 1, 1), (1, 2, 4), (2, huge, 3), (huge, extreme, 2)]
    for call in ways_in([(Decimal("0.1"), huge), (Decimal("0.1"), extreme)]):
        c = call()
        assert list(c) == [(Decimal("0.1"), huge, 2), (huge, extreme, 1)]
        assert [c[x] for x in (5, huge, extreme, extreme.copy_negate(), tiny)] == [2, 1, 0, 0, 0]
        assert c + 1 - 1 == c
        assert c[1:huge].span == Interval(1, huge)
    small = combine_intervals([(Decimal("0.1"), Decimal("0.2"))])
    assert [small[x] for x in (huge, extreme, extreme.copy_negate(), tiny)] == [0, 0, 0, 0]
    assert list(small + call()) == [(Decimal("0.1"), Decimal("0.2"), 3), (Decimal("0.2"), huge, 2), (huge, extreme, 1)]


@pytest.mark.parametrize(
    "x",
    [
        *(True, np.bool_(True), 1j, np.complex64(1), np.complex128(1), np.longdouble(1), np.array([1, 2]), np.array(1)),
        *({1}, frozenset({1}), {"a": 1}, object(), refused, int, ...),
    ],
    ids=lambda x: type(x).__name__,
)
def test_what_is_no_coordinate_is_a_type_error(x):
    refused(
        TypeError,
        "^row 1: (start|stop) .* is no coordinate$",
        *ways_in([(-INF, INF), (x, INF)]),
        *ways_in([(1, 1), (1, x)]),
    )


def test_columns_of_what_is_no_coordinate_are_a_type_error():
    for column in (np.array([True]), np.array([1j]), np.array([1], np.longdouble), [{1}], [1j]):
        refused(TypeError, "start", lambda column=column: combine_intervals(start=column, stop=column))


class Moody:
    """An ordered coordinate that raises at some comparison."""

    left = -1

    def __init__(self, x):
        self.x = x

    def __lt__(self, other):
        Moody.left -= 1
        if Moody.left == 0:
            raise Moody.error
        return self.x < other.x


class OddError(ValueError):
    """An error that cannot be made from a message alone."""

    def __init__(self, one, other):
        super().__init__(one, other)


def raising_at_every_step(error, call):
    """Check that an error at the k-th comparison comes out itself, for every k; give how many there were."""
    Moody.error = error
    for k in count(1):
        Moody.left = k
        try:
            call()
        except type(error) as raised:
            came_through = raised is error
        else:
            assert Moody.left > 0
            return k - 1
        finally:
            Moody.left = -1
        assert came_through
    raise AssertionError


@pytest.mark.parametrize(
    "error", [OddError(1, 2), ZeroDivisionError("!"), MemoryError(), TypeError("mine")], ids=lambda x: type(x).__name__
)
def test_an_error_of_a_comparison_comes_through_as_itself(error):
    xs = [Moody(x) for x in (1, 3, 2, 5, 4)]
    rows = [(xs[0], xs[1], 1), (xs[2], xs[3], 2), (xs[0], xs[4], 3)]
    assert raising_at_every_step(error, lambda: combine_intervals(rows)) > 3
    assert raising_at_every_step(error, lambda: combine_intervals(rows, how="max")) > 3
    c = combine_intervals(rows)
    d = combine_intervals([(xs[2], xs[4], 1)])
    before = shown(c)[1]
    for call in (
        lambda: c[xs[2]],
        lambda: xs[2] in c,
        lambda: c.limit(xs[2], "left"),
        lambda: c.at([xs[0], xs[2]]),
        lambda: c[xs[0] : xs[4]],
        lambda: c + d,
        lambda: c - d,
        lambda: c.max(),
        lambda: c.argmax(within=(xs[0], xs[2])),
        lambda: c.support & d.support,
        lambda: c.support.gaps(),
    ):
        assert raising_at_every_step(error, call) > 0
        assert shown(c)[1] == before


class Liar:
    """A coordinate whose order is none."""

    def __init__(self, answer):
        self.answer = answer

    def __lt__(self, other):
        return self.answer()

    def __repr__(self):
        return "Liar"


@pytest.mark.parametrize("how", ["sum", "count", "max", "min"])
def test_an_order_that_lies_breaks_no_invariant(how):
    choose = random.Random(1)
    for _ in range(300):
        answer = choose.choice([lambda: True, lambda: False, lambda: choose.random() < 0.5])
        rows = [(Liar(answer), Liar(answer), choose.randrange(-2, 3)) for _ in range(choose.randrange(8))]
        result = outcome(lambda rows=rows: combine_intervals(rows, how=how))
        assert result[0] in (ValueError, IntervalCollection)
        if result[0] is IntervalCollection:
            try:
                c = combine_intervals(rows, how=how)
            except ValueError:
                continue
            assert keeps_its_invariants(c)
            assert keeps_its_invariants(c + c)


def test_an_order_that_empties_the_input_does_no_harm():
    rows = []

    def empty():
        rows.clear()
        return False

    for _ in range(20):
        rows[:] = [[Liar(empty), Liar(empty), 1] for _ in range(50)]
        assert combine_intervals(rows) == IntervalCollection()
        assert not rows


def test_an_ordered_coordinate_stays_the_object_it_is():
    class Version(Moody):
        def __index__(self):
            return self.x

    versions = [Version(1), Version(2)]
    c = combine_intervals([versions])
    assert all(found is given for found, given in zip(c.breakpoints, versions, strict=True))
    assert c[versions[0]] == 1


# 16 to 25: values


@pytest.mark.parametrize("value", [NAN, np.float32("nan"), Decimal("NaN"), Decimal("sNaN"), None, pd.NA, pd.NaT])
def test_a_value_that_is_nan_or_missing_is_refused(value):
    refused(ValueError, "^row 1: value is (NaN|missing)", *ways_in([(0, 1, 1), (0, 1, value)]))


@pytest.mark.parametrize("value", [INF, -INF, np.float16("inf"), Decimal("Infinity"), Decimal("-Infinity")])
def test_a_value_that_is_infinite_is_refused(value):
    for how in ("sum", "max", "min"):
        refused(
            ValueError, "^row 1: value is -?inf; values must be finite$", *ways_in([(0, 1, 1), (0, 1, value)], how=how)
        )
    column = np.array([1.0, float(value)])
    refused(
        ValueError,
        "^row 1: value is -?inf; values must be finite$",
        lambda: combine_intervals(start=[0, 0], stop=[1, 1], value=column),
        lambda: combine_intervals(start=np.zeros(2), stop=np.ones(2), value=column),
    )


def test_a_sum_may_pass_beyond_the_largest_float_and_come_back():
    for call in ways_in([(0, 1, 1e308), (0, 1, 1e308), (0, 1, -1e308)]):
        assert spelled(call()[0]) == spelled(1e308)
    rows = [(0, 2, 1e308), (1, 3, 1e308), (5, 6, 1.0)]
    refused(OverflowError, r"^the level on \[1, 2\) is beyond the largest float$", *ways_in(rows))
    refused(OverflowError, r"^the level on \[1\.0, 2\.0\)", lambda: combine_intervals(np.array(rows)))
    refused(OverflowError, r"^the level on \[-inf, inf\)", *ways_in([(-INF, INF, 10**400), (0, 0, 0.5)]))


def test_values_that_cancel_leave_nothing():
    for call in ways_in([(0, 1, 1e16), (0, 1, 1.0), (0, 1, -1e16)]):
        assert list(call()) == [(0, 1, 1.0)]
    rows = [(0, 1, x) for _ in range(10) for x in (0.1, -0.1)]
    for call in (*ways_in(rows), lambda: combine_intervals(np.array(rows))):
        assert call() == IntervalCollection()
        assert [spelled(x) for x in call().levels] == [(float, "0.0")]


def test_subnormals_are_rounded_correctly_and_zero_is_positive():
    for call in ways_in([(0, 3, 5e-324), (1, 2, -5e-324), (4, 5, 2.2250738585072014e-308), (4, 5, -5e-324)]):
        assert list(call()) == [(0, 1, 5e-324), (2, 3, 5e-324), (4, 5, 2.225073858507201e-308)]
        assert spelled(call()[1]) == (float, "0.0")
    for call in ways_in([(0, 1, 1.0), (1, 2, Fraction(-1, 2**1100)), (2, 3, 1.0)]):
        assert spelled(call()[1]) == (float, "0.0")
    assert spelled(combine_intervals([(0, 1, -0.0)], how="max").levels[0]) == (float, "0.0")
    assert list(map(spelled, combine_intervals([(0, 1, 1.0), (1, 2, -0.0)], how="min").levels)) == list(
        map(spelled, [0.0, 1.0, 0.0])
    )


def test_ints_beyond_64_bits_stay_exact():
    column = np.full(4, HIGHEST)
    for call in (
        *ways_in([(0, 1, HIGHEST)] * 4),
        lambda: combine_intervals(start=np.zeros(4, "i8"), stop=np.ones(4, "i8"), value=column),
    ):
        c = call()
        assert list(c) == [(0, 1, 4 * HIGHEST)]
        assert c.integral(within=(-(2**70), 2**70)) == 4 * HIGHEST
    lowest = combine_intervals(start=np.array([0]), stop=np.array([1]), value=np.array([LOWEST]))
    assert list(-lowest) == [(0, 1, 2**63)]
    assert list(lowest - lowest - lowest) == [(0, 1, 2**63)]
    for how in ("max", "min"):
        assert list(combine_intervals([(0, 1, LOWEST), (0, 1, LOWEST)], how=how)) == [(0, 1, LOWEST)]


@pytest.mark.parametrize("dtype", ["u1", "i1", "?", "u8", "f2", "f4"])
def test_narrow_columns_are_widened_before_any_arithmetic(dtype):
    values = np.array([1, 1, 1], dtype) * np.array(np.iinfo(dtype).max if dtype[0] in "ui" else 1, dtype)
    number = values[0].item()
    python = combine_intervals([(0, 1, number)] * 3)
    assert list(python) == [(0, 1, 3 * number)]
    for call in (
        lambda: combine_intervals(start=np.zeros(3), stop=np.ones(3), value=values),
        lambda: combine_intervals(start=[0.0] * 3, stop=[1.0] * 3, value=values),
        lambda: combine_intervals([(0.0, 1.0, x) for x in values]),
    ):
        assert call() == python
        assert spelled(call()[0]) == spelled(3 * number)


def test_longdouble_is_refused():
    wide = np.longdouble("0.1")
    refused(TypeError, "^row 1: value is .*longdouble", *ways_in([(0, 1, 1), (0, 1, wide)]))
    columns = {"start": [0], "stop": [1]}
    for name in ("start", "stop", "value"):
        refused(
            TypeError,
            f"^{name} is a buffer of format 'g'",
            lambda name=name: combine_intervals(**{**columns, name: np.array([wide])}),
        )


@pytest.fixture
def hostile_context():
    with localcontext() as context:
        context.clear_flags()
        context.prec = 3
        context.rounding = ROUND_UP
        context.Emax, context.Emin = 5, -5
        for signal_ in (Inexact, Rounded, Subnormal, FloatOperation):
            context.traps[signal_] = True
        yield context


def test_decimals_do_not_depend_on_the_ambient_context(hostile_context):
    forty = Decimal("1234567890123456789012345678901234567.890")
    sevenths = Decimal("0.1428571428571428571428571428571428571428")
    c = combine_intervals([(sevenths, forty, forty), (Decimal(0), forty, sevenths)])
    assert [str(x) for x in c.breakpoints] == ["0", str(sevenths), str(forty)]
    assert str(c[1]) == "1234567890123456789012345678901234568.0328571428571428571428571428571428571428"
    assert c - c == IntervalCollection()
    assert c[Decimal("1E+9")] == c[1]
    third = combine_intervals([(0, 3, Decimal(1))])
    assert str((third / 3)[0]) == str(third.mean(within=(0, 9))) == "0." + "3" * 28
    assert str(third.integral()) == "3"
    assert str((third * Decimal("0.1234567"))[1]) == "0.1234567"
    assert (third + Decimal("1E+20"))[1] == Decimal("100000000000000000001")
    assert (c == third, c > 1, hash(c) == hash(c + 0)) == (False, c >= 2, True)
    assert IntervalSet([(sevenths, forty)]).length == Decimal("1234567890123456789012345678901234567.747")
    assert eval(repr(c)) == c
    assert not any(hostile_context.flags.values())


def test_decimals_with_floats_or_fractions_are_refused():
    for a, b in ((Decimal(1), 0.5), (0.5, Decimal(1)), (Decimal(1), Fraction(1, 2)), (Fraction(1, 2), Decimal(1))):
        for how in ("sum", "max", "min"):
            message = (
                rf"^row 2: value is .*of type {type(b).__name__}; values before it are of type {type(a).__name__}$"
            )
            refused(TypeError, message, *ways_in([(0, 1, a), (0, 1, 1), (0, 1, b)], how=how))


@pytest.mark.parametrize(
    "value", ["1", b"1", (), [1], {1}, 1j, np.complex64(1), object(), DAY, NEW_YEAR, np.datetime64("2024"), len]
)
def test_a_value_that_is_no_number_is_refused(value):
    refused(TypeError, "^row 1: value is .*; it must be a number$", *ways_in([(0, 1, 1), (0, 1, value)]))


@pytest.mark.parametrize("kind", [int, float, Fraction, Decimal])
def test_an_error_of_a_value_is_its_own_or_the_answer_is_right(kind):
    class Bomb(kind):
        left = -1

        def tick(self, name, *arguments):
            Bomb.left -= 1
            if Bomb.left == 0:
                raise OddError(1, 2)
            return getattr(super(), name)(*arguments)

    for name in ("add", "radd", "sub", "rsub", "neg", "eq", "bool", "lt", "mul", "rmul", "abs", "hash"):
        method = f"__{name}__"
        if hasattr(kind, method):
            setattr(Bomb, method, lambda self, *arguments, method=method: Bomb.tick(self, method, *arguments))
    rows = [(0, 2, Bomb(1)), (1, 3, Bomb(2)), (1, 3, Bomb(-2))]
    wanted = shown(
        combine_intervals([(start, stop, kind(value)) for start, stop, value in [(0, 2, 1), (1, 3, 2), (1, 3, -2)]])
    )
    for k in range(1, 40):
        for how in ("sum", "count"):
            Bomb.left = k
            try:
                c = combine_intervals(rows, how=how)
            except OddError:
                continue
            finally:
                Bomb.left = -1
            assert how == "count" or shown(c) == wanted


class Mute:
    """An ordered object that cannot be shown."""

    def __init__(self, x):
        self.x = x

    def __lt__(self, other):
        return self.x < other.x

    def __repr__(self):
        raise RuntimeError("no repr")


def test_a_message_is_made_whatever_is_in_it():
    long = Decimal("9" * 400)
    refused(
        TypeError,
        r"^row 1: value is Decimal\('9{41}\.\.\. \(411 characters\), of type Decimal",
        *ways_in([(0, 1, 0.5), (0, 1, long)]),
    )
    refused(
        ValueError, r"^row 0: start 9{50}\.\.\. \(400 characters\) is after stop 1$", *ways_in([(int("9" * 400), 1)])
    )
    refused(TypeError, "^row 0: value is <an object of type Mute>, of type Mute; ", *ways_in([(0, 1, Mute(1))]))
    refused(
        ValueError,
        "^row 0: start <an object of type Mute> is after stop <an object of type Mute>$",
        *ways_in([(Mute(2), Mute(1))]),
    )
    refused(
        TypeError,
        "^row 1: start <an object of type Mute> does not mix with ints",
        *ways_in([(1, 2), (Mute(1), Mute(2))]),
    )
    refused(ValueError, r"^row 0: start <an object of type int> is after stop 1$", *ways_in([(10**5000, 1)]))
    c = combine_intervals([(Mute(1), Mute(2))])
    assert c[Mute(1)] == 1
    refused(TypeError, "^<an object of type Mute> does not mix with ints", lambda: combine_intervals([(1, 2)])[Mute(1)])
    refused(ValueError, "^closed is <an object of type Mute>; ", lambda: combine_intervals([], closed=Mute(1)))
    refused(
        TypeError, "^step is <an object of type Mute>; ", lambda: combine_intervals([], closed="both", step=Mute(1))
    )
    refused(TypeError, "^digits is <an object of type Mute>; ", lambda: combine_intervals([], digits=Mute(1)))
    refused(TypeError, "^within is <an object of type Mute>; ", lambda: c.max(within=Mute(1)))


# 26 to 31: containers and columns


NOTHINGS = {
    "no argument": combine_intervals,
    "list": lambda: combine_intervals([]),
    "tuple": lambda: combine_intervals(()),
    "set": lambda: combine_intervals(set()),
    "iterator": lambda: combine_intervals(iter(())),
    "dict view": lambda: combine_intervals({}.values()),
    "collection": lambda: combine_intervals(IntervalCollection()),
    "region": lambda: combine_intervals(IntervalSet()),
    "array": lambda: combine_intervals(np.array([])),
    "array of two columns": lambda: combine_intervals(np.empty((0, 2))),
    "array of three columns": lambda: combine_intervals(np.empty((0, 3), dtype="M8[us]")),
    "structured array": lambda: combine_intervals(np.empty(0, dtype=[("start", "f8"), ("stop", "f8")])),
    "lists": lambda: combine_intervals(start=[], stop=[], value=[]),
    "arrays": lambda: combine_intervals(start=np.array([]), stop=np.array([], "i8"), value=np.array([])),
    "arrays of integers and floats": lambda: combine_intervals(
        start=np.array([], "i1"), stop=np.array([], "i8"), value=np.array([], "f4")
    ),
    "arrays of times": lambda: combine_intervals(start=np.array([], "M8[D]"), stop=np.array([], "M8[ns]"), value=1),
    "arrays of the standard library": lambda: combine_intervals(start=array("q"), stop=array("d")),
    "bytes": lambda: combine_intervals(start=b"", stop=b""),
    "dropped rows": lambda: combine_intervals([(None, 1), (1, None)], missing="drop"),
    "inclusive days": lambda: combine_intervals([], closed="both", step=DAY),
    "inclusive days, dropped": lambda: combine_intervals([(None, NEW_YEAR)], closed="both", step=DAY, missing="drop"),
    "exclusive days": lambda: combine_intervals([(INF, INF)], closed="neither", step=DAY),
    "digits": lambda: combine_intervals([], digits=2),
    "right": lambda: combine_intervals([], closed="right"),
    "no changes": lambda: IntervalCollection.from_changes([], []),
    "no levels": lambda: IntervalCollection.from_levels(np.array([]), ()),
}


@pytest.mark.parametrize("make", NOTHINGS.values(), ids=NOTHINGS)
@pytest.mark.parametrize("how", ["sum", "count"])
def test_nothing_of_any_kind_is_the_empty_collection_and_everything_works_on_it(make, how):
    c = make()
    assert c == IntervalCollection()
    assert hash(c) == hash(IntervalCollection())
    assert [spelled(x) for x in c.levels] == [(int, "0")]  # no rows are ints, whatever array they are not in
    assert (len(c), bool(c), list(c), list(reversed(c)), c.span) == (0, False, [], [], None)
    assert (list(c.breakpoints), list(c.levels), len(c.segments())) == ([], [0], 0)
    assert (c[0], c["a"], c[INF], c.limit(0, "left"), 5 in c, list(c.at([1, 2]))) == (0, 0, 0, 0, False, [0, 0])
    assert c[1:2] == c + c == c - c == -c == c * 2 == c / 2 == c
    assert c.support == IntervalSet()
    assert (c >= 0) == ~IntervalSet()
    assert (c.integral(), c.mean(within=(0, 1)), c.max(within=(0, 1)), c.nlargest(2, within=(0, 1))) == (0, 0, 0, [])
    assert c + combine_intervals([(1, 2)], closed=c.closed, how=how) == combine_intervals([(1, 2)], closed=c.closed)
    assert eval(repr(c)) == c


@pytest.mark.parametrize(
    "data",
    ["", "ab", b"", b"ab", {}, {"start": [1], "stop": [2]}, 5, object(), len, 1.5, NAN, dt.UTC],
    ids=lambda x: type(x).__name__,
)
def test_no_unknown_container_is_read_as_empty(data):
    message = "^data is of type .*; it must be an iterable of rows"
    refused(
        TypeError, message, lambda: combine_intervals(data), lambda: IntervalCollection(data), lambda: IntervalSet(data)
    )


@pytest.mark.parametrize(
    "column", ["", "ab", {}, set(), {1}, 5, object(), {1: 2}.keys()], ids=lambda x: type(x).__name__
)
def test_no_unknown_column_is_read_as_empty(column):
    for name in ("start", "stop"):
        other = {"start": "stop", "stop": "start"}[name]
        refused(
            TypeError,
            f"^{name} is of type ",
            lambda name=name, other=other: combine_intervals(**{name: column, other: [1]}),
        )
    if column != 5:
        refused(TypeError, "^value is of type ", lambda: combine_intervals(start=[1], stop=[2], value=column))


def test_a_column_that_is_not_given_is_named():
    refused(TypeError, "^stop is missing", lambda: combine_intervals(start=[1]))
    refused(TypeError, "^start is missing", lambda: combine_intervals(stop=[1]), lambda: combine_intervals(value=[1]))


def test_rows_and_columns_are_not_given_together():
    for column in ([1], np.array([1, 2]), "a", np.array(1)):
        for name in ("start", "stop", "value"):
            refused(
                TypeError,
                "^intervals come as rows .* not as both$",
                lambda name=name, column=column: combine_intervals([(1, 2)], **{name: column}),
                lambda name=name, column=column: combine_intervals(np.array([[1, 2]]), **{name: column}),
            )


def test_an_error_of_a_generator_comes_through_as_itself():
    error = OddError(1, 2)

    def half(items):
        yield from items
        raise error

    for call in (
        lambda: combine_intervals(half([(1, 2), (2, 3)])),
        lambda: combine_intervals(half([])),
        lambda: combine_intervals([(1, 2), half([1, 2])]),
        lambda: combine_intervals(start=half([1]), stop=[2]),
        lambda: combine_intervals(start=[1], stop=half([2])),
        lambda: combine_intervals(start=[1], stop=[2], value=half([3])),
        lambda: IntervalSet(half([(1, 2)])),
        lambda: IntervalCollection.from_levels(half([1]), [1]),
        lambda: combine_intervals([(1, 2)]).at(half([1])),
    ):
        with pytest.raises(OddError) as raised:
            call()
        assert raised.value is error


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("ab", TypeError),
        (b"ab", TypeError),
        (bytearray(b"ab"), TypeError),
        ({"start": 1, "stop": 2}, TypeError),
        ({1, 2}, TypeError),
        (frozenset((1, 2)), TypeError),
        ({1: 2, 3: 4}.keys(), TypeError),
        (5, TypeError),
        (None, TypeError),
        (NAN, TypeError),
        ((), ValueError),
        ((1,), ValueError),
        ((1, 2, 3, 4), ValueError),
        ([1, 2, 3, 4], ValueError),
        (range(9), ValueError),
        (np.array([1]), ValueError),
    ],
    ids=lambda x: type(x).__name__,
)
def test_a_row_that_is_none_is_refused_by_number(row, error):
    for good in ((1, 2), (1, 2, 3), Interval(1, 2)):
        refused(
            error,
            r"^row 2: (.* is no row|has \d items); it must be \(start, stop\) or \(start, stop, value\)$",
            lambda good=good: combine_intervals([good, good, row]),
            lambda good=good: combine_intervals(iter([good, good, row, "x"])),
            lambda good=good: IntervalSet([good, good, row]),
        )
    refused(error, "^row 0: ", lambda: combine_intervals([row, (1, 2)]), lambda: combine_intervals([row, row]))


def test_columns_of_different_length_are_refused():
    for make in (list, np.array, tuple, iter, lambda xs: array("q", xs)):
        refused(
            ValueError,
            "^start has 3 rows, stop has 2$",
            lambda make=make: combine_intervals(start=make([1, 2, 3]), stop=make([2, 3])),
        )
        for how in ("sum", "count"):
            refused(
                ValueError,
                "^start has 2 rows, value has 3$",
                lambda make=make, how=how: combine_intervals(
                    start=make([1, 2]), stop=make([2, 3]), value=make([1, 2, 3]), how=how
                ),
            )
    refused(
        ValueError, "^start has 1 rows, stop has 0$", lambda: combine_intervals(start=np.array([1]), stop=np.array([]))
    )


@pytest.mark.parametrize("shape", [(), (3,), (1, 1), (2, 4), (2, 3, 1), (1, 2, 3), (0, 7), (5, 0), (0, 2, 2)])
def test_arrays_of_other_shapes_are_refused(shape):
    for dtype in ("i8", "f8", "M8[us]"):
        rows = np.zeros(shape, dtype)
        refused(
            ValueError,
            r"^an array of intervals has the shape \(n, 2\) or \(n, 3\), not \(",
            lambda rows=rows: combine_intervals(rows),
        )
        if len(shape) != 1:
            refused(
                ValueError,
                r"^stop has the shape .*; it must have one dimension$",
                lambda rows=rows: combine_intervals(start=[1], stop=rows),
            )


def test_arrays_of_every_layout_are_read_alike():
    rows = np.array([[2, 4, 3], [1, 3, 2], [1, 2, -7]])
    wanted = combine_intervals(rows.tolist())
    wide = np.zeros((6, 7), rows.dtype)
    wide[::2, 1:6:2] = rows
    read_only = rows.copy()
    read_only.flags.writeable = False
    packed = np.frombuffer(bytes(1) + rows.tobytes(), "u1")[1:].view("i8").reshape(3, 3)  # not aligned
    for layout in (
        np.asfortranarray(rows),
        rows[::-1],
        rows[::-1, :].copy(order="F")[::-1],
        wide[::2, 1:6:2],
        read_only,
        rows.astype(">i8"),
        rows.astype(">f4"),
        np.broadcast_to(rows, (3, 3)),
        packed,
    ):
        assert combine_intervals(layout) == wanted
        assert combine_intervals(start=layout[:, 0], stop=layout[:, 1], value=layout[:, 2]) == wanted
    assert combine_intervals(start=np.broadcast_to(1, 3), stop=np.broadcast_to(2, 3)) == combine_intervals([(1, 2, 3)])


# 38 to 45: the machine and the host


if hasattr(signal, "setitimer"):

    def test_ctrl_c_ends_a_long_combine_soon(backend):
        size = 150_000 if backend == "python" else 5_000_000
        starts = np.random.default_rng(1).random(size)
        stops, values = starts + 1, np.full(size, 0.1)

        def seconds(interrupted_after=0.0):
            began = time.monotonic()
            signal.setitimer(signal.ITIMER_REAL, interrupted_after)
            try:
                combine_intervals(start=starts, stop=stops, value=values)
                signal.setitimer(signal.ITIMER_REAL, 0)
            except KeyboardInterrupt:
                assert interrupted_after
            return time.monotonic() - began

        before, tracer = signal.signal(signal.SIGALRM, signal.default_int_handler), sys.gettrace()
        sys.settrace(None)  # where coverage is interrupted it may keep its lock, and wait for it for ever
        try:
            whole = min(seconds(), seconds())
            # A call that hears nothing until it is done takes as long as a whole one; a busy machine may do so once.
            assert any(seconds(interrupted_after=whole / 10) < whole / 2 for _ in range(5))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            sys.settrace(tracer)
        assert list(combine_intervals(start=starts[:1] * 0, stop=stops[:1] * 0 + 1)) == [(0.0, 1.0, 1)]


EXTENSION = dispatch.choose("auto")[0]

if hasattr(EXTENSION, "panic_now"):

    def test_a_panic_is_a_runtime_error_and_the_next_call_works():
        for _ in range(3):
            with pytest.raises(RuntimeError) as raised:
                EXTENSION.panic_now()
            assert isinstance(raised.value, Exception)
            assert list(combine_intervals([(1, 2)])) == [(1, 2, 1)]


class Refusing:
    """A finder that fails to load the extension."""

    def __init__(self, error):
        self.error = error

    def find_spec(self, name, path=None, target=None):
        if name == dispatch.EXTENSION:
            raise self.error


@pytest.fixture
def refusing(monkeypatch):
    def refuse(error):
        monkeypatch.delitem(sys.modules, dispatch.EXTENSION, raising=False)
        monkeypatch.setattr(sys, "meta_path", [Refusing(error), *sys.meta_path])

    return refuse


def test_an_absent_extension_falls_back_silently_and_backend_says_why(refusing):
    refusing(ModuleNotFoundError("No module named it", name=dispatch.EXTENSION))
    extension, backend = dispatch.choose("auto")  # a warning would be an error here
    assert extension is None
    assert backend == ("python", "intervalues._rust is not installed")


@pytest.mark.parametrize(
    "error",
    [
        ImportError("undefined symbol: Py_Frobnicate"),
        ModuleNotFoundError("No module named 'other'", name="other"),
        ImportError("module intervalues._rust does not support loading in subinterpreters"),
        RuntimeError("init failed"),
        OSError("bad format"),
    ],
)
def test_a_broken_extension_falls_back_with_one_warning_and_the_reason_kept(refusing, error):
    refusing(error)
    reason = f"intervalues._rust cannot be loaded: {error!r}"
    with pytest.warns(RuntimeWarning, match=f"^{re.escape('intervalues runs in pure Python: ' + reason)}$") as caught:
        extension, backend = dispatch.choose("auto")
    assert len(caught) == 1
    assert (extension, backend) == (None, ("python", reason))


@pytest.mark.parametrize("version", ["0.0.0", None, 3])
def test_an_extension_of_another_version_is_not_used(monkeypatch, version):
    module = types.ModuleType(dispatch.EXTENSION)
    if version is not None:
        module.__version__ = version
    monkeypatch.setitem(sys.modules, dispatch.EXTENSION, module)
    with pytest.warns(
        RuntimeWarning, match=f"of version {version or 'unknown'}, the package of {intervalues.__version__}"
    ):
        extension, backend = dispatch.choose("auto")
    assert (extension, backend.name) == (None, "python")
    with pytest.raises(ImportError, match=r"^INTERVALUES_BACKEND=rust, but .* is of version"):
        dispatch.choose("rust")


@pytest.mark.parametrize("setting", ["auto", "rust"])
def test_an_extension_of_the_same_version_is_used(monkeypatch, setting):
    module = types.ModuleType(dispatch.EXTENSION)
    module.__version__ = intervalues.__version__
    monkeypatch.setitem(sys.modules, dispatch.EXTENSION, module)
    assert dispatch.choose(setting) == (module, ("rust", f"intervalues._rust {intervalues.__version__}"))


def test_pure_python_looks_for_no_extension(refusing):
    refusing(AssertionError("it was looked for"))
    assert dispatch.choose("python") == (None, ("python", "INTERVALUES_BACKEND=python"))


def test_a_forced_extension_that_cannot_load_is_an_import_error(refusing):
    error = ImportError("undefined symbol")
    refusing(error)
    with pytest.raises(
        ImportError, match=r"^INTERVALUES_BACKEND=rust, but intervalues._rust cannot be loaded"
    ) as raised:
        dispatch.choose("rust")
    assert raised.value.__cause__ is error


def test_an_interrupt_while_loading_comes_through(refusing):
    refusing(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        dispatch.choose("auto")


@pytest.mark.parametrize("setting", ["", "Rust", "c", "python "])
def test_a_bad_setting_names_the_choices(setting):
    with pytest.raises(ValueError, match=r"^INTERVALUES_BACKEND is .*; it must be one of auto, python, rust$"):
        dispatch.choose(setting)


def test_the_environment_variable_chooses_at_import(run_python, backend):
    show = "import intervalues as iv; print(*iv.backend(), sep='|')"
    block = "import sys; sys.modules['intervalues._rust'] = None; "
    assert run_python(show).stdout.startswith(f"{backend}|")
    assert run_python(show, INTERVALUES_BACKEND="python").stdout == "python|INTERVALUES_BACKEND=python\n"
    absent = run_python(block + show, INTERVALUES_BACKEND="auto")
    assert (absent.stdout, absent.stderr) == ("python|intervalues._rust is not installed\n", "")
    forced = run_python(block + show, INTERVALUES_BACKEND="rust")
    assert forced.returncode == 1
    last = forced.stderr.splitlines()[-1]
    assert last == "ImportError: INTERVALUES_BACKEND=rust, but intervalues._rust is not installed"
    bad = run_python(show, INTERVALUES_BACKEND="fortran")
    assert bad.stderr.splitlines()[-1].startswith(
        "ValueError: INTERVALUES_BACKEND is 'fortran'; it must be one of auto,"
    )


def test_backend_tells_which_is_active(backend):
    assert intervalues.backend().name == backend
    assert intervalues.backend() is dispatch._active


class Scripted:
    """An extension that answers from a script and keeps what it was asked."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def combine_rows(self, *arguments):
        self.asked.append(arguments)
        return self.answer

    def combine_lists(self, *arguments):
        return None

    def combine_columns(self, *arguments, open_ends):
        self.asked.append((*arguments, open_ends))
        return self.answer


def test_what_the_extension_declines_is_done_in_python(monkeypatch):
    def calls():
        rows = [(1, 3, 2), (2, 4, 3)]
        for how in ("sum", "max"):
            yield combine_intervals(rows, how=how)
            yield combine_intervals(np.array(rows), how=how)
            yield combine_intervals(start=np.array([1.5]), stop=array("d", [2.5]), value=np.array([3]), how=how)
        yield combine_intervals([(1, 2, 10**30)])
        yield combine_intervals([(1, 5)], closed="both", step=2**70)
        yield combine_intervals([("a", "b")])

    wanted = list(map(shown, calls()))
    declining = Scripted(None)
    monkeypatch.setattr(dispatch, "_extension", declining)
    assert list(map(shown, calls())) == wanted
    assert declining.asked


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ((array("q", [1, 2]), array("q", [0, 7, 0]), None, None), [(1, 2, 7)]),
        ((array("d", [1.5, 2]), array("q", [0, 7, 0]), None, None), [(1.5, 2.0, 7)]),
        ((array("q", [1, 2]), array("d", [0, 0.5, 0]), None, None), [(1, 2, 0.5)]),
        ((array("q", [1, 2]), array("q", [0, 7, 0]), 1, 2), [(Decimal("0.1"), Decimal("0.2"), Decimal("0.07"))]),
    ],
)
def test_what_the_extension_gives_is_the_collection(monkeypatch, answer, wanted):
    scripted = Scripted(answer)
    monkeypatch.setattr(dispatch, "_extension", scripted)
    c = combine_intervals([(0, 0)], how="max")
    assert [list(map(spelled, interval)) for interval in c] == [list(map(spelled, row)) for row in wanted]
    assert scripted.asked == [([(0, 0)], Interval, "max", None, 0, 0)]
    d = combine_intervals(start=np.array([0]), stop=np.array([0]), closed="both", step=3, digits=2)
    assert d == c
    assert scripted.asked[1][2:] == (None, "sum", 2, 0, 3, False)
    combine_intervals(start=np.array([0]), stop=np.array([0]), closed="neither", step=3)
    assert scripted.asked[2][2:] == (None, "sum", None, 3, 0, False)
    assert combine_intervals([(0, 0)], closed="right").closed == "right"


def test_the_extension_combines_checked_columns_too(monkeypatch):
    scripted = Scripted((array("q", [0, 31]), array("q", [0, 7, 0]), None, None))
    monkeypatch.setattr(dispatch, "_extension", scripted)
    epoch = dt.date(1970, 1, 1)
    c = combine_intervals(start=[epoch], stop=[epoch + DAY], how="count")
    assert list(c) == [(epoch, dt.date(1970, 2, 1), 7)]
    starts, stops, *rest = scripted.asked[0]
    assert (starts.tolist(), stops.tolist(), rest) == ([0], [1], [None, "count", None, 0, 0, False])
    combine_intervals(start=[-math.inf], stop=[epoch], how="count")  # what is open is checked before
    starts, stops, *rest = scripted.asked[1]
    assert (starts.tolist(), stops.tolist(), rest) == ([-(2**63)], [0], [None, "count", None, 0, 0, True])


def test_ten_threads_get_equal_results():
    rows = [(i % 97, i % 97 + i % 13, i % 7 - 3) for i in range(2000)]
    arrays = np.array(rows, dtype=float)
    c = combine_intervals(rows)
    start = threading.Barrier(10)

    def work(_):
        start.wait()
        return [
            shown(combine_intervals(rows)),
            shown(combine_intervals(arrays)),
            shown(combine_intervals(arrays, how="max")),
            shown(c + c),
            (c.max(), c.integral(), hash(c), c[50]),
        ]

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(work, range(10)))
    assert all(result == results[0] for result in results)
    assert results[0][0] == shown(c)


if hasattr(os, "fork"):

    def test_a_forked_process_goes_on_alike(run_python):
        done = run_python(
            "import os, intervalues as iv\n"
            "rows = [(i % 97, i % 97 + i % 13, 0.1 * i) for i in range(5000)]\n"
            "c = iv.combine_intervals(rows)\n"
            "child = os.fork()\n"
            "same = iv.combine_intervals(rows) == c and (c - c).integral() == 0\n"
            "if child == 0:\n"
            "    os._exit(0 if same else 1)\n"
            "print(same, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        )
        assert (done.stdout, done.stderr) == ("True 0\n", "")


SCRIPT = """
import math, datetime as dt
from decimal import Decimal
from fractions import Fraction
import intervalues as iv
c = iv.combine_intervals([(2, 4, 3), (1, 3, 0.1)])
tries = [
    lambda: c, lambda: c + 1, lambda: c / 3, lambda: c.mean(), lambda: c.integral(), lambda: c[1.5:3],
    lambda: iv.combine_intervals([(Decimal("0.1"), 1, Decimal("1E-40")), (Decimal(0), 3, Decimal("1.1"))]) / 7,
    lambda: iv.combine_intervals([(2, 1)]), lambda: iv.combine_intervals([(1, 2, math.nan)]),
    lambda: iv.combine_intervals([(1, 2), "ab"]), lambda: iv.combine_intervals([(1, 2)], how="x"),
    lambda: iv.combine_intervals(5), lambda: c["a"], lambda: c + None, lambda: c / 0, lambda: c * 1e999,
    lambda: iv.combine_intervals([(0, 1, 1e308)] * 2), lambda: iv.IntervalCollection.from_levels([2, 1], [1, 1]),
    lambda: iv.IntervalCollection._unpickled(1, 2), lambda: setattr(c, "closed", 1), lambda: c.max(within=(1, 1)),
    lambda: iv.combine_intervals([(dt.date(2024, 1, 1), dt.datetime(2024, 1, 1))]),
]
for attempt in tries:
    try:
        print(repr(attempt()))
    except Exception as error:
        print(type(error).__name__, error)
print(__debug__)
"""


def test_optimised_python_behaves_the_same(run_python):
    plain, optimised = run_python(SCRIPT), run_python(SCRIPT, "-OO")
    assert (plain.stderr, optimised.stderr) == ("", "")
    assert plain.stdout.splitlines()[:-1] == optimised.stdout.splitlines()[:-1]
    assert (plain.stdout.splitlines()[-1], optimised.stdout.splitlines()[-1]) == ("True", "False")
    assert len(plain.stdout.splitlines()) == 23


@pytest.mark.parametrize("locale", ["C", "de_DE.UTF-8", "tr_TR.UTF-8", "ja_JP.SJIS"])
def test_another_locale_or_hash_seed_changes_nothing(run_python, locale):
    prologue = "import locale\ntry:\n    locale.setlocale(locale.LC_ALL, '')\nexcept locale.Error:\n    pass\n"
    other = run_python(prologue + SCRIPT, LC_ALL=locale, LANG=locale, PYTHONHASHSEED="7")
    assert (other.stdout, other.stderr) == (run_python(SCRIPT).stdout, "")


def test_another_error_state_of_numpy_changes_nothing():
    values = np.array([1e308, 1e308, -1e308, 5e-324], dtype="f8")

    def calls():
        c = combine_intervals(start=np.zeros(4), stop=np.ones(4, "f2"), value=values)
        return shown(c), shown(c * 1e-320), shown(np.float64(0.5) * c), c.at(np.array([0.5], "f4")), c.integral()

    wanted = calls()
    for state in ("ignore", "raise"):
        with np.errstate(all=state):
            assert calls() == wanted


def test_another_decimal_context_changes_nothing():
    def call():
        with localcontext() as context:
            context.prec = 2
            context.traps[Inexact] = True
            c = combine_intervals([(Decimal("0.123"), 3, Decimal("1.2345")), (1, 2, 5)])
            return shown(c), shown(c * Decimal("1.234")), shown(c / 7), c.mean(), c.integral(), hash(c)

    with localcontext() as context:
        context.prec = 50
        c = combine_intervals([(Decimal("0.123"), 3, Decimal("1.2345")), (1, 2, 5)])
        wanted = shown(c), shown(c * Decimal("1.234")), shown(c / 7), c.mean(), c.integral(), hash(c)
    assert call() == wanted


def test_memory_does_not_grow_over_many_calls():
    rows = [(i, i + 3, i % 5) for i in range(8)]
    columns = [np.array(column, dtype=float) for column in zip(*rows, strict=True)]
    c = combine_intervals(rows)

    def calls(times):
        for _ in range(times):
            combine_intervals(rows)
            combine_intervals(start=columns[0], stop=columns[1], value=columns[2])
            combine_intervals(start=columns[0], stop=columns[1], value=columns[2], how="max")
            _ = c + c, c[2:5], c.mean(), c[4], c.breakpoints[0], hash(c)
            for bad in ([(2, 1)], [(1, 2, "a")], 5):
                with suppress(TypeError, ValueError):
                    combine_intervals(bad)

    calls(200)
    gc.collect()
    tracemalloc.start()
    try:
        calls(50)
        gc.collect()
        before, blocks = tracemalloc.get_traced_memory()[0], sys.getallocatedblocks()
        calls(400)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
        assert sys.getallocatedblocks() - blocks < 500
    finally:
        tracemalloc.stop()


if find_spec("resource"):

    def test_the_process_does_not_grow_over_large_calls(run_python):
        done = run_python(
            "import resource, sys, numpy as np, intervalues as iv\n"
            "starts = np.arange(60_000) * 7919 % 60_013\n"
            "def calls(times):\n"
            "    for _ in range(times):\n"
            "        iv.combine_intervals(start=starts, stop=starts + 5, value=starts * 0.5)\n"
            "        try:\n"
            "            iv.combine_intervals(start=starts, stop=starts[::-1])\n"
            "        except ValueError:\n"
            "            pass\n"
            "def peak():\n"
            "    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "    return used if sys.platform == 'darwin' else used * 1024\n"
            "calls(5)\n"
            "before = peak()\n"
            "calls(30)\n"
            "print((peak() - before) // 10**6)\n"
        )
        assert done.stderr == ""
        assert int(done.stdout) < 20
