"""What the package must survive (1 to 13): hostile coordinates."""

from __future__ import annotations

import datetime as dt
import math
from decimal import MAX_EMAX, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from outcomes import refused, spelled, ways_in

from intervalues import Interval, IntervalCollection, combine_intervals

INF, NAN = math.inf, math.nan

DAY = dt.timedelta(1)

NEW_YEAR = dt.date(2024, 1, 1)

MIDNIGHT = dt.datetime(2024, 1, 1)

BERLIN = ZoneInfo("Europe/Berlin")

LOWEST, HIGHEST = -(2**63), 2**63 - 1


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
    extreme = Decimal(f"9.9E+{MAX_EMAX}")
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
