"""The forms that intervals come in: rows, columns, arrays of every type, times of every library."""

from __future__ import annotations

import array
import datetime as dt
import math
import sys
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from outcomes import plain, shown, spelled

from intervalues import Interval, IntervalCollection, combine_intervals

INF = math.inf

ROWS = [(2, 4, 3), (1, 3, 2)]

SEGMENTS = [(1, 2, 2), (2, 3, 5), (3, 4, 3)]

DAY = dt.timedelta(days=1)

BERLIN = ZoneInfo("Europe/Berlin")

INTEGERS = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]

FLOATS = ["f2", "f4", "f8"]


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
    "memoryview": np.array(ROWS).data,
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
    monkeypatch.delitem(sys.modules, "pandas", raising=False)
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
