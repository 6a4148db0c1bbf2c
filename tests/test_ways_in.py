"""Every way in gives one answer: lists of one type, arrays and pandas columns are read as their items one by one."""

from __future__ import annotations

import datetime as dt
import math
import random
import sys
from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import outcome, shown, spelled
from strategies import COORDINATES, VALUES, anything, rows

from intervalues import IntervalCollection, combine_intervals, sources
from intervalues.arrays import Coded

INF, NAN = math.inf, math.nan
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NOON = dt.datetime(2024, 1, 1, 12)
HOUR = dt.timedelta(hours=1)


def one_by_one(call):
    """Give what a call does if no column is uniform."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "coded", lambda column, kinds: None)
        patch.setattr(sources, "scalar_column", lambda column: None)
        return outcome(call)


def columns_of(table):
    return dict(zip(("start", "stop", "value"), map(list, zip(*table, strict=True)), strict=False))


# Lists


@given(st.data())
def test_a_uniform_column_is_read_as_its_items_are(data):
    table = data.draw(rows(data.draw(st.sampled_from(sorted(COORDINATES)))))
    options = {"how": data.draw(st.sampled_from(["sum", "count", "max", "min"]))}
    if data.draw(st.booleans()):
        options["digits"] = data.draw(st.sampled_from([0, 2]))
    for call in (
        lambda: combine_intervals(table, **options),
        lambda: combine_intervals(**columns_of(table), **options),
    ):
        if table:
            assert outcome(call) == one_by_one(call)


@given(st.data())
def test_columns_of_anything_are_read_as_their_items_are(data):
    size = data.draw(st.integers(1, 5))
    pools = [anything | COORDINATES[data.draw(st.sampled_from(sorted(COORDINATES)))] for _ in range(2)]
    pools.append(anything | VALUES[data.draw(st.sampled_from(sorted(VALUES)))])
    columns = [data.draw(st.lists(pool, min_size=size, max_size=size)) for pool in pools]
    missing = data.draw(st.sampled_from(["raise", "drop", "open"]))

    def call():
        return combine_intervals(start=columns[0], stop=columns[1], value=columns[2], missing=missing)

    assert outcome(call) == one_by_one(call)


FIXED = dt.timezone(HOUR)
UNIFORM = {
    "ints": [0, 2, 5],
    "huge ints": [0, 2**63 - 1, 2**70],
    "lowest int": [-(2**63), 0, 1],
    "floats": [-0.0, 0.5, 1e300],
    "ints and floats": [0, 0.5, 2],
    "ints that are no floats": [0.5, 2**53, 2**53 + 1],
    "ints beyond floats": [0.5, 1, 10**400],
    "dates": [dt.date.min, dt.date(2024, 1, 1), dt.date.max],
    "naive datetimes": [dt.datetime.min, NOON, dt.datetime.max],
    "datetimes in UTC": [NOON.replace(tzinfo=dt.UTC), (NOON + HOUR).replace(tzinfo=dt.UTC)],
    "datetimes in a zone": [NOON.replace(tzinfo=BERLIN), NOON.replace(month=7, tzinfo=BERLIN)],
    "datetimes in zones": [NOON.replace(tzinfo=BERLIN), NOON.replace(tzinfo=NEW_YORK)],
    "datetimes in equal zones": [NOON.replace(tzinfo=FIXED), NOON.replace(hour=13, tzinfo=dt.timezone(HOUR, "CET"))],
    "timedeltas": [-HOUR, dt.timedelta(0), HOUR],
    "extreme timedeltas": [dt.timedelta.min, dt.timedelta(0), dt.timedelta.max],
    "timedelta at the lowest integer": [dt.timedelta(microseconds=-(2**63)), HOUR],
    "Decimals": [Decimal("-0.00"), Decimal("0.5"), Decimal(2), Decimal("1E+2")],
    "Decimals of 18 digits": [Decimal("0.1"), Decimal(10**17) - 1, Decimal(10**17), Decimal(10**18)],
    "far Decimals": [Decimal("1E-30"), Decimal("1E+30"), Decimal("1E+999999")],
    "zeros far apart": [Decimal("-0E-30"), Decimal("0E+30"), Decimal(1)],
    "Decimals of many exponents": [Decimal(f"1E{exponent}") for exponent in range(-9, 14)],
    "Fractions": [Fraction(1, 3), Fraction(1, 2)],
    "strings": ["a", "b"],
}


@pytest.mark.parametrize("points", UNIFORM.values(), ids=UNIFORM)
@pytest.mark.parametrize("ends", [[], [-INF], [INF], [-INF, INF]], ids=str)
def test_each_kind_of_column_is_read_as_its_items_are(points, ends):
    dice = random.Random(1)
    order = sorted([*points, *points])
    for _ in range(10):
        places = [*([-INF] * (-INF in ends)), *order, *([INF] * (INF in ends))]
        pairs = [sorted(dice.choices(range(len(places)), k=2)) for _ in range(6)]
        table = [(places[start], places[stop], dice.choice([1, 2])) for start, stop in pairs]
        for columns in (table, [row[::-1] for row in table]):
            assert outcome(lambda: combine_intervals(columns)) == one_by_one(lambda: combine_intervals(columns))  # noqa: B023


@pytest.mark.parametrize(
    ("starts", "stops"),
    [
        ([1, 2], [2.5, 3.0]),
        ([1, 2**53 + 1], [2.5, 2.0**60]),
        ([1, 2], [INF, INF]),
        ([-INF, -INF], [NOON, NOON]),
        ([-INF, -INF], [INF, INF]),
        ([-INF, INF], [INF, INF]),
        ([Decimal("1.5"), Decimal(2)], [Decimal("2.25"), Decimal(3)]),
        ([Decimal(1), Decimal(2)], [Decimal("1E+15"), Decimal("2.0000000000000000000001")]),
        ([Decimal(1), Decimal(2)], [3, 4]),
        ([Decimal("1E+17")], [Decimal("2E+17") + Decimal("0.1")]),
        ([1, 2], [Fraction(5, 2), 3]),
        ([NOON, NOON], [NOON + HOUR, (NOON + HOUR).replace(tzinfo=dt.UTC)]),
        ([NOON, NOON], [NOON.date(), NOON.date()]),
        ([NOON.replace(tzinfo=BERLIN)], [NOON.replace(tzinfo=NEW_YORK)]),
        ([-INF, NOON.replace(tzinfo=FIXED)], [NOON.replace(tzinfo=dt.timezone(HOUR, "CET"))] * 2),
        ([dt.datetime.min.replace(tzinfo=FIXED)], [NOON.replace(tzinfo=FIXED)]),
        ([1, 2.5], [1, 2]),
        ([5, 2.5], [4.5, 3]),
        ([5], [INF - INF]),
        ([NAN, 1], [2, 2.5]),
        (["a", INF], ["b", INF]),
        ([True], [2]),
    ],
)
def test_columns_of_two_kinds_are_read_as_their_items_are(starts, stops):
    for options in ({}, {"digits": 1}, {"missing": "drop"}, {"missing": "open"}, {"closed": "both", "step": 1}):

        def call(options=options):
            return combine_intervals(start=starts, stop=stops, **options)

        assert outcome(call) == one_by_one(call)


def test_ints_among_floats_are_shown_as_ints():
    c = combine_intervals(start=[1, 2.5, -0.0], stop=[4.0, 3, 1.0], value=[1, 0.5, 1])
    assert list(map(spelled, c.breakpoints)) == list(map(spelled, [0.0, 2.5, 3, 4.0]))
    assert list(map(spelled, c.levels)) == list(map(spelled, [0.0, 1.0, 1.5, 1.0, 0.0]))
    assert shown(combine_intervals(start=[1], stop=np.array([4.0]))) == shown(combine_intervals([(1, 4.0)]))
    assert shown(combine_intervals(start=np.array([1, 5]), stop=[4.5, 5.0])) == shown(combine_intervals([(1, 4.5)]))


def test_ints_that_are_no_floats_are_added_exactly_to_floats():
    for digits in (None, 2):
        c = combine_intervals(start=[0, 1], stop=[2, 3], value=[-1.0, 2**53 + 1], digits=digits)
        assert (c[0], c[1]) == (-1.0, 2.0**53)


def test_decimals_are_read_in_no_ambient_context():
    table = [(Decimal("0.10"), Decimal("123456789.01"), Decimal("9.999"))]
    before = shown(combine_intervals(table))
    with localcontext(Context(prec=1, traps=[Inexact])) as context:
        assert shown(combine_intervals(**columns_of(table))) == before
        assert not any(context.flags.values())


class NoOffset(dt.tzinfo):
    def utcoffset(self, _):
        return None


class Unhashable(dt.tzinfo):
    __hash__ = None

    def utcoffset(self, _):
        return HOUR

    def dst(self, _):
        return dt.timedelta(0)


def test_a_zone_may_be_anything():
    naive = combine_intervals(start=[NOON], stop=[NOON + HOUR])
    zone = NoOffset()
    assert combine_intervals(start=[NOON.replace(tzinfo=zone)], stop=[(NOON + HOUR).replace(tzinfo=zone)]) == naive
    zone = Unhashable()
    c = combine_intervals(start=[NOON.replace(tzinfo=zone)], stop=[(NOON + HOUR).replace(tzinfo=zone)])
    assert c.breakpoints[0].tzinfo is zone
    assert c == combine_intervals(start=[(NOON - HOUR).replace(tzinfo=dt.UTC)], stop=[NOON.replace(tzinfo=dt.UTC)])


# NumPy

UNITS = {  # each with a number of them that is a whole number of nanoseconds
    **dict.fromkeys(["W", "D", "h", "m", "s", "ms", "us", "ns", "7D", "2s", "1000ps"], 7),
    "ps": 1000,
    "fs": 10**6,
    "as": 10**9,
    "500ps": 6,
}


def read(column):
    """Give the coordinates of a column with their types."""
    source = sources.read_column("start", column)
    plain = source if isinstance(source, Coded) else sources.plain_column(source)[0]
    return list(map(spelled, sources.as_objects(plain)))


@pytest.mark.parametrize("dtype", [f"{kind}[{unit}]" for kind in ("M8", "m8") for unit in UNITS] + ["M8[3Y]", "M8[M]"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_times_of_every_unit_and_layout_are_read_as_their_items_are(dtype, order):
    codes = np.array([-300, 0, 5, 100], dtype="q") * UNITS.get(dtype[3:-1], 1)
    native = np.append(codes, -(2**63)).view(dtype)
    column = native.astype(native.dtype.newbyteorder(order))
    wanted = [spelled(sources.plain(x)) for x in column]
    assert read(column) == read(np.repeat(column, 2)[::2]) == read(list(column)) == wanted
    assert read(column[::-1]) == wanted[::-1]


@pytest.mark.parametrize(
    ("dtype", "last", "first"),
    [
        ("M8[us]", 253402300799999999, -62135596800000000),
        ("M8[s]", 253402300799, -62135596800),
        ("M8[7s]", 36200328685, -8876513828),
        ("M8[D]", 2932896, -719162),
        ("M8[Y]", 8029, -1969),
        ("M8[ns]", 2**63 - 1, -(2**63) + 1),
        ("m8[us]", 2**63 - 1, -(2**63) + 1),
        ("m8[s]", 9223372036854, -9223372036854),
        ("m8[3D]", 35583997, -35583997),
        ("m8[ps]", 2**63 - 808, -(2**63) + 808),
        ("m8[1000ps]", 2**63 - 1, -(2**63) + 1),
    ],
)
def test_the_first_time_beyond_the_last_that_fits_is_named(dtype, last, first):
    for inside, step in ((last, 1), (first, -1)):
        fits = np.array([0, inside, -(2**63)], dtype="q")
        assert len(read(fits.view(dtype))) == 3
        if -(2**63) < inside + step < 2**63:
            fits[1] += step
            with pytest.raises(OverflowError, match=r"row 1: start .* fits neither"):
                read(fits.view(dtype))


def test_years_beyond_every_datetime_are_an_overflow():
    for unit, code in (("Y", 200_001), ("M", -200_001), ("3Y", 66_667)):
        with pytest.raises(OverflowError, match="beyond what a datetime can hold"):
            read(np.array([0, code]).view(f"M8[{unit}]"))


@pytest.mark.parametrize("dtype", ["b", "B", "h", "H", "i", "I", "q", "Q", "e", "f", "d"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_numbers_of_every_width_and_order_are_read_exactly(dtype, order):
    numbers = np.array([1, 0, 100, 3], dtype=dtype).astype(np.dtype(dtype).newbyteorder(order))
    wanted = list(map(spelled, numbers.tolist()))
    assert read(numbers) == read(np.repeat(numbers, 3)[::3]) == wanted
    assert read(list(numbers)) == wanted  # scalars
    assert read(memoryview(numbers)) == wanted
    if dtype in "bB":
        assert read(memoryview(numbers).cast("?")) == list(map(spelled, [True, False, True, True]))
    if dtype in "efd":
        numbers[2] = NAN
        assert [sources.NAN is x for x in sources.listed("start", numbers)] == [False, False, True, False]
    if dtype == "Q":
        numbers[2] = 2**63
        assert read(numbers) == read(list(numbers)) == list(map(spelled, [1, 0, 2**63, 3]))


def test_a_list_of_scalars_is_read_as_they_are_one_by_one():
    for column in (
        [np.int8(1), np.int16(2)],
        [np.float32(0.5), np.float64(NAN)],
        [np.float64(0.5), np.float64(NAN)],
        [np.bool_(True)],
        [np.longdouble(1)],
        [np.str_("a")],
        [np.datetime64(1, "s"), np.datetime64(1, "ns")],
        [np.datetime64(1, "s"), np.datetime64("NaT", "s")],
        [np.datetime64(10**12, "s")],
        [np.timedelta64(1, "M")],
        [np.timedelta64(1, "h"), np.timedelta64(-1, "h")],
    ):
        for missing in ("raise", "open"):

            def call(column=column, missing=missing):
                return combine_intervals(start=column, stop=column, missing=missing)

            assert outcome(call) == one_by_one(call)


def test_arrays_of_texts_are_read_as_their_items_are():
    of_any_length = getattr(np.dtypes, "StringDType", lambda: object)  # NumPy 2 has it
    for dtype in ("U1", object, of_any_length()):
        starts, stops = np.array(["a", "b"], dtype), np.array(["c", "d"], dtype)
        assert combine_intervals(start=starts, stop=stops) == combine_intervals([("a", "c"), ("b", "d")])
        assert list(combine_intervals([(1, 2), (3, 4)], by=starts)) == ["a", "b"]


def test_lists_of_scalars_need_no_numpy(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.delitem(sys.modules, "numpy")
    assert combine_intervals(start=["a"], stop=["b"])["a"] == 1


def test_times_are_no_values():
    hours = np.array([1, 2], dtype="m8[h]")
    for values in (hours, hours.tolist(), pd.Series(hours), hours.astype("M8[h]")):
        with pytest.raises(TypeError, match=r"row 0: value is .* of type \w+; it must be a number"):
            combine_intervals(start=[1, 2], stop=[3, 4], value=values)


def test_what_is_under_a_mask_is_as_good_as_missing():
    hidden = [False, True, False]
    for column in (
        np.array([1, 2, 3]),
        np.array([1.5, NAN, 3]),
        np.array([1, -(2**63), 3], dtype="q").view("M8[ms]"),
        np.array([1, "a", 3], dtype=object),
        np.array(["a", "b", "c"]),
    ):
        masked = np.ma.array(column, mask=hidden)
        assert sources.listed("start", masked)[1] is sources.NOTHING
        c = combine_intervals(start=masked, stop=masked, missing="drop")
        assert not len(c)
        assert c.closed == "left"
    with pytest.raises(TypeError, match="format 'g'"):
        combine_intervals(start=np.ma.array(np.array([1], dtype=np.longdouble)), stop=[1])


@pytest.mark.parametrize("width", [2, 3])
def test_an_array_of_rows_is_read_by_columns(width):
    table = np.array([[0, 5, 2], [3, 9, 1], [4, 4, 7]])[:, :width]
    wanted = combine_intervals(list(map(tuple, table.tolist())))
    for rows_of in (table, np.asfortranarray(table), table.astype(">i2"), table.astype("f4"), table.astype(object)):
        assert combine_intervals(rows_of) == wanted
    times = table[:, :2].astype("M8[h]")
    assert len(combine_intervals(times)) == len(combine_intervals(table[:, :2]))


# pandas


def pandas_columns():
    times = pd.Series(np.array(["2024-03-31T01", "NaT", "2024-10-27T01"], dtype="M8[s]"))
    for unit in ("s", "ms", "us", "ns"):
        of_unit = times.astype(f"datetime64[{unit}]")
        yield of_unit
        for zone in ("UTC", "Europe/Berlin"):
            yield of_unit.dt.tz_localize("UTC").dt.tz_convert(zone)
        yield of_unit - of_unit[0]
    for dtype in ("int8", "uint64", "float32", "float64", "bool", "object"):
        yield pd.Series([1, 0, 1]).astype(dtype)
    for dtype in ("Int8", "Int64", "UInt64", "Float32", "Float64", "boolean"):
        yield pd.Series([1, None, 1], dtype=dtype)
    yield pd.Series([1.5, NAN, -0.0])
    yield pd.Series([2**63, 1, 2], dtype="uint64")
    yield pd.Series([2**63, 1, None], dtype="UInt64")
    yield pd.Series(["b", "a", "b"])
    yield pd.Series(["b", None, "b"], dtype="string")
    yield pd.Series(["b", "a", "b"], dtype="category")
    yield pd.Series([1 + 2j])
    yield pd.Series(np.array([10**12, 0], dtype="M8[s]"))  # beyond every datetime
    yield pd.Series(np.array([10**14, 0], dtype="m8[s]"))
    yield pd.Series([], dtype="datetime64[ns]")
    for dtype in ("timestamp[s]", "timestamp[us]", "timestamp[ns]", "timestamp[us, tz=Europe/Berlin]", "duration[ms]"):
        yield pd.Series(
            [NOON, None, NOON + HOUR] if "time" in dtype else [HOUR, None, 3 * HOUR], dtype=f"{dtype}[pyarrow]"
        )
    yield pd.Series([1, None, 2**62], dtype="int64[pyarrow]").astype("timestamp[s][pyarrow]")  # beyond every datetime
    yield pd.Series([NOON.date(), None, NOON.date()], dtype="date32[pyarrow]")
    yield pd.Series([pd.Timestamp(1), NOON, None], dtype=object)


@pytest.mark.parametrize("column", list(pandas_columns()), ids=lambda column: str(column.dtype))
@pytest.mark.parametrize("missing", ["raise", "drop", "open"])
def test_a_pandas_column_is_read_as_its_items_are(column, missing):
    def call(starts, stops, read):
        return combine_intervals(start=read(starts), stop=read(stops), missing=missing)

    for held in (column, column.array, pd.Index(column)):
        for stops in (held, [1, 2, 3][: len(column)], [NOON.replace(tzinfo=dt.UTC)] * len(column)):
            at_once, one_by_one = (partial(call, held, stops, read) for read in (lambda x: x, list))
            assert outcome(at_once) == outcome(one_by_one)


def test_a_pandas_timedelta_beyond_python_is_an_overflow():
    far = pd.Series(np.array([0, 10**14], dtype="m8[s]"))
    for column in (far, list(far)):
        with pytest.raises(OverflowError, match=r"row 1: start Timedelta\(.*\) is beyond what a timedelta can hold"):
            combine_intervals(start=column, stop=column)


def test_the_ends_of_pandas_intervals_are_columns():
    index = pd.IntervalIndex.from_tuples([(1, 3), (2, 5)])
    assert combine_intervals(start=index.left, stop=index.right) == IntervalCollection([(1, 3), (2, 5)])
    days = pd.interval_range(pd.Timestamp("2024-01-01"), periods=3)
    assert combine_intervals(start=days.left, stop=days.right).span.length == dt.timedelta(3)


def test_what_pandas_iterates_over_is_not_always_a_column():
    windows = pd.Series([1, 2]).rolling(1)
    assert outcome(lambda: combine_intervals(start=windows, stop=[1, 2])) == outcome(
        lambda: combine_intervals(start=list(windows), stop=[1, 2])
    )


@pytest.mark.parametrize("value", [3, 2.5, 2**63, -(2**70), Fraction(1, 3), Decimal("2.50")])
def test_a_number_is_worth_it_in_every_row(value):
    ends = {"start": np.array([1, 2, 3]), "stop": [4, 5, 6]}
    made = combine_intervals(**ends, value=value)
    assert made == combine_intervals(**ends, value=[value] * 3)
    assert list(map(type, made.levels)) == [type(value)] * 7
