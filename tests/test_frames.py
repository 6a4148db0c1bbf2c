"""Dataframes in: every library's columns are read as their items are one by one, and the frame is left as it is."""

from __future__ import annotations

import datetime as dt
import math
import sys
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import narwhals
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from outcomes import outcome, refused

from intervalues import IntervalAccumulator, IntervalCollection, IntervalSet, combine_intervals

BERLIN, INDIA = ZoneInfo("Europe/Berlin"), dt.timezone(dt.timedelta(hours=5, minutes=30))
NOON = dt.datetime(2024, 10, 27, 0, 30)  # Berlin's clocks go back at 3
HOUR = dt.timedelta(hours=1)


class Stream:
    """What offers nothing but its Arrow stream."""

    def __init__(self, table):
        self.table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


class Item:
    """What offers nothing but one Arrow array."""

    def __init__(self, batch):
        self.batch = batch

    def __arrow_c_array__(self, requested_schema=None):
        return self.batch.__arrow_c_array__(requested_schema)


def in_chunks(table):
    """Give the same table with an offset, in chunks, some of them empty."""
    padded = pa.concat_tables([table.slice(0, 1), table, table.slice(0, 1)])
    cut = padded.slice(1, len(table))
    return pa.concat_tables([cut.slice(0, 1), cut.slice(0, 0), cut.slice(1)])


FROM_ARROW = {
    "table": lambda table: table,
    "chunks": in_chunks,
    "batch": lambda table: table.combine_chunks().to_batches()[0],
    "reader": lambda table: table.to_reader(),
    "stream": Stream,
    "array": lambda table: Item(table.combine_chunks().to_batches()[0]),
    "polars": pl.from_arrow,
    "polars chunks": lambda table: pl.concat([pl.from_arrow(table.slice(0, 1)), pl.from_arrow(table.slice(1))]),
    "lazy": lambda table: pl.from_arrow(table).lazy(),
    "narwhals": lambda table: narwhals.from_native(pl.from_arrow(table)),
}


def times(unit, zone=None):
    return [moment.replace(tzinfo=dt.UTC) if zone else moment for moment in (NOON, NOON + HOUR, NOON + 3 * HOUR)]


def shown_in(zone):
    return [moment.astimezone(zone) for moment in times("us", "UTC")]


KINDS = {  # the type of a column, and what it holds
    **{name: (getattr(pa, name)(), [1, 2, 5]) for name in ("int8", "int16", "int32", "int64", "uint8", "uint32")},
    "uint64": (pa.uint64(), [1, 2, 2**64 - 1]),
    "small uint64": (pa.uint64(), [1, 2, 5]),
    "float32": (pa.float32(), [0.5, 1.25, math.inf]),
    "float64": (pa.float64(), [-0.0, 0.1, 1e300]),
    "with NaN": (pa.float64(), [0.5, math.nan, 2.0]),
    "date32": (pa.date32(), [NOON.date(), dt.date(2024, 11, 1), dt.date.max]),
    **{f"naive {unit}": (pa.timestamp(unit), times(unit)) for unit in ("s", "ms", "us")},
    **{f"in UTC {unit}": (pa.timestamp(unit, "UTC"), shown_in(dt.UTC)) for unit in ("s", "ms", "us")},
    **{f"in Berlin {unit}": (pa.timestamp(unit, "Europe/Berlin"), shown_in(BERLIN)) for unit in ("s", "ms", "us")},
    "naive ns": (pa.timestamp("ns"), [pd.Timestamp(NOON + hours * HOUR).as_unit("ns") for hours in range(3)]),
    "in Berlin ns": (
        pa.timestamp("ns", "Europe/Berlin"),
        [pd.Timestamp(moment).as_unit("ns") for moment in shown_in(BERLIN)],
    ),
    **{f"duration {unit}": (pa.duration(unit), [-HOUR, HOUR, 30 * HOUR]) for unit in ("s", "ms", "us")},
    "duration ns": (pa.duration("ns"), [pd.Timedelta(3, "ns"), pd.Timedelta(5, "ns"), pd.Timedelta(HOUR)]),
    "Decimals": (pa.decimal128(10, 2), [Decimal("1.50"), Decimal("2.25"), Decimal("30.00")]),
    "strings": (pa.string(), ["Ada", "Grace", "Linus"]),
    "dictionary": (pa.dictionary(pa.int8(), pa.string()), ["Ada", "Grace", "Linus"]),
    "bools": (pa.bool_(), [False, True, True]),
    "times of day": (pa.time64("us"), [dt.time(1), dt.time(2), dt.time(3, 30)]),
    "all null": (pa.null(), [None, None, None]),
}
ONLY_ARROW = {
    "date64": (pa.date64(), [NOON.date(), dt.date(2024, 11, 1), dt.date.max]),
    "float16": (pa.float16(), [0.5, 1.25, 2.0]),
    "in India": (pa.timestamp("us", "+05:30"), shown_in(INDIA)),
    "dictionary of ints": (pa.dictionary(pa.int8(), pa.int64()), [1, 2, 5]),
}


@pytest.mark.parametrize("hole", [None, 1], ids=["whole", "with a null"])
@pytest.mark.parametrize("library", FROM_ARROW)
@pytest.mark.parametrize("kind", [*KINDS, *ONLY_ARROW])
def test_a_frame_is_read_as_its_items_are(kind, library, hole):
    if kind in ONLY_ARROW and library in ("polars", "polars chunks", "lazy", "narwhals"):
        library = "table"
    dtype, (low, middle, high) = {**KINDS, **ONLY_ARROW}[kind]
    starts, stops = [low, middle, low], [middle, high, high]
    if hole is not None:
        starts[hole] = stops[hole] = None
    table = pa.table({"dep": pa.array(starts, dtype), "arr": pa.array(stops, dtype), "n": [2, 3, 4]})
    for options in ({}, {"missing": "drop"}, {"missing": "open"}):
        frame = FROM_ARROW[library](table)
        found = outcome(lambda: combine_intervals(frame, start="dep", stop="arr", value="n", **options))  # noqa: B023
        wanted = outcome(lambda: combine_intervals(start=starts, stop=stops, value=[2, 3, 4], **options))  # noqa: B023
        assert found == wanted


@pytest.mark.parametrize("library", FROM_ARROW)
@pytest.mark.parametrize("hole", [False, True])
@pytest.mark.parametrize("kind", ["int8", "uint64", "float32", "with NaN", "Decimals", "bools", "strings", "date32"])
def test_values_of_a_frame_are_read_as_its_items_are(kind, library, hole):
    dtype, values = KINDS[kind]
    values = [values[0], None, values[2]] if hole else values
    table = pa.table({"start": [1, 2, 3], "stop": [4, 5, 6], "value": pa.array(values, dtype)})
    for options in ({}, {"missing": "drop"}, {"how": "max"}, {"how": "count"}):
        frame = FROM_ARROW[library](table)
        found = outcome(lambda: combine_intervals(frame, **options))  # noqa: B023
        assert found == outcome(lambda: combine_intervals(start=[1, 2, 3], stop=[4, 5, 6], value=values, **options))  # noqa: B023


@pytest.mark.parametrize(
    "kind", ["int64", "uint64", "float64", "in Berlin us", "naive s", "date32", "strings", "Decimals"]
)
@pytest.mark.parametrize("hole", [False, True])
def test_polars_needs_no_numpy(kind, hole, monkeypatch):
    dtype, (low, middle, high) = KINDS[kind]
    starts, stops = [low, None if hole else middle], [middle, high]
    frame = pl.from_arrow(pa.table({"start": pa.array(starts, dtype), "stop": pa.array(stops, dtype)}))
    monkeypatch.delitem(sys.modules, "numpy")
    found = combine_intervals(frame, missing="drop")
    assert found == combine_intervals(start=starts, stop=stops, missing="drop")


def test_nanoseconds_are_kept_without_numpy_too(run_python):
    code = """
import polars as pl, intervalues as iv
ends = [pl.Series(name, codes).cast(pl.Datetime("ns")) for name, codes in (("start", [1, 2]), ("stop", [5, 7]))]
print(*iv.combine_intervals(pl.DataFrame(ends)).breakpoints)
"""
    done = run_python(code)
    days = [f"1970-01-01T00:00:00.{ticks:09}" for ticks in (1, 2, 5, 7)]
    assert (done.stdout.split(), done.stderr) == (days, "")


# pandas

PANDAS = pd.DataFrame(
    {"start": [1, 3, 2], "stop": [4, 9, 5], "value": [2, 1, 5], "gate": ["B", "A", "B"], "day": [1, 1, 2]}
)
ROWS = [(1, 4, 2), (3, 9, 1), (2, 5, 5)]


def every_frame():
    table = pa.Table.from_pandas(PANDAS)
    for name, of in FROM_ARROW.items():
        yield pytest.param(lambda of=of: of(table), id=name)
    yield pytest.param(lambda: PANDAS, id="pandas")
    yield pytest.param(lambda: PANDAS.convert_dtypes(dtype_backend="pyarrow"), id="pandas on pyarrow")
    yield pytest.param(lambda: PANDAS.astype({"gate": "category"}), id="categories")
    yield pytest.param(lambda: narwhals.from_native(PANDAS), id="narwhals of pandas")
    yield pytest.param(lambda: narwhals.from_native(pl.from_pandas(PANDAS).lazy()), id="narwhals of lazy")
    yield pytest.param(lambda: duckdb.from_arrow(table), id="duckdb")


@pytest.mark.parametrize("frame", [*every_frame()])
def test_everything_that_takes_rows_takes_frames(frame):
    wanted = combine_intervals(ROWS)
    assert combine_intervals(frame()) == IntervalCollection(frame()) == wanted
    assert IntervalSet(frame()) == wanted.support
    assert combine_intervals(frame(), value="day") == combine_intervals([(1, 4), (3, 9), (2, 5, 2)])
    stays = IntervalAccumulator()
    stays.extend(frame())
    stays.extend(frame(), start="day", stop="stop", value="value")
    assert stays.collect() == wanted + IntervalCollection([(1, 4, 2), (1, 9, 1), (2, 5, 5)])


@pytest.mark.parametrize("frame", [*every_frame()])
def test_frames_are_grouped_by_the_names_of_columns(frame):
    by_gate = combine_intervals(ROWS, by=["B", "A", "B"])
    assert combine_intervals(frame(), by="gate") == by_gate
    assert list(combine_intervals(frame(), by="gate")) == ["B", "A"]
    assert combine_intervals(frame(), by=pd.Series(["B", "A", "B"])) == by_gate  # a column of its own
    pairs = combine_intervals(frame(), by=["gate", "day"])
    assert pairs == combine_intervals(ROWS, by=[("B", 1), ("A", 1), ("B", 2)])
    assert list(combine_intervals(frame(), by=["day"])) == [(1,), (2,)]


def test_null_keys_are_one_group():
    keys = ["A", None, None, "A"]
    columns = {"start": [1, 2, 3, 4], "stop": [5, 6, 7, 8], "gate": keys, "day": [1, None, None, 2]}
    for frame in (pl.DataFrame(columns), pa.table(columns), pd.DataFrame(columns)):
        assert list(combine_intervals(frame, by="gate")) == ["A", None]
        assert list(combine_intervals(frame, by=["gate", "day"])) == [("A", 1), (None, None), ("A", 2)]
        assert combine_intervals(frame, by="gate") == combine_intervals(
            start=columns["start"], stop=columns["stop"], by=keys
        )


def test_without_a_column_value_each_row_is_worth_one():
    for frame in (PANDAS[["start", "stop"]], pl.from_pandas(PANDAS[["start", "stop"]])):
        assert combine_intervals(frame) == combine_intervals([(1, 4), (3, 9), (2, 5)])


def test_pandas_columns_may_have_any_name():
    numbered = PANDAS[["start", "stop", "value"]].set_axis([0, 1, 2], axis=1)
    assert combine_intervals(numbered, start=0, stop=1, value=2) == combine_intervals(ROWS)
    nested = pd.DataFrame({("stay", "from"): [1], ("stay", "to"): [4]})
    assert combine_intervals(nested, start=("stay", "from"), stop=("stay", "to")) == combine_intervals([(1, 4)])


def test_a_frame_without_rows_is_empty():
    for frame in (PANDAS[:0], pl.from_pandas(PANDAS)[:0], pa.Table.from_pandas(PANDAS)[:0]):
        assert not combine_intervals(frame)
        assert not combine_intervals(frame, by="gate")


def test_intervals_of_arrow_and_duckdb_are_lengths_of_time():
    spans = [(dt.timedelta(1), dt.timedelta(hours=25)), (dt.timedelta(-1), None)]
    relation = duckdb.sql(
        "select * from (values (interval 1 day, interval 25 hour), (interval (-1) day, null)) as _(start, stop)"
    )
    found = combine_intervals(relation, missing="open")
    assert found == combine_intervals(spans, missing="open")
    assert list(map(type, found.breakpoints)) == [dt.timedelta] * 3
    groups = combine_intervals([(1, 2)], by=pa.array([(0, 1, 0)], pa.month_day_nano_interval()))
    assert list(groups) == [dt.timedelta(1)]
    fine = pa.array([(0, -1, 3), (0, 0, 1)], pa.month_day_nano_interval())
    nanoseconds = [np.timedelta64(3 - 86_400 * 10**9, "ns"), np.timedelta64(1, "ns")]
    assert IntervalCollection.from_changes(fine, [1, 2]) == IntervalCollection.from_changes(nanoseconds, [1, 2])


@pytest.mark.parametrize(
    ("error", "message", "span"),
    [
        (TypeError, "row 1: stop is an interval of months, which differ in length", (1, 0, 0)),
        (OverflowError, "row 1: stop is an interval that no timedelta holds", (0, 2**31 - 1, 0)),
        (OverflowError, "row 1: stop is an interval that no timedelta holds", (0, 200_000, 1)),
    ],
)
def test_an_interval_of_no_fixed_length_is_refused_by_row(error, message, span):
    stops = pa.array([(0, 1, 0), span], pa.month_day_nano_interval())
    refused(error, message, lambda: combine_intervals(start=[dt.timedelta(0)] * 2, stop=stops))


TEXTS = ["B", None, "A", "B", "Z", None, "A"]
DICTIONARY = pa.DictionaryArray.from_arrays([1, None, 0, 1, 3, 2, 4], ["A", "B", None, "Z", "A"])  # with a double
TEXT_COLUMNS = {
    "pandas": pd.Series(TEXTS, dtype="str"),
    "pandas with gaps": pd.Series(TEXTS, dtype="string"),
    "index": pd.Index(TEXTS, dtype="str"),
    "array": pd.array(TEXTS, dtype="string"),
    "objects": pd.Series(TEXTS, dtype=object),
    "categories": pd.Series(pd.Categorical(TEXTS, categories=["none", "Z", "A", "B"])),
    "polars": pl.Series(TEXTS),
    "polars categories": pl.Series(TEXTS, dtype=pl.Categorical),
    "enum": pl.Series(TEXTS, dtype=pl.Enum(["none", "Z", "A", "B"])),
    "arrow": pa.array(TEXTS),
    "large": pa.array(TEXTS, pa.large_string()),
    "views": pa.array(TEXTS, pa.string_view()),
    "chunks": pa.chunked_array([TEXTS[:2], [], TEXTS[2:]], pa.string()),
    "dictionaries": pa.chunked_array([pa.array(part).dictionary_encode() for part in (TEXTS[:3], TEXTS[3:])]),
    "a double": DICTIONARY,
}


@pytest.mark.parametrize("column", TEXT_COLUMNS.values(), ids=TEXT_COLUMNS)
def test_texts_and_categories_are_keys_as_they_are_one_by_one(column):
    rows = [(start, start + 3) for start in range(7)]
    groups = combine_intervals(rows, by=column)
    assert list(map(type, groups)) == [str, type(None), str, str]
    assert list(groups.items()) == list(combine_intervals(rows, by=TEXTS).items())
    holes = [(None, 1), *rows[1:-1], (None, 1)]
    dropped = combine_intervals(holes, by=column, missing="drop")
    assert list(dropped.items()) == list(combine_intervals(rows[1:-1], by=TEXTS[1:-1]).items())
    frame = pl.DataFrame({"start": range(7), "stop": range(3, 10), "gate": TEXTS, "day": 1})
    pairs = combine_intervals(frame, by=["gate", "day"])
    assert list(pairs) == [(key, 1) for key in groups]
    refused(ValueError, "data has 1 rows, by has 7", lambda: combine_intervals(rows[:1], by=column))


@pytest.mark.parametrize("keys", [[3, 1, 3], ["B", "A", "B"]])
def test_keys_may_come_as_a_stream_that_is_read_once(keys):
    streams = [pa.chunked_array([keys]).__arrow_c_stream__()]

    class Once:
        def __arrow_c_stream__(self, requested_schema=None):
            return streams.pop()

    assert combine_intervals(ROWS, by=Once()) == combine_intervals(ROWS, by=keys)


def test_without_pyarrow_texts_are_read_one_by_one(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    rows = [(start, start + 3) for start in range(7)]
    assert combine_intervals(rows, by=pl.Series(TEXTS)) == combine_intervals(rows, by=TEXTS)


def test_no_texts_are_no_keys():
    for column in (pd.Series([], dtype="str"), pd.Series([], dtype="category"), pl.Series([], dtype=pl.String)):
        assert list(combine_intervals([], by=column)) == []
    assert list(combine_intervals([], by=pa.array([], pa.string()))) == []


def test_categories_that_are_no_texts_are_keys_as_they_are():
    for keys in ([3, 1, 3], [2.5, 1.0, 2.5], [dt.date(2024, 7, 1), dt.date(2024, 7, 2), dt.date(2024, 7, 1)]):
        groups = combine_intervals(ROWS, by=pd.Series(keys, dtype="category"))
        assert list(groups.items()) == list(combine_intervals(ROWS, by=keys).items())


@pytest.mark.parametrize("frame", [*every_frame()])
def test_a_column_that_is_not_there_is_named_beside_those_that_are(frame):
    there = ".*start, stop, value, gate, day"
    for options in (
        {"start": "arr"},
        {"stop": "arr"},
        {"value": "arr"},
        {"by": "arr"},
        {"by": ["gate", "arr"]},
    ):
        with pytest.raises(KeyError, match=f"there is no column 'arr'; the columns are {there}"):
            combine_intervals(frame(), **options)
    stays = IntervalAccumulator()
    with pytest.raises(KeyError, match="there is no column 'arr'"):
        stays.extend(frame(), start="arr")
    assert not stays.collect()


def test_of_many_columns_the_first_are_named():
    with pytest.raises(KeyError, match=r"no column 'start'; the columns are 0, 1, .*, 49, \.\.\.\"$"):
        combine_intervals(pd.DataFrame([range(1000)]))


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame([[1, 2, 3]], columns=["start", "stop", "stop"]),
        pa.Table.from_arrays([[1], [2], [3]], names=["start", "stop", "stop"]),
        pa.RecordBatch.from_arrays([pa.array([x]) for x in (1, 2, 3)], names=["start", "stop", "stop"]),
        "duckdb",
    ],
    ids=lambda frame: type(frame).__name__,
)
def test_a_name_that_two_columns_have_is_refused(frame):
    if isinstance(frame, str):
        frame = duckdb.sql("select 1 as start, 2 as stop, 3 as stop")
    with pytest.raises(ValueError, match="2 columns are named 'stop': rename all but one of them"):
        combine_intervals(frame)
    with pytest.raises(ValueError, match="2 columns are named 'stop'"):
        combine_intervals(frame, stop="start", by="stop")
    assert not combine_intervals(frame, stop="start")


def test_names_are_no_columns():
    for frame in (PANDAS, pl.from_pandas(PANDAS)):
        for given in (PANDAS["start"], [1, 2, 3], True):
            with pytest.raises(TypeError, match=r"start is of type \w+; beside a dataframe it must be a column's name"):
                combine_intervals(frame, start=given)
        with pytest.raises(ValueError, match="by is an empty list"):
            combine_intervals(frame, by=[])
        with pytest.raises(ValueError, match="data has 3 rows, by has 2"):
            combine_intervals(frame, by=np.array([1, 2]))


def test_the_frame_is_left_as_it_is():
    table = pa.Table.from_pandas(PANDAS)
    for frame, same in (
        (PANDAS, pd.DataFrame.equals),
        (pl.from_pandas(PANDAS), pl.DataFrame.equals),
        (table, pa.Table.equals),
    ):
        before = frame.copy() if frame is PANDAS else frame.clone() if frame is not table else frame.slice(0)
        combine_intervals(frame, by=["gate", "day"], digits=1, closed="both", step=1)
        assert same(frame, before)


def test_what_is_wrong_in_a_frame_is_named_by_its_row():
    columns = {"start": [1, 5, 2], "stop": [4, 3, None]}
    for frame in (pl.DataFrame(columns), pa.table(columns), pd.DataFrame(columns).convert_dtypes()):
        refused(ValueError, "^row 2: stop is missing; missing='drop'", lambda: combine_intervals(frame))  # noqa: B023
        refused(ValueError, "^row 1: start 5 is after stop 3", lambda: combine_intervals(frame, missing="drop"))  # noqa: B023


@pytest.mark.parametrize("dtype", [pl.Date, pl.Datetime("ms"), pl.Datetime("us", "Europe/Berlin"), pl.Duration("ms")])
def test_times_that_python_does_not_hold_are_an_overflow(dtype):
    far = pl.Series([0, 10**7 if dtype == pl.Date else 2**62], dtype=pl.Int64).cast(dtype)
    frame = pl.DataFrame({"start": far, "stop": far})
    message = "^row 1: start .*(beyond what a date can hold|fits neither)"
    refused(OverflowError, message, lambda: combine_intervals(frame))


# Columns


def test_columns_of_polars_and_arrow_are_columns():
    for of in (pl.Series, pa.array, pa.chunked_array):
        nested = of is pa.chunked_array
        starts, stops = ([[1, 3]], [[4, 9]]) if nested else ([1, 3], [4, 9])
        c = combine_intervals(start=of(starts), stop=of(stops), value=of(stops), by=of(starts))
        assert c == combine_intervals(start=[1, 3], stop=[4, 9], value=[4, 9], by=[1, 3])
        assert list(c[1].at(of(stops))) == [0, 0]
    found = IntervalCollection.from_levels(pa.array([1, 2]), pl.Series([3, 0]))
    assert found == IntervalCollection([(1, 2, 3)])


def test_a_column_that_only_offers_its_stream_is_read():
    column = Stream(pa.chunked_array([[1, 2], [3]]))
    assert combine_intervals(start=column, stop=[4, 5, 6]) == combine_intervals(start=[1, 2, 3], stop=[4, 5, 6])


# What is missing, and what is odd


def test_frames_say_which_extra_they_need(monkeypatch):
    table = pa.Table.from_pandas(PANDAS)
    monkeypatch.setitem(sys.modules, "narwhals.stable.v2", None)
    for frame in (pl.from_pandas(PANDAS), table, Stream(table)):
        with pytest.raises(ImportError, match=r"through narwhals: pip install 'intervalues\[frames\]'"):
            combine_intervals(frame)
    with pytest.raises(ImportError, match=r"^start, of type Series, is read through narwhals"):
        combine_intervals(start=pl.Series([1]), stop=[2])
    assert combine_intervals(PANDAS) == combine_intervals(ROWS)  # pandas needs none


def test_streams_say_which_extra_they_need(monkeypatch):
    table = pa.Table.from_pandas(PANDAS)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        ImportError, match=r"of type Stream is read through pyarrow: pip install 'intervalues\[arrow\]'"
    ):
        combine_intervals(Stream(table))
    with pytest.raises(
        ImportError, match=r"lazy frame of duckdb is read through pyarrow: pip install 'intervalues\[arrow\]'"
    ):
        combine_intervals(duckdb.sql("select 1 as start, 2 as stop"))


def test_what_only_looks_like_a_frame_is_refused():
    class Sheet:
        columns = ("start", "stop")

    with pytest.raises(TypeError, match="data is a dataframe, of type Sheet, which narwhals does not know"):
        combine_intervals(Sheet())


def test_what_a_stream_raises_comes_through():
    class Broken:
        def __arrow_c_stream__(self, requested_schema=None):
            raise RecursionError("too deep")

    for call in (lambda: combine_intervals(Broken()), lambda: combine_intervals(start=Broken(), stop=[1])):
        with pytest.raises(RecursionError, match="too deep"):
            call()


def test_nothing_is_imported_that_the_caller_has_not_imported(run_python):
    code = """
import sys, polars
import intervalues as iv
frame = polars.DataFrame({"start": [1, 2], "stop": [3, 4]})
before = set(sys.modules)
iv.combine_intervals(frame), iv.combine_intervals(frame.lazy())
print(*{"numpy", "pandas", "pyarrow", "duckdb"} & (set(sys.modules) - before))
"""
    done = run_python(code)
    assert (done.stdout.strip(), done.stderr) == ("", "")
