"""`combine_intervals`: exact, canonical, in whatever form the intervals come."""

from __future__ import annotations

import array
import datetime as dt
import math
import pickle
import struct
import sys
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, permutations
from zoneinfo import ZoneInfo

import dateutil.tz
import numpy as np
import pandas as pd
import pytest
from outcomes import outcome, outcome_in_python, shown, spelled

from intervalues import Interval, IntervalCollection, IntervalSet, combine_intervals

INF = math.inf
ROWS = [(2, 4, 3), (1, 3, 2)]
SEGMENTS = [(1, 2, 2), (2, 3, 5), (3, 4, 3)]
DAY = dt.timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
INTEGERS = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
FLOATS = ["f2", "f4", "f8"]

# One example of four coordinates a < b < c < d for every domain.
FOUR = {
    "ints": [1, 2, 3, 4],
    "huge ints": [10**400, 10**400 + 1, 10**400 + 2, 10**401],
    "floats": [0.1, 0.2, 0.30000000000000004, 1e308],
    "ints and floats": [1, 1.5, 2**53, 2.0**60],
    "Decimals": [Decimal("0.10"), Decimal("0.2"), Decimal("1E+3"), Decimal("1E+999999")],
    "ints and Decimals": [1, Decimal("1.5"), 2, Decimal("1E+30")],
    "Fractions": [Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(10**30, 7)],
    "ints and Fractions": [0, Fraction(1, 3), 1, Fraction(4, 3)],
    "dates": [dt.date(1, 1, 1), dt.date(1969, 12, 31), dt.date(2024, 2, 29), dt.date(9999, 12, 31)],
    "naive datetimes": [dt.datetime.min, dt.datetime(1969, 12, 31, 23), dt.datetime(2024, 2, 29), dt.datetime.max],
    "aware datetimes": [
        dt.datetime(2024, 10, 27, 2, 30, tzinfo=BERLIN),
        dt.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=BERLIN),
        dt.datetime(2024, 10, 27, 3, tzinfo=BERLIN),
        dt.datetime(2024, 10, 27, 4, tzinfo=BERLIN),
    ],
    "timedeltas": [dt.timedelta.min, dt.timedelta(0), dt.timedelta(microseconds=1), dt.timedelta.max],
    "timestamps": [pd.Timestamp(n, unit="ns") for n in (-1, 0, 1, 2**62)],
    "aware timestamps": [pd.Timestamp(n, unit="ns", tz="Europe/Berlin") for n in (-1, 0, 1, 2**62)],
    "fine timedeltas": [pd.Timedelta(n, "ns") for n in (-1, 0, 1, 2**62)],
    "strings": ["", "a", "b", "ba"],
    "tuples": [(1,), (1, 2), (2,), (3, "a")],
}
domains = pytest.mark.parametrize("four", FOUR.values(), ids=FOUR)

# Three values of every kind and their sum.
THREE = {
    "ints": [1, -2, 4, 3],
    "huge ints": [2**62, 2**62, 2**62, 3 * 2**62],
    "ints beyond all floats": [10**400, 1, -1, 10**400],
    "bools": [True, True, False, 2],
    "floats": [0.1, 0.2, -0.3, 2.7755575615628914e-17],
    "ints and floats": [2**53, 1.0, 1, float(2**53 + 2)],
    "Decimals": [Decimal("0.1"), Decimal("0.20"), Decimal("-0.3"), Decimal("0.00")],
    "ints and Decimals": [1, Decimal("0.1"), 10**40, Decimal("10000000000000000000000000000000000000001.1")],
    "Fractions": [Fraction(1, 3), Fraction(1, 6), Fraction(1, 2), Fraction(1)],
    "ints and Fractions": [1, Fraction(1, 3), 2, Fraction(10, 3)],
    "floats and Fractions": [0.5, Fraction(1, 3), 1, 1.8333333333333333],
}


def plain(collection):
    return [tuple(interval) for interval in collection]


# Meaning


def test_overlapping_intervals_add_up():
    assert plain(combine_intervals([(2, 4, 3), (1, 3, 2)])) == SEGMENTS


def test_touching_intervals_do_not_overlap():
    assert plain(combine_intervals([(9, 10), (10, 11)])) == [(9, 11, 1)]
    assert combine_intervals([(9, 10), (10, 11)]).max() == 1


def test_intervals_without_a_value_are_worth_one():
    assert plain(combine_intervals([(1, 3), (2, 4)])) == [(1, 2, 1), (2, 3, 2), (3, 4, 1)]
    assert combine_intervals([(1, 3), (2, 4, 5)]) == combine_intervals([(1, 3, 1), (2, 4, 5)])
    assert combine_intervals(start=[1, 2], stop=[3, 4]) == combine_intervals([(1, 3), (2, 4)])


def test_the_level_is_zero_where_values_cancel_and_counting_tells_them_apart():
    rows = [(0, 2, 5), (1, 3, -5)]
    assert plain(combine_intervals(rows)) == [(0, 1, 5), (2, 3, -5)]
    assert plain(combine_intervals(rows, how="count")) == [(0, 1, 1), (1, 2, 2), (2, 3, 1)]


def test_the_highest_and_lowest_are_of_what_covers_and_zero_elsewhere():
    rows = [(0, 4, -3), (1, 2, 5), (6, 7, -1)]
    assert plain(combine_intervals(rows, how="max")) == [(0, 1, -3), (1, 2, 5), (2, 4, -3), (6, 7, -1)]
    assert plain(combine_intervals(rows, how="min")) == [(0, 4, -3), (6, 7, -1)]


def test_counting_ignores_values_even_those_that_are_none():
    rows = [(0, 2, math.nan), (1, 3, "a"), (1, 3, None), (1, 3, INF)]
    assert plain(combine_intervals(rows, how="count")) == [(0, 1, 1), (1, 2, 4), (2, 3, 3)]
    assert {type(level) for level in combine_intervals([(0, 1, 2.5)], how="count").levels} == {int}


@pytest.mark.parametrize("how", ["sum", "count", "max", "min"])
def test_empty_intervals_contribute_nothing(how):
    assert combine_intervals([(1, 1, 5), (INF, INF), (-INF, -INF)], how=how) == IntervalCollection()
    assert plain(combine_intervals([(0, 2, 1), (1, 1, 1)], how=how)) == [(0, 2, 1)]


def test_breakpoints_increase_and_neighbouring_levels_differ():
    c = combine_intervals([(0, 2, 1), (2, 3, 1), (1, 4, 2), (1, 4, -2), (5, 5, 9)])
    assert plain(c) == [(0, 3, 1)]
    assert all(before < after for before, after in pairwise(c.breakpoints))


@domains
def test_every_domain_combines(four):
    a, b, c, d = four
    combined = combine_intervals([(b, d, 3), (a, c, 2)])
    assert plain(combined) == [(a, b, 2), (b, c, 5), (c, d, 3)]
    assert [combined[x] for x in four] == [2, 5, 3, 0]
    assert [combine_intervals([(b, d, 3), (a, c, 2)], closed="right")[x] for x in four] == [0, 2, 5, 3]


@domains
def test_coordinates_come_back_as_they_were(four):
    c = combine_intervals([(*pair, value) for value, pair in enumerate(pairwise(four), start=1)])
    assert list(map(spelled, c.breakpoints)) == list(map(spelled, four))
    assert list(map(spelled, (c - c[four[1] :]).breakpoints)) == list(map(spelled, four[:2]))


@domains
def test_ends_may_be_open_in_every_domain(four):
    a, b, *_ = four
    c = combine_intervals([(-INF, b, 1), (a, INF, 2)])
    assert plain(c) == [(-INF, a, 1), (a, b, 3), (b, INF, 2)]
    assert (c[-INF], c[a], c[b], c[INF]) == (1, 3, 2, 2)
    assert c.span == Interval(-INF, INF)
    assert plain(combine_intervals([(-INF, INF, 4), (a, b)])) == [(-INF, a, 4), (a, b, 5), (b, INF, 4)]


@domains
def test_a_reversed_row_is_refused_in_every_domain(four):
    with pytest.raises(ValueError, match=r"row 1: start .* is after stop"):
        combine_intervals([(four[0], four[1]), (four[2], four[1])])
    with pytest.raises(ValueError, match=r"row 0: start .* is after stop -inf"):
        combine_intervals([(four[0], -INF), (four[0], four[1])])


@pytest.mark.parametrize("values", THREE.values(), ids=THREE)
def test_sums_of_every_kind_are_exact_in_every_order(values):
    *three, total = values
    for order in permutations(three):
        c = combine_intervals([(0, 2, x) for x in order])
        assert spelled(c[1]) == spelled(total)
        assert combine_intervals([(0, 1, 0), *((0, 2, x) for x in order)]) == c


@pytest.mark.parametrize("values", THREE.values(), ids=THREE)
def test_levels_keep_the_kind_outside_coverage_too(values):
    *three, total = values
    for how in ("sum", "max", "min"):
        assert {type(x) for x in combine_intervals([(0, 2, x) for x in three], how=how).levels} == {type(total)}


def test_the_kind_is_decided_by_empty_rows_too():
    c = combine_intervals([(0, 2, 1), (1, 1, 0.5)])
    assert list(map(spelled, c.levels)) == list(map(spelled, [0.0, 1.0, 0.0]))
    d = combine_intervals([(0, 2, 1), (1, 1, Decimal("0.50"))])
    assert list(map(spelled, d.levels)) == list(map(spelled, [Decimal("0.00"), Decimal("1.00"), Decimal("0.00")]))


def test_decimal_levels_carry_the_finest_exponent_of_the_column():
    c = combine_intervals([(0, 2, Decimal("1.10")), (1, 3, Decimal("2")), (5, 6, 3)])
    assert list(map(str, c.levels)) == ["0.00", "1.10", "3.10", "2.00", "0.00", "3.00", "0.00"]


# Exactness


def test_the_example_of_small_floats_leaves_nothing_in_the_gap():
    c = combine_intervals([(0, 1, 0.1), (0, 1, 0.2), (2, 3, 1)])
    assert plain(c) == [(0, 1, 0.30000000000000004), (2, 3, 1.0)]
    assert spelled(c[1.5]) == (float, "0.0")


def test_a_large_float_does_not_swallow_a_small_one():
    c = combine_intervals([(0, 4, 1.0), (1, 2, 1e16)])
    assert plain(c) == [(0, 1, 1.0), (1, 2, 1e16), (2, 4, 1.0)]
    for order in permutations([1e16, 1.0, -1e16]):
        assert plain(combine_intervals([(0, 1, x) for x in order])) == [(0, 1, 1.0)]


def test_ints_beyond_floats_survive():
    c = combine_intervals([(0, 2, 2**53 + 1), (1, 2, 10**400)])
    assert plain(c) == [(0, 1, 2**53 + 1), (1, 2, 10**400 + 2**53 + 1)]


def test_sums_beyond_64_bits_are_exact():
    c = combine_intervals(start=np.zeros(3, "i8"), stop=np.arange(1, 4), value=np.full(3, 2**62))
    assert plain(c) == [(0, 1, 3 * 2**62), (1, 2, 2**63), (2, 3, 2**62)]


def test_a_sum_of_floats_is_rounded_once():
    values = [1.0, 2.0**-53, 2.0**-106]  # a sum from left to right is 1.0: just above half it must go up
    assert combine_intervals([(0, 1, x) for x in values])[0] == 1.0 + 2.0**-52


def test_whole_ints_among_floats_are_added_exactly_before_rounding():
    assert combine_intervals([(0, 1, 2**60 + 1), (0, 1, -(2.0**60))])[0] == 1.0


def test_unix_seconds_with_fractions_stay_apart():
    start = 1_700_000_000.0
    c = combine_intervals([(start, start + 2**-22), (start + 2**-22, start + 1)], how="sum")
    assert plain(c) == [(start, start + 1, 1)]
    d = combine_intervals([(start, start + 2**-22, 1), (start + 2**-22, start + 1, 2)])
    assert plain(d) == [(start, start + 2**-22, 1), (start + 2**-22, start + 1, 2)]


def test_ints_and_floats_are_compared_exactly_as_coordinates():
    c = combine_intervals([(2**53 + 1, 2**60), (float(2**53), 2**60)])
    assert list(map(spelled, c.breakpoints)) == list(map(spelled, [float(2**53), 2**53 + 1, 2**60]))


def test_where_an_int_and_a_float_meet_the_int_is_shown():
    for rows in ([(1.0, 2), (1, 3.0)], [(1, 3.0), (1.0, 2)]):
        assert list(map(spelled, combine_intervals(rows).breakpoints)) == list(map(spelled, [1, 2, 3.0]))
    both = combine_intervals([(1.0, 2.0)]) + combine_intervals([(1, 3)])
    assert list(map(spelled, both.breakpoints)) == list(map(spelled, [1, 2.0, 3]))


# Forms of input


FORMS = {
    "list": ROWS,
    "tuple": tuple(ROWS),
    "lists": [list(row) for row in ROWS],
    "Intervals": [Interval(*row) for row in ROWS],
    "mixed rows": [Interval(2, 4, 3), [1, 3, 2]],
    "set": set(ROWS),
    "frozenset": frozenset(ROWS),
    "dict keys": dict.fromkeys(ROWS).keys(),
    "dict values": dict(enumerate(ROWS)).values(),
    "int array": np.array(ROWS),
    "float array": np.array(ROWS, dtype=float),
    "object array": np.array(ROWS, dtype=object),
    "Fortran array": np.asfortranarray(ROWS),
    "transposed array": np.array(ROWS).T.copy().T,
    "reversed array": np.array(ROWS[::-1])[::-1],
    "strided array": np.repeat(np.array(ROWS), 2, axis=0)[::2],
    "rows that are arrays": list(np.array(ROWS)),
    "array of rows": np.array([None, *ROWS], dtype=object)[1:],
    "structured array": np.array(ROWS, dtype=[("start", "i4"), ("stop", "<f8"), ("value", ">i2")]),
    "record array": np.rec.array(ROWS, names="start,stop,value"),
    "memoryview": memoryview(np.array(ROWS)),
    "masked array without a mask": np.ma.array(ROWS),
    "collection": combine_intervals(ROWS),
    "segments": combine_intervals(ROWS).segments(),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_rows_of_every_form_are_read_alike(form):
    assert plain(combine_intervals(form)) == SEGMENTS
    assert plain(IntervalCollection(form)) == SEGMENTS


def test_rows_may_be_generated():
    assert plain(combine_intervals(row for row in ROWS)) == SEGMENTS
    assert plain(combine_intervals(map(iter, ROWS))) == SEGMENTS
    assert plain(combine_intervals(zip([2, 1], [4, 3], [3, 2], strict=True))) == SEGMENTS


COLUMNS = {
    "lists": list,
    "tuples": tuple,
    "iterators": iter,
    "ranges": lambda xs: range(xs[0], xs[1] - 1, -1) if xs[0] == xs[1] + 1 else xs,
    "arrays of the standard library": lambda xs: array.array("q", xs),
    "float arrays of the standard library": lambda xs: array.array("d", xs),
    "bytes": bytes,
    "memoryviews": lambda xs: memoryview(array.array("h", xs)),
    "read-only memoryviews": lambda xs: memoryview(array.array("f", xs)).toreadonly(),
    "arrays of objects": lambda xs: np.array(xs, dtype=object),
    "series": pd.Series,
    "nullable series": lambda xs: pd.Series(xs, dtype="Int64"),
    "masked arrays": np.ma.array,
    "columns of collections": lambda xs: IntervalCollection.from_levels([0, 1], xs, 0).levels[1:],
}


@pytest.mark.parametrize("make", COLUMNS.values(), ids=COLUMNS)
def test_columns_of_every_form_are_read_alike(make):
    c = combine_intervals(start=make([2, 1]), stop=make([4, 3]), value=make([3, 2]))
    assert plain(c) == SEGMENTS


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("dtype", INTEGERS + FLOATS)
def test_arrays_of_every_type_and_byte_order_are_read_exactly(dtype, order):
    def column(xs):
        return np.array(xs).astype(order + dtype)

    kind = float if dtype in FLOATS else int
    for spread in (lambda a: a, lambda a: np.repeat(a, 3)[::3], lambda a: a[::-1].copy()[::-1]):
        starts, stops, values = (spread(column(xs)) for xs in ([2, 1], [4, 3], [3, 2]))
        starts.flags.writeable = False
        c = combine_intervals(start=starts, stop=stops, value=values)
        rows = [tuple(map(kind, row)) for row in ROWS]
        assert shown(c) == shown(combine_intervals(rows))


@pytest.mark.parametrize("dtype", INTEGERS)
def test_the_extremes_of_every_integer_type_are_widened_before_any_arithmetic(dtype):
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    ends = np.array([low], dtype), np.array([high], dtype)
    assert plain(combine_intervals(start=ends[0], stop=ends[1], value=ends[1])) == [(low, high, high)]
    c = combine_intervals(start=np.zeros(3, dtype), stop=np.ones(3, dtype), value=np.full(3, high, dtype))
    assert plain(c) == [(0, 1, 3 * int(high))]
    d = -combine_intervals(start=[0], stop=[1], value=np.array([low], dtype)) if low else None
    assert d is None or plain(d) == [(0, 1, -int(low))]


@pytest.mark.parametrize("dtype", FLOATS)
def test_floats_of_every_width_are_widened_exactly(dtype):
    value = np.array([0.1], dtype)
    c = combine_intervals(start=np.array([0.1], dtype), stop=np.array([0.3], dtype), value=value)
    assert plain(c) == [(float(value[0]), float(np.array(0.3, dtype)), float(value[0]))]


def test_booleans_are_values_of_zero_and_one():
    c = combine_intervals(start=[0, 0, 1], stop=[2, 2, 3], value=np.array([True, True, False]))
    assert list(map(spelled, c.levels)) == list(map(spelled, [0, 2, 0]))


@pytest.mark.parametrize("scalar", [np.int8(3), np.uint64(3), np.float16(3), np.float32(3), np.float64(3)])
def test_numpy_scalars_in_rows_are_the_python_numbers(scalar):
    number = scalar.item()
    assert shown(combine_intervals([(0, 1, scalar)])) == shown(combine_intervals([(0, 1, number)]))
    assert shown(combine_intervals([(0, scalar)])) == shown(combine_intervals([(0, number)]))


def test_subclasses_of_numbers_are_the_numbers():
    class Whole(int):
        def __repr__(self):
            return "Whole"

    class Real(float):
        __repr__ = Whole.__repr__

    class Money(Decimal):
        __repr__ = Whole.__repr__

    class Ratio(Fraction):
        __repr__ = Whole.__repr__

    for own, kind in ((Whole, int), (Real, float), (Money, Decimal), (Ratio, Fraction)):
        made = combine_intervals([(own(1), own(2), own(3))])
        assert shown(made) == shown(combine_intervals([(kind(1), kind(2), kind(3))]))


@pytest.mark.parametrize("value", [3, 0.5, True, Fraction(1, 3), Decimal("0.5"), np.float32(0.5), np.int8(3)])
def test_one_number_as_value_goes_for_every_row(value):
    number = value.item() if isinstance(value, np.generic) else value
    c = combine_intervals(start=np.array([0, 1]), stop=[2, 3], value=value)
    assert shown(c) == shown(combine_intervals([(0, 2, number), (1, 3, number)]))


def test_fields_of_a_structured_array_may_have_other_names():
    rows = np.array(ROWS, dtype=[("from", "i8"), ("to", "i8"), ("worth", "i8")])
    assert plain(combine_intervals(rows, start="from", stop="to", value="worth")) == SEGMENTS
    assert combine_intervals(rows, start="from", stop="to") == combine_intervals([row[:2] for row in ROWS])
    with pytest.raises(KeyError, match="no field 'start'; the fields are from, to, worth"):
        combine_intervals(rows)
    with pytest.raises(KeyError, match="'price'"):
        combine_intervals(rows, start="from", stop="to", value="price")


def test_times_in_arrays_are_datetimes_in_microseconds():
    starts, stops = np.array(["2024-01-01", "NaT"], "M8[D]"), np.array(["2024-01-02T12", "2024-01-01T06"], "M8[h]")
    c = combine_intervals(start=starts, stop=stops, missing="open")
    first, middle, last = dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, 6), dt.datetime(2024, 1, 2, 12)
    assert plain(c) == [(-INF, first, 1), (first, middle, 2), (middle, last, 1)]
    assert set(map(type, c.breakpoints)) == {dt.datetime}


@pytest.mark.parametrize(
    ("unit", "count", "end"),
    [
        ("Y", 3, dt.datetime(1973, 1, 1)),
        ("M", 14, dt.datetime(1971, 3, 1)),
        ("W", 2, dt.datetime(1970, 1, 15)),
        ("15m", 5, dt.datetime(1970, 1, 1, 1, 15)),
        ("10ms", 1, dt.datetime(1970, 1, 1, 0, 0, 0, 10_000)),
        ("ps", 5000, pd.Timestamp(5, unit="ns")),
        ("fs", 5 * 10**6, pd.Timestamp(5, unit="ns")),
        ("as", 5 * 10**9, pd.Timestamp(5, unit="ns")),
    ],
)
def test_times_of_unusual_units_are_read_exactly(unit, count, end):
    starts, stops = (np.array([ticks], "i8").view(f"M8[{unit}]") for ticks in (0, count))
    c = combine_intervals(start=starts, stop=stops)
    assert list(map(spelled, c.breakpoints)) == list(map(spelled, [end - (end - type(end)(1970, 1, 1)), end]))


def test_zones_that_differ_are_shown_in_utc_and_one_zone_as_itself():
    noon = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC)
    one = combine_intervals([(noon.astimezone(BERLIN), noon.astimezone(BERLIN) + DAY)])
    assert [x.tzinfo for x in one.breakpoints] == [BERLIN, BERLIN]
    assert one.breakpoints[0].hour == 14
    two = combine_intervals([(noon.astimezone(BERLIN), noon.astimezone(ZoneInfo("Asia/Tokyo")) + DAY)])
    assert [x.tzinfo for x in two.breakpoints] == [dt.UTC, dt.UTC]
    assert one == two
    assert hash(one) == hash(two)


def test_empty_rows_too_decide_the_shown_zone():
    noon = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC)
    c = combine_intervals([(noon, noon + DAY), (noon.astimezone(BERLIN), noon.astimezone(BERLIN))])
    d = combine_intervals([(noon.astimezone(BERLIN), noon.astimezone(BERLIN) + DAY), (noon, noon)])
    assert [x.tzinfo for x in (*c.breakpoints, *d.breakpoints)] == [dt.UTC] * 4


def test_zones_of_other_libraries_are_one_zone_at_every_offset():
    class Offset(dt.tzinfo):  # as pytz has them: an object for each offset, named by their zone
        def __init__(self, hours):
            self.zone, self.hours = "Somewhere", hours

        def utcoffset(self, when):
            return dt.timedelta(hours=self.hours)

        def dst(self, when):
            return dt.timedelta(0)

    summer, winter = Offset(2), Offset(1)
    c = combine_intervals([(dt.datetime(2024, 7, 1, tzinfo=summer), dt.datetime(2024, 12, 1, tzinfo=winter))])
    assert {x.tzinfo for x in c.breakpoints} == {summer}


def test_a_zone_without_an_offset_leaves_a_datetime_naive():
    class Nowhere(dt.tzinfo):
        def utcoffset(self, when):
            return None

    naive = dt.datetime(2024, 1, 1)
    c = combine_intervals([(naive.replace(tzinfo=Nowhere()), naive + DAY)])
    assert list(c.breakpoints) == [naive, naive + DAY]


def test_timestamps_in_microseconds_are_datetimes():
    c = combine_intervals([(pd.Timestamp("2024-01-01").as_unit("us"), dt.datetime(2024, 1, 2))])
    assert set(map(type, c.breakpoints)) == {dt.datetime}


def test_timestamps_in_nanoseconds_make_all_of_them_so():
    c = combine_intervals([(pd.Timestamp(1, unit="ns"), dt.datetime(2024, 1, 2))])
    assert list(map(spelled, c.breakpoints)) == list(
        map(spelled, [pd.Timestamp(1, unit="ns"), pd.Timestamp("2024-01-02").as_unit("ns")])
    )
    assert c[dt.datetime(1970, 1, 1, 0, 0, 0, 1)] == 1
    assert c[dt.datetime(1970, 1, 1)] == 0


@pytest.mark.parametrize("dtype", ["M8[ns]", "m8[ns]"])
def test_without_pandas_nanoseconds_are_those_of_numpy(monkeypatch, dtype):
    monkeypatch.delitem(sys.modules, "pandas")
    rows = np.array([[1, 3], [2, 4]]).astype(dtype)
    c = combine_intervals(rows)
    assert list(map(spelled, c.breakpoints)) == [spelled(np.array(n).astype(dtype)[()]) for n in (1, 2, 3, 4)]
    assert combine_intervals([tuple(row) for row in rows]) == c
    assert (c[rows[0, 0]], c[rows[1, 0]], c[rows[1, 1]]) == (1, 2, 0)
    assert spelled(c.support.length) == spelled(np.timedelta64(3, "ns"))
    assert c[rows[1, 0] :].breakpoints[0] == rows[1, 0]


def test_numpy_is_imported_by_nobody(run_python):
    done = run_python("import sys, intervalues as iv; iv.combine_intervals([(1, 2)]); print('numpy' in sys.modules)")
    assert (done.stdout, done.stderr) == ("False\n", "")


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


# Two ways to the same


def test_collections_of_collections_are_made_from_their_segments():
    c = combine_intervals(ROWS)
    assert combine_intervals(c) == c
    assert plain(combine_intervals(c, how="count")) == [(1, 4, 1)]
    assert combine_intervals([*c, *c]) == c * 2
    assert plain(combine_intervals(IntervalSet([(1, 2), (4, 5)]))) == [(1, 2, 1), (4, 5, 1)]


def test_a_collection_of_the_other_side_is_not_read_as_if_it_were_of_this():
    c = combine_intervals(ROWS, closed="right")
    for make in (combine_intervals, IntervalCollection, IntervalSet):
        with pytest.raises(ValueError, match="closed on the right; pass closed='right'"):
            make(c)
        assert make(c, closed="right").closed == "right"
    assert combine_intervals(IntervalCollection(closed="right")) == IntervalCollection()


@pytest.mark.parametrize(
    "options",
    [{"how": "average"}, {"closed": "open"}, {"missing": "skip"}, {"how": None}, {"closed": []}, {"how": 3}],
)
def test_an_unknown_option_names_the_choices(options):
    (name,) = options
    with pytest.raises(ValueError, match=f"{name} is .*; it must be one of .*, .*"):
        combine_intervals([(1, 2)], **options)


def test_an_overflow_names_the_segment():
    rows = [(0, 1, 1e308), (0.5, 3, 1e308), (0, 3, -1.0)]
    with pytest.raises(OverflowError, match=r"the level on \[0\.5, 1\) is beyond the largest float"):
        combine_intervals(rows)
    with pytest.raises(OverflowError, match=r"the level on \[datetime.date\(2024, 1, 1\), inf\)"):
        combine_intervals([(dt.date(2024, 1, 1), INF, -1e308)] * 2)


def test_large_columns_give_the_same_as_pure_python():
    random = np.random.default_rng(1)
    starts = random.integers(0, 500, 3000)
    stops = starts + random.integers(0, 50, 3000)
    for values in (None, random.integers(-9, 9, 3000), random.normal(size=3000), random.random(3000).astype("f4")):
        for how in ("sum", "count", "max", "min"):
            for scale in (1, 0.1):

                def call(values=values, how=how, scale=scale):
                    return combine_intervals(start=starts * scale, stop=stops * scale, value=values, how=how)

                assert outcome(call) == outcome_in_python(call)
                assert call().levels[0] == 0


def test_buffers_of_anything_but_numbers_are_refused_by_name():
    with pytest.raises(ValueError, match="start has 2 dimensions"):
        combine_intervals(start=memoryview(bytes(4)).cast("B", (2, 2)), stop=[1, 2])
    with pytest.raises(TypeError, match="start is a buffer of format 'c'"):
        combine_intervals(start=memoryview(b"ab").cast("c"), stop=[1, 2])
    packed = np.frombuffer(struct.pack("<qd", 1, 2.0), dtype=[("a", "i8"), ("b", "f8")])
    with pytest.raises(TypeError, match="start is a buffer of format"):
        combine_intervals(start=packed, stop=[1])


def test_the_last_machine_integers_need_no_integer_after_them():
    last = 2**63 - 2
    assert list(combine_intervals([(last, math.inf, 1)])) == [(last, math.inf, 1)]
    assert list(combine_intervals([(-math.inf, -last, 1), (last - 1, last, 2)])) == [
        (-math.inf, -last, 1),
        (last - 1, last, 2),
    ]


def test_a_dataframe_is_never_read_as_its_names():
    frame = pd.DataFrame({"a": [1], "b": [2]})
    for call in (
        lambda: combine_intervals(frame),
        lambda: combine_intervals(pd.DataFrame(index=range(5))),
        lambda: combine_intervals(start=frame[["a"]], stop=frame[["b"]]),
    ):
        with pytest.raises(TypeError, match="is a dataframe, of type DataFrame; hand over its columns"):
            call()


def test_times_that_nanoseconds_cannot_hold_do_not_meet_nanoseconds():
    fine = combine_intervals(start=np.array([0], "M8[ns]"), stop=np.array([1], "M8[ns]"))
    early = combine_intervals([(dt.datetime(1500, 1, 1), dt.datetime(1501, 1, 1))])
    with pytest.raises(OverflowError, match="nanoseconds"):
        fine + early
    with pytest.raises(OverflowError, match=r"^row 0: start .* is beyond what a datetime can hold"):
        combine_intervals([(pd.Timestamp(np.datetime64("20000-01-01", "s")), math.inf)])


def test_a_pickle_of_nanoseconds_loads_where_nothing_is_imported_yet(run_python):
    fine = combine_intervals(start=np.array([0], "M8[ns]"), stop=np.array([1], "M8[ns]"))
    waits = combine_intervals(start=np.array([0], "m8[ns]"), stop=np.array([1], "m8[ns]"))
    loaded = f"import pickle; print([len(pickle.loads(x)) for x in {[pickle.dumps(fine), pickle.dumps(waits)]!r}])"
    done = run_python(loaded)
    assert (done.stdout, done.stderr) == ("[1, 1]\n", "")


def test_an_initial_level_that_does_not_mix_is_named():
    with pytest.raises(TypeError, match=r"^initial is Decimal"):
        IntervalCollection.from_changes([1], [0.5], Decimal(1))


def test_an_empty_value_column_beside_rows_is_refused_even_when_counting():
    ends = np.array([1, 2])
    with pytest.raises(ValueError, match=r"^start has 2 rows, value has 0$"):
        combine_intervals(start=ends, stop=ends, value=np.array([]), how="count")


def test_zones_that_cannot_be_hashed_are_zones():
    berlin = dateutil.tz.gettz("Europe/Berlin")
    c = combine_intervals([(dt.datetime(2024, 1, 1, tzinfo=berlin), dt.datetime(2024, 1, 2, tzinfo=berlin))])
    assert c.support.length == dt.timedelta(days=1)


def test_the_finest_timedelta_decides_wherever_it_stands():
    coarse, fine = pd.Timedelta(0).as_unit("us"), pd.Timedelta(5, "ns").as_unit("ns")
    assert list(combine_intervals([(coarse, fine)])) == [(coarse, fine, 1)]


def test_a_numpy_time_that_nothing_holds_is_named_by_its_own_row():
    years = [np.datetime64("2020", "s"), np.datetime64("20000", "s")]
    with pytest.raises(OverflowError, match=r"^row 1: .* fits neither a datetime nor whole nanoseconds$"):
        combine_intervals(start=[years[0], years[0]], stop=[years[0], years[1]])


def test_fields_of_an_array_are_named_by_text():
    fields = np.array([(1, 2)], [("start", "i8"), ("stop", "i8")])
    with pytest.raises(TypeError, match=r"^start is of type ndarray; beside data it must be the name of a field$"):
        combine_intervals(fields, start=np.array([1]))


@pytest.mark.parametrize("make", [IntervalCollection, IntervalSet])
def test_a_side_that_needs_a_step_is_not_asked_for_one_where_there_is_none(make):
    with pytest.raises(ValueError, match=r"^closed is 'both'; it must be one of left, right$"):
        make([(1, 2)], closed="both")
